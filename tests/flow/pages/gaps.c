#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/coverage.h"
#include "tests/support/flow.h"

/* COUNT gaps of a minute each, before what was read at their end. */
static void add_gaps(struct flow *flow, int64_t query_id, int64_t count)
{
	struct store *store = flow_open(flow);
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct error err;

	for (int64_t i = 0; i < count; i++) {
		const struct interval gap = {.since = 7200 * (i + 1), .until = 7200 * (i + 1) + 60, .reason = GAP_INTERRUPTED};
		const struct interval read = {.since = gap.until, .until = gap.since + 7200, .read_at = FLOW_NOW};

		assert_true(coverage_set(&coverage, &gap, &err) && coverage_set(&coverage, &read, &err));
	}
	assert_true(store_coverage_write(store, query_id, &coverage, FLOW_NOW, &err));
	store_close(&store);
}

static void pages_show_the_newest_gaps_and_lead_to_all(void **state)
{
	struct flow *flow = *state;
	static const char *const paths[] = {"/queries", "/status"};

	add_gaps(flow, flow_add_query(flow, "cats"), 25);
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
