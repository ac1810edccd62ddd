#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cron/budget/budget.h"

enum { DAY = 86400, HOUR = 3600, NOW = 1795341600, QUERIES_MAX = 1000, INTERVALS_MAX = 8 };

/* What a plan is made from: one key with 100 searches and 10,000 units, twelve hours before the reset. */
struct scene {
	struct query queries[QUERIES_MAX];
	struct interval intervals[INTERVALS_MAX];
	struct key keys[3];
	struct query_list query_list;
	struct key_list key_list;
	struct schedule_table schedule;
	struct budget_input input;
};

static struct key good_key(int64_t id)
{
	return (
	    struct key){.id = id,
	                .health = KEY_OK,
	                .project = {.id = id, .quota = {[BUCKET_SEARCHES] = {.limit = 100}, [BUCKET_UNITS] = {.limit = 10000}}}};
}

static struct scene *scene_of(size_t queries)
{
	static struct scene s;

	s = (struct scene){.keys = {good_key(1), good_key(2), good_key(3)}};
	s.query_list = (struct query_list){s.queries, queries};
	s.key_list = (struct key_list){s.keys, 1};
	s.input = (struct budget_input){.now = NOW,
	                                .day = NOW - DAY / 2,
	                                .reset = NOW + DAY / 2,
	                                .interval_s = 60,
	                                .start_days = 7,
	                                .queries = &s.query_list,
	                                .keys = &s.key_list,
	                                .schedule = &s.schedule};
	/* Read an hour ago. */
	for (size_t i = 0; i < queries; i++)
		s.queries[i] = (struct query){.id = (int64_t)i + 1,
		                              .origin = ORIGIN_OWNER,
		                              .rate = 50,
		                              .attempted_at = NOW - HOUR,
		                              .covered_since = NOW - 7 * DAY,
		                              .covered_until = NOW - HOUR};
	return &s;
}

static struct plan plan_of(const struct scene *s)
{
	struct plan plan = {0};
	struct error err;

	assert_true(budget_plan(&s->input, &plan, &err));
	return plan;
}

static size_t count_kind(const struct plan *plan, enum planned_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		count += plan->calls[i].kind == kind;
	return count;
}

/* The only search of the plan; a zero one when there is none. */
static struct search_job job_of(const struct scene *s)
{
	AUTO(plan_clear) struct plan plan = plan_of(s);
	struct search_job job = {0};

	assert_in_range(count_kind(&plan, PLAN_SEARCH), 0, 1);
	for (size_t i = 0; i < plan.count; i++)
		if (plan.calls[i].kind == PLAN_SEARCH)
			job = plan.calls[i].job;
	return job;
}

/* QUERY was polled, and covered, at TIME. */
static void poll_at(struct query *query, int64_t time)
{
	query->attempted_at = query->covered_until = time;
}

/* Nobody has waited for long. */
static void all_just_read(struct scene *s)
{
	for (size_t i = 0; i < s->query_list.count; i++)
		s->queries[i].covered_until = NOW - 60;
}

/* No category but the newest has its turn. */
static void only_newest(struct scene *s)
{
	for (int category = BUDGET_VISITORS; category < BUDGET_COUNT; category++)
		s->schedule.of[category].next_ms = (NOW + HOUR) * 1000LL;
}

static void give_gap(struct scene *s, size_t query, int64_t since, enum gap_reason reason)
{
	struct interval *gap = &s->intervals[query];

	*gap = (struct interval){.since = since, .until = since + HOUR, .reason = reason};
	s->queries[query].gaps = (struct coverage){gap, 1};
}

/* ---- keys and units ---- */

static void tries_new_keys_with_one_unit_first(void **state)
{
	struct scene *s = scene_of(0);
	AUTO(plan_clear) struct plan plan = {0};

	(void)state;
	s->key_list.count = 3;
	s->keys[1].health = KEY_NEW;
	s->keys[2].health = KEY_INVALID;
	plan = plan_of(s);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.calls[0].kind, PLAN_TRY_KEY);
	assert_int_equal(plan.calls[0].key_id, 2);
}

static void counts_a_project_once_whatever_its_keys(void **state)
{
	struct scene *s = scene_of(0);

	(void)state;
	s->key_list.count = 3;
	s->keys[1].project.id = 1;
	s->keys[0].entry_state = ENTRY_PAUSED_BY_OWNER; /* its project is still reached through key 2 */
	assert_int_equal(key_list_left(&s->key_list, BUCKET_SEARCHES, NOW), 200);
}

static void looks_up_what_waits_at_once_and_a_backlog_in_time(void **state)
{
	struct scene *s = scene_of(0);

	(void)state;
	s->input.waiting = 51;
	AUTO(plan_clear) struct plan few = plan_of(s);
	assert_int_equal(count_kind(&few, PLAN_LOOKUP), 2);
	/* 10,000 units for 720 minutes */
	s->input.waiting = 100000;
	AUTO(plan_clear) struct plan many = plan_of(s);
	assert_int_equal(count_kind(&many, PLAN_LOOKUP), 1 + 10000 / 720);
	s->keys[0].project.quota[BUCKET_UNITS].used = 9997;
	AUTO(plan_clear) struct plan last = plan_of(s);
	assert_in_range(count_kind(&last, PLAN_LOOKUP), 1, 3);
}

static void a_lookup_follows_for_every_page_that_a_search_may_bring(void **state)
{
	struct scene *s = scene_of(1);
	AUTO(plan_clear) struct plan plan = {0};

	(void)state;
	only_newest(s);
	plan = plan_of(s);
	assert_int_equal(plan.calls[0].kind, PLAN_SEARCH);
	assert_true(count_kind(&plan, PLAN_LOOKUP) * 49 >= (size_t)plan.calls[0].job.pages_max * 50);
}

/* ---- the newest videos ---- */

static void reads_from_where_it_is_covered_with_an_overlap(void **state)
{
	struct scene *s = scene_of(1);

	(void)state;
	only_newest(s);
	struct search_job job = job_of(s);
	assert_int_equal(job.category, BUDGET_NEWEST);
	assert_int_equal(job.query->id, 1);
	assert_int_equal(job.since, NOW - HOUR - COVERAGE_SETTLED_S);
	assert_int_equal(job.enough, NOW - HOUR);
	assert_int_equal(job.until, NOW);
	/* 95 searches for half a day, and one query. */
	assert_int_equal(job.next_poll_at, NOW + DAY / 2 / 95);
}

static void the_window_reaches_down_to_a_video_that_is_known(void **state)
{
	struct scene *s = scene_of(1);

	(void)state;
	only_newest(s);
	s->queries[0].newest_at = NOW - 5 * DAY;
	assert_int_equal(job_of(s).since, NOW - 5 * DAY);
}

static void a_clock_that_was_set_back_asks_for_no_window_in_the_future(void **state)
{
	struct scene *s = scene_of(1);

	(void)state;
	only_newest(s);
	s->queries[0].covered_until = NOW + DAY;
	struct search_job job = job_of(s);
	assert_int_equal(job.until, NOW);
	assert_int_equal(job.since, NOW - COVERAGE_SETTLED_S);
	/* A turn that lies after the next reset was set by a clock that was wrong. */
	s->schedule.of[BUDGET_ALL].next_ms = (NOW + 2 * DAY) * 1000LL;
	assert_int_equal(job_of(s).category, BUDGET_NEWEST);
}

static void queries_that_bring_more_have_their_turn_more_often(void **state)
{
	struct scene *s = scene_of(2);

	(void)state;
	only_newest(s);
	s->queries[1].rate = 200;
	assert_int_equal(job_of(s).query->id, 2);
	/* Four times the videos, twice the turns. */
	poll_at(&s->queries[0], NOW - 2 * HOUR - 300);
	assert_int_equal(job_of(s).query->id, 1);
}

/* How many of COUNT polls, of which each is made at once, query 1 of the scene gets. */
static int polls_of_first(struct scene *s, int count)
{
	int first = 0;

	for (int i = 0; i < count; i++) {
		struct search_job job = job_of(s);
		struct query *polled = &s->queries[job.query->id - 1];

		first += polled == s->queries;
		poll_at(polled, s->input.now);
		s->schedule.of[BUDGET_ALL].next_ms = 0;
		s->input.now += 60;
	}
	return first;
}

static void polls_are_in_proportion_to_priorities(void **state)
{
	struct scene *s = scene_of(20);

	(void)state;
	only_newest(s);
	assert_in_range(polls_of_first(s, 400), 19, 21);
	s = scene_of(20);
	only_newest(s);
	s->queries[0].settings.priority = PRIORITY_HIGH;
	assert_in_range(polls_of_first(s, 460), 73, 84);
	s = scene_of(20);
	only_newest(s);
	s->queries[0].settings.priority = PRIORITY_LOW;
	assert_in_range(polls_of_first(s, 400), 4, 6);
	/* Also where each has waited for more than a day. */
	s = scene_of(200);
	only_newest(s);
	for (size_t i = 0; i < s->query_list.count; i++)
		poll_at(&s->queries[i], NOW - 2 * DAY - (int64_t)i);
	s->queries[0].settings.priority = PRIORITY_HIGH;
	assert_ptr_equal(job_of(s).query, s->queries);
}

static void half_a_share_is_a_share_by_priority(void **state)
{
	struct scene *s = scene_of(4);

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		s->queries[i].searches_day = s->input.day;
		s->queries[i].searches = 10;
	}
	s->schedule.of[BUDGET_ALL].searches = 40;
	assert_false(budget_is_short(&s->input, &s->queries[0]));
	s->queries[0].settings.priority = PRIORITY_HIGH;
	s->schedule.of[BUDGET_ALL].searches = 50;
	assert_true(budget_is_short(&s->input, &s->queries[0]));
	assert_false(budget_is_short(&s->input, &s->queries[1]));
}

static void a_query_that_waited_for_most_of_a_day_goes_first(void **state)
{
	struct scene *s = scene_of(2);

	(void)state;
	only_newest(s);
	s->queries[0].rate = 0.1;
	poll_at(&s->queries[0], NOW - 21 * HOUR);
	s->queries[1].rate = 3000;
	poll_at(&s->queries[1], NOW - 10 * HOUR);
	assert_int_equal(job_of(s).query->id, 1);
}

static void half_of_the_searches_belong_to_all_queries_alike(void **state)
{
	struct scene *s = scene_of(3);

	(void)state;
	only_newest(s);
	poll_at(&s->queries[2], NOW - 60);
	s->queries[0].rate = 1e6; /* whatever it is that YouTube answers to it */
	for (int i = 0; i < 3; i++)
		s->queries[i].searches_day = s->input.day;
	s->queries[0].searches = 13;
	s->queries[1].searches = 2;
	s->queries[2].searches = 3;
	s->schedule.of[BUDGET_ALL].searches = 18; /* half an equal share of them are three */
	assert_int_equal(job_of(s).query->id, 2);
	give_gap(s, 0, NOW - 10 * HOUR, GAP_INTERRUPTED);
	assert_int_equal(job_of(s).category, BUDGET_NEWEST);
	/* Those of another day do not count, and what fails has no right to more. */
	s->queries[1].searches = 20;
	s->queries[1].searches_day = s->input.day - DAY;
	assert_int_equal(job_of(s).query->id, 2);
	s->queries[1].failures = 1;
	assert_int_not_equal(job_of(s).query->id, 2);
}

static void what_failed_has_its_turn_though_others_are_always_short(void **state)
{
	struct scene *s = scene_of(3);

	(void)state;
	only_newest(s);
	s->queries[0].rate = 0;
	s->queries[0].failures = 1;
	poll_at(&s->queries[0], NOW - 21 * HOUR);
	s->schedule.of[BUDGET_ALL].searches = 90;
	assert_int_equal(job_of(s).query->id, 1);
	/* The more often it failed, the longer it waits beside them. */
	s->queries[0].failures = 9;
	assert_int_not_equal(job_of(s).query->id, 1);
}

static void what_covers_nothing_does_not_go_first_again(void **state)
{
	struct scene *s = scene_of(2);

	(void)state;
	only_newest(s);
	s->queries[0].covered_until = NOW - 3 * DAY;
	s->queries[0].attempted_at = NOW - 60;
	assert_int_equal(job_of(s).query->id, 2);
}

static void with_scarce_searches_full_pages_count(void **state)
{
	struct scene *s = scene_of(30);

	(void)state;
	only_newest(s);
	for (int i = 0; i < 30; i++) {
		s->queries[i].rate = 130; /* 94 pages a day, with overlap */
		poll_at(&s->queries[i], NOW - 9 * HOUR);
	}
	/* The first has waited longer, and its second page would be nearly empty; that of the second is nearly full. */
	poll_at(&s->queries[0], NOW - 9 * HOUR - HOUR / 2);
	s->queries[1].rate = 230;
	assert_int_equal(job_of(s).query->id, 2);
}

static void what_fails_is_asked_after_longer_and_longer_pauses(void **state)
{
	struct scene *s = scene_of(1);

	(void)state;
	only_newest(s);
	s->queries[0].failures = 3;
	s->queries[0].attempted_at = NOW - 4 * 60 + 1;
	assert_null(job_of(s).query);
	s->queries[0].attempted_at = NOW - 4 * 60;
	assert_non_null(job_of(s).query);
}

/* ---- new queries and visitors ---- */

static void a_new_query_has_its_first_page_at_once(void **state)
{
	struct scene *s = scene_of(1);

	(void)state;
	s->queries[0] = (struct query){.id = 1, .origin = ORIGIN_OWNER};
	for (int category = 0; category < BUDGET_COUNT; category++)
		s->schedule.of[category].next_ms = (NOW + HOUR) * 1000LL;
	struct search_job job = job_of(s);
	assert_int_equal(job.category, BUDGET_NEW_QUERIES);
	assert_int_equal(job.since, NOW - 7 * DAY);
	assert_int_equal(job.until, NOW);
	assert_int_equal(job.pages_max, 1);
}

static void new_queries_leave_half_of_the_day_to_the_others(void **state)
{
	struct scene *s = scene_of(QUERIES_MAX);

	(void)state;
	for (size_t i = 0; i < QUERIES_MAX; i++)
		s->queries[i] = (struct query){.id = (int64_t)i + 1, .origin = ORIGIN_OWNER};
	AUTO(plan_clear) struct plan first = plan_of(s);
	assert_int_equal(count_kind(&first, PLAN_SEARCH), 10); /* in one run */
	s->schedule.of[BUDGET_NEW_QUERIES].searches = 50;
	AUTO(plan_clear) struct plan later = plan_of(s);
	assert_int_equal(count_kind(&later, PLAN_SEARCH), 0);
}

static void visitors_have_a_fifth_of_the_turns_the_longest_waiting_first(void **state)
{
	struct scene *s = scene_of(3);

	(void)state;
	s->queries[1] = (struct query){.id = 2, .origin = ORIGIN_VISITOR, .attempted_at = NOW - HOUR};
	s->queries[2] = (struct query){.id = 3, .origin = ORIGIN_VISITOR, .attempted_at = NOW - 2 * HOUR};
	struct search_job job = job_of(s);
	assert_int_equal(job.category, BUDGET_VISITORS);
	assert_int_equal(job.query->id, 3);
	assert_int_equal(job.pages_max, 1);
	budget_charge(&s->input, BUDGET_VISITORS, 1, &s->schedule);
	/* One search costs them the time of five. */
	int64_t pause = (s->schedule.of[BUDGET_ALL].next_ms - (NOW - 60) * 1000LL);
	assert_in_range(s->schedule.of[BUDGET_VISITORS].next_ms - (NOW - 60) * 1000LL, 5 * pause - 5, 5 * pause + 5);
}

/* ---- gaps and second readings ---- */

static void gaps_of_a_pause_are_closed_before_what_lies_before_the_tracking(void **state)
{
	struct scene *s = scene_of(2);

	(void)state;
	all_just_read(s);
	s->schedule.of[BUDGET_SECOND_READINGS].next_ms = (NOW + HOUR) * 1000LL;
	give_gap(s, 0, NOW - 5 * DAY, GAP_BEFORE_TRACKING);
	give_gap(s, 1, NOW - 3 * DAY, GAP_NOT_REACHED);
	struct search_job job = job_of(s);
	assert_int_equal(job.category, BUDGET_GAPS);
	assert_int_equal(job.query->id, 2);
	assert_int_equal(job.since, NOW - 3 * DAY);
	assert_int_equal(job.until, NOW - 3 * DAY + HOUR);
	/* The least tried first. */
	s->intervals[0].reason = GAP_NOT_REACHED;
	s->intervals[0].tried_at = NOW - 60;
	assert_int_equal(job_of(s).query->id, 2);
	/* One that does not close keeps nobody. */
	s->intervals[0] = (struct interval){.since = NOW - 5 * DAY, .until = NOW - 4 * DAY, .reason = GAP_BEFORE_TRACKING};
	s->intervals[1].tried_at = NOW - 60;
	assert_int_equal(job_of(s).query->id, 1);
}

static void gaps_of_the_last_weeks_are_closed_before_older_ones(void **state)
{
	struct scene *s = scene_of(2);

	(void)state;
	all_just_read(s);
	s->schedule.of[BUDGET_SECOND_READINGS].next_ms = (NOW + HOUR) * 1000LL;
	give_gap(s, 0, NOW - 21 * DAY, GAP_NOT_REACHED);
	give_gap(s, 1, NOW - 19 * DAY, GAP_BEFORE_TRACKING);
	assert_int_equal(job_of(s).query->id, 2);
	assert_false(job_of(s).tried);
	s->intervals[1].tried_at = NOW - 60;
	assert_int_equal(job_of(s).query->id, 2);
	assert_true(job_of(s).tried);
}

static void what_lies_before_the_tracking_takes_little_from_the_newest(void **state)
{
	struct scene *s = scene_of(2);

	(void)state;
	give_gap(s, 0, NOW - 5 * DAY, GAP_BEFORE_TRACKING);
	assert_float_equal(budget_share(&s->input, BUDGET_GAPS), 0.2, 1e-9);
	give_gap(s, 1, NOW - 3 * DAY, GAP_NOT_REACHED);
	assert_float_equal(budget_share(&s->input, BUDGET_GAPS), 0.5, 1e-9);
}

static void searches_ask_for_windows_that_a_page_holds(void **state)
{
	struct scene *s = scene_of(1);

	(void)state;
	only_newest(s);
	s->queries[0].rate = 240; /* a fifth more than a page in six hours */
	assert_int_equal(job_of(s).page_s, 6 * HOUR);
	s->queries[0].doubted_at[DOUBT_ORDER] = NOW; /* only whole answers count */
	assert_int_equal(job_of(s).page_s, 4 * HOUR);
	s->queries[0].doubted_at[DOUBT_ORDER] = 0;
	s->queries[0].rate = 0;
	assert_int_equal(job_of(s).page_s, 0);
	s->queries[0].rate = 1e6;
	assert_int_equal(job_of(s).page_s, PAGE_MIN_S);
	all_just_read(s);
	s->schedule.of[BUDGET_GAPS].next_ms = 0;
	s->queries[0].rate = 240;
	give_gap(s, 0, NOW - 3 * DAY, GAP_NOT_REACHED);
	assert_int_equal(job_of(s).category, BUDGET_GAPS);
	assert_int_equal(job_of(s).page_s, 6 * HOUR);
}

static void gaps_wait_while_a_query_has_waited_too_long(void **state)
{
	struct scene *s = scene_of(2);

	(void)state;
	give_gap(s, 0, NOW - 3 * DAY, GAP_NOT_REACHED);
	poll_at(&s->queries[1], NOW - 19 * HOUR);
	assert_int_equal(job_of(s).category, BUDGET_NEWEST);
	assert_int_equal(job_of(s).query->id, 2);
}

static void a_poll_that_was_cut_short_is_finished_first(void **state)
{
	struct scene *s = scene_of(2);

	(void)state;
	only_newest(s);
	poll_at(&s->queries[1], NOW - 19 * HOUR);
	give_gap(s, 0, NOW - 10 * HOUR, GAP_INTERRUPTED);
	struct search_job job = job_of(s);
	assert_int_equal(job.category, BUDGET_GAPS);
	assert_int_equal(job.query->id, 1);
	/* It was tried, and something of it is still missing: the newest have their turn. */
	s->intervals[0].tried_at = NOW - HOUR + 1;
	assert_int_equal(job_of(s).query->id, 2);
	s->intervals[0].tried_at = NOW - HOUR;
	assert_int_equal(job_of(s).query->id, 1);
	/* After a day it is a gap like all others. */
	give_gap(s, 0, NOW - 30 * HOUR, GAP_INTERRUPTED);
	assert_int_equal(job_of(s).query->id, 2);
}

static void what_was_read_too_soon_is_read_again(void **state)
{
	struct scene *s = scene_of(1);

	(void)state;
	all_just_read(s);
	s->queries[0].rate = 1000;
	s->intervals[0] = (struct interval){.since = NOW - 7 * DAY, .until = NOW - 30 * HOUR, .read_at = NOW - HOUR};
	s->intervals[1] = (struct interval){.since = NOW - 30 * HOUR, .until = NOW - 17 * HOUR, .read_at = NOW - 17 * HOUR};
	s->intervals[2] = (struct interval){.since = NOW - 17 * HOUR, .until = NOW - HOUR, .read_at = NOW - HOUR};
	s->queries[0].coverage = (struct coverage){s->intervals, 3};
	struct search_job job = job_of(s);
	assert_int_equal(job.category, BUDGET_SECOND_READINGS);
	assert_int_equal(job.until, NOW - 22 * HOUR);  /* the last that are ripe; they were read within five hours */
	assert_true(job.until - job.since < 2 * HOUR); /* a page of them */
	/* Once read again there is nothing to expect. */
	s->intervals[1].read_at = NOW - 60;
	assert_int_equal(job_of(s).category, BUDGET_NEWEST);
}

/* ---- the schedule ---- */

static void asks_nothing_without_searches_left(void **state)
{
	struct scene *s = scene_of(3);

	(void)state;
	s->queries[1] = (struct query){.id = 2, .origin = ORIGIN_OWNER};
	s->queries[2] = (struct query){.id = 3, .origin = ORIGIN_VISITOR};
	s->key_list.count = 2;
	s->keys[0].project.quota[BUCKET_SEARCHES].used = 100;
	s->keys[1].project.quota[BUCKET_SEARCHES].spent_until = NOW + 1;
	assert_null(job_of(s).query);
}

static void waits_a_minute_after_the_reset(void **state)
{
	struct scene *s = scene_of(1);

	(void)state;
	only_newest(s);
	s->input.day = NOW - 59;
	assert_null(job_of(s).query);
	s->input.day = NOW - 60;
	assert_non_null(job_of(s).query);
}

static void what_was_not_used_does_not_add_up(void **state)
{
	struct scene *s = scene_of(QUERIES_MAX);

	(void)state;
	only_newest(s);
	s->schedule.of[BUDGET_ALL].next_ms = (NOW - 10 * HOUR) * 1000LL; /* the machine slept */
	assert_non_null(job_of(s).query);                                /* one, not seventy */
}

/* A day of runs, each search PAGES long. */
static int64_t a_day(struct scene *s, int64_t pages, int64_t *last, int64_t *polled_once)
{
	struct error err;

	s->input.day = NOW;
	s->input.reset = NOW + DAY;
	for (s->input.now = NOW; s->input.now < NOW + DAY; s->input.now += 60) {
		AUTO(plan_clear) struct plan plan = {0};

		assert_true(budget_plan(&s->input, &plan, &err));
		for (size_t i = 0; i < plan.count; i++) {
			struct search_job *job = &plan.calls[i].job;
			int64_t left = key_list_left(&s->key_list, BUCKET_SEARCHES, s->input.now);

			if (plan.calls[i].kind != PLAN_SEARCH || !budget_is_due(&s->input))
				continue;
			int64_t made = pages < left ? pages : left;
			budget_charge(&s->input, job->category, made, &s->schedule);
			s->keys[0].project.quota[BUCKET_SEARCHES].used += made;
			*polled_once += s->queries[job->query->id - 1].attempted_at < NOW;
			s->queries[job->query->id - 1].covered_until = s->input.now;
			s->queries[job->query->id - 1].attempted_at = s->input.now;
			*last = s->input.now;
		}
	}
	return s->keys[0].project.quota[BUCKET_SEARCHES].used;
}

static void a_day_uses_its_searches_to_the_end_and_never_more(void **state)
{
	static const size_t counts[] = {1, 10, 30, 95, 200};

	(void)state;
	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
		for (int64_t pages = 1; pages <= 4; pages += 3) {
			struct scene *s = scene_of(counts[c]);
			int64_t last = 0;
			int64_t polled = 0;
			int64_t used = a_day(s, pages, &last, &polled);

			print_message("%zu queries, %d pages each: %d searches\n", counts[c], (int)pages, (int)used);
			assert_in_range(used, 95, 100);
			assert_true(last > NOW + DAY - 2 * HOUR);
			if (pages == 1)
				assert_int_equal(polled, counts[c] < 100 ? (int64_t)counts[c] : used);
		}
}

static void the_forecast_adds_up_to_what_is_left(void **state)
{
	struct scene *s = scene_of(3);
	int64_t sum = 0;

	(void)state;
	s->queries[2].origin = ORIGIN_VISITOR;
	give_gap(s, 0, NOW - 3 * DAY, GAP_NOT_REACHED);
	budget_charge(&s->input, BUDGET_NEWEST, 1, &s->schedule);
	for (int category = BUDGET_ALL + 1; category < BUDGET_COUNT; category++)
		sum += s->schedule.of[category].planned;
	assert_int_equal(s->schedule.of[BUDGET_ALL].planned, 99);
	assert_in_range(sum, 95, 99);
	assert_true(s->schedule.of[BUDGET_VISITORS].planned > 0 && s->schedule.of[BUDGET_GAPS].planned > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tries_new_keys_with_one_unit_first),
	    cmocka_unit_test(counts_a_project_once_whatever_its_keys),
	    cmocka_unit_test(looks_up_what_waits_at_once_and_a_backlog_in_time),
	    cmocka_unit_test(a_lookup_follows_for_every_page_that_a_search_may_bring),
	    cmocka_unit_test(reads_from_where_it_is_covered_with_an_overlap),
	    cmocka_unit_test(the_window_reaches_down_to_a_video_that_is_known),
	    cmocka_unit_test(a_clock_that_was_set_back_asks_for_no_window_in_the_future),
	    cmocka_unit_test(queries_that_bring_more_have_their_turn_more_often),
	    cmocka_unit_test(polls_are_in_proportion_to_priorities),
	    cmocka_unit_test(half_a_share_is_a_share_by_priority),
	    cmocka_unit_test(a_query_that_waited_for_most_of_a_day_goes_first),
	    cmocka_unit_test(half_of_the_searches_belong_to_all_queries_alike),
	    cmocka_unit_test(what_failed_has_its_turn_though_others_are_always_short),
	    cmocka_unit_test(what_covers_nothing_does_not_go_first_again),
	    cmocka_unit_test(with_scarce_searches_full_pages_count),
	    cmocka_unit_test(what_fails_is_asked_after_longer_and_longer_pauses),
	    cmocka_unit_test(a_new_query_has_its_first_page_at_once),
	    cmocka_unit_test(new_queries_leave_half_of_the_day_to_the_others),
	    cmocka_unit_test(visitors_have_a_fifth_of_the_turns_the_longest_waiting_first),
	    cmocka_unit_test(gaps_of_a_pause_are_closed_before_what_lies_before_the_tracking),
	    cmocka_unit_test(what_lies_before_the_tracking_takes_little_from_the_newest),
	    cmocka_unit_test(gaps_wait_while_a_query_has_waited_too_long),
	    cmocka_unit_test(gaps_of_the_last_weeks_are_closed_before_older_ones),
	    cmocka_unit_test(searches_ask_for_windows_that_a_page_holds),
	    cmocka_unit_test(a_poll_that_was_cut_short_is_finished_first),
	    cmocka_unit_test(what_was_read_too_soon_is_read_again),
	    cmocka_unit_test(asks_nothing_without_searches_left),
	    cmocka_unit_test(waits_a_minute_after_the_reset),
	    cmocka_unit_test(what_was_not_used_does_not_add_up),
	    cmocka_unit_test(a_day_uses_its_searches_to_the_end_and_never_more),
	    cmocka_unit_test(the_forecast_adds_up_to_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
