/* What stands around the list of videos: filters, chips, the chart, and having a search recorded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/queries.h"
#include "store/stats.h"
#include "store/videos.h"
#include "tests/support/flow.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

/* One video every STEP seconds before now. */
static void add_videos(struct flow *flow, int count, int64_t step, int64_t query)
{
	char id[24];

	for (int i = 0; i < count; i++) {
		snprintf(id, sizeof(id), "video%05dA", i);
		flow_add_video(flow, id, "Starship", FLOW_NOW - i * step, query);
	}
}

static int occurrences(struct flow *flow, const char *text)
{
	int count = 0;

	for (const char *at = flow_body(flow); (at = strstr(at, text)); at += strlen(text))
		count++;
	return count;
}

static void every_choice_is_a_link_that_keeps_the_others(void **state)
{
	struct flow *flow = *state;

	add_videos(flow, 3, HOUR, 0);
	assert_int_equal(flow_get(flow, "/?query=star&kind=live&sort=relevance"), 200);
	assert_true(flow_body_has(flow, "href=\"/?query=star&amp;within=day&amp;kind=live&amp;sort=relevance\">Past 24 hours"));
	assert_true(flow_body_has(flow, "href=\"/?query=star&amp;kind=upcoming&amp;sort=relevance\">Upcoming"));
	assert_true(flow_body_has(
	    flow, "href=\"/?query=star&amp;kind=live&amp;min_duration=240&amp;max_duration=1200&amp;sort=relevance\">4 to 20"));
	assert_true(flow_body_has(flow, "href=\"/?query=star&amp;kind=live\">Newest first"));
	assert_true(flow_body_has(flow, "aria-current=\"true\">Best match"));
	assert_true(flow_body_has(flow, "aria-current=\"true\">Live now"));
	/* Without words there is nothing to be relevant to. */
	assert_true(flow_body_has(flow, "<li><a href=\"/?kind=live\"><span class=\"unseen\">Remove the filter </span>Words"));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_false(flow_body_has(flow, "Best match"));
}

static void chips_tell_what_holds_and_take_it_away(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket <b>");

	add_videos(flow, 3, HOUR, query);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_int_equal(occurrences(flow, "Remove the filter"), 0);
	assert_int_equal(flow_get(flow,
	                          "/?tracked=1&published_after=2026-11-20&published_before=2026-11-22T12:30:00Z&min_duration=61"),
	                 200);
	assert_int_equal(occurrences(flow, "Remove the filter"), 3);
	assert_true(flow_body_has(flow, "rocket &lt;b&gt;</b>"));
	assert_true(flow_body_has(flow, "20 Nov 2026 to 22 Nov 2026, 12:30 UTC"));
	assert_true(flow_body_has(flow, ">1:01 and more<"));
	assert_true(flow_body_has(flow, "<li><a href=\"/?tracked=1&amp;min_duration=61\">"));
	assert_int_equal(flow_get(flow, "/?within=week&max_duration=60"), 200);
	assert_true(flow_body_has(flow, "past 7 days"));
	assert_true(flow_body_has(flow, "up to 1:00"));
}

/* Forms send fields that were left empty; addresses to share have none. */
static void empty_fields_of_a_form_have_no_place_in_the_address(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/?query=star&published_after=2026-11-20&published_before=&channel="), 303);
	assert_true(flow_header_has(flow, "Location: /?query=star&published_after=2026-11-20T00:00:00Z\r\n"));
	assert_int_equal(flow_get(flow, "/?query="), 303);
	assert_true(flow_header_has(flow, "Location: /\r\n"));
	assert_int_equal(flow_get(flow, "/?published_after=&page_number=0"), 400);
	assert_true(flow_body_has(flow, "page_number=0"));
	assert_int_equal(flow_get(flow, "/?nothing="), 200);
}

static void the_form_for_days_hands_on_the_other_filters(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/?query=%22a%26b%22&within=day&kind=live&page_size=10"), 200);
	assert_true(flow_body_has(flow, "<input type=\"hidden\" name=\"query\" value=\"&quot;a&amp;b&quot;\">\n"
	                                "<input type=\"hidden\" name=\"kind\" value=\"live\">\n"
	                                "<input type=\"hidden\" name=\"page_size\" value=\"10\">\n"
	                                "<label>From <input type=\"date\" name=\"published_after\" value=\"\">"));
	assert_int_equal(flow_get(flow, "/?published_after=2026-11-20"), 200);
	assert_true(flow_body_has(flow, "name=\"published_after\" value=\"2026-11-20\""));
}

static void channels_of_the_list_can_be_chosen(void **state)
{
	struct flow *flow = *state;

	add_videos(flow, 2, HOUR, 0);
	assert_int_equal(flow_get(flow, "/?channel=UC-elsewhere"), 200);
	assert_true(flow_body_has(flow, "<option value=\"UC-elsewhere\" selected>UC-elsewhere</option>"));
	assert_true(flow_body_has(flow, "No recorded video matches these filters."));
}

/* ---- the chart ---- */

static void bars_lead_to_the_list_of_their_time(void **state)
{
	struct flow *flow = *state;

	add_videos(flow, 60, 4 * HOUR, 0); /* ten days */
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "videos per day, peak 6"));
	assert_int_equal(occurrences(flow, "class=\"bar\""), 11);
	assert_true(flow_body_has(flow, "published_after=2026-11-20T00:00:00Z&amp;published_before=2026-11-21T00:00:00Z\" "
	                                "aria-label=\"20 Nov 2026: 6 videos\""));
	assert_int_equal(flow_get(flow, "/?published_after=2026-11-20T00:00:00Z&published_before=2026-11-21T00:00:00Z"), 200);
	assert_true(flow_body_has(flow, "videos per hour, peak 1"));
	assert_int_equal(occurrences(flow, "class=\"bar\""), 6);
	assert_true(flow_body_has(flow, "viewBox=\"0 0 190 48\"")); /* 24 hours, also those without a video */
	assert_int_equal(flow_get(flow, "/?published_after=2026-11-20T00:00:00Z&published_before=2026-11-20T01:00:00Z"), 200);
	assert_false(flow_body_has(flow, "class=\"chart\""));
}

static void a_young_record_is_shown_by_hours(void **state)
{
	struct flow *flow = *state;

	add_videos(flow, 10, HOUR / 2, 0);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "videos per hour, peak 2"));
	assert_int_equal(occurrences(flow, "class=\"bar\""), 6);
}

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
		add_videos(flow, 40, cases[i].step, 0);
		assert_int_equal(flow_get(flow, "/"), 200);
		assert_true(flow_body_has(flow, cases[i].words));
		assert_int_equal(in_all_bars(flow), 40);
	}
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
	add_videos(flow, 12, 4 * HOUR, 0); /* two days */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 200);
		assert_true(flow_body_has(flow, "videos per day, peak 10,004</span>"));
		assert_int_equal(occurrences(flow, "class=\"bar\""), cases[i].bars);
	}
	/* Of a search text there are no counters. */
	assert_int_equal(flow_get(flow, "/?query=burst"), 200);
	assert_false(flow_body_has(flow, "class=\"chart\""));
}

static void a_search_has_a_chart_of_its_own(void **state)
{
	struct flow *flow = *state;

	add_videos(flow, 20, 8 * HOUR, 0);
	flow_add_video(flow, "elsewhereAA", "Zeppelin", FLOW_NOW - DAY, 0);
	assert_int_equal(flow_get(flow, "/?query=starship"), 200);
	assert_true(flow_body_has(flow, "videos per day, peak 3"));
	assert_true(flow_body_has(
	    flow,
	    "href=\"/?query=starship&amp;published_after=2026-11-21T00:00:00Z&amp;published_before=2026-11-22T00:00:00Z\""));
	assert_int_equal(flow_get(flow, "/?query=zeppelin"), 200);
	assert_false(flow_body_has(flow, "class=\"chart\""));
}

/* ---- having a search recorded ---- */

static void a_search_that_is_not_followed_may_be(void **state)
{
	struct flow *flow = *state;

	flow->config.visitor_queries = 5;
	assert_int_equal(flow_get(flow, "/?query=zeppelin+%3Cb%3E"), 200);
	assert_true(flow_body_has(flow, "action=\"/queries\" method=\"post\""));
	assert_true(flow_body_has(flow, "name=\"query\" value=\"zeppelin &lt;b&gt;\""));
	/* Who asks sees the same address otherwise. */
	assert_true(flow_header_has(flow, "Cache-Control: no-store\r\n"));
	assert_false(flow_header_has(flow, "ETag: "));
	flow->config.visitor_queries = 0;
	assert_int_equal(flow_get(flow, "/?query=zeppelin"), 200);
	assert_true(flow_header_has(flow, "Cache-Control: max-age=1"));
	assert_false(flow_body_has(flow, "action=\"/queries\""));
}

static void what_a_visitor_asked_for_is_announced(void **state)
{
	struct flow *flow = *state;

	flow->config.visitor_queries = 5;
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=zeppelin", NULL), 202);
	assert_int_equal(flow_get(flow, "/?query=Zeppelin"), 200);
	assert_true(flow_body_has(flow, "This search is queued. First poll <time "));
	assert_true(flow_body_has(flow, ">in 1\u00A0min</time> at the earliest"));
	assert_false(flow_body_has(flow, "action=\"/queries\""));
	assert_false(flow_body_has(flow, "All videos of this query"));
	assert_int_equal(flow_get(flow, "/?query=airship"), 200);
	assert_false(flow_body_has(flow, "This search is queued"));
}

static void what_a_visitors_query_found_matches_its_text(void **state)
{
	struct flow *flow = *state;
	struct store *store = flow_open(flow);
	AUTO(query_clear) struct query query = {0};
	struct error err;

	flow->config.visitor_queries = 5;
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=zeppelin", NULL), 202);
	assert_true(store_query_find(store, " ZEPPELIN ", FLOW_NOW, &query, &err));
	store_close(&store);
	flow_add_video(flow, "abcdefghijA", "Graf", FLOW_NOW, query.id);
	assert_int_equal(flow_get(flow, "/?query=zeppelin"), 200);
	assert_true(flow_body_has(flow, ">Graf</a>"));
	assert_false(flow_body_has(flow, "tracked="));
}

static void a_followed_search_leads_to_its_own_list(void **state)
{
	struct flow *flow = *state;

	flow_add_query(flow, "rocket launch");
	assert_int_equal(flow_get(flow, "/?query=Rocket++Launch"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/?tracked=1\">All videos of this query</a>"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_choice_is_a_link_that_keeps_the_others),
	    CASE(chips_tell_what_holds_and_take_it_away),
	    CASE(empty_fields_of_a_form_have_no_place_in_the_address),
	    CASE(the_form_for_days_hands_on_the_other_filters),
	    CASE(channels_of_the_list_can_be_chosen),
	    CASE(bars_lead_to_the_list_of_their_time),
	    CASE(a_young_record_is_shown_by_hours),
	    CASE(longer_times_have_wider_bars),
	    CASE(a_burst_does_not_hide_the_days_before),
	    CASE(a_search_has_a_chart_of_its_own),
	    CASE(a_search_that_is_not_followed_may_be),
	    CASE(what_a_visitor_asked_for_is_announced),
	    CASE(what_a_visitors_query_found_matches_its_text),
	    CASE(a_followed_search_leads_to_its_own_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
