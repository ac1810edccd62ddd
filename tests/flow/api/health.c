#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/coverage.h"
#include "store/runs.h"
#include "tests/support/flow.h"

static void add_run(struct flow *flow, int64_t time)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	struct run run = {.started_at = time - 3, .finished_at = time};
	struct error err;

	assert_true(store_run_begin(store, run.started_at, &run.id, &err) && store_run_finish(store, &run, &err));
}

static void add_poll(struct flow *flow, int64_t query, int64_t time)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	struct poll poll = {.query_id = query, .at = time};
	struct error err;

	assert_true(store_query_polled(store, &poll, &err));
}

static void ping_and_readyz_say_so_in_a_word(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/ping"), 200);
	assert_true(flow_header_has(flow, "Content-Type: text/plain; charset=utf-8\r\n"));
	assert_string_equal(flow_body(flow), "pong\n");
	assert_int_equal(flow_get(flow, "/readyz"), 200);
	assert_true(flow_header_has(flow, "Cache-Control: no-store\r\n"));
	assert_string_equal(flow_body(flow), "ready\n");
}

static void without_a_record_only_ping_answers(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/ping"), 200);
	assert_int_equal(flow_get(flow, "/readyz"), 503);
	assert_int_equal(flow_get(flow, "/healthz"), 503);
	assert_true(flow_header_has(flow, "Content-Type: application/problem+json"));
}

static void healthz_has_exactly_its_members(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "Starship", FLOW_NOW, 0);
	add_poll(flow, flow_add_query(flow, "cats"), FLOW_NOW - 30);
	add_run(flow, FLOW_NOW);
	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=AIzaThisIsNoKeyOfAnybody0123456789-_x4Qk", FLOW_TOKEN),
	                 201);
	assert_int_equal(flow_get(flow, "/healthz"), 200);
	assert_string_equal(flow_body(flow), "{\"status\":\"ok\",\"videos\":1,\"last_run_at\":\"2026-11-22T10:00:00Z\","
	                                     "\"last_success_at\":\"2026-11-22T09:59:30Z\",\"demo\":false,\"warnings\":[]}");
}

static void the_demo_says_that_it_is_one(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/healthz"), 200);
	assert_true(flow_body_has(flow, "\"demo\":true"));
}

static void health_tells_freshness(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/healthz"), 200);
	assert_true(flow_body_has(flow, "\"last_run_at\":null"));
	assert_int_equal(flow_get(flow, "/readyz"), 200);
	flow->time.now += 3600; /* an hour without a tick */
	assert_int_equal(flow_get(flow, "/healthz"), 503);
}

static void healthz_is_well_while_ticks_run(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "cats");

	assert_int_equal(flow_get(flow, "/healthz"), 200); /* just started */
	add_poll(flow, query, FLOW_NOW + 30);
	add_run(flow, FLOW_NOW + 60);
	flow->time.now = FLOW_NOW + 60 + 15 * 60;
	assert_int_equal(flow_get(flow, "/healthz"), 200);
	assert_true(flow_body_has(flow, "\"last_run_at\":\"2026-11-22T10:01:00Z\",\"last_success_at\":\"2026-11-22T10:00:30Z\""));
	flow->time.now++;
	assert_int_equal(flow_get(flow, "/healthz"), 503);
	assert_true(flow_body_has(flow, "\"status\":\"Polling has stopped\""));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(ping_and_readyz_say_so_in_a_word),
	    cmocka_unit_test_setup_teardown(without_a_record_only_ping_answers, flow_set_up_without_record, flow_tear_down),
	    CASE(healthz_has_exactly_its_members),
	    cmocka_unit_test_setup_teardown(the_demo_says_that_it_is_one, flow_set_up_demo, flow_tear_down),
	    CASE(health_tells_freshness),
	    CASE(healthz_is_well_while_ticks_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
