/* Inside lib/store only: what waits for the search index, beside statement.h. */
#pragma once

#include "store/statement.h"

/* A connection's own. */
struct index_state {
	bool later;          /* new videos wait in `unindexed` (store_bulk_begin) */
	int64_t fill_step;   /* videos that go into the index in one transaction: as many as its time allows */
	int64_t rename_step; /* videos of a renamed channel that are indexed in one transaction */
};

enum { FILL_STEP = 1000, RENAME_STEP = 500 };

/* ---- of the engine ---- */

struct index_state *index_state_of(struct store *store);

/* Indexes the videos that wait and have the key FIRST or a higher one: they are not in the index yet. Within a transaction. */
MUST_USE bool index_fill(struct store *store, int64_t first, struct error *err);

/* Takes the videos of the channel with keys above AFTER, up to LAST, out of the index, or puts them into it, but for those that wait. Within a
 * transaction. */
MUST_USE bool index_channel(struct store *store, int64_t channel, int64_t after, int64_t last, bool insert, struct error *err);
