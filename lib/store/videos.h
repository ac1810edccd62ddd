/* Videos in the record: saved one by one, read newest first. Errors as store.h says. */
#pragma once

#include <stdint.h>

#include "base/text.h"
#include "model/video.h"
#include "store/store.h"

enum video_saved {
	VIDEO_SAME,
	VIDEO_ADDED,
	VIDEO_CHANGED,
	VIDEO_WAS_GONE /* nothing is saved: YouTube no longer had it, or it is hidden as overdue; only videos.list brings it back */
};

/* Where the content comes from: a search or an import never overwrites what videos.list told better (the full description,
 * numbers, kind, title); DETAILS also sets checked_at and clears missing_at. */
enum video_source { SOURCE_SEARCH, SOURCE_IMPORT, SOURCE_DETAILS };

/* Inserts the video, or brings the one with the same id up to date: members that are unknown (VIDEO_UNKNOWN, "" or NULL texts)
 * change nothing, except that an empty description of SEARCH or DETAILS is one: YouTube always tells it. A changed published_at
 * moves the row to its new place. A channel is made or renamed as needed. NOW is UTC seconds and becomes first_seen_at of a new
 * one (unless VIDEO->first_seen_at is set) and fetched_at. *SEQ (may be NULL) receives its key. VIDEO needs id, title and
 * published_at. Errors: ERR_INVALID without them. */
MUST_USE bool store_video_save(struct store *store, const struct video *video, enum video_source source, int64_t now,
                               enum video_saved *saved, int64_t *seq, struct error *err);

/* One video with the public queries that found it. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_video_get(struct store *store, const char *id, struct video *out, struct error *err);

/* Which videos. Empty members do not filter; all others must hold. */
struct video_filter {
	const char *words; /* search text, design.md section 4; NULL or "" = any */
	int64_t query_id;  /* tracked query; 0 = any */
};

struct video_page {
	struct video_list videos; /* newest first, with the public queries that found each */
	int64_t count;            /* of all videos that the filter lets through */
	bool count_is_exact;      /* otherwise there are at least so many */
};

void video_page_clear(struct video_page *page);

/* The page PAGE_NUMBER (from 1) of PAGE_SIZE (1 to 100) videos; past the end an empty one. Kept counts lead to a page however
 * deep, where the filter has them. Errors: ERR_INVALID when a page lies deeper than a filter without kept counts can be walked
 * (its newest 100,000 videos). */
MUST_USE bool store_videos_page(struct store *store, const struct video_filter *filter, int64_t page_number, int64_t page_size,
                                struct video_page *out, struct error *err);
