#include "cgi/commands/backfill.h"
#include "cgi/handlers.h"
#include "cgi/request/params.h"

bool api_backfill_ask(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct backfill_estimate estimate;
	bool confirmed;
	int64_t id;

	if (!params_read_id(req, "query", &id, err) || !backfill_ask(app, req, id, &estimate, &confirmed, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_bool(&w, "confirmed", confirmed);
	write_time(&w, "since", estimate.since);
	write_time(&w, "until", estimate.until);
	write_int(&w, "searches", estimate.searches);
	write_int(&w, "searches_waiting", estimate.waiting);
	if (estimate.days)
		write_int(&w, "days", estimate.days);
	else
		write_null(&w, "days");
	write_end(&w);
	return true;
}

bool api_backfill_cancel(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	int64_t id;

	if (!params_read_id(req, "query", &id, err) || !backfill_cancel(app, id, err))
		return false;
	res->status = 204;
	return true;
}
