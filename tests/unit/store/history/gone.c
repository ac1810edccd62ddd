/* Videos that are gone, by query; and what share of a day's videos is still there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/changes/changes.h"
#include "store/hidden/hidden.h"
#include "store/history/attrition.h"
#include "store/history/gone.h"
#include "store/matches.h"
#include "store/queries.h"
#include "store/upkeep/quarantine.h"
#include "store/upkeep/refresh.h"
#include "tests/support/store_fixture.h"

enum { DAY = 86400 };

enum { AFTER_1, AFTER_7, AFTER_30, AFTER_90 };

static int set_up(void **state)
{
	*state = fixture_store();
	return 0;
}

static int tear_down(void **state)
{
	struct store *store = *state;

	fixture_check(store);
	store_close(&store);
	return 0;
}

/* A video that the query finds at FIXTURE_NOW. */
static void find(struct store *store, int64_t query, const char *id)
{
	fixture_match(store, query, fixture_save(store, id, "cats", "", "C", FIXTURE_NOW, SOURCE_SEARCH));
}

/* videos.list gives it. */
static void look_up(struct store *store, const char *id, int64_t now)
{
	char title[] = "cats";
	struct video video = {
	    .title = title, .published_at = FIXTURE_NOW, .duration_s = 1, .views = 1, .likes = 1, .comments = 1};
	enum video_saved saved;
	struct error err;

	strncpy(video.id, id, sizeof(video.id) - 1);
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, now, &saved, NULL, &err));
}

/* It lacks it, and does so again a day later. */
static void lose(struct store *store, const char *id, int64_t now)
{
	struct error err;
	bool gone;

	assert_true(store_video_missing(store, id, now, &gone, &err));
	assert_false(gone);
	assert_true(store_video_missing(store, id, now + DAY, &gone, &err));
	assert_true(gone);
}

static int64_t count_gone(struct store *store, const struct gone_filter *filter)
{
	struct error err;
	int64_t count;

	assert_true(store_gone_count(store, filter, &count, &err));
	return count;
}

static struct attrition sum(struct store *store, int64_t query)
{
	struct attrition sum;
	struct error err;

	assert_true(store_attrition_sum(store, query, &sum, &err));
	return sum;
}

static void expect(const struct attrition *attrition, size_t age, int64_t there, int64_t gone, int64_t undated)
{
	assert_int_equal(attrition->after[age].there, there);
	assert_int_equal(attrition->after[age].gone, gone);
	assert_int_equal(attrition->after[age].undated, undated);
}

static void what_is_gone_keeps_its_times_and_queries(void **state)
{
	struct store *store = *state;
	AUTO(gone_list_clear) struct gone_list list = {0};
	int64_t cats = fixture_query(store, "cats");
	int64_t dogs = fixture_query(store, "dogs");
	struct error err;

	find(store, cats, "aaaaaaaaaaA");
	find(store, cats, "bbbbbbbbbbB");
	find(store, dogs, "bbbbbbbbbbB");
	look_up(store, "bbbbbbbbbbB", FIXTURE_NOW + 60);
	lose(store, "bbbbbbbbbbB", FIXTURE_NOW + DAY);
	lose(store, "aaaaaaaaaaA", FIXTURE_NOW + 2 * DAY);
	assert_true(store_gone_list(store, &(struct gone_filter){0}, NULL, 10, 0, &list, &err));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].id, "aaaaaaaaaaA");
	assert_int_equal(list.items[0].checked_at, 0);
	const struct gone_video *b = &list.items[1];
	assert_int_equal(b->checked_at, FIXTURE_NOW + 60);
	assert_int_equal(b->missing_at, FIXTURE_NOW + DAY);
	assert_int_equal(b->gone_at, FIXTURE_NOW + 2 * DAY);
	assert_int_equal(b->query_count, 2);
	assert_string_equal(b->queries[1].text, "dogs");
	assert_int_equal(count_gone(store, &(struct gone_filter){.query_id = dogs}), 1);
	assert_int_equal(count_gone(store, &(struct gone_filter){.since = FIXTURE_NOW + 3 * DAY}), 1);
	assert_int_equal(count_gone(store, &(struct gone_filter){.query_id = cats, .until = FIXTURE_NOW + 3 * DAY}), 1);
	assert_int_equal(count_gone(store, &(struct gone_filter){.published_after = FIXTURE_NOW + 1}), 0);
}

static void the_last_change_is_when_one_was_found_gone(void **state)
{
	struct store *store = *state;
	int64_t changed_at;
	struct error err;

	assert_true(store_changed_at(store, &changed_at, &err));
	assert_int_equal(changed_at, 0);
	find(store, fixture_query(store, "cats"), "aaaaaaaaaaA");
	assert_true(store_changed_at(store, &changed_at, &err));
	assert_int_equal(changed_at, FIXTURE_NOW);
	lose(store, "aaaaaaaaaaA", FIXTURE_NOW + DAY);
	assert_true(store_changed_at(store, &changed_at, &err));
	assert_int_equal(changed_at, FIXTURE_NOW + 2 * DAY);
}

static void a_list_goes_on_from_a_place(void **state)
{
	struct store *store = *state;
	AUTO(gone_list_clear) struct gone_list rest = {0};
	int64_t query = fixture_query(store, "cats");
	struct error err;

	find(store, query, "aaaaaaaaaaA");
	find(store, query, "bbbbbbbbbbB");
	lose(store, "aaaaaaaaaaA", FIXTURE_NOW);
	lose(store, "bbbbbbbbbbB", FIXTURE_NOW);
	assert_true(store_gone_list(store, &(struct gone_filter){.query_id = query},
	                            &(struct gone_place){.at = FIXTURE_NOW + DAY, .id = "bbbbbbbbbbB"}, 10, 0, &rest, &err));
	assert_int_equal(rest.count, 1);
	assert_string_equal(rest.items[0].id, "aaaaaaaaaaA");
}

static void what_was_hidden_is_in_no_list(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	struct error err;
	bool changed;

	find(store, query, "aaaaaaaaaaA");
	assert_true(store_video_hide(store, "aaaaaaaaaaA", FIXTURE_NOW, &changed, &err));
	lose(store, "aaaaaaaaaaA", FIXTURE_NOW);
	assert_int_equal(count_gone(store, &(struct gone_filter){0}), 0);
	assert_int_equal(count_gone(store, &(struct gone_filter){.query_id = query}), 0);
	assert_int_equal(sum(store, query).found, 0);
}

static void what_waited_for_its_re_check_is(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	struct error err;
	int64_t hidden;
	bool left;

	find(store, query, "aaaaaaaaaaA");
	assert_true(store_quarantine_hide(store, FIXTURE_NOW + DAY, 10, &hidden, &left, &err));
	assert_int_equal(hidden, 1);
	lose(store, "aaaaaaaaaaA", FIXTURE_NOW + 40 * DAY);
	assert_int_equal(count_gone(store, &(struct gone_filter){.query_id = query}), 1);
	const struct attrition all = sum(store, query);
	assert_int_equal(all.found, 1);
	expect(&all, AFTER_30, 0, 0, 1);
	expect(&all, AFTER_90, 0, 1, 0);
}

static void only_a_look_up_tells_what_is_still_there(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");

	find(store, query, "aaaaaaaaaaA");
	look_up(store, "aaaaaaaaaaA", FIXTURE_NOW + 60);
	struct attrition all = sum(store, query);
	assert_int_equal(all.found, 1);
	expect(&all, AFTER_1, 0, 0, 0);
	look_up(store, "aaaaaaaaaaA", FIXTURE_NOW + 20 * DAY);
	all = sum(store, query);
	expect(&all, AFTER_1, 1, 0, 0);
	expect(&all, AFTER_7, 1, 0, 0);
	expect(&all, AFTER_30, 0, 0, 0);
}

static void what_goes_between_two_look_ups_is_not_dated(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");

	find(store, query, "aaaaaaaaaaA");
	look_up(store, "aaaaaaaaaaA", FIXTURE_NOW + DAY);
	lose(store, "aaaaaaaaaaA", FIXTURE_NOW + 20 * DAY);
	const struct attrition all = sum(store, query);
	assert_int_equal(all.found, 1);
	expect(&all, AFTER_1, 1, 0, 0);
	expect(&all, AFTER_7, 0, 0, 1);
	expect(&all, AFTER_30, 0, 1, 0);
	expect(&all, AFTER_90, 0, 1, 0);
}

static void what_comes_back_was_there(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");

	find(store, query, "aaaaaaaaaaA");
	lose(store, "aaaaaaaaaaA", FIXTURE_NOW + 2 * DAY);
	struct attrition all = sum(store, query);
	expect(&all, AFTER_7, 0, 1, 0);
	look_up(store, "aaaaaaaaaaA", FIXTURE_NOW + 10 * DAY);
	all = sum(store, query);
	assert_int_equal(all.found, 1);
	expect(&all, AFTER_7, 1, 0, 0);
	expect(&all, AFTER_30, 0, 0, 0);
	assert_int_equal(count_gone(store, &(struct gone_filter){0}), 0);
}

static void days_are_told_apart_the_newest_first(void **state)
{
	struct store *store = *state;
	AUTO(attrition_list_clear) struct attrition_list list = {0};
	int64_t query = fixture_query(store, "cats");
	struct error err;
	int64_t days;
	bool added;

	find(store, query, "aaaaaaaaaaA");
	int64_t seq = fixture_save(store, "bbbbbbbbbbB", "cats", "", "C", FIXTURE_NOW, SOURCE_SEARCH);
	assert_true(store_match_save(store, query, seq, FOUND_SEARCH, FIXTURE_NOW + 3 * DAY, &added, &err));
	look_up(store, "aaaaaaaaaaA", FIXTURE_NOW + 8 * DAY);
	assert_true(store_attrition_days(store, query, &days, &err));
	assert_int_equal(days, 2);
	assert_true(store_attrition_list(store, query, 10, 0, &list, &err));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].day, (FIXTURE_NOW + 3 * DAY) / DAY * DAY);
	assert_int_equal(list.items[0].found, 1);
	expect(&list.items[0], AFTER_1, 0, 0, 0);
	expect(&list.items[1], AFTER_7, 1, 0, 0);
}

static void a_removed_query_leaves_no_counts(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	struct error err;
	bool left = true;

	find(store, query, "aaaaaaaaaaA");
	assert_true(store_query_set_state(store, query, ENTRY_REMOVED, &err));
	while (left)
		assert_true(store_query_purge(store, query, 10, &left, &err));
	assert_int_equal(sum(store, query).found, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(what_is_gone_keeps_its_times_and_queries, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_last_change_is_when_one_was_found_gone, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_list_goes_on_from_a_place, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_was_hidden_is_in_no_list, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_waited_for_its_re_check_is, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(only_a_look_up_tells_what_is_still_there, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_goes_between_two_look_ups_is_not_dated, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_comes_back_was_there, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(days_are_told_apart_the_newest_first, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_removed_query_leaves_no_counts, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
