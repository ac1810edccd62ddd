#include <stdio.h>
#include <string.h>

#include "model/quota_day.h"
#include "cgi/request/auth.h"
#include "cgi/handlers.h"
#include "cgi/request/http_error.h"
#include "cgi/commands/keys.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/key_rows.h"
#include "cgi/pages/widgets/outcome.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/link_writer.h"
#include "http/params.h"

static const char path[] = "/keys";

const char *const keys_parameters[] = {"done", NULL};

/* What the page is made of. */
struct view {
	struct app *app;
	struct page page;
	struct key_list keys;
	const char *done;          /* what was done before this page; NULL = nothing to tell */
	const struct error *error; /* why a form was refused, else NULL */
	int64_t refused_id;        /* the key whose form that was; 0 = the one that adds */
	const char *label;         /* what was typed there besides the key, which is not shown again */
	const char *limit[BUCKET_COUNT];
};

static void view_clear(struct view *view)
{
	page_clear(&view->page);
	key_list_clear(&view->keys);
}

/* ---- the page ---- */

static const struct outcome outcomes[] = {{.name = "add", .words = "Added. The next run tests it, within a minute."},
                                          {.name = "pause", .words = "Paused."},
                                          {.name = "resume", .words = "Resumed. The next run tests it."},
                                          {.name = "remove",
                                           .words = "Removed. The quota that its project used today still counts."},
                                          {.name = "change", .words = "Saved."}};

/* What to say of a setting that was refused, in the words of its form. */
static const char *setting_refused(const struct error *error)
{
	if (strcmp(error->field, "searches_per_day") == 0)
		return "Searches per day: a whole number from 0 to 1,000,000, or empty";
	if (strcmp(error->field, "units_per_day") == 0)
		return "Units per day: a whole number from 0 to 100,000,000, or empty";
	return error->text;
}

static void write_form(struct view *view)
{
	struct writer *w = &view->page.w;
	bool refused = view->error && view->refused_id == 0;

	write_object(w, "form");
	write_link(w, view->app, "url", path);
	write_text(w, "label", refused && view->label ? view->label : "");
	write_int(w, "label_length", KEY_LABEL_MAX);
	write_text(w, "refused", refused ? page_refusal_words(view->error, "key") : NULL);
	write_bool(w, "label_refused", refused && strcmp(view->error->field, "label") == 0);
	write_bool(w, "is_first", view->keys.count == 0);
	write_end(w);
}

static struct key_typed typed_into(const struct view *view, const struct key *key)
{
	if (!view->error || view->refused_id != key->id)
		return (struct key_typed){0};
	return (struct key_typed){.refused = setting_refused(view->error),
	                          .invalid_field = view->error->field,
	                          .label = view->label,
	                          .limit = {view->limit[BUCKET_SEARCHES], view->limit[BUCKET_UNITS]}};
}

static void write_keys(struct view *view)
{
	struct writer *w = &view->page.w;

	write_array(w, "keys");
	for (size_t i = 0; i < view->keys.count; i++) {
		const struct key_typed typed = typed_into(view, &view->keys.items[i]);

		key_row_write(view->app, w, &view->keys.items[i], &typed);
	}
	write_end(w);
}

static bool show(struct view *view, const struct request *req, int status, struct response *res, struct error *err)
{
	struct writer *w = &view->page.w;
	struct page_frame frame = {.title = "API keys", .req = req, .with_freshness = true};
	int64_t now = app_now(view->app);

	if (!key_list(view->app, &view->keys, err) || !page_begin(view->app, &frame, &view->page, err))
		return false;
	write_text(w, "done", view->done);
	write_bool(w, "in_demo", view->app->shared->demo);
	page_write_moment(w, "resets", quota_day_end(now), now);
	write_form(view);
	write_keys(view);
	return page_render(view->app, "keys", &view->page, status, res, err);
}

bool page_keys(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app};

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	return outcome_read(req, outcomes, sizeof(outcomes) / sizeof(outcomes[0]), &view.done, err) &&
	       show(&view, req, 200, res, err);
}

/* ---- adding ---- */

/* Shows the page again when WHY is about what was typed into the form of key ID (0: the one that adds). */
static bool refuse(struct app *app, const struct request *req, int64_t id, const struct error *why, struct response *res,
                   struct error *err)
{
	AUTO(view_clear)
	struct view view = {.app = app,
	                    .error = why,
	                    .refused_id = id,
	                    .label = fields_get(&req->body, "label"),
	                    .limit = {fields_get(&req->body, "searches_per_day"), fields_get(&req->body, "units_per_day")}};

	if (page_is_refusal(why))
		return show(&view, req, http_error_of(why->code)->status, res, err);
	*err = *why;
	return false;
}

bool page_key_add(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct error why = {0};
	const char *key, *label;
	int64_t id;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	if (key_read_new(req, &key, &label, &why) && key_add(app, key, label, &id, &why))
		return page_redirect(app, "/keys?done=add", res, err);
	return refuse(app, req, 0, &why, res, err);
}

/* ---- one key's buttons and form ---- */

/* The form shows the limits that hold: those that nobody touched are not made the owner's. */
static bool read_settings(struct app *app, const struct request *req, int64_t id, struct key_change *out, struct error *err)
{
	AUTO(key_clear) struct key key = {0};

	if (!key_read_settings(req, out, err) || !key_get(app, id, &key, err))
		return false;
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		if (out->limit[bucket] == key.project.quota[bucket].limit)
			out->sets_limit[bucket] = false;
	return true;
}

static bool act(struct app *app, const struct request *req, int64_t id, const char *action, struct error *err)
{
	struct key_change change = {.sets_state = true};

	if (strcmp(action, "remove") == 0)
		return key_remove(app, id, err);
	if (strcmp(action, "pause") == 0) {
		change.entry_state = ENTRY_PAUSED_BY_OWNER;
	} else if (strcmp(action, "resume") == 0) {
		change.entry_state = ENTRY_ACTIVE;
	} else {
		change.sets_state = false;
		if (!read_settings(app, req, id, &change, err))
			return false;
	}
	return key_change(app, id, &change, err);
}

static bool read_action(const struct request *req, const char **out, struct error *err)
{
	static const char *const actions[] = {"pause", "resume", "remove", "change"};
	static const char *const buttons[] = {"action", NULL};
	static const char *const form[] = {"action", "label", "searches_per_day", "units_per_day", NULL};
	const char *action = fields_get(&req->body, "action");

	*out = NULL;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (action && strcmp(action, actions[i]) == 0)
			*out = actions[i];
	if (!*out)
		return error_set_field(err, ERR_INVALID, "action", "pause, resume, remove or change is allowed");
	return params_body_only(req, strcmp(*out, "change") == 0 ? form : buttons, err);
}

bool page_key_act(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct error why = {0};
	const char *action;
	char to[64];
	int64_t id;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	if (!params_read_id(req, "key", &id, err) || !read_action(req, &action, err))
		return false;
	if (!act(app, req, id, action, &why))
		return refuse(app, req, id, &why, res, err);
	snprintf(to, sizeof(to), "/keys?done=%s", action);
	return page_redirect(app, to, res, err);
}
