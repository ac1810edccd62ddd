/* newsreel-fetch --copy-to and --copy-from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "cron/commands/commands.h"
#include "tests/support/database.h"
#include "tests/support/place.h"
#include "tests/support/store_fixture.h"

enum { URL_SIZE = 512, VIDEOS = 3 };

/* A data folder with a record of some videos, and a database beside. */
struct sides {
	struct place place;
	char url[URL_SIZE];
};

static struct sides sides;

static struct store *open_at(const char *location, enum store_mode mode)
{
	struct store *store = NULL;
	struct error err;

	if (!store_open(location, mode, &store, &err))
		fail_msg("%s", err.text);
	return store;
}

static struct store *open_file(enum store_mode mode)
{
	char path[PLACE_PATH_SIZE];

	return open_at(place_path(&sides.place, "newsreel.db", path), mode);
}

static int set_up(void **state)
{
	struct place *place;

	place_set_up(state);
	place = *state;
	sides.place = *place;
	snprintf(sides.url, sizeof(sides.url), "%s", test_database());
	struct store *store = open_file(STORE_CREATE);
	for (int i = 0; i < VIDEOS; i++) {
		static const char *const ids[VIDEOS] = {"aaaaaaaaaaA", "aaaaaaaaaaE", "aaaaaaaaaaI"};

		fixture_save(store, ids[i], "A launch", "", "Channel", FIXTURE_NOW + i, SOURCE_SEARCH);
	}
	store_close(&store);
	return 0;
}

static enum exit_status run(command_fn *command, const char *argument, struct error *err)
{
	struct program program = {.options = {.argument = argument},
	                          .config = {.data = sides.place.folder},
	                          .clock = clock_system()};

	return command(&program, err);
}

static void assert_sound(struct store *store)
{
	fixture_check(store);
	assert_int_equal(fixture_count(store, "launch", 0), VIDEOS);
	store_close(&store);
}

static void a_record_goes_there_and_back(void **state)
{
	char path[PLACE_PATH_SIZE];
	struct error err = {0};

	(void)state;
	/* Readers stay where they are. */
	struct store *reader = open_file(STORE_READ);
	assert_true(store_read_begin(reader, &err));
	assert_int_equal(run(command_copy_to, sides.url, &err), EXIT_WELL);
	store_read_end(reader);
	assert_sound(reader);
	assert_sound(open_at(sides.url, STORE_READ));

	assert_int_equal(run(command_copy_from, sides.url, &err), EXIT_FAILED);
	assert_non_null(strstr(err.text, "newsreel.db: it has a record already (table channel: 1 rows), and has to be empty"));
	fixture_remove(place_path(&sides.place, "newsreel.db", path));
	assert_int_equal(run(command_copy_from, sides.url, &err), EXIT_WELL);
	assert_sound(open_file(STORE_READ));
}

static void what_was_counted_wrong_is_rebuilt(void **state)
{
	struct store *store = open_file(STORE_WRITE);
	struct error err = {0};

	(void)state;
	fixture_run(store, "UPDATE meta SET videos = 7");
	store_close(&store);
	assert_int_equal(run(command_copy_to, sides.url, &err), EXIT_WELL);
	assert_sound(open_at(sides.url, STORE_READ));
}

static void a_run_in_progress_is_waited_for(void **state)
{
	AUTO(store_close) struct store *elsewhere = open_at(sides.url, STORE_CREATE);
	AUTO(file_close) int lock = -1;
	char path[PLACE_PATH_SIZE];
	struct error err = {0};
	bool taken;

	(void)state;
	assert_true(store_lock(elsewhere, STORE_LOCK_RUN, &taken, &err) && taken);
	assert_int_equal(run(command_copy_to, sides.url, &err), EXIT_FAILED);
	assert_string_equal(err.text, "PostgreSQL: a run is in progress on another machine: wait for its end");
	store_unlock(elsewhere, STORE_LOCK_RUN);
	assert_true(file_lock(place_path(&sides.place, "fetch.lock", path), &lock, &err));
	assert_int_equal(run(command_copy_to, sides.url, &err), EXIT_FAILED);
	assert_string_equal(err.text, "another run is still in progress");
}

static void the_other_side_is_a_url(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(run(command_copy_to, "newsreel", &err), EXIT_WRONG_USE);
	assert_int_equal(run(command_copy_to, "mysql://host/newsreel", &err), EXIT_WRONG_USE);
	assert_int_equal(run(command_copy_from, "postgresql://me:sec%ret@host/newsreel", &err), EXIT_WRONG_USE);
	assert_null(strstr(err.text, "ret@"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_record_goes_there_and_back),
	    TEST(what_was_counted_wrong_is_rebuilt),
	    TEST(a_run_in_progress_is_waited_for),
	    TEST(the_other_side_is_a_url),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
