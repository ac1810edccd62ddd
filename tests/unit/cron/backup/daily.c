/* The backup of the day: when it is due, what is kept, what the database knows of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/timestamp.h"
#include "cron/backup/backup.h"
#include "cron/backup/restore.h"
#include "store/files/backup_log.h"
#include "tests/support/place.h"
#include "tests/support/store_fixture.h"

enum { DAY = SECONDS_PER_DAY };

struct scene {
	struct place *place;
	char backups[PLACE_PATH_SIZE];
	char database[64];
	struct config config; /* borrows from here */
	struct store *store;
};

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	char path[PLACE_PATH_SIZE];
	void *place;
	struct error err;

	assert_non_null(scene);
	place_set_up(&place);
	scene->place = place;
	place_path(scene->place, "b", scene->backups);
	scene->config = (struct config){.data = scene->place->folder,
	                                .database = scene->database,
	                                .backup_dir = scene->backups,
	                                .backup_keep = 3,
	                                .backup_age_days = 30};
	assert_true(store_open(place_path(scene->place, "newsreel.db", path), STORE_CREATE, &scene->store, &err));
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	void *place = scene->place;

	store_close(&scene->store);
	free(scene);
	return place_tear_down(&place);
}

static struct backup_day run(struct scene *scene, int64_t now)
{
	struct backup_day day;
	struct error err;

	if (!backup_daily(scene->store, &scene->config, now, NULL, &day, &err))
		fail_msg("%s", err.text);
	return day;
}

static void postgres_is_backed_up_by_others(void **state)
{
	struct scene *scene = *state;
	struct backup_day day;
	struct error err = {0};

	snprintf(scene->database, sizeof(scene->database), "postgresql://me:secret@host/newsreel");
	assert_false(backup_daily(scene->store, &scene->config, FIXTURE_NOW, NULL, &day, &err));
	assert_int_equal(err.code, ERR_INVALID);
	assert_string_equal(err.text, "NEWSREEL_DATABASE: a backup of PostgreSQL is made with pg_dump (docs/machines.md)");
	assert_false(backup_make(&scene->config, scene->backups, FIXTURE_NOW, NULL, &err));
	assert_int_equal(err.code, ERR_INVALID);
}

static struct backup_log log_of(struct scene *scene)
{
	struct backup_log log;
	struct error err;

	assert_true(store_backup_log_read(scene->store, &log, &err));
	return log;
}

static void there_is_one_a_day_and_old_ones_go(void **state)
{
	struct scene *scene = *state;

	for (int day = 0; day < 5; day++) {
		assert_true(run(scene, FIXTURE_NOW + day * DAY).made);
		assert_false(run(scene, FIXTURE_NOW + day * DAY + 60).made);
		if (day == 0) {
			place_write(scene->place, "b/newsreel-2026-01-01.db.txt", "mine");
			place_write(scene->place, "b/newsreel-2026-13-45.db", "mine");
			place_write(scene->place, "b/other.db", "mine");
			place_write(scene->place, "b/newsreel-2026-11-21.db.newsreel-part", "what a killed one has left");
		}
	}
	assert_int_equal(log_of(scene).succeeded_at, FIXTURE_NOW + 4 * DAY);
	assert_true(log_of(scene).bytes > 4096);
	assert_false(place_has(scene->place, "b/newsreel-2026-11-22.db") || place_has(scene->place, "b/newsreel-2026-11-23.db"));
	assert_true(place_has(scene->place, "b/newsreel-2026-11-24.db") && place_has(scene->place, "b/newsreel-2026-11-25.db") &&
	            place_has(scene->place, "b/newsreel-2026-11-26.db"));
	assert_false(place_has(scene->place, "b/newsreel-2026-11-21.db.newsreel-part"));
	assert_true(place_has(scene->place, "b/newsreel-2026-01-01.db.txt") &&
	            place_has(scene->place, "b/newsreel-2026-13-45.db") && place_has(scene->place, "b/other.db"));
	/* After a month without newsreel. */
	assert_int_equal(run(scene, FIXTURE_NOW + 35 * DAY).removed, 3);
	assert_true(place_has(scene->place, "b/newsreel-2026-12-27.db"));
}

static void one_that_fails_is_noted_and_removes_nothing(void **state)
{
	struct scene *scene = *state;
	struct backup_day day;
	struct error err;

	scene->config.backup_keep = 1;
	assert_true(run(scene, FIXTURE_NOW).made);
	/* Something else has tomorrow's name already in its way. */
	char path[PLACE_PATH_SIZE];
	assert_true(folder_make(place_path(scene->place, "b/newsreel-2026-11-23.db.newsreel-part", path), &err));
	assert_false(backup_daily(scene->store, &scene->config, FIXTURE_NOW + DAY, NULL, &day, &err));
	assert_non_null(strstr(err.text, "newsreel-2026-11-23.db"));
	AUTO(backup_log_clear) struct backup_log log = log_of(scene);
	assert_string_equal(log.error, err.text);
	assert_int_equal(log.succeeded_at, FIXTURE_NOW);
	assert_true(place_has(scene->place, "b/newsreel-2026-11-22.db"));
	assert_int_equal(remove(path), 0);
	assert_true(run(scene, FIXTURE_NOW + DAY + 3600).made);
	assert_null(log_of(scene).error);
	assert_false(place_has(scene->place, "b/newsreel-2026-11-22.db"));
}

/* Whoever made it was ended before that, or had to wait for the database too long. */
static void one_that_was_not_noted_is_noted_by_the_next(void **state)
{
	struct scene *scene = *state;
	struct error err;

	scene->config.backup_keep = 1;
	assert_true(run(scene, FIXTURE_NOW).made);
	place_write(scene->place, "b/newsreel-2026-11-23.db", "made, and not noted");
	assert_true(store_backup_log_failure(scene->store, "the day before", &err));
	assert_false(run(scene, FIXTURE_NOW + DAY).made);
	assert_null(log_of(scene).error);
	assert_int_equal(log_of(scene).succeeded_at, FIXTURE_NOW + DAY);
	assert_false(place_has(scene->place, "b/newsreel-2026-11-22.db"));
}

static void it_is_known_since_when_they_are_wanted(void **state)
{
	struct scene *scene = *state;
	struct error err;

	for (int day = 0; day < 2; day++)
		assert_true(store_backup_log_want(scene->store, true, FIXTURE_NOW + day * DAY, &err));
	assert_true(store_backup_log_failure(scene->store, "no room", &err));
	AUTO(backup_log_clear) struct backup_log failed = log_of(scene);
	assert_int_equal(failed.wanted_since, FIXTURE_NOW);
	assert_true(store_backup_log_want(scene->store, false, FIXTURE_NOW + 2 * DAY, &err));
	assert_int_equal(log_of(scene).wanted_since, 0);
	assert_null(log_of(scene).error);
}

static void one_that_is_asked_for_is_noted_and_comes_back(void **state)
{
	struct scene *scene = *state;
	char path[PLACE_PATH_SIZE];
	FILE *nowhere = fopen("/dev/null", "w");
	int lock = -1;
	struct error err;

	assert_non_null(nowhere);
	place_path(scene->place, "mine.db", path);
	fixture_save(scene->store, "aaaaaaaaaaA", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_true(backup_make(&scene->config, path, FIXTURE_NOW + 5, nowhere, &err));
	assert_int_equal(log_of(scene).succeeded_at, FIXTURE_NOW + 5);
	fixture_save(scene->store, "aaaaaaaaaaB", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	store_close(&scene->store);

	/* Not while another program uses the database. */
	static const char *const users[][2] = {{"web.lock", "newsreel-web runs: stop newsreel"},
	                                       {"import.lock", "an import is in progress: wait for its end"}};
	char lock_path[PLACE_PATH_SIZE];
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		assert_true(file_lock(place_path(scene->place, users[i][0], lock_path), &lock, &err));
		assert_false(restore_backup(&scene->config, path, FIXTURE_NOW, nowhere, nowhere, &err));
		assert_int_equal(err.code, ERR_BUSY);
		assert_non_null(strstr(err.text, users[i][1]));
		file_close(&lock);
	}

	assert_true(restore_backup(&scene->config, path, FIXTURE_NOW, nowhere, nowhere, &err));
	assert_true(place_has(scene->place, "newsreel.db.20261122T100000Z"));
	assert_true(store_open(place_path(scene->place, "newsreel.db", lock_path), STORE_WRITE, &scene->store, &err));
	assert_int_equal(fixture_count(scene->store, NULL, 0), 1);
	fclose(nowhere);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(there_is_one_a_day_and_old_ones_go),
	    TEST(one_that_fails_is_noted_and_removes_nothing),
	    TEST(one_that_was_not_noted_is_noted_by_the_next),
	    TEST(it_is_known_since_when_they_are_wanted),
	    TEST(postgres_is_backed_up_by_others),
	    TEST(one_that_is_asked_for_is_noted_and_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
