#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/dotenv.h"

static bool read_text(const char *text, struct dotenv *out, struct error *err)
{
	char path[] = "/tmp/newsreel-dotenv.XXXXXX";
	int file = mkstemp(path);

	assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
	bool read = dotenv_read(path, out, err);
	close(file);
	unlink(path);
	return read;
}

static void the_last_value_of_a_name_counts(void **state)
{
	AUTO(dotenv_clear) struct dotenv dotenv = {0};
	struct error err;

	(void)state;
	assert_true(read_text("# A=0\r\nA=1\r\n\n \t B = two # words = \"x\"\t\nA=\nC=3", &dotenv, &err));
	assert_int_equal(dotenv.count, 4);
	assert_string_equal(dotenv_get(&dotenv, "A"), "");
	assert_string_equal(dotenv_get(&dotenv, "B"), "two # words = \"x\"");
	assert_string_equal(dotenv_get(&dotenv, "C"), "3");
	assert_int_equal(dotenv.entries[1].line, 4);
	assert_null(dotenv_get(&dotenv, "D"));
}

static void one_pair_of_quotes_around_the_value_is_the_files(void **state)
{
	static const struct {
		const char *line, *value;
	} cases[] = {
	    {"A=\"moon landing;mars\"", "moon landing;mars"},
	    {"A = 'moon' ", "moon"},
	    {"A='\"moon landing\"'", "\"moon landing\""},
	    {"A=\"it's\"", "it's"},
	    {"A=\" moon \"", " moon "},
	    {"A=\"\"", ""},
	    {"A=\"moon landing\";\"mars\"", "\"moon landing\";\"mars\""},
	    {"A=\"moon", "\"moon"},
	    {"A=\"moon'", "\"moon'"},
	    {"A=\"", "\""},
	    {"A=moon \"landing\"", "moon \"landing\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(dotenv_clear) struct dotenv dotenv = {0};
		struct error err;

		assert_true(read_text(cases[i].line, &dotenv, &err));
		assert_string_equal(dotenv_get(&dotenv, "A"), cases[i].value);
	}
}

static void a_missing_file_has_no_entries(void **state)
{
	AUTO(dotenv_clear) struct dotenv dotenv = {0};
	struct error err;

	(void)state;
	assert_true(dotenv_read("/nonexistent/.env", &dotenv, &err));
	assert_int_equal(dotenv.count, 0);
}

static void wrong_lines_are_named(void **state)
{
	static const struct {
		const char *text, *told;
	} cases[] = {{"A=1\n\nexport B=2\n", "line 3: NAME=value"},
	             {"\xEF\xBB\xBF"
	              "A=1\n",
	              "line 1: NAME=value"},
	             {"A\n", "line 1: NAME=value"},
	             {"=1\n", "line 1: NAME=value"},
	             {"A=\xFF\n", "not a text in UTF-8"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(dotenv_clear) struct dotenv dotenv = {0};
		struct error err = {0};

		assert_false(read_text(cases[i].text, &dotenv, &err));
		assert_int_equal(err.code, ERR_INVALID);
		assert_non_null(strstr(err.text, cases[i].told));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_last_value_of_a_name_counts),
	    cmocka_unit_test(one_pair_of_quotes_around_the_value_is_the_files),
	    cmocka_unit_test(a_missing_file_has_no_entries),
	    cmocka_unit_test(wrong_lines_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
