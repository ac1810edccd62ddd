#include "model/alerts/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "model/alerts/timezone.h"

enum { ZONE_SIZE = TIMEZONE_MAX_BYTES + 2, MONDAY = 1, WEEK_DAYS = 7 };

/* Whether the clock shows MINUTE of the day at TIME; *SHOWN is what it shows. */
static bool clock_shows(int64_t time, int64_t minute, int64_t *shown)
{
	time_t at = (time_t)time;
	struct tm local;

	localtime_r(&at, &local);
	*shown = local.tm_hour * 60 + local.tm_min;
	return *shown == minute;
}

/* Of a minute that comes twice it is the first time; of one that is skipped, as far behind the jump. */
static int64_t settle(int64_t time, int64_t minute)
{
	static const int64_t jumps[] = {60 * 60, 30 * 60};
	int64_t shown, ignored;

	if (!clock_shows(time, minute, &shown))
		return shown < minute ? time + jumps[0] : time;
	for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++)
		if (clock_shows(time - jumps[i], minute, &ignored))
			return time - jumps[i];
	return time;
}

/* The minute of the digest DAYS after the day of NOW, in the process's time zone. */
static int64_t time_on_day(int64_t now, int days, int64_t minute)
{
	time_t at = (time_t)now;
	struct tm local;

	localtime_r(&at, &local);
	local.tm_mday += days;
	local.tm_hour = (int)(minute / 60);
	local.tm_min = (int)(minute % 60);
	local.tm_sec = 0;
	local.tm_isdst = -1;
	return settle((int64_t)mktime(&local), minute);
}

static bool is_monday(int64_t time)
{
	time_t at = (time_t)time;
	struct tm local;

	localtime_r(&at, &local);
	return local.tm_wday == MONDAY;
}

/* A zone may be whole hours off, or not: the minute is that of its clock. */
static int64_t next_hour(int64_t minute, int64_t now)
{
	time_t at = (time_t)now;
	struct tm local;

	localtime_r(&at, &local);
	int64_t wait = (minute % 60 - local.tm_min + 60) % 60 * 60 - local.tm_sec;
	return now + (wait > 0 ? wait : wait + 60 * 60);
}

static int64_t next_in_zone(enum alert_schedule schedule, int64_t minute, int64_t now)
{
	if (schedule == SCHEDULE_HOURLY)
		return next_hour(minute, now);
	int64_t next = now;
	for (int days = 0; days <= WEEK_DAYS; days++) {
		next = time_on_day(now, days, minute);
		if (next > now && (schedule == SCHEDULE_DAILY || is_monday(next)))
			break;
	}
	return next;
}

/* Sets the process's time zone; NULL: none is set. */
static bool set_zone(const char *zone, struct error *err)
{
	if ((zone ? setenv("TZ", zone, 1) : unsetenv("TZ")) != 0)
		return error_no_memory(err);
	tzset();
	return true;
}

bool digest_next(enum alert_schedule schedule, int64_t minute, const char *timezone, int64_t now, int64_t *out, struct error *err)
{
	AUTO(text_free) char *before = NULL;
	char zone[ZONE_SIZE];

	if (!timezone_exists(timezone))
		return error_set(err, ERR_INTERNAL, "no zone data of %.60s", timezone);
	snprintf(zone, sizeof(zone), ":%s", timezone);
	if (!text_copy(getenv("TZ"), &before, err) || !set_zone(zone, err))
		return false;
	*out = next_in_zone(schedule, minute, now);
	return set_zone(before, err);
}
