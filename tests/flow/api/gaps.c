#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/flow.h"

static void a_query_tells_how_many_gaps_it_has_and_shows_the_newest(void **state)
{
	struct flow *flow = *state;
	static const char *const paths[] = {"/api/queries", "/api/queries/1", "/api/status"};

	flow_add_gaps(flow, flow_add_query(flow, "cats"), 25);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(flow_get(flow, paths[i]), 200);
		assert_true(flow_body_has(flow, "\"gaps_count\":25,\"gaps\":[{\"from\":\"1970-01-03T02:00:00Z\""));
		assert_true(flow_body_has(flow, "1970-01-02T18:00:00Z"));
		assert_false(flow_body_has(flow, "1970-01-02T16:00:00Z")); /* the sixth */
	}
}

#define GAP(hour)                                                                                                                \
	"{\"from\":\"1970-01-01T" hour ":00:00Z\",\"to\":\"1970-01-01T" hour                                                     \
	":01:00Z\",\"reason\":\"a poll was cut short by an error or by used-up quota\"}"

static void all_gaps_are_a_list_of_their_own(void **state)
{
	struct flow *flow = *state;

	flow_add_gaps(flow, flow_add_query(flow, "cats"), 25);
	assert_int_equal(flow_get(flow, "/api/queries/1/gaps?page_size=10&page_number=3"), 200);
	assert_string_equal(flow_body(flow), "{\"count\":25,\"page_number\":3,\"page_size\":10,\"next\":null,"
	                                     "\"previous\":\"/api/queries/1/gaps?page_number=2&page_size=10\",\"results\":[" GAP(
						 "10") "," GAP("08") "," GAP("06") "," GAP("04") "," GAP("02") "]}");
	assert_int_equal(flow_get(flow, "/api/queries/1/gaps?page_size=10&page_number=4"), 200);
	assert_int_equal(flow_get(flow, "/api/queries/2/gaps"), 404);
	assert_int_equal(flow_get(flow, "/api/queries/1/gaps?page_number=0"), 400);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_query_tells_how_many_gaps_it_has_and_shows_the_newest),
	    CASE(all_gaps_are_a_list_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
