/* Figures about the record: its channels, and how many videos were published when. Errors as store.h says. */
#pragma once

#include "model/channel.h"
#include "store/video_search.h"

enum { COUNTED_MAX = 10000 };

struct channel_page {
	struct channel_list channels; /* those with most videos first */
	int64_t count;                /* of all channels with a video that is counted */
	bool more;                    /* another page follows */
	int64_t counted_within;       /* COUNTED_MAX when only the newest so many videos were counted; else 0 */
};

void channel_page_clear(struct channel_page *page);

/* The page PAGE_NUMBER (from 1) of PAGE_SIZE (1 to VIDEO_PAGE_MAX) channels by number of videos: by kept counts, which are sorted (an
 * index of them would cost every video that is saved more than anybody's look at this list); of a tracked query
 * (QUERY_ID not 0) by counting its newest COUNTED_MAX videos. */
MUST_USE bool store_channels_page(struct store *store, int64_t query_id, int64_t page_number, int64_t page_size,
                                  struct channel_page *out, struct error *err);

/* Stretches of time, in UTC. A week begins on Monday. */
enum volume_bucket { BUCKET_OF_HOUR, BUCKET_OF_DAY, BUCKET_OF_WEEK, BUCKET_OF_MONTH, VOLUME_BUCKET_COUNT };

/* "hour", "day", "week", "month" */
const char *volume_bucket_name(enum volume_bucket bucket);

/* The first second of the bucket that TIME lies in. */
int64_t volume_bucket_start(enum volume_bucket bucket, int64_t time);

struct volume_point {
	int64_t from; /* the bucket's first second */
	int64_t count;
};

struct volume {
	struct volume_point *points; /* the oldest first; empty buckets are left out */
	size_t count;
	int64_t counted_within; /* COUNTED_MAX when only the newest so many matches were counted; else 0 */
};

void volume_clear(struct volume *volume);

/* How many videos that FILTER lets through were published in each bucket: by kept counts where nothing but a tracked query and dates
 * filters and the buckets are days or longer, else by walking the newest COUNTED_MAX matches. */
MUST_USE bool store_volume(struct store *store, const struct video_filter *filter, enum volume_bucket bucket, struct volume *out,
                           struct error *err);
