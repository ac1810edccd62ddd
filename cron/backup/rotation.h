/* The files of scheduled backups: newsreel-2026-11-22.db, one a UTC day. */
#pragma once

#include <stdint.h>

#include "base/error.h"

enum { ROTATION_NAME_SIZE = sizeof("newsreel-2026-11-22.db") };

/* The name of the backup of NOW's day. */
void rotation_name(int64_t now, char out[ROTATION_NAME_SIZE]);

/* Removes from FOLDER the backups beyond the newest KEEP, and those of AGE_DAYS or more before NOW's day, but for the newest one; also what
 * backups of other days that were killed have left. Files with other names stay. *REMOVED tells how many backups went. Errors: ERR_NOT_FOUND,
 * ERR_INTERNAL naming the file. */
MUST_USE bool rotation_remove_old(const char *folder, int64_t keep, int64_t age_days, int64_t now, int64_t *removed,
                                  struct error *err);
