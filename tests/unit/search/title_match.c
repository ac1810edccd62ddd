#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "search/title_match.h"

static bool matches(const char *query, const char *title, const char *channel)
{
	AUTO(title_words_clear) struct title_words words = {0};
	AUTO(title_clear) struct title titles = {0};
	struct error err;

	assert_true(title_words_read(query, &words, &err));
	assert_true(title_read(title, channel, &titles, &err));
	return title_matches(&titles, &words);
}

static void all_words_must_be_there_in_any_order(void **state)
{
	(void)state;
	assert_true(matches("rocket launch", "Launch of the ROCKET", NULL));
	assert_false(matches("rocket launch", "A rocket on its pad", NULL));
	assert_false(matches("rocket", "", NULL));
}

static void words_are_those_of_a_search_text(void **state)
{
	(void)state;
	assert_true(matches("malmö", "Live from MALMO", NULL));
	assert_true(matches("Straße", "strasse", NULL));
	assert_true(matches("京都", "東京都の天気", NULL));
	assert_true(matches("都", "東京都", NULL));
	assert_true(matches("\"東京都 news\"", "東京都 News", NULL));
	assert_true(matches("🚀", "Up 🚀 and away", NULL));
	assert_false(matches("launch", "launches", NULL)); /* whole words, the last one too */
}

static void the_channel_helps_but_the_title_must_have_a_word(void **state)
{
	(void)state;
	assert_true(matches("nasa launch", "Launch of the day", "NASA"));
	assert_false(matches("nasa launch", "A day in space", "NASA Launch"));
	assert_false(matches("nasa", "A day in space", "NASA"));
	/* A phrase does not reach from one to the other. */
	assert_false(matches("\"launch nasa\"", "Launch", "NASA"));
}

static void phrases_stand_together(void **state)
{
	(void)state;
	assert_true(matches("\"solar eclipse\"", "Total Solar Eclipse 2026", NULL));
	assert_false(matches("\"solar eclipse\"", "Eclipse of the solar panel", NULL));
	assert_true(matches("\"solar|eclipse\"", "a solar eclipse", NULL)); /* a bar in a phrase is a blank */
}

static void a_bar_binds_tighter_than_a_blank(void **state)
{
	(void)state;
	assert_true(matches("cats|dogs", "My dogs", NULL));
	assert_true(matches("funny cats | dogs", "Funny dogs", NULL));
	assert_false(matches("funny cats|dogs", "Serious dogs", NULL));
	assert_false(matches("cats|dogs funny", "cats", NULL));
	assert_true(matches("\"big cats\"|\"small dogs\"", "small dogs", NULL));
	/* Bars without anything on a side are nothing. */
	assert_true(matches("|cats|", "cats", NULL));
}

static void a_minus_holds_for_the_whole_query(void **state)
{
	(void)state;
	assert_true(matches("apollo -theater", "Apollo 11", NULL));
	assert_false(matches("apollo -theater", "Apollo Theater", NULL));
	assert_false(matches("apollo -theater", "Apollo", "The Theater"));
	assert_false(matches("apollo|gemini -theater", "Apollo theater", NULL));
	assert_false(matches("apollo | -theater", "Apollo theater", NULL));
	assert_true(matches("apollo -\"old theater\"", "Apollo theater", NULL));
	assert_false(matches("apollo -\"old theater\"", "Apollo old theater", NULL));
}

static void without_a_letter_nothing_matches(void **state)
{
	(void)state;
	assert_false(matches("???", "???", NULL));
	assert_false(matches("| | -", "anything", NULL));
}

static void an_open_quote_is_a_blank(void **state)
{
	(void)state;
	assert_true(matches("\"cats|dogs", "dogs", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_words_must_be_there_in_any_order),
	    cmocka_unit_test(words_are_those_of_a_search_text),
	    cmocka_unit_test(the_channel_helps_but_the_title_must_have_a_word),
	    cmocka_unit_test(phrases_stand_together),
	    cmocka_unit_test(a_bar_binds_tighter_than_a_blank),
	    cmocka_unit_test(a_minus_holds_for_the_whole_query),
	    cmocka_unit_test(without_a_letter_nothing_matches),
	    cmocka_unit_test(an_open_quote_is_a_blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
