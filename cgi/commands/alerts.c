#include "cgi/commands/alerts.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "cgi/request/links.h"
#include "delivery/message.h"
#include "http/params.h"
#include "listing/saved_filter.h"
#include "store/alerts/alerts.h"
#include "store/alerts/outbox.h"

enum { FILTER_MAX_BYTES = 4096, DEFAULT_MINUTE = 8 * 60, NAME_SIZE = 64 };

static const char filter_prefix[] = "filter.";

/* ---- members ---- */

static bool is_among(const char *name, const char *const names[])
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static bool is_known(const char *name)
{
	static const char *const names[] = {"label",    "filter", "destination", "destination.kind",
	                                    "schedule", "at",     "timezone",    "backfill",
	                                    "delivery", "state",  "action",      NULL};
	static const char destination[] = "destination.";

	if (strncmp(name, filter_prefix, strlen(filter_prefix)) == 0)
		return is_among(name + strlen(filter_prefix), filter_parameters);
	for (enum destination_member m = 0; m < MEMBER_COUNT; m++)
		if (strncmp(name, destination, strlen(destination)) == 0 &&
		    strcmp(name + strlen(destination), destination_member_name(m)) == 0)
			return true;
	return is_among(name, names);
}

static bool check_members(const struct request *req, struct error *err)
{
	for (size_t i = 0; i < req->body.count; i++)
		if (!is_known(req->body.items[i].name))
			return error_set_field(
			    err, ERR_INVALID, req->body.items[i].name,
			    "no such member; allowed: label, filter, destination (kind, url, secret, token, chat, room, to), "
			    "schedule, at, timezone, backfill, state");
	return true;
}

/* One of COUNT names, which NAME_OF tells; *OUT stays when it is missing. */
static bool choose(const struct request *req, const char *name, const char *(*name_of)(int), int count, int *out,
                   struct error *err)
{
	const char *value = fields_get(&req->body, name);
	AUTO(buf_clear) struct buf allowed = BUF(200);

	if (!value)
		return true;
	for (int i = 0; i < count; i++) {
		if (strcmp(value, name_of(i)) == 0) {
			*out = i;
			return true;
		}
		buf_printf(&allowed, "%s%s", i ? ", " : "", name_of(i));
	}
	return error_set_value(err, ERR_INVALID, name, value, "allowed: %s", buf_text(&allowed));
}

static const char *kind_name(int kind)
{
	return destination_kind_name((enum destination_kind)kind);
}

static const char *schedule_name(int schedule)
{
	return alert_schedule_name((enum alert_schedule)schedule);
}

/* ---- the filter ---- */

/* What was given of it, as parameters: a text, or members. False in *GIVEN when there is nothing of it. */
static bool collect_filter(const struct request *req, struct buf *out, bool *given, struct error *err)
{
	const char *text = fields_get(&req->body, "filter");

	*given = fields_has(&req->body, "filter");
	buf_add_text(out, text ? text : "");
	for (size_t i = 0; i < req->body.count; i++) {
		const struct field *field = &req->body.items[i];

		if (strncmp(field->name, filter_prefix, strlen(filter_prefix)) != 0)
			continue;
		*given = true;
		if (field->value)
			parameters_add_pair(out, field->name + strlen(filter_prefix), field->value);
	}
	return buf_ok(out, err);
}

/* In its normal form, as links have it. */
static bool read_filter(struct app *app, const struct request *req, char **out, struct error *err)
{
	AUTO(saved_filter_clear) struct saved_filter filter = {0};
	AUTO(buf_clear) struct buf given = BUF(FILTER_MAX_BYTES);
	AUTO(buf_clear) struct buf normal = BUF(FILTER_MAX_BYTES);
	bool any;

	if (!collect_filter(req, &given, &any, err))
		return error_wrap(err, "filter") || error_about(err, "filter");
	if (!any)
		return true;
	if (!app_open(app, err))
		return false;
	if (!saved_filter_read(app_lists(app), buf_text(&given), &filter, err))
		return error_wrap(err, "filter") || error_about(err, "filter");
	parameters_write_filter(&normal, &filter.query);
	return buf_ok(&normal, err) && text_replace(out, buf_text(&normal), err);
}

/* ---- the destination ---- */

static bool is_secret(enum destination_member member)
{
	return member == MEMBER_URL || member == MEMBER_SECRET || member == MEMBER_TOKEN;
}

static bool set_member(struct app *app, struct alert *alert, enum destination_member member, const char *value, struct error *err)
{
	if (member == MEMBER_SECRET && *alert->secret && strcmp(alert->secret, value) != 0) {
		if (!text_replace(&alert->old_secret, alert->secret, err))
			return false;
		alert->old_secret_until = app_now(app) + SECONDS_PER_DAY;
	}
	return text_replace(alert_member(alert, member), value, err);
}

static bool read_member(struct app *app, const struct request *req, enum destination_member member, bool is_change,
                        struct alert *alert, struct error *err)
{
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "destination.%s", destination_member_name(member));
	const char *value = fields_get(&req->body, name);
	if (!value || (!*value && (is_change || !is_secret(member))))
		return true;
	if (destination_member_use(alert->kind, member) == MEMBER_UNKNOWN)
		return !*value ||
		       error_set_field(err, ERR_INVALID, name, "%s has no such member", destination_kind_name(alert->kind));
	return set_member(app, alert, member, value, err);
}

static bool forget_destination(struct alert *alert, struct error *err)
{
	alert->old_secret_until = 0;
	return text_replace(&alert->url, "", err) && text_replace(&alert->secret, "", err) &&
	       text_replace(&alert->old_secret, "", err) && text_replace(&alert->recipient, "", err);
}

static bool make_secret(struct alert *alert, bool *made, struct error *err)
{
	AUTO(buf_clear) struct buf secret = BUF(200);

	*made = alert->kind == DESTINATION_WEBHOOK && !*alert->secret;
	return !*made || (webhook_secret_make(&secret, err) && text_replace(&alert->secret, buf_text(&secret), err));
}

static bool read_destination(struct app *app, const struct request *req, bool is_change, struct alert *alert, bool *made_secret,
                             struct error *err)
{
	int kind = (int)alert->kind;

	if (!choose(req, "destination.kind", kind_name, DESTINATION_COUNT, &kind, err))
		return false;
	if (kind != (int)alert->kind && !forget_destination(alert, err))
		return false;
	is_change = is_change && kind == (int)alert->kind;
	alert->kind = (enum destination_kind)kind;
	for (enum destination_member m = 0; m < MEMBER_COUNT; m++)
		if (!read_member(app, req, m, is_change, alert, err))
			return false;
	return make_secret(alert, made_secret, err);
}

/* ---- the rule ---- */

static bool read_schedule(const struct request *req, struct alert *alert, struct error *err)
{
	int schedule = (int)alert->schedule;
	const char *at = fields_get(&req->body, "at");
	const char *timezone = fields_get(&req->body, "timezone");

	if (!choose(req, "schedule", schedule_name, SCHEDULE_COUNT, &schedule, err) ||
	    !params_read_bool(req, "backfill", &alert->backfill, err))
		return false;
	alert->schedule = (enum alert_schedule)schedule;
	if (at && *at && !alert_time_read(at, &alert->minute))
		return error_set_value(err, ERR_INVALID, "at", at, "a time of day such as 08:00 is allowed");
	return !timezone || !*timezone || text_replace(&alert->timezone, timezone, err);
}

static bool copy(const struct alert *from, struct alert *out, struct error *err)
{
	struct alert alert = {.id = from->id,
	                      .kind = from->kind,
	                      .old_secret_until = from->old_secret_until,
	                      .schedule = from->schedule,
	                      .minute = from->minute,
	                      .backfill = from->backfill,
	                      .state = from->state};

	*out = alert;
	return text_copy(from->label, &out->label, err) && text_copy(from->filter, &out->filter, err) &&
	       text_copy(from->url, &out->url, err) && text_copy(from->secret, &out->secret, err) &&
	       text_copy(from->old_secret, &out->old_secret, err) && text_copy(from->recipient, &out->recipient, err) &&
	       text_copy(from->timezone, &out->timezone, err);
}

bool alert_read(struct app *app, const struct request *req, const struct alert *before, struct alert *out, bool *made_secret,
                struct error *err)
{
	static char empty[] = "", utc[] = "UTC";
	const struct alert initial = {.label = empty,
	                              .filter = empty,
	                              .url = empty,
	                              .secret = empty,
	                              .old_secret = empty,
	                              .recipient = empty,
	                              .timezone = utc,
	                              .minute = DEFAULT_MINUTE};
	AUTO(alert_clear) struct alert alert = {0};
	const struct config *config = app->shared->config;
	const char *label = fields_get(&req->body, "label");

	if (!check_members(req, err) || !copy(before ? before : &initial, &alert, err) ||
	    (label && !text_replace(&alert.label, label, err)) || !read_filter(app, req, &alert.filter, err) ||
	    !read_destination(app, req, before != NULL, &alert, made_secret, err) || !read_schedule(req, &alert, err) ||
	    !alert_check(&alert, config->alerts_private != 0, err))
		return false;
	if (alert.kind == DESTINATION_EMAIL && !config_has_mail(config))
		return error_set_field(err, ERR_INVALID, "destination.kind",
		                       "for e-mail NEWSREEL_SMTP_URL and NEWSREEL_MAIL_FROM have to be set");
	*out = alert;
	alert = (struct alert){0};
	return true;
}

/* ---- writing ---- */

bool alert_add(struct app *app, const struct alert *alert, int64_t *id, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) && store_alert_add(db.served, alert, app_now(app), id, err);
}

bool alert_change(struct app *app, const struct alert *alert, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) && store_alert_change(db.served, alert, err);
}

bool alert_set_state(struct app *app, int64_t id, enum alert_state state, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) &&
	       store_alert_set_state(db.served, id, state, app_now(app), err);
}

bool alert_remove(struct app *app, int64_t id, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) && store_alert_remove(db.served, id, err);
}

bool alert_get(struct app *app, int64_t id, struct alert *out, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) && store_alert_get(db.served, id, out, err);
}

bool alert_delivery_get(struct app *app, int64_t id, int64_t delivery_id, struct delivery *out, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) && store_delivery_get(db.served, id, delivery_id, out, err);
}

/* The id of the video that the filter last let through, with a blank behind it; nothing when there is none. */
static bool last_match(struct app *app, const struct alert *alert, struct buf *out, int64_t *count, struct error *err)
{
	AUTO(saved_filter_clear) struct saved_filter filter = {0};
	AUTO(video_page_clear) struct video_page page = {0};

	if (!app_open(app, err) || !saved_filter_read(app_lists(app), alert->filter, &filter, err))
		return false;
	filter.query.request.sort = SORT_RECORDED;
	filter.query.request.page_size = 1;
	filter.query.request.counting = COUNT_NOT;
	filter.query.request.public_only = true;
	if (!store_videos_page(app->store, &filter.query.request, &page, err))
		return false;
	*count = (int64_t)page.videos.count;
	if (*count)
		buf_printf(out, "%s ", page.videos.items[0].id);
	return buf_ok(out, err);
}

bool alert_test(struct app *app, int64_t id, int64_t *delivery_id, struct error *err)
{
	AUTO(alert_clear) struct alert alert = {0};
	AUTO(buf_clear) struct buf videos = BUF(64);
	int64_t count;

	if (!alert_get(app, id, &alert, err))
		return false;
	if (alert.kind == DESTINATION_NONE)
		return error_set(err, ERR_UNPROCESSABLE, "a saved filter has no destination to test");
	if (!last_match(app, &alert, &videos, &count, err))
		return false;
	AUTO(databases_unlock) struct databases_lock db = {0};
	return databases_lock(&app->shared->databases, &db, err) &&
	       store_delivery_add_test(db.served, id, buf_text(&videos), count, app_now(app), delivery_id, err);
}

bool alert_retry(struct app *app, int64_t id, int64_t delivery_id, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) &&
	       store_delivery_retry(db.served, id, delivery_id, app_now(app), err);
}

bool alert_unsubscribe(struct app *app, const char *token, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	AUTO(alert_clear) struct alert alert = {0};

	return databases_lock(&app->shared->databases, &db, err) && store_alert_find(db.served, token, &alert, err) &&
	       store_alert_set_state(db.served, alert.id, ALERT_PAUSED, app_now(app), err);
}
