/* /metrics: text for Prometheus (exposition format 0.0.4). No secrets: projects and keys are named by their ids in the database. What concerns
 * the owner alone is told with the admin token, as in /api/status, or with that for monitoring. */

#include "cgi/handlers.h"
#include "cgi/request/auth.h"
#include "cgi/routes.h"
#include "store/quota/calls.h"
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

static void write_gauge(struct buf *out, const char *name, const char *help, int64_t value)
{
	write_number(out, name, "gauge", help, value);
}

/* A time that is not known yet has no value. */
static void write_time_of(struct buf *out, const char *name, const char *help, int64_t at)
{
	if (at)
		write_gauge(out, name, help, at);
}

static void add_label_text(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			buf_add_char(out, '\\');
		if (*text == '\n')
			buf_add_text(out, "\\n");
		else
			buf_add_char(out, *text);
	}
}

/* ---- the record ---- */

static bool write_record(struct app *app, const struct status *status, struct buf *out, struct error *err)
{
	int64_t generation;

	if (!store_generation(app->store, &generation, err))
		return false;
	write_gauge(out, "newsreel_videos", "Recorded videos.", status->videos);
	write_number(out, "newsreel_changes_total", "counter", "Changes of the record that a reader can see.", generation);
	write_gauge(out, "newsreel_healthy", "Whether newsreel records as it should: 1, or 0 as /healthz with 503.",
	            status->healthy);
	write_gauge(out, "newsreel_warnings", "Warnings of /api/status.", (int64_t)status->warnings.count);
	return true;
}

/* ---- runs ---- */

static bool write_runs(struct app *app, struct buf *out, struct error *err)
{
	AUTO(run_clear) struct run run = {0};

	if (!store_run_last(app->store, &run, err) && err->code != ERR_NOT_FOUND)
		return false;
	write_number(out, "newsreel_runs_total", "counter", "Runs of newsreel-fetch, as of the last one that finished.", run.id);
	if (!run.finished_at)
		return true;
	write_gauge(out, "newsreel_last_run_timestamp_seconds", "When the last run finished.", run.finished_at);
	describe(out, "newsreel_last_run_duration_seconds", "gauge", "How long it took.");
	buf_printf(out, "newsreel_last_run_duration_seconds %.3f\n", (double)run.ms / 1000);
	write_gauge(out, "newsreel_last_run_failures", "Its failed calls.", run.failures);
	write_gauge(out, "newsreel_last_run_videos_added", "Its new videos.", run.added);
	write_gauge(out, "newsreel_last_run_videos_updated", "Its changed videos.", run.updated);
	return true;
}

/* ---- calls ---- */

struct call_sums {
	int64_t of[BUCKET_COUNT][CLASS_COUNT];
};

static void write_calls(struct buf *out, const struct call_count_list *calls)
{
	struct call_sums sums = {0};

	for (size_t i = 0; i < calls->count; i++)
		sums.of[calls->items[i].bucket][calls->items[i].result] += calls->items[i].calls;
	describe(out, "newsreel_youtube_calls_total", "counter", "Calls to YouTube, by bucket of quota and result.");
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		for (enum error_class result = 0; result < CLASS_COUNT; result++)
			buf_printf(out, "newsreel_youtube_calls_total{bucket=\"%s\",result=\"%s\"} %lld\n", bucket_name(bucket),
			           error_class_name(result), (long long)sums.of[bucket][result]);
}

/* In the order of the list, which is that of projects and buckets. */
static void write_project_calls(struct buf *out, const struct call_count_list *calls)
{
	describe(out, "newsreel_project_calls_total", "counter", "Calls to YouTube, by project and bucket of quota.");
	for (size_t i = 0; i < calls->count;) {
		const struct call_count *first = &calls->items[i];
		int64_t sum = 0;

		for (; i < calls->count && calls->items[i].project == first->project && calls->items[i].bucket == first->bucket;
		     i++)
			sum += calls->items[i].calls;
		buf_printf(out, "newsreel_project_calls_total{project=\"%lld\",bucket=\"%s\"} %lld\n", (long long)first->project,
		           bucket_name(first->bucket), (long long)sum);
	}
}

/* ---- queries ---- */

static int64_t success_of(const struct query *query)
{
	return query->succeeded_at;
}

static int64_t gaps_of(const struct query *query)
{
	return query->gaps_count;
}

static int64_t missing_of(const struct query *query)
{
	return query->missing_s;
}

/* Of a paused one nothing is expected. */
static bool is_polled(const struct query *query)
{
	return query->entry_state == ENTRY_ACTIVE && query->period == PERIOD_WITHIN;
}

static void write_each_query(struct buf *out, const struct query_list *queries, const char *name, const char *help,
                             int64_t (*value_of)(const struct query *query))
{
	describe(out, name, "gauge", help);
	for (size_t i = 0; i < queries->count; i++) {
		const struct query *query = &queries->items[i];

		if (!is_polled(query))
			continue;
		buf_printf(out, "%s{query=\"%lld\",text=\"", name, (long long)query->id);
		add_label_text(out, query->text);
		buf_printf(out, "\"} %lld\n", (long long)value_of(query));
	}
}

static void write_queries(struct buf *out, const struct status *status)
{
	const struct query_list *queries = &status->queries;
	int64_t failing = 0;

	for (size_t i = 0; i < queries->count; i++)
		failing += queries->items[i].error != NULL;
	write_gauge(out, "newsreel_queries", "Tracked queries, without visitor requests.", (int64_t)queries->count);
	write_gauge(out, "newsreel_queries_failing", "Tracked queries whose last poll failed.", failing);
	write_time_of(out, "newsreel_last_success_timestamp_seconds", "When a poll last succeeded.", status->last_success_at);
	write_each_query(out, queries, "newsreel_query_last_success_timestamp_seconds",
	                 "When a poll of the query last succeeded; 0 = never.", success_of);
	write_each_query(out, queries, "newsreel_query_gaps", "Gaps in the query's coverage.", gaps_of);
	write_each_query(out, queries, "newsreel_query_gap_seconds", "How much time all of them cover.", missing_of);
}

/* ---- for the owner ---- */

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

static void write_keys(struct buf *out, const struct key_list *keys, int64_t now)
{
	write_quota(out, keys, "newsreel_quota_used", "Quota used on this Pacific day.", false);
	write_quota(out, keys, "newsreel_quota_limit", "Quota of a Pacific day.", true);
	describe(out, "newsreel_key_usable", "gauge", "Whether a key may be used now.");
	for (size_t i = 0; i < keys->count; i++)
		for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
			buf_printf(out, "newsreel_key_usable{key=\"%lld\",project=\"%lld\",bucket=\"%s\"} %d\n",
			           (long long)keys->items[i].id, (long long)keys->items[i].project.id, bucket_name(bucket),
			           key_is_usable(&keys->items[i], bucket, now));
}

static void write_budget(struct buf *out, const struct schedule_table *schedule)
{
	describe(out, "newsreel_budget_searches", "gauge", "Searches made on this Pacific day, by what they are for.");
	for (enum budget_category category = BUDGET_ALL + 1; category < BUDGET_COUNT; category++)
		buf_printf(out, "newsreel_budget_searches{category=\"%s\"} %lld\n", budget_category_name(category),
		           (long long)schedule->of[category].searches);
}

static void write_backup(struct buf *out, const struct backup_log *log)
{
	write_gauge(out, "newsreel_backup_scheduled", "Whether there is to be a backup a day.", log->wanted_since > 0);
	write_gauge(out, "newsreel_last_backup_timestamp_seconds", "When the last good backup was made; 0 = never.",
	            log->succeeded_at);
	write_gauge(out, "newsreel_last_backup_size_bytes", "Its size.", log->bytes);
	write_gauge(out, "newsreel_last_backup_failed", "Whether the last scheduled backup failed.", log->error != NULL);
}

static void write_for_owner(struct buf *out, const struct status *status, const struct call_count_list *calls)
{
	write_keys(out, &status->keys, status->now);
	write_project_calls(out, calls);
	write_budget(out, &status->schedule);
	write_gauge(out, "newsreel_database_bytes", "Size of the database.", status->size_bytes);
	write_gauge(out, "newsreel_wal_bytes", "Size of its write-ahead log.", status->wal_bytes);
	write_gauge(out, "newsreel_database_room_bytes", "How much it can still grow.", status->room_bytes);
	write_backup(out, &status->backup);
	write_gauge(out, "newsreel_videos_waiting", "Videos that wait for their details, counted up to some thousands.",
	            status->waiting);
	write_gauge(out, "newsreel_videos_unindexed", "Videos that wait for the search index.", status->unindexed);
	write_gauge(out, "newsreel_alerts_failing", "Alerts that do not work.", status->alerts_failing);
	write_gauge(out, "newsreel_alert_messages_waiting", "Messages in the outbox of alerts.", status->alerts_waiting);
}

/* ---- requests ---- */

static unsigned long long get(atomic_uint_fast64_t *counter)
{
	return (unsigned long long)atomic_load_explicit(counter, memory_order_relaxed);
}

/* The labels that name row ROUTE of the table. */
static void add_route(struct buf *out, size_t route)
{
	const struct endpoint *endpoint = route < routes_count ? routes_at(route) : NULL;

	buf_printf(out, "route=\"%s\",method=\"%s\"", endpoint ? endpoint->pattern : "none",
	           endpoint ? method_name(endpoint->method) : "any");
}

static void write_counts(struct buf *out, struct request_metrics *metrics)
{
	describe(out, "newsreel_http_requests_total", "counter", "Answers of newsreel-web, without those that nginx gave.");
	for (size_t route = 0; route <= routes_count; route++)
		for (int status_class = 1; status_class < STATUS_CLASSES; status_class++) {
			unsigned long long count = get(&metrics->of[route].requests[status_class]);

			if (!count)
				continue;
			buf_add_text(out, "newsreel_http_requests_total{");
			add_route(out, route);
			buf_printf(out, ",status=\"%dxx\"} %llu\n", status_class, count);
		}
}

static void write_histogram(struct buf *out, struct route_metrics *metrics, size_t route)
{
	static const char name[] = "newsreel_http_request_duration_seconds";
	unsigned long long count = 0;
	unsigned long long counts[DURATIONS];

	for (size_t i = 0; i < DURATIONS; i++)
		counts[i] = count += get(&metrics->durations[i]);
	if (!count)
		return;
	for (size_t i = 0; i < DURATIONS; i++) {
		buf_printf(out, "%s_bucket{", name);
		add_route(out, route);
		if (i < DURATIONS - 1)
			buf_printf(out, ",le=\"%g\"} %llu\n", (double)metrics_durations_ms[i] / 1000, counts[i]);
		else
			buf_printf(out, ",le=\"+Inf\"} %llu\n", counts[i]);
	}
	buf_printf(out, "%s_sum{", name);
	add_route(out, route);
	buf_printf(out, "} %.3f\n%s_count{", (double)get(&metrics->milliseconds) / 1000, name);
	add_route(out, route);
	buf_printf(out, "} %llu\n", count);
}

static void write_requests(struct app *app, struct buf *out)
{
	struct request_metrics *metrics = &app->shared->request_metrics;

	write_gauge(out, "newsreel_web_start_time_seconds", "When newsreel-web started.", app->shared->started_at);
	write_counts(out, metrics);
	describe(out, "newsreel_http_request_duration_seconds", "histogram", "Time from reading a request to its answer.");
	for (size_t route = 0; route <= routes_count; route++)
		write_histogram(out, &metrics->of[route], route);
}

bool metrics(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(status_clear) struct status status = {0};
	AUTO(call_count_list_clear) struct call_count_list calls = {0};
	struct buf *out = &res->body;
	enum access access;

	if (!auth_read_metrics(app, req, &access, err) || !app_status(app, &status, err) ||
	    !store_calls_list(app->store, &calls, err))
		return false;
	response_header(res, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
	describe(out, "newsreel_build_info", "gauge", "The version.");
	buf_printf(out, "newsreel_build_info{version=\"%s\"} 1\n", NEWSREEL_VERSION);
	if (!write_record(app, &status, out, err) || !write_runs(app, out, err))
		return false;
	write_calls(out, &calls);
	write_queries(out, &status);
	if (access == ACCESS_OWNER)
		write_for_owner(out, &status, &calls);
	write_requests(app, out);
	return true;
}
