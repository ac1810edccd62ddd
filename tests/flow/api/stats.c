#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/flow.h"

/* 45 videos a minute apart, the odd ones found by the query 1, and one on each of the two days before. */
static void seed(struct flow *flow)
{
	int64_t query = flow_add_query(flow, "rocket launch");

	for (int i = 0; i < 45; i++) {
		char id[24];

		snprintf(id, sizeof(id), "video%05dA", i);
		flow_add_video(flow, id, "Starship flight", FLOW_NOW - 60 * i, i % 2 ? query : 0);
	}
	flow_add_video(flow, "detailed00A", "Bravo flight", FLOW_NOW - 86400, 0);
	flow_add_video(flow, "detailed00E", "alpha flight", FLOW_NOW - 2 * 86400, 0);
}

static void volume_counts_by_time(void **state)
{
	static const struct {
		const char *url, *points;
	} cases[] = {
	    /* 2026-11-22 is a Sunday, the last day of its week. */
	    {"/api/stats/volume",
	     "{\"bucket\":\"day\",\"points\":[{\"from\":\"2026-11-20T00:00:00Z\",\"count\":1},"
	     "{\"from\":\"2026-11-21T00:00:00Z\",\"count\":1},{\"from\":\"2026-11-22T00:00:00Z\",\"count\":45}]}"},
	    {"/api/stats/volume?bucket=week", "\"points\":[{\"from\":\"2026-11-16T00:00:00Z\",\"count\":47}]"},
	    {"/api/stats/volume?bucket=month", "\"points\":[{\"from\":\"2026-11-01T00:00:00Z\",\"count\":47}]"},
	    {"/api/stats/volume?bucket=hour&within=day",
	     "\"points\":[{\"from\":\"2026-11-21T10:00:00Z\",\"count\":1},{\"from\":\"2026-11-22T09:00:00Z\",\"count\":44},"
	     "{\"from\":\"2026-11-22T10:00:00Z\",\"count\":1}]"},
	    {"/api/stats/volume?tracked=1", "\"points\":[{\"from\":\"2026-11-22T00:00:00Z\",\"count\":22}]"},
	    {"/api/stats/volume?published_after=2026-11-21T12:00:00Z&published_before=2026-11-22T09:30:00Z",
	     "\"points\":[{\"from\":\"2026-11-22T00:00:00Z\",\"count\":14}]"},
	    {"/api/stats/volume?query=alpha", "\"points\":[{\"from\":\"2026-11-20T00:00:00Z\",\"count\":1}]"},
	    {"/api/stats/volume?query=nothing", "\"points\":[]"},
	};
	struct flow *flow = *state;

	seed(flow);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 200);
		if (!flow_body_has(flow, cases[i].points))
			fail_msg("%s: %s", cases[i].url, flow_body(flow));
		assert_false(flow_body_has(flow, "counted_within"));
	}
}

static void wrong_parameters_are_named(void **state)
{
	static const struct {
		const char *url;
		const char *culprit;
	} cases[] = {
	    {"/api/stats/volume?bucket=year", "bucket=year: allowed: hour, day, week, month"},
	    {"/api/stats/volume?sort=views", "'sort'"},
	    {"/api/videos?query=%0", "query"},
	    {"/api/stats/volume?within=x", "within=x"},
	};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 400);
		assert_true(flow_body_has(flow, cases[i].culprit));
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(volume_counts_by_time),
	    CASE(wrong_parameters_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
