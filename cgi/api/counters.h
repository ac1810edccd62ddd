/* How many requests were answered, by route and by hundred of the status: for /metrics. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Room for every row of cgi/routes.c, and one more for what none of them fits. */
enum { COUNTERS_ROUTES_MAX = 64, COUNTERS_HUNDREDS = 6 };

/* Shared by all threads; begins as zeros. */
struct counters {
	atomic_uint_fast64_t requests[COUNTERS_ROUTES_MAX][COUNTERS_HUNDREDS];
	atomic_uint_fast64_t milliseconds; /* from reading a request to its answer, all together */
};

/* Counts one answer of the row ROUTE of the table; the row behind the last one stands for none. */
void counters_add(struct counters *counters, size_t route, int status, int64_t milliseconds);
