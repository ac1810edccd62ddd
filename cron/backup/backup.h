/* Backups of the database: those that are asked for, and the one of the day. */
#pragma once

#include <stdio.h>

#include "config/config.h"
#include "store/store.h"

/* Whether the database is a file. Errors: ERR_INVALID naming what makes backups of it otherwise. */
MUST_USE bool backup_is_possible(const struct config *config, struct error *err);

/* Writes a backup of the database to the file PATH, with progress on PROGRESS while it takes long. The database notes it, if it can.
 * Errors: as store_backup(), ERR_BUSY while another backup is being written, and ERR_INVALID when the database is PostgreSQL's. */
MUST_USE bool backup_make(const struct config *config, const char *path, int64_t now, FILE *progress, struct error *err);

/* What backup_daily() did. */
struct backup_day {
	bool made;
	int64_t removed; /* old ones */
};

/* Makes the backup of NOW's UTC day, NEWSREEL_BACKUP_DIR/newsreel-2026-11-22.db, unless it is there already. Then old ones are removed: more than NEWSREEL_BACKUP_KEEP, or older than NEWSREEL_BACKUP_AGE_DAYS. Other files
 * stay. The database notes it. NEWSREEL_BACKUP_DIR has to be set. Errors: as backup_make(); not ERR_BUSY. */
MUST_USE bool backup_daily(struct store *store, const struct config *config, int64_t now, FILE *progress, struct backup_day *out,
                           struct error *err);
