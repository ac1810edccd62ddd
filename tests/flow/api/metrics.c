#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/files/backup_log.h"
#include "store/quota/calls.h"
#include "store/keys.h"
#include "store/runs.h"
#include "tests/support/flow.h"

#define SECRET "AIzaSyA0123456789012345678901234567"

static void run_a_tick(struct flow *flow)
{
	struct store *store = flow_open(flow);
	struct run run = {.finished_at = FLOW_NOW - 42, .searches = 3, .units = 2, .added = 50, .failures = 1};
	struct error err;
	int64_t key;

	assert_true(store_key_add(store, SECRET, "label", FLOW_NOW, &key, &err));
	assert_true(store_quota_charge(store, key, BUCKET_SEARCHES, FLOW_NOW, &err));
	assert_true(store_call_add(store, key, BUCKET_SEARCHES, CLASS_OK, &err));
	assert_true(store_call_add(store, key, BUCKET_SEARCHES, CLASS_OK, &err));
	assert_true(store_call_add(store, key, BUCKET_SEARCHES, CLASS_TEMPORARY, &err));
	assert_true(store_run_begin(store, FLOW_NOW - 50, &run.id, &err) && store_run_finish(store, &run, &err));
	assert_true(store_backup_log_want(store, true, FLOW_NOW, &err) &&
	            store_backup_log_success(store, true, 4096, FLOW_NOW, &err));
	store_close(&store);
}

static void numbers_are_told_and_secrets_are_not(void **state)
{
	static const char *const lines[] = {
	    "\nnewsreel_videos 1\n",
	    "\nnewsreel_runs_total 1\n",
	    "\nnewsreel_last_run_timestamp_seconds ",
	    "\nnewsreel_last_run_failures 1\n",
	    "\nnewsreel_last_run_videos_added 50\n",
	    "\nnewsreel_youtube_calls_total{bucket=\"searches\",result=\"ok\"} 2\n",
	    "\nnewsreel_youtube_calls_total{bucket=\"searches\",result=\"temporary\"} 1\n",
	    "\nnewsreel_youtube_calls_total{bucket=\"units\",result=\"ok\"} 0\n",
	    "\nnewsreel_queries 1\n",
	    "\nnewsreel_query_last_success_timestamp_seconds{query=\"1\",text=\"\\\"a \\\\ b\\\"\"} 0\n",
	    "\nnewsreel_query_gaps{query=\"1\",",
	};
	/* For the owner alone. */
	static const char *const quota[] = {
	    "\nnewsreel_quota_used{project=\"1\",bucket=\"searches\"} 1\n",
	    "\nnewsreel_quota_limit{project=\"1\",bucket=\"units\"} 10000\n",
	    "\nnewsreel_key_usable{key=\"1\",project=\"1\",bucket=\"searches\"} 1\n",
	    "\nnewsreel_project_calls_total{project=\"1\",bucket=\"searches\"} 3\n",
	    "\nnewsreel_budget_searches{category=\"newest\"} 0\n",
	    "\nnewsreel_alert_messages_waiting 0\n",
	    "\nnewsreel_wal_bytes ",
	    "\nnewsreel_backup_scheduled 1\n",
	    "\nnewsreel_last_backup_size_bytes 4096\n",
	    "\nnewsreel_last_backup_failed 0\n",
	};
	struct flow *flow = *state;

	flow_add_query(flow, "\"a \\ b\"");
	flow_add_video(flow, "abcdefghijA", "Liftoff", FLOW_NOW, 1);
	run_a_tick(flow);
	assert_int_equal(flow_get(flow, "/metrics"), 200);
	assert_true(flow_header_has(flow, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_true(flow_body_has(flow, lines[i]));
	assert_false(flow_body_has(flow, "newsreel_quota"));
	assert_false(flow_body_has(flow, "newsreel_key"));
	assert_false(flow_body_has(flow, "newsreel_project"));
	assert_false(flow_body_has(flow, "newsreel_database"));
	assert_int_equal(flow_request(flow, "GET", "/metrics", NULL, "a wrong token"), 401);
	assert_int_equal(flow_request(flow, "GET", "/metrics", NULL, FLOW_TOKEN), 200);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_true(flow_body_has(flow, lines[i]));
	for (size_t i = 0; i < sizeof(quota) / sizeof(quota[0]); i++)
		assert_true(flow_body_has(flow, quota[i]));
	assert_false(flow_body_has(flow, "AIza"));
	assert_false(flow_body_has(flow, "label=\"label\""));
}

/* It opens this and nothing else, and is no guess of the admin token, however often it is sent. */
static void monitoring_has_a_token_of_its_own(void **state)
{
	static const char token[] = "the token of monitoring";
	struct flow *flow = *state;
	struct error err;

	run_a_tick(flow);
	assert_true(text_replace(&flow->config.metrics_token, token, &err));
	for (int i = 0; i < 10; i++) {
		assert_int_equal(flow_request(flow, "GET", "/metrics", NULL, token), 200);
		assert_true(flow_body_has(flow, "newsreel_quota_used{"));
		assert_int_equal(flow_request(flow, "GET", "/api/status", NULL, token), 401);
		assert_true(flow_body_has(flow, "NEWSREEL_METRICS_TOKEN is for /metrics only"));
		assert_int_equal(flow_request(flow, "GET", "/api/api_key", NULL, token), 401);
	}
	assert_int_equal(flow_request(flow, "GET", "/metrics", NULL, "the token of monitorinG"), 401);
	assert_int_equal(flow_request(flow, "GET", "/metrics", NULL, FLOW_TOKEN), 200);
}

/* How many answers of ROUTE with such a status /metrics tells of. */
static long counted(struct flow *flow, const char *route, const char *method, const char *status)
{
	char line[256];

	assert_int_equal(flow_get(flow, "/metrics"), 200);
	snprintf(line, sizeof(line), "newsreel_http_requests_total{route=\"%s\",method=\"%s\",status=\"%s\"} ", route, method,
	         status);
	const char *found = strstr(flow_body(flow), line);
	return found ? strtol(found + strlen(line), NULL, 10) : 0;
}

/* At least: where memory fails on purpose, a request is sent many times. */
static void requests_are_counted_by_route_and_status(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(counted(flow, "/api/videos", "GET", "2xx"), 0);
	for (int i = 0; i < 3; i++)
		flow_get(flow, "/api/videos");
	long before = counted(flow, "/api/videos", "GET", "2xx");
	assert_true(before >= 3);
	assert_int_equal(counted(flow, "/api/videos", "GET", "4xx"), 0);
	flow_get(flow, "/api/videos?page=0");
	flow_get(flow, "/api/nothing");
	assert_true(counted(flow, "/api/videos", "GET", "4xx") >= 1);
	assert_true(counted(flow, "none", "any", "4xx") >= 1);
	assert_int_equal(counted(flow, "/api/videos", "GET", "2xx"), before);
}

static void durations_are_a_histogram(void **state)
{
	static const char count[] = "newsreel_http_request_duration_seconds_count{route=\"/ping\",method=\"GET\"} ";
	static const char all[] = "newsreel_http_request_duration_seconds_bucket{route=\"/ping\",method=\"GET\",le=\"+Inf\"} ";
	struct flow *flow = *state;

	for (int i = 0; i < 3; i++)
		flow_get(flow, "/ping");
	assert_int_equal(flow_get(flow, "/metrics"), 200);
	const char *counted = strstr(flow_body(flow), count), *last = strstr(flow_body(flow), all);
	assert_non_null(counted);
	assert_non_null(last);
	assert_true(strtol(counted + strlen(count), NULL, 10) >= 3);
	assert_int_equal(strtol(counted + strlen(count), NULL, 10), strtol(last + strlen(all), NULL, 10));
	assert_true(flow_body_has(flow, "newsreel_http_request_duration_seconds_sum{route=\"/ping\",method=\"GET\"} "));
	assert_true(flow_body_has(flow, ",le=\"0.001\"} "));
}

/* Every line is a comment or a name with a number, and each metric is described once. */
static void the_text_is_well_formed(void **state)
{
	struct flow *flow = *state;
	char line[512];

	run_a_tick(flow);
	flow_get(flow, "/");
	assert_int_equal(flow_request(flow, "GET", "/metrics", NULL, FLOW_TOKEN), 200);
	for (const char *at = flow_body(flow); *at; at += strcspn(at, "\n") + 1) {
		char *end;

		snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
		if (strncmp(line, "# HELP newsreel_", 16) == 0 || strncmp(line, "# TYPE newsreel_", 16) == 0) {
			assert_null(strstr(at + 1, line));
			continue;
		}
		assert_int_equal(strncmp(line, "newsreel_", 9), 0);
		const char *value = strrchr(line, ' ');
		assert_non_null(value);
		strtod(value + 1, &end);
		assert_true(end > value + 1 && *end == '\0');
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(numbers_are_told_and_secrets_are_not),
	    CASE(requests_are_counted_by_route_and_status),
	    CASE(the_text_is_well_formed),
	    CASE(monitoring_has_a_token_of_its_own),
	    CASE(durations_are_a_histogram),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
