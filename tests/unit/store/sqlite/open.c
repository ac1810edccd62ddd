/* Opening a record, sharing it, and what can be wrong with the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "store/upkeep/refresh.h"
#include "store/sqlite/connection.h"
#include "tests/support/statements.h"
#include "tests/support/store_fixture.h"

struct place {
	char folder[40];
	char path[64];
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	snprintf(place->folder, sizeof(place->folder), "/tmp/newsreel-open.XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/r.db", place->folder);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	fixture_remove(place->path);
	rmdir(place->folder);
	free(place);
	return 0;
}

static struct store *open_record(const struct place *place, enum store_mode mode)
{
	struct store *store = NULL;
	struct error err = {0};

	if (!store_open(place->path, mode, &store, &err))
		fail_msg("%s", err.text);
	return store;
}

/* What a process of its own does: 0 = it went well. */
static int create_and_save(const struct place *place, int number)
{
	struct store *store = NULL;
	enum video_saved saved;
	struct error err = {0};
	char title[] = "T";
	struct video video = {.title = title, .published_at = FIXTURE_NOW};

	snprintf(video.id, sizeof(video.id), "video%06u", (unsigned)number % 1000000);
	bool done = store_open(place->path, STORE_CREATE, &store, &err) &&
	            store_video_save(store, &video, SOURCE_SEARCH, FIXTURE_NOW, &saved, NULL, &err);
	if (!done)
		fprintf(stderr, "process %d: %s\n", number, err.text);
	store_close(&store);
	return !done;
}

static void several_processes_make_one_record_at_once(void **state)
{
	enum { ROUNDS = 10, PROCESSES = 4 };
	const struct place *place = *state;

	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < PROCESSES; i++) {
			pid_t child = fork();

			assert_true(child >= 0);
			if (child == 0)
				_exit(create_and_save(place, i));
		}
		for (int i = 0; i < PROCESSES; i++) {
			int status;

			assert_true(wait(&status) > 0);
			assert_int_equal(status, 0);
		}
		struct store *store = open_record(place, STORE_WRITE);
		assert_int_equal(fixture_count(store, NULL, 0), PROCESSES);
		fixture_check(store);
		store_close(&store);
		fixture_remove(place->path);
	}
}

static void a_folder_that_is_missing_is_named(void **state)
{
	struct place place = *(struct place *)*state;
	struct store *store = NULL;
	struct error err = {0};

	snprintf(place.path, sizeof(place.path), "%s/none/r.db", place.folder);
	assert_false(store_open(place.path, STORE_CREATE, &store, &err));
	assert_int_equal(err.code, ERR_INTERNAL);
	assert_non_null(strstr(err.text, place.path));
}

static void a_file_that_is_no_record_is_an_error_and_stays(void **state)
{
	static const enum store_mode modes[] = {STORE_CREATE, STORE_WRITE, STORE_READ};
	const struct place *place = *state;
	char text[] = "This is a text, and long enough to be taken for the beginning of a database file, which it is not: "
		      "a database begins otherwise.";
	char back[sizeof(text)] = "";
	FILE *file = fopen(place->path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct store *store = NULL;
		struct error err = {0};

		assert_false(store_open(place->path, modes[i], &store, &err));
		assert_int_equal(err.code, ERR_INTERNAL);
		assert_non_null(strstr(err.text, "not a database"));
	}
	file = fopen(place->path, "r");
	assert_non_null(file);
	assert_non_null(fgets(back, sizeof(back), file));
	assert_int_equal(fclose(file), 0);
	assert_string_equal(back, text);
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void a_database_of_another_program_is_refused_and_stays(void **state)
{
	static const char *const databases[] = {
	    "CREATE TABLE bookmark (url)",
	    "CREATE TABLE bookmark (url); PRAGMA user_version = 3",
	    "CREATE TABLE volume (v); CREATE TABLE video_fts (v); PRAGMA application_id = 7",
	    "CREATE TABLE volume (v); CREATE TABLE video_fts (v); PRAGMA application_id = 7; PRAGMA journal_mode = WAL",
	};
	static const enum store_mode modes[] = {STORE_READ, STORE_WRITE, STORE_CREATE};
	const struct place *place = *state;

	for (size_t i = 0; i < sizeof(databases) / sizeof(databases[0]); i++) {
		AUTO(buf_clear) struct buf before = BUF(1024 * 1024);
		AUTO(buf_clear) struct buf after = BUF(1024 * 1024);
		struct error err = {0};

		run_sql(place->path, databases[i]);
		assert_true(file_read(place->path, &before, &err));
		for (size_t mode = 0; mode < sizeof(modes) / sizeof(modes[0]); mode++) {
			struct store *store = NULL;

			assert_false(store_open(place->path, modes[mode], &store, &err));
			assert_int_equal(err.code, ERR_INVALID);
			assert_non_null(strstr(err.text, "another program"));
		}
		assert_true(file_read(place->path, &after, &err));
		assert_int_equal(after.len, before.len);
		assert_memory_equal(after.data, before.data, before.len);
		fixture_remove(place->path);
	}
}

static int64_t application_id(const struct place *place)
{
	AUTO(store_close) struct store *store = open_record(place, STORE_READ);

	return fixture_number(store, "PRAGMA application_id");
}

static void a_database_from_before_the_mark_is_ours_and_gets_it(void **state)
{
	const struct place *place = *state;
	struct store *store = open_record(place, STORE_CREATE);

	store_close(&store);
	int64_t mark = application_id(place);
	assert_true(mark > 0);
	run_sql(place->path, "PRAGMA application_id = 0");
	assert_int_equal(application_id(place), 0);
	store = open_record(place, STORE_CREATE);
	store_close(&store);
	assert_int_equal(application_id(place), mark);
}

static void an_empty_file_is_not_ready(void **state)
{
	const struct place *place = *state;
	struct store *store = NULL;
	struct error err = {0};
	FILE *file = fopen(place->path, "w");

	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
	assert_false(store_open(place->path, STORE_READ, &store, &err));
	assert_int_equal(err.code, ERR_BUSY);
	store = open_record(place, STORE_CREATE);
	assert_int_equal(fixture_count(store, NULL, 0), 0);
	store_close(&store);
}

static void a_second_writer_waits_and_is_told(void **state)
{
	const struct place *place = *state;
	AUTO(store_close) struct store *first = open_record(place, STORE_CREATE);
	AUTO(store_close) struct store *second = open_record(place, STORE_WRITE);
	struct error err = {0};

	sqlite3_busy_timeout(second->db, 20); /* the usual seconds are too long for a test */
	assert_true(store_begin(first, &err));
	fixture_save(first, "aaaaaaaaaaA", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_false(store_begin(second, &err));
	assert_int_equal(err.code, ERR_BUSY);
	assert_int_equal(fixture_count(second, NULL, 0), 0); /* reading goes on */
	assert_true(store_commit(first, &err));
	assert_true(store_begin(second, &err));
	assert_int_equal(fixture_count(second, NULL, 0), 1);
	store_rollback(second);
}

static void a_full_disk_loses_only_the_transaction_at_hand(void **state)
{
	const struct place *place = *state;
	AUTO(store_close) struct store *store = open_record(place, STORE_CREATE);
	struct error err = {0};
	enum video_saved saved;
	char title[] = "T";
	char description[10000];
	bool done = true;

	fixture_save(store, "aaaaaaaaaaA", "T", "", "C", FIXTURE_NOW, SOURCE_SEARCH);
	assert_int_equal(sqlite3_exec(store->db, "PRAGMA max_page_count = 100", NULL, NULL, NULL), SQLITE_OK);
	memset(description, 'x', sizeof(description) - 1);
	description[sizeof(description) - 1] = '\0';
	assert_true(store_begin(store, &err));
	for (int i = 0; done && i < 1000; i++) {
		struct video video = {.title = title, .description = description, .published_at = FIXTURE_NOW + i};

		snprintf(video.id, sizeof(video.id), "video%06u", (unsigned)i % 1000000);
		done = store_video_save(store, &video, SOURCE_SEARCH, FIXTURE_NOW, &saved, NULL, &err);
	}
	assert_false(done);
	assert_int_equal(err.code, ERR_INTERNAL);
	assert_non_null(strstr(err.text, "full"));
	store_rollback(store);
	assert_int_equal(fixture_count(store, NULL, 0), 1);
	fixture_check(store);
}

static int64_t wal_bytes(const struct place *place)
{
	char path[80];
	struct stat file;

	snprintf(path, sizeof(path), "%s-wal", place->path);
	assert_int_equal(stat(path, &file), 0);
	return file.st_size;
}

static void the_wal_does_not_keep_its_peak(void **state)
{
	enum { LIMIT = 4 * 1024 * 1024, VIDEOS = 2000 };
	const struct place *place = *state;
	struct store *store = open_record(place, STORE_CREATE);
	char description[5001];
	char id[12];
	struct error err;

	memset(description, 'x', sizeof(description) - 1);
	description[sizeof(description) - 1] = '\0';
	assert_true(store_begin(store, &err));
	for (int i = 0; i < VIDEOS; i++) {
		snprintf(id, sizeof(id), "video%06u", (unsigned)i % 1000000);
		fixture_save(store, id, "T", description, NULL, FIXTURE_NOW + i, SOURCE_SEARCH);
	}
	assert_true(store_commit(store, &err));
	assert_true(wal_bytes(place) > 2 * LIMIT);
	fixture_save(store, "aaaaaaaaaaA", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_true(wal_bytes(place) <= LIMIT);
	store_close(&store);
	assert_int_equal(wal_bytes(place), 0);
}

static void room_that_is_free_is_given_back(void **state)
{
	const struct place *place = *state;
	AUTO(store_close) struct store *store = open_record(place, STORE_CREATE);
	struct error err;
	bool left = true;

	assert_true(store_shrink(store, &left, &err));
	assert_false(left);
	assert_true(db_run_text(store,
	                        "CREATE TABLE filler (text TEXT);"
	                        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
	                        "INSERT INTO filler SELECT hex(randomblob(2000)) FROM n; DROP TABLE filler;",
	                        &err));
	int64_t before = fixture_number(store, "PRAGMA page_count");
	for (int steps = 0; left || steps == 0; steps++)
		assert_true(steps < 10 && store_shrink(store, &left, &err));
	assert_true(fixture_number(store, "PRAGMA page_count") < before / 2);
	fixture_check(store);
}

static void a_reader_cannot_write(void **state)
{
	const struct place *place = *state;
	AUTO(store_close) struct store *first = open_record(place, STORE_CREATE);
	AUTO(store_close) struct store *reader = open_record(place, STORE_READ);
	struct error err = {0};

	bool gone;

	assert_false(store_video_missing(reader, "aaaaaaaaaaA", FIXTURE_NOW, &gone, &err));
	assert_int_equal(err.code, ERR_INTERNAL);
	assert_int_equal(fixture_count(reader, NULL, 0), 0);
}

static bool asked_less(void *context)
{
	int *times = context;

	return --*times > 0;
}

/* All together, not each: a request that runs many may not take longer. */
static void statements_end_when_they_may_not_go_on(void **state)
{
	static const char some[] =
	    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5000) SELECT count(*) FROM n";
	static const char endless[] = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
	AUTO(store_close) struct store *store = fixture_store();
	struct error err = {0};
	int64_t number;
	int times = 1000;

	(void)state;
	store_set_may_go_on(store, asked_less, &times);
	while (statement_number(statement_use(store, some), &number, &err))
		continue;
	assert_int_equal(err.code, ERR_BUSY);
	assert_string_equal(err.text, "The request took too long");
	times = 1000;
	assert_false(statement_number(statement_use(store, endless), &number, &err));
	assert_int_equal(err.code, ERR_BUSY);
	assert_int_equal(times, 0);
	store_set_may_go_on(store, NULL, NULL);
	fixture_check(store);
}

static void a_transaction_raises_the_generation_once(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err = {0};
	int64_t before, after;

	(void)state;
	assert_true(store_generation(store, &before, &err));
	assert_true(store_begin(store, &err));
	fixture_save(store, "aaaaaaaaaaA", "T", "", "C", FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaE", "T", "", "C", FIXTURE_NOW, SOURCE_SEARCH);
	assert_true(store_commit(store, &err));
	assert_true(store_generation(store, &after, &err));
	assert_int_equal(after, before + 1);
	assert_true(store_begin(store, &err));
	bool gone;
	assert_true(store_video_missing(store, "aaaaaaaaaaA", FIXTURE_NOW, &gone, &err));
	assert_true(store_commit(store, &err));
	assert_true(store_generation(store, &after, &err));
	assert_int_equal(after, before + 1);
}

static int64_t count(struct store *store)
{
	int64_t videos = -1;
	struct error err = {0};

	if (!store_video_count(store, &videos, &err))
		fail_msg("%s", err.text);
	return videos;
}

static void a_reading_sees_one_state(void **state)
{
	const struct place *place = *state;
	struct store *writer = open_record(place, STORE_CREATE);
	struct store *reader = open_record(place, STORE_READ);
	int64_t before, within, after;
	struct error err = {0};

	fixture_save(writer, "before00000", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_true(store_generation(reader, &before, &err));
	assert_true(store_read_begin(reader, &err));
	fixture_save(writer, "within00000", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_int_equal(count(reader), 1);
	assert_true(store_generation(reader, &within, &err));
	assert_int_equal(within, before);
	store_read_end(reader);
	assert_int_equal(count(reader), 2);
	assert_true(store_generation(reader, &after, &err));
	assert_true(after > before);
	store_read_end(reader); /* harmless */
	store_close(&reader);
	store_close(&writer);
}

static void readings_nest(void **state)
{
	const struct place *place = *state;
	AUTO(store_close) struct store *writer = open_record(place, STORE_CREATE);
	AUTO(store_close) struct store *reader = open_record(place, STORE_READ);
	struct error err = {0};

	assert_true(store_read_begin(reader, &err));
	assert_true(store_read_begin(reader, &err));
	fixture_save(writer, "within00000", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	store_read_end(reader);
	assert_int_equal(count(reader), 0);
	store_read_end(reader);
	assert_int_equal(count(reader), 1);
}

/* What fails within a transaction leaves the rest of it to whoever began it. */
static void a_failed_write_ends_no_transaction_but_its_own(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err = {0};

	(void)state;
	assert_true(store_begin(store, &err));
	assert_true(transaction_begin(store, &err));
	fixture_save(store, "aaaaaaaaaaA", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_false(transaction_end(store, false, &err));
	assert_true(store_commit(store, &err));
	assert_int_equal(count(store), 1);
	assert_true(transaction_begin(store, &err));
	fixture_save(store, "aaaaaaaaaaE", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_false(transaction_end(store, false, &err));
	assert_int_equal(count(store), 1);
	assert_true(store_begin(store, &err));
	store_rollback(store);
}

static void prepare_all(struct store *store, const struct statements *const *lists, size_t count)
{
	for (size_t list = 0; list < count; list++)
		for (size_t i = 0; i < lists[list]->count; i++)
			if (!statement_use(store, lists[list]->sql[i])->handle)
				fail_msg("%s: %s", sqlite3_errmsg(store->db), lists[list]->sql[i]);
}

/* They are prepared when they are first needed, which a test might not do. */
static void every_statement_can_be_prepared(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();

	(void)state;
	prepare_all(store, noun_statements, NOUN_STATEMENTS_COUNT);
	prepare_all(store, sqlite_statements, SQLITE_STATEMENTS_COUNT);
}

static void a_record_on_disk_is_private_and_guarded(void **state)
{
	const struct place *place = *state;
	AUTO(store_close) struct store *first = NULL;
	AUTO(store_close) struct store *second = NULL;
	struct error err;
	struct stat file;

	assert_false(store_open(place->path, STORE_READ, &first, &err));
	assert_int_equal(err.code, ERR_BUSY);
	assert_true(store_open(place->path, STORE_CREATE, &first, &err));
	assert_int_equal(stat(place->path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	assert_true(store_open(place->path, STORE_READ, &second, &err));
	fixture_save(first, "aaaaaaaaaaA", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_int_equal(fixture_count(second, NULL, 0), 1);
	store_close(&second);
	/* A later program's schema is not touched. */
	assert_int_equal(sqlite3_exec(first->db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
	assert_false(store_open(place->path, STORE_WRITE, &second, &err));
	assert_int_equal(err.code, ERR_OUTDATED);
	assert_non_null(strstr(err.text, "newer"));
	assert_false(store_open(place->path, STORE_CREATE, &second, &err));
}

static void a_location_of_another_engine_is_refused_without_its_password(void **state)
{
	struct store *store = NULL;
	struct error err = {0};

	(void)state;
	assert_false(store_open("postgresql://me:secret@host/newsreel", STORE_CREATE, &store, &err));
	assert_int_equal(err.code, ERR_INVALID);
	assert_string_equal(err.text, "there is no database engine for postgresql in this program (make POSTGRES=1)");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(several_processes_make_one_record_at_once),
	    CASE(a_record_on_disk_is_private_and_guarded),
	    CASE(a_folder_that_is_missing_is_named),
	    CASE(a_file_that_is_no_record_is_an_error_and_stays),
	    CASE(a_database_of_another_program_is_refused_and_stays),
	    CASE(a_database_from_before_the_mark_is_ours_and_gets_it),
	    CASE(an_empty_file_is_not_ready),
	    CASE(a_second_writer_waits_and_is_told),
	    CASE(a_full_disk_loses_only_the_transaction_at_hand),
	    CASE(the_wal_does_not_keep_its_peak),
	    CASE(room_that_is_free_is_given_back),
	    CASE(a_reader_cannot_write),
	    cmocka_unit_test(statements_end_when_they_may_not_go_on),
	    cmocka_unit_test(a_transaction_raises_the_generation_once),
	    CASE(a_reading_sees_one_state),
	    CASE(readings_nest),
	    cmocka_unit_test(a_failed_write_ends_no_transaction_but_its_own),
	    cmocka_unit_test(every_statement_can_be_prepared),
	    cmocka_unit_test(a_location_of_another_engine_is_refused_without_its_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
