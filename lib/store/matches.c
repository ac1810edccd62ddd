#include "store/matches.h"

#include "store/sqlite/connection.h"
#include "store/videos_internal.h"

enum { DOUBTED_AT_ONCE = 3 };

enum match_statement { MATCH_INSERT, MATCH_FIRST, MATCH_DOUBT };

static const char *const sql[] = {
    [MATCH_INSERT] = "INSERT INTO match (query, seq, found_at, how) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    [MATCH_FIRST] = "SELECT seq FROM match WHERE query = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1",
    [MATCH_DOUBT] = ("UPDATE video SET recheck_at = iif(recheck_at, recheck_at, ?4) WHERE seq IN"
                     " (SELECT seq FROM match WHERE query = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?5)"),
};

const struct statements matches_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum match_statement which)
{
	return db_use(store, NOUN_MATCHES, (int)which);
}

bool store_match_save(struct store *store, int64_t query_id, int64_t seq, enum found_how how, int64_t now, bool *added,
                      struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err);

	if (done) {
		sqlite3_stmt *insert = use(store, MATCH_INSERT);
		db_bind_int(insert, 1, query_id);
		db_bind_int(insert, 2, seq);
		db_bind_int(insert, 3, now);
		db_bind_int(insert, 4, (int64_t)how);
		done = db_run(store, insert, err);
	}
	if (done) {
		*added = sqlite3_changes(store->db) > 0;
		if (*added)
			db_public_change(store);
	}
	return db_write_end(store, own, done, err);
}

bool store_match_first_since(struct store *store, int64_t query_id, int64_t since, int64_t *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *first = use(store, MATCH_FIRST);
	bool row = false;

	db_bind_int(first, 1, query_id);
	db_bind_int(first, 2, since * SEQ_PER_SECOND);
	if (!db_step(store, first, &row, err))
		return false;
	*out = row ? sqlite3_column_int64(first, 0) / SEQ_PER_SECOND : 0;
	return true;
}

bool store_match_doubt(struct store *store, int64_t query_id, int64_t since, int64_t until, int64_t now, bool *any,
                       struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err);

	if (done) {
		sqlite3_stmt *doubt = use(store, MATCH_DOUBT);
		db_bind_int(doubt, 1, query_id);
		db_bind_int(doubt, 2, since * SEQ_PER_SECOND);
		db_bind_int(doubt, 3, (until + 1) * SEQ_PER_SECOND);
		db_bind_int(doubt, 4, now);
		db_bind_int(doubt, 5, DOUBTED_AT_ONCE);
		done = db_run(store, doubt, err);
		*any = done && sqlite3_changes(store->db) > 0;
	}
	return db_write_end(store, own, done, err);
}
