#include "store/quarantine.h"

#include "base/timestamp.h"
#include "store/lookups.h"
#include "store/videos_internal.h"

enum { HIDE_STEP_MAX = 500 };

enum quarantine_statement {
	QUARANTINE_LIST,
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
	QUARANTINE_AWAIT_BACK,
	QUARANTINE_DELETE,
	QUARANTINE_PURGE,
	QUARANTINE_FORGET_MATCHES,
	QUARANTINE_PRUNE_REVISIONS,
};

/* All columns of a video but its key and recheck_at; of a revision, but for the two keys. */
#define VIDEO_ROW                                                                                                                \
	"id, channel, published_at, title, description, description_cut, thumbnail_url, thumbnails, kind, duration_s, views,"    \
	" likes, comments, scheduled_at, first_seen_at, fetched_at, checked_at, missing_at"
#define REVISION_ROW "replaced_at, title, description, thumbnail_url, views, likes, comments"

/* ?1 of HIDE_… is the key of the video, of SHOW_… that of the hidden one; ?2 is the other. */
static const char *const sql[] = {
    [QUARANTINE_LIST] = "SELECT seq FROM video WHERE checked_at > 0 AND checked_at < ?1"
			" UNION ALL SELECT seq FROM video WHERE checked_at = 0 AND fetched_at < ?1 LIMIT ?2",
    [QUARANTINE_COUNT] = "SELECT count(*) FROM quarantine",
    [QUARANTINE_FIND] = "SELECT number, published_at FROM quarantine WHERE id = ?1",
    [QUARANTINE_STATE] = "SELECT number, missing_at FROM quarantine WHERE id = ?1",
    [HIDE_VIDEO] = "INSERT INTO quarantine (" VIDEO_ROW ", recheck_at) SELECT " VIDEO_ROW ", iif(missing_at, recheck_at, 0)"
		   " FROM video WHERE seq = ?1",
    [HIDE_MATCHES] = "INSERT INTO quarantine_match (number, query, found_at, how)"
		     " SELECT ?2, query, found_at, how FROM match WHERE seq = ?1",
    [HIDE_REVISIONS] = "INSERT INTO quarantine_revision (number, " REVISION_ROW ") SELECT ?2, " REVISION_ROW
		       " FROM revision WHERE seq = ?1 ORDER BY id",
    [SHOW_VIDEO] = "INSERT INTO video (seq, " VIDEO_ROW ") SELECT ?2, " VIDEO_ROW " FROM quarantine WHERE number = ?1",
    [SHOW_MATCHES] = "INSERT INTO match (seq, query, found_at, how)"
		     " SELECT ?2, query, found_at, how FROM quarantine_match WHERE number = ?1",
    [SHOW_REVISIONS] = "INSERT INTO revision (seq, " REVISION_ROW ") SELECT ?2, " REVISION_ROW
		       " FROM quarantine_revision WHERE number = ?1 ORDER BY id",
    [QUARANTINE_MISSING] = "UPDATE quarantine SET missing_at = ?2, recheck_at = ?2 + ?3 WHERE number = ?1",
    [QUARANTINE_REMEMBER] =
	"INSERT INTO gone (id, published_at, first_seen_at, gone_at)"
	" SELECT id, published_at, first_seen_at, ?2 FROM quarantine WHERE number = ?1 ON CONFLICT DO NOTHING",
    [QUARANTINE_AWAIT_BACK] =
	"INSERT INTO pending_lookup (query, id, found_at, due_at) SELECT m.query, o.id, m.found_at, ?2"
	" FROM quarantine o JOIN quarantine_match m ON m.number = o.number WHERE o.number = ?1 ON CONFLICT DO NOTHING",
    [QUARANTINE_DELETE] = "DELETE FROM quarantine WHERE number = ?1",
    [QUARANTINE_PURGE] =
	"DELETE FROM quarantine WHERE number IN (SELECT number FROM quarantine_match WHERE query = ?1) AND NOT EXISTS"
	" (SELECT 1 FROM quarantine_match o WHERE o.number = quarantine.number AND o.query <> ?1)",
    [QUARANTINE_FORGET_MATCHES] = "DELETE FROM quarantine_match WHERE query = ?1",
    [QUARANTINE_PRUNE_REVISIONS] = "DELETE FROM quarantine_revision WHERE replaced_at < ?1",
};

const struct statements quarantine_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum quarantine_statement which)
{
	return db_use(store, NOUN_QUARANTINE, (int)which);
}

static bool run_on(struct store *store, enum quarantine_statement which, int64_t number, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_int(statement, 1, number);
	return db_run(store, statement, err);
}

static bool run2(struct store *store, enum quarantine_statement which, int64_t first, int64_t second, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_int(statement, 1, first);
	db_bind_int(statement, 2, second);
	return db_run(store, statement, err);
}

/* ---- hiding ---- */

static bool read_keys(struct store *store, int64_t before, int64_t limit, int64_t *keys, int64_t *count, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *list = use(store, QUARANTINE_LIST);
	bool row = false;

	db_bind_int(list, 1, before);
	db_bind_int(list, 2, limit);
	for (*count = 0;;) {
		if (!db_step(store, list, &row, err))
			return false;
		if (!row)
			return true;
		keys[(*count)++] = sqlite3_column_int64(list, 0);
	}
}

static bool hide(struct store *store, int64_t seq, struct error *err)
{
	if (!run_on(store, HIDE_VIDEO, seq, err))
		return false;
	int64_t quarantined = sqlite3_last_insert_rowid(store->db);
	return run2(store, HIDE_MATCHES, seq, quarantined, err) && run2(store, HIDE_REVISIONS, seq, quarantined, err) &&
	       video_delete(store, seq, err);
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

/* Ticks without anything to hide, nearly all of them, write nothing. */
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
	bool own = false;

	*hidden = 0;
	if (!any(store, before, left, err))
		return false;
	if (!*left)
		return true;
	bool done = db_write_begin(store, &own, err) && hide_some(store, before, step, hidden, err);
	*left = done && *hidden == step;
	return db_write_end(store, own, done, err);
}

bool store_quarantine_count(struct store *store, int64_t *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *count = use(store, QUARANTINE_COUNT);

	if (!db_row(store, count, "count", err))
		return false;
	*out = sqlite3_column_int64(count, 0);
	return true;
}

/* ---- coming back ---- */

/* The key of the hidden video ID, 0 when it is not, and the second column of WHICH. */
static bool find(struct store *store, enum quarantine_statement which, const char *id, int64_t *quarantined, int64_t *second,
                 struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, which);
	bool row = false;

	db_bind_text(get, 1, id);
	if (!db_step(store, get, &row, err))
		return false;
	*quarantined = row ? sqlite3_column_int64(get, 0) : 0;
	*second = row ? sqlite3_column_int64(get, 1) : 0;
	return true;
}

bool quarantine_has(struct store *store, const char *id, bool *out, struct error *err)
{
	int64_t quarantined;
	int64_t ignored;

	if (!find(store, QUARANTINE_FIND, id, &quarantined, &ignored, err))
		return false;
	*out = quarantined != 0;
	return true;
}

bool quarantine_restore(struct store *store, const char *id, struct error *err)
{
	int64_t quarantined;
	int64_t published_at;
	int64_t seq;

	if (!find(store, QUARANTINE_FIND, id, &quarantined, &published_at, err) ||
	    !video_free_seq(store, published_at, &seq, err))
		return false;
	db_public_change(store);
	return run2(store, SHOW_VIDEO, quarantined, seq, err) && index_insert_new(store, seq, err) &&
	       run2(store, SHOW_MATCHES, quarantined, seq, err) && run2(store, SHOW_REVISIONS, quarantined, seq, err) &&
	       run_on(store, QUARANTINE_DELETE, quarantined, err);
}

/* ---- going ---- */

bool quarantine_missing(struct store *store, const char *id, int64_t now, bool *gone, struct error *err)
{
	int64_t quarantined;
	int64_t missing_at;

	if (!find(store, QUARANTINE_STATE, id, &quarantined, &missing_at, err))
		return false;
	if (!quarantined)
		return true;
	*gone = missing_at > 0 && now - missing_at >= SECONDS_PER_DAY;
	if (*gone)
		return run2(store, QUARANTINE_REMEMBER, quarantined, now, err) &&
		       run2(store, QUARANTINE_AWAIT_BACK, quarantined, now + (int64_t)BACK_DAYS * SECONDS_PER_DAY, err) &&
		       run_on(store, QUARANTINE_DELETE, quarantined, err);
	sqlite3_stmt *note = use(store, QUARANTINE_MISSING);
	db_bind_int(note, 1, quarantined);
	db_bind_int(note, 2, missing_at ? missing_at : now);
	db_bind_int(note, 3, SECONDS_PER_DAY);
	return db_run(store, note, err);
}

bool quarantine_purge(struct store *store, int64_t query_id, struct error *err)
{
	return run_on(store, QUARANTINE_PURGE, query_id, err) && run_on(store, QUARANTINE_FORGET_MATCHES, query_id, err);
}

bool quarantine_prune_revisions(struct store *store, int64_t before, struct error *err)
{
	return run_on(store, QUARANTINE_PRUNE_REVISIONS, before, err);
}
