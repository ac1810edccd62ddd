/* The page of one video. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/videos.h"
#include "tests/support/flow.h"

#define ID "abcdefghijA"

enum { HOUR = 3600 };

/* The video as videos.list tells it at TIME. */
static void tell(struct flow *flow, const char *title, const char *description, int64_t views, int64_t time)
{
	struct store *store = flow_open(flow);
	AUTO(video_clear)
	struct video video = {.id = ID,
	                      .published_at = FLOW_NOW - 2 * HOUR,
	                      .views = views,
	                      .likes = 1234,
	                      .comments = VIDEO_UNKNOWN,
	                      .duration_s = 751,
	                      .channel_id = "UC-channel"};
	struct error err;
	enum video_saved saved;

	assert_true(text_copy(title, &video.title, &err) && text_copy(description, &video.description, &err) &&
	            text_copy("The <channel>", &video.channel_title, &err) &&
	            text_copy("https://i.ytimg.com/vi/x/hqdefault.jpg", &video.thumbnail_url, &err));
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, time, &saved, NULL, &err));
	store_close(&store);
}

static void all_that_is_known_is_shown(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket launch");

	flow_add_video(flow, ID, "x", FLOW_NOW - 2 * HOUR, query);
	tell(flow, "<i>Title</i>", "Line one\nline <two>", 4711, FLOW_NOW - HOUR);
	assert_int_equal(flow_get(flow, "/video/" ID), 200);
	assert_true(flow_body_has(flow, "<h1 dir=\"auto\" lang=\"\">&lt;i&gt;Title&lt;/i&gt;</h1>"));
	assert_true(flow_body_has(flow, "Line one\nline &lt;two&gt;"));
	assert_true(flow_body_has(flow, "<dd>4,711</dd>"));
	assert_true(flow_body_has(flow, "<dd>1,234</dd>"));
	assert_true(flow_body_has(flow, "<dt>Comments</dt><dd>unknown</dd>"));
	assert_true(flow_body_has(flow, "<dd>12:31</dd>"));
	assert_true(
	    flow_body_has(flow, "<a class=\"channel\" href=\"/?channel=UC-channel\"><bdi lang=\"\">The &lt;channel&gt;</bdi>"));
	assert_true(flow_body_has(flow, "href=\"https://www.youtube.com/watch?v=" ID "\" rel=\"noopener\">Watch on YouTube"));
	assert_true(flow_body_has(flow, "data-player=\"https://www.youtube-nocookie.com/embed/" ID "?autoplay=1\""));
	assert_false(flow_body_has(flow, "<iframe"));
	assert_true(flow_body_has(flow, "<a href=\"/?tracked=1\" dir=\"auto\" lang=\"\">rocket launch</a> by search, "));
	assert_true(flow_body_has(flow, "No changes since it was recorded.") == false);
}

static void what_its_owner_said_is_shown(void **state)
{
	static const char *const shown[] = {"<dt>Scheduled for</dt><dd>Sun 22 Nov 2026, 07:00:00 UTC",
	                                    "<dt>Started</dt><dd>Sun 22 Nov 2026, 08:00:00 UTC",
	                                    "<dt>Ended</dt><dd>Sun 22 Nov 2026, 09:00:00 UTC",
	                                    "<dt>Category</dt><dd>Science &amp; Technology</dd>",
	                                    "<dt>Language</dt><dd>en</dd>",
	                                    "<dt>Audio language</dt><dd>de-AT</dd>",
	                                    "<dt>Definition</dt><dd>high</dd>",
	                                    "<dt>Captions</dt><dd>yes</dd>",
	                                    "<dt>Licence</dt><dd>Creative Commons</dd>",
	                                    ">&lt;b&gt;moon&lt;/b&gt;</li>"};
	struct flow *flow = *state;
	struct store *store = flow_open(flow);
	AUTO(video_clear)
	struct video video = {.id = ID,
	                      .published_at = FLOW_NOW - 3 * HOUR,
	                      .scheduled_at = FLOW_NOW - 3 * HOUR,
	                      .details = {.category = 28,
	                                  .language = "en",
	                                  .audio_language = "de-AT",
	                                  .definition = VIDEO_DEFINITION_HD,
	                                  .caption = VIDEO_CAPTION_GIVEN,
	                                  .licence = VIDEO_LICENCE_CREATIVE_COMMONS,
	                                  .started_at = FLOW_NOW - 2 * HOUR,
	                                  .ended_at = FLOW_NOW - HOUR}};
	enum video_saved saved;
	struct error err;

	tell(flow, "Title", "", 1, FLOW_NOW - HOUR);
	assert_int_equal(flow_get(flow, "/video/" ID), 200);
	assert_false(flow_body_has(flow, "<dt>Licence") || flow_body_has(flow, "<h2>Tags"));
	assert_true(text_copy("[\"<b>moon</b>\"]", &video.details.tags, &err));
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, NULL, &err));
	store_close(&store);
	assert_int_equal(flow_get(flow, "/video/" ID), 200);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		assert_true(flow_body_has(flow, shown[i]));
}

static void the_delay_of_the_recording_is_told(void **state)
{
	struct flow *flow = *state;

	tell(flow, "Title", "", 1, FLOW_NOW - HOUR);
	assert_int_equal(flow_get(flow, "/video/" ID), 200);
	assert_true(flow_body_has(flow, "09:00:00 UTC, 1\u00A0h after publication"));
	assert_true(flow_body_has(flow, "No tracked query: it was imported"));
	assert_true(flow_body_has(flow, "No changes since it was recorded."));
}

static void an_unknown_time_of_publication_is_told(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, ID, "dated 9999", INT64_C(253402300799), 0);
	assert_int_equal(flow_get(flow, "/video/" ID), 200);
	assert_true(flow_body_has(flow, "<span>time unknown; recorded <time datetime=\"2026-11-22T10:00:00Z\""));
	assert_true(flow_body_has(flow, "<dt>Published</dt><dd>unknown</dd>"));
	assert_true(flow_body_has(flow, "<dt>Recorded</dt><dd>Sun 22 Nov 2026, 10:00:00 UTC</dd>"));
}

static void earlier_titles_and_numbers_are_told_newest_first(void **state)
{
	struct flow *flow = *state;

	tell(flow, "First title", "the same", 10, FLOW_NOW - HOUR);
	tell(flow, "Second title", "the same", 20, FLOW_NOW - 1800);
	tell(flow, "Second title", "another", 30, FLOW_NOW - 60);
	assert_int_equal(flow_get(flow, "/video/" ID), 200);
	const char *history = strstr(flow_body(flow), "class=\"history\"");
	assert_non_null(history);
	const char *first = strstr(history, "First title");
	const char *numbers = strstr(history, "20 views");
	assert_non_null(first);
	assert_non_null(numbers);
	assert_true(numbers < first);
	assert_null(strstr(history, "Second title")); /* it is the title still */
	assert_non_null(strstr(history, "the same"));
}

static void one_that_is_not_there_says_so(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/video/" ID), 404);
	assert_true(flow_header_has(flow, "Content-Type: text/html"));
	assert_int_equal(flow_get(flow, "/video/%3Cscript%3E"), 404);
	assert_false(flow_body_has(flow, "<script>"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(all_that_is_known_is_shown),
	    CASE(what_its_owner_said_is_shown),
	    CASE(the_delay_of_the_recording_is_told),
	    CASE(an_unknown_time_of_publication_is_told),
	    CASE(earlier_titles_and_numbers_are_told_newest_first),
	    CASE(one_that_is_not_there_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
