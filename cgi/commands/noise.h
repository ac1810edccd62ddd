/*
 * What the owner does not want to see: videos and channels, by YouTube's ids. In the demo the owner's word holds in the live database as
 * well: it must not be lost when the demo ends.
 */
#pragma once

#include "cgi/request/context.h"

/* Hides the video with this id, or takes that back; *CHANGED (may be NULL) tells whether it was not so before. Errors: ERR_NOT_FOUND for what
 * cannot be an id. */
MUST_USE bool noise_hide_video(struct app *app, const char *id, bool hidden, bool *changed, struct error *err);

/* The same for a channel and all of its videos: what is noted first holds, be there work left (noise_settle). Errors: ERR_INVALID for what
 * is no channel's id. */
MUST_USE bool noise_mute_channel(struct app *app, const char *id, bool muted, bool *changed, struct error *err);

/* Hides, or shows again, the first few thousand videos that are to be after such a change or one of a query's rules; others may write in
 * between. The next runs of newsreel-fetch do the rest. */
MUST_USE bool noise_settle(struct app *app, struct error *err);
