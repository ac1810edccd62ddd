#include "store/sqlite/connection.h"

enum { FILL_AT_ONCE = 50000 };

/* Each query gives the first fault in words, or no row. They run once, on demand: prepared here, not when the store opens. */
static const char *const checks[] = {
    "SELECT 'file: ' || integrity_check FROM pragma_integrity_check(1) WHERE integrity_check <> 'ok'",
    "SELECT 'table ' || \"table\" || ': row ' || coalesce(rowid, '?') || ' refers to nothing in ' || parent FROM "
    "pragma_foreign_key_check",
    "SELECT 'count of videos: ' || videos || ' counted, ' || n || ' there' FROM meta, (SELECT count(*) n FROM video) WHERE "
    "videos <> n",
    "SELECT 'video ' || video.id || ': changed before it was recorded, or after the last change' FROM video, meta"
    " WHERE video.changed < video.recorded OR video.changed > meta.recorded",
    "SELECT 'video ' || id || ': removed and shown' FROM removed WHERE id IN (SELECT id FROM video)",
    "SELECT 'video ' || id || ': hidden and shown' FROM quarantine WHERE id IN (SELECT id FROM video)",
    "SELECT 'video ' || id || ': shown, and a visitor''s' FROM visitor_video WHERE id IN (SELECT id FROM video)"
    " OR seq IN (SELECT seq FROM video)",
    "SELECT 'count of channel ' || c.id || ': ' || c.videos || ' counted, ' || count(v.seq) || ' there'"
    " FROM channel c LEFT JOIN video v ON v.channel = c.id GROUP BY c.id HAVING c.videos <> count(v.seq)",
    "SELECT 'count of query ' || q.id || ': ' || q.videos || ' counted, ' || count(m.seq) || ' there'"
    " FROM query q LEFT JOIN match m ON m.query = q.id GROUP BY q.id HAVING q.videos <> count(m.seq)",
    "SELECT 'ways of query ' || q.id || ': not as many as its matches'"
    " FROM query q LEFT JOIN match m ON m.query = q.id GROUP BY q.id"
    " HAVING q.found_by_search <> sum(coalesce(m.how = 0, 0)) OR q.found_by_channel <> sum(coalesce(m.how = 1, 0))"
    " OR q.found_by_push <> sum(coalesce(m.how = 2, 0)) OR q.found_by_import <> sum(coalesce(m.how = 3, 0))"
    " OR q.found_by_rss <> sum(coalesce(m.how = 4, 0))",
    "SELECT 'gaps of query ' || q.id || ': ' || q.gaps || ' counted, ' || count(c.since) || ' there'"
    " FROM query q LEFT JOIN coverage c ON c.query = q.id AND c.read_at = 0 GROUP BY q.id"
    " HAVING q.gaps <> count(c.since) OR q.missing_s <> coalesce(sum(c.until - c.since), 0)",
    "SELECT 'volume of query ' || query || ', bucket ' || bucket || ', ' || start || ': ' || sum(kept) || ' counted, ' || "
    "sum(there) || ' there'"
    " FROM (SELECT query, bucket, start, videos kept, 0 there FROM volume"
    "       UNION ALL SELECT 0, 0, (seq >> 10) / 86400 * 86400, 0, 1 FROM video"
    "       UNION ALL SELECT 0, 1, unixepoch(seq >> 10, 'unixepoch', 'start of month'), 0, 1 FROM video"
    "       UNION ALL SELECT query, 0, (seq >> 10) / 86400 * 86400, 0, 1 FROM match"
    "       UNION ALL SELECT query, 1, unixepoch(seq >> 10, 'unixepoch', 'start of month'), 0, 1 FROM match)"
    " GROUP BY query, bucket, start HAVING sum(kept) <> sum(there)",
    "SELECT 'word ' || term || ': ' || sum(kept) || ' counted, ' || sum(there) || ' there'"
    " FROM (SELECT term, videos kept, 0 there FROM word UNION ALL SELECT term, 0, doc FROM video_vocabulary"
    "       WHERE term <> '' AND term < CAST(x'FF' AS TEXT))" /* from there on they are channels */
    " GROUP BY term HAVING sum(kept) <> sum(there)",
};

static bool check(struct store *store, const char *text, struct error *err)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(store->db, text, -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		error_set(err, ERR_INTERNAL, "damaged: %s", (const char *)sqlite3_column_text(statement, 0));
	else if (code != SQLITE_DONE)
		db_error(store, err);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE;
}

/* With rank 1 FTS5 compares its index with the content too (https://www.sqlite.org/fts5.html#the_integrity_check_command). */
static bool check_full_text(struct store *store, struct error *err)
{
	if (db_run_text(store, "INSERT INTO video_fts (video_fts, rank) VALUES ('integrity-check', 1)", err))
		return true;
	if ((sqlite3_errcode(store->db) & 0xFF) == SQLITE_CORRUPT)
		error_set(err, ERR_INTERNAL, "damaged: the full-text index does not agree with the videos");
	return false;
}

/* What an import left behind belongs into the index before that can be judged. */
static bool complete_index(struct store *store, struct error *err)
{
	int64_t left = 1;

	while (left)
		if (!store_upkeep(store, FILL_AT_ONCE, &left, err))
			return false;
	return true;
}

bool store_check(struct store *store, struct error *err)
{
	if (!complete_index(store, err))
		return false;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (!check(store, checks[i], err))
			return false;
	return check_full_text(store, err);
}
