#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/flow.h"

enum { HOUR = 3600 };

static void chips_tell_what_holds_and_take_it_away(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket <b>");

	flow_add_videos(flow, 3, HOUR, query);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_int_equal(flow_body_count(flow, "Remove the filter"), 0);
	assert_int_equal(flow_get(flow,
	                          "/?tracked=1&published_after=2026-11-20&published_before=2026-11-22T12:30:00Z&min_duration=61"),
	                 200);
	assert_int_equal(flow_body_count(flow, "Remove the filter"), 3);
	assert_true(flow_body_has(flow, "rocket &lt;b&gt;</b>"));
	assert_true(flow_body_has(flow, "20 Nov 2026 to 22 Nov 2026, 12:30 UTC"));
	assert_true(flow_body_has(flow, ">1:01 and more<"));
	assert_true(flow_body_has(flow, "<li><a href=\"/?tracked=1&amp;min_duration=61\">"));
	assert_int_equal(flow_get(flow, "/?within=week&max_duration=60"), 200);
	assert_true(flow_body_has(flow, "past 7 days"));
	assert_true(flow_body_has(flow, "up to 1:00"));
	assert_int_equal(flow_get(flow, "/?exclude_channel=UC0000000000000000000000,UC0123456789012345678901&language=en"), 200);
	assert_int_equal(flow_body_count(flow, "Remove the filter"), 2);
	assert_true(flow_body_has(flow, "<li><a href=\"/?language=en\">"));
	assert_true(flow_body_has(flow, "without 2 channels"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(chips_tell_what_holds_and_take_it_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
