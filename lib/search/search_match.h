/* Whether a search text (search_text.h) matches texts, without a search index: for the few videos that are not in it. */
#pragma once

#include "search/search_text.h"
#include "search/text_tokens.h"

/* Whether SEARCH matches the COUNT texts together, as a search of the index would. One without a term matches nothing. */
bool search_matches(const struct search_text *search, const struct text_tokens *texts, size_t count);
