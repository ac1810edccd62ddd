/*
 * What a reader types into the search field, taken apart.
 *
 * All words must match; the last one also as a prefix, unless a blank or a quote ends the text, a minus stands before it, or it is a
 * single letter of a script with spaces (most texts have a word that begins with it). "a phrase", -word, a OR b. There is no syntax
 * error: an unclosed quote is a blank, an OR without anything on both sides is a word (after something without a letter or an emoji it
 * is nothing), a text of nothing but -words is searched for those words, everything else is literal.
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"

enum { SEARCH_TERMS_MAX = 256 };

/* One word or phrase of the text, as the tokenizer folds it. */
struct term {
	size_t at, len; /* its tokens, with blanks between, in the text's `tokens` */
	size_t last_at; /* the last one of them */
	bool negative;  /* a '-' stood before it */
	bool or_before; /* an alternative to the term before it */
	bool prefix;    /* matches words that begin with its last token */
};

struct search_text {
	struct term terms[SEARCH_TERMS_MAX];
	size_t count;
	bool or_pending;   /* while reading: the last word was OR */
	bool begun;        /* … something was read … */
	bool last_kept;    /* … and it was something to search for */
	struct buf tokens; /* of all terms */
};

/* Reads TEXT; no term is left when it has no letter to search for. OUT is to be cleared in every case. Errors: ERR_NO_MEMORY,
 * ERR_TOO_LARGE. */
MUST_USE bool search_text_read(const char *text, struct search_text *out, struct error *err);
void search_text_clear(struct search_text *search);

/* The term that ends the text with a prefix, NULL when it ends with whole words. Borrowed. Other terms are prefixes only as single letters
 * of scripts without spaces. */
const struct term *search_text_last_prefix(const struct search_text *search);
