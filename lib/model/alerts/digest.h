/* When digests are due: at a time of day in a time zone, whatever the zone does to its clocks. */
#pragma once

#include "model/alerts/alert.h"

/* The first time after NOW at which the digest of SCHEDULE is due, at MINUTE of the day (of the hour: hourly) in TIMEZONE; weekly on Mondays.
 * Where the clock skips that minute, it is the one that is as far behind the jump; one that comes twice counts once. The process's time
 * zone is another one while this works: no other thread may use it. Errors: ERR_INTERNAL without zone data. */
MUST_USE bool digest_next(enum alert_schedule schedule, int64_t minute, const char *timezone, int64_t now, int64_t *out,
                          struct error *err);
