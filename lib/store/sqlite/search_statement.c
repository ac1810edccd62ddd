#include "store/sqlite/search_statement.h"

#include <stdlib.h>

#include "base/unicode.h"
#include "store/internal.h"

enum { SQL_BYTES_MAX = 8 * 1024 };

/* ---- classes of length ---- */

static const struct {
	const char *index;
	int64_t min_s, max_s; /* 0 = no limit */
	const char *condition;
} lengths[LENGTH_COUNT] = {
    [LENGTH_TO_3_MINUTES] = {"video_to_3_minutes", 0, 180, "duration_s <= 180"},
    [LENGTH_TO_4_MINUTES] = {"video_to_4_minutes", 0, 240, "duration_s <= 240"},
    [LENGTH_4_TO_20_MINUTES] = {"video_4_to_20_minutes", 240, 1200, "duration_s BETWEEN 240 AND 1200"},
    [LENGTH_FROM_20_MINUTES] = {"video_from_20_minutes", 1200, 0, "duration_s >= 1200"},
};

enum length_class length_class_of(int64_t min_s, int64_t max_s)
{
	for (enum length_class length = LENGTH_ANY + 1; length < LENGTH_COUNT; length++)
		if (min_s >= lengths[length].min_s && (!lengths[length].max_s || (max_s && max_s <= lengths[length].max_s)))
			return length;
	return LENGTH_ANY;
}

bool length_class_is(enum length_class length, int64_t min_s, int64_t max_s)
{
	return lengths[length].min_s == min_s && lengths[length].max_s == max_s;
}

/* ---- scans ---- */

struct fragment {
	const char *key;
	const char *place; /* in the order; NULL = the key */
	const char *from;
	const char *bounds; /* NULL = in FROM */
};

static const struct fragment paths[PATH_COUNT] = {
    [PATH_ALL] = {.key = "v.seq", .from = " FROM video v WHERE v.seq BETWEEN ?1 AND ?2"},
    [PATH_QUERY] = {.key = "m.seq", .from = " FROM match m WHERE m.query = ?4 AND m.seq BETWEEN ?1 AND ?2"},
    [PATH_SAME_TEXT] = {.key = "m.seq", .from = " FROM match m WHERE m.query = ?6 AND m.seq BETWEEN ?1 AND ?2"},
    [PATH_CHANNEL] = {.key = "v.seq",
                      .from = " FROM video v INDEXED BY video_by_channel WHERE v.channel = ?7 AND v.seq BETWEEN ?1 AND ?2"},
    [PATH_KIND] = {.key = "v.seq",
                   .from =
                       " FROM video v INDEXED BY video_by_kind WHERE v.kind = ?8 AND v.kind <> 0 AND v.seq BETWEEN ?1 AND ?2"},
    [PATH_LENGTH] = {.key = "v.seq"}, /* by class */
    /* SQLite compares every match with its bounds, which takes up to a tenth of the time. */
    [PATH_MATCHES] = {.key = "f.rowid",
                      .from = " FROM video_fts f WHERE video_fts MATCH ?5",
                      .bounds = " AND f.rowid BETWEEN ?1 AND ?2"},
    [PATH_VISITORS] = {.key = "m.seq", .from = " FROM visitor_match m WHERE m.query = ?6 AND m.seq BETWEEN ?1 AND ?2"},
    [PATH_RECORDED] = {.key = "v.seq",
                       .place = "v.recorded",
                       .from = " FROM video v INDEXED BY video_by_recorded WHERE v.recorded BETWEEN ?12 AND ?13"},
    [PATH_QUERY_RECORDED] =
	{.key = "m.seq",
         .place = "m.recorded",
         .from = " FROM match m INDEXED BY match_by_recorded WHERE m.query = ?4 AND m.recorded BETWEEN ?12 AND ?13"},
};

#define DURATION_OF(video) "(?9 IS NULL OR " video ".duration_s >= ?9) AND (?10 IS NULL OR " video ".duration_s <= ?10)"

static const char row_predicates[] = "(?7 IS NULL OR v.channel = ?7) AND (?8 IS NULL OR v.kind = ?8) AND " DURATION_OF("v");

/* Ids of channels have no quotes. */
static const char not_excluded[] =
    "(v.channel IS NULL OR v.channel NOT IN (SELECT x.id FROM json_each('[\"' || replace(?14, ',', '\",\"') || '\"]') e"
    " JOIN channel x ON x.youtube_id = trim(e.value)))";

static bool is_of_video(enum access_path path)
{
	return path == PATH_ALL || path == PATH_CHANNEL || path == PATH_KIND || path == PATH_LENGTH || path == PATH_RECORDED;
}

bool path_is_recorded(enum access_path path)
{
	return path == PATH_RECORDED || path == PATH_QUERY_RECORDED;
}

/* The words, the query of the same text, or either. */
static void write_words(const struct scan *scan, struct buf *out)
{
	static const char matches[] =
	    "EXISTS (SELECT 1 FROM video_fts WHERE video_fts MATCH ?5 AND phrases(video_fts, ?11) AND rowid = ";
	static const char found[] = "EXISTS (SELECT 1 FROM match WHERE query = ?6 AND seq = ";
	const char *key = paths[scan->path].key;
	bool words = scan->predicates & PREDICATE_MATCH, same = scan->predicates & PREDICATE_SAME_TEXT;

	if (words && same)
		buf_printf(out, " AND (%s%s) OR %s%s))", found, key, matches, key);
	else if (words || same)
		buf_printf(out, " AND %s%s)", words ? matches : found, key);
}

static void write_recorded(const struct statement_shape *shape, const struct scan *scan, struct buf *out)
{
	const char *key = paths[scan->path].key;

	if (scan->path == PATH_VISITORS)
		buf_printf(
		    out,
		    " AND EXISTS (SELECT 1 FROM visitor_video WHERE seq = %s AND first_seen_at * 1048576 BETWEEN ?12 AND ?13)",
		    key);
	else if (shape->of_query)
		buf_printf(out,
		           " AND EXISTS (SELECT 1 FROM match WHERE query = ?4 AND seq = %s AND recorded BETWEEN ?12 AND ?13)",
		           key);
	else
		buf_printf(out, " AND EXISTS (SELECT 1 FROM video WHERE seq = %s AND recorded BETWEEN ?12 AND ?13)", key);
}

/* The other predicates, each after AND. */
static void write_lookups(const struct scan *scan, struct buf *out)
{
	static const struct {
		enum predicate predicate;
		const char *sql; /* the key follows */
	} lookups[] = {
	    {PREDICATE_QUERY, "SELECT 1 FROM match WHERE query = ?4 AND seq = "},
	    {PREDICATE_KIND, "SELECT 1 FROM video INDEXED BY video_by_kind WHERE kind = ?8 AND kind <> 0 AND seq = "},
	    {PREDICATE_CHANNEL, "SELECT 1 FROM video INDEXED BY video_by_channel WHERE channel = ?7 AND seq = "},
	};

	for (size_t i = 0; i < sizeof(lookups) / sizeof(lookups[0]); i++)
		if (scan->predicates & lookups[i].predicate)
			buf_printf(out, " AND EXISTS (%s%s)", lookups[i].sql, paths[scan->path].key);
	write_words(scan, out);
}

/* What the row tells, which is long: in the statements of most lists only a part of it. */
static void write_row(const struct statement_shape *shape, struct buf *out)
{
	buf_add_text(out, row_predicates);
	if (shape->excludes_channels)
		buf_printf(out, " AND %s", not_excluded);
	if (shape->of_language)
		buf_add_text(out, " AND " IS_IN_LANGUAGE("?15"));
}

static void write_row_predicates(const struct statement_shape *shape, const struct scan *scan, struct buf *out)
{
	if (is_of_video(scan->path)) {
		buf_add_text(out, " AND ");
		write_row(shape, out);
		return;
	}
	buf_printf(out, " AND EXISTS (SELECT 1 FROM %s v WHERE v.seq = %s AND ",
	           scan->path == PATH_VISITORS ? "visitor_video" : "video", paths[scan->path].key);
	write_row(shape, out);
	buf_add_char(out, ')');
}

/* Whether a key passes: small indices first, then the row. */
static void write_predicates(const struct statement_shape *shape, const struct scan *scan, struct buf *out)
{
	const char *key = paths[scan->path].key;

	buf_add_text(out, "1");
	if (scan->predicates & PREDICATE_KEY)
		buf_printf(out, " AND %s BETWEEN ?1 AND ?2", key);
	if (scan->predicates & PREDICATE_PHRASES)
		buf_add_text(out, " AND phrases(video_fts, ?11)");
	if ((scan->predicates & PREDICATE_LENGTH) && scan->path == PATH_LENGTH)
		buf_add_text(out, " AND " DURATION_OF("v"));
	else if (scan->predicates & PREDICATE_LENGTH)
		buf_printf(out,
		           " AND EXISTS (SELECT 1 FROM video l INDEXED BY %s WHERE l.%s AND l.seq = %s AND " DURATION_OF("l") ")",
		           lengths[shape->length].index, lengths[shape->length].condition, key);
	if (scan->predicates & PREDICATE_RECORDED)
		write_recorded(shape, scan, out);
	write_lookups(scan, out);
	if (scan->predicates & PREDICATE_ROW)
		write_row_predicates(shape, scan, out);
}

/* FROM … WHERE … of a scan. */
static void write_from(const struct statement_shape *shape, const struct scan *scan, struct buf *out)
{
	const struct fragment *path = &paths[scan->path];

	if (scan->path == PATH_LENGTH)
		buf_printf(out, " FROM video v INDEXED BY %s WHERE v.%s AND v.seq BETWEEN ?1 AND ?2",
		           lengths[shape->length].index, lengths[shape->length].condition);
	else
		buf_add_text(out, path->from);
	if (shape->bounded && path->bounds)
		buf_add_text(out, path->bounds);
}

/* The keys of a scan, each with WEIGHT if it passes. */
static void write_scan(const struct statement_shape *shape, const struct scan *scan, const char *weight, struct buf *out)
{
	const struct fragment *path = &paths[scan->path];

	buf_printf(out, "SELECT %s, ", path->place ? path->place : path->key);
	if (scan->predicates) {
		buf_add_text(out, "CASE WHEN ");
		write_predicates(shape, scan, out);
		buf_printf(out, " THEN %s END", weight);
	} else {
		buf_add_text(out, weight);
	}
	if (path->place)
		buf_printf(out, ", %s", path->key);
	write_from(shape, scan, out);
}

/* ---- statements ---- */

/* UNION ALL of scans in the order of their keys merges them. Without ALL it would have the full-text index sort by key and weight,
 * which that cannot. */
static void write_rows(const struct statement_shape *shape, struct buf *out)
{
	const struct scan *others[] = {&shape->second, &shape->third};
	bool weighted = shape->result == LIST_WEIGHTED;

	write_scan(shape, &shape->first, weighted ? "weight(video_fts)" : "1", out);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i]->path) {
			buf_add_text(out, " UNION ALL ");
			write_scan(shape, others[i], weighted ? "0" : "1", out);
		}
	buf_printf(out, " ORDER BY 1%s", shape->result == LIST_OLDEST ? "" : " DESC");
}

static void write_keys(const struct statement_shape *shape, const struct scan *scan, struct buf *out)
{
	buf_printf(out, "SELECT %s", paths[scan->path].key);
	write_from(shape, scan, out);
}

/* The keys of all scans, each once, from the lowest. */
static void write_all_keys(const struct statement_shape *shape, struct buf *out)
{
	const struct scan *others[] = {&shape->second, &shape->third};

	write_keys(shape, &shape->first, out);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i]->path) {
			buf_add_text(out, " UNION ");
			write_keys(shape, others[i], out);
		}
	buf_add_text(out, " ORDER BY 1");
}

/* Upwards: the full-text index takes up to twice as long downwards. Asking it for keys takes time too. */
static void write_count(const struct statement_shape *shape, struct buf *out)
{
	buf_add_text(out, "SELECT count(*) FROM (");
	if (shape->second.path || shape->third.path) {
		write_all_keys(shape, out);
	} else {
		buf_add_text(out, "SELECT 1");
		write_from(shape, &shape->first, out);
		buf_printf(out, " ORDER BY %s", paths[shape->first.path].key);
	}
	buf_add_text(out, " LIMIT ?3)");
}

void search_statement_write(const struct statement_shape *shape, struct buf *out)
{
	if (shape->result == LIST_COUNT)
		write_count(shape, out);
	else
		write_rows(shape, out);
}

/* ---- prepared ---- */

/* A number of its own for each shape, never 0. */
static uint64_t number_of(const struct statement_shape *shape)
{
	return UINT64_C(1) << 63 | (uint64_t)shape->of_language << 57 | (uint64_t)shape->excludes_channels << 56 |
	       (uint64_t)shape->of_query << 55 | (uint64_t)shape->third.predicates << 43 |
	       (uint64_t)(shape->third.path != PATH_NONE) << 42 | (uint64_t)shape->bounded << 41 | (uint64_t)shape->length << 38 |
	       (uint64_t)shape->result << 36 | (uint64_t)shape->first.path << 32 | (uint64_t)shape->first.predicates << 20 |
	       (uint64_t)shape->second.path << 16 | (uint64_t)shape->second.predicates;
}

static struct list_statement *find(struct store *store, uint64_t number)
{
	for (size_t i = 0; i < LIST_STATEMENTS_MAX; i++)
		if (store->lists[i].shape == number)
			return &store->lists[i];
	return NULL;
}

static bool prepare(struct store *store, const struct statement_shape *shape, struct list_statement *place, struct error *err)
{
	AUTO(buf_clear) struct buf sql = BUF(SQL_BYTES_MAX);
	struct statement statement = {.engine = ENGINE_SQLITE, .store = store};

	search_statement_write(shape, &sql);
	if (!buf_ok(&sql, err))
		return false;
	if (sqlite3_prepare_v3(store->db, buf_text(&sql), (int)sql.len + 1, SQLITE_PREPARE_PERSISTENT, &statement.handle, NULL) !=
	    SQLITE_OK)
		return db_error(store, err);
	sqlite3_finalize(place->statement.handle);
	*place = (struct list_statement){number_of(shape), statement};
	return true;
}

bool search_statement_use(struct store *store, const struct statement_shape *shape, struct statement **out, struct error *err)
{
	struct list_statement *place = find(store, number_of(shape));

	if (!place) { /* in place of the one that has been there the longest */
		place = &store->lists[store->next_list];
		if (!prepare(store, shape, place, err))
			return false;
		store->next_list = (store->next_list + 1) % LIST_STATEMENTS_MAX;
	}
	statement_ready(&place->statement);
	*out = &place->statement;
	return true;
}

/* ---- functions ---- */

/* folded(text): as names are compared, without regard to case. */
static void folded(sqlite3_context *context, int count, sqlite3_value **values)
{
	const char *text = (const char *)sqlite3_value_text(values[0]);
	char *result = NULL;
	struct error err;

	(void)count;
	if (!text || !unicode_fold_text(text, &result, &err))
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_text(context, result, -1, free);
}

/* weight(video_fts): a word in the title counts more than any number of them in the channel's title, and so on. Unlike bm25 it looks at
 * this match alone: that one counts all matches of each word first, for how rare it is. */
static void weigh(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context, int count, sqlite3_value **values)
{
	enum { COLUMNS = 4, HITS_MAX = 15 };
	static const int weights[COLUMNS] = {256, 1, 16, 0}; /* title, description, channel, channel_id */
	int hits[COLUMNS] = {0};
	int instances = 0;
	int result = api->xInstCount(fts, &instances);
	int weight = 0;

	(void)count;
	(void)values;
	for (int i = 0; i < instances && result == SQLITE_OK; i++) {
		int phrase, column, at;

		result = api->xInst(fts, i, &phrase, &column, &at);
		if (result == SQLITE_OK && hits[column] < HITS_MAX)
			hits[column]++;
	}
	for (int i = 0; i < COLUMNS; i++)
		weight += weights[i] * hits[i];
	if (result == SQLITE_OK)
		sqlite3_result_int(context, weight);
	else
		sqlite3_result_error_code(context, result);
}

/* A place in a match where a word of the expression stands. */
struct instance {
	int word, column, at;
};

static int read_instance(const Fts5ExtensionApi *api, Fts5Context *fts, int number, struct instance *out)
{
	return api->xInst(fts, number, &out->word, &out->column, &out->at);
}

/* Whether LENGTH words, from instance START on, stand one right after the other. Instances come in the order of their places. */
static int is_phrase(const Fts5ExtensionApi *api, Fts5Context *fts, int start, int instances, int length, bool *out)
{
	struct instance first = {0}, next = {0};
	int found = 1;
	int result = read_instance(api, fts, start, &first);

	for (int i = start + 1; i < instances && found < length && result == SQLITE_OK; i++) {
		result = read_instance(api, fts, i, &next);
		if (next.column != first.column || next.at > first.at + found)
			break;
		found += next.word == first.word + found && next.at == first.at + found;
	}
	*out = found == length;
	return result;
}

static int has_phrase(const Fts5ExtensionApi *api, Fts5Context *fts, int first_word, int instances, int length, bool *out)
{
	struct instance instance = {0};
	int result = SQLITE_OK;

	*out = false;
	for (int i = 0; i < instances && !*out && result == SQLITE_OK; i++) {
		result = read_instance(api, fts, i, &instance);
		if (result == SQLITE_OK && instance.word == first_word)
			result = is_phrase(api, fts, i, instances, length, out);
	}
	return result;
}

/* phrases(video_fts, lengths) */
static void check_phrases(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context, int count,
                          sqlite3_value **values)
{
	const char *left = (const char *)sqlite3_value_text(values[0]);
	int instances = 0, word = 0;
	int result = api->xInstCount(fts, &instances);
	bool found = true;

	(void)count;
	for (; result == SQLITE_OK && left && *left; left++) {
		bool is_alternative = *left == '|';
		char *end;
		int length = (int)strtol(left + 1, &end, 10);

		if (!is_alternative && !found)
			break;
		if (!is_alternative || !found)
			result = has_phrase(api, fts, word, instances, length, &found);
		word += length;
		left = end - 1;
	}
	if (result == SQLITE_OK)
		sqlite3_result_int(context, found);
	else
		sqlite3_result_error_code(context, result);
}

bool search_functions_register(struct store *store, struct error *err)
{
	fts5_api *fts5 = store->tokenizer.fts5;

	return (fts5->xCreateFunction(fts5, "weight", NULL, weigh, NULL) == SQLITE_OK &&
	        fts5->xCreateFunction(fts5, "phrases", NULL, check_phrases, NULL) == SQLITE_OK &&
	        sqlite3_create_function(store->db, "folded", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
	                                folded, NULL, NULL) == SQLITE_OK) ||
	       db_error(store, err);
}
