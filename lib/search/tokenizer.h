/*
 * The tokens of a search, and of the texts that are searched: words without regard to case and accents. Runs of scripts written
 * without spaces (Han, Kana, Hangul, Thai, Lao, Khmer, Burmese) become overlapping pairs of letters, so that a part of a run is found.
 * A document's run gives its last letter alone too; a query of one such letter is to be searched as a prefix.
 *
 * Which characters make a word, and how they are folded, is the engine's matter: it offers a struct tokenizer, and passes every word
 * through token_cut().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct token {
	const char *text; /* folded; borrowed, LEN bytes */
	size_t len;
	size_t start, end; /* the bytes of the original text that it stands for */
	bool colocated;    /* at the place of the token before it */
	bool unspaced;     /* of a script without spaces: one or two letters */
};

enum token_source { TOKENS_OF_QUERY, TOKENS_OF_DOCUMENT };

/* Takes a token; false ends the run. */
typedef bool token_handler(void *context, const struct token *token);

struct tokenizer {
	/* Gives the tokens of LEN bytes of TEXT in order. False without memory; a run that the handler ended is none of that. */
	bool (*run)(const struct tokenizer *tokenizer, enum token_source source, const char *text, size_t len,
	            token_handler *handler, void *context);
};

/* Gives WORD of TEXT as it is, or in pieces where it has letters of scripts without spaces. False when the handler ended it. */
MUST_USE bool token_cut(const struct token *word, const char *text, enum token_source source, token_handler *handler,
                        void *context);

/* How many letters a token has. */
size_t token_letters(const struct token *token);
