/*
 * The tokens of a search, and of the texts that are searched: words without what makes no difference. That is case, accents, points,
 * strokes, and the Unicode form (base/unicode.h, search/word.h); soft hyphens, joiners and variation selectors do not count. A word is
 * letters, digits and their marks; an emoji or a flag is a word of its own. Runs of scripts written without spaces (Han, Kana, Hangul,
 * Thai, Lao, Khmer, Burmese) become overlapping pairs of letters, so that a part of a run is found. A document's run gives its last letter
 * alone too; a query of one such letter is to be searched as a prefix. A query that is a token has that token and no other.
 *
 * Databases hold these tokens: who changes them adds a migration that fills the search index anew.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct token {
	const char *text; /* folded; borrowed, LEN bytes of UTF-8, at least one */
	size_t len;
	size_t start, end; /* the bytes of the original text that it stands for: whole characters */
	bool colocated;    /* at the place of the token before it */
	bool unspaced;     /* of a script without spaces: one or two letters */
};

enum token_source { TOKENS_OF_QUERY, TOKENS_OF_DOCUMENT };

/* Takes a token; false ends the run. */
typedef bool token_handler(void *context, const struct token *token);

/* Gives the tokens of LEN bytes of TEXT in order. A byte that is not well-formed UTF-8 is a blank. False without memory; a run that the
 * handler ended is none of that. */
MUST_USE bool tokenize(enum token_source source, const char *text, size_t len, token_handler *handler, void *context);

/* How many letters a token has. */
size_t token_letters(const struct token *token);
