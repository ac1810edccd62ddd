/* Inside lib/store only: what the tables must agree on, in SQL of both engines. An engine checks its own files and search index beside. */
#pragma once

#include <stddef.h>

/* A query that gives faults in words, or no row, and the statements that rebuild what is wrong from other data; NULL: nothing can. They run once,
 * on demand. The engine has the function month_start(seconds), the first second of the UTC month. */
struct check {
	const char *fault;
	const char *mend;
};

enum { TABLE_CHECKS = 13 };
extern const struct check table_checks[TABLE_CHECKS];
