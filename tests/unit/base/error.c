#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/utf8.h"

static void errors_are_cut_at_a_character(void **state)
{
	struct error err;
	char text[400];

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "é", 2);
	text[sizeof(text) - 2] = '\0';
	assert_false(error_set(&err, ERR_BUSY, "%s", text));
	assert_true(utf8_is_valid(err.text, strlen(err.text)));
	assert_false(error_wrap(&err, "outer %d", 1));
	assert_int_equal(err.code, ERR_BUSY);
	assert_int_equal(strncmp(err.text, "outer 1: é", 11), 0);
	assert_true(utf8_is_valid(err.text, strlen(err.text)));
}

static void errors_quote_anything_as_text(void **state)
{
	struct error err;

	(void)state;
	assert_false(error_set(&err, ERR_INVALID, "'%s': %.3s is \xF0\x9F\x9A\x80, not \xE2\x82", "a\xFF\xC3xb", "éé"));
	assert_string_equal(err.text, "'a??xb': é? is \xF0\x9F\x9A\x80, not ??");
	assert_false(error_wrap(&err, "in %.1s", "é"));
	assert_int_equal(strncmp(err.text, "in ?: 'a??xb'", 13), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(errors_are_cut_at_a_character),
	    cmocka_unit_test(errors_quote_anything_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
