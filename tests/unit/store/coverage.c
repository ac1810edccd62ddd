#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/coverage.h"
#include "store/runs.h"
#include "store/queries.h"
#include "tests/support/store_fixture.h"

static int set_up(void **state)
{
	*state = fixture_store();
	return 0;
}

static int tear_down(void **state)
{
	struct store *store = *state;

	store_close(&store);
	return 0;
}

static struct query get(struct store *store, int64_t id)
{
	struct query query = {0};
	struct error err;

	assert_true(store_query_get(store, id, FIXTURE_NOW, &query, &err));
	return query;
}

static void coverage_is_written_and_its_gaps_are_read_newest_first(void **state)
{
	static const struct interval intervals[] = {
	    {.since = 300, .until = 500, .read_at = 900},
	    {.since = 100, .until = 300, .reason = GAP_BEFORE_TRACKING},
	    {.since = 700, .until = 800, .read_at = 950},
	};
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	AUTO(coverage_clear) struct coverage coverage = {0};
	AUTO(coverage_clear) struct coverage back = {0};
	struct error err;

	for (size_t i = 0; i < sizeof(intervals) / sizeof(intervals[0]); i++)
		assert_true(coverage_set(&coverage, &intervals[i], &err));
	assert_true(store_coverage_write(store, id, &coverage, 1000, &err));
	assert_true(store_coverage_read(store, id, &back, &err));
	assert_int_equal(back.count, 4);
	AUTO(query_clear) struct query query = get(store, id);
	assert_int_equal(query.covered_since, 100);
	assert_int_equal(query.covered_until, 800);
	assert_int_equal(query.gaps_count, 2);
	assert_int_equal(query.missing_s, 400);
	assert_int_equal(query.gaps.count, 2);
	assert_int_equal(query.gaps.items[0].since, 500);
	assert_int_equal(query.gaps.items[0].reason, GAP_NOT_REACHED);
	assert_int_equal(query.gaps.items[1].reason, GAP_BEFORE_TRACKING);
}

/* COUNT gaps of a minute each, the oldest at 0, before what was read at their end. */
static void write_gaps(struct store *store, int64_t id, int64_t count)
{
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct error err;

	for (int64_t i = 0; i < count; i++) {
		const struct interval gap = {.since = i * 7200, .until = i * 7200 + 60, .reason = GAP_INTERRUPTED};
		const struct interval read = {.since = gap.until, .until = gap.since + 7200, .read_at = FIXTURE_NOW};

		assert_true(coverage_set(&coverage, &gap, &err) && coverage_set(&coverage, &read, &err));
	}
	assert_true(store_coverage_write(store, id, &coverage, FIXTURE_NOW, &err));
}

static void a_reader_gets_the_newest_gaps_and_their_number(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	AUTO(coverage_clear) struct coverage rest = {0};
	struct error err;

	write_gaps(store, id, 25);
	AUTO(query_clear) struct query query = get(store, id);
	assert_int_equal(query.gaps_count, 25);
	assert_int_equal(query.missing_s, 25 * 60);
	assert_int_equal(query.gaps.count, QUERY_GAPS_SHOWN);
	assert_int_equal(query.gaps.items[0].since, 24 * 7200);
	assert_true(store_gaps_list(store, id, 10, 20, &rest, &err));
	assert_int_equal(rest.count, 5);
	assert_int_equal(rest.items[4].since, 0);
	assert_true(store_check(store, &err));
	write_gaps(store, id, 1);
	query_clear(&query);
	query = get(store, id);
	assert_int_equal(query.gaps_count, 1);
	assert_int_equal(query.missing_s, 60);
}

/* The planner needs all of them, other readers none. */
static void lists_come_without_gaps_but_for_the_planner(void **state)
{
	struct store *store = *state;
	AUTO(query_list_clear) struct query_list shown = {0};
	AUTO(query_list_clear) struct query_list planned = {0};
	struct error err;

	write_gaps(store, fixture_query(store, "cats"), 25);
	assert_true(store_queries_list(store, QUERIES_PUBLIC, FIXTURE_NOW, &shown, &err));
	assert_int_equal(shown.items[0].gaps_count, 25);
	assert_int_equal(shown.items[0].gaps.count, 0);
	assert_true(store_queries_read_gaps(store, shown.items, shown.count, &err));
	assert_int_equal(shown.items[0].gaps.count, QUERY_GAPS_SHOWN);
	assert_true(store_queries_list(store, QUERIES_ACTIVE, FIXTURE_NOW, &planned, &err));
	assert_int_equal(planned.items[0].gaps.count, 25);
}

static void failures_are_counted_until_it_goes_well(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	struct error err;

	for (int i = 1; i <= 3; i++) {
		AUTO(query_clear) struct query query = {0};

		assert_true(store_query_polled(store, &(struct poll){.query_id = id, .at = i, .error = "no answer"}, &err));
		assert_true(store_query_get(store, id, FIXTURE_NOW, &query, &err));
		assert_int_equal(query.failures, i);
		assert_string_equal(query.error, "no answer");
		assert_int_equal(query.succeeded_at, 0);
	}
	assert_true(store_query_polled(store, &(struct poll){.query_id = id, .at = 9}, &err));
	AUTO(query_clear) struct query query = {0};
	assert_true(store_query_get(store, id, FIXTURE_NOW, &query, &err));
	assert_int_equal(query.failures, 0);
	assert_null(query.error);
}

static void polls_teach_the_rate_and_count_empty_answers(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	struct error err;

	assert_true(store_query_polled(store, &(struct poll){.query_id = id, .at = 5, .rate = 12.5}, &err));
	assert_true(store_query_polled(store, &(struct poll){.query_id = id, .at = 6, .empty = true}, &err));
	AUTO(query_clear) struct query empty = get(store, id);
	assert_float_equal(empty.rate, 12.5, 0);
	assert_int_equal(empty.empties, 1);
	assert_true(store_query_polled(store, &(struct poll){.query_id = id, .at = 7, .rate = 3}, &err));
	AUTO(query_clear) struct query full = get(store, id);
	assert_float_equal(full.rate, 3, 0);
	assert_int_equal(full.empties, 0);
}

static void a_search_that_is_no_poll_leaves_the_turn_alone(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	struct error err;

	assert_true(store_query_polled(store, &(struct poll){.query_id = id, .at = 5}, &err));
	assert_true(store_query_searched(store, &(struct poll){.query_id = id, .at = 9, .error = "no answer"}, &err));
	AUTO(query_clear) struct query query = get(store, id);
	assert_int_equal(query.attempted_at, 5);
	assert_int_equal(query.succeeded_at, 5);
	assert_string_equal(query.error, "no answer");
}

static void empty_answers_in_a_row_are_those_of_polls(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	struct error err;

	assert_true(store_query_polled(store, &(struct poll){.query_id = id, .at = 5, .empty = true}, &err));
	assert_true(store_query_searched(store, &(struct poll){.query_id = id, .at = 6}, &err));
	AUTO(query_clear) struct query query = get(store, id);
	assert_int_equal(query.empties, 1);
}

static void what_is_not_confirmed_is_kept_with_the_share_that_searches_omit(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	const struct interval read = {.since = 100, .until = 500, .read_at = 900, .unseen = 2.5, .read_once = 100};
	AUTO(coverage_clear) struct coverage coverage = {0};
	AUTO(coverage_clear) struct coverage back = {0};
	struct error err;

	assert_true(coverage_set(&coverage, &read, &err) && store_coverage_write(store, id, &coverage, 1000, &err));
	assert_true(store_coverage_read(store, id, &back, &err));
	assert_float_equal(back.items[0].unseen, 2.5, 0.001);
	assert_float_equal(back.items[0].read_once, 100, 0.001);
	AUTO(query_clear) struct query plain = get(store, id);
	assert_float_equal(plain.unconfirmed, 2.5, 0.001);
	assert_true(store_omitted_learn(store, 0.2, 600, &err)); /* half of it is believed */
	AUTO(query_clear) struct query omitting = get(store, id);
	assert_float_equal(omitting.unconfirmed, 12.5, 0.001);
	for (int i = 0; i < 20; i++)
		assert_true(store_omitted_learn(store, -0.1, 600, &err)); /* by chance: there is no less than none */
	AUTO(query_clear) struct query again = get(store, id);
	assert_float_equal(again.unconfirmed, 2.5, 0.001);
}

static void doubts_are_kept_for_a_day_or_two(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	struct error err;

	assert_true(store_query_polled(
	    store,
	    &(struct poll){.query_id = id, .at = FIXTURE_NOW - 86400, .error = "no answer", .doubted = {[DOUBT_WINDOW] = true}},
	    &err));
	assert_true(store_query_searched(
	    store, &(struct poll){.query_id = id, .at = FIXTURE_NOW - 3 * 86400, .doubted = {[DOUBT_ORDER] = true}}, &err));
	AUTO(query_clear) struct query query = get(store, id);
	assert_int_equal(query.doubted_at[DOUBT_WINDOW], FIXTURE_NOW - 86400);
	assert_int_equal(query.doubted_at[DOUBT_ORDER], 0);
	assert_true(query_is_doubted(&query));
	/* An answer without doubt does not end them. */
	assert_true(store_query_polled(store, &(struct poll){.query_id = id, .at = FIXTURE_NOW}, &err));
	AUTO(query_clear) struct query later = get(store, id);
	assert_int_equal(later.doubted_at[DOUBT_WINDOW], FIXTURE_NOW - 86400);
}

static void the_pace_is_kept_for_its_day(void **state)
{
	struct store *store = *state;
	struct schedule_table table = {0};
	struct schedule_table back;
	struct error err;

	assert_true(store_schedule_read(store, 1000, &back, &err));
	assert_int_equal(back.of[BUDGET_ALL].next_ms, 0);
	table.of[BUDGET_GAPS] = (struct schedule){.next_ms = 77, .searches = 5, .planned = 9};
	assert_true(store_schedule_write(store, 1000, &table, &err));
	assert_true(store_schedule_read(store, 1000, &back, &err));
	assert_int_equal(back.of[BUDGET_GAPS].searches, 5);
	assert_int_equal(back.of[BUDGET_GAPS].planned, 9);
	assert_true(store_schedule_read(store, 2000, &back, &err));
	assert_int_equal(back.of[BUDGET_GAPS].searches, 0);
	assert_int_equal(back.of[BUDGET_GAPS].next_ms, 77);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(coverage_is_written_and_its_gaps_are_read_newest_first),
	    CASE(a_reader_gets_the_newest_gaps_and_their_number),
	    CASE(lists_come_without_gaps_but_for_the_planner),
	    CASE(failures_are_counted_until_it_goes_well),
	    CASE(polls_teach_the_rate_and_count_empty_answers),
	    CASE(a_search_that_is_no_poll_leaves_the_turn_alone),
	    CASE(empty_answers_in_a_row_are_those_of_polls),
	    CASE(what_is_not_confirmed_is_kept_with_the_share_that_searches_omit),
	    CASE(doubts_are_kept_for_a_day_or_two),
	    CASE(the_pace_is_kept_for_its_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
