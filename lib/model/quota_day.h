/*
 * YouTube's quota day: it begins at midnight in America/Los_Angeles, so two days a year have 23 and 25 hours
 * (https://developers.google.com/youtube/v3/determine_quota_cost). The zone comes from the zone database (package tzdata,
 * folder $TZDIR or /usr/share/zoneinfo).
 */
#pragma once

#include <stdint.h>

#include "base/error.h"

/* Makes Pacific time the process's local time (nothing else in newsreel uses local time). To be called once at start,
 * before threads and before the functions below. Errors: ERR_INTERNAL when the zone database is missing. */
MUST_USE bool quota_day_open(struct error *err);

/* The first second of the quota day that TIME lies in, and the first second of the next one (the reset). */
int64_t quota_day_start(int64_t time);
int64_t quota_day_end(int64_t time);
