#include "cron/backfill.h"

#include "base/timestamp.h"

enum {
	PAGE_VIDEOS = 45,               /* a little less than a page, so that one is enough */
	RIPE_S = 18 * SECONDS_PER_HOUR, /* sooner, too many of the late ones are still to come */
};

double reread_unseen(int64_t age)
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

/* Share of the videos published around TIME that came into the index between READ_AT and NOW; what is found on the day of its
 * publication counts twice. */
static double came_since(int64_t time, int64_t read_at, int64_t now)
{
	double came = reread_unseen(read_at - time) - reread_unseen(now - time);

	return now - time < SECONDS_PER_DAY ? came : came / 2;
}

/* Videos of STRETCH within the window that came since it was read, by Simpson's rule. */
static double expected_of(const struct interval *interval, int64_t since, int64_t until, double per_second, int64_t now)
{
	int64_t from = interval->since > since ? interval->since : since;
	int64_t to = interval->until < until ? interval->until : until;

	if (interval->read_at == 0 || from >= to)
		return 0;
	double mean = (came_since(from, interval->read_at, now) + 4 * came_since((from + to) / 2, interval->read_at, now) +
	               came_since(to, interval->read_at, now)) /
	              6;
	return per_second * (double)(to - from) * mean;
}

struct reread reread_best(const struct query *query, int64_t now)
{
	struct reread best = {.query = query};
	double per_second = query->rate / SECONDS_PER_DAY;
	int64_t oldest = now - COVERAGE_SETTLED_S;

	if (per_second <= 0)
		return best;
	double width = PAGE_VIDEOS / per_second;
	for (size_t last = query->coverage.count; last > 0; last--) {
		struct reread window = {.query = query, .until = query->coverage.items[last - 1].until};

		if (window.until <= oldest)
			break;
		window.until = window.until < now - RIPE_S ? window.until : now - RIPE_S;
		window.since = width < (double)(window.until - oldest) ? window.until - (int64_t)width : oldest;
		for (size_t i = last; i > 0 && query->coverage.items[i - 1].until > window.since; i--)
			window.expected +=
			    expected_of(&query->coverage.items[i - 1], window.since, window.until, per_second, now);
		if (window.expected > best.expected)
			best = window;
	}
	return best;
}
