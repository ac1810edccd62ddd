/* Which new videos are to be asked for their numbers again, by units that nothing else needs (model/video.h: video_recount_at()). Errors as
 * store.h says. */
#pragma once

#include "base/text_list.h"
#include "store/store.h"

/* How many a call at NOW would be worth making for, counted up to LIMIT: 0 until one is due, then also those that are within a quarter of an
 * hour, which a call takes along. */
MUST_USE bool store_recount_count(struct store *store, int64_t now, int64_t limit, int64_t *out, struct error *err);

/* Their ids, at most LIMIT, the longest due first. */
MUST_USE bool store_recount_next(struct store *store, int64_t now, int64_t limit, struct text_list *out, struct error *err);

/* Sets IDS aside until then. */
MUST_USE bool store_recount_postpone(struct store *store, const struct text_list *ids, int64_t until, struct error *err);
