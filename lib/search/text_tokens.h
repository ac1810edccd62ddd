/* The tokens of a text, kept, and whether the terms of a search text stand among them. */
#pragma once

#include "base/buf.h"
#include "search/search_text.h"

/* A token of the text. */
struct place {
	size_t at, len;    /* folded, in `folded` */
	size_t start, end; /* in the text */
	bool colocated;    /* stands at the place of the one before it */
};

struct text_tokens {
	struct place *items;
	size_t count;
	struct buf folded;
	bool failed; /* while reading: no memory */
};

/* Reads LEN bytes of TEXT, of one that is far too long the beginning. OUT is to be cleared in every case. Errors: ERR_NO_MEMORY. */
MUST_USE bool text_tokens_read(const char *text, size_t len, struct text_tokens *out, struct error *err);
void text_tokens_clear(struct text_tokens *tokens);

/* The next token after AT with a place of its own, or the count. */
size_t text_tokens_next(const struct text_tokens *tokens, size_t at);

/* Whether the tokens of TERM, which are in WORDS (search_text.h), follow each other from AT on; *END becomes the end of the last one
 * in the text. */
bool text_tokens_match(const struct text_tokens *tokens, size_t at, const char *words, const struct term *term, size_t *end);
