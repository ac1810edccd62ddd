/* Inside lib/store only: what waits for the search index, beside statement.h. */
#pragma once

#include "store/statement.h"

/* A connection's own. */
struct index_state {
	int64_t took_ms;     /* the last transaction, with its commit; 0 = it wrote nothing */
	bool later;          /* new videos wait in `unindexed` (store_bulk_begin) */
	int64_t fill_step;   /* videos that go into the index in one transaction: as many as its time allows */
	int64_t rename_step; /* videos of a renamed channel that are indexed in one transaction */
};

/* A connection begins with those, and learns how many videos the time of a transaction allows: on a busy machine few. */
enum { FILL_STEP = 100, RENAME_STEP = 250 };

/* Texts are of many lengths, and machines of many speeds: *STEP, from LEAST to MOST, follows the time that a transaction of so many took; 0 =
 * unknown. */
void step_adapt(int64_t took_ms, int64_t least, int64_t most, int64_t *step);

/* ---- of the engine ---- */

struct index_state *index_state_of(struct store *store);

/* Indexes the videos that wait and have the key FIRST or a higher one: they are not in the index yet. Within a transaction. */
MUST_USE bool index_fill(struct store *store, int64_t first, struct error *err);

/* Takes the videos of the channel with keys above AFTER, up to LAST, out of the index, or puts them into it, but for those that wait. Within a
 * transaction. */
MUST_USE bool index_channel(struct store *store, int64_t channel, int64_t after, int64_t last, bool insert, struct error *err);
