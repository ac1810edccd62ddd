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

static void a_query_is_words_that_can_be_seen(void **state)
{
	static const struct {
		const char *text;
		enum error_code code;
	} cases[] = {
	    {"moon", ERR_NONE},      {"🚀", ERR_NONE},
	    {"|", ERR_NONE},         {"", ERR_INVALID},
	    {"a\tb", ERR_INVALID},   {"\u200B", ERR_INVALID},
	    {"\u3164", ERR_INVALID}, {"\u00AD \u2060", ERR_INVALID},
	    {"a\u200B", ERR_NONE},   {"https://youtu.be/dQw4w9WgXcQ", ERR_UNPROCESSABLE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};

		if (query_check(cases[i].text, &err) != !cases[i].code || err.code != cases[i].code)
			fail_msg("'%s': %d, %s", cases[i].text, err.code, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_address_gets_advice),
	    cmocka_unit_test(words_get_none),
	    cmocka_unit_test(a_query_is_words_that_can_be_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
