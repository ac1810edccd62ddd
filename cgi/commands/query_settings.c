#include "cgi/commands/query_settings.h"

#include <string.h>

#include "base/text.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "cgi/commands/noise.h"
#include "cgi/commands/queries.h"
#include "http/params.h"
#include "store/hidden/query_rules.h"
#include "store/tracking/settings.h"

#define RULES_MEMBERS                                                                                                            \
	"excluded_words", "excluded_channels", "region", "language", "min_duration", "max_duration", "hide_shorts", "kinds"
#define SETTINGS "state", "follow_channels", "label", "group", "priority", "starts_at", "ends_at", "keep_days", RULES_MEMBERS

static const char *const rules_members[] = {RULES_MEMBERS, NULL};
static const char *const members[] = {"query", "coverage", SETTINGS, NULL};
static const char *const members_of_line[] = {"query", SETTINGS, NULL};
static const char *const members_of_several[] = {"ids", SETTINGS, NULL};

/* ---- reading ---- */

/* A short text, squeezed; NULL when there is nothing to see of it. */
static bool read_name(const struct fields *body, const char *name, char **out, struct error *err)
{
	AUTO(text_free) char *squeezed = NULL;
	const char *text = fields_get(body, name);

	if (!fields_has(body, name))
		return true;
	if (text && utf8_has_control(text))
		return error_set_field(err, ERR_INVALID, name, "control characters are not allowed");
	if (text && !text_squeeze(text, &squeezed, err))
		return false;
	if (squeezed && utf8_length(squeezed) > QUERY_LABEL_MAX)
		return error_set_field(err, ERR_INVALID, name, "it has %zu characters, allowed are %d", utf8_length(squeezed),
		                       QUERY_LABEL_MAX);
	text_free(out);
	*out = NULL;
	if (squeezed && unicode_is_visible(squeezed)) {
		*out = squeezed;
		squeezed = NULL;
	}
	return true;
}

/* null, or nothing in a form, is the normal one. */
static bool read_priority(const struct fields *body, enum query_priority *out, struct error *err)
{
	const char *name = fields_get(body, "priority");

	if (!fields_has(body, "priority"))
		return true;
	for (enum query_priority priority = 0; priority < PRIORITY_COUNT; priority++) {
		if (strcmp(name && *name ? name : "normal", query_priority_name(priority)) == 0) {
			*out = priority;
			return true;
		}
	}
	return error_set_value(err, ERR_INVALID, "priority", name, "low, normal or high is allowed");
}

/* null, or nothing in a form, is as the configuration says; 0 is for ever. */
static bool read_keep_days(const struct fields *body, int64_t *out, struct error *err)
{
	const char *text = fields_get(body, "keep_days");
	int64_t days;

	if (!fields_has(body, "keep_days"))
		return true;
	if (!text || !*text) {
		*out = QUERY_KEEP_DEFAULT;
		return true;
	}
	if (!text_int(text, 0, QUERY_KEEP_DAYS_MAX, &days))
		return error_set_value(err, ERR_INVALID, "keep_days", text, "1 to %d days are allowed, or 0: for ever",
		                       QUERY_KEEP_DAYS_MAX);
	*out = days ? days : QUERY_KEEP_ALL;
	return true;
}

static bool check_period(const struct query_settings *settings, struct error *err)
{
	return !settings->ends_at || settings->ends_at > settings->starts_at ||
	       error_set_field(err, ERR_INVALID, "ends_at", "it must be later than starts_at");
}

bool query_settings_read(const struct fields *body, struct query_settings *settings, struct error *err)
{
	return read_name(body, "label", &settings->label, err) && read_name(body, "group", &settings->group, err) &&
	       read_priority(body, &settings->priority, err) && params_read_time(body, "starts_at", &settings->starts_at, err) &&
	       params_read_time(body, "ends_at", &settings->ends_at, err) && check_period(settings, err) &&
	       read_keep_days(body, &settings->keep_days, err);
}

/* A length in seconds; null, or nothing in a form, is none. */
static bool read_seconds(const struct fields *body, const char *name, int64_t *out, struct error *err)
{
	const char *text = fields_get(body, name);

	if (!fields_has(body, name))
		return true;
	*out = 0;
	return !text || !*text ||
	       (text_int(text, 0, RULES_DURATION_MAX_S, out) ||
	        error_set_value(err, ERR_INVALID, name, text, "0 to %d seconds are allowed", RULES_DURATION_MAX_S));
}

static bool read_lists(const struct fields *body, struct query_rules *rules, struct error *err)
{
	struct text_list *words = &rules->excluded_words;
	struct text_list *channels = &rules->excluded_channels;

	if (fields_has(body, "excluded_words")) {
		text_list_clear(words);
		if (!query_rules_read_words("excluded_words", fields_get(body, "excluded_words"), words, err))
			return false;
	}
	if (fields_has(body, "excluded_channels")) {
		text_list_clear(channels);
		if (!query_rules_read_channels("excluded_channels", fields_get(body, "excluded_channels"), channels, err))
			return false;
	}
	return !fields_has(body, "kinds") || query_rules_read_kinds("kinds", fields_get(body, "kinds"), &rules->kinds, err);
}

static bool read_rules(const struct request *req, struct query_rules *rules, struct error *err)
{
	const struct fields *body = &req->body;

	if (!read_lists(body, rules, err) || !read_seconds(body, "min_duration", &rules->min_duration_s, err) ||
	    !read_seconds(body, "max_duration", &rules->max_duration_s, err) ||
	    !params_read_bool(req, "hide_shorts", &rules->hide_shorts, err) ||
	    (fields_has(body, "region") && !query_rules_read_region("region", fields_get(body, "region"), rules->region, err)) ||
	    (fields_has(body, "language") &&
	     !query_rules_read_language("language", fields_get(body, "language"), rules->language, err)))
		return false;
	return !rules->max_duration_s || rules->min_duration_s <= rules->max_duration_s ||
	       error_set_field(err, ERR_INVALID, "max_duration", "must not be less than min_duration=%lld",
	                       (long long)rules->min_duration_s);
}

static bool has_rules(const struct fields *body)
{
	for (size_t i = 0; rules_members[i]; i++)
		if (fields_has(body, rules_members[i]))
			return true;
	return false;
}

static bool change_rules(struct store *store, const struct request *req, struct query *query, struct error *err)
{
	return !has_rules(&req->body) ||
	       (read_rules(req, &query->rules, err) && store_query_rules_set(store, query->id, &query->rules, err));
}

static bool read_state(const struct fields *body, enum entry_state *out, struct error *err)
{
	const char *state = fields_get(body, "state");
	bool pauses = state && strcmp(state, "paused") == 0;

	if (!fields_has(body, "state"))
		return true;
	if (!pauses && (!state || strcmp(state, "active") != 0))
		return error_set_field(err, ERR_INVALID, "state", "'active' or 'paused' is allowed");
	*out = pauses ? ENTRY_PAUSED_BY_OWNER : ENTRY_ACTIVE;
	return true;
}

static bool read_coverage(const struct fields *body, enum query_coverage *out, struct error *err)
{
	const char *coverage = fields_get(body, "coverage");

	*out = coverage && strcmp(coverage, "keep") == 0 ? COVERAGE_KEPT : COVERAGE_ANEW;
	if (!fields_has(body, "coverage"))
		return true;
	if (!fields_has(body, "query"))
		return error_set_field(err, ERR_INVALID, "coverage", "it is of use together with query only");
	return *out == COVERAGE_KEPT || (coverage && strcmp(coverage, "anew") == 0) ||
	       error_set_field(err, ERR_INVALID, "coverage", "'anew' or 'keep' is allowed");
}

/* ---- writing ---- */

static bool change_text(struct store *store, const struct fields *body, int64_t id, struct error *err)
{
	const char *text = fields_get(body, "query");
	enum query_coverage coverage;

	return read_coverage(body, &coverage, err) &&
	       (!fields_has(body, "query") ||
	        (query_check_text(text, err) && store_query_set_text(store, id, text, coverage, err)));
}

/* Changes QUERY as BODY says, and the database after it. */
static bool change(struct app *app, struct store *store, const struct request *req, struct query *query, struct error *err)
{
	const struct fields *body = &req->body;

	return query_settings_read(body, &query->settings, err) && read_state(body, &query->entry_state, err) &&
	       params_read_bool(req, "follow_channels", &query->follow_channels, err) &&
	       store_query_set_settings(store, query->id, &query->settings, app_now(app), err) &&
	       change_rules(store, req, query, err) &&
	       (!fields_has(body, "state") || store_query_set_state(store, query->id, query->entry_state, err)) &&
	       store_query_set_follow_channels(store, query->id, query->follow_channels, err);
}

static bool change_in(struct app *app, struct store *store, const struct request *req, int64_t id, struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(store_transaction_end) struct store *transaction = store;

	return store_begin(store, err) && store_query_get(store, id, app_now(app), &query, err) &&
	       change_text(store, &req->body, id, err) && change(app, store, req, &query, err) && store_commit(store, err);
}

/* Without the work that it leaves. */
static bool set_settings(struct app *app, const struct request *req, int64_t id, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	int64_t counterpart;

	return databases_lock(&app->shared->databases, &db, err) && query_find_counterpart(app, &db, id, &counterpart, err) &&
	       (!counterpart || change_in(app, db.live, req, counterpart, err)) && change_in(app, db.served, req, id, err);
}

bool query_set_settings(struct app *app, const struct request *req, int64_t id, struct error *err)
{
	return set_settings(app, req, id, err) && (!has_rules(&req->body) || noise_settle(app, err));
}

bool query_patch(struct app *app, const struct request *req, int64_t id, struct error *err)
{
	if (!params_body_only(req, members, err))
		return false;
	if (req->body.count == 0)
		return error_set(err, ERR_INVALID, "nothing to change: a member is missing");
	return query_set_settings(app, req, id, err);
}

bool query_patch_several(struct app *app, const struct request *req, struct several *out, struct error *err)
{
	struct id_list ids = {.count = 0};

	return params_body_only(req, members_of_several, err) &&
	       several_read_ids("ids", fields_get(&req->body, "ids"), &ids, err) &&
	       (req->body.count > 1 || error_set(err, ERR_INVALID, "nothing to change: a member is missing")) &&
	       several_do(app, req, &ids, set_settings, out, err) && (!has_rules(&req->body) || noise_settle(app, err));
}

/* ---- lines ---- */

bool query_settings_allow(const struct fields *line, struct error *err)
{
	return fields_allow_only(line, members_of_line, "member", err);
}

static bool track_in(struct app *app, struct store *store, const struct request *line, enum query_added *added, struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(store_transaction_end) struct store *transaction = store;
	const char *text = fields_get(&line->body, "query");
	int64_t id;

	return store_begin(store, err) && store_query_add(store, text, ORIGIN_OWNER, 0, app_now(app), &id, added, err) &&
	       store_query_get(store, id, app_now(app), &query, err) && change(app, store, line, &query, err) &&
	       store_commit(store, err);
}

bool query_track_with_settings(struct app *app, const struct request *line, enum query_added *added, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) &&
	       (db.live == db.served || track_in(app, db.live, line, added, err)) && track_in(app, db.served, line, added, err);
}
