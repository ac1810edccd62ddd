/*
 * The full-text index as a whole: filling it after an import, keeping it in good order, telling how it is.
 * Errors as store.h says.
 *
 * There are two of it: by time of publication, and by channel. They are always changed together; the second leaves out what its keys
 * have no room for (migrations/0004_channel_search.sql).
 */
#pragma once

#include <stdint.h>

#include "store/store.h"

/* From now on the text of new videos waits: it goes into the index by store_index_fill(), which is several times as fast for many,
 * and more memory is used. What waits is in the record, so it is not lost with the program. */
MUST_USE bool store_index_later(struct store *store, bool later, struct error *err);

/* Puts up to LIMIT videos that wait into the index, the oldest first, in one transaction. *LEFT tells how many still wait. */
MUST_USE bool store_index_fill(struct store *store, int64_t limit, int64_t *left, struct error *err);

/* Merges the parts of each index into one, a piece of the work at a time, each in a short transaction: FIRST begins it. *DONE when
 * nothing is left. Only after an import: on a record that is in use the index looks after itself. */
MUST_USE bool store_index_merge(struct store *store, bool first, bool *done, struct error *err);

/* In how many parts the index is, of the two the one with more. Searches slow down with it; usual are up to 20. */
MUST_USE bool store_index_segments(struct store *store, int64_t *out, struct error *err);
