/* Hosts beside the Data API, which are expected to fail: then they are left alone for a while, and a run goes on without them. */
#pragma once

#include "cron/run.h"
#include "model/subscription.h"

/* Whether HOST may be asked now: its pause is over, and there is time left in this run. */
MUST_USE bool hosts_may_ask(struct fetch_run *run, enum push_host host, bool *may, struct error *err);

/* HOST failed, as TEXT says: a warning, and a pause that is longer with each failure in a row, RETRY_AFTER_S seconds at least (-1: it
 * did not say). *UNTIL is its end. */
MUST_USE bool hosts_failed(struct fetch_run *run, enum push_host host, int64_t retry_after_s, const char *text, int64_t *until,
                           struct error *err);
