#include "base/timestamp.h"

#include <string.h>

/* Days since 1970-01-01 in the proleptic Gregorian calendar. The year is counted from March, which puts the leap day
 * last; 146,097 days make 400 years, and 719,468 days lie between 0000-03-01 and 1970-01-01. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = year / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

struct civil {
	int64_t year, month, day;
};

static struct civil civil_from_days(int64_t days)
{
	days += 719468;
	int64_t era = days / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted_month = (5 * day_of_year + 2) / 153;
	int64_t month = shifted_month + (shifted_month < 10 ? 3 : -9);

	return (struct civil){
	    .year = year_of_era + era * 400 + (month <= 2),
	    .month = month,
	    .day = day_of_year - (153 * shifted_month + 2) / 5 + 1,
	};
}

static int days_in_month(int64_t year, int64_t month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Reads exactly COUNT digits and moves *AT after them. */
static bool read_digits(const char **at, int count, int64_t *out)
{
	int64_t value = 0;

	for (int i = 0; i < count; i++) {
		char c = (*at)[i];
		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	*at += count;
	*out = value;
	return true;
}

static bool read_char(const char **at, const char *allowed)
{
	if (!**at || !strchr(allowed, **at))
		return false;
	(*at)++;
	return true;
}

static bool read_date(const char **at, int64_t *days)
{
	int64_t year, month, day;

	if (!read_digits(at, 4, &year) || !read_char(at, "-") || !read_digits(at, 2, &month) || !read_char(at, "-") ||
	    !read_digits(at, 2, &day))
		return false;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*days = days_from_civil(year, month, day);
	return true;
}

static bool read_time(const char **at, int64_t *seconds)
{
	int64_t hour, minute, second;

	if (!read_digits(at, 2, &hour) || !read_char(at, ":") || !read_digits(at, 2, &minute) || !read_char(at, ":") ||
	    !read_digits(at, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*seconds = hour * 3600 + minute * 60 + (second == 60 ? 59 : second); /* a leap second has no number of its own */
	return true;
}

static bool read_fraction(const char **at)
{
	if (!read_char(at, "."))
		return true;
	const char *start = *at;
	while (**at >= '0' && **at <= '9')
		(*at)++;
	return *at > start;
}

/* "Z" or "+hh:mm": seconds to subtract for UTC. */
static bool read_offset(const char **at, int64_t *seconds)
{
	int64_t hours, minutes;

	*seconds = 0;
	if (read_char(at, "Zz"))
		return true;
	int sign = **at == '-' ? -1 : 1;
	if (!read_char(at, "+-") || !read_digits(at, 2, &hours) || !read_char(at, ":") || !read_digits(at, 2, &minutes))
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return hours < 24 && minutes < 60;
}

bool timestamp_parse(const char *text, int64_t *out)
{
	int64_t days, seconds, offset;

	if (!read_date(&text, &days) || !read_char(&text, "Tt ") || !read_time(&text, &seconds) || !read_fraction(&text) ||
	    !read_offset(&text, &offset) || *text)
		return false;
	int64_t time = days * SECONDS_PER_DAY + seconds - offset;
	if (time < 0 || time > TIMESTAMP_MAX)
		return false;
	*out = time;
	return true;
}

bool timestamp_parse_date(const char *text, int64_t *out)
{
	int64_t days;

	if (!read_date(&text, &days) || *text)
		return false;
	*out = days * SECONDS_PER_DAY;
	return true;
}

static void put_two_digits(char *at, int64_t number)
{
	at[0] = (char)('0' + number / 10);
	at[1] = (char)('0' + number % 10);
}

void timestamp_format(int64_t time, char out[TIMESTAMP_SIZE])
{
	time = time < 0 ? 0 : time > TIMESTAMP_MAX ? TIMESTAMP_MAX : time;
	struct civil date = civil_from_days(time / SECONDS_PER_DAY);
	int64_t second = time % SECONDS_PER_DAY;

	memcpy(out, "YYYY-MM-DDThh:mm:ssZ", TIMESTAMP_SIZE);
	put_two_digits(out, date.year / 100);
	put_two_digits(out + 2, date.year % 100);
	put_two_digits(out + 5, date.month);
	put_two_digits(out + 8, date.day);
	put_two_digits(out + 11, second / 3600);
	put_two_digits(out + 14, second / 60 % 60);
	put_two_digits(out + 17, second % 60);
}

int64_t timestamp_day(int64_t time)
{
	return time - time % SECONDS_PER_DAY;
}

int64_t timestamp_month(int64_t time)
{
	struct civil date = civil_from_days(time / SECONDS_PER_DAY);

	return days_from_civil(date.year, date.month, 1) * SECONDS_PER_DAY;
}

bool timestamp_parse_http(const char *text, int64_t *out)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t day, year, seconds;
	const char *at = strchr(text, ',');

	if (!at || !read_char(&at, ",") || !read_char(&at, " ") || !read_digits(&at, 2, &day) || !read_char(&at, " "))
		return false;
	int64_t month = 0;
	while (month < 12 && strncmp(at, months + 3 * month, 3) != 0)
		month++;
	if (month == 12)
		return false;
	at += 3;
	if (!read_char(&at, " ") || !read_digits(&at, 4, &year) || !read_char(&at, " ") || !read_time(&at, &seconds) ||
	    strcmp(at, " GMT") != 0 || year < 1970 || day < 1 || day > days_in_month(year, month + 1))
		return false;
	*out = days_from_civil(year, month + 1, day) * SECONDS_PER_DAY + seconds;
	return true;
}

/* ".5" or ",5", only of seconds: whole ones are enough. */
static bool read_decimals(const char **at)
{
	if (!read_char(at, ".,"))
		return true;
	size_t count = strspn(*at, "0123456789");
	*at += count;
	return count > 0 && **at == 'S';
}

bool duration_parse(const char *text, int64_t *out)
{
	static const struct {
		char letter;
		bool time;
		int64_t seconds;
	} units[] = {{'W', false, 604800}, {'D', false, 86400}, {'H', true, 3600}, {'M', true, 60}, {'S', true, 1}};
	const size_t unit_count = sizeof(units) / sizeof(units[0]);
	int64_t total = 0;
	bool time = false;
	size_t next = 0; /* units come in this order, each once */

	if (*text++ != 'P' || !*text)
		return false;
	while (*text) {
		if (*text == 'T' && !time) {
			time = true;
			text++;
		}
		int64_t value = 0;
		const char *digits = text;
		for (; *text >= '0' && *text <= '9' && text - digits < 9; text++)
			value = value * 10 + (*text - '0');
		if (text == digits || !read_decimals(&text))
			return false;
		while (next < unit_count && (units[next].letter != *text || units[next].time != time))
			next++;
		if (next == unit_count)
			return false;
		total += value * units[next++].seconds;
		text++;
	}
	*out = total;
	return true;
}
