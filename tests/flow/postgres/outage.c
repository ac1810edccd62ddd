/* The server ends connections under the web program, or is away for a while. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "tests/support/flow.h"

enum { SQL_SIZE = 256, NAME_SIZE = 64 };

/* NAME stands between the two parts of the statement, which runs in another database. */
static void run(const char *before, const char *name, const char *after)
{
	PGconn *server = PQconnectdb(getenv("NEWSREEL_TEST_POSTGRES"));
	char sql[SQL_SIZE];

	snprintf(sql, sizeof(sql), "%s%s%s", before, name, after);
	PGresult *result = PQexec(server, sql);
	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(server));
	PQclear(result);
	PQfinish(server);
}

static void find_name(const struct flow *flow, char name[NAME_SIZE])
{
	PGconn *connection = PQconnectdb(flow->served_path);

	snprintf(name, NAME_SIZE, "%s", PQdb(connection));
	PQfinish(connection);
}

static void end_connections(const char *name)
{
	run("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '", name, "'");
}

static void expect_all(struct flow *flow, int reading, int writing)
{
	static const char *const urls[] = {"/", "/api/videos", "/readyz", "/feeds/videos.atom"};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_int_equal(flow_get(flow, urls[i]), reading);
		assert_true(reading != 503 || flow_header_has(flow, "Retry-After: "));
	}
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "priority=high", FLOW_TOKEN), writing);
	assert_int_equal(flow_get(flow, "/ping"), 200);
}

static void a_restart_of_the_server_costs_no_request(void **state)
{
	struct flow *flow = *state;
	char name[NAME_SIZE];

	find_name(flow, name);
	flow_add_query(flow, "cats");
	expect_all(flow, 200, 200);
	for (int i = 0; i < 2; i++) {
		end_connections(name);
		expect_all(flow, 200, 200);
	}
}

static void while_the_server_is_away_requests_fail_and_name_no_server(void **state)
{
	struct flow *flow = *state;
	char name[NAME_SIZE];

	find_name(flow, name);
	flow_add_query(flow, "cats");
	expect_all(flow, 200, 200);
	run("ALTER DATABASE ", name, " ALLOW_CONNECTIONS false");
	end_connections(name);
	for (int i = 0; i < 2; i++) {
		expect_all(flow, 503, 503);
		assert_int_equal(flow_get(flow, "/api/videos"), 503);
		assert_true(flow_body_has(flow, "the database is not ready yet"));
		assert_false(flow_body_has(flow, name));
	}
	run("ALTER DATABASE ", name, " ALLOW_CONNECTIONS true");
	expect_all(flow, 200, 200);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_restart_of_the_server_costs_no_request),
	    CASE(while_the_server_is_away_requests_fail_and_name_no_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
