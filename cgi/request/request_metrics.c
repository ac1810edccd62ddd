#include "cgi/request/request_metrics.h"

#include <assert.h>

void metrics_count(struct request_metrics *request_metrics, size_t route, int status, int64_t milliseconds)
{
	int status_class = status / 100 < STATUS_CLASSES ? status / 100 : STATUS_CLASSES - 1;

	assert(route < METRICS_ROUTES_MAX);
	atomic_fetch_add_explicit(&request_metrics->requests[route][status_class], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&request_metrics->milliseconds, (uint_fast64_t)milliseconds, memory_order_relaxed);
}
