#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scripted.h"
#include "youtube/client.h"

#define KEY "a-key-that-no-url-may-have"

static void a_search_asks_for_exactly_this(void **state)
{
	static struct scripted s;
	struct youtube youtube = {.base_url = "https://example.org/youtube/v3", .transport = scripted_transport(&s)};
	struct search_request request = {.text = "cats|dogs -birds \"é\"",
	                                 .published_after = 1795341600,
	                                 .published_before = 1795345200,
	                                 .page_token = "CDIQAA"};
	AUTO(search_answer_clear) struct search_answer answer = {0};
	struct outcome outcome;
	struct error err;

	(void)state;
	s = (struct scripted){.answer_count = 1,
	                      .answers = {{.status = 200, .body = "{\"kind\":\"youtube#searchListResponse\"}"}}};
	assert_true(youtube_search(&youtube, KEY, &request, &answer, &outcome, &err));
	assert_int_equal(outcome.answer.class, CLASS_OK);
	assert_string_equal(
	    s.urls[0], "https://example.org/youtube/v3/search?part=snippet&type=video&order=date&safeSearch=none&maxResults=50"
		       "&q=cats%7Cdogs%20-birds%20%22%C3%A9%22&publishedAfter=2026-11-22T10%3A00%3A00Z&publishedBefore=2026-11-"
		       "22T11%3A00%3A00Z"
		       "&pageToken=CDIQAA");
	assert_string_equal(s.keys[0], KEY);
	assert_null(strstr(s.urls[0], KEY));
}

static void details_ask_for_ids_in_one_call(void **state)
{
	static struct scripted s;
	struct youtube youtube = {.base_url = "https://example.org/youtube/v3", .transport = scripted_transport(&s)};
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	struct outcome outcome;
	struct error err;

	(void)state;
	s = (struct scripted){.answer_count = 1,
	                      .answers = {{.status = 200, .body = "{\"kind\":\"youtube#videoListResponse\",\"items\":[]}"}}};
	assert_true(text_list_add(&ids, "-bcdefghijA", &err) && text_list_add(&ids, "_bcdefghijA", &err));
	assert_true(youtube_details(&youtube, KEY, &ids, &answer, &outcome, &err));
	assert_string_equal(s.urls[0],
	                    "https://example.org/youtube/v3/"
	                    "videos?part=snippet,contentDetails,statistics,liveStreamingDetails&id=-bcdefghijA,_bcdefghijA");
}

static const char one_upload[] = "{\"kind\":\"youtube#playlistItemListResponse\",\"etag\":\"e1\",\"nextPageToken\":\"EAAB\","
				 "\"items\":[{\"snippet\":{\"title\":\"Cats &amp; dogs\","
				 "\"channelId\":\"UC_x5XG1OV2P6uZZ5FSM9Ttw\",\"resourceId\":{\"videoId\":\"-bcdefghijA\"}},"
				 "\"contentDetails\":{\"videoPublishedAt\":\"2026-11-22T10:00:00Z\"}}]}";

static struct uploads_answer ask_for_uploads(struct scripted *s, const char *etag, struct outcome *outcome)
{
	struct youtube youtube = {.base_url = "https://example.org/youtube/v3", .transport = scripted_transport(s)};
	struct uploads_request request = {.channel_id = "UC_x5XG1OV2P6uZZ5FSM9Ttw", .etag = etag};
	struct uploads_answer answer = {0};
	struct error err;

	assert_true(youtube_uploads(&youtube, KEY, &request, &answer, outcome, &err));
	return answer;
}

static void uploads_are_asked_for_by_the_channels_list(void **state)
{
	static struct scripted s;
	struct outcome outcome;

	(void)state;
	s = (struct scripted){.answer_count = 1, .answers = {{.status = 200, .body = one_upload}}};
	AUTO(uploads_answer_clear) struct uploads_answer answer = ask_for_uploads(&s, "", &outcome);
	assert_int_equal(outcome.answer.class, CLASS_OK);
	assert_string_equal(s.urls[0], "https://example.org/youtube/v3/playlistItems?part=snippet,contentDetails&maxResults=50"
	                               "&playlistId=UU_x5XG1OV2P6uZZ5FSM9Ttw");
	assert_string_equal(answer.etag, "e1");
	assert_int_equal(answer.videos.count, 1);
	assert_string_equal(answer.videos.items[0].title, "Cats &amp; dogs"); /* only a search escapes titles */
	assert_int_equal(answer.videos.items[0].published_at, 1795341600);
	assert_false(answer.unchanged);
}

static void a_further_page_of_uploads_is_asked_for_by_its_token(void **state)
{
	struct scripted s = {.answer_count = 1, .answers = {{.status = 200, .body = one_upload}}};
	struct youtube youtube = {.base_url = "https://example.org/youtube/v3", .transport = scripted_transport(&s)};
	struct uploads_request request = {.channel_id = "UC_x5XG1OV2P6uZZ5FSM9Ttw", .page_token = "EAAa&b"};
	AUTO(uploads_answer_clear) struct uploads_answer answer = {0};
	struct outcome outcome;
	struct error err;

	(void)state;
	assert_true(youtube_uploads(&youtube, KEY, &request, &answer, &outcome, &err));
	assert_non_null(strstr(s.urls[0], "&playlistId=UU_x5XG1OV2P6uZZ5FSM9Ttw&pageToken=EAAa%26b"));
	assert_string_equal(answer.next_page_token, "EAAB");
}

/* Also where the transport has no conditional requests. */
static void uploads_with_the_same_etag_are_unchanged(void **state)
{
	static struct scripted s;
	struct outcome outcome;

	(void)state;
	s = (struct scripted){.answer_count = 2, .answers = {{.status = 200, .body = one_upload}, {.status = 304}}};
	AUTO(uploads_answer_clear) struct uploads_answer same = ask_for_uploads(&s, "e1", &outcome);
	assert_true(same.unchanged);
	assert_int_equal(same.videos.count, 0);
	AUTO(uploads_answer_clear) struct uploads_answer not_sent = ask_for_uploads(&s, "e1", &outcome);
	assert_int_equal(outcome.answer.class, CLASS_OK);
	assert_true(not_sent.unchanged);
	/* Unasked for it is no answer. */
	AUTO(uploads_answer_clear) struct uploads_answer odd = ask_for_uploads(&s, "", &outcome);
	assert_int_not_equal(outcome.answer.class, CLASS_OK);
	assert_false(odd.unchanged);
}

static void a_handle_is_asked_for(void **state)
{
	static struct scripted s;
	struct youtube youtube = {.base_url = "https://example.org/youtube/v3", .transport = scripted_transport(&s)};
	AUTO(handle_answer_clear) struct handle_answer answer = {0}, none = {0};
	struct outcome outcome;
	struct error err;

	(void)state;
	s = (struct scripted){.answer_count = 2,
	                      .answers = {{.status = 200,
	                                   .body = "{\"kind\":\"youtube#channelListResponse\",\"items\":[{\"id\":"
	                                           "\"UC_x5XG1OV2P6uZZ5FSM9Ttw\",\"snippet\":{\"title\":\"NASA\"}}]}"},
	                                  {.status = 200, .body = "{\"kind\":\"youtube#channelListResponse\"}"}}};
	assert_true(youtube_handle(&youtube, KEY, "@nasa", &answer, &outcome, &err));
	assert_string_equal(s.urls[0], "https://example.org/youtube/v3/channels?part=snippet&forHandle=%40nasa");
	assert_string_equal(answer.channel_id, "UC_x5XG1OV2P6uZZ5FSM9Ttw");
	assert_string_equal(answer.title, "NASA");
	assert_true(youtube_handle(&youtube, KEY, "@nobody", &none, &outcome, &err));
	assert_int_equal(outcome.answer.class, CLASS_OK);
	assert_string_equal(none.channel_id, "");
}

static void channels_are_asked_for_their_counts_in_one_call(void **state)
{
	static struct scripted s;
	struct youtube youtube = {.base_url = "https://example.org/youtube/v3", .transport = scripted_transport(&s)};
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(channels_answer_clear) struct channels_answer answer = {0};
	struct outcome outcome;
	struct error err;

	(void)state;
	s = (struct scripted){.answer_count = 1,
	                      .answers = {{.status = 200, .body = "{\"kind\":\"youtube#channelListResponse\"}"}}};
	assert_true(text_list_add(&ids, "UCa", &err) && text_list_add(&ids, "UC-b", &err));
	assert_true(youtube_channels(&youtube, KEY, &ids, &answer, &outcome, &err));
	assert_int_equal(outcome.answer.class, CLASS_OK);
	assert_int_equal(answer.count, 0);
	assert_string_equal(s.urls[0], "https://example.org/youtube/v3/channels?part=statistics&id=UCa,UC-b");
}

static void faults_are_temporary_and_told_in_words(void **state)
{
	static const struct scripted_answer answers[] = {{.status = 0},
	                                                 {.status = 200, .body = ""},
	                                                 {.status = 200, .body = "<html>"},
	                                                 {.status = 200,
	                                                  .body = "{\"kind\":\"youtube#searchListResponse\",\"items\":["}};
	static struct scripted s;
	struct youtube youtube = {.base_url = "https://example.org", .transport = scripted_transport(&s)};
	struct search_request request = {.text = "x"};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		AUTO(search_answer_clear) struct search_answer answer = {0};
		struct outcome outcome;
		struct error err;

		s = (struct scripted){.answer_count = 1, .answers = {answers[i]}};
		assert_true(youtube_search(&youtube, KEY, &request, &answer, &outcome, &err));
		assert_int_equal(outcome.answer.class, CLASS_TEMPORARY);
		assert_true(outcome.answer.text[0] != '\0');
		assert_null(strstr(outcome.answer.text, KEY));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_search_asks_for_exactly_this),
	    cmocka_unit_test(details_ask_for_ids_in_one_call),
	    cmocka_unit_test(uploads_are_asked_for_by_the_channels_list),
	    cmocka_unit_test(a_further_page_of_uploads_is_asked_for_by_its_token),
	    cmocka_unit_test(uploads_with_the_same_etag_are_unchanged),
	    cmocka_unit_test(a_handle_is_asked_for),
	    cmocka_unit_test(channels_are_asked_for_their_counts_in_one_call),
	    cmocka_unit_test(faults_are_temporary_and_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
