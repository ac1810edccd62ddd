/* How many videos were published when. Errors as store.h says. */
#pragma once

#include "store/figures/breakdown.h"
#include "store/video_search.h"

enum { COUNTED_MAX = 10000 };

/* Spans of time, in UTC. A week begins on Monday. */
enum volume_bucket { BUCKET_OF_HOUR, BUCKET_OF_DAY, BUCKET_OF_WEEK, BUCKET_OF_MONTH, VOLUME_BUCKET_COUNT };

/* "hour", "day", "week", "month" */
const char *volume_bucket_name(enum volume_bucket bucket);

/* The first second of the bucket that TIME lies in. */
int64_t volume_bucket_start(enum volume_bucket bucket, int64_t time);

/* The first second of the bucket after the one that begins at START. */
int64_t volume_bucket_next(enum volume_bucket bucket, int64_t start);

struct volume_point {
	int64_t from; /* the bucket's first second */
	int64_t count;
};

struct volume {
	struct volume_point *points; /* the oldest first; empty buckets are left out */
	size_t count;
	int64_t counted_within; /* COUNTED_MAX when only the newest so many matches were counted; else 0 */
	int64_t scanned_within; /* when only so many rows were looked at, the newest (video_search.h); else 0 */
};

void volume_clear(struct volume *volume);

/* How many videos that FILTER lets through were published in each bucket: by denormalised counters where nothing but a tracked query
 * and dates filters and the buckets are days or longer, else by a scan of the newest COUNTED_MAX matches. */
MUST_USE bool store_volume(struct store *store, const struct video_filter *filter, enum volume_bucket bucket, struct volume *out,
                           struct error *err);

/* The same of COUNT publication times, newest first. Errors: ERR_NO_MEMORY. */
MUST_USE bool volume_of_times(const int64_t *times, size_t count, enum volume_bucket bucket, struct volume *out,
                              struct error *err);

/* The same of COUNT parts of a breakdown by TRAIT_HOUR. */
MUST_USE bool volume_of_hours(const struct breakdown_part *hours, size_t count, enum volume_bucket bucket, struct volume *out,
                              struct error *err);
