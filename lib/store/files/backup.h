/*
 * Copies of the whole database in a file of their own, and the way back. Errors: as store.h says, and those of the comments; texts name the
 * file. Nothing here needs the schema to be this program's: a database can be saved before it is migrated.
 */
#pragma once

#include "store/store.h"

/* Told again and again how far a copy is, in pages of the database. TELL may be NULL. */
struct backup_progress {
	void (*tell)(void *context, int64_t done, int64_t total);
	void *context;
};

/* Writes the database at LOCATION, as it stands at one moment of the call, to the file PATH (mode 0600), which has all of it, verified and
 * on the disk, or stays as it was: it is written beside, as PATH.newsreel-part. Others read and write the database meanwhile. Only one process at a
 * time may write to one PATH. Errors: ERR_NOT_FOUND without a database, ERR_CONFLICT when PATH is something else than a backup of newsreel's,
 * or the database itself. */
MUST_USE bool store_backup(const char *location, const char *path, const struct backup_progress *progress, struct error *err);

/* Puts the backup at PATH (which stays) in the place of the database at LOCATION, migrated to this program's schema. The one before becomes
 * the file ASIDE, and what belongs to it goes with it; *KEPT tells whether there was one. No other process may use the database meanwhile. It is NOW.
 * What others remember of the one before does not hold: ETags differ, and cursors of changes are no longer known. Until the last moment
 * nothing has changed when it fails. Errors: ERR_NOT_FOUND, ERR_INVALID (another program's file, or an empty one), ERR_OUTDATED (a newer
 * newsreel's), ERR_INTERNAL (also: damaged). */
MUST_USE bool store_restore(const char *path, const char *location, const char *aside, int64_t now,
                            const struct backup_progress *progress, bool *kept, struct error *err);
