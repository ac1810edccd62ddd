/* Points in time as int64_t UTC seconds since 1970, and lengths of time in seconds. */
#pragma once

#include <stdint.h>

#include "base/error.h"

enum { SECONDS_PER_HOUR = 3600, SECONDS_PER_DAY = 86400, TIMESTAMP_SIZE = sizeof("2026-11-22T10:00:00Z") };

/* Years 1970 to 9999, so that a formatted time always has 20 characters. */
#define TIMESTAMP_MAX INT64_C(253402300799)

/* RFC 3339, "2026-11-22T10:00:00Z", also with a fraction (cut) and an offset. False without a message otherwise. */
MUST_USE bool timestamp_parse(const char *text, int64_t *out);

/* A date, "2026-11-22", as its midnight UTC. False without a message otherwise. */
MUST_USE bool timestamp_parse_date(const char *text, int64_t *out);

/* RFC 3339 in UTC. Times before 1970 or after 9999 are shown as the nearest end. */
void timestamp_format(int64_t time, char out[TIMESTAMP_SIZE]);

/* The first second of the UTC day, and of the UTC month, that TIME lies in. */
int64_t timestamp_day(int64_t time);
int64_t timestamp_month(int64_t time);

/* An HTTP date (RFC 9110 section 5.6.7, IMF-fixdate): "Sun, 06 Nov 1994 08:49:37 GMT". False otherwise. */
MUST_USE bool timestamp_parse_http(const char *text, int64_t *out);

/* An ISO 8601 length of time as YouTube writes it ("PT1H2M3S", "P1DT2H", "P0D"; weeks, days, hours, minutes, seconds)
 * in seconds, a fraction of one ("PT1.5S", "PT1,5S") cut. False without a message otherwise. */
MUST_USE bool duration_parse(const char *text, int64_t *out);
