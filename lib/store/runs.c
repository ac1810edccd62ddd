#include "store/runs.h"

#include <stdlib.h>

#include "model/video.h"
#include "store/statement.h"

enum { RUNS_KEPT = 5000 };

enum run_statement { RUN_BEGIN, RUN_TIME, RUN_PRUNE, RUN_FINISH, RUN_LAST, RUN_LIST, SCHEDULE_LIST, SCHEDULE_SET };

/* All numbers of a run: their columns, and the members of struct run. */
#define RUN_NUMBERS(FIRST, NEXT)                                                                                                 \
	FIRST(id, "id")                                                                                                          \
	NEXT(started_at, "started_at")                                                                                           \
	NEXT(finished_at, "finished_at")                                                                                         \
	NEXT(searches, "searches")                                                                                               \
	NEXT(units, "units")                                                                                                     \
	NEXT(recount_units, "recount_units")                                                                                     \
	NEXT(added, "added")                                                                                                     \
	NEXT(updated, "updated")                                                                                                 \
	NEXT(skipped, "skipped")                                                                                                 \
	NEXT(gone, "gone")                                                                                                       \
	NEXT(hidden, "hidden")                                                                                                   \
	NEXT(failures, "failures")                                                                                               \
	NEXT(ms, "ms")                                                                                                           \
	NEXT(planned, "planned")                                                                                                 \
	NEXT(left[BUCKET_SEARCHES], "searches_left")                                                                             \
	NEXT(left[BUCKET_UNITS], "units_left")                                                                                   \
	NEXT(clock_ahead_s, "clock_ahead_s")

#define RUN_COLUMNS COLUMNS(RUN_NUMBERS) ", error"
#define OFFSET(member, sql) offsetof(struct run, member),

static const size_t offsets[] = {RUN_NUMBERS(OFFSET, OFFSET)};

enum { RUN_NUMBER_COUNT = sizeof(offsets) / sizeof(offsets[0]), RUN_COL_ERROR = RUN_NUMBER_COUNT };

enum { SCHEDULE_COL_CATEGORY, SCHEDULE_COL_SEARCHES, SCHEDULE_COL_NEXT_MS, SCHEDULE_COL_PLANNED };

_Static_assert(RECORDED_PER_SECOND == 1048576, "model/video.h");

static const char *const sql[] = {
    [RUN_BEGIN] = "INSERT INTO run (started_at) VALUES (?1) RETURNING id",
    /* What triggers note of the run is of its time (0025_changes.sql). */
    [RUN_TIME] = "UPDATE meta SET recorded = ?1 * 1048576 WHERE recorded < ?1 * 1048576",
    [RUN_PRUNE] = "DELETE FROM run WHERE id <= ?1",
    [RUN_FINISH] = "UPDATE run SET (" RUN_COLUMNS ")"
		   " = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) WHERE id = ?1",
    [RUN_LAST] = "SELECT " RUN_COLUMNS " FROM run WHERE finished_at > 0 ORDER BY id DESC LIMIT 1",
    [RUN_LIST] = "SELECT " RUN_COLUMNS " FROM run ORDER BY id DESC LIMIT ?1",
    [SCHEDULE_LIST] = "SELECT category, CASE WHEN day = ?1 THEN searches ELSE 0 END, next_ms,"
		      " CASE WHEN day = ?1 THEN planned ELSE 0 END FROM schedule",
    [SCHEDULE_SET] = "INSERT INTO schedule (category, day, searches, next_ms, planned) VALUES (?1, ?2, ?3, ?4, ?5)"
		     " ON CONFLICT (category) DO UPDATE SET day = ?2, searches = ?3, next_ms = ?4, planned = ?5",
};

const struct statements runs_statements = STATEMENTS(sql);

/* ---- writing ---- */

static bool begin(struct store *store, int64_t now, int64_t *id, struct error *err)
{
	struct statement *insert = statement_use(store, sql[RUN_BEGIN]);

	bind_int(insert, 1, now);
	return statement_number(insert, id, err) && statement_run_ints(store, sql[RUN_TIME], INTS(now), err) &&
	       statement_run_ints(store, sql[RUN_PRUNE], INTS(*id - RUNS_KEPT), err);
}

bool store_run_begin(struct store *store, int64_t now, int64_t *id, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, begin(store, now, id, err), err);
}

static bool finish(struct store *store, const struct run *run, struct error *err)
{
	struct statement *statement = statement_use(store, sql[RUN_FINISH]);

	for (int i = 0; i < RUN_NUMBER_COUNT; i++)
		bind_int(statement, i + 1, *(const int64_t *)((const char *)run + offsets[i]));
	bind_text(statement, RUN_COL_ERROR + 1, run->error);
	return statement_run(statement, err);
}

bool store_run_finish(struct store *store, const struct run *run, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, finish(store, run, err), err);
}

/* ---- reading ---- */

static bool read_run(struct statement *row, struct run *out, struct error *err)
{
	struct run run = {0};

	if (!column_copy(row, RUN_COL_ERROR, &run.error, err))
		return false;
	for (int i = 0; i < RUN_NUMBER_COUNT; i++)
		*(int64_t *)((char *)&run + offsets[i]) = column_int(row, i);
	*out = run;
	return true;
}

bool store_run_last(struct store *store, struct run *out, struct error *err)
{
	AUTO(statement_done) struct statement *last = statement_use(store, sql[RUN_LAST]);

	return statement_row(last, "run yet", err) && read_run(last, out, err);
}

bool store_runs_list(struct store *store, int64_t limit, struct run_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[RUN_LIST]);
	AUTO(run_list_clear) struct run_list runs = {.items = calloc((size_t)limit, sizeof(*runs.items))};
	bool row = true;

	if (!runs.items)
		return error_no_memory(err);
	bind_int(list, 1, limit);
	while (row && (int64_t)runs.count < limit) {
		if (!statement_step(list, &row, err) || (row && !read_run(list, &runs.items[runs.count], err)))
			return false;
		runs.count += row;
	}
	*out = runs;
	runs = (struct run_list){0};
	return true;
}

/* ---- the schedule ---- */

bool store_schedule_read(struct store *store, int64_t day, struct schedule_table *out, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[SCHEDULE_LIST]);
	bool row = false;

	*out = (struct schedule_table){0};
	bind_int(list, 1, day);
	for (;;) {
		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			return true;
		int64_t category = column_int(list, SCHEDULE_COL_CATEGORY);
		if (category >= 0 && category < BUDGET_COUNT)
			out->of[category] = (struct schedule){.searches = column_int(list, SCHEDULE_COL_SEARCHES),
			                                      .next_ms = column_int(list, SCHEDULE_COL_NEXT_MS),
			                                      .planned = column_int(list, SCHEDULE_COL_PLANNED)};
	}
}

static bool write_schedule(struct store *store, int64_t day, const struct schedule_table *table, struct error *err)
{
	for (int category = 0; category < BUDGET_COUNT; category++) {
		const struct schedule *of = &table->of[category];

		if (!statement_run_ints(store, sql[SCHEDULE_SET], INTS(category, day, of->searches, of->next_ms, of->planned),
		                        err))
			return false;
	}
	return true;
}

bool store_schedule_write(struct store *store, int64_t day, const struct schedule_table *table, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, write_schedule(store, day, table, err), err);
}
