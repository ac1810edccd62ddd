#include "store/sqlite/predicates.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/case_fold.h"
#include "store/video_search.h"
#include "store/internal.h"

enum { SQL_BYTES_MAX = 8 * 1024 };

/* ---- fragments ---- */

struct fragment {
	const char *key; /* how the walk's key is called in it */
	const char *from;
	const char *bounds; /* NULL = in FROM */
	const char *order;  /* what it is in the order of; NULL = the key */
	const char *weight; /* of a match, as what else is wanted; NULL = there are no words */
};

static const struct fragment drives[DRIVE_COUNT] = {
    [DRIVE_ALL] = {.key = "v.seq", .from = " FROM video v WHERE v.seq BETWEEN ?1 AND ?2"},
    [DRIVE_QUERY] = {.key = "m.seq", .from = " FROM match m WHERE m.query = ?5 AND m.seq BETWEEN ?1 AND ?2"},
    [DRIVE_SAME] = {.key = "m.seq", .from = " FROM match m WHERE m.query = ?7 AND m.seq BETWEEN ?1 AND ?2"},
    [DRIVE_CHANNEL] = {.key = "v.seq",
                       .from = " FROM video v INDEXED BY video_by_channel WHERE v.channel = ?8 AND v.seq BETWEEN ?1 AND ?2"},
    [DRIVE_KIND] = {.key = "v.seq",
                    .from =
                        " FROM video v INDEXED BY video_by_kind WHERE v.kind = ?9 AND v.kind <> 0 AND v.seq BETWEEN ?1 AND ?2"},
    /* SQLite compares every match with its bounds, which takes up to a tenth of the time. */
    [DRIVE_WORDS] = {.key = "f.rowid",
                     .from = " FROM video_fts f WHERE video_fts MATCH ?6",
                     .bounds = " AND f.rowid BETWEEN ?1 AND ?2",
                     .weight = ", weight(video_fts) AS weight"},
    /* A range may end after all keys of the channel, but must not lead into the next one. */
    [DRIVE_CHANNEL_WORDS] = {.key = BY_CHANNEL_SEQ("f.rowid"),
                             .from = " FROM channel_fts f WHERE channel_fts MATCH ?6 AND f.rowid"
                                     " BETWEEN " BY_CHANNEL_FIRST("?8") " + ?1"
                                                                        " AND " BY_CHANNEL_FIRST(
									    "?8") " + min(?2, " BY_CHANNEL_SEQS " - 1)",
                             .order = "f.rowid",
                             .weight = ", weight(channel_fts) AS weight"},
};

bool drive_is_words(enum drive drive)
{
	return drives[drive].weight != NULL;
}

static const char *order_of(const struct walk *walk)
{
	const struct fragment *drive = &drives[walk->drive];

	return drive->order ? drive->order : drive->key;
}

static const char row_checks[] = " AND (?8 IS NULL OR v.channel = ?8) AND (?9 IS NULL OR v.kind = ?9)"
				 " AND (?10 IS NULL OR v.duration_s >= ?10) AND (?11 IS NULL OR v.duration_s <= ?11)";

static bool drives_video(enum drive drive)
{
	return drive == DRIVE_ALL || drive == DRIVE_CHANNEL || drive == DRIVE_KIND;
}

static void write_checks(const struct walk *walk, struct buf *out)
{
	const char *key = drives[walk->drive].key;

	if (walk->checks & CHECK_QUERY)
		buf_printf(out, " AND EXISTS (SELECT 1 FROM match WHERE query = ?5 AND seq = %s)", key);
	if (walk->checks & CHECK_SAME)
		buf_printf(out, " AND EXISTS (SELECT 1 FROM match WHERE query = ?7 AND seq = %s)", key);
	if (walk->checks & CHECK_KIND)
		buf_printf(
		    out, " AND EXISTS (SELECT 1 FROM video INDEXED BY video_by_kind WHERE kind = ?9 AND kind <> 0 AND seq = %s)",
		    key);
	if (walk->checks & CHECK_CHANNEL)
		buf_printf(out, " AND EXISTS (SELECT 1 FROM video INDEXED BY video_by_channel WHERE channel = ?8 AND seq = %s)",
		           key);
	if (walk->checks & CHECK_WORDS)
		buf_printf(out, " AND EXISTS (SELECT 1 FROM video_fts WHERE video_fts MATCH ?6 AND rowid = %s)", key);
	if ((walk->checks & CHECK_ROW) && drives_video(walk->drive))
		buf_add_text(out, row_checks);
	else if (walk->checks & CHECK_ROW)
		buf_printf(out, " AND EXISTS (SELECT 1 FROM video v WHERE v.seq = %s%s)", key, row_checks);
}

/* FROM the walk. */
static void write_from(const struct list_shape *shape, const struct walk *walk, struct buf *out)
{
	const struct fragment *drive = &drives[walk->drive];

	buf_add_text(out, drive->from);
	if (shape->bounded && drive->bounds)
		buf_add_text(out, drive->bounds);
	write_checks(walk, out);
}

/* SELECT key, what else is WANTED, FROM the walk. */
static void write_walk(const struct list_shape *shape, const struct walk *walk, const char *wanted, struct buf *out)
{
	buf_printf(out, "SELECT %s AS seq%s", drives[walk->drive].key, wanted);
	write_from(shape, walk, out);
}

/* The first MOST keys of a walk, with what else is WANTED of each. */
static void write_beginning(const struct list_shape *shape, const struct walk *walk, const char *wanted, const char *order,
                            const char *most, struct buf *out)
{
	buf_add_text(out, "SELECT * FROM (");
	write_walk(shape, walk, wanted, out);
	buf_printf(out, " ORDER BY %s%s LIMIT %s)", order_of(walk), order, most);
}

/* One of two walks. SQLite cannot know that the index by channel is in the order of our keys, and sorts what it is to unite with
 * others: no more than can be needed. */
static void write_side(const struct list_shape *shape, const struct walk *side, const char *order, const char *most,
                       struct buf *out)
{
	if (drives[shape->first.drive].order)
		write_beginning(shape, side, "", order, most, out);
	else
		write_walk(shape, side, "", out);
}

/* The keys in order, at least the first MOST. Never "IN … OR IN …": a union of two walks in the order of their keys streams, that
 * does not. */
static void write_keys(const struct list_shape *shape, const char *order, const char *most, struct buf *out)
{
	if (shape->second.drive) {
		write_side(shape, &shape->first, order, most, out);
		buf_add_text(out, " UNION ");
		write_side(shape, &shape->second, order, most, out);
		buf_printf(out, " ORDER BY 1%s", order);
	} else {
		write_walk(shape, &shape->first, "", out);
		buf_printf(out, " ORDER BY %s%s", order_of(&shape->first), order);
	}
}

/* Upwards: the full-text index takes up to twice as long downwards. Asking it for keys takes time too. */
static void write_count(const struct list_shape *shape, struct buf *out)
{
	buf_add_text(out, "SELECT count(*) FROM (");
	if (shape->second.drive) {
		write_keys(shape, "", "?3", out);
	} else {
		buf_add_text(out, "SELECT 1");
		write_from(shape, &shape->first, out);
		buf_printf(out, " ORDER BY %s", order_of(&shape->first));
	}
	buf_add_text(out, " LIMIT ?3)");
}

/* The newest of the keys with the weight of each; what only the query found has none. */
static void write_weighed(const struct list_shape *shape, const char *most, struct buf *out)
{
	buf_add_text(out, "SELECT seq, max(weight) AS weight FROM (");
	write_beginning(shape, &shape->first, drives[shape->first.drive].weight, " DESC", most, out);
	if (shape->second.drive) {
		buf_add_text(out, " UNION ALL ");
		write_beginning(shape, &shape->second, ", 0 AS weight", " DESC", most, out);
	}
	buf_printf(out, ") GROUP BY seq ORDER BY seq DESC LIMIT %s", most);
}

static void write_ranked(const struct list_shape *shape, const char *order, struct buf *out)
{
	char most[16];

	snprintf(most, sizeof(most), "%d", RANKED_MAX);
	buf_add_text(out, "SELECT k.seq FROM (");
	if (shape->use == LIST_BY_RELEVANCE) {
		write_weighed(shape, most, out);
		buf_add_text(out, ") k");
	} else {
		write_keys(shape, " DESC", most, out);
		buf_printf(out, " LIMIT %s) k CROSS JOIN video r ON r.seq = k.seq", most);
	}
	buf_printf(out, " ORDER BY %s, k.seq DESC LIMIT ?3 OFFSET ?4", order);
}

void list_sql_write(const struct list_shape *shape, struct buf *out)
{
	switch (shape->use) {
	case LIST_NEWEST:
		write_keys(shape, " DESC", "?3 + ?4", out);
		buf_add_text(out, " LIMIT ?3 OFFSET ?4");
		break;
	case LIST_OLDEST:
		write_keys(shape, "", "?3 + ?4", out);
		buf_add_text(out, " LIMIT ?3 OFFSET ?4");
		break;
	case LIST_COUNT:
		write_count(shape, out);
		break;
	case LIST_BY_VIEWS:
		write_ranked(shape, "r.views DESC", out);
		break;
	case LIST_BY_TITLE:
		write_ranked(shape, "folded(r.title)", out);
		break;
	case LIST_BY_RELEVANCE:
		write_ranked(shape, "k.weight DESC", out);
		break;
	case LIST_USE_COUNT:
		break;
	}
}

/* ---- prepared ---- */

/* A number of its own for each shape, never 0. */
static uint32_t number_of(const struct list_shape *shape)
{
	return 1U << 31 | (uint32_t)shape->bounded << 30 | (uint32_t)shape->use << 24 | (uint32_t)shape->first.drive << 20 |
	       (uint32_t)shape->first.checks << 12 | (uint32_t)shape->second.drive << 8 | (uint32_t)shape->second.checks;
}

static struct list_statement *find(struct store *store, uint32_t number)
{
	for (size_t i = 0; i < LIST_STATEMENTS_MAX; i++)
		if (store->lists[i].shape == number && store->lists[i].statement)
			return &store->lists[i];
	return NULL;
}

static bool prepare(struct store *store, const struct list_shape *shape, struct list_statement *place, struct error *err)
{
	AUTO(buf_clear) struct buf sql = BUF(SQL_BYTES_MAX);
	sqlite3_stmt *statement = NULL;

	list_sql_write(shape, &sql);
	if (!buf_ok(&sql, err))
		return false;
	if (sqlite3_prepare_v3(store->db, buf_text(&sql), (int)sql.len + 1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
	    SQLITE_OK)
		return db_error(store, err);
	sqlite3_finalize(place->statement);
	*place = (struct list_statement){number_of(shape), statement};
	return true;
}

bool list_sql_use(struct store *store, const struct list_shape *shape, sqlite3_stmt **out, struct error *err)
{
	struct list_statement *place = find(store, number_of(shape));

	if (!place) { /* in place of the one that has been there the longest */
		place = &store->lists[store->next_list];
		if (!prepare(store, shape, place, err))
			return false;
		store->next_list = (store->next_list + 1) % LIST_STATEMENTS_MAX;
	}
	db_ready(store, place->statement);
	*out = place->statement;
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
	if (!text || !case_fold(text, &result, &err))
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_text(context, result, -1, free);
}

/* weight(video_fts), or that of the index by channel: a word in the title counts more than any number of them in the channel's
 * title, and so on. Unlike bm25 it looks at this match alone: that one counts all matches of each word first, for how rare it is.
 */
static void weigh(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context, int count, sqlite3_value **values)
{
	enum { COLUMNS = 3, HITS_MAX = 15 };
	static const int weights[COLUMNS] = {256, 1, 16}; /* title, description, channel */
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

bool list_functions_register(struct store *store, struct error *err)
{
	fts5_api *fts5 = store->tokenizer.fts5;

	return (fts5->xCreateFunction(fts5, "weight", NULL, weigh, NULL) == SQLITE_OK &&
	        sqlite3_create_function(store->db, "folded", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
	                                folded, NULL, NULL) == SQLITE_OK) ||
	       db_error(store, err);
}
