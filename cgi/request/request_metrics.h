/* How many requests were answered, and how fast, by route and by class of the status: for /metrics. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Room for every row of cgi/routes.c, and one more for what none of them fits. */
enum { METRICS_ROUTES_MAX = 128, STATUS_CLASSES = 6, DURATIONS = 11 };

/* The longest request that each place of a histogram counts, in milliseconds; the last one counts the rest. */
extern const int64_t metrics_durations_ms[DURATIONS - 1];

/* Of one row of the table. */
struct route_metrics {
	atomic_uint_fast64_t requests[STATUS_CLASSES];
	atomic_uint_fast64_t durations[DURATIONS];
	atomic_uint_fast64_t milliseconds; /* all together */
};

/* Shared by all threads; begins as zeros. */
struct request_metrics {
	struct route_metrics of[METRICS_ROUTES_MAX];
};

/* Counts one answer of the row ROUTE of the table; the row after the last one stands for none. */
void metrics_count(struct request_metrics *request_metrics, size_t route, int status, int64_t milliseconds);
