#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "model/followed_channel.h"

enum { NOW = 1795341600, HOUR_OF_NOW = 10 };

static double per_day(const struct followed_channel *channel)
{
	return followed_channel_rate(channel) * SECONDS_PER_DAY;
}

static void before_the_first_reading_little_is_expected(void **state)
{
	struct followed_channel channel = {.since = NOW};

	(void)state;
	assert_float_equal(per_day(&channel), 0.5 / 6, 1e-9);
	assert_false(followed_channel_is_silent(&channel, NOW + 100 * SECONDS_PER_DAY));
}

static void the_rate_is_that_of_the_list(void **state)
{
	struct followed_channel channel = {.since = NOW};
	struct upload uploads[50];

	(void)state;
	for (int i = 0; i < 50; i++) /* two a day, for 25 days */
		uploads[i] = (struct upload){NOW - i * SECONDS_PER_DAY / 2, true};
	followed_channel_take(&channel, uploads, 50, NOW);
	assert_true(per_day(&channel) > 1.3 && per_day(&channel) < 2);
	assert_int_equal(channel.newest_at, NOW);
	assert_int_equal(channel.read_at, NOW);
}

static void times_to_come_tell_nothing(void **state)
{
	struct followed_channel channel = {.since = NOW - 60};
	const struct upload uploads[] = {{NOW + 3600, true}, {NOW - 10, true}};

	(void)state;
	followed_channel_take(&channel, uploads, 2, NOW);
	assert_float_equal(channel.uploads, 1, 1e-3);
	assert_int_equal(channel.newest_at, NOW - 10);
}

static void hours_are_counted(void **state)
{
	struct followed_channel channel = {.since = NOW};
	const struct upload uploads[] = {{NOW, true}, {NOW - 30 * SECONDS_PER_DAY, true}, {NOW - 3 * SECONDS_PER_HOUR, true}};
	double sum = 0;

	(void)state;
	followed_channel_take(&channel, uploads, 3, NOW);
	followed_channel_take_unchanged(&channel, NOW + 20 * SECONDS_PER_DAY);
	assert_float_equal(channel.hours[HOUR_OF_NOW], 2, 1e-9);
	for (int hour = 0; hour < HOURS_A_DAY; hour++)
		sum += channel.hours[hour];
	assert_float_equal(sum, 3, 1e-9);
}

/* They tell that the channel lives, and how long a time the list is of. */
static void what_no_query_wants_does_not_count(void **state)
{
	struct followed_channel channel = {.since = NOW};
	const struct upload uploads[] = {{NOW - 60, false},
	                                 {NOW - 2 * SECONDS_PER_DAY, true},
	                                 {NOW - 20 * SECONDS_PER_DAY, false}};

	(void)state;
	followed_channel_take(&channel, uploads, 3, NOW);
	assert_true(channel.uploads > 0.9 && channel.uploads < 1);
	assert_float_equal(channel.hours[HOUR_OF_NOW], 1, 1e-9);
	assert_int_equal(channel.newest_at, NOW - 60);
	assert_true(channel.observed_s > 12.0 * SECONDS_PER_DAY);
}

static void silence_lowers_the_rate_and_ends_it(void **state)
{
	struct followed_channel channel = {.since = NOW};
	const struct upload uploads[] = {{NOW, true}, {NOW - 3600, true}, {NOW - 7200, true}};
	double rate;

	(void)state;
	followed_channel_take(&channel, uploads, 3, NOW);
	rate = followed_channel_rate(&channel);
	followed_channel_take_unchanged(&channel, NOW + 20 * SECONDS_PER_DAY);
	assert_true(followed_channel_rate(&channel) < rate / 4);
	assert_false(followed_channel_is_silent(&channel, NOW + 45 * SECONDS_PER_DAY));
	assert_true(followed_channel_is_silent(&channel, NOW + 45 * SECONDS_PER_DAY + 1));
}

/* Two readings without news decay as one does. */
static void decay_does_not_depend_on_how_often_it_is_read(void **state)
{
	struct followed_channel once = {.since = NOW}, twice = {.since = NOW};
	const struct upload uploads[] = {{NOW, true}, {NOW - 3600, true}};

	(void)state;
	followed_channel_take(&once, uploads, 2, NOW);
	followed_channel_take(&twice, uploads, 2, NOW);
	followed_channel_take_unchanged(&once, NOW + 1000000);
	followed_channel_take_unchanged(&twice, NOW + 300000);
	followed_channel_take_unchanged(&twice, NOW + 1000000);
	assert_float_equal(followed_channel_rate(&once), followed_channel_rate(&twice), 1e-15);
}

/* A page of its list is of two days, and has two that are wanted. */
static void what_has_left_the_list_still_counts(void **state)
{
	enum { DAYS = 60, A_DAY = 25 };
	struct followed_channel channel = {.since = NOW - DAYS * SECONDS_PER_DAY};
	struct upload uploads[2 * A_DAY];
	double sum = 0;

	(void)state;
	for (int64_t now = channel.since; now <= NOW; now += SECONDS_PER_DAY) {
		for (int i = 0; i < 2 * A_DAY; i++)
			uploads[i] = (struct upload){now - i * SECONDS_PER_DAY / A_DAY, i % A_DAY == 0};
		followed_channel_take(&channel, uploads, 2 * A_DAY, now);
	}
	assert_true(per_day(&channel) > 0.75 && per_day(&channel) < 1);
	for (int hour = 0; hour < HOURS_A_DAY; hour++)
		sum += channel.hours[hour];
	assert_float_equal(sum, DAYS + 2, 1e-9);
}

static void hours_go_through_a_text(void **state)
{
	struct followed_channel channel = {.since = NOW}, read = {0};
	char text[HOURS_TEXT_SIZE];

	(void)state;
	for (int hour = 0; hour < HOURS_A_DAY; hour++)
		channel.hours[hour] = hour * 1e6;
	channel.hours[0] = 1.26;
	followed_channel_write_hours(&channel, text);
	followed_channel_read_hours(&read, text);
	assert_float_equal(read.hours[0], 1.3, 1e-9);
	assert_float_equal(read.hours[23], 9999.9, 1e-9);
	followed_channel_read_hours(&read, "no numbers");
	assert_float_equal(read.hours[0], 0, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(before_the_first_reading_little_is_expected),
	    cmocka_unit_test(the_rate_is_that_of_the_list),
	    cmocka_unit_test(times_to_come_tell_nothing),
	    cmocka_unit_test(hours_are_counted),
	    cmocka_unit_test(what_no_query_wants_does_not_count),
	    cmocka_unit_test(silence_lowers_the_rate_and_ends_it),
	    cmocka_unit_test(decay_does_not_depend_on_how_often_it_is_read),
	    cmocka_unit_test(what_has_left_the_list_still_counts),
	    cmocka_unit_test(hours_go_through_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
