/* Inside lib/store only: whose a database is, and the numbered migrations. PRAGMA application_id names newsreel, PRAGMA user_version counts
 * the migrations that were applied. */
#pragma once

#include "base/error.h"
#include "store/store.h"

/* Whether the database is newsreel's, or empty. Reads only. Errors: ERR_INVALID when it is another program's. */
MUST_USE bool migrate_check_owner(struct store *store, struct error *err);

/* How many migrations were applied; 0 = the database is empty. Errors: ERR_OUTDATED when there are more than this program has. */
MUST_USE bool migrate_version(struct store *store, size_t *out, struct error *err);

/* Applies the migrations that are missing, each in a transaction of its own, and marks the database as newsreel's. Safe against another
 * process doing the same at the same time. Errors: ERR_OUTDATED when the schema is newer than this program. */
MUST_USE bool migrate(struct store *store, struct error *err);
