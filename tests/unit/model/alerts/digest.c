#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/alerts/digest.h"
#include "model/alerts/timezone.h"
#include "model/quota_day.h"

static int64_t next(enum alert_schedule schedule, int64_t minute, const char *zone, int64_t now)
{
	struct error err;
	int64_t at;

	assert_true(digest_next(schedule, minute, zone, now, &at, &err));
	return at;
}

/* The times were computed with Python's zoneinfo. */
static void a_daily_digest_stays_at_its_hour_when_clocks_change(void **state)
{
	(void)state;
	assert_int_equal(next(SCHEDULE_DAILY, 480, "Europe/Berlin", 1774681200 - 1), 1774681200);
	assert_int_equal(next(SCHEDULE_DAILY, 480, "Europe/Berlin", 1774681200), 1774764000);             /* 23 hours */
	assert_int_equal(next(SCHEDULE_DAILY, 480, "Europe/Berlin", 1792821600), 1792821600 + 25 * 3600); /* 25 hours */
}

static void a_minute_that_is_skipped_comes_behind_the_jump_and_one_that_is_twice_counts_once(void **state)
{
	int64_t twice = 1792888200; /* 02:30 of 25 October, for the first time */

	(void)state;
	assert_int_equal(next(SCHEDULE_DAILY, 150, "Europe/Berlin", 1774742400), 1774747800); /* 03:30 of 29 March */
	assert_int_equal(next(SCHEDULE_DAILY, 150, "Europe/Berlin", 1774747800), 1774747800 + 23 * 3600);
	assert_int_equal(next(SCHEDULE_DAILY, 150, "Europe/Berlin", twice - 3600), twice);
	assert_int_equal(next(SCHEDULE_DAILY, 150, "Europe/Berlin", twice), twice + 25 * 3600);
	assert_int_equal(next(SCHEDULE_DAILY, 150, "Europe/Berlin", twice + 3600), twice + 25 * 3600);
}

static void a_year_of_digests_has_one_a_day(void **state)
{
	static const char *const zones[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
	                                    "Asia/Kolkata",  "America/Santiago", "UTC"};
	static const int64_t minutes[] = {0, 30, 90, 119, 120, 150, 480, 1439};

	(void)state;
	for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++)
		for (size_t m = 0; m < sizeof(minutes) / sizeof(minutes[0]); m++) {
			int64_t at = next(SCHEDULE_DAILY, minutes[m], zones[z], 1767225600);

			for (int day = 0; day < 365; day++) {
				int64_t after = next(SCHEDULE_DAILY, minutes[m], zones[z], at);

				if (after - at < 22 * 3600 || after - at > 26 * 3600)
					fail_msg("%s, minute %d, day %d: %lld seconds", zones[z], (int)minutes[m], day,
					         (long long)(after - at));
				at = after;
			}
		}
}

static void hourly_and_weekly_ones(void **state)
{
	(void)state;
	assert_int_equal(next(SCHEDULE_HOURLY, 15, "UTC", 1795341600), 1795341600 + 15 * 60);
	assert_int_equal(next(SCHEDULE_HOURLY, 15, "Asia/Kolkata", 1795341600), 1795341600 + 45 * 60);
	assert_int_equal(next(SCHEDULE_HOURLY, 0, "UTC", 1795341600), 1795341600 + 3600);
	assert_int_equal(next(SCHEDULE_WEEKLY, 480, "Asia/Kolkata", 1795953600), 1796005800); /* Monday, 30 November */
	assert_int_equal(next(SCHEDULE_WEEKLY, 480, "Asia/Kolkata", 1796005800), 1796005800 + 7 * 86400);
}

static void quota_days_stay_those_of_the_pacific(void **state)
{
	struct error err;
	int64_t before;

	(void)state;
	assert_true(quota_day_open(&err));
	before = quota_day_start(1795341600);
	next(SCHEDULE_DAILY, 480, "Asia/Kolkata", 1795341600);
	assert_int_equal(quota_day_start(1795341600), before);
	assert_false(digest_next(SCHEDULE_DAILY, 480, "Nowhere/City", 1795341600, &before, &err));
}

static void zones_are_those_of_the_database(void **state)
{
	static const char *const wrong[] = {
	    "", "Europe", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "tzdata.zi", "Europe/Berlin\n", "EST5EDT,M3"};

	(void)state;
	assert_true(timezone_exists("Europe/Berlin"));
	assert_true(timezone_exists("UTC"));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (timezone_exists(wrong[i]))
			fail_msg("%s", wrong[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_daily_digest_stays_at_its_hour_when_clocks_change),
	    cmocka_unit_test(a_minute_that_is_skipped_comes_behind_the_jump_and_one_that_is_twice_counts_once),
	    cmocka_unit_test(a_year_of_digests_has_one_a_day),
	    cmocka_unit_test(hourly_and_weekly_ones),
	    cmocka_unit_test(quota_days_stay_those_of_the_pacific),
	    cmocka_unit_test(zones_are_those_of_the_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
