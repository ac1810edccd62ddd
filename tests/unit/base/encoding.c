#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/encoding.h"

static void digits_of_both_cases_have_values(void **state)
{
	char digits[9];

	(void)state;
	assert_int_equal(hex_value('0'), 0);
	assert_int_equal(hex_value('f'), 15);
	assert_int_equal(hex_value('A'), 10);
	for (const char *at = "gG/:@`\x10\x19 -"; *at; at++)
		assert_int_equal(hex_value(*at), -1);
	assert_int_equal(hex_value('\0'), -1);
	hex_write("\x00\x7f\xa5\xff", 4, digits);
	assert_string_equal(digits, "007fa5ff");
}

static void only_unreserved_characters_stay(void **state)
{
	AUTO(buf_clear) struct buf out = BUF(100);

	(void)state;
	percent_encode(&out, "aZ09-._~ +:/é");
	assert_string_equal(buf_text(&out), "aZ09-._~%20%2B%3A%2F%C3%A9");
	buf_reset(&out);
	percent_encode_readable(&out, "12:00 a+b/c");
	assert_string_equal(buf_text(&out), "12:00+a%2Bb%2Fc");
}

static void what_is_not_encoded_stays_and_is_told(void **state)
{
	static const struct {
		const char *text, *decoded;
		bool plus_is_blank, well_formed;
	} cases[] = {{"a%20b%2b+", "a b++", false, true},
	             {"a%20b%2B+", "a b+ ", true, true},
	             {"100%", "100%", false, false},
	             {"%4", "%4", false, false},
	             {"%zz%41", "%zzA", false, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(buf_clear) struct buf out = BUF(100);
		const char *text = cases[i].text;

		assert_int_equal(percent_decode(&out, text, strlen(text), cases[i].plus_is_blank), cases[i].well_formed);
		assert_string_equal(buf_text(&out), cases[i].decoded);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(digits_of_both_cases_have_values),
	    cmocka_unit_test(only_unreserved_characters_stay),
	    cmocka_unit_test(what_is_not_encoded_stays_and_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
