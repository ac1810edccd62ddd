/* Calls of videos.list: full descriptions, durations and counts of new videos, the refresh of all others in time, live ones around
 * their times, and the going of those that YouTube no longer has. A key is tried by the same call. */
#pragma once

#include "cron/run.h"

/* How many videos wait, counted up to some hundred thousand of each kind. */
MUST_USE bool lookup_waiting(struct tick *tick, int64_t *out, struct error *err);

/* Hides what could not be re-checked in time: also without any key. */
MUST_USE bool lookup_hide_overdue(struct tick *tick, struct error *err);

/* One call for those that are next, if there are any. A call that failed is noted in the run, and the rest is left to the next
 * tick. False only when the tick cannot go on. */
MUST_USE bool lookup_make(struct tick *tick, struct error *err);

/* One call with this key only, to learn whether it is good. */
MUST_USE bool lookup_try_key(struct tick *tick, int64_t key_id, struct error *err);

/* Deletes what may not be kept any longer. */
MUST_USE bool lookup_forget_old(struct tick *tick, struct error *err);
