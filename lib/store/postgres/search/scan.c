/* Lists of videos on PostgreSQL: statements that give a number of rows at a time. */
#include "store/internal.h"
#include "store/postgres/search/document.h"
#include "store/postgres/statement.h"
#include "store/search/search_scan.h"

enum scan_statement { ENDS };

static const char *const sql[] = {
    [ENDS] = "SELECT least((SELECT min(seq) FROM video), (SELECT min(seq) FROM visitor_video)),"
	     " greatest((SELECT max(seq) FROM video), (SELECT max(seq) FROM visitor_video))",
};

enum {
	SQL_BYTES_MAX = 8 * 1024,
	CHUNK_MIN = 256,    /* rows of a scan that checks each of them, at first */
	GROWTH = 8,         /* of chunks, and of windows without a match */
	KEYS_MIN = 1 << 20, /* of a window: 17 minutes */
	SPANS_FEW = 6,      /* more of them are rather fewer of the next length */
	SPANS_MAX = 64,     /* that are looked through one by one */
	SCANS_MAX = 3,      /* of a list */
	FEW = 4,            /* so many times the matches that are wanted are looked for all at once … */
	AT_ONCE = 500       /* … and so many in any case */
};

/* Of windows: as much wider than what is expected to do, and at least as much of those before. */
static const double MARGIN = 1.25, LEAST = 0.1;

#define BOUNDS " AND f.seq + 0 BETWEEN ?1 AND ?2"

/* The index looks for the words in one span of time after the other (migrations/0035_speed.sql). With BETWEEN it would go over all that is before
 * the last one, and over all that is behind the first. */
#define IN_SPANS(shift) BOUNDS " AND (f.seq >> " #shift ") = ANY (ARRAY (SELECT generate_series(?16, ?17)))"

enum { PARAMETER_FIRST_SPAN = PARAMETER_LANGUAGE + 1, PARAMETER_LAST_SPAN };

enum spans { SPANS_NONE, SPANS_SHORT, SPANS_MIDDLE, SPANS_LONG };

static const struct {
	int shift;
	const char *bounds;
} lengths[] = {
    [SPANS_NONE] = {0, BOUNDS},
    [SPANS_SHORT] = {26, IN_SPANS(26)},
    [SPANS_MIDDLE] = {29, IN_SPANS(29)},
    [SPANS_LONG] = {32, IN_SPANS(32)},
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

/* The part of a list that is read at once; with spans, its range ends where the videos end. */
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
	said.match_bounds = lengths[part.spans].bounds;
	search_statement_write(&shape, &said, &text);
	if (!buf_ok(&text, err))
		return false;
	*out = statement_use_text(store, buf_text(&text));
	search_plan_bind(plan, part.range, limit, *out);
	bind_int(*out, PARAMETER_FIRST_SPAN, part.range.low >> lengths[part.spans].shift);
	bind_int(*out, PARAMETER_LAST_SPAN, part.range.high >> lengths[part.spans].shift);
	return true;
}

static bool count_part(struct store *store, const struct search_plan *plan, struct part part, int64_t limit, int64_t *out,
                       struct error *err)
{
	struct statement *statement = NULL;

	return use(store, plan, LIST_COUNT, part, limit, &statement, err) && statement_number(statement, out, err);
}

bool search_count(struct store *store, const struct search_plan *plan, struct key_range range, int64_t limit, int64_t *out,
                  struct error *err)
{
	return count_part(store, plan, (struct part){range, SPANS_NONE}, limit, out, err);
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

/* What RANGE has behind PLACE. */
static struct key_range behind(struct key_range range, int64_t place, bool oldest)
{
	if (oldest)
		range.low = place + 1;
	else
		range.high = place - 1;
	return range;
}

static bool is_one_scan(const struct search_plan *plan)
{
	return !plan->second.path && !plan->third.path;
}

/* Along an index: more rows of it each time. Merged scans begin anew, since the last place may be that of two rows. */
static bool scan_rows(const struct scanning *scanning, struct key_range range, struct error *err)
{
	int64_t chunk = scanning->wanted > CHUNK_MIN || search_plan_all_pass(scanning->plan) ? scanning->wanted : CHUNK_MIN;
	struct scan_result *found = scanning->found;
	bool full = true;

	scan_result_clear(found);
	for (;; chunk *= GROWTH) {
		int64_t limit = chunk < rows_left(scanning) ? chunk : rows_left(scanning);
		if (!read_chunk(scanning, (struct part){range, SPANS_NONE}, limit, &full, err))
			return false;
		if (!full || is_done(scanning))
			return true;
		if (is_one_scan(scanning->plan))
			range = behind(range, found->last, scanning->result == LIST_OLDEST);
		else
			scan_result_clear(found);
	}
}

/* About so many videos have as many matches as are wanted; 0 = all are to be looked through at once. What a query of the same text found is
 * in the list, too. */
static bool first_window(const struct scanning *scanning, int64_t *out, struct error *err)
{
	const struct search_plan *plan = scanning->plan;
	int64_t matches = plan->matches > plan->told.least ? plan->matches : plan->told.least;
	int64_t videos;

	*out = 0;
	if (matches <= AT_ONCE || matches / FEW <= scanning->wanted)
		return true;
	if (!store_video_count(scanning->store, &videos, err))
		return false;
	*out = (int64_t)((double)videos * (double)scanning->wanted * MARGIN / (double)matches) + 1;
	return true;
}

/* How many rows are read at most: what is left to look at, or where each row passes, as many as are wanted, each up to once by each of the scans, and one
 * more, which tells that there is more. */
static int64_t most_rows(const struct scanning *scanning)
{
	int64_t left = rows_left(scanning), wanted = SCANS_MAX * (scanning->wanted - (int64_t)scanning->found->count) + 1;

	return search_plan_all_pass(scanning->plan) && wanted < left ? wanted : left;
}

/* The keys of all videos, from the lowest to the highest: some may not be in the index yet, or never, and be found by another of the scans. */
static bool read_ends(struct store *store, struct key_range *out, struct error *err)
{
	AUTO(statement_done) struct statement *ends = statement_use(store, sql[ENDS]);

	if (!statement_row(ends, "videos", err))
		return false;
	*out = (struct key_range){column_int(ends, 0), column_int(ends, 1)};
	return true;
}

/* Where RANGE has too many of them, its scan is no shorter than that of all. */
static enum spans spans_of(struct key_range range)
{
	int64_t keys = range.high - range.low;

	if (keys >> lengths[SPANS_SHORT].shift <= SPANS_FEW)
		return SPANS_SHORT;
	if (keys >> lengths[SPANS_MIDDLE].shift <= SPANS_FEW)
		return SPANS_MIDDLE;
	return keys >> lengths[SPANS_LONG].shift <= SPANS_MAX ? SPANS_LONG : SPANS_NONE;
}

/* A list while one window of time after the other is looked through, from where it begins. */
struct windows {
	bool oldest;
	struct key_range rest; /* what is left, of what there is */
	int64_t seen;          /* keys so far */
};

static bool is_empty(struct key_range range)
{
	return range.low > range.high;
}

static struct key_range overlap(struct key_range a, struct key_range b)
{
	return (struct key_range){a.low > b.low ? a.low : b.low, a.high < b.high ? a.high : b.high};
}

/* Goes on behind PLACE. */
static void go_on(struct windows *windows, int64_t place)
{
	windows->seen += windows->oldest ? place - windows->rest.low + 1 : windows->rest.high - place + 1;
	windows->rest = behind(windows->rest, place, windows->oldest);
}

/* The next window: what is left to be found is likely in as many times the keys that were seen, and in some more. */
static struct part next_part(const struct windows *windows, int64_t wanted, int64_t found)
{
	double times = found ? (double)(wanted - found) / (double)found * MARGIN + LEAST : GROWTH;
	int64_t keys = (int64_t)((double)windows->seen * times) + KEYS_MIN;
	struct key_range range = windows->rest;

	if (keys < range.high - range.low && windows->oldest)
		range.high = range.low + keys;
	else if (keys < range.high - range.low)
		range.low = range.high - keys;
	return (struct part){range, spans_of(range)};
}

/* The first one, with VIDEOS of any kind, of RANGE. */
static bool first_part(struct store *store, int64_t videos, struct key_range range, struct windows *out, struct part *part,
                       struct error *err)
{
	struct key_range ends;
	bool less;

	if (!read_ends(store, &ends, err))
		return false;
	out->rest = overlap(range, ends);
	if (!key_range_shrink(store, videos, out->oldest, &range, &less, err))
		return false;
	range = overlap(range, ends);
	*part = is_empty(range) ? next_part(out, 1, 0) : (struct part){range, spans_of(range)};
	return true;
}

/* How many matches are behind the last one that was found. */
static bool count_rest(const struct scanning *scanning, struct windows *windows, struct error *err)
{
	struct scan_result *found = scanning->found;
	int64_t wanted = scanning->plan->counted;

	while (found->total < wanted && !is_empty(windows->rest)) {
		struct part part = next_part(windows, wanted, found->total);
		int64_t count;

		if (!count_part(scanning->store, scanning->plan, part, wanted - found->total, &count, err))
			return false;
		found->total += count;
		go_on(windows, windows->oldest ? part.range.high : part.range.low);
	}
	return true;
}

/* Matches: one window of time after the other, as wide as those before tell. */
static bool scan_matches(const struct scanning *scanning, struct key_range range, struct error *err)
{
	struct windows windows = {.oldest = scanning->result == LIST_OLDEST};
	struct scan_result *found = scanning->found;
	struct part part = {.range = range};
	int64_t videos;
	bool full;

	scan_result_clear(found);
	if (!first_window(scanning, &videos, err))
		return false;
	if (!videos)
		return read_chunk(scanning, part, most_rows(scanning), &full, err);
	if (!first_part(scanning->store, videos, range, &windows, &part, err))
		return false;
	while (!is_empty(windows.rest)) {
		if (!read_chunk(scanning, part, most_rows(scanning), &full, err))
			return false;
		bool done = is_done(scanning);
		go_on(&windows, done ? found->last : windows.oldest ? part.range.high : part.range.low);
		if (done)
			break;
		part = next_part(&windows, scanning->wanted, (int64_t)found->count);
	}
	found->total = (int64_t)found->count;
	return found->cut || count_rest(scanning, &windows, err);
}

/* Whether it is cheaper to find the page's keys first, and only to count the others. */
static bool counts_behind(const struct search_plan *plan)
{
	return plan->first.path == PATH_MATCHES && is_one_scan(plan) && search_plan_all_pass(plan) &&
	       plan->matches / FEW > plan->counted;
}

bool search_scan(struct store *store, const struct search_plan *plan, enum list_result result, struct key_range range,
                 int64_t wanted, struct scan_result *out, struct error *err)
{
	struct scanning scanning = {store, plan, result, wanted, out};

	if (wanted < plan->counted && !counts_behind(plan))
		scanning.wanted = plan->counted;
	if (!(plan->first.path == PATH_MATCHES ? scan_matches(&scanning, range, err) : scan_rows(&scanning, range, err)))
		return false;
	if (out->total < (int64_t)out->count)
		out->total = (int64_t)out->count;
	return true;
}
