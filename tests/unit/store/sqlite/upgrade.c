/* Databases that earlier versions made (tests/upgrade), migrated, checked and read. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "store/files/backup.h"
#include "store/keys.h"
#include "store/queries.h"
#include "store/sqlite/tokenizer.h"
#include "store/video_search.h"
#include "tests/support/place.h"
#include "tests/support/store_fixture.h"

#define DATABASES "tests/upgrade/databases"

enum { IMPORTED = 4, DATABASES_MIN = 11 };

static void unpack(const char *from, const char *to)
{
	gzFile packed = gzopen(from, "rb");
	FILE *file = fopen(to, "w");
	char chunk[16384];
	int got;

	assert_non_null(packed);
	assert_non_null(file);
	while ((got = gzread(packed, chunk, sizeof(chunk))) > 0)
		assert_int_equal(fwrite(chunk, 1, (size_t)got, file), got);
	assert_int_equal(got, 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(gzclose(packed), Z_OK);
}

/* What tests/upgrade/make put in. */
static void read_all(struct store *store)
{
	AUTO(video_clear) struct video video = {0};
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(key_list_clear) struct key_list keys = {0};
	struct quota_defaults quota = {{100, 10000}};
	struct error err;

	assert_int_equal(fixture_count(store, "cafe moon", 0), 1);
	assert_int_equal(fixture_count(store, "着陸", 0), 1);
	assert_int_equal(fixture_count(store, "night sky stage", 0), 1);
	assert_true(store_video_get(store, "upgradeAAAA", &video, &err));
	assert_string_equal(video.title, "Café on the Moon");
	assert_string_equal(video.description, "Straße, apollo");
	assert_string_equal(video.channel_title, "Night Sky");
	assert_true(store_queries_list(store, QUERIES_PUBLIC, FIXTURE_NOW, &queries, &err));
	assert_int_equal(queries.count, 2);
	for (size_t i = 0; i < queries.count; i++) {
		assert_true(strcmp(queries.items[i].text, "landing") == 0 || strcmp(queries.items[i].text, "rocket launch") == 0);
		assert_true(queries.items[i].covered_since > 0);
		assert_int_equal(fixture_count(store, NULL, queries.items[i].id), queries.items[i].videos);
	}
	int64_t found = queries.items[0].videos + queries.items[1].videos;
	assert_true(found > 0);
	assert_int_equal(fixture_count(store, NULL, 0), IMPORTED + found);
	assert_true(store_keys_list(store, &quota, FIXTURE_NOW, &keys, &err));
	assert_int_equal(keys.count, 1);
}

static void upgrade(const struct place *place, const char *name)
{
	AUTO(store_close) struct store *store = NULL;
	char from[PLACE_PATH_SIZE], path[PLACE_PATH_SIZE], backup[PLACE_PATH_SIZE];
	const struct backup_progress silent = {0};
	struct error err = {0};
	int64_t left;

	print_message("%s\n", name);
	snprintf(from, sizeof(from), DATABASES "/%s", name);
	unpack(from, place_path(place, "n.db", path));
	/* This program saves it as it is, before it migrates it. */
	if (!store_backup(path, place_path(place, "b.db", backup), &silent, &err) ||
	    !store_open(path, STORE_CREATE, &store, &err) || !store_upkeep(store, 1000, &left, &err))
		fail_msg("%s: %s", name, err.text);
	assert_int_equal(left, 0);
	fixture_check(store);
	read_all(store);
	store_close(&store);
	assert_true(store_open(backup, STORE_CREATE, &store, &err));
	fixture_check(store);
	fixture_remove(path);
	fixture_remove(backup);
}

static void databases_of_every_version_are_migrated_sound_and_read(void **state)
{
	DIR *folder = opendir(DATABASES);
	const struct dirent *entry;
	int count = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder)))
		if (strstr(entry->d_name, ".db.gz")) {
			upgrade(*state, entry->d_name);
			count++;
		}
	closedir(folder);
	assert_true(count >= DATABASES_MIN);
}

/* What version 0.1.0 left behind: two full-text indices, a channel and two videos of it, one without a channel, and one that waits. */
static const char version_0_1_0[] =
    "PRAGMA user_version = 5;"
    "INSERT INTO channel (id, youtube_id, title) VALUES (3, 'UC0', 'Rocket TV');"
    "INSERT INTO video (seq, id, channel, published_at, title, description, description_cut, thumbnail_url, thumbnails, kind,"
    " first_seen_at, fetched_at, checked_at) VALUES"
    " (1795341600 << 10, 'aaaaaaaaaaA', 3, 1795341600, 'a launch', '', 0, '', '{}', 0, 1795341600, 1795341600, 1795341600),"
    " (1795341601 << 10, 'aaaaaaaaaaE', NULL, 1795341601, 'a rocket', '', 0, '', '{}', 0, 1795341600, 1795341600, 1795341600),"
    " (1795341602 << 10, 'aaaaaaaaaaI', 3, 1795341602, 'the moon', 'launch', 0, '', '{}', 0, 1795341600, 1795341600, 1795341600),"
    " (1795341603 << 10, 'aaaaaaaaaaM', 3, 1795341603, 'waiting', '', 0, '', '{}', 0, 1795341600, 1795341600, 1795341600);"
    "INSERT INTO unindexed VALUES (1795341603 << 10);"
    "INSERT INTO video_fts (rowid, title, description, channel)"
    " SELECT * FROM video_text WHERE seq NOT IN (SELECT seq FROM unindexed);"
    "INSERT INTO channel_fts (rowid, title, description, channel)"
    " SELECT key, title, description, channel FROM channel_text WHERE seq NOT IN (SELECT seq FROM unindexed);"
    "INSERT INTO word SELECT term, doc, 1795341602 << 10 FROM video_vocabulary;";

static void make_version_0_1_0(const char *path)
{
	enum { SCHEMA = 5 };
	struct tokenizer_host tokenizer = {0};
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_true(tokenizer_register(db, &tokenizer));
	for (int i = 0; i < SCHEMA; i++)
		assert_int_equal(sqlite3_exec(db, embedded_migrations.items[i].text, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, version_0_1_0, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t count_in_channel(struct store *store, const char *text)
{
	AUTO(video_page_clear) struct video_page page = {0};
	struct video_request request = {.filter = {.words = text, .channel_id = "UC0"}, .page_number = 1, .page_size = 10};
	struct error err;

	assert_true(store_videos_page(store, &request, &page, &err));
	return page.count;
}

static void a_database_of_version_0_1_0_gets_the_one_index_when_it_is_opened(void **state)
{
	AUTO(store_close) struct store *store = NULL;
	char path[PLACE_PATH_SIZE];
	struct error err;
	int64_t left;

	make_version_0_1_0(place_path(*state, "r.db", path));
	assert_true(store_open(path, STORE_CREATE, &store, &err));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'channel_fts%'"), 0);
	assert_int_equal(fixture_count(store, "rocket ", 0), 0);
	assert_true(store_upkeep(store, 10, &left, &err));
	assert_int_equal(left, 0);
	assert_int_equal(fixture_count(store, "rocket ", 0), 4);
	assert_int_equal(count_in_channel(store, "rocket "), 3);
	assert_int_equal(count_in_channel(store, "laun"), 2);
	assert_int_equal(count_in_channel(store, "waiting"), 1);
	fixture_check(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(databases_of_every_version_are_migrated_sound_and_read, place_set_up,
	                                    place_tear_down),
	    cmocka_unit_test_setup_teardown(a_database_of_version_0_1_0_gets_the_one_index_when_it_is_opened, place_set_up,
	                                    place_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
