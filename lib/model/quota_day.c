#include "model/quota_day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONE "America/Los_Angeles"

bool quota_day_open(struct error *err)
{
	const char *folder = getenv("TZDIR");
	char path[512];

	/* Without the file, tzset() falls back to UTC and says nothing. */
	snprintf(path, sizeof(path), "%s/" ZONE, folder && *folder ? folder : "/usr/share/zoneinfo");
	if (access(path, R_OK) != 0)
		return error_set(err, ERR_INTERNAL, "no zone data: %s is missing (Debian: apt-get install tzdata)", path);
	if (setenv("TZ", ":" ZONE, 1) != 0)
		return error_no_memory(err);
	tzset();
	if (strcmp(tzname[0], "PST") != 0)
		return error_set(err, ERR_INTERNAL, "no zone data: %s cannot be read", path);
	return true;
}

/* Midnight Pacific time, DAYS after the day that TIME lies in. */
static int64_t midnight(int64_t time, int days)
{
	time_t at = (time_t)time;
	struct tm local;

	localtime_r(&at, &local);
	local.tm_mday += days;
	local.tm_hour = local.tm_min = local.tm_sec = 0;
	local.tm_isdst = -1;
	return (int64_t)mktime(&local);
}

int64_t quota_day_start(int64_t time)
{
	return midnight(time, 0);
}

int64_t quota_day_end(int64_t time)
{
	return midnight(time, 1);
}
