/* The full-text index: the text of videos into it and out of it, and its upkeep. */
#include "store/sqlite/connection.h"

enum { MERGE_MIN = 50, MERGE_MAX = 4000 };

enum index_statement {
	INDEX_INSERT,
	INDEX_DELETE,
	INDEX_INSERT_CHANNEL,
	INDEX_DELETE_CHANNEL,
	INDEX_FILL,
	INDEX_MERGE,
	INDEX_SEGMENTS,
};

/* What FTS5 holds of a video: for a deletion it has to be the text that was inserted. What waits for the index is not in it. FTS5 wants
 * its keys in order. */
#define TEXT "indexing(t.seq), t.title, t.description, t.channel, t.channel_id"
#define INSERT "INSERT INTO video_fts (rowid, title, description, channel, channel_id) SELECT " TEXT
#define DELETE "INSERT INTO video_fts (video_fts, rowid, title, description, channel, channel_id) SELECT 'delete', " TEXT
#define IS_IN " AND NOT EXISTS (SELECT 1 FROM unindexed u WHERE u.seq = t.seq)"
#define OF_VIDEO " FROM video_text t WHERE t.seq = ?1" IS_IN
#define OF_CHANNEL                                                                                                               \
	" FROM video v INDEXED BY video_by_channel CROSS JOIN video_text t ON t.seq = v.seq"                                     \
	" WHERE v.channel = ?1 AND v.seq > ?2 AND v.seq <= ?3" IS_IN " ORDER BY v.seq"

static const char *const sql[] = {
    [INDEX_INSERT] = INSERT OF_VIDEO,
    [INDEX_DELETE] = DELETE OF_VIDEO,
    [INDEX_INSERT_CHANNEL] = INSERT OF_CHANNEL,
    [INDEX_DELETE_CHANNEL] = DELETE OF_CHANNEL,
    [INDEX_FILL] = INSERT " FROM unindexed u CROSS JOIN video_text t ON t.seq = u.seq WHERE u.seq >= ?1 ORDER BY u.seq",
    [INDEX_MERGE] = "INSERT INTO video_fts (video_fts, rank) VALUES ('merge', ?1)",
    /* From one segment to the next: count(DISTINCT …) would go over all pages of all of them. */
    [INDEX_SEGMENTS] = "WITH RECURSIVE segment (id) AS (SELECT min(segid) FROM video_fts_idx UNION ALL"
		       " SELECT (SELECT min(segid) FROM video_fts_idx WHERE segid > id) FROM segment WHERE id IS NOT NULL)"
		       " SELECT count(id) FROM segment",
};

const struct statements index_statements = STATEMENTS(sql);

/* Runs a statement, which inserts documents whose words are to be counted (SIGN 1), or deletes such (-1), or does neither (0). */
static bool run_on(struct store *store, enum index_statement which, struct ints values, int sign, struct error *err)
{
	store->words.sign = sign;
	bool done = statement_run_ints(store, sql[which], values, err);
	store->words.sign = 0;
	return done;
}

bool index_insert(struct store *store, int64_t seq, struct error *err)
{
	return run_on(store, INDEX_INSERT, INTS(seq), 1, err);
}

bool index_delete(struct store *store, int64_t seq, struct error *err)
{
	return run_on(store, INDEX_DELETE, INTS(seq), -1, err);
}

struct index_state *index_state_of(struct store *store)
{
	return &store->index;
}

bool index_fill(struct store *store, int64_t first, struct error *err)
{
	return run_on(store, INDEX_FILL, INTS(first), 1, err);
}

bool index_channel(struct store *store, int64_t channel, int64_t after, int64_t last, bool insert, struct error *err)
{
	return run_on(store, insert ? INDEX_INSERT_CHANNEL : INDEX_DELETE_CHANNEL, INTS(channel, after, last), insert ? 1 : -1,
	              err);
}

/* An import touches much of the database all the time: with the usual 2 MB of cache it would read the same pages again and again, and
 * with the usual checkpoints write them again and again. */
bool store_bulk_begin(struct store *store, struct error *err)
{
	store->index.later = true;
	store->checkpoint_pages = BULK_CHECKPOINT_PAGES;
	return db_run_text(store, "PRAGMA cache_size = -131072", err);
}

bool store_bulk_end(struct store *store, struct error *err)
{
	store->index.later = false;
	store->checkpoint_pages = CHECKPOINT_PAGES;
	return db_run_text(store, "PRAGMA cache_size = -2000", err);
}

/* Merges segments into one, a piece of the work. A negative number takes all of them in hand at first, positive ones go on
 * (https://www.sqlite.org/fts5.html#the_merge_command). *DONE when nothing is left. */
static bool merge(struct store *store, bool first, bool *done, struct error *err)
{
	int before = sqlite3_total_changes(store->db);
	int64_t pages = first ? -store->merge_pages : store->merge_pages;
	bool ok = transaction_begin(store, err) && transaction_end(store, run_on(store, INDEX_MERGE, INTS(pages), 0, err), err);

	*done = sqlite3_total_changes(store->db) - before < 2;
	step_adapt(store->index.took_ms, MERGE_MIN, MERGE_MAX, &store->merge_pages);
	return ok;
}

bool store_optimize(struct store *store, struct error *err)
{
	bool done = false;

	for (bool first = true; !done; first = false)
		if (!merge(store, first, &done, err))
			return false;
	return true;
}

bool index_empty(struct store *store, struct error *err)
{
	public_change(store);
	return db_run_text(
	    store,
	    "INSERT INTO video_fts (video_fts) VALUES ('delete-all'); DELETE FROM word; DELETE FROM channel_rename;"
	    "DELETE FROM unindexed; INSERT INTO unindexed SELECT seq FROM video",
	    err);
}

bool engine_index_segments(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[INDEX_SEGMENTS]), out, err);
}
