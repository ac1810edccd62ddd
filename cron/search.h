/*
 * A search job: the pages of a search, saved as they come, and the query's coverage afterwards. Coverage moves in the transaction of
 * the last page, never past the answer's own Date, and only over what was certainly read: YouTube's order is not strict, and an
 * empty answer may be a fault.
 *
 * A further page is the first page of a narrower window, not YouTube's next page: page tokens are offsets, so that videos which come
 * or go between two calls shift the pages, and they end near 500 results.
 */
#pragma once

#include "cron/budget/plan.h"
#include "cron/run.h"

/* Makes the calls of JOB. A failed call, and a page that cannot be saved, is noted in the query and the run. False only when the run
 * cannot go on. */
MUST_USE bool search_job_run(struct fetch_run *run, const struct search_job *job, struct error *err);

/* Saves VIDEO as found by a search for the query, if that still keeps it; *FRESH tells whether it had not found it before. Within the
 * caller's transaction, or one of its own. Errors: as store.h. */
MUST_USE bool search_save_found(struct fetch_run *run, int64_t query_id, const struct video *video, int64_t now, bool *fresh,
                                struct error *err);
