/* The search index: the text of videos into it and out of it. */
#include "store/postgres/search/index.h"

#include "store/postgres/connection.h"
#include "store/postgres/search/document.h"
#include "store/search/indexing.h"

enum search_index_statement { TEXT, TEXT_TO_INDEX, INSERT, DELETE, SAME, WAITING, OF_CHANNEL, MERGE };

#define TEXT_OF_VIDEO                                                                                                            \
	"SELECT v.title, v.description, coalesce(r.title, c.title, ''), coalesce(v.channel, 0) FROM video v"                     \
	" LEFT JOIN channel c ON c.id = v.channel LEFT JOIN channel_rename r ON r.channel = v.channel AND v.seq > r.done"        \
	" WHERE v.seq = ?1"

static const char *const sql[] = {
    [TEXT] = TEXT_OF_VIDEO,
    [TEXT_TO_INDEX] = TEXT_OF_VIDEO " AND NOT EXISTS (SELECT 1 FROM unindexed u WHERE u.seq = v.seq)",
    [INSERT] = "INSERT INTO video_search VALUES (?1, ?2::tsvector)",
    [DELETE] = "DELETE FROM video_search WHERE seq = ?1 RETURNING words",
    [SAME] = "SELECT words = ?2::tsvector FROM video_search WHERE seq = ?1",
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

/* Writes the tsvector of a video's texts, if WHICH finds them: *THERE. SIGN: struct words. */
static bool write_vector(struct store *store, enum search_index_statement which, int64_t seq, int sign, struct buf *out,
                         bool *there, struct error *err)
{
	AUTO(statement_done) struct statement *text = statement_use(store, sql[which]);

	bind_int(text, 1, seq);
	if (!statement_step(text, there, err))
		return false;
	if (!*there)
		return true;
	const struct document document = {column_text(text, 0), column_text(text, 1), column_text(text, 2), column_int(text, 3)};
	store->words.sign = sign;
	words_begin(&store->words, seq);
	return document_write(&document, &store->words, out, err);
}

static bool insert_found(struct store *store, enum search_index_statement which, int64_t seq, struct error *err)
{
	AUTO(buf_clear) struct buf vector = BUF(DOCUMENT_BYTES_MAX);
	struct statement *statement = statement_use(store, sql[INSERT]);
	bool there = false;

	if (!write_vector(store, which, seq, 1, &vector, &there, err))
		return false;
	bind_int(statement, 1, seq);
	bind_text(statement, 2, buf_text(&vector));
	return !there || statement_run(statement, err);
}

/* Whether it waits or not. */
static bool insert_text(struct store *store, int64_t seq, struct error *err)
{
	return insert_found(store, TEXT, seq, err);
}

bool index_agrees(struct store *store, int64_t seq, bool *out, struct error *err)
{
	AUTO(buf_clear) struct buf vector = BUF(DOCUMENT_BYTES_MAX);
	struct statement *same = statement_use(store, sql[SAME]);
	int64_t agrees;
	bool there = false;

	if (!write_vector(store, TEXT, seq, 0, &vector, &there, err))
		return false;
	bind_int(same, 1, seq);
	bind_text(same, 2, buf_text(&vector));
	if (!statement_number(same, &agrees, err))
		return false;
	*out = there && agrees;
	return true;
}

bool index_insert(struct store *store, int64_t seq, struct error *err)
{
	return insert_found(store, TEXT_TO_INDEX, seq, err);
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

/* It is one, and its list of what is new is short (migrations/0035_speed.sql). */
bool engine_index_segments(struct store *store, int64_t *out, struct error *err)
{
	(void)store, (void)err;
	*out = 1;
	return true;
}
