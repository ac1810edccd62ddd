#include <stdio.h>
#include <string.h>

#include "cgi/handlers.h"
#include "cgi/commands/keys.h"
#include "http/params.h"
#include "store/keys.h"

enum { PATH_BYTES = 128 };

static bool answer_key(struct app *app, int64_t id, int status, struct response *res, struct error *err)
{
	AUTO(key_clear) struct key key = {0};

	if (!key_get(app, id, &key, err))
		return false;
	struct writer w = response_json(res, status);
	key_write_json(&w, &key, app_now(app));
	return true;
}

bool api_keys_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};

	(void)req;
	if (!key_list(app, &keys, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", (int64_t)keys.count);
	write_array(&w, "results");
	for (size_t i = 0; i < keys.count; i++)
		key_write_json(&w, &keys.items[i], app_now(app));
	write_end(&w);
	write_end(&w);
	return true;
}

bool api_key_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	int64_t id;

	return params_read_id(req, "key", &id, err) && answer_key(app, id, 200, res, err);
}

/* ---- adding ---- */

bool api_key_add(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	char location[PATH_BYTES];
	const char *key, *label;
	int64_t id;

	if (!key_read_new(req, &key, &label, err) || !key_add(app, key, label, &id, err))
		return false;
	snprintf(location, sizeof(location), "/api/api_key/%lld", (long long)id);
	response_header(res, "Location", location);
	return answer_key(app, id, 201, res, err);
}

/* ---- changing and removing ---- */

/* "active" is what a query in use is called, "ok" what a key shows: both resume it. */
static bool read_state(const struct request *req, struct key_change *out, struct error *err)
{
	const char *state = fields_get(&req->body, "state");

	out->sets_state = fields_has(&req->body, "state");
	if (state && strcmp(state, "paused") == 0)
		out->entry_state = ENTRY_PAUSED_BY_OWNER;
	else if (state && (strcmp(state, "active") == 0 || strcmp(state, "ok") == 0))
		out->entry_state = ENTRY_ACTIVE;
	else if (out->sets_state)
		return error_set_field(err, ERR_INVALID, "state", "'active' or 'paused' is allowed");
	return true;
}

static bool read_change(const struct request *req, struct key_change *out, struct error *err)
{
	static const char *const members[] = {"state", "label", "searches_per_day", "units_per_day", NULL};

	if (!params_body_only(req, members, err))
		return false;
	if (req->body.count == 0)
		return error_set(err, ERR_INVALID,
		                 "nothing to change: state, label, searches_per_day and units_per_day are allowed");
	return key_read_settings(req, out, err) && read_state(req, out, err);
}

bool api_key_change(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct key_change change = {0};
	int64_t id;

	return params_read_id(req, "key", &id, err) && read_change(req, &change, err) && key_change(app, id, &change, err) &&
	       answer_key(app, id, 200, res, err);
}

bool api_key_remove(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	int64_t id;

	res->status = 204;
	return params_read_id(req, "key", &id, err) && key_remove(app, id, err);
}
