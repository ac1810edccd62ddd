/* Plans of statements, and faults that only this engine's file can have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/sqlite/connection.h"
#include "tests/support/statements.h"
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

/* ---- plans ---- */

static bool is_sorting(const char *step)
{
	return strstr(step, "TEMP B-TREE") != NULL;
}

static bool is_sorting_or_scanning(const char *step)
{
	bool scans = strncmp(step, "SCAN ", 5) == 0 && !strstr(step, "VIRTUAL TABLE") && !strstr(step, "(subquery") &&
	             !strstr(step, "CONSTANT") && !strstr(step, "SCAN (");

	return scans || is_sorting(step);
}

/* A ranked list sorts what its scan found, no more than RANKED_MAX videos. */
static bool ranks(const char *sql)
{
	return strncmp(sql, "SELECT k.value FROM json_each", strlen("SELECT k.value FROM json_each")) == 0;
}

static void expect_plan_without(struct store *store, const char *sql, bool (*is_wrong)(const char *step))
{
	char explain[4096];
	sqlite3_stmt *plan = NULL;

	snprintf(explain, sizeof(explain), "EXPLAIN QUERY PLAN %s", sql);
	assert_int_equal(sqlite3_prepare_v2(store->db, explain, -1, &plan, NULL), SQLITE_OK);
	while (sqlite3_step(plan) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(plan, 3);

		if (is_wrong(step))
			fail_msg("%s\n%s", sql, step);
	}
	sqlite3_finalize(plan);
}

/* The queries that found a video, and what waits for a second look, are read in the order of an index too. */
static void nothing_about_one_video_is_sorted(void **state)
{
	for (size_t i = 0; i < videos_statements.count; i++)
		expect_plan_without(*state, videos_statements.sql[i], is_sorting);
}

/* What leads to a page or a plan is read by key: the lists themselves are in sqlite/video_search.c. */
static void kept_counts_and_words_are_read_by_key(void **state)
{
	static const struct statements *const groups[] = {&video_list_statements, &video_counts_statements, &list_plan_statements,
	                                                  &volume_statements, &words_statements};

	for (size_t group = 0; group < sizeof(groups) / sizeof(groups[0]); group++)
		for (size_t i = 0; i < groups[group]->count; i++)
			if (!ranks(groups[group]->sql[i]))
				expect_plan_without(*state, groups[group]->sql[i], is_sorting_or_scanning);
}

/* ---- faults ---- */

static void a_fault_of_the_search_index_is_found_and_mended(void **state)
{
	static const char *const faults[] = {
	    "UPDATE video SET title = 'something else'",
	    "INSERT INTO video_fts (rowid, title) VALUES (7, 'phantom')",
	    "INSERT INTO video_fts (rowid, channel_id) VALUES (7, CAST(x'FF' AS TEXT) || '7')",
	    ("INSERT INTO video_fts (video_fts, rowid, title, description, channel, channel_id)"
	     " SELECT 'delete', seq, title, description, channel, channel_id FROM video_text"),
	};
	struct store *store = *state;
	struct error err;

	fixture_save(store, "aaaaaaaaaaA", "T", "", "C", FIXTURE_NOW, SOURCE_SEARCH);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		fixture_check(store);
		fixture_run(store, faults[i]);
		assert_false(store_check(store, &err));
		assert_non_null(strstr(err.text, "damaged"));
		assert_non_null(strstr(err.text, ": run newsreel-fetch --repair"));
		fixture_repair(store);
	}
}

static void ignore(void *context, const char *fault)
{
	(void)context;
	(void)fault;
}

static void what_follows_from_nothing_else_is_left_to_a_backup(void **state)
{
	struct store *store = *state;
	int64_t rebuilt;
	struct error err;

	fixture_save(store, "aaaaaaaaaaA", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_int_equal(
	    sqlite3_exec(store->db,
	                 "PRAGMA foreign_keys = OFF;"
	                 "INSERT INTO hidden_match (query, seq, found_at, how, in_search, recorded) VALUES (9, 9, 1, 0, 1, 1);"
	                 "PRAGMA foreign_keys = ON",
	                 NULL, NULL, NULL),
	    SQLITE_OK);
	assert_true(store_repair(store, ignore, NULL, &rebuilt, &err));
	assert_int_equal(rebuilt, 0);
	assert_false(store_check(store, &err));
	assert_non_null(strstr(err.text, "refers to nothing in"));
	assert_non_null(strstr(err.text, ": run newsreel-fetch --restore FILE"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(nothing_about_one_video_is_sorted),
	    CASE(kept_counts_and_words_are_read_by_key),
	    CASE(a_fault_of_the_search_index_is_found_and_mended),
	    CASE(what_follows_from_nothing_else_is_left_to_a_backup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
