#include "cgi/handlers.h"
#include "cgi/views.h"
#include "store/runs.h"

/* Ticks are late when this many intervals, and at least this long, passed without one. */
enum { LATE_INTERVALS = 10, LATE_S = 15 * 60 };

bool health_ping(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	(void)app;
	(void)req;
	(void)err;
	response_header(res, "Content-Type", "text/plain; charset=utf-8");
	buf_add_text(&res->body, "pong\n");
	return true;
}

bool health_ready(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	int64_t generation;

	(void)req;
	if (!store_generation(app->store, &generation, err))
		return false;
	response_header(res, "Content-Type", "text/plain; charset=utf-8");
	buf_add_text(&res->body, "ready\n");
	return true;
}

/* How fresh the record is. */
struct freshness {
	int64_t videos;
	int64_t last_run_at; /* 0 = never */
	bool ticking;
};

static bool read_freshness(struct app *app, struct freshness *out, struct error *err)
{
	AUTO(run_clear) struct run run = {0};
	int64_t interval = app->shared->config->interval_s;
	int64_t patience = interval * LATE_INTERVALS > LATE_S ? interval * LATE_INTERVALS : LATE_S;

	if (!store_run_last(app->store, &run, err) && err->code != ERR_NOT_FOUND)
		return false;
	out->last_run_at = run.finished_at;
	/* Right after the start, nobody is late. */
	int64_t since = run.finished_at > app->shared->started_at ? run.finished_at : app->shared->started_at;
	out->ticking = app_now(app) - since <= patience;
	return store_video_count(app->store, &out->videos, err);
}

bool health_check(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct freshness freshness = {0};

	(void)req;
	if (!read_freshness(app, &freshness, err))
		return false;
	struct writer w = view_json(res, freshness.ticking ? 200 : 503);
	write_object(&w, NULL);
	write_text(&w, "status", freshness.ticking ? "ok" : "no tick for too long");
	write_int(&w, "videos", freshness.videos);
	write_time(&w, "last_run_at", freshness.last_run_at);
	write_bool(&w, "demo", app->shared->demo);
	write_end(&w);
	return true;
}
