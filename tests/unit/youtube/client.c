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
	    cmocka_unit_test(faults_are_temporary_and_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
