#include "model/index_lag.h"

#include <stddef.h>

static const struct point {
	int64_t age;
	double unseen;
} points[] = {
    {0, 1},        {300, 0.75},    {600, 0.57},    {1200, 0.38},   {1800, 0.28},   {3600, 0.15},
    {7200, 0.075}, {10800, 0.045}, {21600, 0.025}, {43200, 0.012}, {72000, 0.003}, {INDEX_LAG_MAX_S, 0},
};

enum { POINTS = sizeof(points) / sizeof(points[0]) };

/* Between the points of a line before and after AGE. */
static double on_line(const struct point *before, int64_t age)
{
	double part = (double)(age - before[0].age) / (double)(before[1].age - before[0].age);

	return before[0].unseen + part * (before[1].unseen - before[0].unseen);
}

double index_lag_unseen(int64_t age)
{
	if (age <= 0)
		return 1;
	for (size_t i = 1; i < POINTS; i++)
		if (age < points[i].age)
			return on_line(&points[i - 1], age);
	return 0;
}

/* The area below the line up to AGE. */
static double unseen_until(int64_t age)
{
	double area = 0;

	if (age <= 0)
		return (double)age;
	for (size_t i = 1; i < POINTS && age > points[i - 1].age; i++) {
		int64_t end = age < points[i].age ? age : points[i].age;

		area += (double)(end - points[i - 1].age) * (points[i - 1].unseen + on_line(&points[i - 1], end)) / 2;
	}
	return area;
}

double index_lag_unseen_s(int64_t since, int64_t until, int64_t at)
{
	return unseen_until(at - since) - unseen_until(at - until);
}
