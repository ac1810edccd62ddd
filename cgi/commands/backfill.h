/* Backfill of a tracked query, as API and page ask for it. In the demo it is the demo's alone: the live database may not have polled yet. */
#pragma once

#include "cgi/request/context.h"
#include "store/tracking/backfill.h"

/* Reads `since` and `confirm` of the body; estimates the backfill, and begins it if that is CONFIRMED. Errors: ERR_INVALID, those of
 * store_backfill_estimate(). */
MUST_USE bool backfill_ask(struct app *app, const struct request *req, int64_t id, struct backfill_estimate *out, bool *confirmed,
                           struct error *err);

/* Errors: ERR_NOT_FOUND. */
MUST_USE bool backfill_cancel(struct app *app, int64_t id, struct error *err);
