#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/flow.h"

static void the_page_shows_videos_and_tracked_queries(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket launch");

	for (int i = 0; i < 45; i++) {
		char id[24];
		snprintf(id, sizeof(id), "video%05dA", i);
		flow_add_video(flow, id, "Starship", FLOW_NOW - 60 * i, i % 2 ? query : 0);
	}
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_header_has(flow, "Content-Type: text/html; charset=utf-8\r\n"));
	assert_true(flow_body_has(flow, "href=\"https://www.youtube.com/watch?v=video00000A\" rel=\"noopener\">on YouTube"));
	assert_true(flow_body_has(flow, "<b>45 videos</b> · Newest first"));
	assert_true(flow_body_has(flow, "<span dir=\"auto\" lang=\"\">rocket launch</span> <b>22</b>"));
	assert_true(flow_body_has(flow, "href=\"/?page_number=2\" rel=\"next\""));
	assert_true(flow_body_has(flow, "href=\"/api/videos\">API</a>"));
	assert_true(
	    flow_body_has(flow,
	                  "<time datetime=\"2026-11-22T10:00:00Z\" title=\"Sun 22 Nov 2026, 10:00:00 UTC\">just now</time>"));
	assert_int_equal(flow_get(flow, "/?tracked=1&page_number=2"), 200);
	assert_true(flow_body_has(flow, "<b>22 videos</b> · Newest first"));
	assert_true(flow_body_has(flow, "href=\"/?tracked=1\" rel=\"prev\""));
}

static void the_demo_says_what_it_is_and_how_to_end_it(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "<strong>Demo.</strong>"));
	assert_true(flow_body_has(flow, "/admin-token)\" -d key=YOUR_KEY http://127.0.0.1:8080/api/api_key"));
	assert_false(flow_body_has(flow, FLOW_TOKEN));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_page_shows_videos_and_tracked_queries),
	    cmocka_unit_test_setup_teardown(the_demo_says_what_it_is_and_how_to_end_it, flow_set_up_demo, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
