#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/matches.h"
#include "store/videos.h"
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

/* Of channel UC-a three in German, found by query 1, of UC-b one without a language, found by both. */
static void seed_traits(struct flow *flow)
{
	int64_t one = flow_add_query(flow, "rocket launch");
	int64_t two = flow_add_query(flow, "=lofi");
	struct store *store = flow_open(flow);

	for (int i = 0; i < 4; i++) {
		AUTO(video_clear)
		struct video video = {.published_at = FLOW_NOW - i * 86400,
		                      .duration_s = i < 3 ? 100 : VIDEO_UNKNOWN,
		                      .kind = i < 3 ? VIDEO_NORMAL : VIDEO_LIVE,
		                      .views = VIDEO_UNKNOWN,
		                      .likes = VIDEO_UNKNOWN,
		                      .comments = VIDEO_UNKNOWN};
		struct error err;
		enum video_saved saved;
		int64_t seq;
		bool added;

		snprintf(video.id, sizeof(video.id), "video%05dA", i);
		snprintf(video.channel_id, sizeof(video.channel_id), "UC-%c", i < 3 ? 'a' : 'b');
		snprintf(video.details.language, sizeof(video.details.language), "%s", i < 3 ? "de" : "");
		assert_true(text_copy("Title", &video.title, &err) &&
		            text_copy(i < 3 ? "Alpha" : "=Beta, \"B\"", &video.channel_title, &err));
		assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, &seq, &err));
		assert_true(store_match_save(store, one, seq, FOUND_SEARCH, FLOW_NOW, &added, &err));
		if (i == 3)
			assert_true(store_match_save(store, two, seq, FOUND_SEARCH, FLOW_NOW, &added, &err));
	}
	store_close(&store);
}

static void figures_come_in_groups(void **state)
{
	static const struct {
		const char *url, *body;
	} cases[] = {
	    {"/api/stats/volume?group=query&bucket=month",
	     "{\"bucket\":\"month\",\"group\":\"query\",\"groups_count\":2,\"groups\":["
	     "{\"query\":{\"id\":1,\"query\":\"rocket "
	     "launch\"},\"count\":4,\"points\":[{\"from\":\"2026-11-01T00:00:00Z\",\"count\":4}]},"
	     "{\"query\":{\"id\":2,\"query\":\"=lofi\"},\"count\":1,\"points\":[{\"from\":\"2026-11-01T00:00:00Z\",\"count\":1}]}"
	     "]}"},
	    {"/api/stats/volume?group=query&queries=2,2", "\"groups_count\":1,\"groups\":[{\"query\":{\"id\":2,"},
	    {"/api/stats/volume?group=query&query=title&bucket=month",
	     "\"groups_count\":2,\"groups\":["
	     "{\"query\":{\"id\":1,\"query\":\"rocket "
	     "launch\"},\"count\":4,\"points\":[{\"from\":\"2026-11-01T00:00:00Z\",\"count\":4}]},"
	     "{\"query\":{\"id\":2,\"query\":\"=lofi\"},\"count\":1,\"points\":[{\"from\":\"2026-11-01T00:00:00Z\",\"count\":1}]}"
	     "]}"},
	    {"/api/stats/volume?group=query&kind=video&queries=2",
	     "{\"query\":{\"id\":2,\"query\":\"=lofi\"},\"count\":0,\"points\":[]}"},
	    {"/api/stats/volume?group=query&bucket=hour&queries=2", "\"count\":1,\"points\":[{\"from\":\"2026-11-19T"},
	    {"/api/stats/lengths?group=query&kind=live",
	     "{\"query\":{\"id\":2,\"query\":\"=lofi\"},\"count\":1,\"distinct\":1,\"results\":[{\"min_seconds\":null,"},
	    {"/api/stats/volume?group=channel&bucket=week", "{\"channel\":{\"id\":\"UC-a\",\"title\":\"Alpha\"},\"count\":3,"
	                                                    "\"points\":[{\"from\":\"2026-11-16T00:00:00Z\",\"count\":3}]}"},
	    {"/api/stats/volume?group=kind&kind=live", "\"groups\":[{\"kind\":\"live\",\"count\":1,"},
	    {"/api/stats/channels",
	     "{\"count\":4,\"distinct\":2,\"results\":[{\"channel\":{\"id\":\"UC-a\",\"title\":\"Alpha\"},\"count\":3},"},
	    {"/api/stats/channels?group=query&queries=2",
	     "{\"group\":\"query\",\"groups_count\":1,\"groups\":[{\"query\":{\"id\":2,\"query\":\"=lofi\"},\"count\":1,"
	     "\"distinct\":1,"
	     "\"results\":[{\"channel\":{\"id\":\"UC-b\",\"title\":\"=Beta, \\\"B\\\"\"},\"count\":1}]}]}"},
	    {"/api/stats/languages?tracked=1", "\"results\":[{\"language\":\"de\",\"count\":3},{\"language\":null,\"count\":1}]"},
	    {"/api/stats/languages?group=kind",
	     "{\"kind\":\"video\",\"count\":3,\"distinct\":1,\"results\":[{\"language\":\"de\",\"count\":3}]}"},
	    {"/api/stats/lengths", "\"results\":[{\"min_seconds\":null,\"max_seconds\":null,\"count\":1},{\"min_seconds\":0,"
	                           "\"max_seconds\":180,\"count\":3}]"},
	    {"/api/stats/lengths?group=language&query=nothing",
	     "{\"count\":0,\"group\":\"language\",\"groups_count\":0,\"groups\":[]}"},
	};
	struct flow *flow = *state;

	seed_traits(flow);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 200);
		if (!flow_body_has(flow, cases[i].body))
			fail_msg("%s: %s", cases[i].url, flow_body(flow));
	}
}

static void tables_have_a_row_for_each_figure(void **state)
{
	static const struct {
		const char *url, *body;
	} cases[] = {
	    {"/api/stats/volume.csv?bucket=month", "from,count,counted_within,scanned_within\r\n2026-11-01T00:00:00Z,4,,\r\n"},
	    {"/api/stats/volume.csv?bucket=month&group=query",
	     "query_id,query,from,count,counted_within,scanned_within\r\n1,\"rocket launch\",2026-11-01T00:00:00Z,4,,\r\n"
	     "2,\"=lofi\",2026-11-01T00:00:00Z,1,,\r\n"},
	    {"/api/stats/channels.csv", "channel_id,channel,count,counted_within,scanned_within\r\n\"UC-a\",\"Alpha\",3,,"
	                                "\r\n\"UC-b\",\"=Beta, \"\"B\"\"\",1,,\r\n"},
	    {"/api/stats/channels.csv?flavor=spreadsheet", "\"'=Beta, \"\"B\"\"\",1,,\r\n"},
	    {"/api/stats/languages.csv?group=channel",
	     "channel_id,channel,language,count,counted_within,scanned_within\r\n\"UC-a\",\"Alpha\",\"de\",3,,\r\n"
	     "\"UC-b\",\"=Beta, \"\"B\"\"\",,1,,\r\n"},
	    {"/api/stats/lengths.csv?group=kind",
	     "kind,min_seconds,max_seconds,count,counted_within,scanned_within\r\nvideo,0,180,3,,\r\nlive,,,1,,\r\n"},
	};
	struct flow *flow = *state;

	seed_traits(flow);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 200);
		if (!flow_body_has(flow, cases[i].body))
			fail_msg("%s: %s", cases[i].url, flow_body(flow));
	}
	assert_true(flow_header_has(flow, "attachment; filename=\"lengths-2026-11-22.csv\""));
	assert_true(flow_header_has(flow, "text/csv"));
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
	    {"/api/stats/volume?group=day", "group=day: allowed: query, channel, language, kind"},
	    {"/api/stats/channels?group=channel", "group=channel: not of channels"},
	    {"/api/stats/volume?queries=1", "queries: only with group=query"},
	    {"/api/stats/volume?group=query&queries=99", "queries=99"},
	    {"/api/stats/volume?group=query&queries=,", "queries"},
	    {"/api/stats/volume?group=query&tracked=1", "tracked: not together with group=query"},
	    {"/api/stats/lengths?bucket=day", "'bucket'"},
	    {"/api/stats/lengths.csv?flavor=x", "flavor=x"},
	};
	struct flow *flow = *state;

	flow_add_query(flow, "rocket launch");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 400);
		if (!flow_body_has(flow, cases[i].culprit))
			fail_msg("%s: %s", cases[i].url, flow_body(flow));
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(volume_counts_by_time),
	    CASE(figures_come_in_groups),
	    CASE(tables_have_a_row_for_each_figure),
	    CASE(wrong_parameters_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
