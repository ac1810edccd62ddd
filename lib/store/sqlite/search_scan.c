#include "store/sqlite/search_scan.h"

#include <stdlib.h>

#include "base/list.h"

void scan_result_clear(struct scan_result *found)
{
	free(found->keys);
	*found = (struct scan_result){0};
}

/* A row that passed. Two scans give a key that is in both twice, one right after the other. */
static bool take(struct scan_result *found, int64_t seq, int64_t weight, struct error *err)
{
	struct found_key *last = found->count ? &found->keys[found->count - 1] : NULL;

	if (last && last->seq == seq) {
		last->weight = weight > last->weight ? weight : last->weight;
		return true;
	}
	if (!list_grow(&found->keys, found->count, sizeof(*found->keys)))
		return error_no_memory(err);
	found->keys[found->count++] = (struct found_key){seq, weight};
	return true;
}

static bool scan(struct statement *rows, int64_t wanted, int64_t limit, struct scan_result *found, struct error *err)
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
		found->last = column_int(rows, SCAN_COL_KEY);
		if (!column_is_null(rows, SCAN_COL_WEIGHT) && !take(found, found->last, column_int(rows, SCAN_COL_WEIGHT), err))
			return false;
	}
	return true;
}

bool search_scan(struct store *store, const struct search_plan *plan, enum list_result result, struct key_range range,
                 int64_t wanted, struct scan_result *out, struct error *err)
{
	AUTO(statement_done) struct statement *rows = NULL;

	scan_result_clear(out);
	return search_plan_use(store, plan, result, range, 0, &rows, err) && scan(rows, wanted, store->scan_limit, out, err);
}
