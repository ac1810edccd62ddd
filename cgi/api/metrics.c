/* /metrics: text for Prometheus (exposition format 0.0.4). No secrets: projects are named by their id in the database. Quota and keys
 * are told the owner alone, as in /api/status. */

#include "cgi/handlers.h"
#include "cgi/request/auth.h"
#include "cgi/routes.h"
#include "store/keys.h"
#include "store/queries.h"
#include "store/runs.h"

/* The description of a metric comes once, before its first value. */
static void describe(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_number(struct buf *out, const char *name, const char *type, const char *help, int64_t value)
{
	describe(out, name, type, help);
	buf_printf(out, "%s %lld\n", name, (long long)value);
}

static bool write_videos(struct app *app, struct buf *out, struct error *err)
{
	int64_t videos, generation;

	if (!store_video_count(app->store, &videos, err) || !store_generation(app->store, &generation, err))
		return false;
	write_number(out, "newsreel_videos", "gauge", "Recorded videos.", videos);
	write_number(out, "newsreel_generation", "counter", "Changes that a reader can see.", generation);
	return true;
}

/* ---- health ---- */

static bool write_health(struct app *app, struct buf *out, struct error *err)
{
	AUTO(status_clear) struct status status = {0};

	if (!app_status(app, &status, err))
		return false;
	write_number(out, "newsreel_healthy", "gauge", "Whether newsreel records as it should: 1, or 0 as /healthz with 503.",
	             status.healthy);
	write_number(out, "newsreel_warnings", "gauge", "Warnings of /api/status.", (int64_t)status.warnings.count);
	return true;
}

/* ---- runs ---- */

static bool write_runs(struct app *app, struct buf *out, struct error *err)
{
	AUTO(run_clear) struct run run = {0};

	if (!store_run_last(app->store, &run, err) && err->code != ERR_NOT_FOUND)
		return false;
	write_number(out, "newsreel_ticks_total", "counter", "Finished runs of newsreel-fetch.", run.id);
	if (!run.finished_at)
		return true;
	write_number(out, "newsreel_last_tick_age_seconds", "gauge", "Time since the last run finished.",
	             app_now(app) - run.finished_at);
	write_number(out, "newsreel_last_tick_failures", "gauge", "Failed calls of the last run.", run.failures);
	write_number(out, "newsreel_last_tick_added", "gauge", "New videos of the last run.", run.added);
	write_number(out, "newsreel_last_tick_updated", "gauge", "Changed videos of the last run.", run.updated);
	describe(out, "newsreel_last_tick_calls", "gauge", "Calls of the last run, by bucket of quota.");
	buf_printf(out, "newsreel_last_tick_calls{bucket=\"searches\"} %lld\n", (long long)run.searches);
	buf_printf(out, "newsreel_last_tick_calls{bucket=\"units\"} %lld\n", (long long)run.units);
	return true;
}

/* ---- queries ---- */

static bool write_queries(struct app *app, struct buf *out, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	int64_t failing = 0, succeeded_at = 0;

	if (!store_queries_list(app->store, QUERIES_PUBLIC, app_now(app), &queries, err))
		return false;
	for (size_t i = 0; i < queries.count; i++) {
		const struct query *query = &queries.items[i];

		failing += query->error != NULL;
		succeeded_at = query->succeeded_at > succeeded_at ? query->succeeded_at : succeeded_at;
	}
	write_number(out, "newsreel_queries", "gauge", "Tracked queries, without visitor requests.", (int64_t)queries.count);
	write_number(out, "newsreel_queries_failing", "gauge", "Tracked queries whose last poll failed.", failing);
	if (succeeded_at)
		write_number(out, "newsreel_last_success_age_seconds", "gauge", "Time since the last successful poll.",
		             app_now(app) - succeeded_at);
	return true;
}

/* ---- quota ---- */

static void write_quota(struct buf *out, const struct key_list *keys, const char *name, const char *help, bool limit)
{
	describe(out, name, "gauge", help);
	for (const struct key *key = NULL; (key = key_list_next_project(keys, key));)
		for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
			const struct quota *quota = &key->project.quota[bucket];

			buf_printf(out, "%s{project=\"%lld\",bucket=\"%s\"} %lld\n", name, (long long)key->project.id,
			           bucket_name(bucket), (long long)(limit ? quota->limit : quota->used));
		}
}

static bool write_keys(struct app *app, struct buf *out, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	struct quota_defaults quota = config_quota_defaults(app->shared->config);

	if (!store_keys_list(app->store, &quota, app_now(app), &keys, err))
		return false;
	write_quota(out, &keys, "newsreel_quota_used", "Quota used on this Pacific day.", false);
	write_quota(out, &keys, "newsreel_quota_limit", "Quota of a Pacific day.", true);
	describe(out, "newsreel_key_usable", "gauge", "Whether a key may be used now.");
	for (size_t i = 0; i < keys.count; i++)
		for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
			buf_printf(out, "newsreel_key_usable{key=\"%lld\",project=\"%lld\",bucket=\"%s\"} %d\n",
			           (long long)keys.items[i].id, (long long)keys.items[i].project.id, bucket_name(bucket),
			           key_is_usable(&keys.items[i], bucket, app_now(app)));
	return true;
}

/* ---- requests ---- */

static void write_requests(struct app *app, struct buf *out)
{
	struct request_metrics *request_metrics = &app->shared->request_metrics;

	describe(out, "newsreel_http_requests_total", "counter", "Answers of newsreel-web, without those that nginx gave.");
	for (size_t route = 0; route <= routes_count; route++) {
		const struct endpoint *endpoint = route < routes_count ? routes_at(route) : NULL;

		for (int status_class = 1; status_class < STATUS_CLASSES; status_class++) {
			uint_fast64_t count =
			    atomic_load_explicit(&request_metrics->requests[route][status_class], memory_order_relaxed);
			if (count)
				buf_printf(out, "newsreel_http_requests_total{route=\"%s\",method=\"%s\",status=\"%dxx\"} %llu\n",
				           endpoint ? endpoint->pattern : "none",
				           endpoint ? method_name(endpoint->method) : "any", status_class,
				           (unsigned long long)count);
		}
	}
	describe(out, "newsreel_http_request_seconds_total", "counter", "Time spent on these answers.");
	buf_printf(out, "newsreel_http_request_seconds_total %.3f\n", (double)atomic_load(&request_metrics->milliseconds) / 1000);
}

bool metrics(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	enum access access;

	if (!auth_read(app, req, &access, err))
		return false;
	response_header(res, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
	describe(&res->body, "newsreel_build_info", "gauge", "The version.");
	buf_printf(&res->body, "newsreel_build_info{version=\"%s\"} 1\n", NEWSREEL_VERSION);
	if (!write_videos(app, &res->body, err) || !write_health(app, &res->body, err) || !write_runs(app, &res->body, err) ||
	    !write_queries(app, &res->body, err) || (access == ACCESS_OWNER && !write_keys(app, &res->body, err)))
		return false;
	write_requests(app, &res->body);
	return true;
}
