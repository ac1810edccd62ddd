#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/list.h"

static void a_list_grows_and_keeps_its_items(void **state)
{
	int *items = NULL;
	size_t count = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		assert_true(list_grow(&items, count, sizeof(*items)));
		items[count++] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	while (count > 500) /* and may shrink in between */
		count--;
	for (int i = 500; i < 600; i++) {
		assert_true(list_grow(&items, count, sizeof(*items)));
		items[count++] = i;
	}
	assert_int_equal(items[599], 599);
	free(items);
}

static void a_list_too_long_for_memory_is_refused(void **state)
{
	void *items = NULL;

	(void)state;
	assert_false(list_grow(&items, SIZE_MAX / 4 + 1, 16));
	assert_false(list_grow(&items, 0, SIZE_MAX / 2));
	assert_null(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_list_grows_and_keeps_its_items),
	    cmocka_unit_test(a_list_too_long_for_memory_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
