#include "store/matches.h"

#include "base/timestamp.h"
#include "store/internal.h"

enum { DOUBTED_AT_ONCE = 3 };

enum match_statement {
	MATCH_INSERT,
	MATCH_SEEN_HIDDEN,
	MATCH_INSERT_QUARANTINED,
	MATCH_KNOWN,
	MATCH_FIRST,
	MATCH_COUNT,
	MATCH_DOUBT,
	LOOKUP_FIND,
	LOOKUP_INSERT,
	LOOKUP_IS_BACKFILL,
	LOOKUP_MATCH_ALL,
	LOOKUP_MATCH_ALL_QUARANTINED,
	LOOKUP_DELETE,
	LOOKUP_FORGET,
	LOOKUP_POSTPONE,
};

/* Matches of query ?1 that a search gave, of hidden videos. */
#define OF_QUARANTINED "quarantine_match m JOIN quarantine o ON o.number = m.number WHERE m.query = ?1 AND m.in_search = 1"
/* What the match had before the video went, or a new one at ?3. */
#define PENDING_RECORDED "CASE WHEN p.recorded > 0 THEN p.recorded ELSE " SQL_NEXT_RECORDED("?3") " END"
_Static_assert(SEQ_PER_SECOND == 1024, "the texts below");

static const char *const sql[] = {
    [MATCH_INSERT] =
	"INSERT INTO match (query, seq, found_at, how, in_search, recorded) SELECT ?1, ?2, ?3, ?4, ?5, " SQL_NEXT_RECORDED(
	    "?3") " WHERE NOT EXISTS (SELECT 1 FROM hidden_match WHERE query = ?1 AND seq = ?2)"
		  " ON CONFLICT (query, seq) DO UPDATE SET in_search = 1 WHERE match.in_search = 0 AND excluded.in_search = 1",
    [MATCH_SEEN_HIDDEN] = "UPDATE hidden_match SET in_search = 1 WHERE query = ?1 AND seq = ?2 AND in_search = 0 AND ?3 = 1",
    [MATCH_INSERT_QUARANTINED] =
	"INSERT INTO quarantine_match (query, number, found_at, how, in_search, recorded) VALUES (?1, ?2, ?3, ?4, ?5,"
	" " SQL_NEXT_RECORDED("?3") ")"
				    " ON CONFLICT (number, query) DO UPDATE SET in_search = 1 WHERE quarantine_match.in_search = "
				    "0 AND excluded.in_search = 1",
    [MATCH_KNOWN] = "SELECT (SELECT count(*) FROM match m JOIN video v ON v.seq = m.seq WHERE m.query = ?1 AND v.id = ?2)"
		    " + (SELECT count(*) FROM hidden_match m JOIN video v ON v.seq = m.seq WHERE m.query = ?1 AND v.id = ?2)"
		    " + (SELECT count(*) FROM quarantine_match m JOIN quarantine o ON o.number = m.number"
		    " WHERE m.query = ?1 AND o.id = ?2)",
    [MATCH_FIRST] = "SELECT min(at) FROM"
		    " (SELECT min(seq) / 1024 AS at FROM match WHERE query = ?1 AND seq >= ?2 AND in_search = 1"
		    " UNION ALL SELECT min(seq) / 1024 FROM hidden_match WHERE query = ?1 AND seq >= ?2 AND in_search = 1"
		    " UNION ALL SELECT min(o.published_at) FROM " OF_QUARANTINED " AND o.published_at >= ?2 / 1024) firsts",
    [MATCH_DOUBT] =
	"UPDATE video SET recheck_at = CASE WHEN recheck_at > 0 THEN recheck_at ELSE ?4 END WHERE seq IN"
	" (SELECT seq FROM match WHERE query = ?1 AND seq >= ?2 AND seq < ?3 AND in_search = 1 ORDER BY seq DESC LIMIT ?5)",
    [MATCH_COUNT] = "SELECT (SELECT count(*) FROM match WHERE query = ?1 AND seq >= ?2 AND seq < ?3 AND in_search = 1)"
		    " + (SELECT count(*) FROM hidden_match WHERE query = ?1 AND seq >= ?2 AND seq < ?3 AND in_search = 1)"
		    " + (SELECT count(*) FROM " OF_QUARANTINED " AND o.published_at >= ?2 / 1024 AND o.published_at < ?3 / 1024)",
    [LOOKUP_FIND] = "SELECT seq FROM video WHERE id = ?1",
    [LOOKUP_INSERT] = "INSERT INTO pending_lookup (query, id, found_at, due_at, backfill) VALUES (?1, ?2, ?3, ?3, ?4)"
		      " ON CONFLICT (id, query) DO UPDATE SET due_at = excluded.due_at"
		      " WHERE pending_lookup.tries = 0 AND pending_lookup.due_at > excluded.due_at",
    [LOOKUP_IS_BACKFILL] = "SELECT coalesce(min(p.backfill), 0) FROM pending_lookup p JOIN query q ON q.id = p.query"
			   " WHERE p.id = ?1 AND q.origin <> " SQL_VISITOR,
    [LOOKUP_MATCH_ALL] = "INSERT INTO match (query, seq, found_at, how, recorded)"
			 " SELECT p.query, v.seq, p.found_at, ?2, " PENDING_RECORDED
			 " FROM pending_lookup p JOIN video v ON v.id = p.id WHERE p.id = ?1"
			 " AND NOT EXISTS (SELECT 1 FROM hidden_match h WHERE h.query = p.query AND h.seq = v.seq)"
			 " ON CONFLICT DO NOTHING",
    [LOOKUP_MATCH_ALL_QUARANTINED] = "INSERT INTO quarantine_match (query, number, found_at, how, recorded)"
				     " SELECT p.query, o.number, p.found_at, ?2, " PENDING_RECORDED
				     " FROM pending_lookup p JOIN quarantine o ON o.id = p.id WHERE p.id = ?1"
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

/* What follows from a new match. A rule of the query may hide it, and with it the video. */
static bool note_added(struct store *store, int64_t query_id, int64_t seq, int64_t now, struct error *err)
{
	return query_change(store, query_id, err) && hidden_settle_match(store, query_id, seq, err) &&
	       change_note_match(store, seq, now, err);
}

static bool save(struct store *store, int64_t query_id, int64_t seq, enum found_how how, int64_t now, bool *added,
                 struct error *err)
{
	if (!statement_run_ints(store, sql[MATCH_INSERT], INTS(query_id, seq, now, how, is_search(how)), err))
		return false;
	*added = changed_rows(store) > 0;
	if (*added)
		return note_added(store, query_id, seq, now, err);
	/* It is there, or hidden by a rule. */
	if (!statement_run_ints(store, sql[MATCH_SEEN_HIDDEN], INTS(query_id, seq, is_search(how)), err))
		return false;
	*added = changed_rows(store) > 0;
	return true;
}

bool store_match_save(struct store *store, int64_t query_id, int64_t seq, enum found_how how, int64_t now, bool *added,
                      struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, save(store, query_id, seq, how, now, added, err), err);
}

/* Another query may show what the rules of all others hide. */
static bool save_hidden(struct store *store, int64_t query_id, const char *id, enum found_how how, int64_t now, bool *added,
                        struct error *err)
{
	int64_t number;
	unsigned reasons;

	*added = false;
	if (!quarantine_find(store, id, &number, &reasons, err))
		return false;
	if (!number)
		return error_set(err, ERR_NOT_FOUND, "no hidden video '%.40s'", id);
	if (!statement_run_ints(store, sql[MATCH_INSERT_QUARANTINED], INTS(query_id, number, now, how, is_search(how)), err))
		return false;
	*added = changed_rows(store) > 0;
	return !*added || hidden_settle(store, id, err);
}

bool store_match_save_hidden(struct store *store, int64_t query_id, const char *id, enum found_how how, int64_t now, bool *added,
                             struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, save_hidden(store, query_id, id, how, now, added, err), err);
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
	return statement_number(first, out, err);
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

static bool request_lookup(struct store *store, int64_t query_id, const char *id, bool is_backfill, int64_t now,
                           struct error *err)
{
	struct statement *find = statement_use(store, sql[LOOKUP_FIND]);
	int64_t seq;
	bool quarantined, added;

	bind_text(find, 1, id);
	if (!statement_number(find, &seq, err) || !quarantine_has(store, id, &quarantined, err))
		return false;
	if (seq)
		return store_match_save(store, query_id, seq, FOUND_SEARCH, now, &added, err);
	if (quarantined)
		return store_match_save_hidden(store, query_id, id, FOUND_SEARCH, now, &added, err);
	struct statement *insert = statement_use(store, sql[LOOKUP_INSERT]);
	bind_int(insert, 1, query_id);
	bind_text(insert, 2, id);
	bind_int(insert, 3, now);
	bind_int(insert, 4, is_backfill);
	return statement_run(insert, err);
}

bool store_lookup_request(struct store *store, int64_t query_id, const char *id, bool is_backfill, int64_t now, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, request_lookup(store, query_id, id, is_backfill, now, err), err);
}

bool lookup_is_backfill(struct store *store, const char *id, bool *out, struct error *err)
{
	struct statement *get = statement_use(store, sql[LOOKUP_IS_BACKFILL]);
	int64_t backfill;

	bind_text(get, 1, id);
	if (!statement_number(get, &backfill, err))
		return false;
	*out = backfill != 0;
	return true;
}

/* Runs a statement whose only parameter is the id of a video. */
static bool run_on(struct store *store, enum match_statement which, const char *id, struct error *err)
{
	struct statement *statement = statement_use(store, sql[which]);

	bind_text(statement, 1, id);
	return statement_run(statement, err);
}

static bool match_all(struct store *store, enum match_statement which, const char *id, int64_t now, int64_t *added,
                      struct error *err)
{
	struct statement *match = statement_use(store, sql[which]);

	bind_text(match, 1, id);
	bind_int(match, 2, FOUND_SEARCH);
	bind_int(match, 3, now);
	if (!statement_run(match, err))
		return false;
	*added += changed_rows(store);
	return true;
}

/* Not of what a rule hid at once. */
static bool note_found(struct store *store, const char *id, int64_t now, struct error *err)
{
	struct statement *find = statement_use(store, sql[LOOKUP_FIND]);
	int64_t seq;

	bind_text(find, 1, id);
	return statement_number(find, &seq, err) && (!seq || change_note_match(store, seq, now, err));
}

bool lookup_found(struct store *store, const char *id, int64_t now, struct error *err)
{
	int64_t added = 0;

	return match_all(store, LOOKUP_MATCH_ALL, id, now, &added, err) &&
	       match_all(store, LOOKUP_MATCH_ALL_QUARANTINED, id, now, &added, err) && run_on(store, LOOKUP_DELETE, id, err) &&
	       (!added || (hidden_settle(store, id, err) && note_found(store, id, now, err)));
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
