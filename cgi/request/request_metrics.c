#include "cgi/request/request_metrics.h"

#include <assert.h>

const int64_t metrics_durations_ms[DURATIONS - 1] = {1, 5, 10, 25, 50, 100, 250, 500, 1000, 5000};

static void add(atomic_uint_fast64_t *counter, int64_t number)
{
	atomic_fetch_add_explicit(counter, (uint_fast64_t)number, memory_order_relaxed);
}

static size_t place_of(int64_t milliseconds)
{
	size_t place = 0;

	while (place < DURATIONS - 1 && milliseconds > metrics_durations_ms[place])
		place++;
	return place;
}

void metrics_count(struct request_metrics *request_metrics, size_t route, int status, int64_t milliseconds)
{
	int status_class = status / 100 < STATUS_CLASSES ? status / 100 : STATUS_CLASSES - 1;

	assert(route < METRICS_ROUTES_MAX);
	struct route_metrics *metrics = &request_metrics->of[route];
	add(&metrics->requests[status_class], 1);
	add(&metrics->durations[place_of(milliseconds)], 1);
	add(&metrics->milliseconds, milliseconds);
}
