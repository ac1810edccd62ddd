#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void buffers_remember_their_failure(void **state)
{
	AUTO(buf_clear) struct buf b = BUF(10);
	struct error err;

	(void)state;
	buf_add_text(&b, "0123456789");
	assert_true(buf_ok(&b, &err));
	buf_add_char(&b, 'x');
	buf_add_text(&b, "");
	assert_false(buf_ok(&b, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_string_equal(buf_text(&b), "0123456789");
	buf_reset(&b);
	buf_printf(&b, "%d-%s", 42, "abc");
	buf_add_int(&b, -7);
	assert_true(buf_ok(&b, &err));
	assert_string_equal(buf_text(&b), "42-abc-7");
	AUTO(buf_clear) struct buf numbers = BUF(100);
	buf_add_int(&numbers, INT64_MIN);
	assert_string_equal(buf_text(&numbers), "-9223372036854775808");
}

static void numbers_have_all_of_their_digits(void **state)
{
	static const struct {
		int64_t value;
		const char *text;
	} cases[] = {{0, "0"},
	             {-7, "-7"},
	             {10, "10"},
	             {4711, "4711"},
	             {INT64_MAX, "9223372036854775807"},
	             {INT64_MIN, "-9223372036854775808"}};
	char text[INT_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(int_text(cases[i].value, text), strlen(cases[i].text));
		assert_string_equal(text, cases[i].text);
	}
}

static void printing_fits_or_leaves_nothing(void **state)
{
	AUTO(buf_clear) struct buf b = BUF(1000);
	char text[701];
	struct error err;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	buf_printf(&b, "<%s>", text); /* more than a new buffer has room for */
	assert_true(buf_ok(&b, &err));
	assert_int_equal(b.len, 702);
	assert_int_equal(strlen(buf_text(&b)), 702);
	assert_string_equal(buf_text(&b) + 700, "x>");
	buf_printf(&b, "%s", text); /* more than is allowed */
	assert_false(buf_ok(&b, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_int_equal(strlen(buf_text(&b)), 702);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(buffers_remember_their_failure),
	    cmocka_unit_test(numbers_have_all_of_their_digits),
	    cmocka_unit_test(printing_fits_or_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
