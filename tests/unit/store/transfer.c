/* A record from SQLite to the engine under test, and back: the same, row by row. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/queries.h"
#include "store/transfer/table.h"
#include "store/transfer/table_list.h"
#include "store/transfer/transfer.h"
#include "tests/support/database.h"
#include "tests/support/place.h"
#include "tests/support/store_fixture.h"

enum { ROWS = 3, LINE_MAX_BYTES = 64 * 1024, SQL_SIZE = 512 };

static const struct transfer_progress silent = {0};

/* ---- databases ---- */

static struct store *open_at(const char *location, enum store_mode mode)
{
	struct store *store = NULL;
	struct error err;

	if (!store_open(location, mode, &store, &err))
		fail_msg("%s: %s", location, err.text);
	return store;
}

static struct store *open_file(const struct place *place, const char *name, enum store_mode mode)
{
	char path[PLACE_PATH_SIZE];

	return open_at(place_path(place, name, path), mode);
}

static void transfer(struct store *from, struct store *to)
{
	struct error err;
	int64_t rows, left;

	if (!store_transfer(from, to, &silent, &rows, &err) || !store_upkeep(to, INT64_MAX, &left, &err))
		fail_msg("%s", err.text);
	assert_true(rows > 0);
	assert_int_equal(left, 0);
}

static int64_t count_rows(struct store *store, const char *schema, const char *table)
{
	char sql[SQL_SIZE];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s.%s", schema, table);
	return fixture_number(store, sql);
}

/* ---- rows for every table: numbers, texts with what COPY has signs for, NULL where there may be one ---- */

static bool is_key(const struct table *table, size_t column)
{
	for (int i = 0; i < table->key_columns; i++)
		if (table->key[i] == (int)column)
			return true;
	return false;
}

/* As CHECKs and references want it: rows of all tables refer to those of the same number. */
static int64_t number_for(const struct table *table, size_t column, int row)
{
	static const char *const references[] = {"channel", "query", "project", "number", "alert", "seq", "source_channel"};
	const char *name = table->columns.items[column];

	if (strcmp(table->name, "meta") == 0 || strcmp(table->name, "backup") == 0)
		return 1;
	if (strcmp(name, "bucket") == 0)
		return row % 2;
	if (strcmp(name, "until") == 0)
		return row + 10;
	if (strcmp(table->name, "coverage") == 0 && strcmp(name, "reason") == 0)
		return 0;
	if (is_key(table, column) || strcmp(table->name, "coverage") == 0)
		return row + 1;
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++)
		if (strcmp(name, references[i]) == 0)
			return row + 1;
	return row % 2;
}

static bool is_text(struct store *store, const char *table, const char *column, bool *may_be_null)
{
	static const char sql[] = "SELECT type = 'TEXT', \"notnull\" = 0 AND pk = 0 FROM pragma_table_info(?1) WHERE name = ?2";
	AUTO(statement_done) struct statement *type = statement_use(store, sql);
	struct error err;

	bind_text(type, 1, table);
	bind_text(type, 2, column);
	assert_true(statement_row(type, column, &err));
	*may_be_null = column_int(type, 1);
	return column_int(type, 0) != 0;
}

static void write_value(struct store *store, const struct table *table, size_t column, int row, struct buf *line)
{
	static const char *const reals[ROWS] = {"0.1", "1e+22", "1234567890123456.7"};
	const char *name = table->columns.items[column];
	bool may_be_null;
	bool text = is_text(store, table->name, name, &may_be_null);

	if (may_be_null && row == 2)
		buf_add_text(line, "\\N");
	else if (table->is_real[column])
		buf_add_text(line, reals[row]);
	else if (!text)
		buf_add_int(line, number_for(table, column, row));
	else if (strcmp(name, "id") == 0)
		buf_printf(line, "id%d", row + 1);
	else
		buf_printf(line, "%s %d \\t\\b\\f\\n\\r\\v\\\\N 'it''s' \"ß\" \xF0\x9F\x9A\x80 \x01", name, row);
}

static void fill_table(struct store *store, const struct listed_table *listed)
{
	AUTO(table_clear) struct table table = {0};
	AUTO(buf_clear) struct buf lines = BUF(LINE_MAX_BYTES);
	bool one = strcmp(listed->name, "meta") == 0 || strcmp(listed->name, "backup") == 0;
	struct error err;

	assert_true(table_describe(store, listed->name, &table, &err));
	for (int row = 0; row < (one ? 1 : ROWS); row++)
		for (size_t i = 0; i < table.columns.count; i++) {
			write_value(store, &table, i, row, &lines);
			buf_add_char(&lines, i + 1 < table.columns.count ? '\t' : '\n');
		}
	fixture_run(store, listed->clear);
	if (!table_write(store, &table, buf_text(&lines), lines.len, &err))
		fail_msg("%s: %s\n%s", listed->name, err.text, buf_text(&lines));
}

static void fill(struct store *store)
{
	struct error err;

	assert_true(store_begin(store, &err) && tables_load_begin(store, &err));
	for (size_t i = 0; i < listed_tables_count; i++)
		if (!listed_tables[i].of_index)
			fill_table(store, &listed_tables[i]);
	assert_true(tables_load_end(store, &err) && store_commit(store, &err));
}

/* ---- tests ---- */

/* Asked of SQLite itself, which has both files open. The generation rises with each copy. */
static void assert_same_tables(struct store *store)
{
	fixture_run(store, "UPDATE main.meta SET generation = (SELECT generation FROM first.meta)");
	for (size_t i = 0; i < listed_tables_count; i++) {
		const char *name = listed_tables[i].name;
		char differing[SQL_SIZE];

		if (listed_tables[i].of_index)
			continue;
		snprintf(differing, sizeof(differing),
		         "SELECT count(*) FROM (SELECT * FROM main.%s EXCEPT SELECT * FROM first.%s)", name, name);
		if (fixture_number(store, differing) || count_rows(store, "main", name) == 0 ||
		    count_rows(store, "main", name) != count_rows(store, "first", name))
			fail_msg("table %s", name);
	}
}

static void every_table_comes_back_as_it_was(void **state)
{
	const struct place *place = *state;
	AUTO(store_close) struct store *first = open_file(place, "first.db", STORE_CREATE);
	AUTO(store_close) struct store *between = open_at(test_database(), STORE_CREATE);
	AUTO(store_close) struct store *last = open_file(place, "last.db", STORE_CREATE);
	char path[PLACE_PATH_SIZE], attach[SQL_SIZE];

	fill(first);
	transfer(first, between);
	transfer(between, last);
	snprintf(attach, sizeof(attach), "ATTACH '%s' AS first", place_path(place, "first.db", path));
	fixture_run(last, attach);
	assert_same_tables(last);
}

/* With its search index and counts, and what is added later continues it. */
static void a_copied_record_is_sound_and_goes_on(void **state)
{
	AUTO(store_close) struct store *from = open_file(*state, "from.db", STORE_CREATE);
	AUTO(store_close) struct store *to = open_at(test_database(), STORE_CREATE);
	int64_t query = fixture_query(from, "launch"), other = fixture_query(from, "landing");

	for (int i = 0; i < 50; i++) {
		char id[20];

		snprintf(id, sizeof(id), "video%06d", i);
		fixture_match(from, query,
		              fixture_save(from, id, "A launch", "of a rocket", "Channel", FIXTURE_NOW - i, SOURCE_SEARCH));
	}
	transfer(from, to);
	fixture_check(to);
	assert_int_equal(fixture_count(to, "rocket", 0), 50);
	assert_int_equal(fixture_query(to, "orbit"), other + 1);
	fixture_match(to, query, fixture_save(to, "video999999", "Another launch", "", "Channel", FIXTURE_NOW, SOURCE_SEARCH));
	fixture_check(to);
	assert_int_equal(fixture_count(to, "launch", query), 51);
}

static void a_record_is_not_written_over(void **state)
{
	AUTO(store_close) struct store *from = open_file(*state, "from.db", STORE_CREATE);
	AUTO(store_close) struct store *to = open_at(test_database(), STORE_CREATE);
	struct error err;
	int64_t rows;

	fixture_query(to, "theirs");
	assert_false(store_transfer(from, to, &silent, &rows, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.text, "it has a record already (table query: 1 rows), and has to be empty");
}

/* Nothing of what went before stays, and the same again succeeds once the row is mended. */
static void a_text_that_cannot_be_copied_is_named(void **state)
{
	AUTO(store_close) struct store *from = open_file(*state, "from.db", STORE_CREATE);
	char location[SQL_SIZE];
	struct error err;
	int64_t rows;

	snprintf(location, sizeof(location), "%s", test_database());
	AUTO(store_close) struct store *to = open_at(location, STORE_CREATE);
	fill(from);
	fixture_run(from, "UPDATE alert_delivery SET videos = CAST(x'61C3' AS TEXT) WHERE id = 2");
	assert_false(store_transfer(from, to, &silent, &rows, &err));
	assert_int_equal(err.code, ERR_INVALID);
	assert_string_equal(err.text, "table alert_delivery, row 2: its text is not UTF-8");
	if (test_database_is_postgres()) {
		store_close(&to);
		to = open_at(location, STORE_WRITE);
		assert_int_equal(fixture_number(to, "SELECT count(*) FROM video"), 0);
		fixture_run(from, "UPDATE alert_delivery SET videos = 'a' WHERE id = 2");
		transfer(from, to);
	}
}

static void die(void *context, const char *what, int64_t done, int64_t total)
{
	(void)total;
	if (strcmp(what, context) == 0 && done > 0)
		raise(SIGKILL);
}

/* In a process of its own, while it is in the part WHAT. */
static void transfer_and_die(const struct place *place, const char *to, const char *what)
{
	char context[32];
	struct transfer_progress deadly = {.tell = die, .context = context};
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct error err;
		int64_t rows;

		snprintf(context, sizeof(context), "%s", what);
		_exit(store_transfer(open_file(place, "from.db", STORE_WRITE), open_at(to, STORE_CREATE), &deadly, &rows, &err)
		          ? EXIT_SUCCESS
		          : EXIT_FAILURE);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

static void one_that_is_killed_is_begun_again(void **state)
{
	const struct place *place = *state;
	AUTO(store_close) struct store *from = NULL;
	AUTO(store_close) struct store *to = NULL;
	char location[SQL_SIZE], path[PLACE_PATH_SIZE];

	from = open_file(place, "from.db", STORE_CREATE);
	fill(from);
	store_close(&from);
	snprintf(location, sizeof(location), "%s",
	         test_database_is_postgres() ? test_database() : place_path(place, "to.db", path));
	transfer_and_die(place, location, "copy");
	transfer_and_die(place, location, "comparison");
	from = open_file(place, "from.db", STORE_WRITE);
	to = open_at(location, STORE_WRITE);
	assert_int_equal(fixture_number(to, "SELECT count(*) FROM video"), 0);
	transfer(from, to);
	assert_int_equal(fixture_number(to, "SELECT count(*) FROM video"), ROWS);
}

static void no_table_is_left_out(void **state)
{
	static const char in_sqlite[] = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
					" AND name NOT LIKE 'video_fts%' AND name <> 'video_vocabulary'";
	/* Its own, beside: the schema's number, and the search index. */
	static const char in_postgres[] = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
					  " AND tablename NOT IN ('newsreel', 'video_search')";
	AUTO(store_close) struct store *store = open_at(test_database(), STORE_CREATE);

	(void)state;
	assert_int_equal(fixture_number(store, test_database_is_postgres() ? in_postgres : in_sqlite), listed_tables_count);
	for (size_t i = 0; i < listed_tables_count; i++) {
		AUTO(table_clear) struct table table = {0};
		struct error err;

		if (!table_describe(store, listed_tables[i].name, &table, &err))
			fail_msg("%s", err.text);
	}
}

static void lines_are_compared_by_value(void **state)
{
	AUTO(store_close) struct store *store = open_file(*state, "from.db", STORE_CREATE);
	AUTO(table_clear) struct table table = {0};
	AUTO(buf_clear) struct buf key = BUF(100);
	struct error err;

	/* query, read_at, read_once, reason, since, tried_at, unseen, until */
	assert_true(table_describe(store, "coverage", &table, &err));
	assert_int_equal(table_compare(&table, "7\t1\t0.5\t0\t40\t1\t2\t50\n", "7\t1\t5e-01\t0\t40\t1\t2.0\t50\n"), -1);
	assert_int_equal(table_compare(&table, "7\t1\t0.5\t0\t40\t1\t2\t50\n", "7\t1\t0.5\t0\t40\t1\t2\t51\n"), 7);
	assert_int_equal(table_compare(&table, "7\t1\t0.5\t0\t40\t1\t2\t50\n", "7\t1\t0.6\t0\t40\t1\t2\t50\n"), 2);
	assert_int_equal(table_compare(&table, "7\t1\t0\t0\t40\t1\t2\t50\n", "7\t1\t\\N\t0\t40\t1\t2\t50\n"), 2);
	assert_int_equal(table_compare(&table, "7\t1\t0.5\t0\t40\t1\t2\t50\n", "7\t01\t0.5\t0\t40\t1\t2\t50\n"), 1);
	table_write_key(&table, "7\t1\t0.5\t0\t40\t1\t2\t50\n", &key);
	assert_string_equal(buf_text(&key), "7, 40");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(every_table_comes_back_as_it_was),  TEST(a_copied_record_is_sound_and_goes_on),
	    TEST(a_record_is_not_written_over),      TEST(a_text_that_cannot_be_copied_is_named),
	    TEST(one_that_is_killed_is_begun_again), TEST(no_table_is_left_out),
	    TEST(lines_are_compared_by_value),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
