/* Lists of videos on PostgreSQL: statements that give a number of rows at a time. */
#include "store/internal.h"
#include "store/postgres/search/document.h"
#include "store/postgres/statement.h"
#include "store/search/search_scan.h"

enum scan_statement { ENDS };

static const char *const sql[] = {
    [ENDS] = "SELECT min(seq), max(seq) FROM video_search",
};

enum {
	SQL_BYTES_MAX = 8 * 1024,
	CHUNK_MIN = 256, /* rows of a scan that checks each of them, at first */
	GROWTH = 8,      /* of chunks, and of windows at most */
	SHORT_SPAN = 26, /* 2^26 keys */
	MIDDLE_SPAN = 29,
	LONG_SPAN = 32,
	SPANS_FEW = 6,  /* more of them are rather fewer of the next length */
	SPANS_MAX = 64, /* that are looked through one by one */
	SCANS_MAX = 3,  /* of a list */
	FEW = 4         /* so many times the matches that are wanted are looked for all at once */
};

/* Of windows: as much wider than what is expected to do, and at least as much of those before. */
static const double MARGIN = 1.25, LEAST = 0.1;

#define BOUNDS " AND f.seq + 0 BETWEEN ?1 AND ?2"

/* The index looks for the words in one span of time after the other (migrations/0035_speed.sql). With BETWEEN it would go over all that is before
 * the last one, and over all that is behind the first. */
#define IN_SPANS(shift)                                                                                                          \
	" AND (f.seq >> " shift                                                                                                  \
	") = ANY (ARRAY (SELECT generate_series(greatest(?1, (SELECT min(seq) FROM video_search)) >> " shift                     \
	", least(?2, (SELECT max(seq) FROM video_search)) >> " shift ")))"

enum spans { SPANS_NONE, SPANS_SHORT, SPANS_MIDDLE, SPANS_LONG };

static const char *const bounds[] = {
    [SPANS_NONE] = BOUNDS,
    [SPANS_SHORT] = BOUNDS IN_SPANS("26"),
    [SPANS_MIDDLE] = BOUNDS IN_SPANS("29"),
    [SPANS_LONG] = BOUNDS IN_SPANS("32"),
};

static const struct search_dialect dialect = {
    /* Not in the order of the primary key, checking one row after the other: there may be few matches. */
    .match_key = "(f.seq + 0)",
    .match_from = " FROM video_search f WHERE f.words @@ (SELECT ?5::tsquery)",
    .match_lookup = "EXISTS (SELECT 1 FROM video_search WHERE words @@ (SELECT ?5::tsquery) AND seq = ",
    /* Without OFFSET, all that there is might be read into a hash table first. */
    .lookup_end = " OFFSET 0)",
    .phrases = "true",
    .weight = "f.words::text",
    .no_weight = "''",
    .excluded_ids = "SELECT trim(e) FROM unnest(string_to_array(?14, ',')) e",
    .in_chunks = true,
};

/* ---- the plan ---- */

bool search_write_expression(struct store *store, struct search_plan *plan, struct error *err)
{
	(void)store;
	buf_reset(&plan->expression);
	return document_query(plan, plan->first.path == PATH_MATCHES ? plan->channel : 0, &plan->expression, err);
}

/* One span of time after the other is looked through: no scan takes long without a row. */
bool search_limit_matches(struct store *store, struct search_plan *plan, struct error *err)
{
	(void)store, (void)plan, (void)err;
	return true;
}

/* ---- statements ---- */

/* The part of a list that is read at once. */
struct part {
	struct key_range range;
	enum spans spans;
};

static bool use(struct store *store, const struct search_plan *plan, enum list_result result, struct part part, int64_t limit,
                struct statement **out, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(SQL_BYTES_MAX);
	const struct statement_shape shape = search_plan_shape(plan, result, part.range);
	struct search_dialect said = dialect;

	/* Many short ones take long, too. */
	if (store->may_go_on && !store->may_go_on(store->may_go_on_context))
		return error_set(err, ERR_BUSY, "The request took too long");
	said.match_bounds = bounds[part.spans];
	search_statement_write(&shape, &said, &text);
	if (!buf_ok(&text, err))
		return false;
	*out = statement_use_text(store, buf_text(&text));
	search_plan_bind(plan, part.range, limit, *out);
	return true;
}

bool search_count(struct store *store, const struct search_plan *plan, struct key_range range, int64_t limit, int64_t *out,
                  struct error *err)
{
	struct statement *statement = NULL;

	return use(store, plan, LIST_COUNT, (struct part){range, SPANS_NONE}, limit, &statement, err) &&
	       statement_number(statement, out, err);
}

/* ---- scans ---- */

struct scanning {
	struct store *store;
	const struct search_plan *plan;
	enum list_result result;
	int64_t wanted;
	struct scan_result *found;
};

static bool weight_of(const struct scanning *scanning, struct statement *row, int64_t *out, struct error *err)
{
	bool weighs = scanning->result == LIST_WEIGHTED && scanning->plan->first.path == PATH_MATCHES;

	if (weighs)
		return document_weigh(scanning->plan, column_text(row, SCAN_COL_WEIGHT), out, err);
	*out = 1;
	return true;
}

static bool take(const struct scanning *scanning, struct statement *row, struct error *err)
{
	bool recorded = path_is_recorded(scanning->plan->first.path);
	int64_t weight;

	return column_is_null(row, SCAN_COL_WEIGHT) ||
	       (weight_of(scanning, row, &weight, err) &&
	        scan_result_take(scanning->found, column_int(row, recorded ? SCAN_COL_SEQ : SCAN_COL_PLACE),
	                         scanning->found->last, weight, err));
}

static bool is_done(const struct scanning *scanning)
{
	return scanning->found->cut || (int64_t)scanning->found->count >= scanning->wanted;
}

/* Reads up to LIMIT rows of PART. *FULL tells whether there are as many. */
static bool read_chunk(const struct scanning *scanning, struct part part, int64_t limit, bool *full, struct error *err)
{
	AUTO(statement_done) struct statement *rows = NULL;
	struct scan_result *found = scanning->found;
	int number_column = path_is_recorded(scanning->plan->first.path) ? SCAN_COL_SEQ + 1 : SCAN_COL_WEIGHT + 1;
	int64_t before = found->looked_at, most = scanning->store->scan_limit;
	bool row = false;

	*full = false;
	if (!use(scanning->store, scanning->plan, scanning->result, part, limit, &rows, err))
		return false;
	while (!is_done(scanning)) {
		if (!statement_step(rows, &row, err))
			return false;
		if (!row)
			return true;
		int64_t number = column_int(rows, number_column);
		*full = number == limit;
		found->cut = before + number > most;
		found->looked_at = found->cut ? most : before + number;
		if (found->cut)
			return true;
		found->last = column_int(rows, SCAN_COL_PLACE);
		if (!take(scanning, rows, err))
			return false;
	}
	return true;
}

/* What is left to look at, and one more, which tells that there is more. */
static int64_t rows_left(const struct scanning *scanning)
{
	return scanning->store->scan_limit - scanning->found->looked_at + 1;
}

/* Along an index: more rows of it each time, from its beginning. */
static bool scan_rows(const struct scanning *scanning, struct key_range range, struct error *err)
{
	int64_t chunk = scanning->wanted > CHUNK_MIN || search_plan_all_pass(scanning->plan) ? scanning->wanted : CHUNK_MIN;
	bool full = true;

	for (;; chunk *= GROWTH) {
		scan_result_clear(scanning->found);
		int64_t limit = chunk < rows_left(scanning) ? chunk : rows_left(scanning);
		if (!read_chunk(scanning, (struct part){range, SPANS_NONE}, limit, &full, err))
			return false;
		if (!full || is_done(scanning))
			return true;
	}
}

/* About so many videos have as many matches as are wanted; 0 = all are to be looked through at once. */
static bool first_window(const struct scanning *scanning, int64_t *out, struct error *err)
{
	const struct search_plan *plan = scanning->plan;
	int64_t videos;

	*out = 0;
	if (plan->matches / FEW <= scanning->wanted)
		return true;
	if (!store_video_count(scanning->store, &videos, err))
		return false;
	*out = (int64_t)((double)videos * (double)scanning->wanted * MARGIN / (double)plan->matches) + 1;
	return true;
}

/* How many rows are read at most: what is left to look at, or where each row passes, as many as are wanted, each up to once by each of the scans, and one
 * more, which tells that there is more. */
static int64_t most_rows(const struct scanning *scanning)
{
	int64_t left = rows_left(scanning), wanted = SCANS_MAX * (scanning->wanted - (int64_t)scanning->found->count) + 1;

	return search_plan_all_pass(scanning->plan) && wanted < left ? wanted : left;
}

/* What is left to be found is likely in as many times the videos that were SEEN, and in some more. */
static int64_t next_window(const struct scanning *scanning, int64_t seen, int64_t window)
{
	int64_t found = (int64_t)scanning->found->count;
	double times = found ? (double)(scanning->wanted - found) / (double)found * MARGIN + LEAST : GROWTH;

	return times < GROWTH ? (int64_t)((double)seen * times) + 1 : window * GROWTH;
}

/* The keys of the index: from the lowest to the highest. */
static bool read_ends(struct store *store, struct key_range *out, struct error *err)
{
	AUTO(statement_done) struct statement *ends = statement_use(store, sql[ENDS]);

	if (!statement_row(ends, "index", err))
		return false;
	*out = (struct key_range){column_int(ends, 0), column_int(ends, 1)};
	return true;
}

/* Where RANGE has too many of them, its scan is no shorter than that of all. */
static enum spans spans_of(struct key_range range, struct key_range ends)
{
	int64_t low = range.low > ends.low ? range.low : ends.low;
	int64_t high = range.high < ends.high ? range.high : ends.high;
	int64_t keys = high - low;

	if (keys < 0) /* the index has nothing there */
		return SPANS_NONE;
	if (keys >> SHORT_SPAN <= SPANS_FEW)
		return SPANS_SHORT;
	if (keys >> MIDDLE_SPAN <= SPANS_FEW)
		return SPANS_MIDDLE;
	return keys >> LONG_SPAN <= SPANS_MAX ? SPANS_LONG : SPANS_NONE;
}

/* Matches: one window of time after the other, from where the list begins, as wide as those before tell. */
static bool scan_matches(const struct scanning *scanning, struct key_range range, struct error *err)
{
	bool oldest = scanning->result == LIST_OLDEST;
	bool full, more = true;
	struct key_range ends = {0};
	int64_t window;

	scan_result_clear(scanning->found);
	if (!first_window(scanning, &window, err) || (window && !read_ends(scanning->store, &ends, err)))
		return false;
	for (int64_t seen = 0; more && !is_done(scanning); window = next_window(scanning, seen, window)) {
		struct part part = {.range = range};

		if (!key_range_shrink(scanning->store, window, oldest, &part.range, &more, err))
			return false;
		part.spans = window ? spans_of(part.range, ends) : SPANS_NONE;
		if (!read_chunk(scanning, part, most_rows(scanning), &full, err))
			return false;
		seen += window;
		if (oldest)
			range.low = part.range.high + 1;
		else
			range.high = part.range.low - 1;
	}
	return true;
}

bool search_scan(struct store *store, const struct search_plan *plan, enum list_result result, struct key_range range,
                 int64_t wanted, struct scan_result *out, struct error *err)
{
	const struct scanning scanning = {store, plan, result, wanted, out};

	return plan->first.path == PATH_MATCHES ? scan_matches(&scanning, range, err) : scan_rows(&scanning, range, err);
}
