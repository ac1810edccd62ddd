#include "store/runs.h"

#include "store/db.h"

enum { RUNS_KEPT = 5000 };

enum run_statement { RUN_BEGIN, RUN_PRUNE, RUN_FINISH, RUN_LAST };

static const char *const sql[] = {
    [RUN_BEGIN] = "INSERT INTO run (started_at) VALUES (?1)",
    [RUN_PRUNE] = "DELETE FROM run WHERE id <= (SELECT max(id) FROM run) - ?1",
    [RUN_FINISH] =
	"UPDATE run SET finished_at = ?2, searches = ?3, units = ?4, added = ?5, updated = ?6, skipped = ?7, failures = ?8,"
	" error = ?9 WHERE id = ?1",
    [RUN_LAST] = "SELECT id, started_at, finished_at, searches, units, added, updated, skipped, failures, error FROM run"
		 " WHERE finished_at > 0 ORDER BY id DESC LIMIT 1",
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

bool store_run_finish(struct store *store, const struct run *run, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err);

	if (done) {
		sqlite3_stmt *finish = use(store, RUN_FINISH);
		const int64_t numbers[] = {run->id,    run->finished_at, run->searches, run->units,
		                           run->added, run->updated,     run->skipped,  run->failures};

		for (int i = 0; i < (int)(sizeof(numbers) / sizeof(numbers[0])); i++)
			db_bind_int(finish, i + 1, numbers[i]);
		db_bind_text(finish, 9, run->error);
		done = db_run(store, finish, err);
	}
	return db_write_end(store, own, done, err);
}

bool store_run_last(struct store *store, struct run *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *last = use(store, RUN_LAST);
	struct run run = {0};

	if (!db_row(store, last, "run yet", err) || !db_copy(last, 9, &run.error, err))
		return false;
	int64_t *const numbers[] = {&run.id,    &run.started_at, &run.finished_at, &run.searches, &run.units,
	                            &run.added, &run.updated,    &run.skipped,     &run.failures};
	for (int i = 0; i < (int)(sizeof(numbers) / sizeof(numbers[0])); i++)
		*numbers[i] = sqlite3_column_int64(last, i);
	*out = run;
	return true;
}
