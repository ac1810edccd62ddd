/* Databases of earlier versions, opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "store/channels/followed.h"
#include "store/queries.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/tokenizer.h"
#include "store/status.h"
#include "tests/support/store_fixture.h"

struct database {
	char folder[40];
	char path[64];
};

static int set_up(void **state)
{
	struct database *database = calloc(1, sizeof(*database));

	assert_non_null(database);
	snprintf(database->folder, sizeof(database->folder), "/tmp/newsreel-migrate.XXXXXX");
	assert_non_null(mkdtemp(database->folder));
	snprintf(database->path, sizeof(database->path), "%s/r.db", database->folder);
	*state = database;
	return 0;
}

static int tear_down(void **state)
{
	struct database *database = *state;

	fixture_remove(database->path);
	rmdir(database->folder);
	free(database);
	return 0;
}

/* A database of the schema before SCHEMA, with CONTENT. */
static void make(const struct database *database, int schema, const char *content)
{
	struct tokenizer_host tokenizer = {0};
	char version[64];
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(database->path, &db), SQLITE_OK);
	assert_true(tokenizer_register(db, &tokenizer));
	for (int i = 0; i < schema - 1; i++)
		assert_int_equal(sqlite3_exec(db, embedded_migrations.items[i].text, NULL, NULL, NULL), SQLITE_OK);
	snprintf(version, sizeof(version), "PRAGMA user_version = %d", schema - 1);
	assert_int_equal(sqlite3_exec(db, version, NULL, NULL, NULL), SQLITE_OK);
	if (sqlite3_exec(db, content, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Tokens as an earlier tokenizer made them: nothing that a search of today would name. */
static const char videos[] =
    "INSERT INTO video (seq, id, channel, published_at, title, description, description_cut, thumbnail_url, thumbnails, kind,"
    " first_seen_at, fetched_at, checked_at) VALUES"
    " (1795341600 << 10, 'aaaaaaaaaaA', NULL, 1795341600, 'Straße eins', '', 0, '', '{}', 0, 1795341000, 1795341000, 1795341000),"
    " (1795341601 << 10, 'aaaaaaaaaaE', NULL, 1795341601, 'Straße zwei', '', 0, '', '{}', 0, 1795341000, 1795341000, 1795341000),"
    " (1795341602 << 10, 'aaaaaaaaaaI', NULL, 1795341602, 'Straße drei', '', 0, '', '{}', 0, 1795341000, 1795341000, 1795341000);"
    "INSERT INTO video_fts (rowid, title) VALUES (1795341600 << 10, 'alt'), (1795341601 << 10, 'alt'), (1795341602 << 10, 'alt');"
    "INSERT INTO word VALUES ('alt', 3, 1795341602 << 10)";

static int64_t indexed(struct store *store)
{
	AUTO(status_clear) struct status status = {0};
	struct quota_defaults quota = {{100, 10000}};
	struct error err;

	assert_true(store_status_read(store, &quota, 60, 0, 1795341600, &status, &err));
	bool warned = false;
	for (size_t i = 0; i < status.warnings.count; i++)
		warned = warned || strstr(status.warnings.items[i], "search index: ");
	assert_int_equal(warned, status.unindexed > 0);
	return status.videos - status.unindexed;
}

static void the_search_index_is_filled_anew_the_newest_videos_first(void **state)
{
	const struct database *database = *state;
	AUTO(store_close) struct store *store = NULL;
	struct error err;
	int64_t left;

	make(database, 8, videos);
	assert_true(store_open(database->path, STORE_CREATE, &store, &err));
	assert_int_equal(fixture_count(store, "alt", 0), 0);
	assert_int_equal(indexed(store), 0);
	assert_true(store_upkeep(store, 1, &left, &err));
	assert_int_equal(left, 2);
	assert_int_equal(indexed(store), 1);
	assert_int_equal(fixture_count(store, "strasse drei", 0), 1);
	assert_int_equal(fixture_count(store, "strasse", 0), 1);
	/* Between two steps everything may happen, to another program too. */
	store_close(&store);
	assert_true(store_open(database->path, STORE_CREATE, &store, &err));
	fixture_save(store, "aaaaaaaaaaA", "anders eins", "", NULL, 1795341600, SOURCE_DETAILS);
	fixture_save(store, "aaaaaaaaaaI", "anders drei", "", NULL, 1795341602, SOURCE_DETAILS);
	assert_int_equal(fixture_count(store, "anders", 0), 1);
	assert_true(store_upkeep(store, 10, &left, &err));
	assert_int_equal(left, 0);
	assert_int_equal(indexed(store), 3);
	assert_int_equal(fixture_count(store, "anders", 0), 2);
	assert_int_equal(fixture_count(store, "strasse", 0), 1);
	fixture_check(store);
}

static int64_t find(struct store *store, const char *text)
{
	AUTO(query_clear) struct query query = {0};
	struct error err;

	return store_query_find(store, text, 1795341600, &query, &err) ? query.id : 0;
}

static void queries_that_became_the_same_are_kept(void **state)
{
	static const char queries[] =
	    "INSERT INTO query (id, text, folded, origin, entry_state, in_config, created_at) VALUES"
	    " (1, 'Café', 'café', 1, 0, 0, 1), (2, 'cafe', 'cafe', 1, 0, 0, 2), (3, 'Straße', 'straße', 1, 3, 0, 3),"
	    " (4, 'strasse', 'strasse', 1, 0, 0, 4), (5, 'moon', 'moon', 1, 0, 0, 5), (6, 'Cafe\u0301', 'cafe\u0301', 1, 0, 0, "
	    "6)";
	const struct database *database = *state;
	AUTO(store_close) struct store *store = NULL;
	AUTO(query_list_clear) struct query_list list = {0};
	enum query_added added;
	struct error err;
	int64_t id;

	make(database, 8, queries);
	assert_true(store_open(database->path, STORE_CREATE, &store, &err));
	assert_int_equal(find(store, "CAFÉ"), 1);
	assert_int_equal(find(store, "cafe"), 1);
	assert_int_equal(find(store, "STRASSE"), 4); /* the older one was removed */
	assert_int_equal(find(store, "Moon"), 5);
	assert_true(store_queries_list(store, QUERIES_PUBLIC, 1795341600, &list, &err));
	assert_int_equal(list.count, 5);
	assert_true(store_query_set_state(store, 1, ENTRY_REMOVED, &err));
	assert_true(store_query_add(store, "cafe", ORIGIN_OWNER, 0, 1795341600, &id, &added, &err));
	assert_int_equal(id, 1);
	assert_int_equal(added, QUERY_RESUMED);
	assert_true(store_query_set_state(store, 2, ENTRY_PAUSED_BY_OWNER, &err));
}

/* All three videos were first seen in one second: by publication then. What comes later is behind them. */
static void what_is_there_gets_its_place_in_the_order_of_recording(void **state)
{
	const struct database *database = *state;
	AUTO(store_close) struct store *store = NULL;
	struct error err;

	make(database, 8, videos);
	assert_true(store_open(database->path, STORE_CREATE, &store, &err));
	assert_int_equal(fixture_number(store, "SELECT min(recorded) >> 20 FROM video"), 1795341000);
	assert_int_equal(fixture_number(store, "SELECT max(recorded) >> 20 FROM video"), 1795341000);
	assert_int_equal(fixture_number(store, "SELECT count(DISTINCT recorded) FROM video"), 3);
	assert_int_equal(fixture_number(store,
	                                "SELECT count(*) FROM video a JOIN video b ON b.seq > a.seq AND b.recorded > a.recorded"),
	                 3);
	fixture_save(store, "aaaaaaaaaaM", "Straße vier", "", NULL, 1795341600, SOURCE_SEARCH);
	assert_int_equal(
	    fixture_number(store, "SELECT count(*) FROM video v, meta m WHERE v.id = 'aaaaaaaaaaM' AND v.recorded = m.recorded"
	                          " AND v.recorded > (SELECT max(recorded) FROM video WHERE id <> 'aaaaaaaaaaM')"),
	    1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Only the check of the largest table changes: its rows stay where they are, and the table stays sound. */
static void another_way_to_find_a_video_is_allowed(void **state)
{
	static const char matches[] =
	    "INSERT INTO video (seq, id, published_at, title, description, description_cut, thumbnail_url,"
	    " thumbnails, kind, first_seen_at, fetched_at) VALUES"
	    " (1795341600 << 10, 'aaaaaaaaaaA', 1795341600, '', '', 0, '', '{}', 0, 1795341000, 1795341000),"
	    " (1795341601 << 10, 'aaaaaaaaaaE', 1795341601, '', '', 0, '', '{}', 0, 1795341000, 1795341000);"
	    "INSERT INTO query (id, text, folded, origin, entry_state, in_config, created_at) VALUES"
	    " (1, 'moon', 'moon', 1, 0, 0, 5), (2, 'cats', 'cats', 1, 0, 0, 5);"
	    "INSERT INTO match (query, seq, found_at, how) SELECT 1, seq, 1795341600, 3 FROM video";
	const struct database *database = *state;
	AUTO(store_close) struct store *store = NULL;
	struct error err = {0};
	int64_t left;

	make(database, 8, matches);
	assert_true(store_open(database->path, STORE_CREATE, &store, &err));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM match WHERE how = 3"), 2);
	assert_int_equal(fixture_number(store, "INSERT INTO match (query, seq, found_at, how) SELECT 2, max(seq), 1, 4 FROM video"
	                                       " RETURNING how"),
	                 FOUND_RSS);
	assert_int_equal(sqlite3_exec(store->db, "UPDATE match SET how = 5", NULL, NULL, NULL), SQLITE_CONSTRAINT_CHECK);
	assert_string_equal(sqlite3_errmsg(store->db), "CHECK constraint failed: how BETWEEN 0 AND 4");
	assert_true(store_upkeep(store, 10, &left, &err));
	fixture_check(store);
}

/* Of an earlier version, which followed none. */
static void channels_of_known_matches_are_followed(void **state)
{
	static const char matches[] =
	    "INSERT INTO channel (id, youtube_id, title) VALUES (1, 'UC0123456789012345678901', 'Pets'),"
	    " (2, 'UC0123456789012345678902', 'One');"
	    "INSERT INTO video (seq, id, channel, published_at, title, description, description_cut, thumbnail_url,"
	    " thumbnails, kind, first_seen_at, fetched_at) VALUES"
	    " (1795341600 << 10, 'aaaaaaaaaaA', 1, 1795341600, '', '', 0, '', '{}', 0, 1795341000, 1795341000),"
	    " (1795341601 << 10, 'aaaaaaaaaaE', 2, 1795341601, '', '', 0, '', '{}', 0, 1795341000, 1795341000),"
	    " (1795341602 << 10, 'aaaaaaaaaaI', 1, 1795341602, '', '', 0, '', '{}', 0, 1795341000, 1795341000);"
	    "INSERT INTO query (id, text, folded, origin, entry_state, in_config, created_at) VALUES"
	    " (1, 'moon', 'moon', 1, 0, 0, 5), (2, 'cats', 'cats', 1, 1, 0, 5);"
	    "INSERT INTO match (query, seq, found_at, how) SELECT q.id, seq, 1795341600, 0 FROM video, query q";
	const struct database *database = *state;
	AUTO(store_close) struct store *store = NULL;
	struct error err;
	bool more;

	make(database, 8, matches);
	assert_true(store_open(database->path, STORE_CREATE, &store, &err));
	assert_true(store_follow_known(store, 1795341700, &more, &err));
	assert_true(more);
	assert_int_equal(fixture_number(store, "SELECT channel FROM followed_channel"), 1);
	assert_int_equal(fixture_number(store, "SELECT count(*) * 10 + sum(query) FROM following"), 11); /* not the paused one */
	assert_true(store_follow_known(store, 1795341700, &more, &err));
	assert_false(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_search_index_is_filled_anew_the_newest_videos_first),
	    CASE(queries_that_became_the_same_are_kept),
	    CASE(another_way_to_find_a_video_is_allowed),
	    CASE(what_is_there_gets_its_place_in_the_order_of_recording),
	    CASE(channels_of_known_matches_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
