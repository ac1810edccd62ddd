/* newsreel-web with a role of its own, as docs/machines.md makes it: it sees keys masked, and adds none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "base/buf.h"
#include "base/file.h"
#include "store/keys.h"
#include "tests/support/flow.h"

#define DOCUMENT "docs/machines.md"
#define DOCUMENT_ROLE "newsreel_web"
#define DOCUMENT_DATABASE "IN DATABASE newsreel "
#define KEY "key-of-the-owner-0123456789"

enum { DOCUMENT_BYTES_MAX = 256 * 1024, SQL_BYTES_MAX = 16 * 1024, NAME_SIZE = 64 };

/* ---- the role ---- */

/* Roles are the server's, which other programs use too. */
static void write_role(char role[NAME_SIZE])
{
	snprintf(role, NAME_SIZE, DOCUMENT_ROLE "_%ld", (long)getpid());
}

static void run_as_owner(const char *location, const char *sql)
{
	PGconn *owner = PQconnectdb(location);
	PGresult *result = PQexec(owner, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(owner));
	PQclear(result);
	PQfinish(owner);
}

/* Appends FROM, with TO instead of each WORD. */
static void add_replaced(struct buf *out, const char *from, const char *word, const char *to)
{
	const char *at;

	assert_non_null(strstr(from, word));
	for (; (at = strstr(from, word)); from = at + strlen(word)) {
		buf_add(out, from, (size_t)(at - from));
		buf_add_text(out, to);
	}
	buf_add_text(out, from);
}

/* The statements of the document, for this role and this database. */
static void write_statements(const char *role, const char *database, struct buf *out)
{
	AUTO(buf_clear) struct buf document = BUF(DOCUMENT_BYTES_MAX);
	AUTO(buf_clear) struct buf section = BUF(SQL_BYTES_MAX);
	AUTO(buf_clear) struct buf of_role = BUF(SQL_BYTES_MAX);
	char in_database[NAME_SIZE * 2];
	struct error err = {0};

	if (!file_read(DOCUMENT, &document, &err))
		fail_msg("%s", err.text);
	const char *begin = strstr(buf_text(&document), "CREATE ROLE " DOCUMENT_ROLE);
	assert_non_null(begin);
	buf_add(&section, begin, (size_t)(strstr(begin, "```") - begin));
	add_replaced(&of_role, buf_text(&section), DOCUMENT_ROLE, role);
	snprintf(in_database, sizeof(in_database), "IN DATABASE %s ", database);
	add_replaced(out, buf_text(&of_role), DOCUMENT_DATABASE, in_database);
}

/* ---- a web program with it ---- */

struct site {
	struct flow *flow;
	char role[NAME_SIZE];
	char owner[TEST_LOCATION_SIZE], url[TEST_LOCATION_SIZE + NAME_SIZE + 8]; /* of the database, for the owner and the role */
};

static void make_role(struct site *site)
{
	AUTO(buf_clear) struct buf statements = BUF(SQL_BYTES_MAX);
	PGconn *connection = PQconnectdb(site->owner);

	write_role(site->role);
	write_statements(site->role, PQdb(connection), &statements);
	PQfinish(connection);
	run_as_owner(site->owner, buf_text(&statements));
}

static int set_up(void **state)
{
	struct site *site = calloc(1, sizeof(*site));
	struct store *store;
	struct error err = {0};
	int64_t id;

	assert_non_null(site);
	flow_set_up((void **)&site->flow);
	store = flow_open(site->flow);
	assert_true(store_key_add(store, KEY, "first", FLOW_NOW, &id, &err));
	store_close(&store);
	snprintf(site->owner, sizeof(site->owner), "%s", site->flow->served_path);
	make_role(site);
	snprintf(site->url, sizeof(site->url), "%s&user=%s", site->owner, site->role);
	site->flow->shared.databases.served.path = site->url;
	*state = site;
	return 0;
}

static int tear_down(void **state)
{
	struct site *site = *state;
	char sql[256];

	flow_tear_down((void **)&site->flow);
	snprintf(sql, sizeof(sql), "DROP OWNED BY %s; DROP ROLE %s", site->role, site->role);
	run_as_owner(site->owner, sql);
	free(site);
	return 0;
}

static void it_serves_and_writes(void **state)
{
	struct flow *flow = ((struct site *)*state)->flow;

	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=mars", FLOW_TOKEN), 201);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_int_equal(flow_get(flow, "/readyz"), 200);
	assert_int_equal(flow_request(flow, "GET", "/status", NULL, FLOW_TOKEN), 200);
}

static void it_sees_keys_masked_and_pauses_them(void **state)
{
	struct flow *flow = ((struct site *)*state)->flow;

	assert_int_equal(flow_request(flow, "PATCH", "/api/api_key/1", "state=paused", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"state\":\"paused\""));
	assert_int_equal(flow_request(flow, "GET", "/api/api_key", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "6789"));
	assert_false(flow_body_has(flow, KEY));
	assert_int_equal(flow_request(flow, "PATCH", "/api/api_key/1", "label=second&state=active", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "second"));
}

static void a_key_that_it_may_not_add_is_refused_with_the_reason(void **state)
{
	static const char reason[] = "role in the database may not add keys: name them in YOUTUBE_API_KEYS";
	struct flow *flow = ((struct site *)*state)->flow;
	struct flow_browser browser;

	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=another-key-of-the-owner-0123", FLOW_TOKEN), 403);
	assert_true(flow_body_has(flow, reason));
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=another-key-of-the-owner-0123"), 403);
	assert_true(flow_body_has(flow, "may not add keys: name them in YOUTUBE_API_KEYS"));
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(it_serves_and_writes),
	    TEST(it_sees_keys_masked_and_pauses_them),
	    TEST(a_key_that_it_may_not_add_is_refused_with_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
