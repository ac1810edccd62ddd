/* Copies of the whole database, and the way back. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "store/changes/changes.h"
#include "store/files/backup.h"
#include "store/sqlite/connection.h"
#include "tests/support/place.h"
#include "tests/support/store_fixture.h"

static const struct backup_progress silent = {0};

static struct store *open_at(const struct place *place, const char *name, enum store_mode mode)
{
	char path[PLACE_PATH_SIZE];
	struct store *store = NULL;
	struct error err;

	if (!store_open(place_path(place, name, path), mode, &store, &err))
		fail_msg("%s", err.text);
	return store;
}

static void save(struct store *store, int from, int to)
{
	struct error err;

	assert_true(store_begin(store, &err));
	for (int i = from; i < to; i++) {
		char id[VIDEO_ID_SIZE], title[40];

		snprintf(id, sizeof(id), "video%06d", i);
		snprintf(title, sizeof(title), "Title number%d of many", i);
		fixture_save(store, id, title, "A description with some words in it", "C", FIXTURE_NOW + i, SOURCE_SEARCH);
	}
	assert_true(store_commit(store, &err));
}

static bool back_up(const struct place *place, const char *name, struct error *err)
{
	char from[PLACE_PATH_SIZE], to[PLACE_PATH_SIZE];

	return store_backup(place_path(place, "n.db", from), place_path(place, name, to), &silent, err);
}

static bool restore(const struct place *place, const char *name, bool *kept, struct error *err)
{
	char from[PLACE_PATH_SIZE], to[PLACE_PATH_SIZE], aside[PLACE_PATH_SIZE];

	return store_restore(place_path(place, name, from), place_path(place, "n.db", to), place_path(place, "aside", aside),
	                     FIXTURE_NOW + 1000, &silent, kept, err);
}

/* It is whole, a single private file, and has so many videos. */
static void assert_backup(const struct place *place, const char *name, int64_t videos)
{
	AUTO(store_close) struct store *store = open_at(place, name, STORE_READ);
	char path[PLACE_PATH_SIZE];
	struct stat file;

	assert_int_equal(fixture_count(store, NULL, 0), videos);
	fixture_check(store);
	assert_int_equal(stat(place_path(place, name, path), &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
}

static void a_backup_is_the_database_while_others_write(void **state)
{
	const struct place *place = *state;
	AUTO(store_close) struct store *store = open_at(place, "n.db", STORE_CREATE);
	struct error err;

	save(store, 0, 100);
	assert_true(store_begin(store, &err)); /* not committed, and not in the way */
	fixture_save(store, "uncommitted", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_true(back_up(place, "b.db", &err));
	assert_backup(place, "b.db", 100);
	assert_true(store_commit(store, &err));
	assert_true(back_up(place, "b.db", &err)); /* in the place of an older one */
	assert_backup(place, "b.db", 101);
	assert_false(place_has(place, "b.db.newsreel-part") || place_has(place, "b.db-wal") || place_has(place, "b.db-shm"));
}

static void write_on(void *context, int64_t done, int64_t total)
{
	struct store *store = context;
	struct error err;
	int64_t count;

	assert_true(done <= total);
	assert_true(store_video_count(store, &count, &err));
	save(store, (int)count, (int)count + 10);
}

static void what_is_written_between_steps_is_not_in_it(void **state)
{
	const struct place *place = *state;
	AUTO(store_close) struct store *store = open_at(place, "n.db", STORE_CREATE);
	struct backup_progress writing = {.tell = write_on, .context = store};
	char from[PLACE_PATH_SIZE], to[PLACE_PATH_SIZE];
	struct error err;

	save(store, 0, 100);
	assert_true(store_backup(place_path(place, "n.db", from), place_path(place, "b.db", to), &writing, &err));
	assert_backup(place, "b.db", 100);
	assert_true(fixture_count(store, NULL, 0) > 100);
}

static void only_backups_are_replaced(void **state)
{
	const struct place *place = *state;
	struct error err;

	assert_false(back_up(place, "b.db", &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	AUTO(store_close) struct store *store = open_at(place, "n.db", STORE_CREATE);
	assert_false(back_up(place, "n.db", &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_non_null(strstr(err.text, "the database itself"));
	place_write(place, "letter",
	            "Dear reader, this is a text that somebody may want to keep for a while, though it says nothing much.");
	assert_false(back_up(place, "letter", &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_true(place_has(place, "letter"));
	assert_false(back_up(place, "none/b.db", &err));
}

/* ---- killed ---- */

enum { KILLS = 100 };

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* In a process of its own, which gets SIGKILL after so many microseconds; 0 = it ends by itself. */
static void back_up_and_die(const struct place *place, int64_t microseconds)
{
	struct sigevent bang = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	struct itimerspec when = {.it_value = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000}};
	struct error err;
	timer_t timer;
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (microseconds &&
		    (timer_create(CLOCK_MONOTONIC, &bang, &timer) != 0 || timer_settime(timer, 0, &when, NULL) != 0))
			_exit(2);
		_exit(!back_up(place, "b.db", &err));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), 0);
}

static void one_that_is_killed_leaves_whole_backups_alone(void **state)
{
	const struct place *place = *state;
	unsigned seed = (unsigned)time(NULL);
	int videos = 400, last = 0;
	AUTO(store_close) struct store *store = open_at(place, "n.db", STORE_CREATE);

	print_message("seed %u\n", seed);
	srand(seed);
	save(store, 0, videos);
	int64_t begun = now_us();
	back_up_and_die(place, 0);
	int64_t length = now_us() - begun;
	for (int i = 0; i < KILLS; i++) {
		AUTO(store_close) struct store *backup = open_at(place, "b.db", STORE_READ);
		int there = (int)fixture_count(backup, NULL, 0);

		/* The last one that ended, or one that was killed when all was done; nothing is half there. */
		assert_true(there >= last && there <= videos && there % 10 == 0);
		fixture_check(backup);
		last = there;
		save(store, videos, videos + 10);
		videos += 10;
		back_up_and_die(place, 1 + rand() % length);
	}
	back_up_and_die(place, 0);
	assert_backup(place, "b.db", videos);
	assert_false(place_has(place, "b.db.newsreel-part"));
}

/* ---- back ---- */

static void a_restored_database_is_what_was_committed(void **state)
{
	const struct place *place = *state;
	struct store *store = open_at(place, "n.db", STORE_CREATE);
	struct change_page page = {0};
	int64_t generation, restored;
	struct error err;
	bool kept;

	save(store, 0, 50);
	assert_true(back_up(place, "b.db", &err));
	save(store, 50, 70);
	assert_true(store_generation(store, &generation, &err));
	assert_true(store_changes_page(store, NULL, 5, &page, &err));
	struct change_place after = page.next;
	change_page_clear(&page);
	store_close(&store);

	assert_true(restore(place, "b.db", &kept, &err));
	assert_true(kept);
	assert_false(place_has(place, "aside-wal")); /* it was empty */
	assert_backup(place, "n.db", 50);
	assert_backup(place, "aside", 70);
	assert_backup(place, "b.db", 50);
	assert_false(place_has(place, "n.db.restore") || place_has(place, "n.db.restore-wal"));
	/* Nobody takes it for the one before. */
	store = open_at(place, "n.db", STORE_WRITE);
	assert_true(store_generation(store, &restored, &err));
	assert_true(restored > generation);
	assert_false(store_changes_page(store, &after, 5, &page, &err));
	assert_int_equal(err.code, ERR_GONE);
	save(store, 50, 60);
	fixture_check(store);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
	store_close(&store);
}

static void without_a_database_it_is_simply_put_there(void **state)
{
	const struct place *place = *state;
	struct store *store = open_at(place, "n.db", STORE_CREATE);
	char path[PLACE_PATH_SIZE];
	struct error err;
	bool kept;

	save(store, 0, 5);
	store_close(&store);
	assert_true(back_up(place, "b.db", &err));
	fixture_remove(place_path(place, "n.db", path));
	assert_true(restore(place, "b.db", &kept, &err));
	assert_false(kept);
	assert_backup(place, "n.db", 5);
}

static void run_sql(const struct place *place, const char *name, const char *sql)
{
	char path[PLACE_PATH_SIZE];
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(place_path(place, name, path), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Zeroes half of the file, but for its first pages. */
static void damage(const struct place *place, const char *name)
{
	char path[PLACE_PATH_SIZE], zeroes[4096] = {0};
	FILE *file = fopen(place_path(place, name, path), "r+");

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	long size = ftell(file);
	for (long at = 40 * 4096; at < size; at += 2 * 4096) {
		assert_int_equal(fseek(file, at, SEEK_SET), 0);
		assert_int_equal(fwrite(zeroes, sizeof(zeroes), 1, file), 1);
	}
	assert_int_equal(fclose(file), 0);
}

static void foreign_newer_empty_and_damaged_files_are_refused(void **state)
{
	static const struct {
		const char *name;
		const char *words;
		enum error_code code;
	} files[] = {
	    {"none", "No such file", ERR_NOT_FOUND},
	    {"letter", "not a database", ERR_INTERNAL},
	    {"foreign", "another program's", ERR_INVALID},
	    {"empty", "not a database of newsreel's", ERR_INVALID},
	    {"newer", "newer than this program's", ERR_OUTDATED},
	    {"damaged", "damaged", ERR_INTERNAL},
	};
	const struct place *place = *state;
	struct store *store = open_at(place, "n.db", STORE_CREATE);
	struct error err;
	bool kept;

	save(store, 0, 300);
	store_close(&store);
	place_write(place, "letter",
	            "Dear reader, this is a text that is long enough to be taken for a database, but that it is not. Yours.");
	place_write(place, "empty", "");
	run_sql(place, "foreign", "CREATE TABLE note (text)");
	assert_true(back_up(place, "newer", &err) && back_up(place, "damaged", &err));
	run_sql(place, "newer", "PRAGMA user_version = 9999");
	damage(place, "damaged");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		assert_false(restore(place, files[i].name, &kept, &err));
		if (!strstr(err.text, files[i].words) || !strstr(err.text, files[i].name))
			fail_msg("%s: %s", files[i].name, err.text);
		assert_int_equal(err.code, files[i].code);
		assert_false(place_has(place, "aside") || place_has(place, "n.db.restore"));
	}
	assert_backup(place, "n.db", 300);
}

static void a_damaged_database_gives_no_backup_and_is_kept_aside(void **state)
{
	const struct place *place = *state;
	struct store *store = open_at(place, "n.db", STORE_CREATE);
	struct error err;
	bool kept;

	save(store, 0, 300);
	store_close(&store);
	assert_true(back_up(place, "b.db", &err));
	damage(place, "n.db");
	assert_false(back_up(place, "b.db", &err));
	assert_non_null(strstr(err.text, "damaged"));
	assert_backup(place, "b.db", 300);
	assert_true(restore(place, "b.db", &kept, &err));
	assert_true(kept && place_has(place, "aside"));
	assert_backup(place, "n.db", 300);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_backup_is_the_database_while_others_write),
	    TEST(what_is_written_between_steps_is_not_in_it),
	    TEST(only_backups_are_replaced),
	    TEST(one_that_is_killed_leaves_whole_backups_alone),
	    TEST(a_restored_database_is_what_was_committed),
	    TEST(without_a_database_it_is_simply_put_there),
	    TEST(foreign_newer_empty_and_damaged_files_are_refused),
	    TEST(a_damaged_database_gives_no_backup_and_is_kept_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
