/*
 * Inside lib/store only: what a reader types, as a full-text expression.
 *
 * All words must match; the last one also as a beginning, unless a blank or a quote ends the text, a minus stands before it, or it
 * is a single letter of a script with spaces (that would walk most of the index). "a phrase", -word, a OR b. There is no syntax
 * error: an unclosed quote is a blank, an OR without words on both sides is a word, a text of nothing but -words is searched for
 * those words, everything else is literal.
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/term_stats.h"

enum { SEARCH_TERMS_MAX = 256 };

/* One word or phrase of the text, as the tokenizer folds it. */
struct term {
	size_t at, len; /* its tokens, with blanks between, in the text's `tokens` */
	size_t last_at; /* the last one of them */
	bool negative;  /* a '-' stood before it */
	bool or_before; /* an alternative to the term before it */
	bool beginning; /* matches words that begin with its last token */
};

struct search_text {
	struct term terms[SEARCH_TERMS_MAX];
	size_t count;
	bool or_pending;   /* while reading: the last word was OR */
	struct buf tokens; /* of all terms */
};

/* Reads TEXT; no term is left when it has no letter to search for. OUT is to be cleared in every case. Errors: ERR_NO_MEMORY. */
MUST_USE bool search_text_read(struct store *store, const char *text, struct search_text *out, struct error *err);
void search_text_clear(struct search_text *search);

/* The beginning that the text ends with, NULL when it ends with whole words. Borrowed. */
const char *search_text_beginning(const struct search_text *search);

/* Appends the expression to OUT. With WORDS the beginning stands for these words only, else for all that the index finds. Errors:
 * ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool search_text_write(const struct search_text *search, const struct word_list *words, struct buf *out,
                                struct error *err);

/* About how many videos match at most: what the rarest of the words that must be there allows. WORDS are the most frequent ones that
 * the beginning stands for. */
MUST_USE bool search_text_estimate(struct store *store, const struct search_text *search, const struct word_list *words,
                                   int64_t *out, struct error *err);

/* How many videos match at least, as far as the words' counts tell: of a single word all of ABOUT, which search_text_estimate() gave; of
 * the beginning of one those of the most frequent of WORDS; else 0. */
int64_t search_text_least(const struct search_text *search, const struct word_list *words, int64_t about);
