#include "store/runs.h"

#include <stdlib.h>

#include "store/sqlite/connection.h"

enum { RUNS_KEPT = 5000 };

enum run_statement { RUN_BEGIN, RUN_PRUNE, RUN_FINISH, RUN_LAST, RUN_LIST };

/* In the order of NUMBERS_OF_RUN. */
#define RUN_NUMBERS                                                                                                              \
	"id, started_at, finished_at, searches, units, added, updated, skipped, gone, hidden, failures, ms, planned,"            \
	" searches_left, units_left"
enum { RUN_NUMBER_COUNT = 15 };

#define NUMBERS_OF_RUN(run)                                                                                                      \
	{                                                                                                                        \
		&(run)->id, &(run)->started_at, &(run)->finished_at, &(run)->searches, &(run)->units, &(run)->added,             \
		    &(run)->updated, &(run)->skipped, &(run)->gone, &(run)->hidden, &(run)->failures, &(run)->ms,                \
		    &(run)->planned, &(run)->left[BUCKET_SEARCHES], &(run)->left[BUCKET_UNITS],                                  \
	}

static const char *const sql[] = {
    [RUN_BEGIN] = "INSERT INTO run (started_at) VALUES (?1)",
    [RUN_PRUNE] = "DELETE FROM run WHERE id <= (SELECT max(id) FROM run) - ?1",
    [RUN_FINISH] = "INSERT OR REPLACE INTO run (" RUN_NUMBERS ", error)"
		   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    [RUN_LAST] = "SELECT " RUN_NUMBERS ", error FROM run WHERE finished_at > 0 ORDER BY id DESC LIMIT 1",
    [RUN_LIST] = "SELECT " RUN_NUMBERS ", error FROM run ORDER BY id DESC LIMIT ?1",
};

const struct statements runs_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum run_statement which)
{
	return db_use(store, NOUN_RUNS, (int)which);
}

static bool begin(struct store *store, int64_t now, int64_t *id, struct error *err)
{
	sqlite3_stmt *insert = use(store, RUN_BEGIN);

	db_bind_int(insert, 1, now);
	if (!db_run(store, insert, err))
		return false;
	*id = sqlite3_last_insert_rowid(store->db);
	sqlite3_stmt *prune = use(store, RUN_PRUNE);
	db_bind_int(prune, 1, RUNS_KEPT);
	return db_run(store, prune, err);
}

bool store_run_begin(struct store *store, int64_t now, int64_t *id, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && begin(store, now, id, err);

	return db_write_end(store, own, done, err);
}

static bool finish(struct store *store, const struct run *run, struct error *err)
{
	const int64_t *const numbers[RUN_NUMBER_COUNT] = NUMBERS_OF_RUN(run);
	sqlite3_stmt *statement = use(store, RUN_FINISH);

	for (int i = 0; i < RUN_NUMBER_COUNT; i++)
		db_bind_int(statement, i + 1, *numbers[i]);
	db_bind_text(statement, RUN_NUMBER_COUNT + 1, run->error);
	return db_run(store, statement, err);
}

bool store_run_finish(struct store *store, const struct run *run, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && finish(store, run, err);

	return db_write_end(store, own, done, err);
}

/* ---- reading ---- */

static bool read_run(sqlite3_stmt *row, struct run *out, struct error *err)
{
	struct run run = {0};
	int64_t *const numbers[RUN_NUMBER_COUNT] = NUMBERS_OF_RUN(&run);

	if (!db_copy(row, RUN_NUMBER_COUNT, &run.error, err))
		return false;
	for (int i = 0; i < RUN_NUMBER_COUNT; i++)
		*numbers[i] = sqlite3_column_int64(row, i);
	*out = run;
	return true;
}

bool store_run_last(struct store *store, struct run *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *last = use(store, RUN_LAST);

	return db_row(store, last, "run yet", err) && read_run(last, out, err);
}

bool store_runs_list(struct store *store, int64_t limit, struct run_list *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *list = use(store, RUN_LIST);
	AUTO(run_list_clear) struct run_list runs = {.items = calloc((size_t)limit, sizeof(*runs.items))};
	bool row = false;

	if (!runs.items)
		return error_no_memory(err);
	db_bind_int(list, 1, limit);
	while ((int64_t)runs.count < limit) {
		if (!db_step(store, list, &row, err))
			return false;
		if (!row)
			break;
		if (!read_run(list, &runs.items[runs.count], err))
			return false;
		runs.count++;
	}
	*out = runs;
	runs = (struct run_list){0};
	return true;
}
