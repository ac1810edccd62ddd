/* Channels, made and named as videos of theirs are saved. Errors as store.h says. */
#pragma once

#include "model/channel.h"
#include "store/store.h"

struct channel_page {
	struct channel_list channels; /* those with most videos first */
	int64_t count;                /* of all channels with a video that is counted */
	bool more;                    /* another page follows */
	int64_t counted_within;       /* COUNTED_MAX (stats.h) when only the newest so many videos were counted; else 0 */
};

void channel_page_clear(struct channel_page *page);

/* The page PAGE_NUMBER (from 1) of PAGE_SIZE (1 to VIDEO_PAGE_MAX) channels by number of videos: by denormalised counters, which
 * are sorted (an index of them would cost every video that is saved more than anybody's look at this list); of a tracked query
 * (QUERY_ID not 0) by counting its newest COUNTED_MAX videos. */
MUST_USE bool store_channels_page(struct store *store, int64_t query_id, int64_t page_number, int64_t page_size,
                                  struct channel_page *out, struct error *err);
