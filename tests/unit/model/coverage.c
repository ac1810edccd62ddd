#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "model/coverage.h"

enum { HOUR = 3600, NOW = 1795341600 };

static void set(struct coverage *coverage, int64_t since, int64_t until, int64_t read_at)
{
	struct interval interval = {.since = since,
	                            .until = until,
	                            .read_at = read_at,
	                            .reason = read_at ? GAP_NONE : GAP_BEFORE_TRACKING};
	struct error err;

	assert_true(coverage_set(coverage, &interval, &err));
}

static void assert_in_order(const struct coverage *coverage)
{
	for (size_t i = 0; i < coverage->count; i++) {
		assert_true(coverage->items[i].since < coverage->items[i].until);
		assert_true(i == 0 || coverage->items[i - 1].until == coverage->items[i].since);
		assert_int_equal(coverage->items[i].read_at == 0, coverage->items[i].reason != GAP_NONE);
	}
}

static void a_reading_replaces_what_was_said(void **state)
{
	AUTO(coverage_clear) struct coverage c = {0};

	(void)state;
	set(&c, 100, 200, 0);
	set(&c, 120, 150, 7);
	assert_int_equal(c.count, 3);
	assert_int_equal(coverage_missing(&c, 0, 1000), 70);
	assert_int_equal(coverage_missing(&c, 140, 160), 10);
	set(&c, 90, 130, 8);
	set(&c, 140, 210, 9);
	assert_int_equal(coverage_missing(&c, 0, 1000), 0);
	assert_int_equal(coverage_since(&c), 90);
	assert_int_equal(coverage_until(&c), 210);
	assert_in_order(&c);
}

static void a_hole_is_a_gap(void **state)
{
	AUTO(coverage_clear) struct coverage c = {0};

	(void)state;
	set(&c, 100, 200, 1);
	set(&c, 300, 400, 2);
	set(&c, 10, 20, 3);
	assert_int_equal(c.count, 5);
	assert_int_equal(coverage_missing(&c, 0, 1000), 180);
	assert_int_equal(c.items[1].reason, GAP_NOT_REACHED);
	assert_in_order(&c);
}

static void an_empty_stretch_changes_nothing(void **state)
{
	AUTO(coverage_clear) struct coverage c = {0};

	(void)state;
	set(&c, 100, 100, 1);
	set(&c, 100, 50, 1);
	assert_int_equal(c.count, 0);
	assert_int_equal(coverage_until(&c), 0);
}

static void settled_readings_are_joined_and_gaps_kept(void **state)
{
	AUTO(coverage_clear) struct coverage c = {0};

	(void)state;
	set(&c, NOW - 100 * HOUR, NOW - 90 * HOUR, NOW - 80 * HOUR);
	set(&c, NOW - 90 * HOUR, NOW - 85 * HOUR, NOW - 70 * HOUR);
	set(&c, NOW - 85 * HOUR, NOW - 80 * HOUR, 0);
	set(&c, NOW - 80 * HOUR, NOW - 2 * HOUR, NOW - 2 * HOUR);
	set(&c, NOW - 2 * HOUR, NOW, NOW);
	coverage_compact(&c, NOW);
	assert_int_equal(c.count, 4);
	assert_int_equal(c.items[0].read_at, NOW - 80 * HOUR);
	assert_int_equal(coverage_missing(&c, 0, NOW), 5 * HOUR);
	assert_in_order(&c);
}

static void too_many_gaps_become_fewer_and_claim_nothing(void **state)
{
	AUTO(coverage_clear) struct coverage c = {0};
	int64_t missing = 0;
	size_t gaps = 0;

	(void)state;
	for (int64_t i = 0; i < 300; i++) {
		set(&c, NOW + 2 * i * HOUR, NOW + (2 * i + 1) * HOUR, 0);
		set(&c, NOW + (2 * i + 1) * HOUR, NOW + (2 * i + 2) * HOUR, NOW);
	}
	missing = coverage_missing(&c, 0, INT64_MAX);
	coverage_compact(&c, NOW);
	for (size_t i = 0; i < c.count; i++)
		gaps += c.items[i].read_at == 0;
	assert_int_equal(gaps, COVERAGE_GAPS_MAX);
	assert_true(coverage_missing(&c, 0, INT64_MAX) >= missing);
	assert_in_order(&c);
}

/* Against a map of seconds: whatever comes, what is called read was read. */
static void random_readings_agree_with_a_map(void **state)
{
	enum { SECONDS = 200, STEPS = 2000 };
	unsigned seed = (unsigned)time(NULL);
	bool read[SECONDS] = {false};
	AUTO(coverage_clear) struct coverage c = {0};

	(void)state;
	print_message("seed %u\n", seed);
	srand(seed);
	for (int step = 0; step < STEPS; step++) {
		int64_t since = rand() % SECONDS;
		int64_t until = since + rand() % (SECONDS - since + 1);
		bool now = rand() % 3 > 0;

		set(&c, since, until, now ? step + 1 : 0);
		for (int64_t i = since; i < until; i++)
			read[i] = now;
		assert_in_order(&c);
		for (int64_t i = coverage_since(&c); i < coverage_until(&c); i++)
			assert_int_equal(coverage_missing(&c, i, i + 1), !read[i]);
	}
}

/* ---- estimates ---- */

static struct interval reading(const struct coverage *before, int64_t since, int64_t until, double per_day)
{
	struct interval read = {.since = since, .until = until, .read_at = NOW};

	coverage_estimate(before, per_day, &read);
	return read;
}

static void what_is_read_at_once_is_mostly_not_confirmed(void **state)
{
	AUTO(coverage_clear) struct coverage none = {0};
	struct interval fresh = reading(&none, NOW - 300, NOW, 288);
	struct interval old = reading(&none, NOW - 60 * HOUR, NOW - 50 * HOUR, 240);

	(void)state;
	assert_true(fresh.unseen > 0.8 && fresh.unseen < 1); /* of one video */
	assert_true(old.unseen == 0);
	assert_float_equal(old.read_once, 100, 0.001);
}

static void a_second_look_hours_later_confirms(void **state)
{
	AUTO(coverage_clear) struct coverage c = {0};
	struct error err;

	(void)state;
	for (int64_t hours = 40; hours > 0; hours -= 10) {
		struct interval read = {.since = NOW - hours * HOUR,
		                        .until = NOW - (hours - 10) * HOUR,
		                        .read_at = NOW - (hours - 10) * HOUR};

		coverage_estimate(&c, 240, &read);
		assert_true(coverage_set(&c, &read, &err));
	}
	assert_float_equal(coverage_read_once(&c, 0, NOW), 400, 0.001);
	double before = coverage_unseen(&c, 0, NOW);
	struct interval again = reading(&c, NOW - 20 * HOUR, NOW, 240);
	/* What is younger than six hours may be omitted still. */
	assert_float_equal(again.read_once, 60, 0.001);
	assert_true(coverage_set(&c, &again, &err));
	assert_float_equal(coverage_read_once(&c, 0, NOW), 260, 0.001);
	assert_true(coverage_unseen(&c, 0, NOW) < before);
}

static void estimates_survive_cuts_and_joins(void **state)
{
	AUTO(coverage_clear) struct coverage c = {0};
	struct interval read = reading(&c, NOW - 40 * HOUR, NOW, 240);
	struct interval gap = {.since = NOW - 10 * HOUR, .until = NOW - 10 * HOUR + 1, .reason = GAP_INTERRUPTED};
	struct error err;

	(void)state;
	assert_true(coverage_set(&c, &read, &err));
	assert_true(coverage_set(&c, &gap, &err));
	assert_int_equal(c.count, 3);
	assert_true(c.items[0].unseen < c.items[2].unseen); /* the newest part has most of them */
	assert_float_equal(coverage_unseen(&c, 0, NOW), read.unseen, 0.01);
	assert_float_equal(coverage_read_once(&c, 0, NOW), 400, 0.01);
	gap.read_at = NOW;
	gap.reason = GAP_NONE;
	assert_true(coverage_set(&c, &gap, &err));
	coverage_compact(&c, NOW);
	assert_int_equal(c.count, 1);
	assert_float_equal(c.items[0].unseen, read.unseen, 0.01);
	assert_float_equal(c.items[0].read_once, 400, 0.01);
}

static void what_is_cut_off_was_a_gap_or_older_than_one(void **state)
{
	AUTO(coverage_clear) struct coverage c = {0};
	struct interval gap = {.since = 100, .until = 300, .reason = GAP_BEFORE_TRACKING};
	struct error err;

	(void)state;
	coverage_cut_gaps(&c, 500);
	set(&c, 300, 1000, NOW);
	coverage_cut_gaps(&c, 500);
	assert_int_equal(coverage_since(&c), 300);
	assert_true(coverage_set(&c, &gap, &err));
	set(&c, 100, 200, NOW);
	/* A gap that goes on above is kept from there on. */
	coverage_cut_gaps(&c, 250);
	assert_int_equal(coverage_since(&c), 250);
	assert_int_equal(coverage_missing(&c, 0, 1000), 50);
	coverage_cut_gaps(&c, 300);
	assert_int_equal(coverage_since(&c), 300);
	assert_int_equal(coverage_missing(&c, 0, 1000), 0);
	assert_int_equal(coverage_until(&c), 1000);
}

static void what_is_not_covered_is_told_in_order(void **state)
{
	AUTO(coverage_clear) struct coverage c = {0};
	AUTO(coverage_clear) struct coverage nothing = {0};
	AUTO(coverage_clear) struct coverage out = {0};
	AUTO(coverage_clear) struct coverage inside = {0};
	AUTO(coverage_clear) struct coverage all = {0};
	struct error err;

	(void)state;
	assert_true(coverage_set(&c, &(struct interval){.since = 100, .until = 200, .read_at = 1}, &err));
	assert_true(coverage_set(&c, &(struct interval){.since = 200, .until = 250, .reason = GAP_INTERRUPTED}, &err));
	assert_true(coverage_set(&c, &(struct interval){.since = 250, .until = 260, .reason = GAP_DOUBTED}, &err));
	assert_true(coverage_set(&c, &(struct interval){.since = 260, .until = 400, .read_at = 1}, &err));
	assert_true(coverage_uncovered(&c, 50, 500, &out, &err));
	assert_int_equal(out.count, 3);
	assert_true(out.items[0].since == 50 && out.items[0].until == 100);
	assert_true(out.items[1].since == 200 && out.items[1].until == 260);
	assert_true(out.items[2].since == 400 && out.items[2].until == 500);
	assert_true(coverage_uncovered(&c, 210, 220, &inside, &err));
	assert_true(inside.count == 1 && inside.items[0].since == 210 && inside.items[0].until == 220);
	assert_true(coverage_uncovered(&nothing, 1, 2, &all, &err));
	assert_true(all.count == 1 && all.items[0].since == 1 && all.items[0].until == 2);
}

static void what_is_no_longer_kept_is_cut_off(void **state)
{
	AUTO(coverage_clear) struct coverage c = {0};

	(void)state;
	coverage_cut(&c, 500);
	set(&c, 100, 300, 0);
	set(&c, 300, 1000, NOW);
	coverage_cut(&c, 200);
	assert_int_equal(coverage_since(&c), 200);
	assert_int_equal(coverage_missing(&c, 0, 1000), 100);
	coverage_cut(&c, 400);
	assert_int_equal(coverage_since(&c), 400);
	assert_int_equal(coverage_until(&c), 1000);
	assert_in_order(&c);
	coverage_cut(&c, 1000);
	assert_int_equal(c.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_reading_replaces_what_was_said),
	    cmocka_unit_test(a_hole_is_a_gap),
	    cmocka_unit_test(an_empty_stretch_changes_nothing),
	    cmocka_unit_test(settled_readings_are_joined_and_gaps_kept),
	    cmocka_unit_test(too_many_gaps_become_fewer_and_claim_nothing),
	    cmocka_unit_test(random_readings_agree_with_a_map),
	    cmocka_unit_test(what_is_read_at_once_is_mostly_not_confirmed),
	    cmocka_unit_test(a_second_look_hours_later_confirms),
	    cmocka_unit_test(estimates_survive_cuts_and_joins),
	    cmocka_unit_test(what_is_cut_off_was_a_gap_or_older_than_one),
	    cmocka_unit_test(what_is_not_covered_is_told_in_order),
	    cmocka_unit_test(what_is_no_longer_kept_is_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
