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

/* A video that is hidden for any reason but its re-check, as store_video_get(), without its history. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_video_get_hidden(struct store *store, const char *id, struct video *out, struct error *err);

/* As store_video_get(); the owner gets hidden ones too. */
MUST_USE bool store_video_get_for(struct store *store, const char *id, bool owner, struct video *out, struct error *err);

/* ---- channels ---- */

/* Mutes the channel with YouTube's id, be it in the database or not, or takes that back. What it has published is hidden, or shown again, by
 * store_hidden_work(). */
MUST_USE bool store_channel_mute(struct store *store, const char *id, int64_t now, bool *changed, struct error *err);
MUST_USE bool store_channel_unmute(struct store *store, const char *id, bool *changed, struct error *err);

/* ---- lists of them ---- */

enum hidden_list { HIDDEN_VIDEOS, MUTED_CHANNELS };

struct hidden_item {
	char id[CHANNEL_ID_SIZE]; /* YouTube's, of the video or the channel */
	char *title;              /* NULL when it is not in the database */
	int64_t at;               /* since when */
	int64_t hidden;           /* of a channel's videos … */
	int64_t left;             /* … and how many are still to be hidden */
};

struct hidden_items {
	struct hidden_item *items;
	size_t count;
	int64_t all; /* not only of the page */
};

void hidden_item_clear(struct hidden_item *item);
void hidden_items_clear(struct hidden_items *list);

/* The last one first. */
MUST_USE bool store_hidden_list(struct store *store, enum hidden_list which, int64_t page_number, int64_t page_size,
                                struct hidden_items *out, struct error *err);

/* One of them. Errors: ERR_NOT_FOUND. OUT is to be cleared. */
MUST_USE bool store_hidden_get(struct store *store, enum hidden_list which, const char *id, struct hidden_item *out,
                               struct error *err);

/* ---- what is done step by step ---- */

/* Hides, or shows, up to LIMIT videos of muted channels and of queries whose rules have changed, in one transaction. *LEFT tells whether there
 * may be more. Nothing to do writes nothing. */
MUST_USE bool store_hidden_work(struct store *store, int64_t limit, bool *left, struct error *err);
