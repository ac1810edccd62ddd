#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "store/changes/changes.h"
#include "store/coverage.h"
#include "store/queries.h"
#include "store/tracking/backfill.h"
#include "store/tracking/settings.h"
#include "store/upkeep/quarantine.h"
#include "store/upkeep/retention.h"
#include "tests/support/store_fixture.h"

enum { DAY = SECONDS_PER_DAY, TODAY = FIXTURE_NOW / DAY * DAY };

static const struct retention all = {0};
static const struct retention thirty_days = {.days = 30};

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

/* A video published DAYS ago. */
static int64_t save(struct store *store, const char *id, int64_t days)
{
	return fixture_save(store, id, "cats", "", "C", FIXTURE_NOW - days * DAY, SOURCE_DETAILS);
}

static void found(struct store *store, const char *id, int64_t days, int64_t query)
{
	fixture_match(store, query, save(store, id, days));
}

static void keep(struct store *store, int64_t query, int64_t days)
{
	struct query_settings settings = {.keep_days = days};
	struct error err;

	assert_true(store_query_set_settings(store, query, &settings, FIXTURE_NOW, &err));
}

static void remove_old(struct store *store, const struct retention *retention)
{
	struct error err;

	assert_true(store_retention_follow(store, retention, FIXTURE_NOW, &err));
	for (bool left = true; left;)
		assert_true(store_retention_remove(store, 2, &left, &err));
}

static bool has(struct store *store, const char *id)
{
	AUTO(video_clear) struct video video = {0};
	struct error err;

	return store_video_get(store, id, &video, &err);
}

static void nothing_is_removed_by_default(void **state)
{
	struct store *store = *state;
	int64_t before, after;
	struct error err;

	found(store, "aaaaaaaaaaA", 5000, fixture_query(store, "cats"));
	assert_true(store_generation(store, &before, &err));
	remove_old(store, &all);
	assert_true(has(store, "aaaaaaaaaaA"));
	assert_true(store_generation(store, &after, &err));
	assert_int_equal(before, after);
}

static void a_video_goes_when_no_query_keeps_it(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	int64_t dogs = fixture_query(store, "dogs");
	int64_t birds = fixture_query(store, "birds");

	keep(store, dogs, 365);
	keep(store, birds, QUERY_KEEP_ALL);
	found(store, "aaaaaaaaaaA", 29, cats);
	found(store, "aaaaaaaaaaE", 32, cats);
	found(store, "aaaaaaaaaaI", 33, cats);
	found(store, "aaaaaaaaaaM", 34, cats);
	found(store, "aaaaaaaaaaM", 34, dogs);
	found(store, "aaaaaaaaaaQ", 400, dogs);
	found(store, "aaaaaaaaaaU", 4000, birds);
	save(store, "aaaaaaaaaaY", 29); /* of an import */
	save(store, "aaaaaaaaaac", 32);
	remove_old(store, &thirty_days);
	assert_true(has(store, "aaaaaaaaaaA"));
	assert_false(has(store, "aaaaaaaaaaE"));
	assert_false(has(store, "aaaaaaaaaaI"));
	assert_true(has(store, "aaaaaaaaaaM"));
	assert_false(has(store, "aaaaaaaaaaQ"));
	assert_true(has(store, "aaaaaaaaaaU"));
	assert_true(has(store, "aaaaaaaaaaY"));
	assert_false(has(store, "aaaaaaaaaac"));
	/* A shorter time removes more, a longer one brings nothing back. */
	remove_old(store, &(struct retention){.days = 3});
	assert_false(has(store, "aaaaaaaaaaA"));
	assert_true(has(store, "aaaaaaaaaaM"));
	remove_old(store, &all);
	assert_int_equal(fixture_count(store, NULL, 0), 2);
	fixture_check(store);
}

static void what_a_visitor_asked_for_keeps_nothing(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	enum query_added added;
	struct error err;
	int64_t visitors;

	keep(store, cats, 10);
	assert_true(store_query_add(store, "dogs", ORIGIN_VISITOR, 5, FIXTURE_NOW, &visitors, &added, &err));
	found(store, "aaaaaaaaaaA", 12, cats);
	found(store, "aaaaaaaaaaA", 12, visitors);
	remove_old(store, &all);
	assert_false(has(store, "aaaaaaaaaaA"));
}

static void what_is_hidden_goes_too(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	int64_t dogs = fixture_query(store, "dogs");
	struct error err;
	int64_t hidden;
	bool left;

	keep(store, dogs, QUERY_KEEP_ALL);
	found(store, "aaaaaaaaaaA", 29, cats);
	found(store, "aaaaaaaaaaE", 32, cats);
	found(store, "aaaaaaaaaaI", 32, cats);
	found(store, "aaaaaaaaaaM", 33, cats);
	found(store, "aaaaaaaaaaM", 33, dogs);
	assert_true(store_quarantine_hide(store, FIXTURE_NOW + 1, 100, &hidden, &left, &err));
	assert_int_equal(hidden, 4);
	remove_old(store, &thirty_days);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine"), 2);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine WHERE id IN ('aaaaaaaaaaA', 'aaaaaaaaaaM')"), 2);
	fixture_check(store);
}

static void the_oldest_go_above_a_number_whatever_queries_say(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	char id[VIDEO_ID_SIZE];

	keep(store, cats, QUERY_KEEP_ALL);
	for (int i = 0; i < 20; i++) {
		snprintf(id, sizeof(id), "aaaaaaaa%02dA", i);
		found(store, id, i / 2, cats); /* two a day */
	}
	remove_old(store, &(struct retention){.videos = 20});
	assert_int_equal(fixture_count(store, NULL, 0), 20);
	remove_old(store, &(struct retention){.videos = 7});
	assert_int_equal(fixture_count(store, NULL, 0), 8); /* all of the last day */
	remove_old(store, &(struct retention){.videos = 7});
	assert_int_equal(fixture_count(store, NULL, 0), 8);
}

static void copies_are_told(void **state)
{
	struct store *store = *state;
	AUTO(change_page_clear) struct change_page page = {0};
	struct error err;

	found(store, "aaaaaaaaaaE", 32, fixture_query(store, "cats"));
	assert_true(store_changes_page(store, NULL, 10, &page, &err));
	struct change_place place = page.next;
	change_page_clear(&page);
	remove_old(store, &thirty_days);
	assert_true(store_changes_page(store, &place, 10, &page, &err));
	assert_int_equal(page.count, 1);
	assert_int_equal(page.changes[0].kind, CHANGE_GONE);
	assert_string_equal(page.changes[0].id, "aaaaaaaaaaE");
}

static void cover(struct store *store, int64_t query, int64_t since, int64_t until)
{
	AUTO(coverage_clear) struct coverage coverage = {0};
	const struct interval gap = {.since = since, .until = since + DAY, .reason = GAP_NOT_REACHED};
	const struct interval read = {.since = since + DAY, .until = until, .read_at = FIXTURE_NOW};
	struct error err;

	assert_true(coverage_set(&coverage, &gap, &err) && coverage_set(&coverage, &read, &err) &&
	            store_coverage_write(store, query, &coverage, FIXTURE_NOW, &err));
}

static void what_is_not_kept_is_not_covered(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	const struct quota_defaults quota = {{100, 10000}};
	AUTO(query_clear) struct query query = {0};
	struct backfill_estimate estimate;
	struct error err;

	cover(store, id, FIXTURE_NOW - 60 * DAY, FIXTURE_NOW);
	remove_old(store, &thirty_days);
	assert_true(store_query_get(store, id, FIXTURE_NOW, &query, &err));
	assert_int_equal(query.kept_since, TODAY - 30 * DAY);
	assert_int_equal(query.covered_since, TODAY - 30 * DAY);
	assert_int_equal(query.covered_until, FIXTURE_NOW);
	assert_int_equal(query.gaps_count, 0);
	assert_false(store_backfill_estimate(store, id, FIXTURE_NOW - 40 * DAY, &quota, FIXTURE_NOW, &estimate, &err));
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_string_equal(err.text, "since: videos from before 2026-10-23T00:00:00Z are not kept");
	/* A longer time does not claim what is gone, and lets it be searched again. */
	remove_old(store, &(struct retention){.days = 90});
	query_clear(&query);
	assert_true(store_query_get(store, id, FIXTURE_NOW, &query, &err));
	assert_int_equal(query.covered_since, TODAY - 30 * DAY);
	assert_true(store_backfill_estimate(store, id, FIXTURE_NOW - 40 * DAY, &quota, FIXTURE_NOW, &estimate, &err));
}

static void a_query_that_was_paused_for_long_begins_anew(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	AUTO(query_clear) struct query query = {0};
	struct error err;

	cover(store, id, FIXTURE_NOW - 60 * DAY, FIXTURE_NOW - 40 * DAY);
	remove_old(store, &thirty_days);
	assert_true(store_query_get(store, id, FIXTURE_NOW, &query, &err));
	assert_int_equal(query.covered_since, 0);
	assert_int_equal(query.covered_until, 0);
}

static void a_query_tells_what_it_keeps(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	struct error err;
	bool keeps;

	remove_old(store, &thirty_days);
	assert_true(store_query_keeps(store, id, TODAY - 30 * DAY, &keeps, &err));
	assert_true(keeps);
	assert_true(store_query_keeps(store, id, TODAY - 30 * DAY - 1, &keeps, &err));
	assert_false(keeps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(nothing_is_removed_by_default, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_video_goes_when_no_query_keeps_it, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_a_visitor_asked_for_keeps_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_hidden_goes_too, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_oldest_go_above_a_number_whatever_queries_say, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(copies_are_told, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_not_kept_is_not_covered, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_query_that_was_paused_for_long_begins_anew, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_query_tells_what_it_keeps, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
