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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(buffers_remember_their_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
