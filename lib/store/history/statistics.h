/* What YouTube told of a video's views, likes and comments at each look-up, for thirty days. Errors as store.h says. */
#pragma once

#include "model/video/statistics.h"
#include "store/store.h"

/* The points of the video with key SEQ, those of the last STATISTICS_DAYS before NOW. */
MUST_USE bool store_statistics_get(struct store *store, int64_t seq, int64_t now, struct statistics *out, struct error *err);
