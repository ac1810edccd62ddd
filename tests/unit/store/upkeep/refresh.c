#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store/upkeep/refresh.h"
#include "store/matches.h"
#include "tests/support/store_fixture.h"

enum { DAY = 86400 };

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

static struct text_list next(struct store *store, int64_t now, int64_t refresh_before, int64_t limit)
{
	struct text_list ids = {0};
	struct error err;

	assert_true(store_refresh_next(store, now, refresh_before, limit, &ids, &err));
	return ids;
}

static int64_t waiting(struct store *store, int64_t now, int64_t refresh_before)
{
	struct error err;
	int64_t count;

	assert_true(store_refresh_count(store, now, refresh_before, 100, &count, &err));
	return count;
}

static bool missing(struct store *store, const char *id, int64_t now)
{
	struct error err;
	bool gone;

	assert_true(store_video_missing(store, id, now, &gone, &err));
	return gone;
}

static void new_videos_wait_the_newest_first(void **state)
{
	struct store *store = *state;

	fixture_save(store, "aaaaaaaaaaA", "one", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaE", "two", "", NULL, FIXTURE_NOW + 1, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaI", "three", "", NULL, FIXTURE_NOW + 2, SOURCE_DETAILS);
	AUTO(text_list_clear) struct text_list ids = next(store, FIXTURE_NOW, 0, 50);
	assert_int_equal(ids.count, 2);
	assert_string_equal(ids.items[0], "aaaaaaaaaaE");
	assert_int_equal(waiting(store, FIXTURE_NOW, 0), 2);
}

static void a_first_look_is_followed_by_one_a_day_later(void **state)
{
	struct store *store = *state;

	fixture_save(store, "aaaaaaaaaaI", "three", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	assert_int_equal(waiting(store, FIXTURE_NOW + DAY - 1, 0), 0);
	assert_int_equal(waiting(store, FIXTURE_NOW + DAY, 0), 1);
}

static void all_are_refreshed_the_longest_unchecked_first(void **state)
{
	struct store *store = *state;

	fixture_save(store, "aaaaaaaaaaA", "one", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	fixture_save(store, "aaaaaaaaaaE", "two", "", NULL, FIXTURE_NOW + 1, SOURCE_DETAILS);
	fixture_run(
	    store, "UPDATE video SET recheck_at = 0, checked_at = checked_at - CASE WHEN id = 'aaaaaaaaaaE' THEN 100 ELSE 0 END");
	AUTO(text_list_clear) struct text_list none = next(store, FIXTURE_NOW, FIXTURE_NOW - 101, 50);
	AUTO(text_list_clear) struct text_list both = next(store, FIXTURE_NOW, FIXTURE_NOW, 50);
	assert_int_equal(none.count, 0);
	assert_int_equal(both.count, 2);
	assert_string_equal(both.items[0], "aaaaaaaaaaE");
}

static void a_flood_of_new_ones_leaves_room_for_refreshes(void **state)
{
	struct store *store = *state;
	char id[32];

	for (int i = 0; i < 40; i++) {
		snprintf(id, sizeof(id), "old%07dA", i);
		fixture_save(store, id, "old", "", NULL, FIXTURE_NOW + i, SOURCE_DETAILS);
		snprintf(id, sizeof(id), "new%07dA", i);
		fixture_save(store, id, "new", "", NULL, FIXTURE_NOW + i, SOURCE_SEARCH);
	}
	fixture_run(store, "UPDATE video SET recheck_at = 0");
	AUTO(text_list_clear) struct text_list ids = next(store, FIXTURE_NOW, FIXTURE_NOW, 20);
	size_t old = 0;
	for (size_t i = 0; i < ids.count; i++)
		old += ids.items[i][0] == 'o';
	assert_int_equal(ids.count, 20);
	assert_int_equal(old, 10);
}

static void a_video_goes_when_it_is_missing_a_day_apart(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");

	fixture_match(store, query, fixture_save(store, "aaaaaaaaaaA", "cats", "", "C", FIXTURE_NOW, SOURCE_DETAILS));
	assert_false(missing(store, "aaaaaaaaaaA", FIXTURE_NOW));
	assert_false(missing(store, "aaaaaaaaaaA", FIXTURE_NOW + DAY - 1));
	assert_int_equal(fixture_count(store, "cats", 0), 1);
	assert_true(missing(store, "aaaaaaaaaaA", FIXTURE_NOW + DAY));
	assert_int_equal(fixture_count(store, NULL, 0), 0);
	assert_int_equal(fixture_count(store, NULL, query), 0);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM gone WHERE id = 'aaaaaaaaaaA'"), 1);
	fixture_check(store);
}

static void one_that_turns_up_again_is_not_missing(void **state)
{
	struct store *store = *state;

	fixture_save(store, "aaaaaaaaaaA", "cats", "", "C", FIXTURE_NOW, SOURCE_DETAILS);
	assert_false(missing(store, "aaaaaaaaaaA", FIXTURE_NOW));
	fixture_save(store, "aaaaaaaaaaA", "cats", "", "C", FIXTURE_NOW, SOURCE_DETAILS);
	assert_false(missing(store, "aaaaaaaaaaA", FIXTURE_NOW + DAY));
	assert_int_equal(fixture_count(store, NULL, 0), 1);
}

/* Saves the video as a search, or an import, gives it. */
static enum video_saved save_again(struct store *store, enum video_source source, int64_t now)
{
	char title[] = "cats";
	struct video video = {.id = "aaaaaaaaaaA", .title = title, .published_at = FIXTURE_NOW};
	enum video_saved saved;
	struct error err;

	assert_true(store_video_save(store, &video, source, now, &saved, NULL, &err));
	return saved;
}

static void what_is_gone_is_asked_for_a_week_later_and_keeps_its_query(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	struct error err;

	fixture_match(store, query, fixture_save(store, "aaaaaaaaaaA", "cats", "", "C", FIXTURE_NOW, SOURCE_DETAILS));
	missing(store, "aaaaaaaaaaA", FIXTURE_NOW);
	assert_true(missing(store, "aaaaaaaaaaA", FIXTURE_NOW + DAY));
	assert_int_equal(waiting(store, FIXTURE_NOW + 8 * DAY - 1, 0), 0);
	assert_int_equal(waiting(store, FIXTURE_NOW + 8 * DAY, 0), 1);
	/* A search that shows it has it asked for at once, but not again and again. */
	assert_true(store_lookup_request(store, query, "aaaaaaaaaaA", false, FIXTURE_NOW + 2 * DAY, &err));
	assert_int_equal(waiting(store, FIXTURE_NOW + 2 * DAY, 0), 1);
	missing(store, "aaaaaaaaaaA", FIXTURE_NOW + 2 * DAY);
	assert_true(store_lookup_request(store, query, "aaaaaaaaaaA", false, FIXTURE_NOW + 2 * DAY + 1, &err));
	assert_int_equal(waiting(store, FIXTURE_NOW + 2 * DAY + 1, 0), 0);
	fixture_save(store, "aaaaaaaaaaA", "cats", "", "C", FIXTURE_NOW, SOURCE_DETAILS);
	assert_int_equal(fixture_count(store, NULL, query), 1);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM pending_lookup"), 0);
}

static void what_is_gone_comes_back_only_through_videos_list(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	AUTO(video_clear) struct video video = {0};
	struct error err;

	fixture_save(store, "aaaaaaaaaaA", "cats", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	missing(store, "aaaaaaaaaaA", FIXTURE_NOW);
	assert_true(missing(store, "aaaaaaaaaaA", FIXTURE_NOW + DAY));
	assert_int_equal(save_again(store, SOURCE_SEARCH, FIXTURE_NOW + DAY), VIDEO_WAS_GONE);
	assert_int_equal(save_again(store, SOURCE_IMPORT, FIXTURE_NOW + DAY), VIDEO_WAS_GONE);
	assert_int_equal(fixture_count(store, NULL, 0), 0);
	assert_true(store_lookup_request(store, query, "aaaaaaaaaaA", false, FIXTURE_NOW + DAY, &err));
	assert_int_equal(save_again(store, SOURCE_DETAILS, FIXTURE_NOW + 2 * DAY), VIDEO_ADDED);
	assert_true(store_video_get(store, "aaaaaaaaaaA", &video, &err));
	assert_int_equal(video.first_seen_at, FIXTURE_NOW); /* not announced as new again */
	assert_int_equal(video.found_count, 1);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM gone"), 0);
	fixture_check(store);
}

static void an_awaited_id_is_asked_for_twice(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	struct error err;

	assert_true(store_lookup_request(store, query, "aaaaaaaaaaA", false, FIXTURE_NOW, &err));
	assert_int_equal(waiting(store, FIXTURE_NOW, 0), 1);
	missing(store, "aaaaaaaaaaA", FIXTURE_NOW);
	assert_int_equal(waiting(store, FIXTURE_NOW, 0), 0);
	assert_int_equal(waiting(store, FIXTURE_NOW + DAY, 0), 1);
	missing(store, "aaaaaaaaaaA", FIXTURE_NOW + DAY);
	assert_int_equal(waiting(store, FIXTURE_NOW + 9 * DAY, 0), 0);
}

static void earlier_texts_are_kept_for_a_while(void **state)
{
	struct store *store = *state;
	struct error err;

	fixture_save(store, "aaaaaaaaaaA", "before", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	fixture_save(store, "aaaaaaaaaaA", "after", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM revision WHERE title = 'before'"), 1);
	assert_true(store_revisions_prune(store, FIXTURE_NOW, &err));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM revision"), 1);
	assert_true(store_revisions_prune(store, FIXTURE_NOW + 1, &err));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM revision"), 0);
}

static void videos_that_an_answer_lacked_are_looked_up(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	struct error err;
	int64_t first;
	bool any;

	fixture_match(store, query, fixture_save(store, "aaaaaaaaaaA", "cats", "", NULL, FIXTURE_NOW, SOURCE_DETAILS));
	assert_true(store_match_first_since(store, query, FIXTURE_NOW - 5, &first, &err));
	assert_int_equal(first, FIXTURE_NOW);
	assert_true(store_match_first_since(store, query, FIXTURE_NOW + 1, &first, &err));
	assert_int_equal(first, 0);
	assert_true(store_match_doubt(store, query, FIXTURE_NOW + 1, FIXTURE_NOW + 9, FIXTURE_NOW, &any, &err));
	assert_false(any);
	fixture_run(store, "UPDATE video SET recheck_at = 0");
	assert_true(store_match_doubt(store, query, FIXTURE_NOW, FIXTURE_NOW, FIXTURE_NOW, &any, &err));
	assert_true(any);
	assert_int_equal(waiting(store, FIXTURE_NOW, 0), 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(new_videos_wait_the_newest_first),
	    CASE(a_first_look_is_followed_by_one_a_day_later),
	    CASE(all_are_refreshed_the_longest_unchecked_first),
	    CASE(a_flood_of_new_ones_leaves_room_for_refreshes),
	    CASE(a_video_goes_when_it_is_missing_a_day_apart),
	    CASE(one_that_turns_up_again_is_not_missing),
	    CASE(what_is_gone_is_asked_for_a_week_later_and_keeps_its_query),
	    CASE(what_is_gone_comes_back_only_through_videos_list),
	    CASE(an_awaited_id_is_asked_for_twice),
	    CASE(earlier_texts_are_kept_for_a_while),
	    CASE(videos_that_an_answer_lacked_are_looked_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
