/* The views that other programs read with SQL (docs/data.md): the words of the model, and nothing that readers do not see. Their columns are
 * compared with the document in tests/e2e/test_data.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/origin.h"
#include "model/query.h"
#include "store/hidden/hidden.h"
#include "store/matches.h"
#include "store/queries.h"
#include "store/sqlite/connection.h"
#include "store/upkeep/quarantine.h"
#include "tests/support/store_fixture.h"

#define ID "aaaaaaaaaaA"
#define OTHER "aaaaaaaaaaE"

enum { SQL_SIZE = 256, DAY = 86400 };

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

static void change(struct store *store, const char *table, const char *column, int value)
{
	char sql[SQL_SIZE];
	struct error err;

	snprintf(sql, sizeof(sql), "UPDATE %s SET %s = %d", table, column, value);
	assert_true(db_run_text(store, sql, &err));
}

/* The only row of VIEW has NAME, NULL when there is none. */
static void assert_word(struct store *store, const char *view, const char *column, const char *name)
{
	char sql[SQL_SIZE];

	snprintf(sql, sizeof(sql), "SELECT %s IS nullif('%s', '') FROM %s", column, name ? name : "", view);
	if (fixture_number(store, sql) != 1)
		fail_msg("%s.%s is not %s", view, column, name ? name : "NULL");
}

static int64_t count(struct store *store, const char *view)
{
	char sql[SQL_SIZE];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", view);
	return fixture_number(store, sql);
}

static void assert_counts(struct store *store, int64_t videos, int64_t matches, int64_t queries, int64_t channels)
{
	assert_int_equal(count(store, "videos"), videos);
	assert_int_equal(count(store, "matches"), matches);
	assert_int_equal(count(store, "queries"), queries);
	assert_int_equal(count(store, "channels"), channels);
}

/* A video of a channel that a query found. */
static int64_t found_video(struct store *store, const char *id, int64_t query_id)
{
	int64_t seq = fixture_save(store, id, "Title", "", "Channel", FIXTURE_NOW, SOURCE_SEARCH);

	fixture_match(store, query_id, seq);
	return seq;
}

static void values_have_the_words_of_the_api(void **state)
{
	struct store *store = *state;

	found_video(store, ID, fixture_query(store, "cats"));
	for (enum video_kind kind = 0; kind < VIDEO_KIND_COUNT; kind++) {
		change(store, "video", "kind", (int)kind);
		assert_word(store, "videos", "kind", video_kind_name(kind));
	}
	for (enum video_definition definition = 0; definition < VIDEO_DEFINITION_COUNT; definition++) {
		change(store, "video", "definition", (int)definition);
		assert_word(store, "videos", "definition", video_definition_name(definition));
	}
	for (enum video_licence licence = 0; licence < VIDEO_LICENCE_COUNT; licence++) {
		change(store, "video", "licence", (int)licence);
		assert_word(store, "videos", "licence", video_licence_name(licence));
	}
	for (enum found_how how = 0; how < FOUND_HOW_COUNT; how++) {
		change(store, "match", "how", (int)how);
		assert_word(store, "matches", "found_by", found_how_name(how));
	}
	for (enum query_source source = 0; source < QUERY_SOURCE_COUNT; source++) {
		change(store, "query", "source", (int)source);
		assert_word(store, "queries", "source", query_source_name(source));
	}
	for (enum query_priority priority = 0; priority < PRIORITY_COUNT; priority++) {
		change(store, "query", "priority", (int)priority);
		assert_word(store, "queries", "priority", query_priority_name(priority));
	}
	for (enum origin origin = 0; origin < ORIGIN_COUNT; origin++) {
		if (origin == ORIGIN_VISITOR)
			continue;
		change(store, "query", "origin", (int)origin);
		assert_word(store, "queries", "origin", origin_name(origin));
	}
	change(store, "query", "entry_state", ENTRY_PAUSED_BY_CONFIG);
	assert_word(store, "queries", "state", "paused");
	change(store, "query", "entry_state", ENTRY_ACTIVE);
	assert_word(store, "queries", "state", "active");
}

static void a_caption_is_a_number(void **state)
{
	struct store *store = *state;

	found_video(store, ID, fixture_query(store, "cats"));
	assert_int_equal(fixture_number(store, "SELECT caption IS NULL FROM videos"), 1);
	change(store, "video", "caption", VIDEO_CAPTION_NONE);
	assert_int_equal(fixture_number(store, "SELECT caption IS 0 FROM videos"), 1);
	change(store, "video", "caption", VIDEO_CAPTION_GIVEN);
	assert_int_equal(fixture_number(store, "SELECT caption IS 1 FROM videos"), 1);
}

static void times_are_texts(void **state)
{
	struct store *store = *state;

	found_video(store, ID, fixture_query(store, "cats"));
	assert_word(store, "videos", "published_at", "2026-11-22T10:00:00Z");
	assert_word(store, "videos", "recorded_at", "2026-11-22T10:00:00Z");
	assert_word(store, "videos", "statistics_at", NULL);
	assert_word(store, "matches", "found_at", "2026-11-22T10:00:00Z");
	assert_word(store, "queries", "covered_since", NULL);
	assert_int_equal(fixture_number(store, "SELECT unixepoch(published_at) FROM videos"), FIXTURE_NOW);
}

static void what_is_hidden_is_in_none_of_them(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "cats");
	struct error err;
	int64_t hidden;
	bool changed, left;

	found_video(store, ID, query);
	found_video(store, OTHER, query);
	assert_counts(store, 2, 2, 1, 1);
	assert_true(store_video_hide(store, ID, FIXTURE_NOW, &changed, &err));
	assert_counts(store, 1, 1, 1, 1);
	assert_true(store_quarantine_hide(store, FIXTURE_NOW + DAY, 10, &hidden, &left, &err));
	assert_counts(store, 0, 0, 1, 0);
}

static void what_others_asked_for_or_the_owner_removed_is_in_none(void **state)
{
	struct store *store = *state;
	enum query_added added;
	struct error err;
	int64_t query = fixture_query(store, "cats");
	int64_t request;

	found_video(store, ID, query);
	assert_true(store_query_add(store, "dogs", ORIGIN_VISITOR, 10, FIXTURE_NOW, &request, &added, &err));
	assert_counts(store, 1, 1, 1, 1);
	assert_true(store_query_set_state(store, query, ENTRY_REMOVED, &err));
	assert_counts(store, 1, 0, 0, 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(values_have_the_words_of_the_api),
	    CASE(a_caption_is_a_number),
	    CASE(times_are_texts),
	    CASE(what_is_hidden_is_in_none_of_them),
	    CASE(what_others_asked_for_or_the_owner_removed_is_in_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
