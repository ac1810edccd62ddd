#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/number.h"

static void numbers_have_all_of_their_digits(void **state)
{
	static const struct {
		int64_t value;
		const char *text;
		size_t len;
	} cases[] = {{0, "0", 1},
	             {-7, "-7", 2},
	             {10, "10", 2},
	             {4711, "4711", 4},
	             {INT64_MAX, "9223372036854775807", 19},
	             {INT64_MIN, "-9223372036854775808", 20}};
	char text[NUMBER_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(number_format(cases[i].value, text), cases[i].len);
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_have_all_of_their_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
