#include <stdio.h>
#include <string.h>

#include "cgi/commands/alerts.h"
#include "cgi/handlers.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/alert_form.h"
#include "cgi/pages/widgets/outcome.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/http_error.h"
#include "cgi/request/link_writer.h"
#include "http/params.h"
#include "base/text.h"
#include "store/alerts/alerts.h"
#include "store/alerts/outbox.h"

enum { NAME_BYTES = 10 * 1024, URL_BYTES = 8 * 1024, LOG_SHOWN = 50, PATH_SIZE = 64 };

static const char path[] = "/alerts";

const char *const alerts_parameters[] = {"done", "to", NULL};

static const struct outcome outcomes[] = {
    {.name = "add", .words = "Added. New videos are told from now on."},
    {.name = "change", .words = "Saved."},
    {.name = "pause", .words = "Paused."},
    {.name = "resume", .words = "Resumed."},
    {.name = "remove", .words = "Removed."},
    {.name = "test", .words = "The next run sends a test, within a minute. What came of it is shown below."},
    {.name = "retry", .words = "The next run sends it again, within a minute."},
};

enum { OUTCOMES = sizeof(outcomes) / sizeof(outcomes[0]) };

/* ---- parts of both pages ---- */

static bool write_name(struct app *app, struct writer *w, const struct query_list *queries, const struct alert *alert,
                       struct error *err)
{
	AUTO(buf_clear) struct buf name = BUF(NAME_BYTES);

	buf_add_text(&name, alert->label);
	if (!*page_visible(alert->label, "")) {
		buf_reset(&name);
		if (!list_filter_words(app, queries, alert->filter, &name, err))
			return false;
	}
	write_buf(w, "name", &name);
	return true;
}

static void write_list_of(struct app *app, struct writer *w, const struct alert *alert)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	buf_printf(&url, "/?%s%ssort=recorded", alert->filter, *alert->filter ? "&" : "");
	write_link(w, app, "list_url", buf_text(&url));
}

/* In the colours and words of states. */
static void write_state(struct writer *w, const struct alert *alert)
{
	static const char *const words[ALERT_STATE_COUNT] = {[ALERT_ACTIVE] = "active",
	                                                     [ALERT_PAUSED] = "paused",
	                                                     [ALERT_ENDED] = "ended: its destination is gone",
	                                                     [ALERT_SET_ASIDE] = "set aside after a week of failures"};
	bool saved = alert->kind == DESTINATION_NONE;
	bool failing = alert->error && alert->state == ALERT_ACTIVE;

	write_text(w, "state",
	           alert->state == ALERT_PAUSED   ? "paused"
	           : alert->state != ALERT_ACTIVE ? "invalid"
	           : failing                      ? "spent"
	                                          : "ok");
	write_text(w, "state_words", saved ? "saved filter" : failing ? "failing" : words[alert->state]);
	write_text(w, "error", alert->error);
}

static void write_when(struct writer *w, const struct alert *alert)
{
	char at[CLOCK_TIME_SIZE], words[200];

	alert_time_write(alert->minute, at);
	if (alert->schedule == SCHEDULE_NOW)
		snprintf(words, sizeof(words), "at once");
	else if (alert->schedule == SCHEDULE_HOURLY)
		snprintf(words, sizeof(words), "hourly, at minute %s", at + 3);
	else
		snprintf(words, sizeof(words), "%s, %s %.60s", alert->schedule == SCHEDULE_DAILY ? "daily" : "on Mondays", at,
		         alert->timezone);
	write_text(w, "when", words);
}

/* ---- all of them ---- */

static bool write_row(struct app *app, struct writer *w, const struct query_list *queries, const struct alert *alert,
                      struct error *err)
{
	char where[ALERT_MASK_SIZE];

	alert_destination_words(alert, where);
	write_object(w, NULL);
	write_link_id(w, app, "url", "/alerts/", alert->id);
	if (!write_name(app, w, queries, alert, err))
		return false;
	write_list_of(app, w, alert);
	write_state(w, alert);
	write_bool(w, "sends", alert->kind != DESTINATION_NONE);
	write_text(w, "kind", alert_kind_words(alert->kind));
	write_filled_text(w, "where", where);
	write_when(w, alert);
	page_write_moment(w, "delivered", alert->delivered_at, app_now(app));
	write_end(w);
	return true;
}

bool page_alerts(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	AUTO(alert_list_clear) struct alert_list alerts = {0};
	AUTO(query_list_clear) struct query_list queries = {0};
	struct page_frame frame = {.title = "Alerts", .req = req, .with_freshness = true};
	const char *done;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	if (!outcome_read(req, outcomes, OUTCOMES, &done, err) || !store_alerts_list(app->store, &alerts, err) ||
	    !store_queries_list(app->store, QUERIES_PUBLIC, app_now(app), &queries, err) || !page_begin(app, &frame, &page, err))
		return false;
	write_text(&page.w, "done", done);
	write_link(&page.w, app, "new_url", "/alerts/new");
	write_array(&page.w, "alerts");
	for (size_t i = 0; i < alerts.count; i++)
		if (!write_row(app, &page.w, &queries, &alerts.items[i], err))
			return false;
	write_end(&page.w);
	return page_render(app, "alerts", &page, 200, res, err);
}

/* ---- one of them ---- */

static void write_delivery(struct writer *w, const struct delivery *delivery, int64_t now)
{
	static const char *const states[DELIVERY_STATE_COUNT] = {"new", "ok", "invalid", "paused"};
	static const char *const words[DELIVERY_STATE_COUNT] = {"waiting", "delivered", "failed", "not sent"};

	write_object(w, NULL);
	write_text(w, "state", states[delivery->state]);
	write_text(w, "state_words", words[delivery->state]);
	write_bool(w, "test", delivery->is_test);
	page_write_counted(w, "videos", delivery->count, "video", "videos");
	page_write_moment(w, "made", delivery->made_at, now);
	if (delivery->tries > 1)
		page_write_counted(w, "tries", delivery->tries, "try", "tries");
	else
		write_null(w, "tries");
	page_write_moment(w, "next", delivery->state == DELIVERY_WAITING && delivery->tries ? delivery->next_at : 0, now);
	write_text(w, "id", delivery->message_id);
	write_int(w, "number", delivery->id);
	write_text(w, "error", delivery->error);
	write_end(w);
}

static bool write_log(struct app *app, struct writer *w, int64_t id, struct error *err)
{
	AUTO(delivery_list_clear) struct delivery_list list = {0};

	if (id && !store_deliveries_list(app->store, id, 0, LOG_SHOWN, &list, err))
		return false;
	write_array(w, "deliveries");
	for (size_t i = 0; i < list.count; i++)
		write_delivery(w, &list.items[i], app_now(app));
	write_end(w);
	return true;
}

static void write_buttons(struct writer *w, const struct alert *alert)
{
	write_array(w, "buttons");
	if (alert->kind != DESTINATION_NONE) {
		page_add_button(w, "test", "Send a test", NULL, false);
		page_add_button(w, alert->state == ALERT_ACTIVE ? "pause" : "resume",
		                alert->state == ALERT_ACTIVE ? "Pause" : "Resume", NULL, false);
	}
	page_add_button(w, "remove", "Remove", NULL, true);
	write_end(w);
}

static bool write_alert(struct app *app, struct writer *w, const struct alert *alert, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(buf_clear) struct buf words = BUF(NAME_BYTES);

	if (!store_queries_list(app->store, QUERIES_PUBLIC, app_now(app), &queries, err) ||
	    !list_filter_words(app, &queries, alert->filter, &words, err) || !write_log(app, w, alert->id, err))
		return false;
	write_link(w, app, "alerts_url", path);
	write_bool(w, "exists", alert->id != 0);
	write_text(w, "name", alert->label);
	write_buf(w, "words", &words);
	write_list_of(app, w, alert);
	write_state(w, alert);
	page_write_moment(w, "delivered", alert->delivered_at, app_now(app));
	page_write_moment(w, "next", alert->schedule != SCHEDULE_NOW ? alert->next_at : 0, app_now(app));
	if (alert->id)
		write_link_id(w, app, "url", "/alerts/", alert->id);
	else
		write_link(w, app, "url", path);
	if (alert->id)
		write_link_id(w, app, "alert_url", "/alerts/", alert->id);
	else
		write_link(w, app, "alert_url", path);
	write_buttons(w, alert);
	return true;
}

/* The page of ALERT, a new one without id; WHY its form was refused, NULL = it was not. */
static bool show(struct app *app, const struct request *req, const struct alert *alert, const struct error *why,
                 struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	struct page_frame frame = {.title = alert->id ? "Alert" : "New alert", .req = req, .with_freshness = true};
	const char *done = NULL;

	if ((!why && alert->id && !outcome_read(req, outcomes, OUTCOMES, &done, err)) || !page_begin(app, &frame, &page, err))
		return false;
	write_text(&page.w, "done", done);
	if (!write_alert(app, &page.w, alert, err) || !alert_form_write(app, &page.w, req, alert, why, err))
		return false;
	return page_render(app, "alert", &page, why ? http_error_of(why->code)->status : 200, res, err);
}

bool page_alert_new(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(alert_clear) struct alert alert = {0};

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	return alert_form_begin(app, req, &alert, err) && show(app, req, &alert, NULL, res, err);
}

bool page_alert(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(alert_clear) struct alert alert = {0};
	int64_t id;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	return params_read_id(req, "alert", &id, err) && store_alert_get(app->store, id, &alert, err) &&
	       alert_form_choose(req, &alert, err) && show(app, req, &alert, NULL, res, err);
}

/* ---- what its forms do ---- */

/* Shows the page again when WHY is about what was typed; ID 0: into the form that adds. */
static bool refuse(struct app *app, const struct request *req, int64_t id, const struct error *why, struct response *res,
                   struct error *err)
{
	AUTO(alert_clear) struct alert alert = {0};

	if (!page_is_refusal(why)) {
		*err = *why;
		return false;
	}
	return (id ? store_alert_get(app->store, id, &alert, err) && alert_form_choose(req, &alert, err)
	           : alert_form_begin(app, req, &alert, err)) &&
	       show(app, req, &alert, why, res, err);
}

static bool go_to(struct app *app, int64_t id, const char *done, struct response *res, struct error *err)
{
	char to[PATH_SIZE];

	if (id)
		snprintf(to, sizeof(to), "/alerts/%lld?done=%s", (long long)id, done);
	else
		snprintf(to, sizeof(to), "/alerts?done=%s", done);
	return page_redirect(app, to, res, err);
}

bool page_alert_add(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(alert_clear) struct alert alert = {0};
	struct error why = {0};
	bool made_secret;
	int64_t id;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	if (alert_read(app, req, NULL, &alert, &made_secret, &why) && alert_add(app, &alert, &id, &why))
		return go_to(app, id, "add", res, err);
	return refuse(app, req, 0, &why, res, err);
}

static bool change(struct app *app, const struct request *req, int64_t id, struct error *err)
{
	AUTO(alert_clear) struct alert before = {0};
	AUTO(alert_clear) struct alert alert = {0};
	bool made_secret;

	return alert_get(app, id, &before, err) && alert_read(app, req, &before, &alert, &made_secret, err) &&
	       alert_change(app, &alert, err);
}

static bool act(struct app *app, const struct request *req, int64_t id, const char *action, struct error *err)
{
	const char *delivery = fields_get(&req->body, "delivery");
	int64_t delivery_id;

	if (strcmp(action, "change") == 0)
		return change(app, req, id, err);
	if (strcmp(action, "remove") == 0)
		return alert_remove(app, id, err);
	if (strcmp(action, "test") == 0)
		return alert_test(app, id, &delivery_id, err);
	if (strcmp(action, "retry") == 0)
		return delivery && text_int(delivery, 1, INT64_MAX, &delivery_id)
		           ? alert_retry(app, id, delivery_id, err)
		           : error_set(err, ERR_NOT_FOUND, "no such delivery");
	return alert_set_state(app, id, strcmp(action, "pause") == 0 ? ALERT_PAUSED : ALERT_ACTIVE, err);
}

static bool read_action(const struct request *req, const char **out, struct error *err)
{
	static const char *const actions[] = {"change", "test", "pause", "resume", "remove", "retry"};
	const char *action = fields_get(&req->body, "action");

	for (size_t i = 0; action && i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(action, actions[i]) == 0) {
			*out = actions[i];
			return true;
		}
	}
	return error_set_field(err, ERR_INVALID, "action", "change, test, pause, resume, remove or retry is allowed");
}

bool page_alert_act(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct error why = {0};
	const char *action = "";
	int64_t id;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	if (!params_read_id(req, "alert", &id, err) || !read_action(req, &action, err))
		return false;
	if (!act(app, req, id, action, &why))
		return refuse(app, req, id, &why, res, err);
	return go_to(app, strcmp(action, "remove") == 0 ? 0 : id, action, res, err);
}

/* ---- for those who get its e-mails ---- */

bool page_unsubscribe(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	AUTO(alert_clear) struct alert alert = {0};
	struct page_frame frame = {.title = "E-mails", .req = req};
	const char *token = fields_get(&req->captures, "token");
	char url[PATH_SIZE + 64];

	if (!store_alert_find(app->store, token ? token : "", &alert, err))
		return false;
	if (alert.kind != DESTINATION_EMAIL)
		return error_set(err, ERR_NOT_FOUND, "there are no such e-mails");
	if (req->method == METHOD_POST && !alert_unsubscribe(app, token, err))
		return false;
	if (!page_begin(app, &frame, &page, err))
		return false;
	snprintf(url, sizeof(url), "/alerts/unsubscribe/%.60s", token);
	write_link(&page.w, app, "url", url);
	write_bool(&page.w, "stopped", req->method == METHOD_POST || alert.state != ALERT_ACTIVE);
	write_text(&page.w, "name", page_visible(alert.label, "this list"));
	write_text(&page.w, "to", alert.recipient);
	return page_render(app, "unsubscribe", &page, 200, res, err);
}
