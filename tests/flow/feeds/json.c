#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "tests/support/flow.h"

static void json_feed_has_its_members(void **state)
{
	struct flow *flow = *state;
	struct error err;
	AUTO(json_free) cJSON *json = NULL;

	flow_add_videos(flow, 45, 60, flow_add_query(flow, "rocket & launch"));
	assert_int_equal(flow_get(flow, "/feeds/videos.json?page_size=2"), 200);
	assert_true(flow_header_has(flow, "Content-Type: application/feed+json; charset=utf-8\r\n"));
	assert_true(json_parse(flow_body(flow), flow->response.body.len, &json, &err));
	assert_string_equal(json_text(json, "version"), "https://jsonfeed.org/version/1.1");
	assert_string_equal(json_text(json, "feed_url"), "http://127.0.0.1:8080/feeds/videos.json?page_size=2");
	assert_non_null(strstr(json_text(json, "next_url"), "http://127.0.0.1:8080/feeds/videos.json?cursor="));
	/* The last recorded come first. */
	const cJSON *item = cJSON_GetArrayItem(json_array(json, "items"), 1);
	assert_string_equal(json_text(item, "id"), "https://www.youtube.com/watch?v=video00043A");
	assert_string_equal(json_text(item, "title"), "Starship");
	assert_string_equal(json_text(item, "content_text"), "");
	assert_string_equal(json_text(item, "date_published"), "2026-11-22T09:17:00Z");
	assert_string_equal(cJSON_GetArrayItem(json_array(item, "tags"), 0)->valuestring, "rocket & launch");
	assert_int_equal(flow_get(flow, "/feeds/videos.json?page_number=3"), 200);
	assert_false(flow_body_has(flow, "next_url"));
}

static void what_has_no_title_says_so(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "", FLOW_NOW, 0);
	assert_int_equal(flow_get(flow, "/feeds/videos.json"), 200);
	assert_true(flow_body_has(flow, "\"title\":\"(no title)\","));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(what_has_no_title_says_so),
	    CASE(json_feed_has_its_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
