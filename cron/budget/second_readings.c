#include "base/timestamp.h"
#include "cron/budget/categories.h"
#include "model/index_lag.h"

/*
 * A search finds what YouTube's index shows at that time, and late videos enter it hours later: what was read soon after is read
 * again, where that brings most.
 */

enum {
	PAGE_VIDEOS = 45,               /* a little less than a page, so that one is enough */
	PAGES_MAX = 2,                  /* in case it is not */
	RIPE_S = 22 * SECONDS_PER_HOUR, /* sooner, too many of the late ones are still to come */
};

/* From so many videos on, a second reading is worth a search. */
static const double worthwhile = 0.15;

struct reading {
	const struct query *query;
	int64_t since; /* publication times */
	int64_t until;
	double expected; /* videos that the index did not show at the last reading, and shows now */
};

/* Share of the videos published around TIME that came into the index between READ_AT and NOW; what is found on the day of its
 * publication counts twice. */
static double came_since(int64_t time, int64_t read_at, int64_t now)
{
	double came = index_lag_unseen(read_at - time) - index_lag_unseen(now - time);

	return now - time < SECONDS_PER_DAY ? came : came / 2;
}

/* Videos of INTERVAL within the window that came since it was read, by Simpson's rule. */
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

/* Improves BEST by the intervals of QUERY's last 48 hours that one page of search results holds. */
static void improve(struct reading *best, const struct query *query, int64_t now)
{
	double per_second = query->rate / SECONDS_PER_DAY;
	int64_t oldest = now - COVERAGE_SETTLED_S;

	if (per_second <= 0)
		return;
	double width = PAGE_VIDEOS / per_second;
	for (size_t last = query->coverage.count; last > 0; last--) {
		struct reading window = {.query = query, .until = query->coverage.items[last - 1].until};

		if (window.until <= oldest)
			break;
		window.until = window.until < now - RIPE_S ? window.until : now - RIPE_S;
		window.since = width < (double)(window.until - oldest) ? window.until - (int64_t)width : oldest;
		for (size_t i = last; i > 0 && query->coverage.items[i - 1].until > window.since; i--)
			window.expected +=
			    expected_of(&query->coverage.items[i - 1], window.since, window.until, per_second, now);
		if (window.expected > best->expected)
			*best = window;
	}
}

bool budget_second_readings(const struct planner *p, struct search_job *out)
{
	struct reading best = {.expected = worthwhile};

	for (size_t i = 0; i < p->input->queries->count; i++) {
		const struct query *query = &p->input->queries->items[i];

		if (!budget_is_visitor(query) && planner_may_search(p, query))
			improve(&best, query, p->input->now);
	}
	*out = (struct search_job){.category = BUDGET_SECOND_READINGS,
	                           .query = best.query,
	                           .since = best.since,
	                           .until = best.until,
	                           .enough = best.until,
	                           .pages_max = PAGES_MAX};
	return best.query != NULL;
}
