#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"
#include "store/refresh.h"
#include "store/videos.h"
#include "tests/support/flow.h"

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
	    CASE(what_a_video_was_before_is_told_newest_first),
	    CASE(a_video_without_changes_has_an_empty_history),
	    CASE(what_youtube_no_longer_has_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
