/*
 * A scout: one search for several queries, whose videos are saved for those whose text is in the title (search/title_match.h). It brings
 * videos early, and moves nobody's coverage. cron/budget/scouts.c plans it.
 */
#pragma once

#include "cron/budget/plan.h"
#include "cron/run.h"

/* Makes the call of JOB, of BUDGET_SCOUTS. A failed call is noted in the run. False only when the run cannot go on. */
MUST_USE bool scout_run(struct fetch_run *run, const struct search_job *job, struct error *err);
