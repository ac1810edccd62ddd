#include "store/matches.h"

#include "base/timestamp.h"
#include "store/internal.h"

enum { DOUBTED_AT_ONCE = 3 };

enum match_statement {
	MATCH_INSERT,
	MATCH_KNOWN,
	MATCH_FIRST,
	MATCH_COUNT,
	MATCH_DOUBT,
	LOOKUP_MATCH,
	LOOKUP_INSERT,
	LOOKUP_MATCH_ALL,
	LOOKUP_DELETE,
	LOOKUP_FORGET,
	LOOKUP_POSTPONE,
};

static const char *const sql[] = {
    [MATCH_INSERT] =
	"INSERT INTO match (query, seq, found_at, how, in_search, recorded) VALUES (?1, ?2, ?3, ?4, ?5, " SQL_NEXT_RECORDED(
	    "?3") ")"
		  " ON CONFLICT (query, seq) DO UPDATE SET in_search = 1 WHERE match.in_search = 0 AND excluded.in_search = 1",
    [MATCH_KNOWN] = "SELECT count(*) FROM match m JOIN video v ON v.seq = m.seq WHERE m.query = ?1 AND v.id = ?2",
    [MATCH_FIRST] = "SELECT seq FROM match WHERE query = ?1 AND seq >= ?2 AND in_search = 1 ORDER BY seq LIMIT 1",
    [MATCH_DOUBT] =
	"UPDATE video SET recheck_at = CASE WHEN recheck_at > 0 THEN recheck_at ELSE ?4 END WHERE seq IN"
	" (SELECT seq FROM match WHERE query = ?1 AND seq >= ?2 AND seq < ?3 AND in_search = 1 ORDER BY seq DESC LIMIT ?5)",
    [MATCH_COUNT] = "SELECT count(*) FROM match WHERE query = ?1 AND seq >= ?2 AND seq < ?3 AND in_search = 1",
    [LOOKUP_MATCH] = "INSERT INTO match (query, seq, found_at, how, recorded) SELECT ?1, seq, ?3, ?4, " SQL_NEXT_RECORDED(
	"?3") " FROM video WHERE id = ?2"
	      " ON CONFLICT DO NOTHING RETURNING seq",
    [LOOKUP_INSERT] = "INSERT INTO pending_lookup (query, id, found_at, due_at) SELECT ?1, ?2, ?3, ?3"
		      " WHERE NOT EXISTS (SELECT 1 FROM video WHERE id = ?2)"
		      " ON CONFLICT (id, query) DO UPDATE SET due_at = excluded.due_at"
		      " WHERE pending_lookup.tries = 0 AND pending_lookup.due_at > excluded.due_at",
    [LOOKUP_MATCH_ALL] =
	"INSERT INTO match (query, seq, found_at, how, recorded) SELECT query, ?2, found_at, ?3,"
	" CASE WHEN recorded > 0 THEN recorded ELSE " SQL_NEXT_RECORDED("?4") " END FROM pending_lookup WHERE id = ?1"
									      " ON CONFLICT DO NOTHING",
    [LOOKUP_DELETE] = "DELETE FROM pending_lookup WHERE id = ?1",
    [LOOKUP_FORGET] = "DELETE FROM pending_lookup WHERE id = ?1 AND tries > 0",
    [LOOKUP_POSTPONE] = "UPDATE pending_lookup SET tries = tries + 1, due_at = ?2 WHERE id = ?1",
};

const struct statements matches_statements = STATEMENTS(sql);

/* ---- matches ---- */

/* What an import brings counts as shown by search: where it came from is not known. */
static bool is_search(enum found_how how)
{
	return how == FOUND_SEARCH || how == FOUND_IMPORT;
}

bool store_match_save(struct store *store, int64_t query_id, int64_t seq, enum found_how how, int64_t now, bool *added,
                      struct error *err)
{
	if (!transaction_begin(store, err))
		return false;
	bool done = statement_run_ints(store, sql[MATCH_INSERT], INTS(query_id, seq, now, how, is_search(how)), err);
	if (done) {
		*added = changed_rows(store) > 0;
		done = !*added || (query_change(store, query_id, err) && change_note_match(store, seq, now, err));
	}
	return transaction_end(store, done, err);
}

bool store_match_known(struct store *store, int64_t query_id, const char *id, bool *out, struct error *err)
{
	struct statement *get = statement_use(store, sql[MATCH_KNOWN]);
	int64_t count;

	bind_int(get, 1, query_id);
	bind_text(get, 2, id);
	if (!statement_number(get, &count, err))
		return false;
	*out = count > 0;
	return true;
}

bool store_match_first_since(struct store *store, int64_t query_id, int64_t since, int64_t *out, struct error *err)
{
	struct statement *first = statement_use(store, sql[MATCH_FIRST]);

	bind_ints(first, INTS(query_id, since * SEQ_PER_SECOND));
	if (!statement_number(first, out, err))
		return false;
	*out /= SEQ_PER_SECOND;
	return true;
}

bool store_match_count(struct store *store, int64_t query_id, int64_t since, int64_t until, int64_t *out, struct error *err)
{
	struct statement *count = statement_use(store, sql[MATCH_COUNT]);

	bind_ints(count, INTS(query_id, since * SEQ_PER_SECOND, until * SEQ_PER_SECOND));
	return statement_number(count, out, err);
}

bool store_match_doubt(struct store *store, int64_t query_id, int64_t since, int64_t until, int64_t now, bool *any,
                       struct error *err)
{
	if (!transaction_begin(store, err))
		return false;
	bool done =
	    statement_run_ints(store, sql[MATCH_DOUBT],
	                       INTS(query_id, since * SEQ_PER_SECOND, (until + 1) * SEQ_PER_SECOND, now, DOUBTED_AT_ONCE), err);
	*any = done && changed_rows(store) > 0;
	return transaction_end(store, done, err);
}

/* ---- pending lookups ---- */

static bool request_lookup(struct store *store, int64_t query_id, const char *id, int64_t now, struct error *err)
{
	struct statement *match = statement_use(store, sql[LOOKUP_MATCH]);
	int64_t seq;

	bind_int(match, 1, query_id);
	bind_text(match, 2, id);
	bind_int(match, 3, now);
	bind_int(match, 4, FOUND_SEARCH);
	if (!statement_number(match, &seq, err))
		return false;
	if (seq && (!query_change(store, query_id, err) || !change_note_match(store, seq, now, err)))
		return false;
	struct statement *insert = statement_use(store, sql[LOOKUP_INSERT]);
	bind_int(insert, 1, query_id);
	bind_text(insert, 2, id);
	bind_int(insert, 3, now);
	return statement_run(insert, err);
}

bool store_lookup_request(struct store *store, int64_t query_id, const char *id, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, request_lookup(store, query_id, id, now, err), err);
}

/* Runs a statement whose only parameter is the id of a video. */
static bool run_on(struct store *store, enum match_statement which, const char *id, struct error *err)
{
	struct statement *statement = statement_use(store, sql[which]);

	bind_text(statement, 1, id);
	return statement_run(statement, err);
}

bool lookup_found(struct store *store, const char *id, int64_t seq, int64_t now, struct error *err)
{
	struct statement *match = statement_use(store, sql[LOOKUP_MATCH_ALL]);

	bind_text(match, 1, id);
	bind_int(match, 2, seq);
	bind_int(match, 3, FOUND_SEARCH);
	bind_int(match, 4, now);
	return statement_run(match, err) && (!changed_rows(store) || change_note_match(store, seq, now, err)) &&
	       run_on(store, LOOKUP_DELETE, id, err);
}

bool lookup_missed(struct store *store, const char *id, int64_t now, struct error *err)
{
	if (!run_on(store, LOOKUP_FORGET, id, err))
		return false;
	struct statement *postpone = statement_use(store, sql[LOOKUP_POSTPONE]);
	bind_text(postpone, 1, id);
	bind_int(postpone, 2, now + SECONDS_PER_DAY);
	return statement_run(postpone, err);
}
