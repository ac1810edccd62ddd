/* Inside lib/store only: how many videos a search text matches. */
#pragma once

#include "search/search_text.h"
#include "store/store.h"

/* So many videos. */
struct estimate {
	int64_t least, most;
};

/* Any number of videos. */
struct estimate estimate_of_any(void);

/* How many videos match: at most what the rarest of the words that must be there allows, and at least what a word alone tells. PREFIX is
 * of the words that the last prefix stands for. */
MUST_USE bool search_estimate(struct store *store, const struct search_text *search, struct estimate prefix, struct estimate *out,
                              struct error *err);
