#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cgi/commands/alerts.h"
#include "cgi/handlers.h"
#include "http/params.h"
#include "listing/saved_filter.h"
#include "store/alerts/alerts.h"
#include "store/alerts/outbox.h"

enum { PATH_BYTES = 128, DELIVERIES_DEFAULT = 20, DELIVERIES_MAX = 100 };

const char *const deliveries_parameters[] = {"before", "page_size", NULL};

/* ---- answers ---- */

/* The filter was checked when it was stored: what cannot be decoded is left out. */
static void write_filter(struct writer *w, void *context)
{
	struct request req = {.query_string = context};
	struct error ignored;

	if (request_read_query(&req, filter_parameters, UNKNOWN_IGNORED, &ignored))
		for (size_t i = 0; i < req.query.count; i++)
			write_text(w, req.query.items[i].name, req.query.items[i].value);
	fields_clear(&req.query);
}

static void write_alert(struct writer *w, const struct alert *alert, const char *secret)
{
	alert_write_json(w, alert, secret, write_filter, alert->filter);
}

/* As it was written just now; SECRET as in alert_write_json(). */
static bool answer_alert(struct app *app, int64_t id, int status, bool with_secret, struct response *res, struct error *err)
{
	AUTO(alert_clear) struct alert alert = {0};

	if (!alert_get(app, id, &alert, err))
		return false;
	struct writer w = response_json(res, status);
	write_alert(&w, &alert, with_secret ? alert.secret : NULL);
	return true;
}

static bool answer_delivery(struct app *app, int64_t id, int64_t delivery_id, struct response *res, struct error *err)
{
	AUTO(delivery_clear) struct delivery delivery = {0};

	if (!alert_delivery_get(app, id, delivery_id, &delivery, err))
		return false;
	struct writer w = response_json(res, 202);
	delivery_write_json(&w, &delivery);
	return true;
}

/* ---- rules ---- */

bool api_alerts_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(alert_list_clear) struct alert_list alerts = {0};

	(void)req;
	if (!store_alerts_list(app->store, &alerts, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", (int64_t)alerts.count);
	write_array(&w, "results");
	for (size_t i = 0; i < alerts.count; i++)
		write_alert(&w, &alerts.items[i], NULL);
	write_end(&w);
	write_end(&w);
	return true;
}

bool api_alert_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	int64_t id;

	return params_read_id(req, "alert", &id, err) && answer_alert(app, id, 200, false, res, err);
}

bool api_alert_add(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(alert_clear) struct alert alert = {0};
	char location[PATH_BYTES];
	bool made_secret;
	int64_t id;

	if (fields_has(&req->body, "state") || fields_has(&req->body, "action"))
		return error_set_field(err, ERR_INVALID, "state", "a new alert is active");
	if (!alert_read(app, req, NULL, &alert, &made_secret, err) || !alert_add(app, &alert, &id, err))
		return false;
	snprintf(location, sizeof(location), "/api/alerts/%lld", (long long)id);
	response_header(res, "Location", location);
	return answer_alert(app, id, 201, made_secret, res, err);
}

static bool read_state(const struct request *req, bool *sets, enum alert_state *out, struct error *err)
{
	const char *state = fields_get(&req->body, "state");

	*sets = fields_has(&req->body, "state");
	if (!*sets)
		return true;
	*out = state && strcmp(state, "paused") == 0 ? ALERT_PAUSED : ALERT_ACTIVE;
	return (state && strcmp(state, alert_state_name(*out)) == 0) ||
	       error_set_field(err, ERR_INVALID, "state", "'active' or 'paused' is allowed");
}

bool api_alert_change(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(alert_clear) struct alert before = {0};
	AUTO(alert_clear) struct alert alert = {0};
	enum alert_state state = ALERT_ACTIVE;
	bool made_secret, sets_state;
	int64_t id;

	if (!params_read_id(req, "alert", &id, err) || !alert_get(app, id, &before, err) ||
	    !read_state(req, &sets_state, &state, err))
		return false;
	if (req->body.count == 0)
		return error_set(
		    err, ERR_INVALID,
		    "nothing to change: label, filter, destination, schedule, at, timezone, backfill and state are allowed");
	return alert_read(app, req, &before, &alert, &made_secret, err) && alert_change(app, &alert, err) &&
	       (!sets_state || alert_set_state(app, id, state, err)) && answer_alert(app, id, 200, made_secret, res, err);
}

bool api_alert_remove(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	int64_t id;

	res->status = 204;
	return params_read_id(req, "alert", &id, err) && alert_remove(app, id, err);
}

/* ---- messages ---- */

bool api_alert_test(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	static const char *const members[] = {NULL};
	int64_t id, delivery_id;

	return params_read_id(req, "alert", &id, err) && params_body_only(req, members, err) &&
	       alert_test(app, id, &delivery_id, err) && answer_delivery(app, id, delivery_id, res, err);
}

bool api_deliveries_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(delivery_list_clear) struct delivery_list list = {0};
	AUTO(alert_clear) struct alert alert = {0};
	int64_t id, before = 0, size = DELIVERIES_DEFAULT;

	if (!params_read_id(req, "alert", &id, err) || !request_int(req, "before", 1, INT64_MAX, &before, err) ||
	    !request_int(req, "page_size", 1, DELIVERIES_MAX, &size, err) || !store_alert_get(app->store, id, &alert, err) ||
	    !store_deliveries_list(app->store, id, before, size + 1, &list, err))
		return false;
	bool more = (int64_t)list.count > size;
	size_t shown = more ? (size_t)size : list.count;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	if (more)
		write_int(&w, "next_before", list.items[shown - 1].id);
	else
		write_null(&w, "next_before");
	write_array(&w, "results");
	for (size_t i = 0; i < shown; i++)
		delivery_write_json(&w, &list.items[i]);
	write_end(&w);
	write_end(&w);
	return true;
}

bool api_delivery_retry(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	static const char *const members[] = {NULL};
	const char *text = fields_get(&req->captures, "delivery");
	int64_t id, delivery_id;

	if (!params_read_id(req, "alert", &id, err))
		return false;
	if (!text || !text_int(text, 1, INT64_MAX, &delivery_id))
		return error_set(err, ERR_NOT_FOUND, "there is no delivery with this id");
	return params_body_only(req, members, err) && alert_retry(app, id, delivery_id, err) &&
	       answer_delivery(app, id, delivery_id, res, err);
}
