/* The search index: the text of videos into it and out of it. */
#include "store/postgres/connection.h"
#include "store/postgres/search/document.h"
#include "store/search/indexing.h"

enum search_index_statement { TEXT, INSERT, DELETE, WAITS, WAITING, OF_CHANNEL, MERGE };

static const char *const sql[] = {
    [TEXT] = "SELECT v.title, v.description, coalesce(r.title, c.title, ''), coalesce(v.channel, 0)"
	     " FROM video v LEFT JOIN channel c ON c.id = v.channel LEFT JOIN channel_rename r ON r.channel = v.channel AND "
	     "v.seq > r.done"
	     " WHERE v.seq = ?1",
    [INSERT] = "INSERT INTO video_search VALUES (?1, ?2::tsvector)",
    [DELETE] = "DELETE FROM video_search WHERE seq = ?1 RETURNING words",
    [WAITS] = "SELECT count(*) FROM unindexed WHERE seq = ?1",
    [WAITING] = "SELECT seq FROM unindexed WHERE seq >= ?1 ORDER BY seq",
    [OF_CHANNEL] = "SELECT v.seq FROM video v WHERE v.channel = ?1 AND v.seq > ?2 AND v.seq <= ?3"
		   " AND NOT EXISTS (SELECT 1 FROM unindexed u WHERE u.seq = v.seq) ORDER BY v.seq",
    [MERGE] = "SELECT gin_clean_pending_list('video_search_by_time')",
};

struct index_state *index_state_of(struct store *store)
{
	return &store->index;
}

/* ---- one video ---- */

static bool insert(struct store *store, int64_t seq, const struct document *document, struct error *err)
{
	AUTO(buf_clear) struct buf vector = BUF(DOCUMENT_BYTES_MAX);
	struct statement *statement = statement_use(store, sql[INSERT]);

	store->words.sign = 1;
	words_begin(&store->words, seq);
	if (!document_write(document, &store->words, &vector, err))
		return false;
	bind_int(statement, 1, seq);
	bind_text(statement, 2, buf_text(&vector));
	return statement_run(statement, err);
}

/* Whether it waits or not. */
static bool insert_text(struct store *store, int64_t seq, struct error *err)
{
	AUTO(statement_done) struct statement *text = statement_use(store, sql[TEXT]);
	bool row = false;

	bind_int(text, 1, seq);
	if (!statement_step(text, &row, err))
		return false;
	const struct document document = {row ? column_text(text, 0) : NULL, row ? column_text(text, 1) : NULL,
	                                  row ? column_text(text, 2) : NULL, row ? column_int(text, 3) : 0};
	return !row || insert(store, seq, &document, err);
}

bool index_insert(struct store *store, int64_t seq, struct error *err)
{
	struct statement *waits = statement_use(store, sql[WAITS]);
	int64_t count;

	bind_int(waits, 1, seq);
	return statement_number(waits, &count, err) && (count || insert_text(store, seq, err));
}

/* The words are those that went in, whatever its text is by now. */
bool index_delete(struct store *store, int64_t seq, struct error *err)
{
	AUTO(statement_done) struct statement *statement = statement_use(store, sql[DELETE]);
	bool row = false;

	bind_int(statement, 1, seq);
	if (!statement_step(statement, &row, err))
		return false;
	store->words.sign = -1;
	words_begin(&store->words, seq);
	return !row || document_count(column_text(statement, 0), &store->words, err);
}

/* ---- many ---- */

static bool for_each(struct statement *rows, struct store *store,
                     bool (*work)(struct store *store, int64_t seq, struct error *err), struct error *err)
{
	bool row = false;

	for (;;) {
		if (!statement_step(rows, &row, err))
			return false;
		if (!row)
			return true;
		if (!work(store, column_int(rows, 0), err))
			return false;
	}
}

bool index_fill(struct store *store, int64_t first, struct error *err)
{
	AUTO(statement_done) struct statement *waiting = statement_use(store, sql[WAITING]);

	bind_int(waiting, 1, first);
	return for_each(waiting, store, insert_text, err);
}

bool index_channel(struct store *store, int64_t channel, int64_t after, int64_t last, bool insert_them, struct error *err)
{
	AUTO(statement_done) struct statement *rows = statement_use(store, sql[OF_CHANNEL]);

	bind_ints(rows, INTS(channel, after, last));
	return for_each(rows, store, insert_them ? insert_text : index_delete, err);
}

bool index_empty(struct store *store, struct error *err)
{
	public_change(store);
	return pg_run_text(store,
	                   "DELETE FROM video_search; DELETE FROM word; DELETE FROM channel_rename; DELETE FROM unindexed;"
	                   " INSERT INTO unindexed SELECT seq FROM video",
	                   true, err);
}

/* ---- upkeep ---- */

bool store_bulk_begin(struct store *store, struct error *err)
{
	(void)err;
	store->index.later = true;
	return true;
}

bool store_bulk_end(struct store *store, struct error *err)
{
	(void)err;
	store->index.later = false;
	return true;
}

bool store_optimize(struct store *store, struct error *err)
{
	int64_t pages;

	return statement_number(statement_use(store, sql[MERGE]), &pages, err);
}

/* It is one, and its list of what is new is short (migrations/0032_search.sql). */
bool engine_index_segments(struct store *store, int64_t *out, struct error *err)
{
	(void)store, (void)err;
	*out = 1;
	return true;
}
