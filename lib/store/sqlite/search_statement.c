#include "store/sqlite/search_statement.h"

#include <stdlib.h>

#include "base/unicode.h"
#include "store/video_search.h"

enum { SQL_BYTES_MAX = 8 * 1024 };

/* ---- scans ---- */

struct fragment {
	const char *key;
	const char *from;
	const char *bounds; /* NULL = in FROM */
};

static const struct fragment paths[PATH_COUNT] = {
    [PATH_ALL] = {.key = "v.seq", .from = " FROM video v WHERE v.seq BETWEEN ?1 AND ?2"},
    [PATH_QUERY] = {.key = "m.seq", .from = " FROM match m WHERE m.query = ?5 AND m.seq BETWEEN ?1 AND ?2"},
    [PATH_SAME_TEXT] = {.key = "m.seq", .from = " FROM match m WHERE m.query = ?7 AND m.seq BETWEEN ?1 AND ?2"},
    [PATH_CHANNEL] = {.key = "v.seq",
                      .from = " FROM video v INDEXED BY video_by_channel WHERE v.channel = ?8 AND v.seq BETWEEN ?1 AND ?2"},
    [PATH_KIND] = {.key = "v.seq",
                   .from =
                       " FROM video v INDEXED BY video_by_kind WHERE v.kind = ?9 AND v.kind <> 0 AND v.seq BETWEEN ?1 AND ?2"},
    /* SQLite compares every match with its bounds, which takes up to a tenth of the time. */
    [PATH_MATCHES] = {.key = "f.rowid",
                      .from = " FROM video_fts f WHERE video_fts MATCH ?6",
                      .bounds = " AND f.rowid BETWEEN ?1 AND ?2"},
    [PATH_VISITORS] = {.key = "m.seq", .from = " FROM visitor_match m WHERE m.query = ?7 AND m.seq BETWEEN ?1 AND ?2"},
};

static const char row_predicates[] = " AND (?8 IS NULL OR v.channel = ?8) AND (?9 IS NULL OR v.kind = ?9)"
				     " AND (?10 IS NULL OR v.duration_s >= ?10) AND (?11 IS NULL OR v.duration_s <= ?11)";

static bool is_of_video(enum access_path path)
{
	return path == PATH_ALL || path == PATH_CHANNEL || path == PATH_KIND;
}

static void write_predicates(const struct scan *scan, struct buf *out)
{
	static const struct {
		enum predicate predicate;
		const char *sql; /* the key follows */
	} lookups[] = {
	    {PREDICATE_QUERY, "SELECT 1 FROM match WHERE query = ?5 AND seq = "},
	    {PREDICATE_SAME_TEXT, "SELECT 1 FROM match WHERE query = ?7 AND seq = "},
	    {PREDICATE_KIND, "SELECT 1 FROM video INDEXED BY video_by_kind WHERE kind = ?9 AND kind <> 0 AND seq = "},
	    {PREDICATE_CHANNEL, "SELECT 1 FROM video INDEXED BY video_by_channel WHERE channel = ?8 AND seq = "},
	    {PREDICATE_MATCH, "SELECT 1 FROM video_fts WHERE video_fts MATCH ?6 AND rowid = "},
	};
	const char *key = paths[scan->path].key;

	for (size_t i = 0; i < sizeof(lookups) / sizeof(lookups[0]); i++)
		if (scan->predicates & lookups[i].predicate)
			buf_printf(out, " AND EXISTS (%s%s)", lookups[i].sql, key);
	if ((scan->predicates & PREDICATE_ROW) && is_of_video(scan->path))
		buf_add_text(out, row_predicates);
	else if (scan->predicates & PREDICATE_ROW)
		buf_printf(out, " AND EXISTS (SELECT 1 FROM %s v WHERE v.seq = %s%s)",
		           scan->path == PATH_VISITORS ? "visitor_video" : "video", key, row_predicates);
}

/* FROM … WHERE … of a scan. */
static void write_from(const struct statement_shape *shape, const struct scan *scan, struct buf *out)
{
	const struct fragment *path = &paths[scan->path];

	buf_add_text(out, path->from);
	if (shape->bounded && path->bounds)
		buf_add_text(out, path->bounds);
	write_predicates(scan, out);
}

/* The keys of a scan, with what else is WANTED of each. */
static void write_scan(const struct statement_shape *shape, const struct scan *scan, const char *wanted, struct buf *out)
{
	buf_printf(out, "SELECT %s AS seq%s", paths[scan->path].key, wanted);
	write_from(shape, scan, out);
}

/* The keys in order. Never "IN … OR IN …": a union of two scans in the order of their keys streams, that does not. */
static void write_keys(const struct statement_shape *shape, const char *order, struct buf *out)
{
	write_scan(shape, &shape->first, "", out);
	if (shape->second.path) {
		buf_add_text(out, " UNION ");
		write_scan(shape, &shape->second, "", out);
	}
	if (shape->third.path) {
		buf_add_text(out, " UNION ");
		write_scan(shape, &shape->third, "", out);
	}
	buf_printf(out, " ORDER BY 1%s", order);
}

/* ---- statements ---- */

/* Upwards: the full-text index takes up to twice as long downwards. Asking it for keys takes time too. */
static void write_count(const struct statement_shape *shape, struct buf *out)
{
	buf_add_text(out, "SELECT count(*) FROM (");
	if (shape->second.path || shape->third.path) {
		write_keys(shape, "", out);
	} else {
		buf_add_text(out, "SELECT 1");
		write_from(shape, &shape->first, out);
		buf_printf(out, " ORDER BY %s", paths[shape->first.path].key);
	}
	buf_add_text(out, " LIMIT ?3)");
}

/* The newest keys of a scan with a weight each. */
static void write_weighed_scan(const struct statement_shape *shape, const struct scan *scan, const char *weight, struct buf *out)
{
	buf_add_text(out, "SELECT * FROM (");
	write_scan(shape, scan, weight, out);
	buf_printf(out, " ORDER BY 1 DESC LIMIT %d)", RANKED_MAX);
}

/* The newest of the keys with the weight of each; what only the query found has none. */
static void write_weighed(const struct statement_shape *shape, struct buf *out)
{
	buf_add_text(out, "SELECT seq, max(weight) AS weight FROM (");
	write_weighed_scan(shape, &shape->first, ", weight(video_fts) AS weight", out);
	if (shape->second.path) {
		buf_add_text(out, " UNION ALL ");
		write_weighed_scan(shape, &shape->second, ", 0 AS weight", out);
	}
	if (shape->third.path) {
		buf_add_text(out, " UNION ALL ");
		write_weighed_scan(shape, &shape->third, ", 0 AS weight", out);
	}
	buf_printf(out, ") GROUP BY seq ORDER BY seq DESC LIMIT %d", RANKED_MAX);
}

static void write_by_relevance(const struct statement_shape *shape, struct buf *out)
{
	buf_add_text(out, "SELECT k.seq FROM (");
	write_weighed(shape, out);
	buf_add_text(out, ") k ORDER BY k.weight DESC, k.seq DESC LIMIT ?3 OFFSET ?4");
}

/* ORDER is that of the column VALUE of a video r. */
static void write_ranked(const struct statement_shape *shape, const char *value, const char *order, struct buf *out)
{
	buf_add_text(out, "SELECT k.seq FROM (SELECT k.seq, ");
	buf_printf(out, shape->third.path ? "coalesce(r.%s, p.%s)" : "r.%s", value, value);
	buf_add_text(out, " AS value FROM (");
	write_keys(shape, " DESC", out);
	buf_printf(out, " LIMIT %d) k ", RANKED_MAX);
	buf_add_text(out, shape->third.path ? "LEFT JOIN video r ON r.seq = k.seq LEFT JOIN visitor_video p ON p.seq = k.seq"
	                                    : "CROSS JOIN video r ON r.seq = k.seq");
	buf_printf(out, ") k ORDER BY %s, k.seq DESC LIMIT ?3 OFFSET ?4", order);
}

static void write_page(const struct statement_shape *shape, const char *order, struct buf *out)
{
	write_keys(shape, order, out);
	buf_add_text(out, " LIMIT ?3 OFFSET ?4");
}

void search_statement_write(const struct statement_shape *shape, struct buf *out)
{
	switch (shape->result) {
	case LIST_NEWEST:
		write_page(shape, " DESC", out);
		break;
	case LIST_OLDEST:
		write_page(shape, "", out);
		break;
	case LIST_COUNT:
		write_count(shape, out);
		break;
	case LIST_BY_VIEWS:
		write_ranked(shape, "views", "k.value DESC", out);
		break;
	case LIST_BY_TITLE:
		write_ranked(shape, "title", "folded(k.value)", out);
		break;
	case LIST_BY_RELEVANCE:
		write_by_relevance(shape, out);
		break;
	case LIST_RESULT_COUNT:
		break;
	}
}

/* ---- prepared ---- */

/* A number of its own for each shape, never 0. */
static uint32_t number_of(const struct statement_shape *shape)
{
	return 1U << 31 | (uint32_t)shape->bounded << 30 | (uint32_t)(shape->third.path != PATH_NONE) << 29 |
	       (uint32_t)(shape->third.predicates != 0) << 28 | (uint32_t)shape->result << 24 |
	       (uint32_t)shape->first.path << 20 | (uint32_t)shape->first.predicates << 12 | (uint32_t)shape->second.path << 8 |
	       (uint32_t)shape->second.predicates;
}

static struct list_statement *find(struct store *store, uint32_t number)
{
	for (size_t i = 0; i < LIST_STATEMENTS_MAX; i++)
		if (store->lists[i].shape == number)
			return &store->lists[i];
	return NULL;
}

static bool prepare(struct store *store, const struct statement_shape *shape, struct list_statement *place, struct error *err)
{
	AUTO(buf_clear) struct buf sql = BUF(SQL_BYTES_MAX);
	struct statement statement = {.store = store};

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

bool search_functions_register(struct store *store, struct error *err)
{
	fts5_api *fts5 = store->tokenizer.fts5;

	return (fts5->xCreateFunction(fts5, "weight", NULL, weigh, NULL) == SQLITE_OK &&
	        sqlite3_create_function(store->db, "folded", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
	                                folded, NULL, NULL) == SQLITE_OK) ||
	       db_error(store, err);
}
