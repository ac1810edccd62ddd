/*
 * Content that could not be re-checked in time, because the machine was off or there was no key. It is hidden from readers at
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
