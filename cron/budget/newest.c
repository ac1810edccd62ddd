#include <math.h>

#include "base/timestamp.h"
#include "cron/budget/categories.h"
#include "cron/budget/poll.h"

/* Every query should be polled once a day: one that has waited for so long goes first. */
enum { STARVED_S = 20 * SECONDS_PER_HOUR };

/* How full the pages are that QUERY's newest videos take after WAIT seconds. */
static double fill(const struct query *query, double wait)
{
	double pages = fmax(query->rate, 1) * wait / SECONDS_PER_DAY / POLL_PAGE_FRESH;

	return pages > 0 ? pages / ceil(pages) : 1;
}

/* How much QUERY's wait weighs; what has waited for most of a day, or had too few searches, goes before all that has not, and what fails gives way to
 * its like. With plenty of searches the mean delay is kept short; the scarcer they are, the more it counts that pages are full. A wait counts by priority. */
static double urgency(const struct budget_input *input, const struct query *query, double scarcity)
{
	bool starved = budget_wait(input, query) >= STARVED_S;
	double wait = (double)budget_wait(input, query) * query_priority_weight(query->settings.priority);
	double doublings = query->failures < BACKOFF_DOUBLINGS_MAX ? (double)query->failures : BACKOFF_DOUBLINGS_MAX;

	if (starved || (query->failures == 0 && budget_is_short(input, query)))
		return 1e9 * wait / exp2(doublings);
	return pow(budget_weight(query), 1 - scarcity) * wait * pow(fill(query, wait), 2 * scarcity) *
	       budget_polls_kept(input, query) / exp2(doublings);
}

bool budget_newest(const struct planner *p, struct search_job *out)
{
	const struct query *best = NULL;
	double scarcity = budget_scarcity(p->input);
	double most = -1;

	for (size_t i = 0; i < p->input->queries->count; i++) {
		const struct query *query = &p->input->queries->items[i];

		if (budget_is_new(query) || budget_is_visitor(query) || !planner_may_search(p, query))
			continue;
		double candidate = urgency(p->input, query, scarcity);
		if (candidate > most) {
			best = query;
			most = candidate;
		}
	}
	if (best)
		*out = poll_job(p->input, best);
	return best != NULL;
}
