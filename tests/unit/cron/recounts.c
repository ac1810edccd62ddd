/* What units ask for the numbers of new videos again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cron/budget/budget.h"

enum { DAY = 86400, NOW = 1795341600, CHANNELS = 100, UNITS = 10000 };

/* No query, a key with 10,000 units, a full day before the reset, and channels that were read an hour ago. */
struct scene {
	struct key key;
	struct query_list queries;
	struct key_list keys;
	struct schedule_table schedule;
	struct followed_channel channels[CHANNELS];
	struct followed_list followed;
	struct budget_input input;
};

static struct scene *scene_of(size_t channels, int64_t recounts)
{
	static struct scene s;

	s = (struct scene){
	    .key = {.id = 1, .health = KEY_OK, .project = {.id = 1, .quota = {[BUCKET_UNITS] = {.limit = UNITS}}}}};
	s.keys = (struct key_list){&s.key, 1};
	s.followed = (struct followed_list){s.channels, channels};
	s.input = (struct budget_input){.now = NOW,
	                                .day = NOW,
	                                .reset = NOW + DAY,
	                                .interval_s = 60,
	                                .recounts = recounts,
	                                .queries = &s.queries,
	                                .keys = &s.keys,
	                                .schedule = &s.schedule,
	                                .followed = &s.followed};
	for (size_t i = 0; i < channels; i++)
		s.channels[i] = (struct followed_channel){.id = (int64_t)i + 1, .read_at = NOW - 3600, .tried_at = NOW - 3600};
	return &s;
}

struct planned {
	int64_t lists, recounts;
};

/* Those of a run, which are made. */
static struct planned run(struct scene *s)
{
	AUTO(plan_clear) struct plan plan = {0};
	struct planned planned = {0};
	struct error err;

	assert_true(budget_plan(&s->input, &plan, &err));
	for (size_t i = 0; i < plan.count; i++) {
		planned.lists += plan.calls[i].kind == PLAN_UPLOADS;
		planned.recounts += plan.calls[i].kind == PLAN_RECOUNT;
	}
	s->key.project.quota[BUCKET_UNITS].used += planned.lists + planned.recounts;
	return planned;
}

static struct planned day(struct scene *s)
{
	struct planned all = {0};

	for (int64_t i = 0; i < DAY / 60; i++) {
		s->input.now = NOW + i * 60;
		struct planned planned = run(s);
		all.lists += planned.lists;
		all.recounts += planned.recounts;
	}
	return all;
}

/* 95 % of the units are theirs as long as they can use them; half of the rest is left for lookups. */
static void lists_have_theirs_first(void **state)
{
	(void)state;
	struct planned all = day(scene_of(CHANNELS, 100000));
	assert_in_range(all.lists, UNITS * 95 / 100 - 20, UNITS * 95 / 100);
	assert_in_range(all.recounts, UNITS / 40 - 10, UNITS / 40);
}

static void what_no_list_can_use_is_theirs(void **state)
{
	(void)state;
	struct planned all = day(scene_of(0, 100000));
	assert_int_equal(all.lists, 0);
	assert_in_range(all.recounts, UNITS * 97 / 100, UNITS * 39 / 40);
}

static void they_are_as_few_as_are_due(void **state)
{
	(void)state;
	assert_int_equal(run(scene_of(0, 0)).recounts, 0);
	assert_int_equal(run(scene_of(0, 1)).recounts, 1);
	assert_int_equal(run(scene_of(0, LOOKUP_IDS)).recounts, 1);
	assert_int_equal(run(scene_of(0, LOOKUP_IDS + 1)).recounts, 2);
}

static void lookups_that_wait_come_first(void **state)
{
	struct scene *s = scene_of(0, 100000);

	(void)state;
	s->input.waiting = 100000;
	assert_int_equal(run(s).recounts, 0);
}

static void nothing_is_asked_of_the_reserve(void **state)
{
	struct scene *s = scene_of(0, 100000);

	(void)state;
	s->key.project.quota[BUCKET_UNITS].used = UNITS * 19 / 20;
	assert_in_range(day(s).recounts, UNITS / 40 - 1, UNITS / 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lists_have_theirs_first),         cmocka_unit_test(what_no_list_can_use_is_theirs),
	    cmocka_unit_test(they_are_as_few_as_are_due),      cmocka_unit_test(lookups_that_wait_come_first),
	    cmocka_unit_test(nothing_is_asked_of_the_reserve),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
