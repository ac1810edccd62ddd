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

#include "store/files/backup.h"
#include "store/keys.h"
#include "store/queries.h"
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(databases_of_every_version_are_migrated_sound_and_read, place_set_up,
	                                    place_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
