#include "cgi/request/format.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/timestamp.h"

enum { MINUTE = 60, DAYS_IN_WORDS = 30 };

/* Where the day and the time stand in "2026-11-22T10:00:00Z". */
enum { ISO_DAY = 8, ISO_TIME = 11 };

void format_count(int64_t number, char out[FORMAT_SIZE])
{
	char digits[INT_TEXT_SIZE];
	size_t len = int_text(number, digits);
	char *to = out;

	for (size_t i = 0; i < len; i++) {
		if (i > (digits[0] == '-') && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
}

void format_rough(int64_t number, char out[FORMAT_SIZE])
{
	static const struct {
		int64_t size;
		const char *name;
	} units[] = {{1000000000, "G"}, {1000000, "M"}, {1000, "k"}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (number < units[i].size)
			continue;
		long long tenths = (long long)(number / (units[i].size / 10));
		if (tenths < 100)
			snprintf(out, FORMAT_SIZE, "%lld.%lld\u00A0%s", tenths / 10, tenths % 10, units[i].name);
		else
			snprintf(out, FORMAT_SIZE, "%lld\u00A0%s", tenths / 10, units[i].name);
		return;
	}
	snprintf(out, FORMAT_SIZE, "%lld", (long long)number);
}

void format_duration(int64_t seconds, char out[FORMAT_SIZE])
{
	long long hours = (long long)(seconds / SECONDS_PER_HOUR);
	int minutes = (int)(seconds / MINUTE % 60);
	int rest = (int)(seconds % 60);

	if (hours)
		snprintf(out, FORMAT_SIZE, "%lld:%02d:%02d", hours, minutes, rest);
	else
		snprintf(out, FORMAT_SIZE, "%d:%02d", minutes, rest);
}

/* "22 Nov 2026", of a time as timestamp_format() writes it. */
static void write_date(const char iso[TIMESTAMP_SIZE], char out[FORMAT_SIZE])
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int month = (iso[5] - '0') * 10 + iso[6] - '0';

	memcpy(out, "DD Mmm YYYY", sizeof("DD Mmm YYYY"));
	memcpy(out, iso + ISO_DAY, 2);
	memcpy(out + strlen("DD "), months + 3 * (month - 1), 3);
	memcpy(out + strlen("DD Mmm "), iso, 4);
}

void format_date(int64_t time, char out[FORMAT_SIZE])
{
	char iso[TIMESTAMP_SIZE];

	timestamp_format(time, iso);
	write_date(iso, out);
}

void format_span(int64_t seconds, char out[FORMAT_SIZE])
{
	long long minutes = (long long)(seconds / MINUTE);

	if (minutes < 1)
		snprintf(out, FORMAT_SIZE, "under a minute");
	else if (minutes < 60)
		snprintf(out, FORMAT_SIZE, "%lld\u00A0min", minutes);
	else if (minutes < 48 * 60)
		snprintf(out, FORMAT_SIZE, "%lld\u00A0h", minutes / 60);
	else
		snprintf(out, FORMAT_SIZE, "%lld\u00A0days", minutes / 60 / 24);
}

void format_ago(int64_t time, int64_t now, char out[FORMAT_SIZE])
{
	int64_t age = now - time;
	int64_t distance = age < 0 ? -age : age;
	char span[FORMAT_SIZE];

	if (distance >= DAYS_IN_WORDS * SECONDS_PER_DAY) {
		format_date(time, out);
		return;
	}
	format_span(distance, span);
	if (distance < MINUTE)
		snprintf(out, FORMAT_SIZE, "%s", age < 0 ? "in a moment" : "just now");
	else
		snprintf(out, FORMAT_SIZE, age < 0 ? "in %.48s" : "%.48s ago", span);
}

void format_minute(int64_t time, char out[FORMAT_SIZE])
{
	char iso[TIMESTAMP_SIZE];

	timestamp_format(time, iso);
	write_date(iso, out);
	if (time % SECONDS_PER_DAY)
		snprintf(out + strlen(out), sizeof(", 10:00"), ", %.5s", iso + ISO_TIME);
}

/* Names are English whatever the machine speaks: the process keeps the "C" locale. */
void format_full(int64_t time, char out[FORMAT_SIZE])
{
	time_t at = (time_t)time;
	struct tm utc;

	out[0] = '\0';
	if (gmtime_r(&at, &utc))
		strftime(out, FORMAT_SIZE, "%a %d %b %Y, %H:%M:%S UTC", &utc);
}
