#include "cgi/api/counters.h"

#include <assert.h>

void counters_add(struct counters *counters, size_t route, int status, int64_t milliseconds)
{
	int hundred = status / 100 < COUNTERS_HUNDREDS ? status / 100 : COUNTERS_HUNDREDS - 1;

	assert(route < COUNTERS_ROUTES_MAX);
	atomic_fetch_add_explicit(&counters->requests[route][hundred], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&counters->milliseconds, (uint_fast64_t)milliseconds, memory_order_relaxed);
}
