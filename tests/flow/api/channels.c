#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/matches.h"
#include "store/videos.h"
#include "tests/support/flow.h"

static void channels_come_by_number_of_videos(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket launch");
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;
	bool added;

	for (int i = 0; i < 10; i++) {
		char title[] = "t", channel[] = "Channel 0";
		struct video video = {.title = title, .channel_title = channel, .published_at = FLOW_NOW - i};
		enum video_saved saved;
		int64_t seq;
		char id[24];

		/* 0 has one, 1 three, 2 six videos. */
		channel[sizeof(channel) - 2] = (char)('0' + (i > 0) + (i > 3));
		snprintf(id, sizeof(id), "channel%03dA", i);
		memcpy(video.id, id, sizeof(video.id));
		snprintf(video.channel_id, sizeof(video.channel_id), "UC%c", channel[sizeof(channel) - 2]);
		assert_true(store_video_save(store, &video, SOURCE_SEARCH, FLOW_NOW, &saved, &seq, &err));
		if (i < 4)
			assert_true(store_match_save(store, query, seq, FOUND_SEARCH, FLOW_NOW, &added, &err));
	}
	assert_int_equal(flow_get(flow, "/api/channels?page_size=2"), 200);
	assert_string_equal(
	    flow_body(flow),
	    "{\"count\":3,\"page_number\":1,\"page_size\":2,\"next\":\"/api/channels?page_number=2&page_size=2\","
	    "\"previous\":null,\"results\":["
	    "{\"id\":\"UC2\",\"url\":\"https://www.youtube.com/channel/UC2\",\"title\":\"Channel 2\",\"videos\":6},"
	    "{\"id\":\"UC1\",\"url\":\"https://www.youtube.com/channel/UC1\",\"title\":\"Channel 1\",\"videos\":3}]}");
	assert_int_equal(flow_get(flow, "/api/channels?page_size=2&page=2"), 200);
	assert_true(flow_body_has(flow, "\"next\":null,\"previous\":\"/api/channels?page_size=2\""));
	assert_true(flow_body_has(flow, "\"Channel 0\",\"videos\":1}]"));
	assert_int_equal(flow_get(flow, "/api/channels?tracked=1"), 200);
	assert_true(flow_body_has(flow, "\"count\":2,"));
	assert_true(flow_body_has(flow, "\"Channel 1\",\"videos\":3},{\"id\":\"UC0\""));
}

static void wrong_parameters_are_named(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/api/channels?query=x"), 400);
	assert_true(flow_body_has(flow, "'query'"));
	assert_int_equal(flow_get(flow, "/api/channels?tracked=7"), 400);
	assert_true(flow_body_has(flow, "tracked=7"));
	assert_int_equal(flow_get(flow, "/api/channels?page_size=0"), 400);
	assert_true(flow_body_has(flow, "page_size=0"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(channels_come_by_number_of_videos),
	    CASE(wrong_parameters_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
