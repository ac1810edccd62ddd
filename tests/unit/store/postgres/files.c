/* The files beside a database that programs have to reach when they connect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store/store.h"

static void assert_files(const char *location, const char *const wanted[])
{
	AUTO(text_list_clear) struct text_list files = {0};
	struct error err = {0};

	if (!store_files(location, &files, &err))
		fail_msg("%s", err.text);
	for (; *wanted; wanted++)
		if (!text_list_has(&files, *wanted))
			fail_msg("%s is not among the files of %s", *wanted, location);
}

static void those_that_the_url_names(void **state)
{
	static const char *const wanted[] = {"/a/pass", "/a/root.crt", "/a/own.crt", "/a/own.key", NULL};

	(void)state;
	assert_files("postgresql://h/d?passfile=/a/pass&sslrootcert=/a/root.crt&sslcert=/a/own.crt&sslkey=/a/own.key", wanted);
}

static void those_that_the_environment_names(void **state)
{
	static const char *const wanted[] = {"/b/pass", "/b/root.crt", "/b/services", "/b/etc", NULL};

	(void)state;
	setenv("PGPASSFILE", "/b/pass", 1);
	setenv("PGSSLROOTCERT", "/b/root.crt", 1);
	setenv("PGSERVICEFILE", "/b/services", 1);
	setenv("PGSYSCONFDIR", "/b/etc", 1);
	assert_files("postgresql://h/d", wanted);
	unsetenv("PGPASSFILE");
	unsetenv("PGSSLROOTCERT");
	unsetenv("PGSERVICEFILE");
	unsetenv("PGSYSCONFDIR");
}

static void those_at_home(void **state)
{
	static const char *const wanted[] = {"/home/x/.pgpass", "/home/x/.postgresql", "/home/x/.pg_service.conf", NULL};

	(void)state;
	setenv("HOME", "/home/x", 1);
	assert_files("postgresql://h/d", wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(those_that_the_url_names),
	    cmocka_unit_test(those_that_the_environment_names),
	    cmocka_unit_test(those_at_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
