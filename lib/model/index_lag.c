#include "model/index_lag.h"

#include <stddef.h>

static const struct point {
	int64_t age;
	double unseen;
	double area; /* below the line up to here */
} points[] = {
    {0, 1, 0},
    {300, 0.75, 262.5},
    {600, 0.57, 460.5},
    {1200, 0.38, 745.5},
    {1800, 0.28, 943.5},
    {3600, 0.15, 1330.5},
    {7200, 0.075, 1735.5},
    {10800, 0.045, 1951.5},
    {21600, 0.025, 2329.5},
    {43200, 0.012, 2729.1},
    {72000, 0.003, 2945.1},
    {INDEX_LAG_MAX_S, 0, 3096.3},
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
	if (age <= 0)
		return (double)age;
	for (size_t i = 1; i < POINTS; i++) {
		const struct point *before = &points[i - 1];

		if (age < points[i].age)
			return before->area + (double)(age - before->age) * (before->unseen + on_line(before, age)) / 2;
	}
	return points[POINTS - 1].area;
}

double index_lag_unseen_s(int64_t since, int64_t until, int64_t at)
{
	return unseen_until(at - since) - unseen_until(at - until);
}
