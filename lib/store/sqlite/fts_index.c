/* The full-text index: the text of videos into it and out of it, and its upkeep. */
#include "base/clock.h"
#include "store/sqlite/term_stats.h"

enum { STEP_MS = 300, FILL_MIN = 25, FILL_MAX = 100000, MERGE_MIN = 50, MERGE_MAX = 4000 };

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
	RENAME_ADD,
	RENAME_PENDING,
	RENAME_NEXT,
	RENAME_CHUNK,
	RENAME_DONE,
	RENAME_END,
	RENAME_WAITING,
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
    [INDEX_WAIT] = "INSERT INTO unindexed VALUES (?1)",
    [INDEX_CHUNK] = "SELECT min(seq) FROM (SELECT seq FROM unindexed ORDER BY seq DESC LIMIT ?1)",
    [INDEX_FILLED] = "DELETE FROM unindexed WHERE seq >= ?1",
    [INDEX_WAITING] = "SELECT count(*) FROM unindexed",
    /* From one segment to the next: count(DISTINCT …) would go over all pages of all of them. */
    [INDEX_SEGMENTS] = "WITH RECURSIVE segment (id) AS (SELECT min(segid) FROM video_fts_idx UNION ALL"
		       " SELECT (SELECT min(segid) FROM video_fts_idx WHERE segid > id) FROM segment WHERE id IS NOT NULL)"
		       " SELECT count(id) FROM segment",
    [RENAME_ADD] = "INSERT INTO channel_rename SELECT id, title, 0 FROM channel WHERE id = ?1",
    [RENAME_PENDING] = "SELECT count(*) FROM channel_rename WHERE channel = ?1",
    [RENAME_NEXT] = "SELECT channel, done FROM channel_rename ORDER BY channel LIMIT 1",
    [RENAME_CHUNK] = "SELECT max(seq) FROM (SELECT seq FROM video INDEXED BY video_by_channel"
		     " WHERE channel = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3)",
    [RENAME_DONE] = "UPDATE channel_rename SET done = ?2 WHERE channel = ?1",
    [RENAME_END] = "DELETE FROM channel_rename WHERE channel = ?1",
    [RENAME_WAITING] = "SELECT count(*) FROM channel_rename r CROSS JOIN video v INDEXED BY video_by_channel"
		       " ON v.channel = r.channel AND v.seq > r.done",
};

const struct statements index_statements = STATEMENTS(sql);

/* Runs a statement, which inserts documents whose words are to be counted (SIGN 1), or deletes such (-1), or does neither (0). */
static bool run_on(struct store *store, enum index_statement which, struct ints values, int sign, struct error *err)
{
	words_count(store, sign);
	bool done = statement_run_ints(store, sql[which], values, err);
	words_count(store, 0);
	return done;
}

bool index_insert(struct store *store, int64_t seq, struct error *err)
{
	return run_on(store, INDEX_INSERT, INTS(seq), 1, err);
}

bool index_insert_new(struct store *store, int64_t seq, struct error *err)
{
	return store->index_later ? run_on(store, INDEX_WAIT, INTS(seq), 0, err) : index_insert(store, seq, err);
}

bool index_delete(struct store *store, int64_t seq, struct error *err)
{
	return run_on(store, INDEX_DELETE, INTS(seq), -1, err);
}

/* ---- a channel's new title ---- */

/* The last of the next LIMIT videos of the channel, 0 when there are none. */
static bool find_last(struct store *store, int64_t channel, int64_t done, int64_t limit, int64_t *last, struct error *err)
{
	struct statement *chunk = statement_use(store, sql[RENAME_CHUNK]);

	bind_ints(chunk, INTS(channel, done, limit));
	return statement_number(chunk, last, err);
}

/* Indexes up to LIMIT more of the channel's videos under its new title. */
static bool rename_some(struct store *store, int64_t channel, int64_t done, int64_t limit, struct error *err)
{
	int64_t last, more;

	if (!find_last(store, channel, done, limit, &last, err) || !find_last(store, channel, last, 1, &more, err))
		return false;
	public_change(store);
	if (last && !(run_on(store, INDEX_DELETE_CHANNEL, INTS(channel, done, last), -1, err) &&
	              statement_run_ints(store, sql[RENAME_DONE], INTS(channel, last), err) &&
	              run_on(store, INDEX_INSERT_CHANNEL, INTS(channel, done, last), 1, err)))
		return false;
	return (last && more) || statement_run_ints(store, sql[RENAME_END], INTS(channel), err);
}

/* A step of the work that waits, if there is any. */
static bool rename_step(struct store *store, int64_t limit, bool *any, struct error *err)
{
	AUTO(statement_done) struct statement *next = statement_use(store, sql[RENAME_NEXT]);

	if (!statement_step(next, any, err))
		return false;
	if (!*any)
		return true;
	int64_t channel = column_int(next, 0), done = column_int(next, 1);
	statement_done(&next);
	return rename_some(store, channel, done, limit, err);
}

bool index_rename_begin(struct store *store, int64_t channel, bool *begun, struct error *err)
{
	struct statement *pending = statement_use(store, sql[RENAME_PENDING]);
	int64_t count;

	bind_int(pending, 1, channel);
	if (!statement_number(pending, &count, err))
		return false;
	*begun = count == 0;
	return !*begun || statement_run_ints(store, sql[RENAME_ADD], INTS(channel), err);
}

bool index_rename_end(struct store *store, int64_t channel, struct error *err)
{
	/* Of most channels that is all. */
	return rename_some(store, channel, 0, store->rename_step, err);
}

static bool rename_channels(struct store *store, int64_t budget, struct error *err)
{
	bool any = true;

	for (; any && budget > 0; budget -= store->rename_step)
		if (!transaction_begin(store, err) ||
		    !transaction_end(store, rename_step(store, store->rename_step, &any, err), err))
			return false;
	return true;
}

/* An import touches much of the database all the time: with the usual 2 MB of cache it would read the same pages again and again, and
 * with the usual checkpoints write them again and again. */
bool store_bulk_begin(struct store *store, struct error *err)
{
	store->index_later = true;
	store->checkpoint_pages = BULK_CHECKPOINT_PAGES;
	return db_run_text(store, "PRAGMA cache_size = -131072", err);
}

bool store_bulk_end(struct store *store, struct error *err)
{
	store->index_later = false;
	store->checkpoint_pages = CHECKPOINT_PAGES;
	return db_run_text(store, "PRAGMA cache_size = -2000", err);
}

/* The newest ones first, which readers look at most. *ANY tells whether there was one. */
static bool fill_some(struct store *store, int64_t limit, bool *any, struct error *err)
{
	struct statement *chunk = statement_use(store, sql[INDEX_CHUNK]);
	int64_t first;

	bind_int(chunk, 1, limit);
	if (!statement_number(chunk, &first, err))
		return false;
	*any = first != 0;
	if (first == 0)
		return true;
	public_change(store);
	return run_on(store, INDEX_FILL, INTS(first), 1, err) && run_on(store, INDEX_FILLED, INTS(first), 0, err);
}

/* Texts are of many lengths, and machines of many speeds: a STEP follows the time that the last one took. */
static void adapt_step(const struct store *store, int64_t least, int64_t most, int64_t *step)
{
	if (store->took_ms > STEP_MS && *step / 2 >= least)
		*step /= 2;
	else if (store->took_ms < STEP_MS / 4 && *step * 2 <= most)
		*step *= 2;
}

static bool fill(struct store *store, int64_t budget, struct error *err)
{
	bool any = true;

	while (any && budget > 0) {
		int64_t limit = budget < store->fill_step ? budget : store->fill_step;

		if (!transaction_begin(store, err) || !transaction_end(store, fill_some(store, limit, &any, err), err))
			return false;
		if (limit == store->fill_step)
			adapt_step(store, FILL_MIN, FILL_MAX, &store->fill_step);
		budget -= limit;
	}
	return true;
}

bool store_upkeep(struct store *store, int64_t budget, int64_t *left, struct error *err)
{
	int64_t renamed;

	if (!fill(store, budget, err) || !rename_channels(store, budget, err) || !store_unindexed_count(store, left, err) ||
	    !statement_number(statement_use(store, sql[RENAME_WAITING]), &renamed, err))
		return false;
	*left += renamed;
	return true;
}

/* Merges segments into one, a piece of the work. A negative number takes all of them in hand at first, positive ones go on
 * (https://www.sqlite.org/fts5.html#the_merge_command). *DONE when nothing is left. */
static bool merge(struct store *store, bool first, bool *done, struct error *err)
{
	int before = sqlite3_total_changes(store->db);
	int64_t pages = first ? -store->merge_pages : store->merge_pages;
	bool ok = transaction_begin(store, err) && transaction_end(store, run_on(store, INDEX_MERGE, INTS(pages), 0, err), err);

	*done = sqlite3_total_changes(store->db) - before < 2;
	adapt_step(store, MERGE_MIN, MERGE_MAX, &store->merge_pages);
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

bool store_unindexed_count(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[INDEX_WAITING]), out, err);
}

bool engine_index_segments(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[INDEX_SEGMENTS]), out, err);
}
