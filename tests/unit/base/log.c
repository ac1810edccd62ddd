#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

/* Reads from a page of a file that no longer has it. Does not return. */
static void provoke_bus_error(int output)
{
	char path[] = "/tmp/newsreel-log.XXXXXX";
	int file = mkstemp(path);

	unlink(path);
	if (file < 0 || dup2(output, STDERR_FILENO) < 0 || ftruncate(file, 4096) != 0)
		_exit(2);
	volatile char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
	if (ftruncate(file, 0) != 0)
		_exit(2);
	log_exit_on_bus_error();
	_exit(page[0] ? 3 : 4);
}

static void a_bus_error_is_a_line_and_exit_status_1(void **state)
{
	FILE *output = tmpfile();
	char line[256];
	int status;

	(void)state;
	assert_non_null(output);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		provoke_bus_error(fileno(output));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	rewind(output);
	assert_non_null(fgets(line, sizeof(line), output));
	assert_non_null(strstr(line, "level=error"));
	assert_non_null(strstr(line, "disk is full"));
	assert_null(fgets(line, sizeof(line), output));
	fclose(output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_bus_error_is_a_line_and_exit_status_1)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
