#include "store/lookups.h"

#include "base/timestamp.h"
#include "model/video.h"
#include "store/sqlite/connection.h"

enum awaited_statement { AWAITED_MATCH, AWAITED_INSERT, AWAITED_MATCH_ALL, AWAITED_DELETE, AWAITED_FORGET, AWAITED_POSTPONE };

static const char *const sql[] = {
    [AWAITED_MATCH] = "INSERT INTO match (query, seq, found_at, how) SELECT ?1, seq, ?3, ?4 FROM video WHERE id = ?2"
		      " ON CONFLICT DO NOTHING",
    [AWAITED_INSERT] =
	("INSERT INTO awaited (query, id, found_at, due_at) SELECT ?1, ?2, ?3, ?3"
         " WHERE NOT EXISTS (SELECT 1 FROM video WHERE id = ?2)"
         " ON CONFLICT DO UPDATE SET due_at = min(due_at, excluded.due_at) WHERE tries = 0"),
    [AWAITED_MATCH_ALL] = "INSERT INTO match (query, seq, found_at, how) SELECT query, ?2, found_at, ?3 FROM awaited WHERE id = ?1"
			  " ON CONFLICT DO NOTHING",
    [AWAITED_DELETE] = "DELETE FROM awaited WHERE id = ?1",
    [AWAITED_FORGET] = "DELETE FROM awaited WHERE id = ?1 AND tries > 0",
    [AWAITED_POSTPONE] = "UPDATE awaited SET tries = tries + 1, due_at = ?2 WHERE id = ?1",
};

const struct statements awaited_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum awaited_statement which)
{
	return db_use(store, NOUN_AWAITED, (int)which);
}

static bool run_on(struct store *store, enum awaited_statement which, const char *id, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_text(statement, 1, id);
	return db_run(store, statement, err);
}

static bool await(struct store *store, int64_t query_id, const char *id, int64_t now, struct error *err)
{
	sqlite3_stmt *match = use(store, AWAITED_MATCH);

	db_bind_int(match, 1, query_id);
	db_bind_text(match, 2, id);
	db_bind_int(match, 3, now);
	db_bind_int(match, 4, FOUND_SEARCH);
	if (!db_run(store, match, err))
		return false;
	if (sqlite3_changes(store->db))
		db_public_change(store);
	sqlite3_stmt *insert = use(store, AWAITED_INSERT);
	db_bind_int(insert, 1, query_id);
	db_bind_text(insert, 2, id);
	db_bind_int(insert, 3, now);
	return db_run(store, insert, err);
}

bool store_await(struct store *store, int64_t query_id, const char *id, int64_t now, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && await(store, query_id, id, now, err);

	return db_write_end(store, own, done, err);
}

bool awaited_came(struct store *store, const char *id, int64_t seq, struct error *err)
{
	sqlite3_stmt *match = use(store, AWAITED_MATCH_ALL);

	db_bind_text(match, 1, id);
	db_bind_int(match, 2, seq);
	db_bind_int(match, 3, FOUND_SEARCH);
	return db_run(store, match, err) && run_on(store, AWAITED_DELETE, id, err);
}

bool awaited_missed(struct store *store, const char *id, int64_t now, struct error *err)
{
	if (!run_on(store, AWAITED_FORGET, id, err))
		return false;
	sqlite3_stmt *postpone = use(store, AWAITED_POSTPONE);
	db_bind_text(postpone, 1, id);
	db_bind_int(postpone, 2, now + SECONDS_PER_DAY);
	return db_run(store, postpone, err);
}
