/*
 * Whether one of the words that a query excludes is in a video: in title, description or channel title, by the rules of search text
 * (search_text.h), whole words and phrases. So what the search text "-word" leaves out is what the rule hides.
 */
#pragma once

#include "base/text_list.h"
#include "search/title_match.h"

/* Reads WORDS, a word or phrase each, as terms of OUT (title_words_clear). What has no letter in it is in no video. Errors: ERR_NO_MEMORY,
 * ERR_TOO_LARGE. */
MUST_USE bool excluded_words_read(const struct text_list *words, struct title_words *out, struct error *err);

/* Whether one of them is in one of the COUNT texts. */
bool excluded_words_in(const struct title_words *words, const struct text_tokens *texts, size_t count);
