#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/figures/stats.h"
#include "store/videos.h"
#include "tests/support/flow.h"
#include "tests/support/store_fixture.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

/* The sum of what the bars' words say: "Nov 2026: 31 videos". */
static long in_all_bars(struct flow *flow)
{
	static const char label[] = "aria-label=\"";
	long total = 0;

	for (const char *at = flow_body(flow); (at = strstr(at, label)); at += strlen(label)) {
		const char *end = strchr(at + strlen(label), '"');
		const char *colon = strstr(at, ": ");

		if (colon && end && colon < end)
			total += strtol(colon + 2, NULL, 10);
	}
	return total;
}

static void bars_lead_to_the_list_of_their_time(void **state)
{
	struct flow *flow = *state;

	flow_add_videos(flow, 60, 4 * HOUR, 0); /* ten days */
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "videos per day, peak 6"));
	assert_int_equal(flow_body_count(flow, "class=\"bar\""), 11);
	assert_true(flow_body_has(flow, "published_after=2026-11-20T00:00:00Z&amp;published_before=2026-11-21T00:00:00Z\" "
	                                "aria-label=\"20 Nov 2026: 6 videos\""));
	assert_int_equal(flow_get(flow, "/?published_after=2026-11-20T00:00:00Z&published_before=2026-11-21T00:00:00Z"), 200);
	assert_true(flow_body_has(flow, "videos per hour, peak 1"));
	assert_int_equal(flow_body_count(flow, "class=\"bar\""), 6);
	assert_true(flow_body_has(flow, "viewBox=\"0 0 190 48\"")); /* 24 hours, also those without a video */
	assert_int_equal(flow_get(flow, "/?published_after=2026-11-20T00:00:00Z&published_before=2026-11-20T01:00:00Z"), 200);
	assert_false(flow_body_has(flow, "class=\"chart\""));
}

static void a_young_record_is_shown_by_hours(void **state)
{
	struct flow *flow = *state;

	flow_add_videos(flow, 10, HOUR / 2, 0);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "videos per hour, peak 2"));
	assert_int_equal(flow_body_count(flow, "class=\"bar\""), 6);
}

static void longer_times_have_wider_bars(void **state)
{
	static const struct {
		int64_t step;
		const char *words;
	} cases[] = {{7 * DAY, "per week"}, {31 * DAY, "per month"}, {200 * DAY, "per year"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		flow_tear_down(state);
		flow_set_up(state);
		struct flow *flow = *state;
		flow_add_videos(flow, 40, cases[i].step, 0);
		assert_int_equal(flow_get(flow, "/"), 200);
		assert_true(flow_body_has(flow, cases[i].words));
		assert_int_equal(in_all_bars(flow), 40);
	}
}

static void a_search_has_a_chart_of_its_own(void **state)
{
	struct flow *flow = *state;

	flow_add_videos(flow, 20, 8 * HOUR, 0);
	flow_add_video(flow, "elsewhereAA", "Zeppelin", FLOW_NOW - DAY, 0);
	assert_int_equal(flow_get(flow, "/?query=starship"), 200);
	assert_true(flow_body_has(flow, "videos per day, peak 3"));
	assert_true(flow_body_has(
	    flow,
	    "href=\"/?query=starship&amp;published_after=2026-11-21T00:00:00Z&amp;published_before=2026-11-22T00:00:00Z\""));
	assert_int_equal(flow_get(flow, "/?query=zeppelin"), 200);
	assert_false(flow_body_has(flow, "class=\"chart\""));
}

/* As many videos as are counted one by one, and one more, within the last hour. */
static void add_burst(struct flow *flow)
{
	struct store *store = flow_open(flow);
	struct error err;

	assert_true(store_begin(store, &err));
	for (int i = 0; i <= COUNTED_MAX; i++) {
		AUTO(video_clear) struct video video = {.published_at = FLOW_NOW - i % HOUR};
		enum video_saved saved;

		snprintf(video.id, sizeof(video.id), "burst%05dA", i);
		assert_true(text_copy("Burst", &video.title, &err));
		assert_true(store_video_save(store, &video, SOURCE_SEARCH, FLOW_NOW, &saved, NULL, &err));
		fixture_commit_some(store, i + 1);
	}
	assert_true(store_commit(store, &err));
	store_close(&store);
}

static void a_burst_does_not_hide_the_days_before(void **state)
{
	static const struct {
		const char *url;
		int bars;
	} cases[] = {{"/", 3}, {"/?within=day", 2}, {"/?published_after=2026-11-20T12:00:00Z", 3}};
	struct flow *flow = *state;

	add_burst(flow);
	flow_add_videos(flow, 12, 4 * HOUR, 0); /* two days */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 200);
		assert_true(flow_body_has(flow, "videos per day, peak 10,004 ·"));
		assert_int_equal(flow_body_count(flow, "class=\"bar\""), cases[i].bars);
	}
	/* Of a search text there are no counters. */
	assert_int_equal(flow_get(flow, "/?query=burst"), 200);
	assert_false(flow_body_has(flow, "class=\"chart\""));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(bars_lead_to_the_list_of_their_time),   CASE(a_young_record_is_shown_by_hours),
	    CASE(longer_times_have_wider_bars),          CASE(a_search_has_a_chart_of_its_own),
	    CASE(a_burst_does_not_hide_the_days_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
