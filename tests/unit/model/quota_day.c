#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "model/quota_day.h"

static void quota_days_have_23_24_and_25_hours(void **state)
{
	static const struct {
		const char *time;
		int hours;
	} cases[] = {{"2026-03-08T20:00:00Z", 23},
	             {"2026-11-01T20:00:00Z", 25},
	             {"2026-11-22T10:00:00Z", 24},
	             {"2026-03-07T20:00:00Z", 24}};
	struct error err;

	(void)state;
	assert_true(quota_day_open(&err));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t time;

		assert_true(timestamp_parse(cases[i].time, &time));
		assert_int_equal(quota_day_end(time) - quota_day_start(time), cases[i].hours * 3600);
		assert_int_equal(quota_day_start(quota_day_start(time)), quota_day_start(time));
		assert_int_equal(quota_day_start(quota_day_end(time)), quota_day_end(time));
		assert_int_equal(quota_day_start(quota_day_end(time) - 1), quota_day_start(time));
	}
	/* The window_start_time of a recorded refusal. */
	assert_int_equal(quota_day_start(1790319600 + 12345), 1790319600);
}

static void a_missing_zone_database_is_an_error(void **state)
{
	struct error err;

	(void)state;
	setenv("TZDIR", "/nonexistent", 1);
	assert_false(quota_day_open(&err));
	assert_non_null(strstr(err.text, "/nonexistent/America/Los_Angeles"));
	unsetenv("TZDIR");
	assert_true(quota_day_open(&err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(quota_days_have_23_24_and_25_hours),
	    cmocka_unit_test(a_missing_zone_database_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
