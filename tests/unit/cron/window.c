#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cron/window.h"

enum { HOUR = 3600, NOW = 1795341600, VIDEOS_MAX = 50 };

static const struct window day = {.since = NOW - 72 * HOUR, .until = NOW - 48 * HOUR, .at = NOW, .rate = 60};

/* COUNT videos, the newest at FROM, each STEP seconds older than the one before. */
static struct search_answer answer_of(size_t count, int64_t from, int64_t step, const char *token)
{
	static struct video videos[VIDEOS_MAX];
	struct search_answer answer = {.videos = {videos, count}, .items = (int64_t)count};

	for (size_t i = 0; i < count; i++)
		videos[i] = (struct video){.published_at = from - (int64_t)i * step};
	memcpy(answer.next_page_token, token, strlen(token) + 1);
	return answer;
}

static void swap(struct search_answer *answer, size_t a, size_t b)
{
	struct video first = answer->videos.items[a];

	answer->videos.items[a] = answer->videos.items[b];
	answer->videos.items[b] = first;
}

static void only_results_from_the_window_count(void **state)
{
	struct search_answer answer = answer_of(10, day.until + 2, 1, "");

	(void)state;
	assert_int_equal(window_count(&day, &answer), 8);
	assert_int_equal(window_oldest(&day, &answer), day.until - 7);
	assert_false(window_is_ignored(&day, &answer));
	answer = answer_of(10, day.until + 3, 1, "");
	assert_true(window_is_ignored(&day, &answer));
	answer = answer_of(10, day.since - 1, 1, "");
	assert_int_equal(window_count(&day, &answer), 0);
	assert_int_equal(window_oldest(&day, &answer), day.since);
	assert_int_equal(window_reached(&day, &answer, 7), 7);
}

static void a_page_reaches_down_to_the_newest_of_its_last_videos(void **state)
{
	struct search_answer answer = answer_of(10, day.until, HOUR, "more");

	(void)state;
	assert_int_equal(window_reached(&day, &answer, 7), day.until - 7 * HOUR + 1);
	swap(&answer, 2, 9);
	assert_int_equal(window_reached(&day, &answer, 7), day.until - 2 * HOUR + 1);
}

static void order_is_lost_when_more_than_a_fifth_of_neighbours_ascend(void **state)
{
	struct search_answer answer = answer_of(11, day.until, HOUR, "more");

	(void)state;
	swap(&answer, 0, 1);
	swap(&answer, 4, 5);
	assert_true(window_is_in_order(&answer));
	swap(&answer, 8, 9);
	assert_false(window_is_in_order(&answer));
}

static void a_full_page_of_half_the_window_may_be_a_choice(void **state)
{
	struct search_answer half = answer_of(50, day.until, 24 * HOUR / 106, "more"); /* 45 % of the window */

	(void)state;
	assert_true(window_is_choice(&day, &half, false) && window_is_choice(&day, &half, true));
	half.next_page_token[0] = '\0';
	assert_false(window_is_choice(&day, &half, false));
	struct search_answer most = answer_of(50, day.until, 24 * HOUR / 60, "more");
	assert_false(window_is_choice(&day, &most, false));
	struct search_answer little = answer_of(50, day.until, 24 * HOUR / 300, "more"); /* no best hundred looks so */
	assert_true(window_is_choice(&day, &little, false));
	assert_false(window_is_choice(&day, &little, true));
	struct search_answer few = answer_of(30, day.until, 24 * HOUR / 106, "more");
	assert_false(window_is_choice(&day, &few, false));
}

static void less_than_a_fifth_of_what_is_usual_is_a_drop(void **state)
{
	struct window quiet = day;
	struct window fresh = day;
	struct search_answer few = answer_of(11, day.until, HOUR, "");
	struct search_answer enough = answer_of(12, day.until, HOUR, "");
	struct search_answer none = answer_of(0, 0, 0, "");

	(void)state;
	assert_true(window_is_drop(&day, &few));
	assert_false(window_is_drop(&day, &enough));
	assert_true(window_is_drop(&day, &none));
	quiet.rate = 9;
	assert_false(window_is_drop(&quiet, &none));
	/* Of the last minutes the index shows little. */
	fresh = (struct window){.since = NOW - 600, .until = NOW, .at = NOW, .rate = 2000};
	assert_false(window_is_drop(&fresh, &none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_results_from_the_window_count),
	    cmocka_unit_test(a_page_reaches_down_to_the_newest_of_its_last_videos),
	    cmocka_unit_test(order_is_lost_when_more_than_a_fifth_of_neighbours_ascend),
	    cmocka_unit_test(a_full_page_of_half_the_window_may_be_a_choice),
	    cmocka_unit_test(less_than_a_fifth_of_what_is_usual_is_a_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
