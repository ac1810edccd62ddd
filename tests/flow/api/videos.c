#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"
#include "store/matches.h"
#include "store/private/visitors.h"
#include "store/queries.h"
#include "store/upkeep/refresh.h"
#include "store/videos.h"
#include "tests/support/flow.h"

/* 45 videos a minute apart, the odd ones found by the query 1. */
static void seed(struct flow *flow)
{
	int64_t query = flow_add_query(flow, "rocket launch");

	for (int i = 0; i < 45; i++) {
		char id[24];
		char title[64];

		snprintf(id, sizeof(id), "video%05dA", i);
		snprintf(title, sizeof(title), "Starship flight %d", i);
		flow_add_video(flow, id, title, FLOW_NOW - 60 * i, i % 2 ? query : 0);
	}
}

static cJSON *parse(const struct flow *flow)
{
	struct error err;
	cJSON *json = NULL;

	assert_true(json_parse(flow_body(flow), flow->response.body.len, &json, &err));
	return json;
}

static const char *text_member(const cJSON *json, const char *name)
{
	const char *text = json_text(json, name);

	assert_non_null(text);
	return text;
}

/* ---- the other filters and orders ---- */

/* Two videos of a channel, one of them live, with what videos.list tells. */
static void add_detailed(struct flow *flow)
{
	char title[] = "Bravo flight", other[] = "alpha flight", channel[] = "Space TV", name[] = "flights";
	struct video video = {.id = "detailed00A",
	                      .channel_id = "UCabcdefghijklmnopqrstuv",
	                      .title = title,
	                      .channel_title = channel,
	                      .description = name,
	                      .published_at = FLOW_NOW - 86400,
	                      .duration_s = 100,
	                      .views = 5,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN};
	AUTO(store_close) struct store *store = flow_open(flow);
	enum video_saved saved;
	struct error err;

	snprintf(video.details.language, sizeof(video.details.language), "en");
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, NULL, &err));
	snprintf(video.details.language, sizeof(video.details.language), "de");
	snprintf(video.details.audio_language, sizeof(video.details.audio_language), "en-GB");
	memcpy(video.id, "detailed00E", sizeof(video.id));
	video.title = other;
	video.published_at -= 86400;
	video.duration_s = 1000;
	video.views = 500;
	video.kind = VIDEO_LIVE;
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, NULL, &err));
}

#define ID "abcdefghijA"

/* The video as videos.list tells it at TIME. */
static void tell(struct flow *flow, const char *title, int64_t views, int64_t time)
{
	struct store *store = flow_open(flow);
	AUTO(video_list_clear) struct video_list one = {0};
	struct video *video = video_list_add(&one);
	struct error err;
	enum video_saved saved;

	assert_non_null(video);
	snprintf(video->id, sizeof(video->id), ID);
	video->published_at = FLOW_NOW;
	video->views = views;
	video->likes = VIDEO_UNKNOWN;
	video->comments = VIDEO_UNKNOWN;
	video->duration_s = 60;
	assert_true(text_copy(title, &video->title, &err) && text_copy("", &video->description, &err));
	assert_true(store_video_save(store, video, SOURCE_DETAILS, time, &saved, NULL, &err));
	store_close(&store);
}

static void the_newest_come_first_with_all_members(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_header_has(flow, "Content-Type: application/json"));
	assert_true(flow_header_has(flow, "X-Request-Id: "));
	AUTO(json_free) cJSON *json = parse(flow);
	int64_t number;
	assert_true(json_int(json, "count", &number));
	assert_int_equal(number, 45);
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(json, "count_is_exact")));
	assert_string_equal(json_text(json, "next"), "/api/videos?page_number=2");
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "previous")));
	const cJSON *results = json_array(json, "results");
	assert_int_equal(cJSON_GetArraySize(results), 20);
	const cJSON *first = cJSON_GetArrayItem(results, 0);
	static const char *const members[] = {"id",          "url",          "title",
	                                      "description", "published_at", "first_seen_at",
	                                      "channel",     "kind",         "thumbnail_url",
	                                      "thumbnails",  "views",        "duration_seconds",
	                                      "likes",       "queries",      "comments"};
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		assert_non_null(cJSON_GetObjectItemCaseSensitive(first, members[i]));
	assert_string_equal(json_text(first, "id"), "video00000A");
	assert_string_equal(json_text(first, "url"), "https://www.youtube.com/watch?v=video00000A");
	assert_string_equal(json_text(first, "published_at"), "2026-11-22T10:00:00Z");
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(first, "views")));
	const cJSON *second = cJSON_GetArrayItem(results, 1);
	assert_string_equal(json_text(cJSON_GetArrayItem(json_array(second, "queries"), 0), "query"), "rocket launch");
}

static void an_unknown_time_is_marked(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, ID, "dated 9999", INT64_C(253402300799), 0);
	flow_add_video(flow, "abcdefghijE", "dated today", FLOW_NOW, 0);
	assert_int_equal(flow_get(flow, "/api/videos/" ID), 200);
	assert_true(flow_body_has(flow, "\"published_at\":\"2026-11-22T10:00:00Z\",\"published_at_unknown\":true,"));
	assert_int_equal(flow_get(flow, "/api/videos?query=today"), 200);
	assert_true(flow_body_has(flow, "\"published_at\":\"2026-11-22T10:00:00Z\",\"published_at_unknown\":false,"));
}

static void pages_link_to_each_other_and_keep_the_filters(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/api/videos?query=starship+flight&tracked=1&page_number=2&page_size=10"), 200);
	assert_true(flow_body_has(flow, "\"count\":22,"));
	assert_true(flow_body_has(flow, "\"next\":\"/api/videos?query=starship+flight&tracked=1&page_number=3&page_size=10\""));
	assert_true(flow_body_has(flow, "\"previous\":\"/api/videos?query=starship+flight&tracked=1&page_size=10\""));
	assert_true(
	    flow_header_has(flow,
	                    "Link: </api/videos?query=starship+flight&tracked=1&page_number=3&page_size=10>; rel=\"next\"\r\n"));
	assert_true(flow_header_has(flow, "rel=\"prev\""));
	assert_int_equal(flow_get(flow, "/api/videos?page=3"), 200);
	assert_true(flow_body_has(flow, "\"next\":null"));
}

static void past_the_end_is_an_empty_page(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/api/videos/?page_number=99"), 200);
	assert_true(flow_body_has(flow, "\"results\":[]"));
	assert_true(flow_body_has(flow, "\"previous\":\"/api/videos?page_number=3\""));
}

static void wrong_parameters_are_named(void **state)
{
	static const struct {
		const char *url;
		const char *culprit;
	} cases[] = {
	    {"/api/videos?page_number=0", "page_number=0"},
	    {"/api/videos?page_number=two", "page_number=two"},
	    {"/api/videos?page=-1", "page=-1"},
	    {"/api/videos?page_size=101", "page_size=101"},
	    {"/api/videos?page=1&page_number=1", "page and page_number"},
	    {"/api/videos?page=1&page=1", "page: given twice"},
	    {"/api/videos?tracked=7", "tracked=7"},
	    {"/api/videos?tracked=x", "tracked=x"},
	    {"/api/videos?colour=red", "'colour'"},
	    {"/api/videos?query=%ff", "query"},
	    {"/api/videos?tracked=", "tracked="},
	    {"/api/videos?channel=", "channel="},
	    {"/api/videos?channel=UC/x", "channel=UC/x"},
	    {"/api/videos?exclude_channel=", "exclude_channel=: 1 to 100 ids"},
	    {"/api/videos?exclude_channel=UCabcdefghijklmnopqrstuv,foo", "exclude_channel=foo: ids of channels are allowed: UC"},
	    {"/api/videos?language=", "language=: the tag"},
	    {"/api/videos?language=en_GB", "language=en_GB: the tag"},
	    {"/api/videos?published_after=yesterday", "published_after=yesterday"},
	    {"/api/videos?published_after=", "published_after="},
	    {"/api/videos?published_before=2026-13-01", "published_before=2026-13-01"},
	    {"/api/videos?published_before=1970-01-01", "published_before=1970-01-01"},
	    {"/api/videos?published_after=2026-11-22&published_before=2026-11-22", "published_before=2026-11-22"},
	    {"/api/videos?within=year", "within=year: allowed: hour, day, week, month"},
	    {"/api/videos?within=day&published_before=2026-11-22", "within: not together"},
	    {"/api/videos?kind=film", "kind=film: allowed: video, live, upcoming, was_live"},
	    {"/api/videos?kind=", "kind="},
	    {"/api/videos?min_duration=-1", "min_duration=-1"},
	    {"/api/videos?max_duration=0", "max_duration=0"},
	    {"/api/videos?min_duration=9&max_duration=8", "max_duration=8: must not be less than min_duration=9"},
	    {"/api/videos?sort=random", "sort=random: allowed: newest, oldest, views, rising, title, relevance"},
	    {"/api/videos?sort=relevance", "sort=relevance: needs search text"},
	    {"/api/videos?sort=relevance&query=+", "sort=relevance: needs search text"},
	    {"/api/videos?count=all", "count=all: allowed: exact"},
	    {"/api/videos?cursor=", "cursor="},
	    {"/api/videos?cursor=xyz", "cursor=xyz"},
	    {"/api/videos?cursor=n0000000000000000", "cursor=n0000000000000000"},
	    {"/api/videos?cursor=nffffffffffffffff", "cursor=nffffffffffffffff"},
	    {"/api/videos?cursor=n00001A0000000000", "cursor=n00001A0000000000"},
	    {"/api/videos?cursor=o00001a0000000000", "cursor=o00001a0000000000"},
	    {"/api/videos?cursor=n00001a0000000000&page=1", "cursor: not together with a page number"},
	    {"/api/videos?cursor=n00001a0000000000&sort=views",
	     "cursor: only with sort=newest, oldest, recorded or recorded_oldest"},
	    {"/api/videos?sort=recorded&cursor=n00001a0000000000", "of a list in another order than sort=recorded"},
	    {"/api/videos?sort=recorded&cursor=f00001a0000000000", "of a list in another order"},
	    {"/api/videos?after=f00001a0000000000", "after: only with sort=recorded"},
	    {"/api/videos?after=f00001a0000000000&sort=recorded_oldest", "after: only with sort=recorded"},
	    {"/api/videos?sort=recorded&after=", "after="},
	    {"/api/videos?sort=recorded&after=r00001a0000000000", "not a latest_cursor that newsreel gave"},
	    {"/api/videos?sort=recorded&after=fffffffffffffffff", "not a latest_cursor that newsreel gave"},
	    {"/api/videos?sort=recorded&after=f00001a0000000000&page=1", "after: not together with page"},
	    {"/api/videos?sort=recorded&after=f00001a0000000000&cursor=r00001a0000000000", "after: not together with cursor"},
	    {"/api/videos?recorded_after=yesterday", "recorded_after=yesterday"},
	    {"/api/videos?recorded_after=2026-11-22&recorded_before=2026-11-22", "must be later than recorded_after"},
	};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 400);
		assert_true(flow_header_has(flow, "Content-Type: application/problem+json"));
		assert_true(flow_body_has(flow, "\"type\":\"/problems/invalid\""));
		assert_true(flow_body_has(flow, cases[i].culprit));
	}
}

static void search_text_is_decoded_and_folded(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "Pokémon: オフィシャル ミュージック <b>\"live\"</b>", FLOW_NOW, 0);
	static const char *const urls[] = {"/api/videos?query=pokemon",
	                                   "/api/videos?query=POK%C3%89",
	                                   "/api/videos?query=%E3%83%A5%E3%83%BC%E3%82%B8",
	                                   "/api/videos?query=pokemon+%22live%22",
	                                   "/api/videos?query=pokemon+-digimon",
	                                   "/api/videos?query=digimon+OR+pokemon"};
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_int_equal(flow_get(flow, urls[i]), 200);
		assert_true(flow_body_has(flow, "\"count\":1,"));
	}
	assert_true(flow_body_has(flow, "<b>\\\"live\\\"</b>"));
	assert_int_equal(flow_get(flow, "/api/videos?query=pokemon+-live"), 200);
	assert_true(flow_body_has(flow, "\"count\":0,"));
}

/* Follows `next` from page to page by cursor while videos arrive: each of those there at the start is met once, in order. */
static void cursors_are_stable_while_videos_arrive(void **state)
{
	static const char *const sorts[] = {"newest", "oldest"};
	struct flow *flow = *state;

	seed(flow);
	for (int oldest = 0; oldest < 2; oldest++) {
		char url[200];
		int met = 0;

		snprintf(url, sizeof(url), "/api/videos?query=flight&sort=%s&page_size=10", sorts[oldest]);
		assert_int_equal(flow_get(flow, url), 200);
		AUTO(json_free) cJSON *first = parse(flow);
		snprintf(url, sizeof(url), "/api/videos?query=flight&sort=%s&page_size=10&cursor=%s", sorts[oldest],
		         text_member(first, "next_cursor"));
		for (met = 10; met < 45;) {
			char id[40], expected[24];

			/* Before what was read already. */
			snprintf(id, sizeof(id), "other%d%04dA", oldest, met);
			flow_add_video(flow, id, "another flight", oldest ? FLOW_NOW - 100000 - met : FLOW_NOW + met, 0);
			assert_int_equal(flow_get(flow, url), 200);
			AUTO(json_free) cJSON *page = parse(flow);
			assert_true(cJSON_IsNull(cJSON_GetObjectItem(page, "page_number")));
			assert_true(cJSON_IsNull(cJSON_GetObjectItem(page, "previous")));
			const cJSON *video;
			cJSON_ArrayForEach(video, json_array(page, "results"))
			{
				snprintf(expected, sizeof(expected), "video%05dA", oldest ? 44 - met : met);
				assert_string_equal(json_text(video, "id"), expected);
				if (++met == 45) /* after them may be others */
					break;
			}
			if (met < 45)
				snprintf(url, sizeof(url), "%s", text_member(page, "next"));
		}
	}
}

/* The ids of the list at URL. */
static void expect_ids(struct flow *flow, const char *url, const char *ids)
{
	AUTO(buf_clear) struct buf found = BUF(1000);
	const cJSON *video;

	if (flow_get(flow, url) != 200)
		fail_msg("%s: %s", url, flow_body(flow));
	AUTO(json_free) cJSON *json = parse(flow);
	cJSON_ArrayForEach(video, json_array(json, "results"))
	    buf_printf(&found, "%s%s", found.len ? " " : "", text_member(video, "id"));
	if (strcmp(buf_text(&found), ids) != 0)
		fail_msg("%s: %s instead of %s", url, buf_text(&found), ids);
}

static void the_order_of_recording_is_that_of_the_match_with_tracked(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "flight");
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;
	bool added;

	flow_add_video(flow, "aaaaaaaaaaA", "Flight one", FLOW_NOW - 86400, 0);
	flow_add_video(flow, "aaaaaaaaaaE", "Flight two", FLOW_NOW - 300, query);
	flow_add_video(flow, "aaaaaaaaaaI", "Flight three", FLOW_NOW - 2 * 86400, query);
	int64_t first = (FLOW_NOW - 86400) * INT64_C(1024);
	assert_true(store_match_save(store, query, first, FOUND_SEARCH, FLOW_NOW + 60, &added, &err));
	assert_true(added);
	expect_ids(flow, "/api/videos", "aaaaaaaaaaE aaaaaaaaaaA aaaaaaaaaaI");
	expect_ids(flow, "/api/videos?sort=recorded", "aaaaaaaaaaI aaaaaaaaaaE aaaaaaaaaaA");
	expect_ids(flow, "/api/videos?sort=recorded_oldest", "aaaaaaaaaaA aaaaaaaaaaE aaaaaaaaaaI");
	expect_ids(flow, "/api/videos?sort=recorded&query=flight%20", "aaaaaaaaaaI aaaaaaaaaaE aaaaaaaaaaA");
	expect_ids(flow, "/api/videos?sort=recorded&tracked=1", "aaaaaaaaaaA aaaaaaaaaaI aaaaaaaaaaE");
	expect_ids(flow, "/api/videos?sort=recorded&tracked=1&query=flight%20-one", "aaaaaaaaaaI aaaaaaaaaaE");
	expect_ids(flow, "/api/videos?recorded_after=2026-11-22T10:01:00Z", "");
	expect_ids(flow, "/api/videos?recorded_after=2026-11-22T10:01:00Z&tracked=1", "aaaaaaaaaaA");
	expect_ids(flow, "/api/videos?recorded_before=2026-11-22T10:01:00Z&tracked=1", "aaaaaaaaaaE aaaaaaaaaaI");
	assert_true(flow_body_has(flow, "\"recorded_at\":\"2026-11-22T10:00:00Z\""));
}

/* The URL of what came after LATEST, the latest_cursor of the last answer, which becomes the next one. */
static void read_on(struct flow *flow, const char *filters, char latest[32], const char *ids)
{
	char url[200];

	snprintf(url, sizeof(url), "/api/videos?sort=recorded&%safter=%s", filters, latest);
	expect_ids(flow, url, ids);
	AUTO(json_free) cJSON *json = parse(flow);
	snprintf(latest, 32, "%s", text_member(json, "latest_cursor"));
}

static void a_forward_cursor_gives_what_came_since(void **state)
{
	struct flow *flow = *state;
	char latest[32] = "f0000000000000000";

	flow_add_video(flow, "aaaaaaaaaaA", "Flight one", FLOW_NOW - 86400, 0);
	read_on(flow, "", latest, "aaaaaaaaaaA");
	read_on(flow, "", latest, "");
	assert_true(flow_body_has(flow, "\"next\":null") && flow_body_has(flow, "\"next_cursor\":null"));
	for (int i = 0; i < 3; i++)
		flow_add_video(flow, (const char *[]){"aaaaaaaaaaE", "aaaaaaaaaaI", "aaaaaaaaaaM"}[i], "Flight",
		               FLOW_NOW - i * 3600, 0);
	read_on(flow, "page_size=2&", latest, "aaaaaaaaaaE aaaaaaaaaaI");
	assert_true(flow_body_has(flow, "\"next\":\"/api/videos?sort=recorded&after=f"));
	read_on(flow, "page_size=2&", latest, "aaaaaaaaaaM");
	read_on(flow, "query=flight&", latest, "");
	flow_add_video(flow, "aaaaaaaaaaQ", "Another", FLOW_NOW, 0);
	read_on(flow, "query=flight&", latest, "");
	flow_add_video(flow, "aaaaaaaaaaU", "A flight", FLOW_NOW, 0);
	read_on(flow, "query=flight&", latest, "aaaaaaaaaaU");
	assert_int_equal(flow_get(flow, "/api/videos?sort=newest"), 200);
	assert_false(flow_body_has(flow, "latest_cursor"));
}

static void what_visitors_find_moves_no_forward_cursor(void **state)
{
	struct flow *flow = *state;
	AUTO(store_close) struct store *store = flow_open(flow);
	char title[] = "Private flight", latest[32], same[32];
	struct video video = {.id = "aaaaaaaaaaA", .title = title, .published_at = FLOW_NOW, .duration_s = VIDEO_UNKNOWN};
	enum query_added how;
	int64_t request;
	struct error err;
	bool added;

	flow_add_video(flow, "aaaaaaaaaaE", "Flight", FLOW_NOW - 60, 0);
	assert_int_equal(flow_get(flow, "/api/videos?sort=recorded"), 200);
	AUTO(json_free) cJSON *json = parse(flow);
	snprintf(latest, sizeof(latest), "%s", text_member(json, "latest_cursor"));
	memcpy(same, latest, sizeof(same));
	assert_true(store_query_add(store, "private", ORIGIN_VISITOR, 10, FLOW_NOW, &request, &how, &err));
	assert_true(store_visitors_save(store, request, &video, FLOW_NOW + 60, &added, &err));
	assert_true(added);
	expect_ids(flow, "/api/videos?sort=recorded", "aaaaaaaaaaE");
	read_on(flow, "", latest, "");
	read_on(flow, "query=private&", latest, "");
	assert_string_equal(latest, same);
	expect_ids(flow, "/api/videos?sort=recorded&query=private", "aaaaaaaaaaA");
}

static void a_cursor_list_ends(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/api/videos?page_size=44"), 200);
	AUTO(json_free) cJSON *json = parse(flow);
	char url[100];
	snprintf(url, sizeof(url), "/api/videos?cursor=%s", text_member(json, "next_cursor"));
	assert_int_equal(flow_get(flow, url), 200);
	assert_true(flow_body_has(flow, "\"count\":45,"));
	assert_true(flow_body_has(flow, "\"next\":null"));
	assert_true(flow_body_has(flow, "\"next_cursor\":null"));
	assert_true(flow_body_has(flow, "video00044A"));
	assert_true(flow_header_has(flow, "rel=\"first\""));
}

/* Many videos may match, and none does: the answer tells how far it looked, and where to go on. */
static void a_rare_match_is_found_by_going_on(void **state)
{
	struct flow *flow = *state;
	AUTO(buf_clear) struct buf url = BUF(4096);
	int requests = 0;

	seed(flow);
	flow_add_video(flow, "abcdefghijA", "a rare one", FLOW_NOW - 30 * 86400, 0);
	assert_int_equal(flow_get(flow, "/readyz"), 200); /* opens the database */
	store_set_scan_limit(flow->app.store, 10);
	assert_int_equal(flow_get(flow, "/api/videos?kind=live"), 200); /* in an index of its own */
	assert_true(flow_body_has(flow, "\"count\":0,\"count_is_exact\":true"));
	buf_add_text(&url, "/api/videos?kind=video&min_duration=7");
	for (bool more = true; more; requests++) {
		assert_int_equal(flow_get(flow, buf_text(&url)), 200);
		AUTO(json_free) cJSON *json = parse(flow);
		more = cJSON_IsString(cJSON_GetObjectItem(json, "next"));
		assert_int_equal(flow_body_has(flow, "\"count\":0,\"count_is_exact\":false,\"scanned_within\":10,"), true);
		if (more) {
			assert_true(flow_header_has(flow, "rel=\"next\""));
			buf_reset(&url);
			buf_add_text(&url, text_member(json, "next"));
		}
	}
	assert_int_equal(requests, 5); /* 46 videos */
	assert_int_equal(flow_get(flow, "/api/stats/volume?min_duration=7"), 200);
	assert_string_equal(flow_body(flow), "{\"bucket\":\"day\",\"scanned_within\":10,\"points\":[]}");
}

static void filters_combine(void **state)
{
	static const struct {
		const char *url;
		int count;
	} cases[] = {
	    {"/api/videos", 47},
	    {"/api/videos?channel=UCabcdefghijklmnopqrstuv", 2},
	    {"/api/videos?channel=UCnone", 0},
	    {"/api/videos?exclude_channel=UCabcdefghijklmnopqrstuv", 45},
	    {"/api/videos?exclude_channel=UC0000000000000000000000,+UCabcdefghijklmnopqrstuv&count=exact", 45},
	    {"/api/videos?exclude_channel=UC0000000000000000000000", 47},
	    {"/api/videos?query=flight&exclude_channel=UCabcdefghijklmnopqrstuv&tracked=1", 22},
	    {"/api/videos?language=EN", 2},
	    {"/api/videos?language=en-gb&query=flight", 1},
	    {"/api/videos?language=de&sort=recorded", 1},
	    {"/api/videos?language=e", 0},
	    {"/api/videos?kind=live", 1},
	    {"/api/videos?kind=video&channel=UCabcdefghijklmnopqrstuv", 1},
	    {"/api/videos?min_duration=101", 1},
	    {"/api/videos?max_duration=100", 1},
	    {"/api/videos?min_duration=100&max_duration=1000", 2},
	    {"/api/videos?within=hour", 45},
	    {"/api/videos?within=day", 46},
	    {"/api/videos?within=week&channel=UCabcdefghijklmnopqrstuv", 2},
	    {"/api/videos?published_before=2026-11-22", 2},
	    {"/api/videos?published_after=2026-11-21T10:00:00Z", 46},
	    {"/api/videos?published_after=2026-11-21T11:00:00%2B01:00", 46},
	    {"/api/videos?published_after=2026-11-21T10:00:01Z", 45},
	    {"/api/videos?published_after=2026-11-20&published_before=2026-11-21", 1},
	    {"/api/videos?query=flight&published_after=2026-11-22T09:30:00Z&tracked=1", 15},
	    {"/api/videos?query=space+flight", 2},
	    {"/api/videos?query=flight&channel=UCabcdefghijklmnopqrstuv&kind=live&min_duration=1", 1},
	    {"/api/videos?query=", 47},
	    {"/api/videos?query=+", 47},
	    {"/api/videos?query=flight&count=exact", 47},
	};
	struct flow *flow = *state;

	seed(flow);
	add_detailed(flow);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t count;

		assert_int_equal(flow_get(flow, cases[i].url), 200);
		AUTO(json_free) cJSON *json = parse(flow);
		assert_true(json_int(json, "count", &count));
		if (count != cases[i].count)
			fail_msg("%s: %d instead of %d", cases[i].url, (int)count, cases[i].count);
		assert_true(cJSON_IsTrue(cJSON_GetObjectItem(json, "count_is_exact")));
		/* The page takes the same, and sends an empty field on to an address without it. */
		char page[300];
		bool empty_field = strstr(cases[i].url, "=&") || cases[i].url[strlen(cases[i].url) - 1] == '=';
		snprintf(page, sizeof(page), "/%s", cases[i].url + strlen("/api/videos"));
		assert_int_equal(flow_get(flow, page), empty_field ? 303 : 200);
	}
}

static void sorts_order(void **state)
{
	static const struct {
		const char *url, *first;
	} cases[] = {
	    {"/api/videos?sort=newest", "video00000A"},
	    {"/api/videos?sort=oldest", "detailed00E"},
	    {"/api/videos?sort=views", "detailed00E"},
	    {"/api/videos?sort=rising", "video00000A"},
	    {"/api/videos?sort=title", "detailed00E"},
	    {"/api/videos?sort=title&channel=UCabcdefghijklmnopqrstuv&page=2&page_size=1", "detailed00A"},
	    {"/api/videos?sort=relevance&query=bravo", "detailed00A"},
	};
	struct flow *flow = *state;

	seed(flow);
	add_detailed(flow);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].url), 200);
		AUTO(json_free) cJSON *json = parse(flow);
		assert_string_equal(json_text(cJSON_GetArrayItem(json_array(json, "results"), 0), "id"), cases[i].first);
		assert_null(cJSON_GetObjectItem(json, "ranked_within"));
	}
	assert_int_equal(flow_get(flow, "/api/videos?sort=views&page_size=2"), 200);
	assert_true(flow_body_has(flow, "\"next\":\"/api/videos?sort=views&page_number=2&page_size=2\""));
	assert_true(flow_body_has(flow, "\"next_cursor\":null"));
}

static void the_text_of_a_tracked_query_finds_its_videos(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "Rocket  Launch");

	flow_add_video(flow, "abcdefghijA", "Liftoff!", FLOW_NOW, query);
	flow_add_video(flow, "abcdefghijE", "rocket launch pad", FLOW_NOW - 5, 0);
	assert_int_equal(flow_get(flow, "/api/videos?query=rocket+launch"), 200);
	assert_true(flow_body_has(flow, "\"count\":2,"));
	assert_true(strstr(flow_body(flow), "Liftoff!") < strstr(flow_body(flow), "launch pad"));
}

static void one_video_tells_how_it_was_found(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/api/videos/video00001A"), 200);
	assert_true(flow_body_has(flow, "\"queries\":[{\"id\":1,\"query\":\"rocket "
	                                "launch\",\"found_by\":\"search\",\"found_at\":\"2026-11-22T10:00:00Z\"}]"));
	assert_int_equal(flow_get(flow, "/api/videos/video00001a"), 404);
	assert_int_equal(flow_get(flow, "/api/videos/video00001A?x=1"), 400);
}

static void what_a_video_was_before_is_told_newest_first(void **state)
{
	struct flow *flow = *state;
	struct error err;
	AUTO(json_free) cJSON *json = NULL;
	int64_t views;

	tell(flow, "First title", 10, FLOW_NOW);
	tell(flow, "Second title", 20, FLOW_NOW + 3600);
	tell(flow, "Third title", 30, FLOW_NOW + 7200);
	assert_int_equal(flow_get(flow, "/api/videos/" ID), 200);
	assert_true(json_parse(flow_body(flow), flow->response.body.len, &json, &err));
	assert_string_equal(json_text(json, "title"), "Third title");
	const cJSON *history = json_array(json, "history");
	assert_int_equal(cJSON_GetArraySize(history), 2);
	const cJSON *newest = cJSON_GetArrayItem(history, 0);
	assert_string_equal(json_text(newest, "title"), "Second title");
	assert_string_equal(json_text(newest, "replaced_at"), "2026-11-22T12:00:00Z");
	assert_true(json_int(newest, "views", &views));
	assert_int_equal(views, 20);
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(newest, "likes")));
	assert_string_equal(json_text(cJSON_GetArrayItem(history, 1), "title"), "First title");
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_false(flow_body_has(flow, "history"));
}

static void statistics_over_time_are_told(void **state)
{
	struct flow *flow = *state;

	tell(flow, "T", 100, FLOW_NOW - 7200);
	assert_int_equal(flow_get(flow, "/video/" ID), 200);
	assert_false(flow_body_has(flow, "Views over time"));
	tell(flow, "T", 1300, FLOW_NOW);
	assert_int_equal(flow_get(flow, "/api/videos/" ID "/statistics"), 200);
	assert_string_equal(flow_body(flow),
	                    "{\"views_per_hour\":600,\"count\":2,\"results\":["
	                    "{\"at\":\"2026-11-22T08:00:00Z\",\"views\":100,\"likes\":null,\"comments\":null},"
	                    "{\"at\":\"2026-11-22T10:00:00Z\",\"views\":1300,\"likes\":null,\"comments\":null}]}");
	assert_int_equal(flow_get(flow, "/video/" ID), 200);
	assert_true(
	    flow_body_has(flow, "aria-label=\"Views at 2 readings: 100 on 22 Nov 2026, 08:00, 1,300 on 22 Nov 2026, 10:00\""));
	assert_true(flow_body_has(flow, "<polyline points=\"4.0,60.0 316.0,4.0\"/>"));
	assert_true(flow_body_has(flow, "600 views per hour in the last day"));
	assert_int_equal(flow_get(flow, "/?sort=rising"), 200);
	assert_true(flow_body_has(flow, "Rising, by views per hour in the last day"));
	assert_int_equal(flow_get(flow, "/api/videos/abcdefghijZ/statistics"), 404);
}

static void a_video_without_changes_has_an_empty_history(void **state)
{
	struct flow *flow = *state;

	tell(flow, "Title", 10, FLOW_NOW);
	assert_int_equal(flow_get(flow, "/api/videos/" ID), 200);
	assert_true(flow_body_has(flow, "\"history\":[]"));
}

static void what_youtube_no_longer_has_is_gone(void **state)
{
	struct flow *flow = *state;
	struct store *store = NULL;
	struct error err;
	bool gone;

	tell(flow, "Title", 10, FLOW_NOW);
	store = flow_open(flow);
	assert_true(store_video_missing(store, ID, FLOW_NOW, &gone, &err));
	assert_false(gone);
	assert_int_equal(flow_get(flow, "/api/videos/" ID), 200);
	assert_true(store_video_missing(store, ID, FLOW_NOW + 2 * 86400, &gone, &err));
	assert_true(gone);
	store_close(&store);
	assert_int_equal(flow_get(flow, "/api/videos/" ID), 410);
	assert_true(flow_body_has(flow, "\"type\":\"/problems/gone\""));
	assert_true(flow_body_has(flow, "2026-11-24T10:00:00Z"));
	assert_false(flow_body_has(flow, "Title"));
	assert_int_equal(flow_get(flow, "/api/videos/abcdefghijB"), 404);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_newest_come_first_with_all_members),
	    CASE(an_unknown_time_is_marked),
	    CASE(pages_link_to_each_other_and_keep_the_filters),
	    CASE(past_the_end_is_an_empty_page),
	    CASE(wrong_parameters_are_named),
	    CASE(search_text_is_decoded_and_folded),
	    CASE(the_text_of_a_tracked_query_finds_its_videos),
	    CASE(one_video_tells_how_it_was_found),
	    CASE(cursors_are_stable_while_videos_arrive),
	    CASE(a_cursor_list_ends),
	    CASE(the_order_of_recording_is_that_of_the_match_with_tracked),
	    CASE(a_forward_cursor_gives_what_came_since),
	    CASE(what_visitors_find_moves_no_forward_cursor),
	    CASE(a_rare_match_is_found_by_going_on),
	    CASE(filters_combine),
	    CASE(sorts_order),
	    CASE(what_a_video_was_before_is_told_newest_first),
	    CASE(statistics_over_time_are_told),
	    CASE(a_video_without_changes_has_an_empty_history),
	    CASE(what_youtube_no_longer_has_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
