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

/* The line that is written with FORMAT; static. */
static const char *line_in(enum log_format format, const struct log_field *fields)
{
	static char line[256];
	FILE *output = tmpfile();
	int usual = dup(STDERR_FILENO);

	assert_non_null(output);
	assert_true(dup2(fileno(output), STDERR_FILENO) >= 0);
	log_set_format(format);
	log_line(LOG_WARN, "a \"word\"", fields);
	assert_true(dup2(usual, STDERR_FILENO) >= 0);
	close(usual);
	rewind(output);
	assert_non_null(fgets(line, sizeof(line), output));
	fclose(output);
	return line + strcspn(line, "Z"); /* of the time */
}

static void a_line_is_text_or_json(void **state)
{
	const struct log_field fields[] = {LOG_TEXT("route", "/api/videos"), LOG_NUMBER("ms", 7), LOG_END};

	(void)state;
	assert_string_equal(line_in(LOG_FORMAT_TEXT, fields), "Z level=warn msg=\"a \\\"word\\\"\" route=/api/videos ms=7\n");
	assert_string_equal(line_in(LOG_FORMAT_JSON, fields),
	                    "Z\",\"level\":\"warn\",\"msg\":\"a \\\"word\\\"\",\"route\":\"/api/videos\",\"ms\":7}\n");
}

static void all_lines_of_a_request_have_its_id(void **state)
{
	(void)state;
	log_set_request("0123456789abcdef");
	assert_string_equal(line_in(LOG_FORMAT_TEXT, NULL), "Z level=warn msg=\"a \\\"word\\\"\" request=0123456789abcdef\n");
	assert_string_equal(line_in(LOG_FORMAT_JSON, NULL),
	                    "Z\",\"level\":\"warn\",\"msg\":\"a \\\"word\\\"\",\"request\":\"0123456789abcdef\"}\n");
	log_set_request("");
	assert_string_equal(line_in(LOG_FORMAT_TEXT, NULL), "Z level=warn msg=\"a \\\"word\\\"\"\n");
}

/* What does not fit goes, and the line is still an object. */
static void a_json_line_is_whole_however_long_its_fields(void **state)
{
	static char large[8192];
	const struct log_field fields[] = {LOG_TEXT("ids", large), LOG_END};

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	assert_string_equal(line_in(LOG_FORMAT_JSON, fields), "Z\",\"level\":\"warn\",\"msg\":\"a \\\"word\\\"\"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_bus_error_is_a_line_and_exit_status_1),
	    cmocka_unit_test(a_line_is_text_or_json),
	    cmocka_unit_test(all_lines_of_a_request_have_its_id),
	    cmocka_unit_test(a_json_line_is_whole_however_long_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
