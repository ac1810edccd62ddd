/* Inside lib/store only: how many videos a search text matches. */
#pragma once

#include "search/search_text.h"
#include "store/store.h"

/* About how many videos match at most: what the rarest of the words that must be there allows. The words of the last prefix are in
 * PREFIX_VIDEOS. */
MUST_USE bool search_estimate(struct store *store, const struct search_text *search, int64_t prefix_videos, int64_t *out,
                              struct error *err);
