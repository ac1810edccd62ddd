/* Readers answered by a replica: a real one, which the tests hold back (tests/postgres/run). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "tests/support/database.h"
#include "tests/support/flow.h"
#include "tests/support/store_fixture.h"

enum { URL_SIZE = 512, REPLICA_URL_SIZE = URL_SIZE + 64, PATIENCE_MS = 60000, LOOK_MS = 5, TAG_SIZE = 64 };

struct pair {
	struct flow *flow;
	char primary_url[URL_SIZE], url[REPLICA_URL_SIZE]; /* the latter of the replica */
	struct store *primary;                             /* to ask them */
	struct store *replica;
};

/* ---- waiting for what the replica does by itself ---- */

static void wait_a_moment(int64_t deadline_ms, const char *what)
{
	const struct clock clock = clock_system();

	if (clock_monotonic_ms() > deadline_ms)
		fail_msg("%s", what);
	clock_sleep(&clock, LOOK_MS);
}

static void wait_until(struct store *store, const char *sql)
{
	int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;

	while (!fixture_number(store, sql))
		wait_a_moment(deadline_ms, sql);
}

/* It has the database once it has replayed that it was made. */
static struct store *open_replica(const char *url)
{
	int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
	struct store *store = NULL;
	struct error err = {0};

	while (!store_open(url, STORE_READ, &store, &err))
		wait_a_moment(deadline_ms, err.text);
	return store;
}

static void hold_back(struct pair *pair)
{
	(void)fixture_number(pair->replica, "SELECT 1 FROM pg_wal_replay_pause()");
	wait_until(pair->replica, "SELECT pg_get_wal_replay_pause_state() = 'paused'");
}

/* What it waits for is flushed with this commit, and all before. */
static void let_it_follow(struct pair *pair)
{
	char sql[128];

	fixture_run(pair->primary, "SET synchronous_commit = local");
	int64_t position =
	    fixture_number(pair->primary, "SELECT pg_wal_lsn_diff(pg_logical_emit_message(true, '', ''), '0/0')::bigint");
	(void)fixture_number(pair->replica, "SELECT 1 FROM pg_wal_replay_resume()");
	snprintf(sql, sizeof(sql), "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') >= %lld", (long long)position);
	wait_until(pair->replica, sql);
}

/* ---- a web program with both ---- */

static int set_up(void **state)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	struct error err;

	assert_non_null(pair);
	flow_set_up_without_record((void **)&pair->flow);
	struct databases *databases = &pair->flow->shared.databases;
	snprintf(pair->primary_url, sizeof(pair->primary_url), "%s", test_database());
	databases->served.path = pair->primary_url;
	assert_true(store_open(pair->primary_url, STORE_CREATE, &pair->primary, &err));
	snprintf(pair->url, sizeof(pair->url), "%s&%s", pair->primary_url, getenv("NEWSREEL_TEST_REPLICA"));
	databases->replica.location = pair->url;
	pair->replica = open_replica(pair->url);
	let_it_follow(pair);
	*state = pair;
	return 0;
}

static int tear_down(void **state)
{
	struct pair *pair = *state;

	let_it_follow(pair);
	store_close(&pair->primary);
	store_close(&pair->replica);
	flow_tear_down((void **)&pair->flow);
	free(pair);
	return 0;
}

/* Whether the replica gives the answer to GET URL, which has to be a good one. */
static bool replica_answers(struct pair *pair, const char *url)
{
	assert_int_equal(flow_get(pair->flow, url), 200);
	return pair->flow->app.store == pair->flow->app.replica;
}

static void assert_ready(struct pair *pair, const char *body)
{
	assert_int_equal(flow_get(pair->flow, "/readyz"), 200);
	assert_string_equal(flow_body(pair->flow), body);
}

static void a_replica_answers_readers(void **state)
{
	struct pair *pair = *state;

	fixture_save(pair->primary, "video00000A", "Starship", "", NULL, FLOW_NOW, SOURCE_SEARCH);
	let_it_follow(pair);
	assert_true(replica_answers(pair, "/api/videos"));
	assert_true(flow_body_has(pair->flow, "video00000A"));
	assert_true(replica_answers(pair, "/"));
	assert_ready(pair, "ready\nreplica: read\n");
}

static void the_owner_is_answered_by_the_primary(void **state)
{
	struct pair *pair = *state;
	struct flow_browser browser;

	assert_int_equal(flow_request(pair->flow, "GET", "/api/videos", NULL, FLOW_TOKEN), 200);
	assert_ptr_equal(pair->flow->app.store, pair->flow->app.primary);
	hold_back(pair);
	flow_sign_in(pair->flow, browser.cookie, browser.csrf);
	assert_false(replica_answers(pair, "/status"));
	assert_true(pair->flow->request.in_session);
}

/* A replica that is held back is left out a second later at the latest, and after its state was seen elsewhere at once. */
static void no_reader_goes_back_in_time(void **state)
{
	struct pair *pair = *state;
	struct flow *flow = pair->flow;
	char late[TAG_SIZE], first[TAG_SIZE], second[TAG_SIZE];

	assert_true(replica_answers(pair, "/api/videos"));
	hold_back(pair);
	flow_header(flow, "ETag", late, sizeof(late));
	fixture_save(pair->primary, "video00000A", "Starship", "", NULL, FLOW_NOW, SOURCE_SEARCH);
	assert_true(replica_answers(pair, "/api/videos"));
	assert_false(flow_body_has(flow, "video00000A"));
	flow->time.now++;
	assert_false(replica_answers(pair, "/api/videos"));
	assert_true(flow_body_has(flow, "video00000A"));
	flow_header(flow, "ETag", first, sizeof(first));
	assert_string_not_equal(first, late);
	flow->time.now += 11;
	assert_false(replica_answers(pair, "/api/videos"));
	assert_ready(pair, "ready\nreplica: left out, behind for 11 s\n");
	let_it_follow(pair);
	assert_true(replica_answers(pair, "/api/videos"));
	flow_header(flow, "ETag", second, sizeof(second));
	assert_string_equal(first, second);
	assert_ready(pair, "ready\nreplica: read\n");
}

static void what_was_written_here_is_seen_at_once(void **state)
{
	struct pair *pair = *state;

	assert_true(replica_answers(pair, "/api/queries"));
	hold_back(pair);
	assert_int_equal(flow_request(pair->flow, "POST", "/api/queries", "query=mars", FLOW_TOKEN), 201);
	assert_false(replica_answers(pair, "/api/queries"));
	assert_true(flow_body_has(pair->flow, "mars"));
	let_it_follow(pair);
	assert_true(replica_answers(pair, "/api/queries"));
	assert_true(flow_body_has(pair->flow, "mars"));
}

static void the_primary_answers_while_there_is_no_replica(void **state)
{
	struct pair *pair = *state;
	struct replica *replica = &pair->flow->shared.databases.replica;

	replica->location = "postgresql:///newsreel?host=/nonexistent";
	assert_false(replica_answers(pair, "/api/videos"));
	assert_ready(pair, "ready\nreplica: left out, it cannot be read: see the log\n");
	replica->location = pair->url;
	assert_false(replica_answers(pair, "/api/videos")); /* it is not tried again at once */
	pair->flow->time.now += 10;
	assert_true(replica_answers(pair, "/api/videos"));
}

static void readers_are_answered_while_there_is_no_primary(void **state)
{
	struct pair *pair = *state;
	struct databases *databases = &pair->flow->shared.databases;

	assert_true(replica_answers(pair, "/api/videos"));
	store_close(&pair->flow->app.primary);
	databases->served.path = "postgresql:///newsreel?host=/nonexistent";
	pair->flow->time.now++;
	assert_true(replica_answers(pair, "/api/videos"));
	assert_int_equal(flow_get(pair->flow, "/readyz"), 503);
	databases->served.path = pair->primary_url;
	assert_ready(pair, "ready\nreplica: read\n");
}

/* ---- the log ---- */

struct log_lines {
	FILE *file;
	int usual; /* where lines went before */
};

static struct log_lines catch_log(void)
{
	struct log_lines lines = {.file = tmpfile(), .usual = dup(STDERR_FILENO)};

	assert_non_null(lines.file);
	assert_true(lines.usual >= 0 && dup2(fileno(lines.file), STDERR_FILENO) >= 0);
	return lines;
}

/* How many of the lines since catch_log() have TEXT. */
static int count_lines(struct log_lines *lines, const char *text)
{
	char line[1024];
	int count = 0;

	assert_true(dup2(lines->usual, STDERR_FILENO) >= 0);
	close(lines->usual);
	rewind(lines->file);
	while (fgets(line, sizeof(line), lines->file))
		count += strstr(line, text) != NULL;
	fclose(lines->file);
	return count;
}

static int lines_of_an_outage(struct pair *pair)
{
	struct databases *databases = &pair->flow->shared.databases;
	struct log_lines lines = catch_log();

	store_close(&pair->flow->app.primary);
	databases->served.path = "postgresql:///newsreel?host=/nonexistent";
	for (int i = 0; i < 3; i++) {
		pair->flow->time.now += 20;
		assert_true(replica_answers(pair, "/api/videos"));
		assert_int_equal(flow_request(pair->flow, "GET", "/api/videos", NULL, FLOW_TOKEN), 503);
	}
	databases->served.path = pair->primary_url;
	pair->flow->time.now += 20;
	assert_true(replica_answers(pair, "/api/videos"));
	return count_lines(&lines, "/nonexistent");
}

/* The replica's answers between are no end of it; the primary's, which is asked for its state, is. */
static void the_log_tells_once_of_an_outage(void **state)
{
	struct pair *pair = *state;

	assert_int_equal(lines_of_an_outage(pair), 1);
	assert_int_equal(lines_of_an_outage(pair), 1);
}

static void a_primary_that_waits_for_nobody_is_a_risk(void **state)
{
	struct pair *pair = *state;
	const char *risk;
	struct error err;

	assert_true(store_replication_risk(pair->primary, false, &risk, &err));
	assert_non_null(risk);
	assert_true(store_replication_risk(pair->replica, false, &risk, &err));
	assert_null(risk);
	assert_true(store_replication_risk(pair->replica, true, &risk, &err));
	assert_non_null(risk);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_replica_answers_readers),
	    TEST(the_owner_is_answered_by_the_primary),
	    TEST(no_reader_goes_back_in_time),
	    TEST(what_was_written_here_is_seen_at_once),
	    TEST(the_primary_answers_while_there_is_no_replica),
	    TEST(readers_are_answered_while_there_is_no_primary),
	    TEST(the_log_tells_once_of_an_outage),
	    TEST(a_primary_that_waits_for_nobody_is_a_risk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
