#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/hidden/hidden.h"
#include "store/matches.h"
#include "store/videos.h"
#include "tests/support/flow.h"
#include "tests/support/store_fixture.h"

enum { MANY = 2150 };

#define CHANNEL "UC0123456789012345678901"

static void add_of_channel(struct flow *flow, int from, int to, const char *title)
{
	struct store *store = flow_open(flow);
	char id[VIDEO_ID_SIZE + 12];
	struct error err;

	assert_true(store_begin(store, &err));
	for (int i = from; i < to; i++) {
		snprintf(id, sizeof(id), "chan%06dA", i);
		fixture_save(store, id, title, "", "Noise Makers", FLOW_NOW - 1000 - i, SOURCE_DETAILS);
		fixture_commit_some(store, i + 1);
	}
	assert_true(store_commit(store, &err));
	store_close(&store);
}

static void these_are_the_owners(void **state)
{
	struct flow *flow = *state;
	static const char *const urls[] = {"/api/hidden_videos", "/api/hidden_videos/abcdefghijA", "/api/muted_channels",
	                                   "/api/muted_channels/" CHANNEL};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_int_equal(flow_get(flow, urls[i]), 401);
		assert_int_equal(flow_request(flow, "GET", urls[i], NULL, FLOW_TOKEN), i % 2 ? 404 : 200);
	}
	for (size_t i = 1; i < sizeof(urls) / sizeof(urls[0]); i += 2) {
		assert_int_equal(flow_request(flow, "PUT", urls[i], "reason=spam", FLOW_TOKEN), 400);
		assert_true(flow_body_has(flow, "reason"));
	}
	assert_int_equal(flow_request(flow, "PUT", urls[1], NULL, NULL), 401);
	assert_int_equal(flow_request(flow, "DELETE", urls[3], NULL, NULL), 401);
	assert_int_equal(flow_get(flow, "/api/videos?include=hidden"), 401);
}

static void a_hidden_video_is_in_no_answer_until_undo(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket launch");
	static const char *const lists[] = {
	    "/api/videos",     "/api/videos?tracked=1", "/api/videos?query=noisy", "/api/videos.ndjson",
	    "/api/videos.csv", "/feeds/videos.atom",    "/feeds/videos.json",      "/"};

	flow_add_video(flow, "abcdefghijA", "noisy rocket", FLOW_NOW, query);
	flow_add_video(flow, "abcdefghijE", "quiet rocket", FLOW_NOW - 1, query);
	assert_int_equal(flow_request(flow, "PUT", "/api/hidden_videos/abcdefghijA", NULL, FLOW_TOKEN), 201);
	assert_true(flow_body_has(flow, "{\"id\":\"abcdefghijA\",\"title\":\"noisy rocket\",\"hidden_at\":\""));
	assert_int_equal(flow_request(flow, "PUT", "/api/hidden_videos/abcdefghijA", NULL, FLOW_TOKEN), 200);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		assert_int_equal(flow_get(flow, lists[i]), 200);
		assert_false(flow_body_has(flow, "abcdefghijA"));
	}
	assert_int_equal(flow_get(flow, "/api/videos/abcdefghijA"), 404);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"videos\":1,"));
	assert_int_equal(flow_get(flow, "/api/stats/volume"), 200);
	assert_true(flow_body_has(flow, "\"count\":1}"));
	assert_int_equal(flow_request(flow, "GET", "/api/hidden_videos", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,\"results\":[{\"id\":\"abcdefghijA\""));
	assert_int_equal(flow_request(flow, "DELETE", "/api/hidden_videos/abcdefghijA", NULL, FLOW_TOKEN), 204);
	assert_int_equal(flow_request(flow, "DELETE", "/api/hidden_videos/abcdefghijA", NULL, FLOW_TOKEN), 204);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		assert_int_equal(flow_get(flow, lists[i]), 200);
		assert_true(flow_body_has(flow, "abcdefghijA"));
	}
	assert_int_equal(flow_request(flow, "GET", "/api/hidden_videos/abcdefghijA", NULL, FLOW_TOKEN), 404);
	assert_int_equal(flow_request(flow, "PUT", "/api/hidden_videos/short", NULL, FLOW_TOKEN), 404);
}

static void the_owner_sees_what_is_hidden_and_why(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket launch");

	flow_add_video(flow, "abcdefghijA", "noisy rocket", FLOW_NOW, query);
	flow_add_video(flow, "abcdefghijE", "quiet rocket", FLOW_NOW - 1, query);
	flow_add_video(flow, "abcdefghijI", "old fan edit", FLOW_NOW - 2, query);
	flow_request(flow, "PUT", "/api/hidden_videos/abcdefghijE", NULL, FLOW_TOKEN);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "excluded_words=fan", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"excluded_words\":[\"fan\"],\"excluded_channels\":[],\"region\":null"));
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,"));
	assert_int_equal(flow_request(flow, "GET", "/api/videos?include=hidden&page_size=1", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"count\":3,"));
	assert_true(flow_body_has(flow, "&page_size=1&include=hidden\",\"previous\":null"));
	assert_true(flow_header_has(flow, "Cache-Control: no-store\r\n"));
	assert_int_equal(flow_request(flow, "GET", "/api/videos?include=hidden&tracked=1", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"count\":3,"));
	assert_true(flow_body_has(flow, "\"query\":\"rocket launch\"}],\"hidden\":[\"hidden\"]}"));
	assert_true(flow_body_has(flow, "\"hidden\":[\"query_rules\"]}"));
	assert_int_equal(flow_request(flow, "GET", "/api/videos?include=hidden&query=quiet", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,"));
	assert_int_equal(flow_request(flow, "GET", "/api/videos?include=hidden&query=-quiet+rocket&sort=oldest", NULL,
	                              FLOW_TOKEN),
	                 200);
	assert_true(flow_body_has(flow, "{\"count\":1,"));
	assert_int_equal(flow_request(flow, "GET", "/api/videos.ndjson?include=hidden", NULL, FLOW_TOKEN), 200);
	assert_int_equal(flow_body_count(flow, "\"hidden\":["), 2);
	assert_int_equal(flow_request(flow, "GET", "/api/videos?include=hidden&sort=views", NULL, FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "GET", "/api/videos?include=hidden&page_number=2", NULL, FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "GET", "/api/videos/abcdefghijE", NULL, FLOW_TOKEN), 200);
	assert_int_equal(flow_get(flow, "/api/videos/abcdefghijE"), 404);
	add_of_channel(flow, 1, 2, "of a channel");
	flow_request(flow, "PUT", "/api/hidden_videos/chan000001A", NULL, FLOW_TOKEN);
	assert_int_equal(flow_request(flow, "GET", "/api/videos?include=hidden", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"count\":4,"));
	assert_int_equal(flow_request(flow, "GET",
	                              "/api/videos?include=hidden&exclude_channel=UC0000000000000000000000,+" CHANNEL, NULL,
	                              FLOW_TOKEN),
	                 200);
	assert_true(flow_body_has(flow, "{\"count\":3,"));
	assert_int_equal(flow_request(flow, "GET", "/api/videos?include=hidden&language=en", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"count\":0,"));
}

static void a_muted_channel_is_hidden_in_steps_and_stays_so(void **state)
{
	struct flow *flow = *state;
	bool left = true;
	struct error err;

	add_of_channel(flow, 0, MANY, "noise");
	flow_add_video(flow, "abcdefghijA", "rocket", FLOW_NOW, 0);
	/* A request does the first of them, the next run the rest. */
	assert_int_equal(flow_request(flow, "PUT", "/api/muted_channels/" CHANNEL, NULL, FLOW_TOKEN), 201);
	assert_true(flow_body_has(flow, "\"hidden_videos\":2000,\"videos_left\":150}"));
	struct store *store = flow_open(flow);
	while (left)
		assert_true(store_hidden_work(store, HIDDEN_STEP, &left, &err));
	store_close(&store);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,"));
	assert_int_equal(flow_get(flow, "/api/channels"), 200);
	assert_true(flow_body_has(flow, "{\"count\":0,"));
	add_of_channel(flow, MANY, MANY + 1, "new upload");
	assert_int_equal(flow_get(flow, "/api/videos?query=upload"), 200);
	assert_true(flow_body_has(flow, "{\"count\":0,"));
	assert_int_equal(flow_request(flow, "GET", "/api/muted_channels", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,\"results\":[{\"id\":\"" CHANNEL "\",\"title\":\"Noise Makers\""));
	assert_true(flow_body_has(flow, "\"hidden_videos\":2151,\"videos_left\":0}"));
	assert_int_equal(flow_request(flow, "DELETE", "/api/muted_channels/" CHANNEL, NULL, FLOW_TOKEN), 204);
	assert_int_equal(flow_request(flow, "GET", "/api/muted_channels", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"count\":0,"));
	store = flow_open(flow);
	for (left = true; left;)
		assert_true(store_hidden_work(store, HIDDEN_STEP, &left, &err));
	fixture_check(store);
	store_close(&store);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "{\"count\":2152,"));
}

static void rules_hold_for_one_query_alone(void **state)
{
	struct flow *flow = *state;
	int64_t one = flow_add_query(flow, "one");
	int64_t two = flow_add_query(flow, "two");

	flow_add_video(flow, "abcdefghijA", "Minecräft rocket", FLOW_NOW, one);
	flow_add_video(flow, "abcdefghijA", "Minecräft rocket", FLOW_NOW, two);
	flow_add_video(flow, "abcdefghijE", "real rocket", FLOW_NOW - 1, one);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "{\"excluded_words\": \"minecraft, fan edit\"}",
	                              FLOW_TOKEN),
	                 200);
	assert_int_equal(flow_get(flow, "/api/videos?tracked=1"), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,"));
	assert_int_equal(flow_get(flow, "/api/videos?tracked=2"), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,"));
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "{\"count\":2,"));
	/* It is hidden in that query's list, and shown in that of all. */
	assert_int_equal(flow_request(flow, "GET", "/api/videos?tracked=1&include=hidden", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"count\":2,"));
	/* What is found later is judged at once. */
	flow_add_video(flow, "abcdefghijI", "a FAN edit", FLOW_NOW - 2, one);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "{\"count\":2,"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "{\"excluded_words\": null}", FLOW_TOKEN), 200);
	assert_int_equal(flow_get(flow, "/api/videos?tracked=1"), 200);
	assert_true(flow_body_has(flow, "{\"count\":3,"));
}

static void wrong_rules_are_named(void **state)
{
	struct flow *flow = *state;
	static const struct {
		const char *body, *field;
	} wrong[] = {{"excluded_channels=not+an+id", "excluded_channels"},
	             {"kinds=film", "kinds"},
	             {"min_duration=-1", "min_duration"},
	             {"max_duration=x", "max_duration"},
	             {"hide_shorts=maybe", "hide_shorts"},
	             {"region=Germany", "region"},
	             {"language=german", "language"},
	             {"min_duration=9&max_duration=3", "max_duration"}};

	flow_add_query(flow, "one");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", wrong[i].body, FLOW_TOKEN), 400);
		if (!flow_body_has(flow, wrong[i].field))
			fail_msg("%s: %s", wrong[i].body, flow_body(flow));
	}
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1",
	                              "region=de&language=de&hide_shorts=true&kinds=video,live&min_duration=5&max_duration=0",
	                              FLOW_TOKEN),
	                 200);
	assert_true(flow_body_has(flow, "\"region\":\"DE\",\"language\":\"de\",\"min_duration\":5,\"max_duration\":null,"
	                                "\"hide_shorts\":true,\"kinds\":[\"video\",\"live\"]"));
}

static void what_is_no_channel_cannot_be_muted(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "PUT", "/api/muted_channels/UCbad", NULL, FLOW_TOKEN), 404);
	assert_true(flow_body_has(flow, "channel=UCbad: the id of a channel is UC and 22 letters, digits, - or _"));
	assert_int_equal(flow_request(flow, "PUT", "/api/muted_channels/UC0123456789012345678.01", NULL, FLOW_TOKEN), 404);
	assert_int_equal(flow_request(flow, "GET", "/api/muted_channels/UCbad", NULL, FLOW_TOKEN), 404);
}

static void what_rules_exclude_is_for_the_owner(void **state)
{
	static const char *const urls[] = {"/api/queries", "/api/queries/1", "/api/status", "/api/queries.ndjson", "/queries"};
	const size_t count = sizeof(urls) / sizeof(urls[0]);
	struct flow *flow = *state;

	flow_add_query(flow, "one");
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1",
	                              "excluded_words=somebody&excluded_channels=" CHANNEL "&label=Space&max_duration=60",
	                              FLOW_TOKEN),
	                 200);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(flow_get(flow, urls[i]), 200);
		if (flow_body_has(flow, "somebody") || flow_body_has(flow, CHANNEL) || !flow_body_has(flow, "Space"))
			fail_msg("%s: %s", urls[i], flow_body(flow));
	}
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(flow_get(flow, urls[i]), 200);
		assert_true(flow_body_has(flow, "\"excluded_words\":null,\"excluded_channels\":null,\"region\":null"));
		assert_true(flow_body_has(flow, "\"max_duration\":60"));
	}
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(flow_request(flow, "GET", urls[i], NULL, FLOW_TOKEN), 200);
		assert_true(flow_body_has(flow, "somebody") && flow_body_has(flow, CHANNEL));
	}
	assert_int_equal(flow_request(flow, "GET", "/api/queries/1", NULL, "wrong"), 401);
}

static void rules_are_exported_and_imported(void **state)
{
	struct flow *flow = *state;

	flow_add_query(flow, "one");
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1",
	                              "excluded_words=fan+edit,trailer&kinds=video,live&hide_shorts=true", FLOW_TOKEN),
	                 200);
	assert_int_equal(flow_request(flow, "GET", "/api/queries.ndjson", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"excluded_words\":\"fan edit\\ntrailer\""));
	assert_int_equal(flow_request(flow, "POST", "/api/queries/import",
	                              "{\"lines\": \"{\\\"query\\\": \\\"two\\\", \\\"excluded_words\\\": \\\"a, b\\\"}\"}",
	                              FLOW_TOKEN),
	                 200);
	assert_int_equal(flow_request(flow, "GET", "/api/queries/2", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"excluded_words\":[\"a\",\"b\"]"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries", "ids=1,2&excluded_words=", FLOW_TOKEN), 200);
	assert_int_equal(flow_request(flow, "GET", "/api/queries", NULL, FLOW_TOKEN), 200);
	assert_int_equal(flow_body_count(flow, "\"excluded_words\":[]"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(these_are_the_owners, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_hidden_video_is_in_no_answer_until_undo, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(the_owner_sees_what_is_hidden_and_why, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_muted_channel_is_hidden_in_steps_and_stays_so, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(rules_hold_for_one_query_alone, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(what_rules_exclude_is_for_the_owner, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(rules_are_exported_and_imported, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(what_is_no_channel_cannot_be_muted, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(wrong_rules_are_named, flow_set_up, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
