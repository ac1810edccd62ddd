#include "store/coverage.h"

#include <stdlib.h>

#include "store/db.h"
#include "store/queries.h"

enum { GAPS_MAX = 1000 };

enum coverage_statement {
	QUERY_SUCCEEDED,
	QUERY_FAILED,
	QUERY_SET_NEXT,
	QUERY_COVER,
	GAP_LIST,
	GAP_TOUCHING,
	GAP_DELETE_TOUCHING,
	GAP_INSERT,
};

static const char *const sql[] = {
    [QUERY_SUCCEEDED] = "UPDATE query SET attempted_at = ?2, succeeded_at = ?2, failures = 0, error = NULL WHERE id = ?1",
    [QUERY_FAILED] = "UPDATE query SET attempted_at = ?2, failures = failures + 1, error = ?3 WHERE id = ?1",
    [QUERY_SET_NEXT] = "UPDATE query SET next_poll_at = ?2 WHERE id = ?1 AND next_poll_at <> ?2",
    [QUERY_COVER] = "UPDATE query SET covered_since = ?2, covered_until = ?3 WHERE id = ?1",
    [GAP_LIST] = "SELECT id, query, since, until, reason FROM gap WHERE query = ?1 ORDER BY until DESC LIMIT ?2",
    [GAP_TOUCHING] = "SELECT min(since), max(until) FROM gap WHERE query = ?1 AND since <= ?3 AND until >= ?2",
    [GAP_DELETE_TOUCHING] = "DELETE FROM gap WHERE query = ?1 AND since <= ?3 AND until >= ?2",
    [GAP_INSERT] = "INSERT INTO gap (query, since, until, reason) VALUES (?1, ?2, ?3, ?4)",
};

const struct statements coverage_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum coverage_statement which)
{
	return db_use(store, NOUN_COVERAGE, (int)which);
}

/* ---- gaps ---- */

static bool add_gap(struct gap_list *gaps, sqlite3_stmt *row, struct error *err)
{
	struct gap *items = realloc(gaps->items, (gaps->count + 1) * sizeof(*items));

	if (!items)
		return error_no_memory(err);
	gaps->items = items;
	struct gap *gap = &items[gaps->count];
	*gap = (struct gap){.id = sqlite3_column_int64(row, 0),
	                    .query_id = sqlite3_column_int64(row, 1),
	                    .since = sqlite3_column_int64(row, 2),
	                    .until = sqlite3_column_int64(row, 3)};
	if (!db_copy(row, 4, &gap->reason, err))
		return false;
	gaps->count++;
	return true;
}

bool coverage_read_gaps(struct store *store, struct query *query, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *list = use(store, GAP_LIST);
	bool row = false;

	db_bind_int(list, 1, query->id);
	db_bind_int(list, 2, GAPS_MAX);
	for (;;) {
		if (!db_step(store, list, &row, err))
			return false;
		if (!row)
			return true;
		if (!add_gap(&query->gaps, list, err))
			return false;
	}
}

/* ---- polls ---- */

/* Adds a gap; those that it touches become one with it. */
static bool add_gap_row(struct store *store, const struct poll *poll, struct error *err)
{
	int64_t since = poll->gap_since;
	int64_t until = poll->gap_until;
	sqlite3_stmt *touching = use(store, GAP_TOUCHING);

	db_bind_int(touching, 1, poll->query_id);
	db_bind_int(touching, 2, since);
	db_bind_int(touching, 3, until);
	if (!db_row(store, touching, "gap", err))
		return false;
	if (sqlite3_column_type(touching, 0) != SQLITE_NULL) {
		since = sqlite3_column_int64(touching, 0) < since ? sqlite3_column_int64(touching, 0) : since;
		until = sqlite3_column_int64(touching, 1) > until ? sqlite3_column_int64(touching, 1) : until;
	}
	sqlite3_reset(touching);

	sqlite3_stmt *clear = use(store, GAP_DELETE_TOUCHING);
	db_bind_int(clear, 1, poll->query_id);
	db_bind_int(clear, 2, poll->gap_since);
	db_bind_int(clear, 3, poll->gap_until);
	if (!db_run(store, clear, err))
		return false;
	sqlite3_stmt *insert_gap = use(store, GAP_INSERT);
	db_bind_int(insert_gap, 1, poll->query_id);
	db_bind_int(insert_gap, 2, since);
	db_bind_int(insert_gap, 3, until);
	db_bind_text(insert_gap, 4, poll->gap_reason);
	return db_run(store, insert_gap, err);
}

static bool cover(struct store *store, const struct poll *poll, struct error *err)
{
	sqlite3_stmt *set = use(store, QUERY_COVER);

	db_bind_int(set, 1, poll->query_id);
	db_bind_int(set, 2, poll->covered_since);
	db_bind_int(set, 3, poll->covered_until);
	return db_run(store, set, err);
}

static bool polled(struct store *store, const struct poll *poll, struct error *err)
{
	sqlite3_stmt *note = use(store, poll->error ? QUERY_FAILED : QUERY_SUCCEEDED);

	db_bind_int(note, 1, poll->query_id);
	db_bind_int(note, 2, poll->at);
	if (poll->error)
		db_bind_text(note, 3, poll->error);
	db_public_change(store);
	return db_run(store, note, err) && (!poll->covered_until || cover(store, poll, err)) &&
	       (!poll->gap_until || add_gap_row(store, poll, err));
}

bool store_query_polled(struct store *store, const struct poll *poll, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && polled(store, poll, err);

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
