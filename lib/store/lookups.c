#include "store/lookups.h"

#include "base/timestamp.h"
#include "model/video.h"
#include "store/sqlite/connection.h"

enum lookup_statement { LOOKUP_MATCH, LOOKUP_INSERT, LOOKUP_MATCH_ALL, LOOKUP_DELETE, LOOKUP_FORGET, LOOKUP_POSTPONE };

static const char *const sql[] = {
    [LOOKUP_MATCH] = "INSERT INTO match (query, seq, found_at, how) SELECT ?1, seq, ?3, ?4 FROM video WHERE id = ?2"
		     " ON CONFLICT DO NOTHING",
    [LOOKUP_INSERT] = ("INSERT INTO pending_lookup (query, id, found_at, due_at) SELECT ?1, ?2, ?3, ?3"
                       " WHERE NOT EXISTS (SELECT 1 FROM video WHERE id = ?2)"
                       " ON CONFLICT DO UPDATE SET due_at = min(due_at, excluded.due_at) WHERE tries = 0"),
    [LOOKUP_MATCH_ALL] =
	"INSERT INTO match (query, seq, found_at, how) SELECT query, ?2, found_at, ?3 FROM pending_lookup WHERE id = ?1"
	" ON CONFLICT DO NOTHING",
    [LOOKUP_DELETE] = "DELETE FROM pending_lookup WHERE id = ?1",
    [LOOKUP_FORGET] = "DELETE FROM pending_lookup WHERE id = ?1 AND tries > 0",
    [LOOKUP_POSTPONE] = "UPDATE pending_lookup SET tries = tries + 1, due_at = ?2 WHERE id = ?1",
};

const struct statements lookups_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum lookup_statement which)
{
	return db_use(store, NOUN_LOOKUPS, (int)which);
}

static bool run_on(struct store *store, enum lookup_statement which, const char *id, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_text(statement, 1, id);
	return db_run(store, statement, err);
}

static bool await(struct store *store, int64_t query_id, const char *id, int64_t now, struct error *err)
{
	sqlite3_stmt *match = use(store, LOOKUP_MATCH);

	db_bind_int(match, 1, query_id);
	db_bind_text(match, 2, id);
	db_bind_int(match, 3, now);
	db_bind_int(match, 4, FOUND_SEARCH);
	if (!db_run(store, match, err))
		return false;
	if (sqlite3_changes(store->db))
		db_public_change(store);
	sqlite3_stmt *insert = use(store, LOOKUP_INSERT);
	db_bind_int(insert, 1, query_id);
	db_bind_text(insert, 2, id);
	db_bind_int(insert, 3, now);
	return db_run(store, insert, err);
}

bool store_lookup_request(struct store *store, int64_t query_id, const char *id, int64_t now, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && await(store, query_id, id, now, err);

	return db_write_end(store, own, done, err);
}

bool lookup_found(struct store *store, const char *id, int64_t seq, struct error *err)
{
	sqlite3_stmt *match = use(store, LOOKUP_MATCH_ALL);

	db_bind_text(match, 1, id);
	db_bind_int(match, 2, seq);
	db_bind_int(match, 3, FOUND_SEARCH);
	return db_run(store, match, err) && run_on(store, LOOKUP_DELETE, id, err);
}

bool lookup_missed(struct store *store, const char *id, int64_t now, struct error *err)
{
	if (!run_on(store, LOOKUP_FORGET, id, err))
		return false;
	sqlite3_stmt *postpone = use(store, LOOKUP_POSTPONE);
	db_bind_text(postpone, 1, id);
	db_bind_int(postpone, 2, now + SECONDS_PER_DAY);
	return db_run(store, postpone, err);
}
