#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "cgi/request/cache.h"
#include "tests/support/flow.h"
#include "tests/support/store_fixture.h"

static void methods_are_told_apart(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "HEAD", "/api/videos", NULL, NULL), 200);
	assert_int_equal(flow_request(flow, "OPTIONS", "/api/videos", NULL, NULL), 204);
	assert_true(flow_header_has(flow, "Allow: GET, HEAD, OPTIONS\r\n"));
	assert_int_equal(flow_request(flow, "DELETE", "/api/videos", NULL, NULL), 405);
	assert_true(flow_header_has(flow, "Allow: GET, HEAD, OPTIONS\r\n"));
	assert_int_equal(flow_request(flow, "BREW", "/api/videos", NULL, NULL), 405);
	assert_int_equal(flow_get(flow, "/api/nothing"), 404);
	assert_true(flow_body_has(flow, "\"/problems/not-found\""));
	assert_int_equal(flow_get(flow, "/api/../etc/passwd"), 404);
}

static void before_the_record_exists_it_is_busy(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/api/videos"), 503);
	assert_true(flow_header_has(flow, "Retry-After: "));
	assert_int_equal(flow_get(flow, "/readyz"), 503);
	assert_int_equal(flow_get(flow, "/ping"), 200);
}

/* Nobody who was refused has to wait once it is there: the threads of newsreel-web find out one by one. */
static void as_soon_as_the_record_exists_it_is_read(void **state)
{
	struct flow *flow = *state;
	AUTO(store_close) struct store *store = NULL;
	struct error err;

	assert_int_equal(flow_get(flow, "/api/videos"), 503);
	assert_true(store_open(flow->served_path, STORE_CREATE, &store, &err));
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
}

static void expect_unavailable(struct flow *flow, const char *method, const char *url)
{
	if (flow_request(flow, method, url, *method == 'P' ? "query=a" : NULL, FLOW_TOKEN) != 503)
		fail_msg("%s %s: %d", method, url, flow->response.status);
	assert_true(flow_header_has(flow, "Retry-After: "));
	assert_false(flow_body_has(flow, flow->folder));
	assert_false(flow_body_has(flow, "schema"));
}

/* Connections that are open already, and those that are not yet. */
static void a_newer_schema_is_unavailable_everywhere_and_ends_the_program(void **state)
{
	static const char *const urls[] = {
	    "/",        "/?query=a", "/queries", "/status",     "/api/videos",        "/api/queries",   "/readyz",
	    "/healthz", "/metrics",  "/keys",    "/api/status", "/feeds/videos.atom", "/api/videos.csv"};
	static const char *const sqlite[] = {"PRAGMA user_version = 99", "DROP TABLE run", "DROP TABLE match"};
	static const char *const postgres[] = {"UPDATE newsreel SET schema = schema + 1000", "DROP TABLE run CASCADE",
	                                       "DROP TABLE match CASCADE"};
	const char *const *newer = test_database_is_postgres() ? postgres : sqlite;
	struct flow *flow = *state;
	AUTO(store_close) struct store *store = flow_open(flow);

	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	for (size_t i = 0; i < sizeof(sqlite) / sizeof(sqlite[0]); i++) {
		fixture_run(store, newer[i]);
		for (size_t url = 0; url < sizeof(urls) / sizeof(urls[0]); url++)
			expect_unavailable(flow, "GET", urls[url]);
		expect_unavailable(flow, "POST", "/api/queries");
		assert_true(atomic_load(&flow->shared.outdated));
		assert_int_equal(flow_get(flow, "/ping"), 200);
	}
}

/* The newer program may give up. */
static void a_schema_that_is_ours_again_is_read(void **state)
{
	struct flow *flow = *state;
	AUTO(store_close) struct store *store = flow_open(flow);
	char back[40];

	snprintf(back, sizeof(back), "PRAGMA user_version = %zu", embedded_migrations.count);
	fixture_run(store,
	            test_database_is_postgres() ? "UPDATE newsreel SET schema = schema + 1000" : "PRAGMA user_version = 99");
	expect_unavailable(flow, "GET", "/api/videos");
	fixture_run(store, test_database_is_postgres() ? "UPDATE newsreel SET schema = schema - 1000" : back);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
}

static void scripts_of_any_site_may_read_what_is_public(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_header_has(flow, "Access-Control-Allow-Origin: *\r\n"));
	assert_int_equal(flow_get(flow, "/api/videos?page=0"), 400);
	assert_true(flow_header_has(flow, "Access-Control-Allow-Origin: *\r\n"));
	assert_int_equal(flow_request(flow, "GET", "/api/api_key", NULL, FLOW_TOKEN), 200);
	assert_false(flow_header_has(flow, "Access-Control"));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a", FLOW_TOKEN), 201);
	assert_false(flow_header_has(flow, "Access-Control"));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_false(flow_header_has(flow, "Access-Control"));
}

static void a_browser_that_asks_before_is_answered(void **state)
{
	struct flow *flow = *state;

	flow_set(flow, "HTTP_ACCESS_CONTROL_REQUEST_METHOD", "GET");
	assert_int_equal(flow_request(flow, "OPTIONS", "/api/queries", NULL, NULL), 204);
	assert_true(flow_header_has(flow, "Allow: GET, HEAD, POST, PATCH, DELETE, OPTIONS\r\n"));
	assert_true(flow_header_has(flow, "Access-Control-Allow-Origin: *\r\n"));
	assert_true(flow_header_has(flow, "Access-Control-Allow-Methods: GET, HEAD\r\n"));
	assert_true(flow_header_has(flow, "Access-Control-Allow-Headers: If-None-Match"));
	assert_int_equal(flow_request(flow, "OPTIONS", "/api/api_key", NULL, NULL), 204);
	assert_false(flow_header_has(flow, "Access-Control"));
	flow_set(flow, "HTTP_ACCESS_CONTROL_REQUEST_METHOD", NULL);
	assert_int_equal(flow_request(flow, "OPTIONS", "/api/queries", NULL, NULL), 204);
	assert_false(flow_header_has(flow, "Access-Control"));
}

static void pages_without_a_record_ask_for_patience(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/about"), 200);
	assert_int_equal(flow_get(flow, "/queries"), 503);
	assert_int_equal(flow_get(flow, "/status"), 503);
	assert_int_equal(flow_get(flow, "/keys"), 503);
}

static bool has_left(void *connection)
{
	(void)connection;
	return true;
}

static void a_request_whose_reader_leaves_is_cancelled(void **state)
{
	static const char *const urls[] = {"/api/videos?query=starship", "/?query=starship", "/feeds/videos.atom?query=starship"};
	struct flow *flow = *state;

	flow_add_videos(flow, 400, 60, 0);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		flow->app.reader = (struct reader){.has_left = has_left};
		if (flow_get(flow, urls[i]) != 499 || flow->response.body.len)
			fail_msg("%s: %d", urls[i], flow->response.status);
		flow->app.reader = (struct reader){0};
		assert_int_equal(flow_get(flow, urls[i]), 200);
	}
	assert_int_equal(flow_get(flow, "/metrics"), 200);
	assert_true(flow_body_has(flow, "{route=\"/api/videos\",method=\"GET\",status=\"4xx\"} 1\n"));
}

/* The time that a request is given begins with it, whatever the thread did before. */
static void a_request_after_a_pause_has_all_its_time(void **state)
{
	struct flow *flow = *state;

	for (int i = 0; i < 500; i++) {
		assert_int_equal(flow_get(flow, "/readyz"), 200);
		flow->app.deadline_ms = 0;
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(methods_are_told_apart),
	    CASE(a_request_whose_reader_leaves_is_cancelled),
	    CASE(a_request_after_a_pause_has_all_its_time),
	    CASE(a_schema_that_is_ours_again_is_read),
	    cmocka_unit_test_setup_teardown(before_the_record_exists_it_is_busy, flow_set_up_without_record, flow_tear_down),
	    cmocka_unit_test_setup_teardown(as_soon_as_the_record_exists_it_is_read, flow_set_up_without_record, flow_tear_down),
	    CASE(a_newer_schema_is_unavailable_everywhere_and_ends_the_program),
	    CASE(scripts_of_any_site_may_read_what_is_public),
	    CASE(a_browser_that_asks_before_is_answered),
	    cmocka_unit_test_setup_teardown(pages_without_a_record_ask_for_patience, flow_set_up_without_record, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
