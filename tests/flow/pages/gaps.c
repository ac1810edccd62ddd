#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/flow.h"

static void pages_show_the_newest_gaps_and_lead_to_all(void **state)
{
	struct flow *flow = *state;
	static const char *const paths[] = {"/queries", "/status"};

	flow_add_gaps(flow, flow_add_query(flow, "cats"), 25);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(flow_get(flow, paths[i]), 200);
		assert_true(flow_body_has(flow, "<summary>25 gaps</summary>"));
		assert_true(flow_body_has(flow, "<a href=\"/queries/1/gaps\">and 20 more</a>"));
	}
	assert_int_equal(flow_get(flow, "/queries/1/gaps"), 200);
	assert_true(flow_body_has(flow, "<bdi lang=\"\">cats</bdi> has 25 gaps"));
	assert_true(flow_body_has(flow, "3 Jan 1970, 02:00"));
	assert_false(flow_body_has(flow, "1 Jan 1970, 02:00"));
	assert_true(flow_body_has(flow, "href=\"/queries/1/gaps?page_number=2\""));
	assert_int_equal(flow_get(flow, "/queries/1/gaps?page_number=2"), 200);
	assert_true(flow_body_has(flow, "1 Jan 1970, 02:00"));
	assert_int_equal(flow_get(flow, "/queries/2/gaps"), 404);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(pages_show_the_newest_gaps_and_lead_to_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
