#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "search/tokenizer.h"
#include "store/sqlite/connection.h"
#include "store/figures/stats.h"
#include "store/upkeep/checks.h"

/* SQLite's own, before those of the tables. */
enum { CHECK_FILE, CHECK_REFERENCES, OWN_CHECKS };

static const struct check own_checks[OWN_CHECKS] = {
    [CHECK_FILE] = {.fault = "SELECT 'file: ' || integrity_check FROM pragma_integrity_check(1) WHERE integrity_check <> 'ok'",
                    .mend = "REINDEX"},
    [CHECK_REFERENCES] =
	{.fault = "SELECT 'table ' || \"table\" || ': row ' || coalesce(rowid, '?') || ' refers to nothing in ' || parent FROM "
                  "pragma_foreign_key_check"},
};

/* Of the search index, which is filled anew as a whole. */
static const char word_fault[] =
    "SELECT 'word ' || term || ': ' || sum(kept) || ' counted, ' || sum(there) || ' there'"
    " FROM (SELECT term, videos kept, 0 there FROM word UNION ALL SELECT term, 0, doc FROM video_vocabulary"
    "       WHERE term <> '' AND term < CAST(x'FF' AS TEXT))" /* from there on they are channels */
    " GROUP BY term HAVING sum(kept) <> sum(there)";

enum { SEARCH_INDEX = OWN_CHECKS + TABLE_CHECKS, PARTS, FINDING_SIZE = 131 };

static const struct check *check_of(int which)
{
	return which < OWN_CHECKS ? &own_checks[which] : &table_checks[which - OWN_CHECKS];
}

struct finding {
	char text[FINDING_SIZE]; /* "" = none */
	bool mendable;
};

static void note(struct finding *found, const char *text, bool mendable)
{
	snprintf(found->text, sizeof(found->text), "%s", text);
	found->mendable = mendable;
}

/* A page that cannot be read is a finding too. */
static bool is_corrupt(int code)
{
	return (code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB;
}

static bool find(struct store *store, const char *text, bool mendable, struct finding *found, struct error *err)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(store->db, text, -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		note(found, (const char *)sqlite3_column_text(statement, 0), mendable);
	else if (is_corrupt(code))
		note(found, sqlite3_errmsg(store->db), false);
	else if (code != SQLITE_DONE)
		db_error(store, err);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE || *found->text;
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
                     struct occurrences *all, struct finding *found, struct error *err)
{
	sqlite3_stmt *row = NULL;
	int code = sqlite3_prepare_v2(store->db, text, -1, &row, NULL);
	bool memory = true;

	if (code == SQLITE_OK)
		while ((code = sqlite3_step(row)) == SQLITE_ROW && (memory = add(row, all)))
			continue;
	if (!memory)
		error_no_memory(err);
	else if (is_corrupt(code))
		note(found, "the full-text index cannot be read", true);
	else if (code != SQLITE_DONE)
		db_error(store, err);
	sqlite3_finalize(row);
	return code == SQLITE_DONE || *found->text;
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

static bool find_in_full_text(struct store *store, struct finding *found, struct error *err)
{
	struct occurrences there = {0}, wanted = {0};
	struct error ignored;
	bool read = db_run_text(store, make_occurrences, err) && each_row(store, indexed, add_row_of_index, &there, found, err) &&
	            each_row(store, texts, add_row_of_texts, &wanted, found, err);

	if (!db_run_text(store, drop_occurrences, read ? err : &ignored) || !read)
		return false;
	if (!*found->text && there.sum != wanted.sum)
		note(found, "the full-text index does not agree with the videos", true);
	return true;
}

/* ---- all of it ---- */

static void month_start(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int64(context, volume_bucket_start(BUCKET_OF_MONTH, sqlite3_value_int64(values[0])));
}

static bool define_functions(struct store *store, struct error *err)
{
	return sqlite3_create_function(store->db, "month_start", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
	                               month_start, NULL, NULL) == SQLITE_OK ||
	       db_error(store, err);
}

/* The first fault of the part WHICH: a check, or SEARCH_INDEX. */
static bool find_in(struct store *store, int which, struct finding *found, struct error *err)
{
	*found = (struct finding){0};
	if (which == SEARCH_INDEX)
		return find(store, word_fault, true, found, err) && (*found->text || find_in_full_text(store, found, err));
	if (!find(store, check_of(which)->fault, check_of(which)->mend != NULL, found, err))
		return false;
	/* Pages that are lost are so for ever, but an index can be made again from its table. */
	if (which == CHECK_FILE)
		found->mendable = strstr(found->text, " index ") != NULL;
	return true;
}

static bool check_all(struct store *store, struct error *err)
{
	for (int i = 0; i < PARTS; i++) {
		struct finding found;

		if (!find_in(store, i, &found, err))
			return false;
		if (*found.text)
			return error_set(err, ERR_INTERNAL, "damaged: %s: run newsreel-fetch %s", found.text,
			                 found.mendable ? "--repair" : "--restore FILE");
	}
	return true;
}

/* Of one state of the database, however many write to it meanwhile. */
bool store_check(struct store *store, struct error *err)
{
	if (!define_functions(store, err) || !store_read_begin(store, err))
		return false;
	bool sound = check_all(store, err);
	store_read_end(store);
	return sound;
}

static bool mend(struct store *store, int which, struct error *err)
{
	if (which == SEARCH_INDEX)
		return index_empty(store, err);
	public_change(store);
	return db_run_text(store, check_of(which)->mend, err);
}

bool store_repair(struct store *store, void (*tell)(void *context, const char *fault), void *context, int64_t *rebuilt,
                  struct error *err)
{
	if (!define_functions(store, err))
		return false;
	*rebuilt = 0;
	for (int i = 0; i < PARTS; i++) {
		struct finding found;

		if (!find_in(store, i, &found, err))
			return false;
		if (!*found.text || !found.mendable)
			continue;
		if (!transaction_begin(store, err) || !transaction_end(store, mend(store, i, err), err))
			return error_wrap(err, "cannot rebuild (%s): run newsreel-fetch --restore FILE", found.text);
		tell(context, found.text);
		++*rebuilt;
	}
	return true;
}
