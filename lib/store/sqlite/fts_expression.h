/*
 * Inside lib/store only: a search text as an expression of FTS5 (https://www.sqlite.org/fts5.html#full_text_query_syntax), and how many
 * videos it matches.
 */
#pragma once

#include "search/search_text.h"
#include "store/sqlite/term_stats.h"

/* Appends the expression to OUT. With WORDS the last prefix stands for these words only, else for all that the index finds. Errors:
 * ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool fts_expression_write(const struct search_text *search, const struct word_list *words, struct buf *out,
                                   struct error *err);

/* About how many videos match at most: what the rarest of the words that must be there allows. WORDS are the most frequent ones that
 * the last prefix stands for. */
MUST_USE bool fts_expression_estimate(struct store *store, const struct search_text *search, const struct word_list *words,
                                      int64_t *out, struct error *err);

/* How many videos match at least, as far as the words' counts tell: of a single word all of ABOUT, which the estimate gave; of a prefix
 * those of the most frequent of WORDS; else 0. */
int64_t fts_expression_least(const struct search_text *search, const struct word_list *words, int64_t about);
