#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text_list.h"

static void parts_are_trimmed_and_empty_ones_left_out(void **state)
{
	AUTO(text_list_clear) struct text_list parts = {0};
	struct error err;

	(void)state;
	assert_true(text_list_split(" one;; two three \u3000; \t;four", ';', &parts, &err));
	assert_int_equal(parts.count, 3);
	assert_string_equal(parts.items[1], "two three");
	assert_true(text_list_has(&parts, "four"));
	assert_false(text_list_has(&parts, "two"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts_are_trimmed_and_empty_ones_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
