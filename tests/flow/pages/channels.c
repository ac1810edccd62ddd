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
#include "tests/support/store_fixture.h"

/* Saves COUNT videos of a channel, found by QUERY. */
static void add_videos(struct flow *flow, char channel, const char *title, int count, int64_t query)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;

	assert_true(store_begin(store, &err));
	for (int i = 0; i < count; i++) {
		AUTO(video_list_clear) struct video_list one = {0};
		struct video *video = video_list_add(&one);
		enum video_saved saved;
		int64_t seq;
		bool added;

		assert_non_null(video);
		snprintf(video->id, sizeof(video->id), "%c%09dA", channel, i % 1000000);
		snprintf(video->channel_id, sizeof(video->channel_id), "UC%c", channel);
		video->published_at = FLOW_NOW - i;
		assert_true(text_copy("a video", &video->title, &err) && text_copy(title, &video->channel_title, &err));
		assert_true(store_video_save(store, video, SOURCE_SEARCH, FLOW_NOW, &saved, &seq, &err));
		assert_true(store_match_save(store, query, seq, FOUND_SEARCH, FLOW_NOW, &added, &err));
		fixture_commit_some(store, i + 1);
	}
	assert_true(store_commit(store, &err));
}

static void channels_lead_to_their_videos_and_to_youtube(void **state)
{
	struct flow *flow = *state;
	int64_t one = flow_add_query(flow, "one");
	int64_t two = flow_add_query(flow, "two <b>");

	add_videos(flow, 'a', "Alpha <i>", 3, one);
	add_videos(flow, 'b', "\u200B ", 1, two);
	assert_int_equal(flow_get(flow, "/channels"), 200);
	assert_true(flow_body_has(flow, "2 channels by recorded videos."));
	assert_true(flow_body_has(flow, "<a href=\"/?channel=UCa\" dir=\"auto\" lang=\"\">Alpha &lt;i&gt;</a></th><td>3</td>"));
	assert_true(flow_body_has(flow, "75.0\u00A0%"));
	assert_true(flow_body_has(flow, "<rect width=\"33\" height=\"8\"/>"));
	assert_true(flow_body_has(flow, "<a href=\"https://www.youtube.com/channel/UCa\">"));
	/* Without a name, or with one that cannot be seen, the id. */
	assert_true(flow_body_has(flow, "lang=\"\">UCb</a>"));
	assert_true(flow_body_has(flow, "<option value=\"2\" lang=\"\" dir=\"auto\">two &lt;b&gt;</option>"));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "<a class=\"channel\" href=\"/?channel=UCb\"><bdi lang=\"\">UCb</bdi></a>"));
	assert_int_equal(flow_get(flow, "/channels?tracked=2"), 200);
	assert_true(flow_body_has(flow, "1 channel by recorded videos of <bdi lang=\"\">two &lt;b&gt;</bdi>."));
	assert_true(flow_body_has(flow, "href=\"/?tracked=2&amp;channel=UCb\""));
	assert_true(flow_body_has(flow, "100.0\u00A0%"));
	assert_true(flow_body_has(flow, "<option value=\"2\" selected"));
	assert_true(flow_body_has(flow, "<a href=\"/channels\">all queries</a>"));
	assert_int_equal(flow_get(flow, "/channels?tracked=9"), 400);
}

static void the_list_has_pages(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "one");

	add_videos(flow, 'a', "Alpha", 3, query);
	add_videos(flow, 'b', "Beta", 2, query);
	add_videos(flow, 'c', "Gamma", 1, query);
	assert_int_equal(flow_get(flow, "/channels?page_size=1&page_number=2&tracked=1"), 200);
	assert_true(flow_body_has(flow, ">Beta</a>"));
	assert_false(flow_body_has(flow, ">Alpha</a>"));
	assert_true(flow_body_has(flow, "href=\"/channels?tracked=1&amp;page_size=1\" rel=\"prev\""));
	assert_true(flow_body_has(flow, "href=\"/channels?tracked=1&amp;page_number=3&amp;page_size=1\" rel=\"next\""));
	/* The list of a channel's videos has the usual size. */
	assert_true(flow_body_has(flow, "href=\"/?tracked=1&amp;channel=UCb\""));
	assert_int_equal(flow_get(flow, "/channels?page_number=9"), 200);
	assert_true(flow_body_has(flow, "This list has fewer pages."));
}

static void an_empty_list_says_why(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/channels"), 200);
	assert_true(flow_body_has(flow, "No channels yet"));
	assert_false(flow_body_has(flow, "<select"));
	assert_false(flow_body_has(flow, "<table"));
}

static void the_newest_are_counted_and_said_so(void **state)
{
	struct flow *flow = *state;

	add_videos(flow, 'a', "Alpha", 10001, flow_add_query(flow, "one"));
	assert_int_equal(flow_get(flow, "/channels?tracked=1"), 200);
	assert_true(flow_body_has(flow, "counted within the newest 10,000."));
	assert_true(flow_body_has(flow, "100.0\u00A0%"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(channels_lead_to_their_videos_and_to_youtube),
	    CASE(the_list_has_pages),
	    CASE(an_empty_list_says_why),
	    CASE(the_newest_are_counted_and_said_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
