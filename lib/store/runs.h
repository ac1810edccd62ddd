/* Runs of newsreel-fetch, and the schedule of searches that one run leaves for the next. Errors as store.h says. */
#pragma once

#include "model/run.h"
#include "model/schedule.h"
#include "store/store.h"

/* Begins a run; forgets all but the newest few thousand. */
MUST_USE bool store_run_begin(struct store *store, int64_t now, int64_t *id, struct error *err);

/* Writes what came of the run RUN->id. */
MUST_USE bool store_run_finish(struct store *store, const struct run *run, struct error *err);

/* The newest run that finished. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_run_last(struct store *store, struct run *out, struct error *err);

/* The newest LIMIT runs (at least 1), the newest first, also those that did not finish. */
MUST_USE bool store_runs_list(struct store *store, int64_t limit, struct run_list *out, struct error *err);

/* Every category's schedule; DAY is the first second of the Pacific day whose searches are counted. */
MUST_USE bool store_schedule_read(struct store *store, int64_t day, struct schedule_table *out, struct error *err);
MUST_USE bool store_schedule_write(struct store *store, int64_t day, const struct schedule_table *table, struct error *err);
