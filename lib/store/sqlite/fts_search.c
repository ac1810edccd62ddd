#include "store/sqlite/fts_search.h"

#include "store/internal.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/fts_expression.h"

enum {
	SQL_BYTES_MAX = 8 * 1024,
	SKIPPED_MAX = 10,   /* entries of another word for each of a word */
	POSTINGS = 20,      /* entries of words in the index take as long as a row of a scan */
	PHRASE_WINDOWS = 4, /* above so many windows phrases are looked for word by word */
};

/* Looking one word up for a key, and weighing one in a match, take as long as so many rows of a scan by half. */
enum { HALVES_A_LOOKUP = 1, HALVES_A_WEIGHT = 2 };

const struct search_dialect fts_dialect = {
    .match_key = "f.rowid",
    .match_from = " FROM video_fts f WHERE video_fts MATCH ?5",
    /* SQLite compares every match with its bounds, which takes up to a tenth of the time. */
    .match_bounds = " AND f.rowid BETWEEN ?1 AND ?2",
    .match_lookup = "EXISTS (SELECT 1 FROM video_fts WHERE video_fts MATCH ?5 AND phrases(video_fts, ?11) AND rowid = ",
    .lookup_end = ")",
    .phrases = "phrases(video_fts, ?11)",
    .weight = "weight(video_fts)",
    .no_weight = "0",
    /* Ids of channels have no quotes. */
    .excluded_ids = "SELECT trim(e.value) FROM json_each('[\"' || replace(?14, ',', '\",\"') || '\"]') e",
};

/* ---- prepared ---- */

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

	search_statement_write(shape, &fts_dialect, &sql);
	if (!buf_ok(&sql, err))
		return false;
	if (sqlite3_prepare_v3(store->db, buf_text(&sql), (int)sql.len + 1, SQLITE_PREPARE_PERSISTENT, &statement.handle, NULL) !=
	    SQLITE_OK)
		return db_error(store, err);
	sqlite3_finalize(place->statement.handle);
	*place = (struct list_statement){search_statement_number(shape), statement};
	return true;
}

/* The statement for RESULT with all it needs bound, ready to be stepped. */
static bool use(struct store *store, const struct search_plan *plan, enum list_result result, struct key_range range,
                int64_t limit, struct statement **out, struct error *err)
{
	const struct statement_shape shape = search_plan_shape(plan, result, range);
	struct list_statement *place = find(store, search_statement_number(&shape));

	if (!place) { /* in place of the one that has been there the longest */
		place = &store->lists[store->next_list];
		if (!prepare(store, &shape, place, err))
			return false;
		store->next_list = (store->next_list + 1) % LIST_STATEMENTS_MAX;
	}
	statement_ready(&place->statement);
	*out = &place->statement;
	search_plan_bind(plan, range, limit, *out);
	return true;
}

/* ---- the plan ---- */

/* The index gives no row while it looks for a video that has all of the words. Where that may take too long, for all videos together, the
 * scan has to stop after a part of them. */
bool search_limit_matches(struct store *store, struct search_plan *plan, struct error *err)
{
	int64_t matches = plan->matches;
	int64_t others = plan->tokens - (plan->channel ? 0 : 1);
	int64_t videos;

	if (matches == 0 || !store_video_count(store, &videos, err))
		return matches == 0;
	/* The index skips entries of the other words: the more, the longer that takes, but not without end. */
	int64_t skipped = matches > videos ? 1 : videos / matches < SKIPPED_MAX ? videos / matches : SKIPPED_MAX;
	int64_t postings = matches * (1 + others * skipped);
	int64_t limit = store->scan_limit * POSTINGS;
	if (postings <= limit)
		return true;
	plan->window = (int64_t)((double)videos * (double)limit / (double)postings) + 1;
	/* While no phrase is found, the index goes on behind the window, to its end. */
	if (postings > limit * PHRASE_WINDOWS && fts_expression_has_phrase(&plan->search))
		plan->first.predicates |= PREDICATE_PHRASES;
	return true;
}

bool search_write_expression(struct store *store, struct search_plan *plan, struct error *err)
{
	bool within_channel = plan->first.path == PATH_MATCHES;
	/* For each key that is looked up the index would look for a phrase from its beginning. */
	bool word_by_word = plan->first.predicates & (PREDICATE_MATCH | PREDICATE_PHRASES);

	(void)store;
	buf_reset(&plan->expression);
	buf_reset(&plan->phrases);
	return fts_expression_write(&plan->search, &plan->words, within_channel ? plan->channel : 0,
	                            word_by_word ? &plan->phrases : NULL, &plan->expression, err);
}

/* ---- scans ---- */

static bool scan(struct statement *rows, int seq_column, int64_t wanted, int64_t limit, struct scan_result *found,
                 struct error *err)
{
	bool row = false;

	while ((int64_t)found->count < wanted) {
		if (!statement_step(rows, &row, err))
			return false;
		if (!row)
			return true;
		found->cut = found->looked_at == limit;
		if (found->cut)
			return true;
		found->looked_at++;
		found->last = column_int(rows, SCAN_COL_PLACE);
		if (!column_is_null(rows, SCAN_COL_WEIGHT) &&
		    !scan_result_take(found, column_int(rows, seq_column), found->last, column_int(rows, SCAN_COL_WEIGHT), err))
			return false;
	}
	return true;
}

/* How many rows may be looked at. */
static int64_t row_limit(const struct store *store, const struct search_plan *plan, enum list_result result)
{
	int64_t limit = store->scan_limit;

	int64_t halves = result == LIST_WEIGHTED                                            ? HALVES_A_WEIGHT
	                 : (plan->first.predicates & (PREDICATE_MATCH | PREDICATE_PHRASES)) ? HALVES_A_LOOKUP
	                                                                                    : 0;

	return halves * plan->tokens > 2 ? limit * 2 / (halves * plan->tokens) + 1 : limit;
}

bool search_scan(struct store *store, const struct search_plan *plan, enum list_result result, struct key_range range,
                 int64_t wanted, struct scan_result *out, struct error *err)
{
	AUTO(statement_done) struct statement *rows = NULL;
	bool oldest = result == LIST_OLDEST;
	int seq_column = path_is_recorded(plan->first.path) ? SCAN_COL_SEQ : SCAN_COL_PLACE;
	bool shrunk;

	scan_result_clear(out);
	wanted = wanted > plan->counted ? wanted : plan->counted;
	if (!key_range_shrink(store, plan->window, oldest, &range, &shrunk, err) ||
	    !use(store, plan, result, range, 0, &rows, err) ||
	    !scan(rows, seq_column, wanted, row_limit(store, plan, result), out, err))
		return false;
	out->total = (int64_t)out->count;
	if (shrunk && !out->cut && (int64_t)out->count < wanted) {
		out->cut = true;
		out->looked_at = plan->window;
		out->last = oldest ? range.high : range.low;
	}
	return true;
}

bool search_count(struct store *store, const struct search_plan *plan, struct key_range range, int64_t limit, int64_t *out,
                  struct error *err)
{
	struct statement *statement = NULL;

	return use(store, plan, LIST_COUNT, range, limit, &statement, err) && statement_number(statement, out, err);
}
