/*
 * Inside lib/store only: a search text as an expression of FTS5 (https://www.sqlite.org/fts5.html#full_text_query_syntax).
 */
#pragma once

#include "search/search_text.h"
#include "store/search/term_stats.h"

/* Appends the expression to OUT. The last prefix stands for WORDS only, or, when there are none, for all words that the index finds. With
 * CHANNEL (our id, 0 = any) the video has to be of that channel. With LENGTHS (NULL: without) phrases are only looked for word by word, and
 * LENGTHS becomes what the function phrases() of fts_functions.h has to check: " 1 4|2" is a word, and a phrase of four or one of two.
 * Errors: ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool fts_expression_write(const struct search_text *search, const struct word_list *words, int64_t channel,
                                   struct buf *lengths, struct buf *out, struct error *err);

/* Whether there are phrases, but for those that must not occur. */
bool fts_expression_has_phrase(const struct search_text *search);
