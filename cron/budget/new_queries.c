#include "cron/budget/categories.h"
#include "cron/budget/poll.h"

/* The part of a day's searches that may go to first pages. */
static const double share_max = 0.5;

bool budget_new_queries(const struct planner *p, struct search_job *out)
{
	double most = share_max * (double)key_list_limit(p->input->keys, BUCKET_SEARCHES);

	if ((double)p->schedule.of[BUDGET_NEW_QUERIES].searches >= most)
		return false;
	for (size_t i = 0; i < p->input->queries->count; i++) {
		const struct query *query = &p->input->queries->items[i];

		if (!budget_is_new(query) || budget_is_visitor(query) || !planner_may_search(p, query))
			continue;
		*out = poll_job(p->input, query);
		return true;
	}
	return false;
}
