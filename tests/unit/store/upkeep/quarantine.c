#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/matches.h"
#include "store/upkeep/refresh.h"
#include "store/upkeep/quarantine.h"
#include "store/queries.h"
#include "tests/support/store_fixture.h"

enum { DAY = 86400 };

#define ID "aaaaaaaaaaA"
#define OTHER "aaaaaaaaaaE"

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

/* Hides what was last checked, or given, before BEFORE; returns how many. */
static int64_t hide(struct store *store, int64_t before)
{
	struct error err;
	int64_t all = 0;
	int64_t hidden;

	for (bool left = true; left; all += hidden)
		assert_true(store_quarantine_hide(store, before, 2, &hidden, &left, &err));
	fixture_check(store);
	return all;
}

static int64_t generation(struct store *store)
{
	struct error err;
	int64_t value;

	assert_true(store_generation(store, &value, &err));
	return value;
}

static enum video_saved save(struct store *store, const char *title, enum video_source source, int64_t now)
{
	struct video_list one = {0};
	struct video *video = video_list_add(&one);
	enum video_saved saved;
	struct error err;

	assert_non_null(video);
	snprintf(video->id, sizeof(video->id), ID);
	video->published_at = FIXTURE_NOW;
	assert_true(text_copy(title, &video->title, &err) && text_copy("", &video->description, &err));
	assert_true(store_video_save(store, video, source, now, &saved, NULL, &err));
	video_list_clear(&one);
	fixture_check(store);
	return saved;
}

static bool missing(struct store *store, int64_t now)
{
	struct error err;
	bool gone;

	assert_true(store_video_missing(store, ID, now, &gone, &err));
	return gone;
}

static void quarantine_content_is_in_no_reader_s_sight(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	AUTO(video_clear) struct video video = {0};
	struct error err;
	int64_t count;

	fixture_match(store, query, fixture_save(store, ID, "cats", "", "C", FIXTURE_NOW, SOURCE_DETAILS));
	fixture_match(store, query, fixture_save(store, OTHER, "cats too", "", "C", FIXTURE_NOW, SOURCE_SEARCH));
	assert_int_equal(hide(store, FIXTURE_NOW), 0);
	int64_t before = generation(store);
	assert_int_equal(hide(store, FIXTURE_NOW + 1), 2); /* also the one that nobody looked up */
	assert_true(generation(store) > before);
	assert_int_equal(fixture_count(store, NULL, 0), 0);
	assert_int_equal(fixture_count(store, "cats", 0), 0);
	assert_int_equal(fixture_count(store, NULL, query), 0);
	assert_false(store_video_get(store, ID, &video, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_true(store_quarantine_count(store, &count, &err));
	assert_int_equal(count, 2);
	before = generation(store);
	assert_int_equal(hide(store, FIXTURE_NOW + 1), 0);
	assert_int_equal(generation(store), before);
}

static void a_refresh_brings_everything_back(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	int64_t later = FIXTURE_NOW + 40 * DAY;
	AUTO(video_clear) struct video video = {0};
	struct error err;

	fixture_save(store, ID, "before", "", "C", FIXTURE_NOW, SOURCE_DETAILS);
	fixture_match(store, query, fixture_save(store, ID, "cats", "", "C", FIXTURE_NOW, SOURCE_DETAILS));
	hide(store, FIXTURE_NOW + 1);
	/* Its place is taken meanwhile. */
	fixture_save(store, OTHER, "dogs", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	assert_int_equal(save(store, "cats", SOURCE_DETAILS, later), VIDEO_SAME);
	assert_true(store_video_get(store, ID, &video, &err));
	assert_int_equal(video.first_seen_at, FIXTURE_NOW);
	assert_int_equal(video.found_count, 1);
	assert_int_equal(video.found[0].found_at, FIXTURE_NOW);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM revision WHERE title = 'before'"), 1);
	assert_int_equal(fixture_number(store, "SELECT checked_at FROM video WHERE id = '" ID "'"), later);
	assert_int_equal(fixture_count(store, "cats", 0), 1);
	assert_int_equal(fixture_count(store, NULL, query), 1);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine"), 0);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine_match"), 0);
}

static void a_change_meanwhile_is_a_revision(void **state)
{
	struct store *store = *state;

	fixture_save(store, ID, "before", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	hide(store, FIXTURE_NOW + 1);
	assert_int_equal(save(store, "after", SOURCE_DETAILS, FIXTURE_NOW + 40 * DAY), VIDEO_CHANGED);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM revision WHERE title = 'before'"), 1);
	assert_int_equal(fixture_count(store, "before", 0), 0);
}

static void only_videos_list_brings_it_back(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	int64_t later = FIXTURE_NOW + 40 * DAY;
	struct error err;

	fixture_save(store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	hide(store, FIXTURE_NOW + 1);
	assert_int_equal(save(store, "cats", SOURCE_SEARCH, later), VIDEO_HIDDEN);
	assert_int_equal(save(store, "cats", SOURCE_IMPORT, later), VIDEO_HIDDEN);
	assert_int_equal(fixture_count(store, NULL, 0), 0);
	/* A search that finds it is not forgotten. */
	assert_true(store_lookup_request(store, query, ID, false, later, &err));
	save(store, "cats", SOURCE_DETAILS, later);
	assert_int_equal(fixture_count(store, NULL, query), 1);
}

static void hidden_ones_are_asked_for_first_the_newest_before_all(void **state)
{
	struct store *store = *state;
	AUTO(text_list_clear) struct text_list ids = {0};
	struct error err;
	int64_t waiting;

	fixture_save(store, ID, "old", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	fixture_save(store, OTHER, "newer", "", NULL, FIXTURE_NOW + 1, SOURCE_DETAILS);
	hide(store, FIXTURE_NOW + 1);
	fixture_save(store, "bbbbbbbbbbA", "not looked up yet", "", NULL, FIXTURE_NOW + 2, SOURCE_SEARCH);
	assert_true(store_refresh_next(store, FIXTURE_NOW, 0, 50, &ids, &err));
	assert_int_equal(ids.count, 3);
	assert_string_equal(ids.items[0], OTHER);
	assert_string_equal(ids.items[1], ID);
	assert_true(store_refresh_count(store, FIXTURE_NOW, 0, 100, &waiting, &err));
	assert_int_equal(waiting, 3);
}

static void it_is_deleted_only_when_videos_list_lacks_it_a_day_apart(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	int64_t later = FIXTURE_NOW + 40 * DAY;

	fixture_match(store, query, fixture_save(store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_DETAILS));
	hide(store, FIXTURE_NOW + 1);
	assert_false(missing(store, later));
	assert_false(missing(store, later + DAY - 1));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine WHERE title = 'cats'"), 1);
	assert_true(missing(store, later + DAY));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine"), 0);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine_match"), 0);
	assert_int_equal(fixture_number(store, "SELECT first_seen_at FROM gone WHERE id = '" ID "'"), FIXTURE_NOW);
	assert_int_equal(save(store, "cats", SOURCE_SEARCH, later + DAY), VIDEO_WAS_GONE);
	/* Like any other that is gone it is asked for again, and its query is not forgotten. */
	assert_int_equal(save(store, "cats", SOURCE_DETAILS, later + 8 * DAY), VIDEO_ADDED);
	assert_int_equal(fixture_count(store, NULL, query), 1);
}

static void one_that_was_missing_once_is_asked_for_a_day_later(void **state)
{
	struct store *store = *state;
	int64_t later = FIXTURE_NOW + 40 * DAY;
	struct error err;
	int64_t waiting;

	fixture_save(store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	hide(store, FIXTURE_NOW + 1);
	missing(store, later);
	assert_true(store_refresh_count(store, later + DAY - 1, 0, 100, &waiting, &err));
	assert_int_equal(waiting, 0);
	assert_true(store_refresh_count(store, later + DAY, 0, 100, &waiting, &err));
	assert_int_equal(waiting, 1);
}

static void a_purge_takes_hidden_videos_too(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	int64_t pets = fixture_query(store, "pets");
	struct error err;
	bool left;

	fixture_match(store, cats, fixture_save(store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_DETAILS));
	int64_t both = fixture_save(store, OTHER, "cats and dogs", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	fixture_match(store, cats, both);
	fixture_match(store, pets, both);
	hide(store, FIXTURE_NOW + 1);
	assert_true(store_query_set_state(store, cats, ENTRY_REMOVED, &err));
	assert_true(store_query_purge(store, cats, 100, &left, &err));
	assert_false(left);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine"), 1);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine_match"), 1);
}

static int64_t count_matches(struct store *store)
{
	return fixture_number(store, "SELECT (SELECT count(*) FROM match) + (SELECT count(*) FROM quarantine_match)");
}

/* No transaction takes long, however many matches there are of videos that stay, or are hidden. */
static void a_purge_takes_a_few_matches_at_a_time(void **state)
{
	struct store *store = *state;
	int64_t queries[2] = {fixture_query(store, "cats"), fixture_query(store, "pets")};
	struct error err;
	bool left = true;

	for (int i = 0; i < 12; i++) { /* the first half is hidden, and of each half the other query found three */
		char id[VIDEO_ID_SIZE];

		if (i == 6)
			hide(store, FIXTURE_NOW + 1);
		snprintf(id, sizeof(id), "video%06d", i);
		int64_t seq = fixture_save(store, id, "cats", "", NULL, FIXTURE_NOW + 2 * (i >= 6), SOURCE_DETAILS);
		fixture_match(store, queries[0], seq);
		if (i % 6 < 3)
			fixture_match(store, queries[1], seq);
	}
	assert_true(store_query_set_state(store, queries[0], ENTRY_REMOVED, &err));
	while (left) {
		int64_t before = count_matches(store);

		assert_true(store_query_purge(store, queries[0], 2, &left, &err));
		assert_in_range(before - count_matches(store), 0, 4); /* of a step's kinds the last is not full */
		fixture_check(store);
	}
	assert_int_equal(count_matches(store), 6);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM video"), 3);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine"), 3);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(quarantine_content_is_in_no_reader_s_sight),
	    CASE(a_refresh_brings_everything_back),
	    CASE(a_change_meanwhile_is_a_revision),
	    CASE(only_videos_list_brings_it_back),
	    CASE(hidden_ones_are_asked_for_first_the_newest_before_all),
	    CASE(it_is_deleted_only_when_videos_list_lacks_it_a_day_apart),
	    CASE(one_that_was_missing_once_is_asked_for_a_day_later),
	    CASE(a_purge_takes_hidden_videos_too),
	    CASE(a_purge_takes_a_few_matches_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
