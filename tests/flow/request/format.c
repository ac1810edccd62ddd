#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "cgi/request/format.h"
#include "tests/support/flow.h"

static void numbers_read_well(void **state)
{
	static const struct {
		int64_t number;
		const char *grouped, *rough;
	} cases[] = {{0, "0", "0"},
	             {999, "999", "999"},
	             {1000, "1,000", "1.0\u00A0k"},
	             {4711, "4,711", "4.7\u00A0k"},
	             {12345, "12,345", "12\u00A0k"},
	             {1234567, "1,234,567", "1.2\u00A0M"}};
	char text[FORMAT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		format_count(cases[i].number, text);
		assert_string_equal(text, cases[i].grouped);
		format_rough(cases[i].number, text);
		assert_string_equal(text, cases[i].rough);
	}
	format_duration(751, text);
	assert_string_equal(text, "12:31");
	format_duration(3723, text);
	assert_string_equal(text, "1:02:03");
}

static void times_read_well(void **state)
{
	static const struct {
		int64_t age;
		const char *words;
	} cases[] = {{0, "just now"},
	             {59, "just now"},
	             {-30, "in a moment"},
	             {60, "1\u00A0min ago"},
	             {7199, "1\u00A0h ago"},
	             {86400, "24\u00A0h ago"},
	             {3 * 86400, "3\u00A0days ago"},
	             {-7200, "in 2\u00A0h"},
	             {40 * 86400, "13 Oct 2026"}};
	char text[FORMAT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		format_ago(FLOW_NOW - cases[i].age, FLOW_NOW, text);
		assert_string_equal(text, cases[i].words);
	}
}

static void dates_read_well(void **state)
{
	static const struct {
		int64_t time;
		const char *date, *minute, *full;
	} cases[] = {{0, "01 Jan 1970", "01 Jan 1970", "Thu 01 Jan 1970, 00:00:00 UTC"},
	             {951782399, "28 Feb 2000", "28 Feb 2000, 23:59", "Mon 28 Feb 2000, 23:59:59 UTC"},
	             {951782400, "29 Feb 2000", "29 Feb 2000", "Tue 29 Feb 2000, 00:00:00 UTC"},
	             {1795341661, "22 Nov 2026", "22 Nov 2026, 10:01", "Sun 22 Nov 2026, 10:01:01 UTC"},
	             {TIMESTAMP_MAX, "31 Dec 9999", "31 Dec 9999, 23:59", "Fri 31 Dec 9999, 23:59:59 UTC"}};
	char text[FORMAT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		format_date(cases[i].time, text);
		assert_string_equal(text, cases[i].date);
		format_minute(cases[i].time, text);
		assert_string_equal(text, cases[i].minute);
		format_full(cases[i].time, text);
		assert_string_equal(text, cases[i].full);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_read_well),
	    cmocka_unit_test(times_read_well),
	    cmocka_unit_test(dates_read_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
