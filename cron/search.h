/*
 * One reading: the pages of a search, saved as they come, and what is known of the query's coverage afterwards. Coverage moves in
 * the transaction of the last page, never past the answer's own Date, and only over what was read for sure: YouTube's order is not
 * strict, and an empty answer may be none.
 *
 * A further page is the first page of a narrower window, not YouTube's next page: page tokens are offsets, so that videos which come
 * or go between two calls shift the pages, and they end near 500 results.
 */
#pragma once

#include "cron/budget.h"
#include "cron/run.h"

/* Makes the calls of READING. A call that failed is noted in the query and the run. False only when the tick cannot go on. */
MUST_USE bool reading_make(struct tick *tick, const struct reading *reading, struct error *err);
