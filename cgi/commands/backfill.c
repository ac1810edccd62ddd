#include "cgi/commands/backfill.h"

#include "cgi/request/params.h"

bool backfill_ask(struct app *app, const struct request *req, int64_t id, struct backfill_estimate *out, bool *confirmed,
                  struct error *err)
{
	static const char *const members[] = {"since", "confirm", NULL};
	AUTO(databases_unlock) struct databases_lock db = {0};
	struct quota_defaults quota = config_quota_defaults(app->shared->config);
	int64_t since = 0;

	*confirmed = false;
	if (!params_body_only(req, members, err) || !params_read_time(&req->body, "since", &since, err) ||
	    !params_read_bool(req, "confirm", confirmed, err))
		return false;
	if (since == 0)
		return error_set_field(err, ERR_INVALID, "since", "the time to begin at is missing");
	return databases_lock(&app->shared->databases, &db, err) &&
	       store_backfill_estimate(db.served, id, since, &quota, app_now(app), out, err) &&
	       (!*confirmed || store_backfill_begin(db.served, id, since, &quota, app_now(app), err));
}

bool backfill_cancel(struct app *app, int64_t id, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) && store_backfill_cancel(db.served, id, app_now(app), err);
}
