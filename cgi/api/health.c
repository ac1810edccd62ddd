/* /ping, /readyz and /healthz: for what watches over newsreel. */
#include "base/log.h"
#include "cgi/handlers.h"
#include "cgi/request/http_error.h"

bool health_ping(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	(void)app;
	(void)req;
	(void)err;
	response_header(res, "Content-Type", "text/plain; charset=utf-8");
	buf_add_text(&res->body, "pong\n");
	return true;
}

/* Makes the first page, as a reader gets it. */
static bool make_a_page(struct app *app, const struct request *req, struct error *err)
{
	AUTO(response_clear) struct response page;
	char path[] = "/";
	struct request first = *req; /* borrows from REQ */

	first.path = path;
	first.query.count = 0;
	response_init(&page);
	return app_open(app, err) && page_videos(app, &first, &page, err) && buf_ok(&page.body, err);
}

/* False, with an error that is a 503, when a reader gets no page. Details of faults are for the log. */
static bool read_status(struct app *app, const struct request *req, struct status *out, struct error *err)
{
	if (make_a_page(app, req, err) && app_status(app, out, err))
		return true;
	if (http_error_of(err->code)->status == 503)
		return false;
	struct log_field fields[] = {LOG_TEXT("error", err->text), LOG_END};
	log_line(LOG_ERROR, "not ready", fields);
	return error_set(err, ERR_BUSY, "the database cannot be read: see the log, under this request's id");
}

/* The primary answers without it too: that is no fault. */
static void write_replica(struct app *app, struct response *res)
{
	struct replica *replica = &app->shared->databases.replica;

	replica_note(replica, app->primary);
	(void)replica_use(replica, &app->replica, app_now(app));
	replica_write_state(replica, app_now(app), &res->body);
}

bool health_ready(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(status_clear) struct status status = {0};

	if (!read_status(app, req, &status, err))
		return false;
	if (!status.writable)
		return error_set(err, ERR_BUSY, "nothing can be saved: the disk of the database is full or read-only");
	response_header(res, "Content-Type", "text/plain; charset=utf-8");
	buf_add_text(&res->body, "ready\n");
	write_replica(app, res);
	return true;
}

bool health_check(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(status_clear) struct status status = {0};

	if (!read_status(app, req, &status, err))
		return false;
	struct writer w = response_json(res, status.healthy ? 200 : 503);
	write_object(&w, NULL);
	write_text(&w, "status", status.summary == SUMMARY_GOOD ? "ok" : summary_words(status.summary));
	write_int(&w, "videos", status.videos);
	write_time(&w, "last_run_at", status.last_run_at);
	write_time(&w, "last_success_at", status.last_success_at);
	write_bool(&w, "demo", app->shared->demo);
	status_write_warnings(&w, &status);
	write_end(&w);
	return true;
}
