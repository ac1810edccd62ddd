#include <string.h>

#include "base/text.h"
#include "search/tokenizer.h"
#include "store/sqlite/connection.h"

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
    "SELECT 'video ' || seq || ': shown with query ' || query || ', and hidden'"
    " FROM hidden_match JOIN match USING (query, seq)",
    "SELECT 'video ' || id || ': hidden without a reason' FROM quarantine WHERE reasons = 0",
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
    "SELECT 'attrition of query ' || query || ', day ' || day || ', after ' || age || ' days: not as many as its matches'"
    " FROM (SELECT query, day, age, there, gone, undated FROM attrition"
    "       UNION ALL SELECT m.query, m.found_at / 86400 * 86400, a.age, -1, 0, 0 FROM match m JOIN video v ON v.seq = m.seq"
    "       JOIN attrition_age a ON a.age * 86400 <= max(v.checked_at - m.found_at, 0)"
    "       UNION ALL SELECT query, found_at / 86400 * 86400, age, -there, -(NOT there AND gone), -(NOT there AND NOT gone)"
    "       FROM (SELECT g.query, g.found_at, a.age, a.age * 86400 <= max(g.checked_at - g.found_at, 0) there,"
    "             a.age * 86400 >= g.missing_at - g.found_at gone FROM gone_match g JOIN attrition_age a))"
    " GROUP BY query, day, age HAVING sum(there) <> 0 OR sum(gone) <> 0 OR sum(undated) <> 0",
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

/* ---- the full-text index ---- */

/*
 * FTS5 has a check of its own (https://www.sqlite.org/fts5.html#the_integrity_check_command), an INSERT, which needs the right to write and
 * keeps other writers waiting. This one reads: the index and the texts it should hold are sums over all occurrences of words, each by video,
 * column and place, as in FTS5's check.
 */
static const char make_occurrences[] =
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.occurrence USING fts5vocab('main', 'video_fts', 'instance')";
static const char drop_occurrences[] = "DROP TABLE IF EXISTS temp.occurrence";
static const char indexed[] = "SELECT doc, col, offset, term FROM temp.occurrence";
static const char texts[] = "SELECT t.seq, t.title, t.description, t.channel, t.channel_id FROM video_text t"
			    " WHERE NOT EXISTS (SELECT 1 FROM unindexed u WHERE u.seq = t.seq)";
static const char *const columns[] = {"title", "description", "channel", "channel_id"};

enum { OCCURRENCE_DOC, OCCURRENCE_COLUMN, OCCURRENCE_OFFSET, OCCURRENCE_TERM };
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

struct occurrences {
	uint64_t sum;
	int64_t seq;
	const char *column;
	int64_t offset; /* of the last word */
};

static uint64_t mix(uint64_t sum, uint64_t value)
{
	sum = (sum ^ value) * UINT64_C(0x9E3779B97F4A7C15);
	return sum ^ sum >> 29;
}

static void add_occurrence(struct occurrences *all, int64_t offset, const char *word, size_t len)
{
	uint64_t sum = mix(text_hash(word, len), text_hash(all->column, strlen(all->column)));

	all->sum += mix(mix(sum, (uint64_t)all->seq), (uint64_t)offset);
}

static bool add_token(void *context, const struct token *token)
{
	struct occurrences *all = context;

	all->offset += !token->colocated;
	add_occurrence(all, all->offset, token->text, token->len);
	return true;
}

/* As the tokenizer does it (tokenizer.c). */
static bool add_text(struct occurrences *all, const char *text, size_t len)
{
	all->offset = -1;
	if (len == 0 || (unsigned char)*text != CHANNEL_TOKEN)
		return tokenize(TOKENS_OF_DOCUMENT, text, len, add_token, all);
	add_occurrence(all, 0, text, len);
	return true;
}

/* Steps through the rows of TEXT. */
static bool each_row(struct store *store, const char *text, bool (*add)(sqlite3_stmt *row, struct occurrences *all),
                     struct occurrences *all, struct error *err)
{
	sqlite3_stmt *row = NULL;
	int code = sqlite3_prepare_v2(store->db, text, -1, &row, NULL);
	bool memory = true;

	if (code == SQLITE_OK)
		while ((code = sqlite3_step(row)) == SQLITE_ROW && (memory = add(row, all)))
			continue;
	if (!memory)
		error_no_memory(err);
	else if ((code & 0xFF) == SQLITE_CORRUPT)
		error_set(err, ERR_INTERNAL, "damaged: the full-text index cannot be read");
	else if (code != SQLITE_DONE)
		db_error(store, err);
	sqlite3_finalize(row);
	return code == SQLITE_DONE;
}

static bool add_row_of_index(sqlite3_stmt *row, struct occurrences *all)
{
	const char *word = (const char *)sqlite3_column_text(row, OCCURRENCE_TERM);

	all->seq = sqlite3_column_int64(row, OCCURRENCE_DOC);
	all->column = (const char *)sqlite3_column_text(row, OCCURRENCE_COLUMN);
	if (!word || !all->column)
		return false;
	add_occurrence(all, sqlite3_column_int64(row, OCCURRENCE_OFFSET), word,
	               (size_t)sqlite3_column_bytes(row, OCCURRENCE_TERM));
	return true;
}

static bool add_row_of_texts(sqlite3_stmt *row, struct occurrences *all)
{
	all->seq = sqlite3_column_int64(row, 0);
	for (int i = 0; i < COLUMNS; i++) {
		const char *text = (const char *)sqlite3_column_text(row, i + 1);

		all->column = columns[i];
		if (!text || !add_text(all, text, (size_t)sqlite3_column_bytes(row, i + 1)))
			return false;
	}
	return true;
}

static bool check_full_text(struct store *store, struct error *err)
{
	struct occurrences there = {0}, wanted = {0};
	struct error ignored;
	bool read = db_run_text(store, make_occurrences, err) && each_row(store, indexed, add_row_of_index, &there, err) &&
	            each_row(store, texts, add_row_of_texts, &wanted, err);

	if (!db_run_text(store, drop_occurrences, read ? err : &ignored) || !read)
		return false;
	return there.sum == wanted.sum ||
	       error_set(err, ERR_INTERNAL, "damaged: the full-text index does not agree with the videos");
}

/* ---- all of it ---- */

static bool check_all(struct store *store, struct error *err)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (!check(store, checks[i], err))
			return false;
	return check_full_text(store, err);
}

/* Of one state of the database, however many write to it meanwhile. */
bool store_check(struct store *store, struct error *err)
{
	if (!store_read_begin(store, err))
		return false;
	bool sound = check_all(store, err);
	store_read_end(store);
	return sound;
}
