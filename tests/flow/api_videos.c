#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
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
	    {"/api/videos?query=%0", "query"},
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

static void links_begin_with_the_public_url(void **state)
{
	struct flow *flow = *state;
	struct error err;

	seed(flow);
	assert_true(text_replace(&flow->config.public_url, "https://example.org/news", &err));
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "\"next\":\"https://example.org/news/api/videos?page_number=2\""));
}

static void methods_are_told_apart(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "HEAD", "/api/videos", NULL, NULL), 200);
	assert_int_equal(flow_request(flow, "OPTIONS", "/api/videos", NULL, NULL), 204);
	assert_true(flow_header_has(flow, "Allow: GET, HEAD, OPTIONS\r\n"));
	assert_int_equal(flow_request(flow, "DELETE", "/api/videos", NULL, NULL), 405);
	assert_true(flow_header_has(flow, "Allow: GET, HEAD, OPTIONS\r\n"));
	assert_int_equal(flow_request(flow, "BREW", "/api/videos", NULL, NULL), 405);
	assert_int_equal(flow_get(flow, "/api/nothing"), 404);
	assert_true(flow_body_has(flow, "\"/problems/not-found\""));
	assert_int_equal(flow_get(flow, "/api/../etc/passwd"), 404);
}

static void before_the_record_exists_it_is_busy(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/api/videos"), 503);
	assert_true(flow_header_has(flow, "Retry-After: "));
	assert_int_equal(flow_get(flow, "/readyz"), 503);
	assert_int_equal(flow_get(flow, "/ping"), 200);
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

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_newest_come_first_with_all_members),
	    CASE(pages_link_to_each_other_and_keep_the_filters),
	    CASE(past_the_end_is_an_empty_page),
	    CASE(wrong_parameters_are_named),
	    CASE(search_text_is_decoded_and_folded),
	    CASE(the_text_of_a_tracked_query_finds_its_videos),
	    CASE(one_video_tells_how_it_was_found),
	    CASE(links_begin_with_the_public_url),
	    CASE(methods_are_told_apart),
	    cmocka_unit_test_setup_teardown(before_the_record_exists_it_is_busy, flow_set_up_without_record, flow_tear_down),
	    CASE(health_tells_freshness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
