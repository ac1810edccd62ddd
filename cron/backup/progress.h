/* How far a copy of the database is, told every second. */
#pragma once

#include <stdio.h>

#include "store/files/backup.h"

struct progress {
	FILE *to;         /* NULL = nobody is told */
	const char *what; /* "backup" */
	int64_t told_ms;  /* 0 at first */
};

/* For store_backup() and store_restore(); PROGRESS has to live as long. */
struct backup_progress progress_of(struct progress *progress);
