/*
 * Which tracked queries a video belongs to that no search gave: those that follow channels and whose text matches its title
 * (search/title_match.h), and those whose source is its channel. Descriptions do not count: what matches only far down in one is mostly
 * about something else.
 */
#pragma once

#include "cron/run.h"
#include "store/videos.h"

/* Since when the query takes videos from channels; INT64_MAX when it takes none. Errors: as store.h. */
MUST_USE bool attribution_since(struct fetch_run *run, int64_t query_id, int64_t *out, struct error *err);

/* Saves VIDEO, as SOURCE gave it, as found HOW (FOUND_CHANNEL or another way past search) by every such query; when there is none, nothing
 * is saved. A query is not given videos from before the time that it is about (store/followed.h), but *WANTED (may be NULL) tells whether
 * VIDEO is about any, whatever its time. Within the caller's transaction, or one of its own. Errors: as store.h. */
MUST_USE bool attribution_save(struct fetch_run *run, const struct video *video, enum video_source source, enum found_how how,
                               bool *wanted, struct error *err);
