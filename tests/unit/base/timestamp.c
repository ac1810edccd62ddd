#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/timestamp.h"

static void reads_every_form_of_rfc_3339(void **state)
{
	static const struct {
		const char *text;
		int64_t time;
	} cases[] = {
	    {"1970-01-01T00:00:00Z", 0},
	    {"2026-11-22T10:00:00Z", 1795341600},
	    {"2026-11-22T10:00:00.000Z", 1795341600},
	    {"2026-11-22t10:00:00z", 1795341600},
	    {"2026-11-22T12:30:00+02:30", 1795341600},
	    {"2026-11-22T05:00:00.25-05:00", 1795341600},
	    {"2024-02-29T23:59:60Z", 1709251199},
	    {"9999-12-31T23:59:59Z", TIMESTAMP_MAX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t time = -1;
		assert_true(timestamp_parse(cases[i].text, &time));
		assert_int_equal(time, cases[i].time);
	}
}

static void refuses_what_is_no_time(void **state)
{
	static const char *const cases[] = {"",
	                                    "2026-11-22",
	                                    "2026-11-22T10:00:00",
	                                    "2026-13-01T00:00:00Z",
	                                    "2026-02-29T00:00:00Z",
	                                    "1969-12-31T23:59:59Z",
	                                    "2026-11-22T24:00:00Z",
	                                    "2026-11-22T10:00:00.Z",
	                                    "2026-11-22T10:00:00Z ",
	                                    "2026-11-22T10:00:00+24:00",
	                                    "26-11-22T10:00:00Z",
	                                    "1970-01-01T00:00:00+01:00"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t time = 7;
		assert_false(timestamp_parse(cases[i], &time));
		assert_int_equal(time, 7);
	}
}

static void formats_what_it_reads(void **state)
{
	char text[TIMESTAMP_SIZE];
	int64_t back;

	(void)state;
	/* Every day of 130 years, at an odd second. */
	for (int64_t time = 12345; time < INT64_C(130) * 365 * SECONDS_PER_DAY; time += SECONDS_PER_DAY) {
		timestamp_format(time, text);
		assert_true(timestamp_parse(text, &back));
		assert_int_equal(back, time);
	}
	timestamp_format(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59Z");
	timestamp_format(-1, text);
	assert_string_equal(text, "1970-01-01T00:00:00Z");
}

static void finds_the_day_and_the_month(void **state)
{
	(void)state;
	assert_int_equal(timestamp_day(1795341600), 1795305600);
	assert_int_equal(timestamp_month(1795341600), 1793491200);
}

static void reads_the_date_of_an_answer(void **state)
{
	int64_t time;

	(void)state;
	assert_true(timestamp_parse_http("Sun, 06 Nov 1994 08:49:37 GMT", &time));
	assert_int_equal(time, 784111777);
	assert_false(timestamp_parse_http("Sun, 06 Now 1994 08:49:37 GMT", &time));
	assert_false(timestamp_parse_http("Sunday, 06-Nov-94 08:49:37 GMT", &time));
}

static void reads_durations_as_youtube_writes_them(void **state)
{
	int64_t seconds;

	(void)state;
	assert_true(duration_parse("PT21M3S", &seconds));
	assert_int_equal(seconds, 1263);
	assert_true(duration_parse("PT1H2M3S", &seconds));
	assert_int_equal(seconds, 3723);
	assert_true(duration_parse("P1DT2H", &seconds));
	assert_int_equal(seconds, 93600);
	assert_true(duration_parse("P0D", &seconds));
	assert_int_equal(seconds, 0);
	assert_true(duration_parse("PT1M30.5S", &seconds));
	assert_int_equal(seconds, 90);
	assert_true(duration_parse("PT90,5S", &seconds));
	assert_int_equal(seconds, 90);
	assert_false(duration_parse("PT1.5M", &seconds));
	assert_false(duration_parse("PT1.S", &seconds));
	assert_true(duration_parse("P1W", &seconds));
	assert_int_equal(seconds, 604800);
	assert_false(duration_parse("", &seconds));
	assert_false(duration_parse("P", &seconds));
	assert_false(duration_parse("PT5", &seconds));
	assert_false(duration_parse("PT3S2M", &seconds));
	assert_false(duration_parse("P5S", &seconds));
	assert_false(duration_parse("PT1H2M3S ", &seconds));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_every_form_of_rfc_3339), cmocka_unit_test(refuses_what_is_no_time),
	    cmocka_unit_test(formats_what_it_reads),        cmocka_unit_test(finds_the_day_and_the_month),
	    cmocka_unit_test(reads_the_date_of_an_answer),  cmocka_unit_test(reads_durations_as_youtube_writes_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
