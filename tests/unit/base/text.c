#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/utf8.h"

static void integers_are_strict(void **state)
{
	static const char *const bad[] = {
	    "", "-", "+1", " 1", "1 ", "1.0", "0x1", "1e3", "9223372036854775808", "-9223372036854775809", "٣"};
	int64_t number = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_int(bad[i], INT64_MIN, INT64_MAX, &number));
	assert_int_equal(number, 7);
	assert_true(text_int("9223372036854775807", INT64_MIN, INT64_MAX, &number));
	assert_true(number == INT64_MAX);
	assert_true(text_int("-9223372036854775808", INT64_MIN, INT64_MAX, &number));
	assert_true(number == INT64_MIN);
	assert_true(text_int("007", 1, 10, &number));
	assert_false(text_int("11", 1, 10, &number));
}

static void broken_text_is_repaired(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *repaired; /* NULL = fine as it is */
	} cases[] = {
	    {"abc é 日 🚀", 15, NULL},
	    {"\xff", 1, "\xEF\xBF\xBD"},
	    {"a\xc3", 2, "a\xEF\xBF\xBD"},
	    {"\xc0\x80", 2, "\xEF\xBF\xBD\xEF\xBF\xBD"},
	    {"\xed\xa0\x80", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
	    {"\xf4\x90\x80\x80", 4, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
	    {"a\0b", 3,
	     "a\xEF\xBF\xBD"
	     "b"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(text_free) char *repaired = NULL;
		struct error err;

		assert_int_equal(utf8_is_valid(cases[i].bytes, cases[i].len), cases[i].repaired == NULL);
		assert_true(text_repair(cases[i].bytes, cases[i].len, &repaired, &err));
		assert_string_equal(repaired, cases[i].repaired ? cases[i].repaired : cases[i].bytes);
		assert_true(utf8_is_valid(repaired, strlen(repaired)));
	}
}

static void white_space_is_squeezed(void **state)
{
	AUTO(text_free) char *squeezed = NULL;
	struct error err;

	(void)state;
	assert_true(text_squeeze(" \t Rocket \n\u3000 Launch\xff \u00A0", &squeezed, &err));
	assert_string_equal(squeezed, "Rocket Launch\xff");
}

static void hashes_are_those_of_fnv_1a(void **state)
{
	(void)state;
	assert_true(text_hash("", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(text_hash("foobar", 6) == UINT64_C(0x85944171f73967e8));
}

static void distances_count_mistakes(void **state)
{
	char long_text[80] = "";

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	assert_int_equal(text_distance("", ""), 0);
	assert_int_equal(text_distance("", "abc"), 3);
	assert_int_equal(text_distance("TREADS", "THREADS"), 1);
	assert_int_equal(text_distance("THREADS", "TREADS"), 1);
	assert_int_equal(text_distance("kitten", "sitting"), 3);
	assert_true(text_distance(long_text, "x") == SIZE_MAX);
	assert_true(text_distance("x", long_text) == SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(integers_are_strict),        cmocka_unit_test(broken_text_is_repaired),
	    cmocka_unit_test(white_space_is_squeezed),    cmocka_unit_test(distances_count_mistakes),
	    cmocka_unit_test(hashes_are_those_of_fnv_1a),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
