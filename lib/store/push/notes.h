/*
 * Ids of videos of followed channels that the hub or a feed named: noted at once, looked up by the next run. Their number is bounded,
 * whoever sends them. Errors as store.h says.
 */
#pragma once

#include "base/text_list.h"
#include "model/video.h"
#include "store/store.h"

/* So many wait at most: more are dropped, and left to searches and lists. */
enum { NOTES_MAX = 2000 };

/* Notes the video VIDEO_ID of the channel CHANNEL_ID, which the hub named; the second function, which a feed named. One that is noted already
 * stays as it is; one of a channel that is not followed is dropped. IS_BACKFILL: it is no news (alerts/outbox.h). */
MUST_USE bool store_push_note(struct store *store, const char *video_id, const char *channel_id, int64_t now, struct error *err);
MUST_USE bool store_feed_note(struct store *store, const char *video_id, const char *channel_id, bool is_backfill, int64_t now,
                              struct error *err);

/* The ids to look up NOW, at most LIMIT, the longest waiting first. */
MUST_USE bool store_notes_due(struct store *store, int64_t now, int64_t limit, struct text_list *out, struct error *err);

/* How ID was noted, and whether it is no news; as news that the hub named when it is not noted any more. */
MUST_USE bool store_note_get(struct store *store, const char *id, enum found_how *how, bool *is_backfill, struct error *err);

MUST_USE bool store_note_forget(struct store *store, const char *id, struct error *err);

/* An answer lacked ID, which may be too new for videos.list: it waits for another look-up, and is forgotten after a few. */
MUST_USE bool store_note_missed(struct store *store, const char *id, int64_t now, struct error *err);

/* IDS could not be looked up: they wait until then. */
MUST_USE bool store_notes_postpone(struct store *store, const struct text_list *ids, int64_t until, struct error *err);
