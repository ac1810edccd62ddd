#include "cron/budget/categories.h"
#include "cron/budget/poll.h"

/* The one that has waited longest. */
bool budget_visitors(const struct planner *p, struct search_job *out)
{
	const struct query *waiting = NULL;

	for (size_t i = 0; i < p->input->queries->count; i++) {
		const struct query *query = &p->input->queries->items[i];

		if (budget_is_visitor(query) && (!waiting || query->attempted_at < waiting->attempted_at) &&
		    planner_may_search(p, query))
			waiting = query;
	}
	if (waiting)
		*out = poll_job(p->input, waiting);
	return waiting != NULL;
}
