#include "store/coverage.h"

#include "base/list.h"
#include "store/sqlite/connection.h"

enum coverage_statement {
	QUERY_SUCCEEDED,
	QUERY_FAILED,
	QUERY_SEARCHED,
	QUERY_SEARCH_FAILED,
	QUERY_LEARN,
	QUERY_SET_NEXT,
	QUERY_COVER,
	QUERY_FORGET,
	COVERAGE_LIST,
	GAP_LIST,
	COVERAGE_CLEAR,
	COVERAGE_INSERT,
};

static const char *const sql[] = {
    [QUERY_SUCCEEDED] = "UPDATE query SET attempted_at = ?2, succeeded_at = ?2, failures = 0, error = NULL WHERE id = ?1",
    [QUERY_FAILED] = "UPDATE query SET attempted_at = ?2, failures = failures + 1, error = ?3 WHERE id = ?1",
    [QUERY_SEARCHED] = "UPDATE query SET succeeded_at = ?2, failures = 0, error = NULL WHERE id = ?1",
    [QUERY_SEARCH_FAILED] = "UPDATE query SET failures = max(failures, 1), error = ?3 WHERE id = ?1",
    [QUERY_LEARN] = "UPDATE query SET rate = iif(?2 > 0, ?2, rate), empties = iif(?3, empties + 1, 0) WHERE id = ?1",
    [QUERY_SET_NEXT] = "UPDATE query SET next_poll_at = ?2 WHERE id = ?1 AND next_poll_at <> ?2",
    [QUERY_COVER] = "UPDATE query SET covered_since = ?2, covered_until = ?3 WHERE id = ?1",
    [QUERY_FORGET] = ("UPDATE query SET covered_since = 0, covered_until = 0, next_poll_at = 0, rate = 0, empties = 0,"
                      " attempted_at = 0, failures = 0, error = NULL WHERE id = ?1"),
    [COVERAGE_LIST] = "SELECT since, until, read_at, tried_at, reason FROM coverage WHERE query = ?1 ORDER BY since",
    [GAP_LIST] =
	("SELECT since, until, read_at, tried_at, reason FROM coverage WHERE query = ?1 AND read_at = 0 ORDER BY until DESC"),
    [COVERAGE_CLEAR] = "DELETE FROM coverage WHERE query = ?1",
    [COVERAGE_INSERT] = "INSERT INTO coverage (query, since, until, read_at, tried_at, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
};

const struct statements coverage_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum coverage_statement which)
{
	return db_use(store, NOUN_COVERAGE, (int)which);
}

static bool run_on(struct store *store, enum coverage_statement which, int64_t query_id, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_int(statement, 1, query_id);
	return db_run(store, statement, err);
}

/* ---- reading ---- */

static bool add_interval(struct coverage *list, sqlite3_stmt *row, struct error *err)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	list->items[list->count++] = (struct interval){.since = sqlite3_column_int64(row, 0),
	                                               .until = sqlite3_column_int64(row, 1),
	                                               .read_at = sqlite3_column_int64(row, 2),
	                                               .tried_at = sqlite3_column_int64(row, 3),
	                                               .reason = (enum gap_reason)sqlite3_column_int(row, 4)};
	return true;
}

static bool read_list(struct store *store, enum coverage_statement which, int64_t query_id, struct coverage *out,
                      struct error *err)
{
	AUTO(db_done) sqlite3_stmt *list = use(store, which);
	AUTO(coverage_clear) struct coverage coverage = {0};
	bool row = false;

	db_bind_int(list, 1, query_id);
	do {
		if (!db_step(store, list, &row, err) || (row && !add_interval(&coverage, list, err)))
			return false;
	} while (row);
	*out = coverage;
	coverage = (struct coverage){0};
	return true;
}

bool coverage_read_gaps(struct store *store, struct query *query, struct error *err)
{
	return read_list(store, GAP_LIST, query->id, &query->gaps, err);
}

bool store_coverage_read(struct store *store, int64_t query_id, struct coverage *out, struct error *err)
{
	return read_list(store, COVERAGE_LIST, query_id, out, err);
}

/* ---- writing ---- */

static bool insert(struct store *store, int64_t query_id, const struct interval *interval, struct error *err)
{
	sqlite3_stmt *statement = use(store, COVERAGE_INSERT);
	const int64_t numbers[] = {query_id,          interval->since,    interval->until,
	                           interval->read_at, interval->tried_at, (int64_t)interval->reason};

	for (int i = 0; i < (int)(sizeof(numbers) / sizeof(numbers[0])); i++)
		db_bind_int(statement, i + 1, numbers[i]);
	return db_run(store, statement, err);
}

static bool write(struct store *store, int64_t query_id, const struct coverage *coverage, struct error *err)
{
	if (!run_on(store, COVERAGE_CLEAR, query_id, err))
		return false;
	for (size_t i = 0; i < coverage->count; i++)
		if (!insert(store, query_id, &coverage->items[i], err))
			return false;
	sqlite3_stmt *cover = use(store, QUERY_COVER);
	db_bind_int(cover, 1, query_id);
	db_bind_int(cover, 2, coverage_since(coverage));
	db_bind_int(cover, 3, coverage_until(coverage));
	db_public_change(store);
	return db_run(store, cover, err);
}

bool store_coverage_write(struct store *store, int64_t query_id, struct coverage *coverage, int64_t now, struct error *err)
{
	bool own = false;

	coverage_compact(coverage, now);
	bool done = db_write_begin(store, &own, err) && write(store, query_id, coverage, err);
	return db_write_end(store, own, done, err);
}

bool coverage_forget(struct store *store, int64_t query_id, struct error *err)
{
	return run_on(store, COVERAGE_CLEAR, query_id, err) && run_on(store, QUERY_FORGET, query_id, err);
}

/* ---- polls ---- */

static bool note(struct store *store, const struct poll *poll, enum coverage_statement which, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_int(statement, 1, poll->query_id);
	db_bind_int(statement, 2, poll->at);
	if (poll->error)
		db_bind_text(statement, 3, poll->error);
	db_public_change(store);
	if (!db_run(store, statement, err))
		return false;
	if (poll->error && !poll->empty)
		return true;
	sqlite3_stmt *learn = use(store, QUERY_LEARN);
	db_bind_int(learn, 1, poll->query_id);
	db_bind_real(learn, 2, poll->rate);
	db_bind_int(learn, 3, poll->empty);
	return db_run(store, learn, err);
}

bool store_query_polled(struct store *store, const struct poll *poll, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && note(store, poll, poll->error ? QUERY_FAILED : QUERY_SUCCEEDED, err);

	return db_write_end(store, own, done, err);
}

bool store_query_searched(struct store *store, const struct poll *poll, struct error *err)
{
	bool own = false;
	bool done =
	    db_write_begin(store, &own, err) && note(store, poll, poll->error ? QUERY_SEARCH_FAILED : QUERY_SEARCHED, err);

	return db_write_end(store, own, done, err);
}

bool store_query_set_next_poll(struct store *store, int64_t id, int64_t at, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err);

	if (done) {
		sqlite3_stmt *set = use(store, QUERY_SET_NEXT);
		db_bind_int(set, 1, id);
		db_bind_int(set, 2, at);
		done = db_run(store, set, err);
		if (done && sqlite3_changes(store->db))
			db_public_change(store);
	}
	return db_write_end(store, own, done, err);
}
