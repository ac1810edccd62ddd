/* How many requests were answered, by route and by class of the status: for /metrics. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Room for every row of cgi/routes.c, and one more for what none of them fits. */
enum { METRICS_ROUTES_MAX = 96, STATUS_CLASSES = 6 };

/* Shared by all threads; begins as zeros. */
struct request_metrics {
	atomic_uint_fast64_t requests[METRICS_ROUTES_MAX][STATUS_CLASSES];
	atomic_uint_fast64_t milliseconds; /* from reading a request to its answer, all together */
};

/* Counts one answer of the row ROUTE of the table; the row after the last one stands for none. */
void metrics_count(struct request_metrics *request_metrics, size_t route, int status, int64_t milliseconds);
