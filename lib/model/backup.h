/* What is known of backups. */
#pragma once

#include <stdint.h>

struct backup_log {
	int64_t wanted_since; /* they have been scheduled since then, 0 = they are not */
	int64_t tried_at;     /* the last scheduled one, 0 = none */
	char *error;          /* why that failed, NULL = it did not */
	int64_t succeeded_at; /* the last good one, scheduled or not, 0 = none */
};

void backup_log_clear(struct backup_log *log);
