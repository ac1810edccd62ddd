/*
 * Costly requests share at most half of the threads, so that all others always find one: exact counts, ranked orders, pages deep in a
 * search, filters that most videos may fail (kinds, lengths, phrases, words to leave out, many words), breakdowns, and exports. A few more
 * may wait for a moment; the rest is told to try again.
 */
#pragma once

#include <pthread.h>

#include "cgi/request/context.h"
#include "store/figures/breakdown.h"
#include "store/figures/stats.h"

/* Takes a place. Errors: ERR_BUSY when none is free in time. */
MUST_USE bool costly_begin(struct shared *shared, struct error *err);

/* Gives it back. */
void costly_end(struct shared *shared);

/* The same for a data set, which takes long and compresses all the while: two at a time are made, however many threads there are. */
MUST_USE bool costly_dataset_begin(struct shared *shared, struct error *err);
void costly_dataset_end(struct shared *shared);

/* store_videos_page() and store_volume() for a request, in a place where it is a costly one. Errors: as both. */
MUST_USE bool costly_videos_page(struct app *app, const struct video_request *request, struct video_page *out, struct error *err);
MUST_USE bool costly_volume(struct app *app, const struct video_filter *filter, enum volume_bucket bucket, struct volume *out,
                            struct error *err);

/* store_breakdown() and store_breakdown_by_query() in a place. Errors: as these, ERR_BUSY. */
MUST_USE bool costly_breakdown(struct app *app, const struct video_filter *filter, int64_t most, enum video_trait group,
                               enum video_trait parts, struct breakdown *out, struct error *err);
MUST_USE bool costly_breakdown_by_query(struct app *app, const struct video_filter *filter, int64_t most, const int64_t *queries,
                                        size_t count, enum video_trait parts, struct breakdown *out, struct error *err);
