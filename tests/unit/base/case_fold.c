#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/case_fold.h"
#include "base/text.h"

static void folding_makes_equal_what_reads_equal(void **state)
{
	static const struct {
		const char *text, *folded;
	} cases[] = {{"  Rocket \t\n Launch ", "rocket launch"},
	             {"ÉCLAIR Ω Ж", "éclair ω ж"},
	             {"日本\u3000東京", "日本 東京"},
	             {"", ""},
	             {" \u00A0 ", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(text_free) char *folded = NULL;
		struct error err;

		assert_true(case_fold(cases[i].text, &folded, &err));
		assert_string_equal(folded, cases[i].folded);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(folding_makes_equal_what_reads_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
