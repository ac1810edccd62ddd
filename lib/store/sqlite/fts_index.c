#include "store/sqlite/fts_index.h"

#include "store/internal.h"
#include "store/sqlite/term_stats.h"

enum {
	MERGE_PAGES = 2000, /* of each index */
	AUTOMERGE = 4,      /* FTS5's own choice: so many parts of one size become one */
};

/* What is done to both indices is two statements, that for the one by channel after the other. */
enum index_statement {
	INDEX_PUT,
	INDEX_PUT_BY_CHANNEL,
	INDEX_TAKE,
	INDEX_TAKE_BY_CHANNEL,
	INDEX_PUT_CHANNEL,
	INDEX_PUT_CHANNEL_BY_CHANNEL,
	INDEX_TAKE_CHANNEL,
	INDEX_TAKE_CHANNEL_BY_CHANNEL,
	INDEX_FILL,
	INDEX_FILL_BY_CHANNEL,
	INDEX_AUTOMERGE,
	INDEX_AUTOMERGE_BY_CHANNEL,
	INDEX_MERGE,
	INDEX_MERGE_BY_CHANNEL,
	INDEX_WAIT,
	INDEX_CHUNK,
	INDEX_FILLED,
	INDEX_WAITING,
	INDEX_SEGMENTS,
};

/* What FTS5 holds of a video, read through the tables: for a deletion it has to be the text that was put in. What waits for the
 * index is not in it. FTS5 wants its keys in order. */
#define PUT(index) "INSERT INTO " index " (rowid, title, description, channel) SELECT "
#define TAKE(index) "INSERT INTO " index " (" index ", rowid, title, description, channel) SELECT 'delete', "
#define ROW "indexing(v.seq), v.title, v.description, coalesce(c.title, '')"
#define ROW_BY_CHANNEL "v.key, v.title, v.description, v.channel"
#define TEXT_BY_CHANNEL " FROM channel_text v "
#define IS_IN " AND NOT EXISTS (SELECT 1 FROM unindexed WHERE seq = v.seq)"

/* From one part to the next: count(DISTINCT …) would walk all pages of all of them. */
#define SEGMENTS(index)                                                                                                          \
	"(WITH RECURSIVE segment (id) AS (SELECT min(segid) FROM " index "_idx UNION ALL"                                        \
	" SELECT (SELECT min(segid) FROM " index "_idx WHERE segid > id) FROM segment WHERE id IS NOT NULL)"                     \
	" SELECT count(id) FROM segment)"

static const char *const sql[] = {
    [INDEX_PUT] = PUT("video_fts") ROW VIDEO_TABLES "WHERE v.seq = ?1" IS_IN,
    [INDEX_PUT_BY_CHANNEL] = PUT("channel_fts") ROW_BY_CHANNEL TEXT_BY_CHANNEL "WHERE v.seq = ?1" IS_IN,
    [INDEX_TAKE] = TAKE("video_fts") ROW VIDEO_TABLES "WHERE v.seq = ?1" IS_IN,
    [INDEX_TAKE_BY_CHANNEL] = TAKE("channel_fts") ROW_BY_CHANNEL TEXT_BY_CHANNEL "WHERE v.seq = ?1" IS_IN,
    [INDEX_PUT_CHANNEL] = PUT("video_fts") ROW VIDEO_TABLES "WHERE v.channel = ?1" IS_IN " ORDER BY v.seq",
    [INDEX_PUT_CHANNEL_BY_CHANNEL] =
	PUT("channel_fts") ROW_BY_CHANNEL TEXT_BY_CHANNEL "WHERE v.in_channel = ?1" IS_IN " ORDER BY v.seq",
    [INDEX_TAKE_CHANNEL] = TAKE("video_fts") ROW VIDEO_TABLES "WHERE v.channel = ?1" IS_IN " ORDER BY v.seq",
    [INDEX_TAKE_CHANNEL_BY_CHANNEL] =
	TAKE("channel_fts") ROW_BY_CHANNEL TEXT_BY_CHANNEL "WHERE v.in_channel = ?1" IS_IN " ORDER BY v.seq",
    [INDEX_FILL] =
	PUT("video_fts") ROW " FROM unindexed u CROSS JOIN video v ON v.seq = u.seq LEFT JOIN channel c ON c.id = v.channel"
			     " WHERE u.seq <= ?1 ORDER BY u.seq",
    [INDEX_FILL_BY_CHANNEL] = PUT("channel_fts") ROW_BY_CHANNEL " FROM unindexed u CROSS JOIN channel_text v ON v.seq = u.seq"
								" WHERE u.seq <= ?1 ORDER BY v.key",
    [INDEX_AUTOMERGE] = "INSERT INTO video_fts (video_fts, rank) VALUES ('automerge', ?1)",
    [INDEX_AUTOMERGE_BY_CHANNEL] = "INSERT INTO channel_fts (channel_fts, rank) VALUES ('automerge', ?1)",
    [INDEX_MERGE] = "INSERT INTO video_fts (video_fts, rank) VALUES ('merge', ?1)",
    [INDEX_MERGE_BY_CHANNEL] = "INSERT INTO channel_fts (channel_fts, rank) VALUES ('merge', ?1)",
    [INDEX_WAIT] = "INSERT INTO unindexed VALUES (?1)",
    [INDEX_CHUNK] = "SELECT max(seq) FROM (SELECT seq FROM unindexed ORDER BY seq LIMIT ?1)",
    [INDEX_FILLED] = "DELETE FROM unindexed WHERE seq <= ?1",
    [INDEX_WAITING] = "SELECT count(*) FROM unindexed",
    [INDEX_SEGMENTS] = "SELECT max(" SEGMENTS("video_fts") ", " SEGMENTS("channel_fts") ")",
};

const struct statements index_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum index_statement which)
{
	return db_use(store, NOUN_INDEX, (int)which);
}

/* Runs a statement, which puts documents in whose words are to be counted (SIGN 1), or takes such out (-1), or does neither (0). */
static bool run_on(struct store *store, enum index_statement which, int64_t number, int sign, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_int(statement, 1, number);
	words_count(store, sign);
	bool done = db_run(store, statement, err);
	words_count(store, 0);
	return done;
}

/* The same in both indices. Words are counted once. */
static bool run_on_both(struct store *store, enum index_statement which, int64_t number, int sign, struct error *err)
{
	return run_on(store, which, number, sign, err) && run_on(store, which + 1, number, 0, err);
}

static bool read_number(struct store *store, sqlite3_stmt *statement, int64_t *out, struct error *err)
{
	bool done = db_row(store, statement, "number", err);

	if (done)
		*out = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return done;
}

bool index_put(struct store *store, int64_t seq, struct error *err)
{
	return run_on_both(store, INDEX_PUT, seq, 1, err);
}

bool index_put_new(struct store *store, int64_t seq, struct error *err)
{
	return store->index_later ? run_on(store, INDEX_WAIT, seq, 0, err) : index_put(store, seq, err);
}

bool index_take(struct store *store, int64_t seq, struct error *err)
{
	return run_on_both(store, INDEX_TAKE, seq, -1, err);
}

bool index_put_channel(struct store *store, int64_t channel, struct error *err)
{
	return run_on_both(store, INDEX_PUT_CHANNEL, channel, 1, err);
}

bool index_take_channel(struct store *store, int64_t channel, struct error *err)
{
	return run_on_both(store, INDEX_TAKE_CHANNEL, channel, -1, err);
}

/* An import touches much of the record all the time: with the usual 2 MB of cache it would read the same pages again and again, and
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

	db_bind_int(chunk, 1, limit);
	if (!read_number(store, chunk, &last, err))
		return false;
	if (last == 0) {
		*left = 0;
		return true;
	}
	db_public_change(store);
	if (!run_on_both(store, INDEX_FILL, last, 1, err) || !run_on(store, INDEX_FILLED, last, 0, err) ||
	    !read_number(store, use(store, INDEX_WAITING), left, err))
		return false;
	/* Parts that are merged in the end anyway need no merging on the way; whoever fills the last of it sets that right. */
	return run_on_both(store, INDEX_AUTOMERGE, *left ? 0 : AUTOMERGE, 0, err);
}

bool store_index_fill(struct store *store, int64_t limit, int64_t *left, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && fill(store, limit, left, err);

	return db_write_end(store, own, done, err);
}

/* A negative number takes all parts in hand at first, positive ones go on (https://www.sqlite.org/fts5.html#the_merge_command). */
static bool merge(struct store *store, enum index_statement which, bool first, bool *done, struct error *err)
{
	int before = sqlite3_total_changes(store->db);
	bool ok = run_on(store, which, first ? -MERGE_PAGES : MERGE_PAGES, 0, err);

	*done = sqlite3_total_changes(store->db) - before < 2;
	return ok;
}

bool store_index_merge(struct store *store, bool first, bool *done, struct error *err)
{
	bool own = false, by_channel_done = false;
	bool ok = db_write_begin(store, &own, err) && merge(store, INDEX_MERGE, first, done, err) &&
	          merge(store, INDEX_MERGE_BY_CHANNEL, first, &by_channel_done, err);

	*done = *done && by_channel_done;
	return db_write_end(store, own, ok, err);
}

bool store_index_segments(struct store *store, int64_t *out, struct error *err)
{
	return read_number(store, use(store, INDEX_SEGMENTS), out, err);
}
