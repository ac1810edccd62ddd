#include "cgi/handlers.h"
#include "store/runs.h"
#include "store/status.h"

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

/* How current the database is. */
struct freshness {
	int64_t videos;
	int64_t last_run_at;     /* 0 = never */
	int64_t last_success_at; /* the same */
	bool running;            /* runs come as they should */
};

static bool read_freshness(struct app *app, struct freshness *out, struct error *err)
{
	AUTO(run_clear) struct run run = {0};

	if (!store_run_last(app->store, &run, err) && err->code != ERR_NOT_FOUND)
		return false;
	out->last_run_at = run.finished_at;
	/* Right after the start no run is late. */
	int64_t since = run.finished_at > app->shared->started_at ? run.finished_at : app->shared->started_at;
	out->running = !run_is_late(since, app->shared->config->interval_s, app_now(app));
	return store_last_success(app->store, &out->last_success_at, err) && store_video_count(app->store, &out->videos, err);
}

bool health_check(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct freshness freshness = {0};

	(void)req;
	if (!read_freshness(app, &freshness, err))
		return false;
	struct writer w = response_json(res, freshness.running ? 200 : 503);
	write_object(&w, NULL);
	write_text(&w, "status", freshness.running ? "ok" : "no run for too long");
	write_int(&w, "videos", freshness.videos);
	write_time(&w, "last_run_at", freshness.last_run_at);
	write_time(&w, "last_success_at", freshness.last_success_at);
	write_bool(&w, "demo", app->shared->demo);
	write_end(&w);
	return true;
}
