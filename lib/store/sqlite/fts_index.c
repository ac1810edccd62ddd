#include "store/sqlite/fts_index.h"

#include "store/sqlite/term_stats.h"
#include "store/videos_internal.h"

enum { MERGE_PAGES = 2000 };

enum index_statement {
	INDEX_INSERT,
	INDEX_DELETE,
	INDEX_INSERT_CHANNEL,
	INDEX_DELETE_CHANNEL,
	INDEX_FILL,
	INDEX_MERGE,
	INDEX_WAIT,
	INDEX_CHUNK,
	INDEX_FILLED,
	INDEX_WAITING,
	INDEX_SEGMENTS,
};

/* What FTS5 holds of a video: for a deletion it has to be the text that was inserted. What waits for the index is not in it. FTS5 wants
 * its keys in order. */
#define TEXT "indexing(t.seq), t.title, t.description, t.channel, t.channel_id"
#define INSERT "INSERT INTO video_fts (rowid, title, description, channel, channel_id) SELECT " TEXT
#define DELETE "INSERT INTO video_fts (video_fts, rowid, title, description, channel, channel_id) SELECT 'delete', " TEXT
#define IS_IN " AND NOT EXISTS (SELECT 1 FROM unindexed u WHERE u.seq = t.seq)"
#define OF_VIDEO " FROM video_text t WHERE t.seq = ?1" IS_IN
#define OF_CHANNEL " FROM video v CROSS JOIN video_text t ON t.seq = v.seq WHERE v.channel = ?1" IS_IN " ORDER BY v.seq"

static const char *const sql[] = {
    [INDEX_INSERT] = INSERT OF_VIDEO,
    [INDEX_DELETE] = DELETE OF_VIDEO,
    [INDEX_INSERT_CHANNEL] = INSERT OF_CHANNEL,
    [INDEX_DELETE_CHANNEL] = DELETE OF_CHANNEL,
    [INDEX_FILL] = INSERT " FROM unindexed u CROSS JOIN video_text t ON t.seq = u.seq WHERE u.seq <= ?1 ORDER BY u.seq",
    [INDEX_MERGE] = "INSERT INTO video_fts (video_fts, rank) VALUES ('merge', ?1)",
    [INDEX_WAIT] = "INSERT INTO unindexed VALUES (?1)",
    [INDEX_CHUNK] = "SELECT max(seq) FROM (SELECT seq FROM unindexed ORDER BY seq LIMIT ?1)",
    [INDEX_FILLED] = "DELETE FROM unindexed WHERE seq <= ?1",
    [INDEX_WAITING] = "SELECT count(*) FROM unindexed",
    /* From one segment to the next: count(DISTINCT …) would go over all pages of all of them. */
    [INDEX_SEGMENTS] = "WITH RECURSIVE segment (id) AS (SELECT min(segid) FROM video_fts_idx UNION ALL"
		       " SELECT (SELECT min(segid) FROM video_fts_idx WHERE segid > id) FROM segment WHERE id IS NOT NULL)"
		       " SELECT count(id) FROM segment",
};

const struct statements index_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum index_statement which)
{
	return db_use(store, NOUN_INDEX, (int)which);
}

/* Runs a statement, which inserts documents whose words are to be counted (SIGN 1), or deletes such (-1), or does neither (0). */
static bool run_on(struct store *store, enum index_statement which, int64_t number, int sign, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_int(statement, 1, number);
	words_count(store, sign);
	bool done = db_run(store, statement, err);
	words_count(store, 0);
	return done;
}

static bool read_number(struct store *store, sqlite3_stmt *statement, int64_t *out, struct error *err)
{
	bool done = db_row(store, statement, "number", err);

	if (done)
		*out = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return done;
}

bool index_insert(struct store *store, int64_t seq, struct error *err)
{
	return run_on(store, INDEX_INSERT, seq, 1, err);
}

bool index_insert_new(struct store *store, int64_t seq, struct error *err)
{
	return store->index_later ? run_on(store, INDEX_WAIT, seq, 0, err) : index_insert(store, seq, err);
}

bool index_delete(struct store *store, int64_t seq, struct error *err)
{
	return run_on(store, INDEX_DELETE, seq, -1, err);
}

bool index_insert_channel(struct store *store, int64_t channel, struct error *err)
{
	return run_on(store, INDEX_INSERT_CHANNEL, channel, 1, err);
}

bool index_delete_channel(struct store *store, int64_t channel, struct error *err)
{
	return run_on(store, INDEX_DELETE_CHANNEL, channel, -1, err);
}

/* An import touches much of the database all the time: with the usual 2 MB of cache it would read the same pages again and again, and
 * with the usual checkpoints write them again and again. */
bool store_index_later(struct store *store, bool later, struct error *err)
{
	const char *settings = later ? "PRAGMA cache_size = -131072; PRAGMA wal_autocheckpoint = 40000"
	                             : "PRAGMA cache_size = -2000; PRAGMA wal_autocheckpoint = 1000";

	store->index_later = later;
	return sqlite3_exec(store->db, settings, NULL, NULL, NULL) == SQLITE_OK || db_error(store, err);
}

static bool fill(struct store *store, int64_t limit, int64_t *left, struct error *err)
{
	sqlite3_stmt *chunk = use(store, INDEX_CHUNK);
	int64_t last = 0;

	*left = 0;
	db_bind_int(chunk, 1, limit);
	if (!read_number(store, chunk, &last, err))
		return false;
	if (last == 0)
		return true;
	db_public_change(store);
	return run_on(store, INDEX_FILL, last, 1, err) && run_on(store, INDEX_FILLED, last, 0, err) &&
	       read_number(store, use(store, INDEX_WAITING), left, err);
}

bool store_index_fill(struct store *store, int64_t limit, int64_t *left, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && fill(store, limit, left, err);

	return db_write_end(store, own, done, err);
}

/* A negative number takes all segments in hand at first, positive ones go on (https://www.sqlite.org/fts5.html#the_merge_command). */
bool store_index_merge(struct store *store, bool first, bool *done, struct error *err)
{
	int before = sqlite3_total_changes(store->db);
	bool own = false;
	bool ok = db_write_begin(store, &own, err) && run_on(store, INDEX_MERGE, first ? -MERGE_PAGES : MERGE_PAGES, 0, err);

	*done = sqlite3_total_changes(store->db) - before < 2;
	return db_write_end(store, own, ok, err);
}

bool store_index_segments(struct store *store, int64_t *out, struct error *err)
{
	return read_number(store, use(store, INDEX_SEGMENTS), out, err);
}
