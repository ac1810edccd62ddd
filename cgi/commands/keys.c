#include "cgi/commands/keys.h"

#include "config/config.h"
#include "base/text.h"
#include "base/utf8.h"
#include "http/params.h"

/* ---- reading ---- */

bool key_list(struct app *app, struct key_list *out, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	struct quota_defaults quota = config_quota_defaults(app->shared->config);

	return databases_lock(&app->shared->databases, &db, err) && store_keys_list(db.live, &quota, app_now(app), out, err);
}

bool key_get(struct app *app, int64_t id, struct key *out, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	struct quota_defaults quota = config_quota_defaults(app->shared->config);

	return databases_lock(&app->shared->databases, &db, err) && store_key_get(db.live, id, &quota, app_now(app), out, err);
}

/* ---- adding ---- */

static bool check_label(const char *label, struct error *err)
{
	return !label || (utf8_length(label) <= KEY_LABEL_MAX && !utf8_has_control(label)) ||
	       error_set_field(err, ERR_INVALID, "label", "at most %d characters without control characters are allowed",
	                       KEY_LABEL_MAX);
}

bool key_read_new(const struct request *req, const char **key, const char **label, struct error *err)
{
	static const char *const members[] = {"key", "label", NULL};

	if (!params_body_only(req, members, err))
		return false;
	*key = fields_get(&req->body, "key");
	*label = fields_get(&req->body, "label");
	if (!*key)
		return error_set_field(err, ERR_INVALID, "key", "the key is missing");
	if (!key_check(*key, err)) {
		err->code = ERR_UNPROCESSABLE;
		return error_about(err, "key");
	}
	return check_label(*label, err);
}

bool key_add(struct app *app, const char *key, const char *label, int64_t *id, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	if (databases_lock(&app->shared->databases, &db, err) && store_key_add(db.live, key, label, app_now(app), id, err))
		return true;
	if (err->code == ERR_DENIED)
		error_set(
		    err, ERR_FORBIDDEN,
		    "newsreel-web's role in the database may not add keys: name them in YOUTUBE_API_KEYS of newsreel-fetch");
	return false;
}

/* ---- changing and removing ---- */

/* A whole number; null, or nothing in a form, stands for the default. */
static bool read_limit(const struct request *req, const char *name, int64_t max, enum bucket bucket, struct key_change *out,
                       struct error *err)
{
	const char *text = fields_get(&req->body, name);

	out->sets_limit[bucket] = fields_has(&req->body, name);
	out->limit[bucket] = KEY_LIMIT_DEFAULT;
	return !text || !*text || text_int(text, 0, max, &out->limit[bucket]) ||
	       error_set_field(err, ERR_INVALID, name, "a whole number from 0 to %lld, or null for the default, is allowed",
	                       (long long)max);
}

bool key_read_settings(const struct request *req, struct key_change *out, struct error *err)
{
	out->label = fields_get(&req->body, "label");
	out->sets_label = fields_has(&req->body, "label");
	return check_label(out->label, err) &&
	       read_limit(req, "searches_per_day", SEARCHES_PER_DAY_MAX, BUCKET_SEARCHES, out, err) &&
	       read_limit(req, "units_per_day", UNITS_PER_DAY_MAX, BUCKET_UNITS, out, err);
}

bool key_change(struct app *app, int64_t id, const struct key_change *change, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) && store_key_change(db.live, id, change, app_now(app), err);
}

bool key_remove(struct app *app, int64_t id, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) && store_key_set_state(db.live, id, ENTRY_REMOVED, err);
}
