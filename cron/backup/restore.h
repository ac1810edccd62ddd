/* A backup in the place of the database. */
#pragma once

#include <stdio.h>

#include "config/config.h"

/* Puts the backup at PATH in the place of the database, which is kept beside as newsreel.db.20261122T100000Z, with progress on PROGRESS, and
 * tells on TO what was done. The data folder is made where it is missing. Errors: as store_restore(), ERR_INVALID when the database is PostgreSQL's, and ERR_BUSY while a run, newsreel-web or
 * another program uses the database: which one, and what to do. */
MUST_USE bool restore_backup(const struct config *config, const char *path, int64_t now, FILE *progress, FILE *to,
                             struct error *err);
