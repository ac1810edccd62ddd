#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cron/plan.h"

enum { DAY = 86400, NOW = 1795341600, QUERIES_MAX = 1000 };

/* A key with its own project and 100 searches, 10,000 units a day, nothing used. */
static struct key good_key(int64_t id)
{
	return (struct key){.id = id,
	                    .project_id = id,
	                    .health = KEY_OK,
	                    .quota = {[BUCKET_SEARCHES] = {.limit = 100}, [BUCKET_UNITS] = {.limit = 10000}}};
}

/* A query that was polled before and is due. */
static struct query due_query(int64_t id)
{
	return (struct query){
	    .id = id, .origin = ORIGIN_OWNER, .attempted_at = NOW - 9000, .covered_until = NOW - 9000, .next_poll_at = NOW - 10};
}

/* Plans at twelve hours before the reset. */
static struct plan plan_of(struct query *queries, size_t query_count, struct key *keys, size_t key_count, int64_t unchecked)
{
	struct query_list query_list = {queries, query_count};
	struct key_list key_list = {keys, key_count};
	struct plan_input input = {.now = NOW,
	                           .day = NOW - DAY / 2,
	                           .reset = NOW + DAY / 2,
	                           .interval_s = 60,
	                           .start_days = 7,
	                           .unchecked = unchecked,
	                           .queries = &query_list,
	                           .keys = &key_list};
	struct plan plan = {0};
	struct error err;

	assert_true(plan_make(&input, &plan, &err));
	return plan;
}

static size_t count_kind(const struct plan *plan, enum call_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		count += plan->calls[i].kind == kind;
	return count;
}

static void tries_new_keys_with_one_unit_first(void **state)
{
	struct key keys[] = {good_key(1), good_key(2), good_key(3)};
	AUTO(plan_clear) struct plan plan = {0};

	(void)state;
	keys[1].health = KEY_NEW;
	keys[2].health = KEY_INVALID;
	plan = plan_of(NULL, 0, keys, 3, 0);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.calls[0].kind, CALL_TRY_KEY);
	assert_int_equal(plan.calls[0].key_id, 2);
}

static void polls_a_new_query_at_once_with_one_page(void **state)
{
	struct key keys[] = {good_key(1)};
	struct query queries[] = {{.id = 1, .origin = ORIGIN_OWNER}};
	AUTO(plan_clear) struct plan plan = plan_of(queries, 1, keys, 1, 0);

	(void)state;
	assert_int_equal(plan.calls[0].kind, CALL_SEARCH);
	assert_int_equal(plan.calls[0].query->id, 1);
	assert_int_equal(plan.calls[0].since, NOW - 7 * DAY);
	assert_int_equal(plan.calls[0].until, NOW);
	assert_int_equal(plan.calls[0].further_pages, 0);
}

static void polls_overlap_what_is_covered(void **state)
{
	struct key keys[] = {good_key(1)};
	struct query queries[] = {due_query(1)};
	AUTO(plan_clear) struct plan plan = plan_of(queries, 1, keys, 1, 0);

	(void)state;
	assert_int_equal(count_kind(&plan, CALL_SEARCH), 1);
	assert_int_equal(plan.calls[0].since, NOW - 9000 - PLAN_OVERLAP_S);
	assert_int_equal(plan.calls[0].further_pages, PLAN_FURTHER_PAGES);
	/* 100 searches left for half a day, four fifths of them for polls: one every nine minutes. */
	assert_int_equal(plan.calls[0].next_poll_at, NOW + DAY / 2 / 80);
}

static void leaves_alone_what_is_not_due(void **state)
{
	struct key keys[] = {good_key(1)};
	struct query queries[] = {due_query(1)};
	AUTO(plan_clear) struct plan plan = {0};

	(void)state;
	queries[0].next_poll_at = NOW + 1;
	plan = plan_of(queries, 1, keys, 1, 0);
	assert_int_equal(plan.count, 0);
}

static void spreads_the_polls_of_many_queries_over_the_day(void **state)
{
	static struct query queries[QUERIES_MAX];
	struct key keys[] = {good_key(1)};
	AUTO(plan_clear) struct plan plan = {0};

	(void)state;
	for (int i = 0; i < QUERIES_MAX; i++) {
		queries[i] = due_query(i + 1);
		queries[i].next_poll_at = NOW - i;
	}
	plan = plan_of(queries, QUERIES_MAX, keys, 1, 0);
	/* All are due, but the searches have to last: this minute has one of them, and the longest waiting gets it. */
	assert_int_equal(count_kind(&plan, CALL_SEARCH), 1);
	assert_int_equal(plan.calls[0].query->id, QUERIES_MAX);
}

static void asks_nothing_without_searches_left(void **state)
{
	struct key keys[] = {good_key(1), good_key(2)};
	struct query queries[] = {due_query(1), {.id = 2, .origin = ORIGIN_OWNER}, {.id = 3, .origin = ORIGIN_VISITOR}};
	AUTO(plan_clear) struct plan plan = {0};

	(void)state;
	keys[0].quota[BUCKET_SEARCHES].used = 100;
	keys[1].quota[BUCKET_SEARCHES].spent_until = NOW + 1;
	plan = plan_of(queries, 3, keys, 2, 0);
	assert_int_equal(count_kind(&plan, CALL_SEARCH), 0);
}

static void counts_a_project_once_whatever_its_keys(void **state)
{
	struct key keys[] = {good_key(1), good_key(2), good_key(3)};
	struct key_list list = {keys, 3};

	(void)state;
	keys[1].project_id = 1;
	keys[0].presence = PRESENCE_PAUSED_BY_OWNER; /* its project is still reached through key 2 */
	assert_int_equal(plan_left(&list, BUCKET_SEARCHES, NOW), 200);
}

static void waits_a_minute_after_the_reset(void **state)
{
	struct key keys[] = {good_key(1)};
	struct query queries[] = {due_query(1)};
	struct query_list query_list = {queries, 1};
	struct key_list key_list = {keys, 1};
	struct plan_input input = {
	    .now = NOW, .day = NOW - 59, .reset = NOW + DAY, .interval_s = 60, .queries = &query_list, .keys = &key_list};
	struct error err;

	(void)state;
	for (int64_t seconds = 59; seconds <= 60; seconds++) {
		AUTO(plan_clear) struct plan plan = {0};

		input.day = NOW - seconds;
		assert_true(plan_make(&input, &plan, &err));
		assert_int_equal(count_kind(&plan, CALL_SEARCH), seconds == 60);
	}
}

static void gives_visitors_one_page_at_a_time(void **state)
{
	struct key keys[] = {good_key(1)};
	struct query queries[] = {{.id = 1, .origin = ORIGIN_VISITOR}, {.id = 2, .origin = ORIGIN_VISITOR}};
	AUTO(plan_clear) struct plan plan = plan_of(queries, 2, keys, 1, 0);
	AUTO(plan_clear) struct plan later = {0};

	(void)state;
	assert_int_equal(count_kind(&plan, CALL_SEARCH), 1);
	assert_int_equal(plan.calls[0].query->id, 1);
	assert_int_equal(plan.calls[0].further_pages, 0);
	/* The other one waits until a fifth of the searches allows it: one every 36 minutes. */
	queries[0].attempted_at = NOW - DAY / 2 / 20 + 1;
	later = plan_of(queries, 2, keys, 1, 0);
	assert_int_equal(count_kind(&later, CALL_SEARCH), 0);
}

static void looks_again_at_new_videos_at_once_and_at_a_backlog_in_time(void **state)
{
	struct key keys[] = {good_key(1)};
	AUTO(plan_clear) struct plan few = plan_of(NULL, 0, keys, 1, 51);
	AUTO(plan_clear) struct plan many = plan_of(NULL, 0, keys, 1, 100000);

	(void)state;
	assert_int_equal(count_kind(&few, CALL_DETAILS), 2);
	/* 10,000 units for 720 minutes */
	assert_int_equal(count_kind(&many, CALL_DETAILS), 1 + 10000 / 720);
}

/* A day of ticks, each poll one search: the searches last until the end and are used. */
static void a_day_of_polls_stays_within_the_quota(void **state)
{
	static struct query queries[QUERIES_MAX];
	static const size_t counts[] = {1, 10, 30, QUERIES_MAX};
	struct error err;

	(void)state;
	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
		struct key keys[] = {good_key(1)};
		struct query_list query_list = {queries, counts[c]};
		struct key_list key_list = {keys, 1};
		struct plan_input input = {
		    .day = NOW, .reset = NOW + DAY, .interval_s = 60, .queries = &query_list, .keys = &key_list};
		int64_t last = 0;

		for (size_t i = 0; i < counts[c]; i++) {
			queries[i] = due_query((int64_t)i + 1);
			queries[i].next_poll_at = NOW;
		}
		for (input.now = NOW; input.now < NOW + DAY; input.now += 60) {
			AUTO(plan_clear) struct plan plan = {0};

			assert_true(plan_make(&input, &plan, &err));
			for (size_t i = 0; i < plan.count; i++) {
				if (plan.calls[i].kind != CALL_SEARCH)
					continue;
				queries[plan.calls[i].query->id - 1].next_poll_at = plan.calls[i].next_poll_at;
				queries[plan.calls[i].query->id - 1].attempted_at = input.now;
				keys[0].quota[BUCKET_SEARCHES].used++;
				last = input.now;
			}
		}
		print_message("%zu queries: %d searches used\n", counts[c], (int)keys[0].quota[BUCKET_SEARCHES].used);
		assert_in_range(keys[0].quota[BUCKET_SEARCHES].used, 75, 100);
		assert_true(last > NOW + DAY - 3600);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tries_new_keys_with_one_unit_first),
	    cmocka_unit_test(polls_a_new_query_at_once_with_one_page),
	    cmocka_unit_test(polls_overlap_what_is_covered),
	    cmocka_unit_test(leaves_alone_what_is_not_due),
	    cmocka_unit_test(spreads_the_polls_of_many_queries_over_the_day),
	    cmocka_unit_test(asks_nothing_without_searches_left),
	    cmocka_unit_test(counts_a_project_once_whatever_its_keys),
	    cmocka_unit_test(waits_a_minute_after_the_reset),
	    cmocka_unit_test(gives_visitors_one_page_at_a_time),
	    cmocka_unit_test(looks_again_at_new_videos_at_once_and_at_a_backlog_in_time),
	    cmocka_unit_test(a_day_of_polls_stays_within_the_quota),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
