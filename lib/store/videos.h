/* Videos one by one; lists of them are video_search.h's. Errors as store.h says. */
#pragma once

#include <stdint.h>

#include "model/video.h"
#include "store/store.h"

enum video_saved {
	VIDEO_SAME,
	VIDEO_ADDED,
	VIDEO_CHANGED,
	VIDEO_WAS_GONE, /* nothing is saved: YouTube no longer had it; only videos.list brings it back */
	VIDEO_HIDDEN /* it is in no reader's sight, and has no key: its matches are saved by store_match_save_hidden(). Only videos.list
			   brings its content up to date */
};

/* Where the content comes from: a search or an import never overwrites what videos.list gave better (the full description,
 * numbers, kind, title); DETAILS also sets checked_at and clears missing_at. */
enum video_source { SOURCE_SEARCH, SOURCE_IMPORT, SOURCE_DETAILS };

/* Inserts the video, or brings the one with the same id up to date: members that are unknown (VIDEO_UNKNOWN, "" or NULL texts)
 * change nothing, except that an empty description of SEARCH or DETAILS is one: YouTube always tells it. A changed published_at
 * moves the row to its new place. A time that no video can have (video.h) is unknown: the video keeps its place, a new one gets
 * that of NOW, and is marked as such. A channel is made or renamed as needed. NOW is UTC seconds and becomes first_seen_at of a new
 * one (unless VIDEO->first_seen_at is set) and fetched_at. *SEQ (may be NULL) receives its key. VIDEO needs an id. Errors:
 * ERR_INVALID without one. */
MUST_USE bool store_video_save(struct store *store, const struct video *video, enum video_source source, int64_t now,
                               enum video_saved *saved, int64_t *seq, struct error *err);

/* One video with the public queries that found it, and what it was before. Errors: ERR_GONE when YouTube no longer has it,
 * ERR_NOT_FOUND. */
MUST_USE bool store_video_get(struct store *store, const char *id, struct video *out, struct error *err);

/* Whether the video ID is in the database, be it hidden; what only visitors' requests found is not. */
MUST_USE bool store_video_is_known(struct store *store, const char *id, bool *out, struct error *err);

/* When title, description or thumbnail of the video with key SEQ last changed: as far as revisions go back, thirty days; else 0. */
MUST_USE bool store_video_changed_at(struct store *store, int64_t seq, int64_t *out, struct error *err);
