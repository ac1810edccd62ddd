#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"

static void json_from_outside_is_bounded(void **state)
{
	AUTO(buf_clear) struct buf deep = BUF(10000);
	AUTO(json_free) cJSON *json = NULL;
	struct error err;
	int64_t number;

	(void)state;
	for (int i = 0; i < 2000; i++)
		buf_add_char(&deep, '[');
	assert_false(json_parse(buf_text(&deep), deep.len, &json, &err));
	assert_non_null(strstr(err.text, "deep"));
	static const char text[] = "{\"a\": \"12\", \"b\": 12, \"c\": 1.5, \"d\": 1e300, \"e\": \"x\", \"f\": null, \"A\": 1}";
	assert_true(json_parse(text, strlen(text), &json, &err));
	assert_true(json_int(json, "a", &number) && number == 12);
	assert_true(json_int(json, "b", &number) && number == 12);
	assert_false(json_int(json, "c", &number));
	assert_false(json_int(json, "d", &number));
	assert_false(json_int(json, "e", &number));
	assert_false(json_int(json, "f", &number));
	assert_null(json_text(json, "b"));
	assert_null(json_text(NULL, "b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(json_from_outside_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
