#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cgi/request/cache.h"
#include "tests/support/flow.h"

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

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(methods_are_told_apart),
	    CASE(a_request_whose_reader_leaves_is_cancelled),
	    cmocka_unit_test_setup_teardown(before_the_record_exists_it_is_busy, flow_set_up_without_record, flow_tear_down),
	    cmocka_unit_test_setup_teardown(as_soon_as_the_record_exists_it_is_read, flow_set_up_without_record, flow_tear_down),
	    CASE(scripts_of_any_site_may_read_what_is_public),
	    CASE(a_browser_that_asks_before_is_answered),
	    cmocka_unit_test_setup_teardown(pages_without_a_record_ask_for_patience, flow_set_up_without_record, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
