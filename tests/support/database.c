#include "tests/support/database.h"

#include <stdio.h>

static void write_path(const char *folder, const char *name, char out[TEST_LOCATION_SIZE])
{
	snprintf(out, TEST_LOCATION_SIZE, "%s/%s", folder, name);
}

#ifndef HAVE_POSTGRES

const char *test_database(void)
{
	return ":memory:";
}

void test_database_in(const char *folder, const char *name, char out[TEST_LOCATION_SIZE])
{
	write_path(folder, name, out);
}

void test_database_absent(const char *folder, const char *name, char out[TEST_LOCATION_SIZE])
{
	write_path(folder, name, out);
}

bool test_database_is_postgres(void)
{
	return false;
}

#else

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "store/store.h"

#define TEMPLATE "newsreel_template"

static PGconn *server;
static unsigned made, dropped;
static char url[TEST_LOCATION_SIZE];

bool test_database_is_postgres(void)
{
	return getenv("NEWSREEL_TEST_POSTGRES");
}

/* The server's URL names a database between '/' and '?': NAME instead of it. */
static void write_url(const char *name)
{
	const char *of_server = getenv("NEWSREEL_TEST_POSTGRES");
	const char *parameters = strchr(of_server, '?');
	const char *slash = strrchr(of_server, '/');

	for (const char *at = of_server; parameters && at < parameters; at++)
		slash = *at == '/' ? at : slash;
	if (parameters && slash > parameters)
		for (slash = parameters; *slash != '/';)
			slash--;
	snprintf(url, sizeof(url), "%.*s/%s%s", (int)(slash - of_server), of_server, name, parameters ? parameters : "");
}

static bool run(const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	PGresult *result = PQexec(server, text);
	bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
	PQclear(result);
	return done;
}

/* The last ones are in use, open or not. Others that are open refuse it, and are tried again. */
static void drop_old(void)
{
	enum { KEPT = 8 };

	while (dropped + KEPT < made && run("DROP DATABASE IF EXISTS newsreel_%ld_%u", (long)getpid(), dropped + 1))
		dropped++;
}

static void drop_all(void)
{
	for (; dropped < made; dropped++)
		(void)run("DROP DATABASE IF EXISTS newsreel_%ld_%u WITH (FORCE)", (long)getpid(), dropped + 1);
	PQfinish(server);
}

static void connect_to_server(void)
{
	server = PQconnectdb(getenv("NEWSREEL_TEST_POSTGRES"));
	if (PQstatus(server) != CONNECTION_OK)
		fail_msg("%s", PQerrorMessage(server));
	(void)run("SET client_min_messages = error");
	atexit(drop_all);
}

/* With the schema in it. Of several programs that make it at the same time the first wins. */
static void make_template(void)
{
	struct store *store = NULL;
	struct error err = {0};
	char name[64];

	snprintf(name, sizeof(name), "newsreel_making_%ld", (long)getpid());
	write_url(name);
	assert_true(run("CREATE DATABASE %s TEMPLATE template0", name));
	if (!store_open(url, STORE_CREATE, &store, &err))
		fail_msg("%s", err.text);
	store_close(&store);
	if (!run("ALTER DATABASE %s RENAME TO " TEMPLATE, name))
		(void)run("DROP DATABASE %s", name);
}

/* With the tables of newsreel, or none; its URL. */
static const char *make_database(bool with_tables)
{
	const char *template = with_tables ? TEMPLATE : "template0";
	char name[64];

	if (!server)
		connect_to_server();
	drop_old();
	snprintf(name, sizeof(name), "newsreel_%ld_%u", (long)getpid(), made + 1);
	if (!run("CREATE DATABASE %s TEMPLATE %s", name, template)) {
		make_template();
		if (!run("CREATE DATABASE %s TEMPLATE %s", name, template))
			fail_msg("%s", PQerrorMessage(server));
	}
	made++;
	write_url(name);
	return url;
}

const char *test_database(void)
{
	return test_database_is_postgres() ? make_database(true) : ":memory:";
}

void test_database_in(const char *folder, const char *name, char out[TEST_LOCATION_SIZE])
{
	if (test_database_is_postgres())
		snprintf(out, TEST_LOCATION_SIZE, "%s", make_database(true));
	else
		write_path(folder, name, out);
}

void test_database_absent(const char *folder, const char *name, char out[TEST_LOCATION_SIZE])
{
	if (test_database_is_postgres())
		snprintf(out, TEST_LOCATION_SIZE, "%s", make_database(false));
	else
		write_path(folder, name, out);
}

#endif
