/* Which uploads lists a run reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cron/budget/budget.h"
#include "cron/budget/channels.h"

enum { DAY = 86400, HOUR = 3600, NOW = 1795341600, CHANNELS_MAX = 3000 };

/* One query, a key with 100 searches and 10,000 units, a full day before the reset. */
struct scene {
	struct query query;
	struct key key;
	struct query_list queries;
	struct key_list keys;
	struct schedule_table schedule;
	struct followed_channel channels[CHANNELS_MAX];
	struct followed_list followed;
	struct budget_input input;
};

/* Channels that upload once a day or so, at any hour, read two hours ago. */
static struct scene *scene_of(size_t channels)
{
	static struct scene s;

	s = (struct scene){
	    .query = {.id = 1,
	              .origin = ORIGIN_OWNER,
	              .rate = 50,
	              .attempted_at = NOW,
	              .covered_since = NOW - DAY,
	              .covered_until = NOW},
	    .key = {.id = 1,
	            .health = KEY_OK,
	            .project = {.id = 1, .quota = {[BUCKET_SEARCHES] = {.limit = 100}, [BUCKET_UNITS] = {.limit = 10000}}}}};
	s.queries = (struct query_list){&s.query, 1};
	s.keys = (struct key_list){&s.key, 1};
	s.followed = (struct followed_list){s.channels, channels};
	s.input = (struct budget_input){.now = NOW,
	                                .day = NOW,
	                                .reset = NOW + DAY,
	                                .interval_s = 60,
	                                .queries = &s.queries,
	                                .keys = &s.keys,
	                                .schedule = &s.schedule,
	                                .followed = &s.followed};
	for (size_t i = 0; i < channels; i++) {
		s.channels[i] = (struct followed_channel){.id = (int64_t)i + 1,
		                                          .query_id = 1,
		                                          .since = NOW - 10 * DAY,
		                                          .read_at = NOW - 2 * HOUR,
		                                          .tried_at = NOW - 2 * HOUR,
		                                          .uploads = 10,
		                                          .observed_s = 10 * DAY};
		for (int hour = 0; hour < HOURS_A_DAY; hour++)
			s.channels[i].hours[hour] = 10.0 / HOURS_A_DAY;
	}
	return &s;
}

/* Ids of the channels whose lists the plan reads, in order. */
static size_t plan_of(const struct scene *s, int64_t *ids, size_t most)
{
	AUTO(plan_clear) struct plan plan = {0};
	struct error err;
	size_t count = 0;

	assert_true(budget_plan(&s->input, &plan, &err));
	for (size_t i = 0; i < plan.count; i++) {
		if (plan.calls[i].kind != PLAN_UPLOADS)
			continue;
		assert_true(count < most);
		ids[count++] = plan.calls[i].channel->id;
	}
	return count;
}

static size_t count_of(const struct scene *s)
{
	int64_t ids[100];

	return plan_of(s, ids, 100);
}

static int64_t first_of(const struct scene *s)
{
	int64_t ids[100];

	return plan_of(s, ids, 100) ? ids[0] : 0;
}

static void units_are_spread_over_the_day(void **state)
{
	struct scene *s = scene_of(100);
	int64_t read = 0;

	(void)state;
	for (int64_t i = 0; i < DAY / 60; i++) {
		s->input.now = NOW + i * 60;
		int64_t calls = (int64_t)count_of(s);
		assert_in_range(calls, 6, 12); /* a few more in the last minutes, as less is held back */
		read += calls;
		s->key.project.quota[BUCKET_UNITS].used += calls;
	}
	/* A twentieth is held for lookups, at the end of the day half of it. */
	assert_in_range(read, 9650, 9750);
}

static void few_units_are_spread_as_well(void **state)
{
	struct scene *s = scene_of(100);
	int64_t read = 0, first_half = 0;

	(void)state;
	s->key.project.quota[BUCKET_UNITS].limit = 200;
	for (int64_t i = 0; i < DAY / 60; i++) {
		s->input.now = NOW + i * 60;
		int64_t calls = (int64_t)count_of(s);
		read += calls;
		first_half += i < DAY / 120 ? calls : 0;
		s->key.project.quota[BUCKET_UNITS].used += calls;
	}
	assert_in_range(read, 170, 190);
	assert_in_range(first_half, 80, 100);
}

static void lookups_come_first(void **state)
{
	struct scene *s = scene_of(100);

	(void)state;
	s->input.waiting = 48 * 9600;
	assert_int_equal(count_of(s), 0);
	s->input.waiting = 48 * 4000;
	assert_in_range(count_of(s), 3, 4);
	s->key.project.quota[BUCKET_UNITS].used = 9600;
	s->input.waiting = 0;
	assert_int_equal(count_of(s), 0);
}

static void a_list_that_was_never_read_comes_first(void **state)
{
	struct scene *s = scene_of(10);

	(void)state;
	s->channels[6].read_at = s->channels[6].tried_at = 0;
	assert_int_equal(first_of(s), 7);
	s->channels[8].read_at = s->channels[8].tried_at = 0;
	s->channels[8].is_source = true;
	assert_int_equal(first_of(s), 9);
}

static void the_busiest_and_the_longest_unread_come_before_others(void **state)
{
	struct scene *s = scene_of(10);

	(void)state;
	for (int i = 0; i < 10; i++)
		s->channels[i].read_at = s->channels[i].tried_at = NOW - HOUR / 6;
	s->channels[4].uploads = 30;
	assert_int_equal(first_of(s), 5);
	s->channels[7].read_at = NOW - HOUR;
	assert_int_equal(first_of(s), 8);
}

/* It is worth most where its uploads come now. */
static void hours_decide(void **state)
{
	struct scene *s = scene_of(10);

	(void)state;
	s->channels[3].hours[9] += 5; /* 2026-11-22T10:00Z is NOW */
	s->channels[3].hours[20] = 0;
	assert_int_equal(first_of(s), 4);
}

static void a_list_rests_after_its_reading(void **state)
{
	struct scene *s = scene_of(1);

	(void)state;
	s->channels[0].read_at = s->channels[0].tried_at = NOW - 299;
	assert_int_equal(count_of(s), 0);
	s->channels[0].read_at = s->channels[0].tried_at = NOW - 300;
	assert_int_equal(count_of(s), 1);
}

static void what_failed_waits_twice_as_long_each_time(void **state)
{
	struct scene *s = scene_of(1);

	(void)state;
	s->channels[0].tried_at = NOW - HOUR;
	s->channels[0].failures = 5;
	assert_int_equal(count_of(s), 1);
	s->channels[0].failures = 6;
	assert_int_equal(count_of(s), 0);
	s->channels[0].failures = 1000000;
	s->channels[0].tried_at = NOW - DAY;
	assert_int_equal(count_of(s), 1);
}

/* Searches find its videos within hours; those of a source never. */
static void a_source_is_worth_more(void **state)
{
	struct scene *s = scene_of(10);

	(void)state;
	s->query.rate = 1000;
	s->channels[2].is_source = true;
	for (int i = 0; i < 10; i++)
		s->channels[i].read_at = NOW - 6 * HOUR;
	assert_int_equal(first_of(s), 3);
}

static double worth(const struct scene *s, int64_t searched_at, double wait)
{
	struct hours typical = channels_typical_hours(&s->followed, 1);
	struct searching search = {.at = searched_at, .wait_s = wait};

	return channel_worth(&s->channels[0], &typical, &search, NOW);
}

static void worth_grows_with_the_age(void **state)
{
	struct scene *s = scene_of(1);
	double last = 0;

	(void)state;
	for (int64_t age = 0; age < 30 * DAY; age += 977) {
		double now;

		s->channels[0].read_at = NOW - age;
		now = worth(s, NOW - HOUR, HOUR);
		assert_true(now >= last * (1 - 1e-9));
		last = now;
	}
	/* A clock that was set back gains nothing. */
	s->channels[0].read_at = NOW + DAY;
	assert_true(worth(s, NOW - HOUR, HOUR) == 0);
}

/* In the middle between two polls: before, more is to come, and after, little is to be gained. */
static void worth_is_most_between_two_polls(void **state)
{
	struct scene *s = scene_of(1);
	double middle;

	(void)state;
	s->channels[0].read_at = NOW - 2 * HOUR;
	middle = worth(s, NOW - 2 * HOUR, 2 * HOUR);
	assert_true(worth(s, NOW - HOUR, 3 * HOUR) < middle);
	assert_true(worth(s, NOW - 3 * HOUR, HOUR) < middle);
	/* So many videos, each two hours sooner. */
	assert_in_range(middle / followed_channel_rate(&s->channels[0]) / HOUR / HOUR, 4, 5);
}

/* Each query's channels have hours of their own. */
static void typical_hours_are_those_of_the_query(void **state)
{
	struct scene *s = scene_of(2);

	(void)state;
	s->channels[1].query_id = 2;
	s->channels[1].hours[9] = 50;
	assert_float_equal(channels_typical_hours(&s->followed, 1).share[9], 1.0 / HOURS_A_DAY, 1e-9);
	assert_true(channels_typical_hours(&s->followed, 2).share[9] > 0.7);
}

/* What no search shows is worth a reading a day, however slow the channel is. */
static void slow_channels_are_read_too(void **state)
{
	struct scene *s = scene_of(10);

	(void)state;
	for (int i = 0; i < 10; i++)
		s->channels[i].read_at = NOW - HOUR;
	s->channels[3].uploads = 1;
	s->channels[3].read_at = NOW - 2 * DAY;
	assert_int_equal(first_of(s), 4);
}

static void nothing_is_read_without_channels(void **state)
{
	struct scene *s = scene_of(0);

	(void)state;
	assert_int_equal(count_of(s), 0);
	s->input.followed = NULL;
	assert_int_equal(count_of(s), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(units_are_spread_over_the_day),
	    cmocka_unit_test(few_units_are_spread_as_well),
	    cmocka_unit_test(lookups_come_first),
	    cmocka_unit_test(a_list_that_was_never_read_comes_first),
	    cmocka_unit_test(the_busiest_and_the_longest_unread_come_before_others),
	    cmocka_unit_test(hours_decide),
	    cmocka_unit_test(a_list_rests_after_its_reading),
	    cmocka_unit_test(what_failed_waits_twice_as_long_each_time),
	    cmocka_unit_test(a_source_is_worth_more),
	    cmocka_unit_test(worth_grows_with_the_age),
	    cmocka_unit_test(worth_is_most_between_two_polls),
	    cmocka_unit_test(typical_hours_are_those_of_the_query),
	    cmocka_unit_test(slow_channels_are_read_too),
	    cmocka_unit_test(nothing_is_read_without_channels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
