/* Inside lib/store only: the numbered migrations. PRAGMA user_version counts those that were applied. */
#pragma once

#include "base/error.h"
#include "store/store.h"

/* Applies the migrations that are missing, each in a transaction of its own. Safe against another process doing the same at the
 * same time. Errors: ERR_INVALID when the schema is newer than this program. */
MUST_USE bool migrate(struct store *store, struct error *err);

/* Whether the schema is this program's. Errors: ERR_BUSY when it is older (newsreel-fetch brings it up to date), ERR_INVALID when
 * newer. */
MUST_USE bool migrate_check(struct store *store, struct error *err);
