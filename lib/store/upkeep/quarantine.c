#include "store/upkeep/quarantine.h"

#include "base/timestamp.h"
#include "store/internal.h"

enum { HIDE_STEP_MAX = 500 };

enum quarantine_statement {
	QUARANTINE_DUE,
	QUARANTINE_COUNT,
	QUARANTINE_FIND,
	QUARANTINE_STATE,
	HIDE_VIDEO,
	HIDE_MATCHES,
	HIDE_REVISIONS,
	SHOW_VIDEO,
	SHOW_MATCHES,
	SHOW_REVISIONS,
	QUARANTINE_MISSING,
	QUARANTINE_REMEMBER,
	QUARANTINE_ASK_AGAIN,
	QUARANTINE_DELETE,
	QUARANTINE_PURGE,
	QUARANTINE_FORGET_MATCHES,
	QUARANTINE_PRUNE_REVISIONS,
};

/* Of a revision, all columns but the two keys. */
#define REVISION "replaced_at, title, description, thumbnail_url, views, likes, comments"

/* ?1 of HIDE_… is the key of the video, of SHOW_… that of the hidden one; ?2 is the other. */
static const char *const sql[] = {
    [QUARANTINE_DUE] = "SELECT seq FROM video WHERE checked_at > 0 AND checked_at < ?1"
		       " UNION ALL SELECT seq FROM video WHERE checked_at = 0 AND fetched_at < ?1 LIMIT ?2",
    [QUARANTINE_COUNT] = "SELECT count(*) FROM quarantine",
    [QUARANTINE_FIND] = "SELECT number, published_at FROM quarantine WHERE id = ?1",
    [QUARANTINE_STATE] = "SELECT number, missing_at FROM quarantine WHERE id = ?1",
    [HIDE_VIDEO] = "INSERT INTO quarantine (" VIDEO_CONTENT ", recheck_at)"
		   " SELECT " VIDEO_CONTENT ", CASE WHEN missing_at > 0 THEN recheck_at ELSE 0 END FROM video WHERE seq = ?1"
		   " RETURNING number",
    [HIDE_MATCHES] = "INSERT INTO quarantine_match (number, query, found_at, how, recorded)"
		     " SELECT ?2, query, found_at, how, recorded FROM match WHERE seq = ?1",
    [HIDE_REVISIONS] =
	"INSERT INTO quarantine_revision (number, " REVISION ") SELECT ?2, " REVISION " FROM revision WHERE seq = ?1 ORDER BY id",
    [SHOW_VIDEO] = "INSERT INTO video (seq, " VIDEO_CONTENT ", changed)"
		   " SELECT ?2, " VIDEO_CONTENT ", " SQL_NEXT_RECORDED("?3") " FROM quarantine WHERE number = ?1",
    [SHOW_MATCHES] = "INSERT INTO match (seq, query, found_at, how, recorded)"
		     " SELECT ?2, query, found_at, how, recorded FROM quarantine_match WHERE number = ?1",
    [SHOW_REVISIONS] =
	"INSERT INTO revision (seq, " REVISION ") SELECT ?2, " REVISION " FROM quarantine_revision WHERE number = ?1 ORDER BY id",
    [QUARANTINE_MISSING] = "UPDATE quarantine SET missing_at = ?2, recheck_at = ?3 WHERE number = ?1",
    [QUARANTINE_REMEMBER] =
	"INSERT INTO gone (id, published_at, first_seen_at, gone_at, recorded)"
	" SELECT id, published_at, first_seen_at, ?2, recorded FROM quarantine WHERE number = ?1 ON CONFLICT DO NOTHING",
    [QUARANTINE_ASK_AGAIN] =
	"INSERT INTO pending_lookup (query, id, found_at, due_at, recorded) SELECT m.query, o.id, m.found_at, ?2, m.recorded"
	" FROM quarantine o JOIN quarantine_match m ON m.number = o.number WHERE o.number = ?1 ON CONFLICT DO NOTHING",
    [QUARANTINE_DELETE] = "DELETE FROM quarantine WHERE number = ?1",
    [QUARANTINE_PURGE] =
	"DELETE FROM quarantine WHERE number IN (SELECT number FROM quarantine_match WHERE query = ?1) AND NOT EXISTS"
	" (SELECT 1 FROM quarantine_match o JOIN query q ON q.id = o.query"
	" WHERE o.number = quarantine.number AND o.query <> ?1 AND q.origin <> " SQL_VISITOR ")",
    [QUARANTINE_FORGET_MATCHES] = "DELETE FROM quarantine_match WHERE query = ?1",
    [QUARANTINE_PRUNE_REVISIONS] = "DELETE FROM quarantine_revision WHERE replaced_at < ?1",
};

const struct statements quarantine_statements = STATEMENTS(sql);

static bool run(struct store *store, enum quarantine_statement which, struct ints values, struct error *err)
{
	return statement_run_ints(store, sql[which], values, err);
}

/* ---- hiding ---- */

static bool read_keys(struct store *store, int64_t before, int64_t limit, int64_t *keys, int64_t *count, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[QUARANTINE_DUE]);
	bool row = false;

	bind_ints(list, INTS(before, limit));
	for (*count = 0;;) {
		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			return true;
		keys[(*count)++] = column_int(list, 0);
	}
}

static bool hide(struct store *store, int64_t seq, struct error *err)
{
	struct statement *insert = statement_use(store, sql[HIDE_VIDEO]);
	int64_t number;

	bind_int(insert, 1, seq);
	return statement_number(insert, &number, err) && run(store, HIDE_MATCHES, INTS(seq, number), err) &&
	       run(store, HIDE_REVISIONS, INTS(seq, number), err) && video_delete(store, seq, err);
}

static bool hide_some(struct store *store, int64_t before, int64_t limit, int64_t *hidden, struct error *err)
{
	int64_t keys[HIDE_STEP_MAX];

	if (!read_keys(store, before, limit, keys, hidden, err))
		return false;
	for (int64_t i = 0; i < *hidden; i++)
		if (!hide(store, keys[i], err))
			return false;
	return true;
}

/* Runs without anything to hide, nearly all of them, write nothing. */
static bool any(struct store *store, int64_t before, bool *out, struct error *err)
{
	int64_t key;
	int64_t count;

	if (!read_keys(store, before, 1, &key, &count, err))
		return false;
	*out = count > 0;
	return true;
}

bool store_quarantine_hide(struct store *store, int64_t before, int64_t limit, int64_t *hidden, bool *left, struct error *err)
{
	int64_t step = limit < HIDE_STEP_MAX ? limit : HIDE_STEP_MAX;

	*hidden = 0;
	if (!any(store, before, left, err))
		return false;
	if (!*left)
		return true;
	if (!transaction_begin(store, err))
		return false;
	bool done = hide_some(store, before, step, hidden, err);
	*left = done && *hidden == step;
	return transaction_end(store, done, err);
}

bool store_quarantine_count(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[QUARANTINE_COUNT]), out, err);
}

/* ---- coming back ---- */

/* The key of the hidden video ID, 0 when it is not, and the second column of WHICH. */
static bool find(struct store *store, enum quarantine_statement which, const char *id, int64_t *number, int64_t *second,
                 struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[which]);
	bool row = false;

	bind_text(get, 1, id);
	if (!statement_step(get, &row, err))
		return false;
	*number = row ? column_int(get, 0) : 0;
	*second = row ? column_int(get, 1) : 0;
	return true;
}

bool quarantine_has(struct store *store, const char *id, bool *out, struct error *err)
{
	int64_t number;
	int64_t ignored;

	if (!find(store, QUARANTINE_FIND, id, &number, &ignored, err))
		return false;
	*out = number != 0;
	return true;
}

bool quarantine_restore(struct store *store, const char *id, int64_t now, struct error *err)
{
	int64_t number;
	int64_t published_at;
	int64_t seq;

	if (!find(store, QUARANTINE_FIND, id, &number, &published_at, err) || !video_free_seq(store, published_at, &seq, err))
		return false;
	public_change(store);
	return run(store, SHOW_VIDEO, INTS(number, seq, now), err) && index_insert_new(store, seq, err) &&
	       run(store, SHOW_MATCHES, INTS(number, seq), err) && run(store, SHOW_REVISIONS, INTS(number, seq), err) &&
	       run(store, QUARANTINE_DELETE, INTS(number), err);
}

/* ---- videos that YouTube no longer has ---- */

bool quarantine_missing(struct store *store, const char *id, int64_t now, bool *gone, struct error *err)
{
	int64_t number;
	int64_t missing_at;

	if (!find(store, QUARANTINE_STATE, id, &number, &missing_at, err))
		return false;
	if (!number)
		return true;
	*gone = missing_at > 0 && now - missing_at >= SECONDS_PER_DAY;
	if (*gone)
		public_change(store);
	if (*gone)
		return run(store, QUARANTINE_REMEMBER, INTS(number, now), err) &&
		       run(store, QUARANTINE_ASK_AGAIN, INTS(number, now + (int64_t)BACK_DAYS * SECONDS_PER_DAY), err) &&
		       run(store, QUARANTINE_DELETE, INTS(number), err);
	missing_at = missing_at ? missing_at : now;
	return run(store, QUARANTINE_MISSING, INTS(number, missing_at, missing_at + SECONDS_PER_DAY), err);
}

bool quarantine_purge(struct store *store, int64_t query_id, struct error *err)
{
	return run(store, QUARANTINE_PURGE, INTS(query_id), err) && run(store, QUARANTINE_FORGET_MATCHES, INTS(query_id), err);
}

bool quarantine_prune_revisions(struct store *store, int64_t before, struct error *err)
{
	return run(store, QUARANTINE_PRUNE_REVISIONS, INTS(before), err);
}
