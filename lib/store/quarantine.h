/*
 * Content that could not be re-checked in time, because the machine was off or there was no key. It leaves the readers' sight at
 * once, whole as it is: matches, first_seen_at and revisions come back with it as soon as videos.list gives the video again. It is
 * deleted only when videos.list no longer has it (refresh.h). Errors as store.h says.
 */
#pragma once

#include "store/store.h"

/* Hides up to LIMIT of the videos last checked (or, without any check, last given by YouTube or an import) before BEFORE. *HIDDEN
 * is how many, *LEFT tells whether there may be more. */
MUST_USE bool store_quarantine_hide(struct store *store, int64_t before, int64_t limit, int64_t *hidden, bool *left,
                                    struct error *err);

/* How many are hidden. */
MUST_USE bool store_quarantine_count(struct store *store, int64_t *out, struct error *err);

/* ---- inside lib/store, within a transaction ---- */

/* Whether the video ID is hidden. */
MUST_USE bool quarantine_has(struct store *store, const char *id, bool *out, struct error *err);

/* Puts the hidden video ID back into the record, under a free key. */
MUST_USE bool quarantine_restore(struct store *store, const char *id, struct error *err);

/* An answer that had other videos lacked the hidden ID: noted, or, at least a day after that, let go (*GONE). */
MUST_USE bool quarantine_missing(struct store *store, const char *id, int64_t now, bool *gone, struct error *err);

/* Deletes the hidden videos that the query found and no other, and its matches with the rest. */
MUST_USE bool quarantine_purge(struct store *store, int64_t query_id, struct error *err);

/* Deletes revisions of hidden videos from before BEFORE. */
MUST_USE bool quarantine_prune_revisions(struct store *store, int64_t before, struct error *err);
