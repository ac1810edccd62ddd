#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/coverage.h"
#include "store/coverage.h"
#include "tests/support/flow.h"

enum { DAY = 86400 };

/* Midnight before FLOW_NOW, and the day that lies DAYS before. */
static int64_t day(int days)
{
	return FLOW_NOW - FLOW_NOW % DAY - (int64_t)days * DAY;
}

static void cover(struct flow *flow, int64_t query, int64_t since, int64_t until)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct error err;

	assert_true(store_coverage_read(store, query, &coverage, &err) &&
	            coverage_set(&coverage, &(struct interval){.since = since, .until = until, .read_at = until}, &err) &&
	            store_coverage_write(store, query, &coverage, FLOW_NOW, &err));
}

/* Two queries: of the first, four days are covered, the third of them without videos; of the second, only the last two are. */
static void seed(struct flow *flow)
{
	int64_t rockets = flow_add_query(flow, "rocket <launch>");
	int64_t beats = flow_add_query(flow, "lofi beats");
	char id[24];

	for (int i = 0; i < 12; i++) {
		snprintf(id, sizeof(id), "video%05dA", i);
		flow_add_video(flow, id, i % 2 ? "Falcon" : "Starship", day(i < 6 ? 1 : i < 9 ? 3 : 4) + i * 60, rockets);
	}
	flow_add_video(flow, "video00090A", "Beats", day(1) + 60, beats);
	cover(flow, rockets, day(4), FLOW_NOW);
	cover(flow, beats, day(2), FLOW_NOW);
}

#define FOUR_DAYS "published_after=2026-11-18&bucket=day"

static void a_chart_tells_silence_from_what_was_not_covered(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/compare.svg?queries=1,2&" FOUR_DAYS), 200);
	assert_true(flow_header_has(flow, "image/svg+xml"));
	assert_true(flow_header_has(flow, "attachment; filename=\"volume-rocket launch and lofi beats-2026-11-22.svg\""));
	assert_true(flow_body_has(flow, "Recorded videos per day"));
	assert_true(flow_body_has(flow, "18 Nov 2026 to 21 Nov 2026, UTC"));
	assert_true(flow_body_has(flow, ">rocket &lt;launch&gt;</text>"));
	assert_true(flow_body_has(flow, "read on 22 Nov 2026, 10:00 UTC."));
	/* A day without videos is a zero where it was covered, and nothing where it was not. */
	assert_true(flow_body_has(flow, "<title>20 Nov 2026\nrocket &lt;launch&gt;: 0\nlofi beats: 0</title>"));
	assert_true(flow_body_has(flow, "<title>19 Nov 2026\nrocket &lt;launch&gt;: 3\nlofi beats: not known</title>"));
	assert_true(flow_body_has(flow, "Hatched: a query was not covered,"));
	/* Today has not ended. */
	assert_false(flow_body_has(flow, "<title>22 Nov 2026"));
}

static void shares_are_of_all_recorded_videos(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/compare.svg?queries=1,2&scale=shares&" FOUR_DAYS), 200);
	assert_true(flow_body_has(flow, "Share of all recorded videos per day"));
	assert_true(flow_body_has(flow, "<title>21 Nov 2026\nrocket &lt;launch&gt;: 86\u00A0%\nlofi beats: 14\u00A0%</title>"));
}

static void without_queries_the_list_is_one_series(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/compare.svg?query=falcon&" FOUR_DAYS), 200);
	assert_true(flow_body_has(flow, "<title>21 Nov 2026\nfalcon: 3</title>"));
	assert_false(flow_body_has(flow, "Hatched"));
	assert_int_equal(flow_get(flow, "/compare.svg?tracked=2&" FOUR_DAYS), 200);
	assert_true(flow_body_has(flow, "<title>21 Nov 2026\nlofi beats: 1</title>"));
	assert_int_equal(flow_get(flow, "/compare.svg?chart=lengths&theme=dark&" FOUR_DAYS), 200);
	assert_true(flow_body_has(flow, "Lengths of the recorded videos"));
	assert_true(flow_body_has(flow, "13 videos"));
	assert_true(flow_body_has(flow, "fill=\"#151312\""));
}

static void too_short_intervals_become_longer_ones(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/compare?queries=1&bucket=hour&published_after=2026-01-01"), 200);
	assert_true(flow_body_has(flow, "Counted by day: the period is too long"));
	assert_int_equal(flow_get(flow, "/compare?queries=1&bucket=hour&published_after=2026-11-20"), 200);
	assert_false(flow_body_has(flow, "Counted by"
	                                 " hour:"));
}

static void the_page_has_each_chart_and_where_its_figures_are(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/compare?queries=1,2&" FOUR_DAYS), 200);
	assert_int_equal(flow_body_count(flow, "<figure>"), 4);
	assert_int_equal(flow_body_count(flow, "<svg xmlns"), 8);
	assert_true(flow_body_has(flow, "name=\"id-1\" value=\"1\" checked"));
	assert_true(flow_body_has(flow,
	                          "/api/stats/volume.csv?group=query&amp;queries=1%2C2&amp;published_after=2026-11-18T00:00:00Z"
	                          "&amp;published_before=2026-11-22T00:00:00Z&amp;bucket=day"));
	assert_true(flow_body_has(flow, "/compare.svg?queries=1%2C2&amp;published_after=2026-11-18T00:00:00Z"
	                                "&amp;published_before=2026-11-22T00:00:00Z&amp;chart=channels&amp;bucket=day"));
	assert_int_equal(flow_get(flow, "/compare"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/compare\" aria-current=\"page\">Compare</a>"));
	assert_true(flow_body_has(flow, "/compare.svg?within=month"));
}

static void its_form_leads_to_an_address_that_can_be_shared(void **state)
{
	static const struct {
		const char *url, *to;
	} cases[] = {
	    {"/compare/choose?id-1=1&id-2=1&period=week&since=2026-01-01&until=&bucket=&scale=counts",
	     "Location: /compare?queries=1%2C2&within=week\r\n"},
	    {"/compare/choose?query=falcon&period=dates&since=2026-11-01&until=2026-11-02&bucket=day&scale=shares",
	     "Location: "
	     "/compare?query=falcon&published_after=2026-11-01T00:00:00Z&published_before=2026-11-03T00:00:00Z&bucket=day"
	     "&scale=shares\r\n"},
	    {"/compare/choose?id-2=1&period=year", "Location: /compare?queries=2&published_after=2025-11-22T00:00:00Z\r\n"},
	};
	struct flow *flow = *state;

	seed(flow);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 303);
		if (!flow_header_has(flow, cases[i].to))
			fail_msg("%s: %s", cases[i].url, buf_text(&flow->response.headers));
	}
	assert_int_equal(flow_get(flow, "/compare/choose?period=dates&since=x"), 400);
	assert_true(flow_body_has(flow, "since=x"));
}

static void wrong_parameters_are_named(void **state)
{
	static const struct {
		const char *url, *culprit;
	} cases[] = {
	    {"/compare.svg?queries=1,x", "queries=x"},
	    {"/compare.svg?queries=1,2,3,4,5,6,7", "queries: at most 6 ids"},
	    {"/compare.svg?queries=1&tracked=2", "tracked: not together with queries"},
	    {"/compare.svg?scale=log", "scale=log"},
	    {"/compare.svg?chart=pie", "chart=pie"},
	    {"/compare.svg?theme=red", "theme=red"},
	    {"/compare.svg?published_after=1971-01-01", "published_after"},
	    {"/compare.svg?colour=red", "'colour'"},
	    {"/compare?queries=99", "queries=99"},
	};
	struct flow *flow = *state;

	for (int i = 0; i < 7; i++) {
		char text[24];

		snprintf(text, sizeof(text), "query %d", i);
		flow_add_query(flow, text);
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 400);
		if (!flow_body_has(flow, cases[i].culprit))
			fail_msg("%s: %s", cases[i].url, flow_body(flow));
	}
}

static void chosen_queries_and_lists_lead_there(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	seed(flow);
	assert_int_equal(flow_get(flow, "/?query=starship"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/compare?query=starship\">download or compare</a>"));
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries/several", "action=compare&id-1=1&id-2=1"), 303);
	assert_true(flow_header_has(flow, "Location: /compare?queries=1,2\r\n"));
	assert_int_equal(flow_get(flow, "/queries/2"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/compare?queries=2\">"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_chart_tells_silence_from_what_was_not_covered),
	    CASE(shares_are_of_all_recorded_videos),
	    CASE(without_queries_the_list_is_one_series),
	    CASE(too_short_intervals_become_longer_ones),
	    CASE(the_page_has_each_chart_and_where_its_figures_are),
	    CASE(its_form_leads_to_an_address_that_can_be_shared),
	    CASE(wrong_parameters_are_named),
	    CASE(chosen_queries_and_lists_lead_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
