/* What a server can do to a connection, and other programs to a transaction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/postgres/connection.h"
#include "store/private/visitors.h"
#include "tests/support/database.h"
#include "tests/support/store_fixture.h"

/* Two connections to a new database. */
struct pair {
	struct store *first, *second;
};

static int open_pair(void **state)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	const char *location = test_database();
	struct error err = {0};

	assert_non_null(pair);
	if (!store_open(location, STORE_CREATE, &pair->first, &err) || !store_open(location, STORE_WRITE, &pair->second, &err))
		fail_msg("%s", err.text);
	*state = pair;
	return 0;
}

static int close_pair(void **state)
{
	struct pair *pair = *state;

	store_close(&pair->first);
	store_close(&pair->second);
	free(pair);
	return 0;
}

/* As when the server, or the network, is gone: waits until it has ended. */
static void end_connection(struct store *killer, struct store *victim)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d, 10000)", PQbackendPID(victim->db));
	assert_int_equal(fixture_number(killer, sql), 1);
}

static bool count_up(struct store *store, struct error *err)
{
	return statement_run(statement_use(store, "UPDATE meta SET retention_seq = retention_seq + 1"), err);
}

static int64_t counted(struct store *store)
{
	return fixture_number(store, "SELECT retention_seq FROM meta");
}

static bool lock_run(struct store *store)
{
	struct error err = {0};
	bool taken;

	if (!store_lock(store, STORE_LOCK_RUN, &taken, &err))
		fail_msg("%s", err.text);
	return taken;
}

static void a_lock_is_held_by_one_at_a_time(void **state)
{
	struct pair *pair = *state;

	assert_true(lock_run(pair->first));
	assert_false(lock_run(pair->second));
	store_unlock(pair->first, STORE_LOCK_RUN);
	assert_true(lock_run(pair->second));
}

static void who_has_lost_its_lock_writes_no_more(void **state)
{
	struct pair *pair = *state;
	struct error err = {0};

	assert_true(lock_run(pair->first));
	assert_true(count_up(pair->first, &err));
	assert_true(store_begin(pair->first, &err));
	assert_true(count_up(pair->first, &err));
	end_connection(pair->second, pair->first);
	assert_false(store_commit(pair->first, &err));
	assert_int_equal(err.code, ERR_BUSY);
	assert_true(lock_run(pair->second));
	for (int i = 0; i < 3; i++) {
		assert_false(count_up(pair->first, &err));
		assert_int_equal(err.code, ERR_BUSY);
		assert_false(store_begin(pair->first, &err));
	}
	assert_int_equal(counted(pair->second), 0);
}

static void a_lost_connection_is_made_anew(void **state)
{
	struct pair *pair = *state;
	struct error err = {0};

	assert_true(count_up(pair->first, &err));
	end_connection(pair->second, pair->first);
	assert_true(count_up(pair->first, &err));
	end_connection(pair->second, pair->first);
	assert_true(store_begin(pair->first, &err) && count_up(pair->first, &err) && store_commit(pair->first, &err));
	end_connection(pair->second, pair->first);
	assert_int_equal(counted(pair->first), 2);
}

static void what_is_read_in_one_state_ends_with_the_connection(void **state)
{
	struct pair *pair = *state;
	struct error err = {0};
	bool any;

	assert_true(store_read_begin(pair->first, &err));
	end_connection(pair->second, pair->first);
	for (int i = 0; i < 2; i++)
		assert_false(store_visitors_have(pair->first, 1, &any, &err));
	store_read_end(pair->first);
	assert_true(store_visitors_have(pair->first, 1, &any, &err));
}

/* Nobody waits for the end of a reading: it may be lost with the connection. */
static void a_connection_may_be_lost_after_the_end_of_a_reading(void **state)
{
	struct pair *pair = *state;
	struct error err = {0};

	for (int i = 0; i < 2; i++) {
		assert_true(store_read_begin(pair->first, &err));
		store_read_end(pair->first);
		end_connection(pair->second, pair->first);
	}
	assert_true(count_up(pair->first, &err));
	assert_int_equal(counted(pair->second), 0);
}

static void a_failed_statement_ends_with_its_reading(void **state)
{
	struct pair *pair = *state;
	struct error err = {0};
	unsigned connection = pair->first->connection;
	int64_t number;

	assert_true(store_read_begin(pair->first, &err));
	assert_false(statement_number(statement_use(pair->first, "SELECT 1 / 0"), &number, &err));
	store_read_end(pair->first);
	assert_true(store_read_begin(pair->first, &err));
	assert_int_equal(counted(pair->first), -1);
	store_read_end(pair->first);
	assert_int_equal(pair->first->connection, connection);
}

static void a_reader_sees_one_state(void **state)
{
	struct pair *pair = *state;
	struct error err = {0};
	int64_t before, within, after, videos;

	assert_true(store_generation(pair->first, &before, &err));
	assert_true(store_read_begin(pair->first, &err));
	assert_int_equal(counted(pair->first), -1);
	fixture_save(pair->second, "aaaaaaaaaaA", "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_true(count_up(pair->second, &err));
	assert_int_equal(counted(pair->first), -1);
	assert_true(store_generation(pair->first, &within, &err));
	assert_true(store_video_count(pair->first, &videos, &err));
	assert_int_equal(videos, 0);
	store_read_end(pair->first);
	assert_true(store_video_count(pair->first, &videos, &err));
	assert_int_equal(videos, 1);
	assert_int_equal(counted(pair->first), 0);
	assert_true(store_generation(pair->first, &after, &err));
	assert_int_equal(within, before);
	assert_true(after > before);
}

static void a_reader_writes_nothing(void **state)
{
	struct pair *pair = *state;
	AUTO(store_close) struct store *reader = NULL;
	char location[512];
	struct error err = {0};

	snprintf(location, sizeof(location), "postgresql://%s@/%s?host=%s", PQuser(pair->first->db), PQdb(pair->first->db),
	         PQhost(pair->first->db));
	assert_true(store_open(location, STORE_READ, &reader, &err));
	assert_int_equal(counted(reader), -1);
	assert_false(count_up(reader, &err));
}

static void a_failed_statement_fails_its_transaction(void **state)
{
	struct pair *pair = *state;
	struct error err = {0};

	assert_true(store_begin(pair->first, &err));
	assert_true(count_up(pair->first, &err));
	assert_false(statement_run(statement_use(pair->first, "INSERT INTO unindexed VALUES (7)"), &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_false(store_commit(pair->first, &err));
	assert_int_equal(counted(pair->second), -1);
	assert_true(count_up(pair->first, &err));
}

static void another_writer_is_waited_for_a_bounded_time(void **state)
{
	struct pair *pair = *state;
	struct error err = {0};

	fixture_run(pair->second, "SET lock_timeout = 20");
	assert_true(store_begin(pair->first, &err));
	assert_false(store_begin(pair->second, &err));
	assert_int_equal(err.code, ERR_BUSY);
	assert_false(count_up(pair->second, &err));
	assert_int_equal(err.code, ERR_BUSY);
	store_rollback(pair->first);
	assert_true(count_up(pair->second, &err));
}

static bool may_ask(void *context)
{
	int *times = context;

	return (*times)-- > 0;
}

static void what_may_not_go_on_is_cancelled(void **state)
{
	struct pair *pair = *state;
	struct error err = {0};
	int times = 2;

	store_set_may_go_on(pair->first, may_ask, &times);
	assert_false(statement_run(statement_use(pair->first, "SELECT pg_sleep(600)"), &err));
	assert_int_equal(err.code, ERR_BUSY);
	assert_string_equal(err.text, "The request took too long");
	store_set_may_go_on(pair->first, NULL, NULL);
	assert_int_equal(counted(pair->first), -1);
}

/* NULL first, a number later: the server has to hear of the type. */
static void a_parameter_may_be_null_at_first(void **state)
{
	struct pair *pair = *state;
	static const char sql[] = "SELECT coalesce(?3, 7) + coalesce(?1, 0)";

	for (int64_t i = 0; i < 3; i++) {
		AUTO(statement_done) struct statement *get = statement_use(pair->first, sql);
		struct error err = {0};

		bind_int_or_null(get, 1, i * INT64_C(5000000000), 0);
		bind_int_or_null(get, 3, 7, 7);
		if (!statement_row(get, "sum", &err))
			fail_msg("%s", err.text);
		assert_int_equal(column_int(get, 0), 7 + i * INT64_C(5000000000));
	}
}

static void another_program_s_database_is_left_alone(void **state)
{
	struct pair *pair = *state;
	struct store *store = NULL;
	struct error err = {0};
	char location[512];

	snprintf(location, sizeof(location), "postgresql://%s@/%s?host=%s&options=-csearch_path%%3Dother",
	         PQuser(pair->first->db), PQdb(pair->first->db), PQhost(pair->first->db));
	fixture_run(pair->first, "CREATE SCHEMA other");
	fixture_run(pair->first, "CREATE TABLE other.theirs (id bigint)");
	assert_false(store_open(location, STORE_CREATE, &store, &err));
	assert_int_equal(err.code, ERR_INVALID);
	assert_non_null(strstr(err.text, "another program's"));
	fixture_run(pair->first, "UPDATE newsreel SET schema = 9999");
	assert_false(store_check_schema(pair->second, &err));
	assert_int_equal(err.code, ERR_OUTDATED);
	assert_true(store_read_begin(pair->second, &err));
	assert_false(store_check_schema(pair->second, &err));
	assert_int_equal(err.code, ERR_OUTDATED);
	store_read_end(pair->second);
}

static void a_server_that_is_not_there_is_named_without_the_password(void **state)
{
	struct store *store = NULL;
	struct error err = {0};

	(void)state;
	assert_false(store_open("postgresql://me:secret@127.0.0.1:1/x", STORE_READ, &store, &err));
	assert_int_equal(err.code, ERR_BUSY);
	assert_non_null(strstr(err.text, "127.0.0.1"));
	assert_null(strstr(err.text, "secret"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_pair, close_pair)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_lock_is_held_by_one_at_a_time),
	    TEST(who_has_lost_its_lock_writes_no_more),
	    TEST(a_lost_connection_is_made_anew),
	    TEST(what_is_read_in_one_state_ends_with_the_connection),
	    TEST(a_connection_may_be_lost_after_the_end_of_a_reading),
	    TEST(a_failed_statement_ends_with_its_reading),
	    TEST(a_reader_sees_one_state),
	    TEST(a_reader_writes_nothing),
	    TEST(a_failed_statement_fails_its_transaction),
	    TEST(another_writer_is_waited_for_a_bounded_time),
	    TEST(what_may_not_go_on_is_cancelled),
	    TEST(a_parameter_may_be_null_at_first),
	    TEST(another_program_s_database_is_left_alone),
	    cmocka_unit_test(a_server_that_is_not_there_is_named_without_the_password),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
