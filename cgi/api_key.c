#include <stdio.h>
#include <string.h>

#include "base/config.h"
#include "base/text.h"
#include "cgi/handlers.h"
#include "cgi/params.h"
#include "cgi/views.h"
#include "store/keys.h"

enum { LABEL_LENGTH_MAX = 100, PATH_BYTES = 128 };

static bool answer_key(struct app *app, struct store *store, int64_t id, int status, struct response *res, struct error *err)
{
	AUTO(key_clear) struct key key = {0};
	struct quota_defaults quota = quota_defaults_of(app->shared->config);

	if (!store_key_get(store, id, &quota, app_now(app), &key, err))
		return false;
	struct writer w = view_json(res, status);
	write_object(&w, NULL);
	view_key(&w, &key, app_now(app));
	write_end(&w);
	return true;
}

/* Keys are read where they are written, since in the demo that is another record than the one that is shown. */
bool api_keys_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(writing_end) struct writing writing = {0};
	AUTO(key_list_clear) struct key_list keys = {0};
	struct quota_defaults quota = quota_defaults_of(app->shared->config);

	(void)req;
	if (!writing_begin(&app->shared->records, &writing, err) ||
	    !store_keys_list(writing.real, &quota, app_now(app), &keys, err))
		return false;
	struct writer w = view_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", (int64_t)keys.count);
	write_array(&w, "results");
	for (size_t i = 0; i < keys.count; i++) {
		write_object(&w, NULL);
		view_key(&w, &keys.items[i], app_now(app));
		write_end(&w);
	}
	write_end(&w);
	write_end(&w);
	return true;
}

bool api_key_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(writing_end) struct writing writing = {0};
	int64_t id;

	return params_read_id(req, "key", &id, err) && writing_begin(&app->shared->records, &writing, err) &&
	       answer_key(app, writing.real, id, 200, res, err);
}

/* ---- adding ---- */

static bool check_label(const char *label, struct error *err)
{
	return !label || (text_length(label) <= LABEL_LENGTH_MAX && !text_has_control(label)) ||
	       error_set(err, ERR_INVALID, "label: at most %d characters without control characters are allowed", LABEL_LENGTH_MAX);
}

static bool read_key(const struct request *req, const char **key, const char **label, struct error *err)
{
	static const char *const members[] = {"key", "label", NULL};

	if (!params_body_only(req, members, err))
		return false;
	*key = fields_get(&req->body, "key");
	*label = fields_get(&req->body, "label");
	if (!*key)
		return error_set(err, ERR_INVALID, "key: the key is missing");
	if (!config_check_key(*key, err)) {
		err->code = ERR_UNPROCESSABLE;
		return false;
	}
	return check_label(*label, err);
}

bool api_key_add(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(writing_end) struct writing writing = {0};
	char location[PATH_BYTES];
	const char *key, *label;
	int64_t id;

	if (!read_key(req, &key, &label, err) || !writing_begin(&app->shared->records, &writing, err) ||
	    !store_key_add(writing.real, key, label, app_now(app), &id, err))
		return false;
	snprintf(location, sizeof(location), "/api/api_key/%lld", (long long)id);
	response_header(res, "Location", location);
	return answer_key(app, writing.real, id, 201, res, err);
}

/* ---- changing and removing ---- */

/* "active" is what a query in use is called, "ok" what a key shows: both resume it. */
static bool read_state(const struct request *req, struct key_change *out, struct error *err)
{
	const char *state = fields_get(&req->body, "state");

	out->sets_presence = fields_has(&req->body, "state");
	if (state && strcmp(state, "paused") == 0)
		out->presence = PRESENCE_PAUSED_BY_OWNER;
	else if (state && (strcmp(state, "active") == 0 || strcmp(state, "ok") == 0))
		out->presence = PRESENCE_ACTIVE;
	else if (out->sets_presence)
		return error_set(err, ERR_INVALID, "state: 'active' or 'paused' is allowed");
	return true;
}

/* A whole number; null, or nothing in a form, stands for the default. */
static bool read_limit(const struct request *req, const char *name, int64_t max, enum bucket bucket, struct key_change *out,
                       struct error *err)
{
	const char *text = fields_get(&req->body, name);

	out->sets_limit[bucket] = fields_has(&req->body, name);
	out->limit[bucket] = KEY_LIMIT_DEFAULT;
	return !text || !*text || text_int(text, 0, max, &out->limit[bucket]) ||
	       error_set(err, ERR_INVALID, "%s: a whole number from 0 to %lld, or null for the default, is allowed", name,
	                 (long long)max);
}

static bool read_change(const struct request *req, struct key_change *out, struct error *err)
{
	static const char *const members[] = {"state", "label", "searches_per_day", "units_per_day", NULL};

	if (!params_body_only(req, members, err))
		return false;
	if (req->body.count == 0)
		return error_set(err, ERR_INVALID, "nothing to change: state, label, searches_per_day and units_per_day are allowed");
	out->label = fields_get(&req->body, "label");
	out->sets_label = fields_has(&req->body, "label");
	return check_label(out->label, err) && read_state(req, out, err) &&
	       read_limit(req, "searches_per_day", SEARCHES_PER_DAY_MAX, BUCKET_SEARCHES, out, err) &&
	       read_limit(req, "units_per_day", UNITS_PER_DAY_MAX, BUCKET_UNITS, out, err);
}

bool api_key_change(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(writing_end) struct writing writing = {0};
	struct key_change change = {0};
	int64_t id;

	return params_read_id(req, "key", &id, err) && read_change(req, &change, err) &&
	       writing_begin(&app->shared->records, &writing, err) &&
	       store_key_change(writing.real, id, &change, app_now(app), err) && answer_key(app, writing.real, id, 200, res, err);
}

bool api_key_remove(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(writing_end) struct writing writing = {0};
	int64_t id;

	res->status = 204;
	return params_read_id(req, "key", &id, err) && writing_begin(&app->shared->records, &writing, err) &&
	       store_key_set_presence(writing.real, id, PRESENCE_REMOVED, err);
}
