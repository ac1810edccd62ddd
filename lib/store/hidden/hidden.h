/*
 * What the owner does not want to see, in the whole database: videos, and channels with all that they have published and will publish; and
 * what the rules of queries hide. Nothing is deleted: hidden videos lie in quarantine (upkeep/quarantine.h), go on being looked up, and keep
 * what their queries find. Errors as store.h says.
 */
#pragma once

#include <stdint.h>

#include "model/video.h"
#include "store/store.h"

/* So much is done in one transaction. */
enum { HIDDEN_STEP = 100 };

/* ---- videos ---- */

/* Hides the video with this id, be it in the database or not, or takes that back; *CHANGED tells whether it was not so before. NOW is UTC
 * seconds. */
MUST_USE bool store_video_hide(struct store *store, const char *id, int64_t now, bool *changed, struct error *err);
MUST_USE bool store_video_unhide(struct store *store, const char *id, bool *changed, struct error *err);

/* A video that its owner has hidden. */
struct hidden_video {
	char id[VIDEO_ID_SIZE];
	char *title; /* NULL when it is not in the database */
	int64_t hidden_at;
};

struct hidden_video_list {
	struct hidden_video *items;
	size_t count;
	int64_t all; /* not only of the page */
};

void hidden_video_list_clear(struct hidden_video_list *list);

/* The last hidden first. */
MUST_USE bool store_hidden_videos_list(struct store *store, int64_t page_number, int64_t page_size, struct hidden_video_list *out,
                                       struct error *err);

/* One of them. Errors: ERR_NOT_FOUND. OUT is to be cleared. */
MUST_USE bool store_hidden_video_get(struct store *store, const char *id, struct hidden_video *out, struct error *err);
void hidden_video_clear(struct hidden_video *video);

/* A video that is hidden for any reason but its re-check, as store_video_get(), without its history. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_video_get_hidden(struct store *store, const char *id, struct video *out, struct error *err);

/* ---- channels ---- */

/* Mutes the channel with YouTube's id, be it in the database or not, or takes that back. What it has published is hidden, or shown again, by
 * store_hidden_work(). */
MUST_USE bool store_channel_mute(struct store *store, const char *id, int64_t now, bool *changed, struct error *err);
MUST_USE bool store_channel_unmute(struct store *store, const char *id, bool *changed, struct error *err);

struct muted_channel {
	char id[CHANNEL_ID_SIZE];
	char *title; /* NULL when it is not in the database */
	int64_t muted_at;
	int64_t hidden; /* of its videos */
	int64_t left;   /* of its videos still to be hidden */
};

struct muted_channel_list {
	struct muted_channel *items;
	size_t count;
	int64_t all;
};

void muted_channel_list_clear(struct muted_channel_list *list);
void muted_channel_clear(struct muted_channel *channel);

MUST_USE bool store_muted_channels_list(struct store *store, int64_t page_number, int64_t page_size,
                                        struct muted_channel_list *out, struct error *err);
MUST_USE bool store_muted_channel_get(struct store *store, const char *id, struct muted_channel *out, struct error *err);

/* ---- what is done step by step ---- */

/* Hides, or shows, up to LIMIT videos of muted channels and of queries whose rules have changed, in one transaction. *LEFT tells whether there
 * may be more. Nothing to do writes nothing. */
MUST_USE bool store_hidden_work(struct store *store, int64_t limit, bool *left, struct error *err);
