#include "store/search/search_statement.h"

#include "store/internal.h"

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
    [PATH_MATCHES] = {0},             /* the engine's */
    [PATH_VISITORS] = {.key = "m.seq", .from = " FROM visitor_match m WHERE m.query = ?6 AND m.seq BETWEEN ?1 AND ?2"},
    [PATH_RECORDED] = {.key = "v.seq",
                       .place = "v.recorded",
                       .from = " FROM video v INDEXED BY video_by_recorded WHERE v.recorded BETWEEN ?12 AND ?13"},
    [PATH_QUERY_RECORDED] =
	{.key = "m.seq",
         .place = "m.recorded",
         .from = " FROM match m INDEXED BY match_by_recorded WHERE m.query = ?4 AND m.recorded BETWEEN ?12 AND ?13"},
};

/* Whether the filter leaves it open. What is never bound has no type of its own. */
#define IS_FREE(parameter) "CAST(" parameter " AS bigint) IS NULL"

#define DURATION_OF(video)                                                                                                       \
	"(" IS_FREE("?9") " OR " video ".duration_s >= ?9) AND (" IS_FREE("?10") " OR " video ".duration_s <= ?10)"

static const char row_predicates[] =
    "(" IS_FREE("?7") " OR v.channel = ?7) AND (" IS_FREE("?8") " OR v.kind = ?8) AND " DURATION_OF("v");

static bool is_of_video(enum access_path path)
{
	return path == PATH_ALL || path == PATH_CHANNEL || path == PATH_KIND || path == PATH_LENGTH || path == PATH_RECORDED;
}

bool path_is_recorded(enum access_path path)
{
	return path == PATH_RECORDED || path == PATH_QUERY_RECORDED;
}

/* A statement while it is written. */
struct writing {
	const struct statement_shape *shape;
	const struct search_dialect *dialect;
	struct buf *out;
};

static const char *key_of(const struct writing *w, const struct scan *scan)
{
	return scan->path == PATH_MATCHES ? w->dialect->match_key : paths[scan->path].key;
}

/* What its rows are ordered by. */
static const char *place_of(const struct writing *w, const struct scan *scan)
{
	return paths[scan->path].place ? paths[scan->path].place : key_of(w, scan);
}

/* The words, the query of the same text, or either. */
static void write_words(const struct writing *w, const struct scan *scan)
{
	static const char found[] = "EXISTS (SELECT 1 FROM match WHERE query = ?6 AND seq = ";
	const char *matches = w->dialect->match_lookup, *end = w->dialect->lookup_end;
	const char *key = key_of(w, scan);
	struct buf *out = w->out;
	bool words = scan->predicates & PREDICATE_MATCH, same = scan->predicates & PREDICATE_SAME_TEXT;

	if (words && same)
		buf_printf(out, " AND (%s%s%s OR %s%s%s)", found, key, end, matches, key, end);
	else if (words || same)
		buf_printf(out, " AND %s%s%s", words ? matches : found, key, end);
}

static void write_recorded(const struct writing *w, const struct scan *scan)
{
	const char *key = key_of(w, scan), *end = w->dialect->lookup_end;
	struct buf *out = w->out;

	if (scan->path == PATH_VISITORS)
		buf_printf(
		    out,
		    " AND EXISTS (SELECT 1 FROM visitor_video WHERE seq = %s AND first_seen_at * 1048576 BETWEEN ?12 AND ?13%s",
		    key, end);
	else if (w->shape->of_query)
		buf_printf(out,
		           " AND EXISTS (SELECT 1 FROM match WHERE query = ?4 AND seq = %s AND recorded BETWEEN ?12 AND ?13%s",
		           key, end);
	else
		buf_printf(out, " AND EXISTS (SELECT 1 FROM video WHERE seq = %s AND recorded BETWEEN ?12 AND ?13%s", key, end);
}

/* The other predicates, each after AND. */
static void write_lookups(const struct writing *w, const struct scan *scan)
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
			buf_printf(w->out, " AND EXISTS (%s%s%s", lookups[i].sql, key_of(w, scan), w->dialect->lookup_end);
	write_words(w, scan);
}

/* What the row tells, which is long: in the statements of most lists only a part of it. */
static void write_row(const struct writing *w)
{
	buf_add_text(w->out, row_predicates);
	if (w->shape->excludes_channels)
		buf_printf(w->out,
		           " AND (v.channel IS NULL OR v.channel NOT IN (SELECT x.id FROM channel x WHERE x.youtube_id IN (%s)))",
		           w->dialect->excluded_ids);
	if (w->shape->of_language)
		buf_add_text(w->out, " AND " IS_IN_LANGUAGE("?15"));
}

static void write_row_predicates(const struct writing *w, const struct scan *scan)
{
	if (is_of_video(scan->path)) {
		buf_add_text(w->out, " AND ");
		write_row(w);
		return;
	}
	buf_printf(w->out, " AND EXISTS (SELECT 1 FROM %s v WHERE v.seq = %s AND ",
	           scan->path == PATH_VISITORS ? "visitor_video" : "video", key_of(w, scan));
	write_row(w);
	buf_add_text(w->out, w->dialect->lookup_end);
}

/* Whether a key passes: small indices first, then the row. */
static void write_predicates(const struct writing *w, const struct scan *scan)
{
	const char *key = key_of(w, scan);
	struct buf *out = w->out;

	buf_add_text(out, "true");
	if (scan->predicates & PREDICATE_KEY)
		buf_printf(out, " AND %s BETWEEN ?1 AND ?2", key);
	if (scan->predicates & PREDICATE_PHRASES)
		buf_printf(out, " AND %s", w->dialect->phrases);
	if ((scan->predicates & PREDICATE_LENGTH) && scan->path == PATH_LENGTH)
		buf_add_text(out, " AND " DURATION_OF("v"));
	else if (scan->predicates & PREDICATE_LENGTH)
		buf_printf(out,
		           " AND EXISTS (SELECT 1 FROM video l INDEXED BY %s WHERE l.%s AND l.seq = %s AND " DURATION_OF(
			       "l") "%s",
		           lengths[w->shape->length].index, lengths[w->shape->length].condition, key, w->dialect->lookup_end);
	if (scan->predicates & PREDICATE_RECORDED)
		write_recorded(w, scan);
	write_lookups(w, scan);
	if (scan->predicates & PREDICATE_ROW)
		write_row_predicates(w, scan);
}

/* FROM … WHERE … of a scan. */
static void write_from(const struct writing *w, const struct scan *scan)
{
	const struct statement_shape *shape = w->shape;

	if (scan->path == PATH_LENGTH)
		buf_printf(w->out, " FROM video v INDEXED BY %s WHERE v.%s AND v.seq BETWEEN ?1 AND ?2",
		           lengths[shape->length].index, lengths[shape->length].condition);
	else if (scan->path == PATH_MATCHES)
		buf_printf(w->out, "%s%s", w->dialect->match_from, shape->bounded ? w->dialect->match_bounds : "");
	else
		buf_add_text(w->out, paths[scan->path].from);
}

/* The keys of a scan, each with WEIGHT if it passes. */
static void write_scan(const struct writing *w, const struct scan *scan, const char *weight)
{
	buf_printf(w->out, "SELECT %s AS place, ", place_of(w, scan));
	if (scan->predicates) {
		buf_add_text(w->out, "CASE WHEN ");
		write_predicates(w, scan);
		buf_printf(w->out, " THEN %s END AS weight", weight);
	} else {
		buf_printf(w->out, "%s AS weight", weight);
	}
	if (paths[scan->path].place)
		buf_printf(w->out, ", %s AS seq", key_of(w, scan));
	write_from(w, scan);
}

/* ---- statements ---- */

static const char *order_of(const struct statement_shape *shape)
{
	return shape->result == LIST_OLDEST ? "" : " DESC";
}

/* Where a statement gives no more than so many rows, each of its scans does. */
static void write_arm(const struct writing *w, const struct scan *scan, const char *weight)
{
	if (!w->dialect->in_chunks) {
		write_scan(w, scan, weight);
		return;
	}
	buf_add_char(w->out, '(');
	write_scan(w, scan, weight);
	buf_printf(w->out, " ORDER BY %s%s LIMIT ?3)", place_of(w, scan), order_of(w->shape));
}

/* UNION ALL of scans in the order of their keys merges them. Without ALL it would have the full-text index sort by key and weight,
 * which that cannot. */
static void write_union(const struct writing *w)
{
	const struct scan *others[] = {&w->shape->second, &w->shape->third};
	bool weighted = w->shape->result == LIST_WEIGHTED;

	write_arm(w, &w->shape->first, weighted ? w->dialect->weight : "1");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i]->path) {
			buf_add_text(w->out, " UNION ALL ");
			write_arm(w, others[i], weighted ? w->dialect->no_weight : "1");
		}
}

static void write_rows(const struct writing *w)
{
	write_union(w);
	buf_printf(w->out, " ORDER BY 1%s", order_of(w->shape));
}

/* Of a chunk those that pass, and the last two that it may have, from which the next one goes on. */
static void write_chunk(const struct writing *w)
{
	buf_add_text(w->out, "SELECT * FROM (SELECT r.*, row_number() OVER () AS number FROM (SELECT * FROM (");
	write_union(w);
	buf_printf(w->out, ") u ORDER BY 1%s LIMIT ?3) r) n WHERE weight IS NOT NULL OR number >= ?3 - 1", order_of(w->shape));
}

static void write_keys(const struct writing *w, const struct scan *scan)
{
	buf_printf(w->out, "SELECT %s", key_of(w, scan));
	write_from(w, scan);
}

/* The keys of all scans, each once, from the lowest. */
static void write_all_keys(const struct writing *w)
{
	const struct scan *others[] = {&w->shape->second, &w->shape->third};

	write_keys(w, &w->shape->first);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i]->path) {
			buf_add_text(w->out, " UNION ");
			write_keys(w, others[i]);
		}
	buf_add_text(w->out, " ORDER BY 1");
}

/* Upwards: SQLite's full-text index takes up to twice as long downwards. Asking it for keys takes time too. */
static void write_count(const struct writing *w)
{
	buf_add_text(w->out, "SELECT count(*) FROM (");
	if (w->shape->second.path || w->shape->third.path) {
		write_all_keys(w);
	} else {
		buf_add_text(w->out, "SELECT 1");
		write_from(w, &w->shape->first);
		if (!w->dialect->in_chunks)
			buf_printf(w->out, " ORDER BY %s", key_of(w, &w->shape->first));
	}
	buf_add_text(w->out, " LIMIT ?3) k");
}

void search_statement_write(const struct statement_shape *shape, const struct search_dialect *dialect, struct buf *out)
{
	const struct writing writing = {shape, dialect, out};

	if (shape->result == LIST_COUNT)
		write_count(&writing);
	else if (dialect->in_chunks)
		write_chunk(&writing);
	else
		write_rows(&writing);
}

uint64_t search_statement_number(const struct statement_shape *shape)
{
	return UINT64_C(1) << 63 | (uint64_t)shape->of_language << 57 | (uint64_t)shape->excludes_channels << 56 |
	       (uint64_t)shape->of_query << 55 | (uint64_t)shape->third.predicates << 43 |
	       (uint64_t)(shape->third.path != PATH_NONE) << 42 | (uint64_t)shape->bounded << 41 | (uint64_t)shape->length << 38 |
	       (uint64_t)shape->result << 36 | (uint64_t)shape->first.path << 32 | (uint64_t)shape->first.predicates << 20 |
	       (uint64_t)shape->second.path << 16 | (uint64_t)shape->second.predicates;
}
