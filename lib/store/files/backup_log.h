/* What the database knows of its backups. Errors as store.h says. */
#pragma once

#include "model/status.h"
#include "store/store.h"

/* OUT is the caller's to clear. */
MUST_USE bool store_backup_log_read(struct store *store, struct backup_log *out, struct error *err);

/* Notes whether backups are scheduled, as of NOW. */
MUST_USE bool store_backup_log_want(struct store *store, bool wanted, int64_t now, struct error *err);

/* Notes that a scheduled one failed for the reason ERROR. */
MUST_USE bool store_backup_log_failure(struct store *store, const char *error, struct error *err);

/* Notes a good one of so many BYTES, made at NOW; SCHEDULED ends what was noted of a failure. */
MUST_USE bool store_backup_log_success(struct store *store, bool scheduled, int64_t bytes, int64_t now, struct error *err);

/* The database is a backup that takes the place of another one at NOW: ETags and cursors of changes of that one are none of this one. */
MUST_USE bool store_backup_log_restored(struct store *store, int64_t now, struct error *err);
