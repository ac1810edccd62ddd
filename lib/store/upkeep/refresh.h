/*
 * Which videos videos.list is to be asked for, and what its answers do: the second look-up of new ones, that of live and announced
 * ones around their times, the refresh of every one before its content is too old, and the deletion of those that YouTube no longer
 * has. Errors as store.h says.
 */
#pragma once

#include "base/text_list.h"
#include "store/store.h"

/* How many wait at NOW, counted up to LIMIT of each kind. Those last checked before REFRESH_BEFORE wait for their refresh. */
MUST_USE bool store_refresh_count(struct store *store, int64_t now, int64_t refresh_before, int64_t limit, int64_t *out,
                                  struct error *err);

/* The ids to ask for next, at most LIMIT, without repetition: those of which only the id is known (half of LIMIT), those in quarantine
 * (quarantine.h), refreshes (half of LIMIT, more when nothing else waits), new ones from the newest down, those that are due
 * sooner, and what only visitors' requests found. */
MUST_USE bool store_refresh_next(struct store *store, int64_t now, int64_t refresh_before, int64_t limit, struct text_list *out,
                                 struct error *err);

/* Whether what videos.list tells of ID is still wanted: it may have been deleted while the answer was awaited. */
MUST_USE bool store_refresh_wanted(struct store *store, const char *id, bool *out, struct error *err);

/* Appends one video that videos.list gave before and that is not in IDS yet, if there is one. */
MUST_USE bool store_refresh_add_canary(struct store *store, struct text_list *ids, struct error *err);

/* Whether videos.list gave one of IDS when it was last asked for it. */
MUST_USE bool store_refresh_any_given(struct store *store, const struct text_list *ids, bool *out, struct error *err);

/* Sets IDS aside until then, so that others come first. */
MUST_USE bool store_refresh_postpone(struct store *store, const struct text_list *ids, int64_t until, struct error *err);

/* An answer that had other videos lacked ID. The first time it is noted; at least a day later the video's content is deleted and its
 * id remembered (*GONE is true then), and a week later it is asked for once more, in case it is back. An unknown id whose look-up
 * was pending is forgotten after the second time. */
MUST_USE bool store_video_missing(struct store *store, const char *id, int64_t now, bool *gone, struct error *err);

/* Deletes what may not be kept longer: revisions from before BEFORE. */
MUST_USE bool store_revisions_prune(struct store *store, int64_t before, struct error *err);
