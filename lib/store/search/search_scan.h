/*
 * Inside lib/store only: the one scan that gives a list its keys, its count and its chart. It ends after as many keys as are wanted, and
 * after so many rows (store_set_scan_limit()) in any case, or at the end of the plan's window: what a filter lets through may be rare, and
 * the database large.
 */
#pragma once

#include "store/search/search_plan.h"

struct found_key {
	int64_t seq;
	int64_t place;  /* in the order of the scan: seq, or the number of recording */
	int64_t weight; /* with LIST_WEIGHTED; else 1 */
};

struct scan_result {
	struct found_key *keys; /* in the order of the scan, each once */
	size_t count;
	int64_t total;     /* with those that were only counted */
	bool cut;          /* the limit on rows ended the scan */
	int64_t looked_at; /* rows, whether they passed or not */
	int64_t last;      /* the place of the last one, 0 = none */
};

void scan_result_clear(struct scan_result *found);

/* Appends the keys as a JSON array, for a statement that reads them with json_each(). */
void scan_result_write_keys(const struct scan_result *found, struct buf *out);

/* Adds a row that passed. Two scans give a key that is in both twice, one right after the other. */
MUST_USE bool scan_result_take(struct scan_result *found, int64_t seq, int64_t place, int64_t weight, struct error *err);

/* Makes RANGE the part of it that the first VIDEOS (0 = all) of any kind are in, from where a scan begins. *CUT tells whether it is less. */
MUST_USE bool key_range_shrink(struct store *store, int64_t videos, bool oldest, struct key_range *range, bool *cut,
                               struct error *err);

/* ---- of the engine ---- */

/* Finds up to WANTED keys of PLAN, and counts up to plan->counted, within RANGE, which is of plan->recorded where the plan is in the order of recording; RESULT is not
 * LIST_COUNT. OUT is the caller's to clear. */
MUST_USE bool search_scan(struct store *store, const struct search_plan *plan, enum list_result result, struct key_range range,
                          int64_t wanted, struct scan_result *out, struct error *err);

/* How many keys PLAN has within RANGE, up to LIMIT: all of them have to pass. */
MUST_USE bool search_count(struct store *store, const struct search_plan *plan, struct key_range range, int64_t limit,
                           int64_t *out, struct error *err);
