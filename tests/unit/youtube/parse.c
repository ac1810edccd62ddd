#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "tests/support/recorded.h"
#include "youtube/parse.h"

static bool parse(const char *body, struct search_answer *out)
{
	struct error err;

	return parse_search(body, strlen(body), out, &err);
}

#define SNIPPET                                                                                                                  \
	"\"snippet\":{\"publishedAt\":\"2026-11-22T10:00:00Z\",\"channelId\":\"UC1\",\"title\":\"T\",\"description\":\"D\"}"

static void titles_are_decoded_once_and_in_search_only(void **state)
{
	static const char item[] =
	    "{\"kind\":\"youtube#%s\",\"items\":[{\"id\":%s,\"snippet\":{\"publishedAt\":\"2026-11-22T10:00:00Z\","
	    "\"title\":\"Q &amp;amp; A &quot;x&quot; &#39;y&#39; &lt;z&gt; &#x1F680; &nbsp; &amp\","
	    "\"description\":\"a &amp; b\",\"channelTitle\":\"C &amp; D\"}}]}";
	AUTO(search_answer_clear) struct search_answer search = {0};
	AUTO(details_answer_clear) struct details_answer details = {0};
	char body[1024];
	struct error err;

	(void)state;
	snprintf(body, sizeof(body), item, "searchListResponse", "{\"videoId\":\"abcdefghijA\"}");
	assert_true(parse(body, &search));
	assert_string_equal(search.videos.items[0].title, "Q &amp; A \"x\" 'y' <z> 🚀 &nbsp; &amp");
	assert_string_equal(search.videos.items[0].description, "a &amp; b");
	assert_string_equal(search.videos.items[0].channel_title, "C &amp; D");
	snprintf(body, sizeof(body), item, "videoListResponse", "\"abcdefghijA\"");
	assert_true(parse_details(body, strlen(body), &details, &err));
	assert_string_equal(details.videos.items[0].title,
	                    "Q &amp;amp; A &quot;x&quot; &#39;y&#39; &lt;z&gt; &#x1F680; &nbsp; &amp");
}

static void broken_items_are_skipped_and_counted(void **state)
{
	AUTO(search_answer_clear) struct search_answer answer = {0};

	(void)state;
	assert_true(parse(
	    "{\"kind\":\"youtube#searchListResponse\",\"nextPageToken\":\"CDIQAA\",\"pageInfo\":{\"totalResults\":9},\"items\":["
	    "{\"id\":{\"videoId\":\"abcdefghijA\"}," SNIPPET "},"
	    "{\"id\":{\"videoId\":\"abcdefghijE\"}},"
	    "{\"id\":{\"channelId\":\"UC1\"}," SNIPPET "},"
	    "{\"id\":{\"videoId\":\"short\"}," SNIPPET "},"
	    "{" SNIPPET "},"
	    "7,null,[],"
	    "{\"id\":{\"videoId\":\"abcdefghijI\"},\"snippet\":{\"publishedAt\":\"yesterday\",\"title\":\"T\"}},"
	    "{\"id\":{\"videoId\":\"abcdefghijM\"},\"snippet\":{\"publishedAt\":\"2026-11-22T10:00:00Z\"}}]}",
	    &answer));
	assert_int_equal(answer.items, 10);
	assert_int_equal(answer.skipped.count, 6);
	assert_int_equal(answer.videos.count, 1);
	/* What came without a title or a time is looked up. */
	assert_int_equal(answer.bare.count, 3);
	assert_string_equal(answer.bare.items[0], "abcdefghijE");
	assert_string_equal(answer.bare.items[1], "abcdefghijI");
	assert_string_equal(answer.bare.items[2], "abcdefghijM");
	assert_string_equal(answer.skipped.items[1], "short");
	assert_string_equal(answer.next_page_token, "CDIQAA");
	assert_int_equal(answer.total_results, 9);
}

/* Each as it stands in an item between two good ones, and how many videos are kept with it. */
static void one_odd_item_does_not_cost_the_others(void **state)
{
	static const struct {
		const char *item;
		size_t videos, bare, skipped;
	} cases[] = {
	    {"{\"id\":{\"videoId\":\"abcdefghijI\"},\"snippet\":{}}", 2, 1, 0},
	    {"{\"id\":{\"videoId\":\"abcdefghijI\"},\"snippet\":[]}", 2, 1, 0},
	    {"{\"id\":{\"videoId\":\"abcdefghijI\"},\"snippet\":{\"title\":\"\",\"publishedAt\":\"2026-11-22T10:00:00Z\"}}", 3, 0,
	     0},
	    {"{\"id\":{\"videoId\":\"abcdefghijI\"},\"snippet\":{\"title\":7,\"publishedAt\":\"2026-11-22T10:00:00Z\"}}", 2, 1,
	     0},
	    {"{\"id\":{\"videoId\":\"abcdefghijI\"},\"snippet\":{\"title\":\"T\",\"publishedAt\":\"9999-12-31T23:59:59Z\"}}", 3,
	     0, 0},
	    {"{\"id\":{\"videoId\":\"abcdefghijI\"},\"x\":"
	     "1234567890123456789012345678901234567890123456789012345678901234567890}",
	     2, 1, 0},
	    {"{\"id\":\"abcdefghijI\",\"snippet\":\"\\\"}]\"}", 2, 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(search_answer_clear) struct search_answer answer = {0};
		char body[2048];

		snprintf(body, sizeof(body),
		         "{\"kind\":\"youtube#searchListResponse\",\"items\":[{\"id\":{\"videoId\":\"abcdefghijA\"}," SNIPPET
		         "},%s,{\"id\":{\"videoId\":\"abcdefghijE\"}," SNIPPET "}]}",
		         cases[i].item);
		assert_true(parse(body, &answer));
		assert_int_equal(answer.videos.count, cases[i].videos);
		assert_int_equal(answer.bare.count, cases[i].bare);
		assert_int_equal(answer.skipped.count, cases[i].skipped);
	}
}

static void deep_nesting_in_one_item_does_not_cost_the_others(void **state)
{
	enum { DEPTH = 5000 };
	AUTO(search_answer_clear) struct search_answer answer = {0};
	AUTO(buf_clear) struct buf body = BUF(64 * 1024);

	(void)state;
	buf_add_text(&body, "{\"kind\":\"youtube#searchListResponse\",\"items\":[{\"id\":{\"videoId\":\"abcdefghijA\"},\"x\":");
	for (int i = 0; i < DEPTH; i++)
		buf_add_text(&body, "[{\"]\":");
	buf_add_text(&body, "\"}\"");
	for (int i = 0; i < DEPTH; i++)
		buf_add_text(&body, "}]");
	buf_add_text(&body, "," SNIPPET "},{\"id\":{\"videoId\":\"abcdefghijE\"}," SNIPPET "}]}");
	assert_true(parse(buf_text(&body), &answer));
	assert_int_equal(answer.videos.count, 2);
}

static void a_video_of_a_list_needs_a_title_or_a_time(void **state)
{
	static const char body[] = "{\"kind\":\"youtube#videoListResponse\",\"items\":["
				   "{\"id\":\"abcdefghijA\",\"snippet\":{\"title\":\"\"}},"
				   "{\"id\":\"abcdefghijE\",\"snippet\":{\"publishedAt\":\"2026-11-22T10:00:00Z\"}},"
				   "{\"id\":\"abcdefghijI\",\"snippet\":{\"description\":\"D\"}}]}";
	AUTO(details_answer_clear) struct details_answer answer = {0};
	struct error err;

	(void)state;
	assert_true(parse_details(body, strlen(body), &answer, &err));
	assert_int_equal(answer.videos.count, 2);
	assert_int_equal(answer.videos.items[0].published_at, 0);
	assert_string_equal(answer.videos.items[1].title, "");
	assert_string_equal(answer.skipped.items[0], "abcdefghijI");
}

static void what_is_no_answer_is_refused(void **state)
{
	static const char *const bodies[] = {"",
	                                     "null",
	                                     "[]",
	                                     "{}",
	                                     "{\"items\":{}}",
	                                     "{\"error\":{\"code\":403}}",
	                                     "<html>",
	                                     "{\"kind\":\"youtube#searchListResponse\"",
	                                     "{\"kind\":\"youtube#videoListResponse\",\"items\":[]}",
	                                     "{\"kind\":\"youtube#searchListResponse\"} x"};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		AUTO(search_answer_clear) struct search_answer answer = {0};
		assert_false(parse(bodies[i], &answer));
		assert_int_equal(answer.videos.count, 0);
	}
}

static void an_answer_may_lack_items(void **state)
{
	AUTO(search_answer_clear) struct search_answer answer = {0};

	(void)state;
	assert_true(parse("{\"kind\":\"youtube#searchListResponse\",\"pageInfo\":{\"totalResults\":0}}", &answer));
	assert_int_equal(answer.items, 0);
}

static void one_bad_byte_does_not_cost_the_page(void **state)
{
	AUTO(search_answer_clear) struct search_answer answer = {0};

	(void)state;
	assert_true(
	    parse("{\"kind\":\"youtube#searchListResponse\",\"items\":[{\"id\":{\"videoId\":\"abcdefghijA\"},\"snippet\":{"
	          "\"publishedAt\":\"2026-11-22T10:00:00Z\",\"title\":\"a\xff\\ud800\\u0000b\"}}]}",
	          &answer));
	assert_string_equal(answer.videos.items[0].title, "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
	                                                  "b");
}

static void details_bring_numbers_and_state(void **state)
{
	AUTO(details_answer_clear) struct details_answer answer = {0};
	struct error err;
	static const char body[] =
	    "{\"kind\":\"youtube#videoListResponse\",\"items\":["
	    "{\"id\":\"abcdefghijA\"," SNIPPET
	    ",\"contentDetails\":{\"duration\":\"PT21M3S\"},\"statistics\":{\"viewCount\":\"23278951\",\"commentCount\":\"0\"}},"
	    "{\"id\":\"abcdefghijE\",\"snippet\":{\"publishedAt\":\"2026-11-22T10:00:00Z\",\"title\":\"T\","
	    "\"liveBroadcastContent\":\"upcoming\"},"
	    "\"contentDetails\":{\"duration\":\"P0D\"},\"liveStreamingDetails\":{\"scheduledStartTime\":\"2026-11-23T10:00:00Z\"}"
	    "},"
	    "{\"id\":\"abcdefghijI\"," SNIPPET ",\"liveStreamingDetails\":{\"actualStartTime\":\"2026-11-22T10:00:00Z\","
	    "\"actualEndTime\":\"2026-11-22T11:00:00Z\"}}]}";

	(void)state;
	assert_true(parse_details(body, strlen(body), &answer, &err));
	assert_int_equal(answer.videos.count, 3);
	const struct video *v = answer.videos.items;
	assert_int_equal(v[0].duration_s, 1263);
	assert_int_equal(v[0].views, 23278951);
	assert_int_equal(v[0].likes, VIDEO_UNKNOWN);
	assert_int_equal(v[0].comments, 0);
	assert_int_equal(v[1].kind, VIDEO_UPCOMING);
	assert_int_equal(v[1].duration_s, VIDEO_UNKNOWN);
	assert_int_equal(v[1].scheduled_at, v[1].published_at + 86400);
	assert_int_equal(v[2].kind, VIDEO_WAS_LIVE);
	assert_int_equal(v[2].details.started_at, v[2].published_at);
	assert_int_equal(v[2].details.ended_at, v[2].published_at + 3600);
	assert_int_equal(v[1].details.started_at, 0);
}

static void details_bring_what_the_owner_said(void **state)
{
	AUTO(details_answer_clear) struct details_answer answer = {0};
	struct error err;
	static const char body[] =
	    "{\"kind\":\"youtube#videoListResponse\",\"items\":["
	    "{\"id\":\"abcdefghijA\",\"snippet\":{\"publishedAt\":\"2026-11-22T10:00:00Z\",\"title\":\"T\",\"tags\":[\"a, "
	    "\\\"b\\\"\",7,\"c\"],"
	    "\"categoryId\":\"28\",\"defaultLanguage\":\"zh-Hans\",\"defaultAudioLanguage\":\"en\"},"
	    "\"contentDetails\":{\"definition\":\"hd\",\"caption\":\"true\"},\"status\":{\"license\":\"creativeCommon\"}},"
	    "{\"id\":\"abcdefghijE\",\"snippet\":{\"publishedAt\":\"2026-11-22T10:00:00Z\",\"title\":\"T\",\"categoryId\":"
	    "\"many\","
	    "\"defaultLanguage\":\"<b>\",\"defaultAudioLanguage\":\"a-tag-of-a-language-that-is-much-too-long-for-any\"},"
	    "\"contentDetails\":{\"definition\":\"8k\",\"caption\":true},\"status\":{\"license\":\"mine\"}}]}";

	(void)state;
	assert_true(parse_details(body, strlen(body), &answer, &err));
	assert_int_equal(answer.videos.count, 2);
	const struct video_details *told = &answer.videos.items[0].details;
	assert_string_equal(told->tags, "[\"a, \\\"b\\\"\",\"c\"]");
	assert_int_equal(told->category, 28);
	assert_string_equal(told->language, "zh-Hans");
	assert_string_equal(told->audio_language, "en");
	assert_int_equal(told->definition, VIDEO_DEFINITION_HD);
	assert_int_equal(told->caption, VIDEO_CAPTION_GIVEN);
	assert_int_equal(told->licence, VIDEO_LICENCE_CREATIVE_COMMONS);
	const struct video_details *odd = &answer.videos.items[1].details;
	assert_string_equal(odd->tags, "[]");
	assert_int_equal(odd->category, 0);
	assert_string_equal(odd->language, "");
	assert_string_equal(odd->audio_language, "");
	assert_int_equal(odd->definition, VIDEO_DEFINITION_UNKNOWN);
	assert_int_equal(odd->caption, VIDEO_CAPTION_UNKNOWN);
	assert_int_equal(odd->licence, VIDEO_LICENCE_UNKNOWN);
}

static void check_recorded_details(const char *name, const struct buf *body)
{
	AUTO(details_answer_clear) struct details_answer answer = {0};
	struct error err;

	if (!parse_details(buf_text(body), body->len, &answer, &err))
		return; /* of another kind of call */
	for (size_t i = 0; i < answer.videos.count; i++) {
		const struct video_details *details = &answer.videos.items[i].details;

		if (details->category && !video_category_name(details->category))
			fail_msg("%s: no name for category %d", name, (int)details->category);
	}
}

static void recorded_categories_have_names(void **state)
{
	(void)state;
	if (recorded_each("videos-", check_recorded_details) == 0)
		skip();
}

static void channels_bring_how_many_videos_they_have(void **state)
{
	AUTO(channels_answer_clear) struct channels_answer answer = {0};
	struct error err;
	static const char body[] = "{\"kind\":\"youtube#channelListResponse\",\"items\":["
				   "{\"id\":\"UCa\",\"statistics\":{\"videoCount\":\"4711\"}},"
				   "{\"statistics\":{\"videoCount\":\"1\"}},7,"
				   "{\"id\":\"an id that is longer than any of YouTube's\"},"
				   "{\"id\":\"UCb\",\"statistics\":{\"videoCount\":\"many\"}}]}";

	(void)state;
	assert_true(parse_channels(body, strlen(body), &answer, &err));
	assert_int_equal(answer.count, 2);
	assert_string_equal(answer.items[0].id, "UCa");
	assert_int_equal(answer.items[0].videos, 4711);
	assert_string_equal(answer.items[1].id, "UCb");
	assert_int_equal(answer.items[1].videos, VIDEO_UNKNOWN);
}

/* ---- recorded answers ---- */

/* Every item that has what a video needs is there, with exactly its title and time; all others are counted. */
static void check_search(const char *name, const struct buf *body)
{
	AUTO(search_answer_clear) struct search_answer answer = {0};
	AUTO(json_free) cJSON *json = NULL;
	struct error err;
	const cJSON *item;
	size_t i = 0;

	print_message("%s\n", name);
	assert_true(parse_search(buf_text(body), body->len, &answer, &err));
	assert_true(json_parse(buf_text(body), body->len, &json, &err));
	assert_int_equal(answer.items, cJSON_GetArraySize(json_array(json, "items")));
	assert_int_equal(answer.items, (int64_t)(answer.videos.count + answer.bare.count) + (int64_t)answer.skipped.count);
	cJSON_ArrayForEach(item, json_array(json, "items"))
	{
		const cJSON *snippet = json_object(item, "snippet");
		const char *id = json_text(json_object(item, "id"), "videoId");
		int64_t published_at;
		AUTO(text_free) char *title = NULL;

		if (!id || !json_text(snippet, "title") || !json_text(snippet, "publishedAt"))
			continue;
		const struct video *video = &answer.videos.items[i++];
		assert_string_equal(video->id, id);
		assert_true(timestamp_parse(json_text(snippet, "publishedAt"), &published_at));
		assert_int_equal(video->published_at, published_at);
		assert_true(text_copy(json_text(snippet, "title"), &title, &err));
		parse_decode_entities(title);
		assert_string_equal(video->title, title);
		assert_null(strstr(video->title, "&amp;"));
		assert_null(strstr(video->title, "&#39;"));
		assert_true(strncmp(video->thumbnail_url, "https://i.ytimg.com/", 20) == 0);
	}
	assert_int_equal(i, answer.videos.count);
}

static void check_details(const char *name, const struct buf *body)
{
	AUTO(details_answer_clear) struct details_answer answer = {0};
	AUTO(json_free) cJSON *json = NULL;
	struct error err;

	print_message("%s\n", name);
	assert_true(json_parse(buf_text(body), body->len, &json, &err));
	assert_true(parse_details(buf_text(body), body->len, &answer, &err));
	assert_int_equal(answer.items, cJSON_GetArraySize(json_array(json, "items")));
	assert_int_equal(answer.items, (int64_t)answer.videos.count + (int64_t)answer.skipped.count);
}

/* Private and deleted videos have no time; all others are there. */
static void check_uploads(const char *name, const struct buf *body)
{
	AUTO(uploads_answer_clear) struct uploads_answer answer = {0};
	AUTO(json_free) cJSON *json = NULL;
	struct error err;
	const cJSON *item;
	size_t i = 0;

	print_message("%s\n", name);
	assert_true(json_parse(buf_text(body), body->len, &json, &err));
	assert_true(parse_uploads(buf_text(body), body->len, &answer, &err));
	cJSON_ArrayForEach(item, json_array(json, "items"))
	{
		if (!json_text(json_object(item, "contentDetails"), "videoPublishedAt") || !json_object(item, "snippet"))
			continue;
		assert_string_equal(answer.videos.items[i].title, json_text(json_object(item, "snippet"), "title"));
		assert_string_equal(answer.videos.items[i].channel_id, json_text(json_object(item, "snippet"), "channelId"));
		i++;
	}
	assert_int_equal(i, answer.videos.count);
	assert_string_equal(answer.etag, json_text(json, "etag") ? json_text(json, "etag") : "");
}

static void check_channel(const char *name, const struct buf *body)
{
	AUTO(handle_answer_clear) struct handle_answer answer = {0};
	struct error err;

	print_message("%s\n", name);
	assert_true(parse_handle(buf_text(body), body->len, &answer, &err));
	assert_int_equal(strncmp(answer.channel_id, "UC", 2), 0);
}

static void every_recorded_list_of_uploads_is_understood(void **state)
{
	(void)state;
	if (!recorded_each("playlistItems-", check_uploads) || !recorded_each("channels-", check_channel)) {
		print_message("no recorded answers in " RECORDED_FOLDER "\n");
		skip();
	}
}

static void private_and_deleted_uploads_are_left_out(void **state)
{
	static const char body[] =
	    "{\"kind\":\"youtube#playlistItemListResponse\",\"items\":["
	    "{\"snippet\":{\"title\":\"Deleted video\",\"resourceId\":{\"videoId\":\"-bcdefghijA\"}},\"contentDetails\":{}},"
	    "{\"snippet\":{\"title\":\"cats\",\"resourceId\":{\"videoId\":\"bad\"}}},7,"
	    "{\"snippet\":{\"title\":\"cats\",\"resourceId\":{\"videoId\":\"_bcdefghijA\"}},"
	    "\"contentDetails\":{\"videoPublishedAt\":\"2026-11-22T10:00:00Z\"}}]}";
	AUTO(uploads_answer_clear) struct uploads_answer answer = {0};
	struct error err;

	(void)state;
	assert_true(parse_uploads(body, strlen(body), &answer, &err));
	assert_int_equal(answer.items, 4);
	assert_int_equal(answer.videos.count, 1);
	assert_string_equal(answer.videos.items[0].id, "_bcdefghijA");
	assert_int_equal(answer.skipped.count, 2);
}

static void every_recorded_search_is_understood(void **state)
{
	(void)state;
	if (!recorded_each("search-", check_search)) {
		print_message("no recorded answers in " RECORDED_FOLDER "\n");
		skip();
	}
}

static void every_recorded_list_of_videos_is_understood(void **state)
{
	(void)state;
	if (!recorded_each("videos-", check_details)) {
		print_message("no recorded answers in " RECORDED_FOLDER "\n");
		skip();
	}
}

static void check_channels(const char *name, const struct buf *body)
{
	AUTO(channels_answer_clear) struct channels_answer answer = {0};
	struct error err;

	print_message("%s\n", name);
	assert_true(parse_channels(buf_text(body), body->len, &answer, &err));
	assert_true(answer.count > 0);
	for (size_t i = 0; i < answer.count; i++)
		assert_true(strncmp(answer.items[i].id, "UC", 2) == 0);
}

static void every_recorded_list_of_channels_is_understood(void **state)
{
	(void)state;
	if (!recorded_each("channels-", check_channels)) {
		print_message("no recorded answers here\n");
		skip();
	}
}

static void parse_anything(const char *body, size_t len)
{
	AUTO(search_answer_clear) struct search_answer search = {0};
	AUTO(details_answer_clear) struct details_answer details = {0};
	AUTO(channels_answer_clear) struct channels_answer channels = {0};
	AUTO(uploads_answer_clear) struct uploads_answer uploads = {0};
	AUTO(handle_answer_clear) struct handle_answer handle = {0};
	struct error err;
	bool ignored = parse_search(body, len, &search, &err);

	ignored = parse_details(body, len, &details, &err) || ignored;
	ignored = parse_channels(body, len, &channels, &err) || ignored;
	ignored = parse_uploads(body, len, &uploads, &err) || ignored;
	ignored = parse_handle(body, len, &handle, &err) || ignored;
	(void)ignored;
}

/* Cut at some places, and with some bytes changed: whatever comes of it, no crash. */
static void maul(const char *name, const struct buf *body)
{
	char *copy = malloc(body->len + 1);

	(void)name;
	assert_non_null(copy);
	for (int i = 0; i < 20; i++) {
		size_t len = (size_t)rand() % (body->len + 1);
		memcpy(copy, buf_text(body), body->len);
		for (int changes = 0; changes < 5 && len; changes++)
			copy[(size_t)rand() % len] = (char)rand();
		parse_anything(copy, len);
	}
	free(copy);
}

static void mauled_answers_do_no_harm(void **state)
{
	unsigned seed = 20261122;

	(void)state;
	print_message("seed %u\n", seed);
	srand(seed);
	if (!recorded_each("", maul))
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(titles_are_decoded_once_and_in_search_only),
	    cmocka_unit_test(broken_items_are_skipped_and_counted),
	    cmocka_unit_test(one_odd_item_does_not_cost_the_others),
	    cmocka_unit_test(deep_nesting_in_one_item_does_not_cost_the_others),
	    cmocka_unit_test(a_video_of_a_list_needs_a_title_or_a_time),
	    cmocka_unit_test(what_is_no_answer_is_refused),
	    cmocka_unit_test(an_answer_may_lack_items),
	    cmocka_unit_test(one_bad_byte_does_not_cost_the_page),
	    cmocka_unit_test(details_bring_numbers_and_state),
	    cmocka_unit_test(details_bring_what_the_owner_said),
	    cmocka_unit_test(recorded_categories_have_names),
	    cmocka_unit_test(channels_bring_how_many_videos_they_have),
	    cmocka_unit_test(every_recorded_list_of_uploads_is_understood),
	    cmocka_unit_test(private_and_deleted_uploads_are_left_out),
	    cmocka_unit_test(every_recorded_search_is_understood),
	    cmocka_unit_test(every_recorded_list_of_videos_is_understood),
	    cmocka_unit_test(every_recorded_list_of_channels_is_understood),
	    cmocka_unit_test(mauled_answers_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
