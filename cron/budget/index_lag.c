#include "cron/budget/index_lag.h"

#include <stddef.h>

#include "model/coverage.h"

double index_lag_unseen(int64_t age)
{
	static const struct {
		int64_t age;
		double unseen;
	} points[] = {
	    {0, 1},        {300, 0.75},    {600, 0.57},    {1200, 0.38},   {1800, 0.28},   {3600, 0.15},
	    {7200, 0.075}, {10800, 0.045}, {21600, 0.025}, {43200, 0.012}, {72000, 0.003}, {COVERAGE_SETTLED_S, 0},
	};
	size_t last = sizeof(points) / sizeof(points[0]) - 1;

	if (age <= 0)
		return 1;
	for (size_t i = 1; i <= last; i++)
		if (age < points[i].age) {
			double part = (double)(age - points[i - 1].age) / (double)(points[i].age - points[i - 1].age);
			return points[i - 1].unseen + part * (points[i].unseen - points[i - 1].unseen);
		}
	return 0;
}
