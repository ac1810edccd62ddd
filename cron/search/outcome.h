/* Inside the search job only: what a search job leaves in its query: coverage, rate, doubts. */
#pragma once

#include "cron/run.h"
#include "cron/search/progress.h"

/* Saves how the job went: in the transaction at hand, with its last page. EMPTY: it ended with an answer that had nothing; FAILURE (may be
 * NULL) is why it ended. Errors: as store.h. */
MUST_USE bool outcome_save(struct fetch_run *run, const struct progress *p, bool empty, const struct error *failure,
                           struct error *err);
