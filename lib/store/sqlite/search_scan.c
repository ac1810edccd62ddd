#include "store/sqlite/search_scan.h"

#include <stdlib.h>

#include "base/json_writer.h"
#include "base/list.h"
#include "store/internal.h"

/* Looking one word up for a key, and weighing one in a match, take as long as so many rows of a scan by half. */
enum { HALVES_A_LOOKUP = 1, HALVES_A_WEIGHT = 2 };

void scan_result_clear(struct scan_result *found)
{
	free(found->keys);
	*found = (struct scan_result){0};
}

void scan_result_write_keys(const struct scan_result *found, struct buf *out)
{
	struct writer w = writer_json(out);

	write_array(&w, NULL);
	for (size_t i = 0; i < found->count; i++)
		write_int(&w, NULL, found->keys[i].seq);
	write_end(&w);
}

/* A row that passed. Two scans give a key that is in both twice, one right after the other. */
static bool take(struct scan_result *found, int64_t seq, int64_t place, int64_t weight, struct error *err)
{
	struct found_key *last = found->count ? &found->keys[found->count - 1] : NULL;

	if (last && last->seq == seq) {
		last->weight = weight > last->weight ? weight : last->weight;
		return true;
	}
	if (!list_grow(&found->keys, found->count, sizeof(*found->keys)))
		return error_no_memory(err);
	found->keys[found->count++] = (struct found_key){seq, place, weight};
	return true;
}

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
		    !take(found, column_int(rows, seq_column), found->last, column_int(rows, SCAN_COL_WEIGHT), err))
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

/* The part of RANGE that the plan's window allows, from where the scan begins. *CUT tells whether it is less than all. */
static bool shrink(struct store *store, const struct search_plan *plan, bool oldest, struct key_range *range, bool *cut,
                   struct error *err)
{
	int64_t position = 0, end;

	*cut = false;
	if (!plan->window)
		return true;
	if ((oldest || range->high != INT64_MAX) &&
	    !volume_newer(store, 0, oldest ? range->low - 1 : range->high, &position, err))
		return false;
	position = oldest ? position - plan->window : position + plan->window;
	if (position < 0)
		return true;
	if (!volume_find(store, 0, position, &end, err))
		return false;
	*cut = end > range->low && end < range->high;
	if (*cut)
		*(oldest ? &range->high : &range->low) = end;
	return true;
}

bool search_scan(struct store *store, const struct search_plan *plan, enum list_result result, struct key_range range,
                 int64_t wanted, struct scan_result *out, struct error *err)
{
	AUTO(statement_done) struct statement *rows = NULL;
	bool oldest = result == LIST_OLDEST;
	bool shrunk;

	scan_result_clear(out);
	int seq_column = path_is_recorded(plan->first.path) ? SCAN_COL_SEQ : SCAN_COL_PLACE;

	if (!shrink(store, plan, oldest, &range, &shrunk, err) || !search_plan_use(store, plan, result, range, 0, &rows, err) ||
	    !scan(rows, seq_column, wanted, row_limit(store, plan, result), out, err))
		return false;
	if (shrunk && !out->cut && (int64_t)out->count < wanted) {
		out->cut = true;
		out->looked_at = plan->window;
		out->last = oldest ? range.high : range.low;
	}
	return true;
}
