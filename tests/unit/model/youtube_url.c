#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/query.h"
#include "model/youtube_url.h"

static void an_address_gets_advice(void **state)
{
	static const struct {
		const char *text, *kind;
	} cases[] = {
	    {"https://www.youtube.com/@NASA", "a channel"},
	    {"youtube.com/channel/UCLA_DiR1FfKNvjuUpBHmylQ", "a channel"},
	    {"HTTP://M.YouTube.com/c/nasa/videos", "a channel"},
	    {"http://youtube.com/user/nasa?x=1", "a channel"},
	    {"https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3", "a video"},
	    {"https://youtu.be/dQw4w9WgXcQ", "a video"},
	    {"youtube.com/shorts/dQw4w9WgXcQ", "a video"},
	    {"https://music.youtube.com/watch?v=dQw4w9WgXcQ", "a video"},
	    {"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "a video"},
	    {"nasa \"https://www.youtube.com/live/dQw4w9WgXcQ\"", "a video"},
	    {"https://www.youtube.com/playlist?list=PL1", "a playlist"},
	    {"https://www.youtube.com/results?search_query=moon", "a search"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *advice = youtube_url_advice(cases[i].text);

		if (!advice || !strstr(advice, cases[i].kind))
			fail_msg("%s: %s", cases[i].text, advice ? advice : "no advice");
	}
}

static void words_get_none(void **state)
{
	static const char *const texts[] = {"",        "moon landing", "youtube.com",  "youtube",         "notyoutube.com/@x",
	                                    "@NASA",   "AC/DC",        "youtube.com/", "a/youtube.com/b", "https://vimeo.com/1",
	                                    "youtu.be"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (youtube_url_advice(texts[i]))
			fail_msg("%s: %s", texts[i], youtube_url_advice(texts[i]));
}

static void a_channel_has_a_name(void **state)
{
	static const struct {
		const char *text, *name;
	} cases[] = {
	    {"@NASA", "@NASA"},
	    {"@ユーザー.1", "@ユーザー.1"},
	    {"UCLA_DiR1FfKNvjuUpBHmylQ", "UCLA_DiR1FfKNvjuUpBHmylQ"},
	    {"https://www.youtube.com/@NASA", "@NASA"},
	    {"HTTP://m.youtube.com/@NASA/videos?x=1", "@NASA"},
	    {"youtube.com/@NASA#about", "@NASA"},
	    {"https://www.youtube.com/channel/UCLA_DiR1FfKNvjuUpBHmylQ", "UCLA_DiR1FfKNvjuUpBHmylQ"},
	    {"youtube.com/channel/UCLA_DiR1FfKNvjuUpBHmylQ/live", "UCLA_DiR1FfKNvjuUpBHmylQ"},
	};
	static const char *const others[] = {"",
	                                     "@",
	                                     "NASA",
	                                     "@NASA moon",
	                                     "@NASA|@ESA",
	                                     "UCLA_DiR1FfKNvjuUpBHmyl",
	                                     "UCLA_DiR1FfKNvjuUpBHmylQQ",
	                                     "UCLA_DiR1FfKNvjuUpBHmyl!",
	                                     "https://www.youtube.com/channel/UCshort",
	                                     "https://www.youtube.com/channel/@NASA",
	                                     "https://www.youtube.com/UCLA_DiR1FfKNvjuUpBHmylQ",
	                                     "https://www.youtube.com/@NASA moon",
	                                     "https://www.youtube.com/c/nasa",
	                                     "https://www.youtube.com/user/nasa",
	                                     "https://www.youtube.com/@%E6%9D%B1",
	                                     "https://youtu.be/@NASA",
	                                     "https://notyoutube.com/@NASA",
	                                     "https://www.youtube.com/watch?v=dQw4w9WgXcQ"};
	char name[CHANNEL_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(youtube_url_channel(cases[i].text, name));
		assert_string_equal(name, cases[i].name);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (youtube_url_channel(others[i], name))
			fail_msg("%s: %s", others[i], name);
}

static void a_name_may_not_be_endless(void **state)
{
	char text[300] = "@", name[CHANNEL_NAME_SIZE];

	(void)state;
	memset(text + 1, 'x', CHANNEL_NAME_SIZE - 2);
	assert_true(youtube_url_channel(text, name));
	memset(text + 1, 'x', CHANNEL_NAME_SIZE - 1);
	assert_false(youtube_url_channel(text, name));
}

static void a_query_is_words_that_can_be_seen(void **state)
{
	static const struct {
		const char *text;
		enum error_code code;
	} cases[] = {
	    {"moon", ERR_NONE},
	    {"🚀", ERR_NONE},
	    {"|", ERR_NONE},
	    {"", ERR_INVALID},
	    {"a\tb", ERR_INVALID},
	    {"\u200B", ERR_INVALID},
	    {"\u3164", ERR_INVALID},
	    {"\u00AD \u2060", ERR_INVALID},
	    {"a\u200B", ERR_NONE},
	    {"https://youtu.be/dQw4w9WgXcQ", ERR_UNPROCESSABLE},
	    {"https://www.youtube.com/@NASA", ERR_NONE},
	    {"moon https://www.youtube.com/@NASA", ERR_UNPROCESSABLE},
	    {"https://www.youtube.com/c/nasa", ERR_UNPROCESSABLE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};

		if (query_check(cases[i].text, &err) != !cases[i].code || err.code != cases[i].code)
			fail_msg("'%s': %d, %s", cases[i].text, err.code, err.text);
	}
}

static void a_video_is_known_by_its_address(void **state)
{
	static const char *const addresses[] = {
	    "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
	    "youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=42s",
	    " http://m.youtube.com/shorts/dQw4w9WgXcQ?feature=x ",
	    "https://youtu.be/dQw4w9WgXcQ?si=abc",
	    "https://www.youtube.com/live/dQw4w9WgXcQ",
	    "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
	    "HTTPS://YOUTU.BE/dQw4w9WgXcQ",
	};
	static const char *const others[] = {
	    "",
	    "dQw4w9WgXcQ",
	    "https://www.youtube.com/watch?v=short",
	    "https://www.youtube.com/watch?v=dQw4w9WgXcQtoolong",
	    "https://www.youtube.com/watch",
	    "https://youtu.be/",
	    "https://evil.example/youtu.be/dQw4w9WgXcQ",
	    "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
	    "https://www.youtube.com/@NASA",
	    "moon https://youtu.be/dQw4w9WgXcQ",
	    "https://youtu.be/dQw4w9WgXcQ moon",
	};
	char id[VIDEO_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		if (!youtube_url_video(addresses[i], id))
			fail_msg("%s", addresses[i]);
		assert_string_equal(id, "dQw4w9WgXcQ");
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (youtube_url_video(others[i], id))
			fail_msg("%s: %s", others[i], id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_address_gets_advice),
	    cmocka_unit_test(words_get_none),
	    cmocka_unit_test(a_channel_has_a_name),
	    cmocka_unit_test(a_name_may_not_be_endless),
	    cmocka_unit_test(a_video_is_known_by_its_address),
	    cmocka_unit_test(a_query_is_words_that_can_be_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
