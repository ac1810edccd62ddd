#include "cgi/commands/noise.h"

#include "store/hidden/hidden.h"

enum { STEPS_MAX = 20 };

/* In both databases of the demo; *CHANGED is that of the one that is served. */
static bool change(struct app *app,
                   bool (*in)(struct store *store, const char *id, bool on, int64_t now, bool *changed, struct error *err),
                   const char *id, bool on, bool *changed, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	bool served, ignored;

	if (!databases_lock(&app->shared->databases, &db, err) || !in(db.served, id, on, app_now(app), &served, err) ||
	    (db.live != db.served && !in(db.live, id, on, app_now(app), &ignored, err)))
		return false;
	if (changed)
		*changed = served;
	return true;
}

static bool hide_in(struct store *store, const char *id, bool hidden, int64_t now, bool *changed, struct error *err)
{
	return hidden ? store_video_hide(store, id, now, changed, err) : store_video_unhide(store, id, changed, err);
}

bool noise_hide_video(struct app *app, const char *id, bool hidden, bool *changed, struct error *err)
{
	if (!video_id_is_valid(id))
		return error_set(err, ERR_NOT_FOUND, "no video has the id '%.40s'", id);
	return change(app, hide_in, id, hidden, changed, err);
}

static bool mute_in(struct store *store, const char *id, bool muted, int64_t now, bool *changed, struct error *err)
{
	return muted ? store_channel_mute(store, id, now, changed, err) : store_channel_unmute(store, id, changed, err);
}

bool noise_mute_channel(struct app *app, const char *id, bool muted, bool *changed, struct error *err)
{
	bool valid = channel_id_is_youtubes(id);
	bool done = false;

	/* Whatever is muted may be shown again. */
	if ((valid || !muted) && !change(app, mute_in, id, muted, &done, err))
		return false;
	if (!valid && !done)
		return error_set_value(err, ERR_NOT_FOUND, "channel", id,
		                       "the id of a channel is UC and 22 letters, digits, - or _");
	if (changed)
		*changed = done;
	return noise_settle(app, err);
}

bool noise_settle(struct app *app, struct error *err)
{
	bool left = true;

	for (int step = 0; left && step < STEPS_MAX; step++) {
		AUTO(databases_unlock) struct databases_lock db = {0};

		if (!databases_lock(&app->shared->databases, &db, err) || !store_hidden_work(db.served, HIDDEN_STEP, &left, err))
			return false;
	}
	return true;
}
