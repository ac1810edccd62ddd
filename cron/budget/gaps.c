#include "cron/budget/categories.h"

enum { GAP_PAGES = 4 };

/* Whether gap A is closed before gap B: what lies before the tracking comes last; the least tried first, then the oldest. */
static bool is_closed_before(const struct interval *a, const struct interval *b)
{
	if (a->reason != b->reason)
		return b->reason == GAP_BEFORE_TRACKING;
	return a->tried_at != b->tried_at ? a->tried_at < b->tried_at : a->since < b->since;
}

bool budget_find_gap(const struct planner *p, bool (*wanted)(const struct budget_input *input, const struct interval *gap),
                     struct search_job *out)
{
	const struct interval *best = NULL;

	for (size_t i = 0; i < p->input->queries->count; i++) {
		const struct query *query = &p->input->queries->items[i];

		for (size_t g = 0; g < query->gaps.count && !budget_is_visitor(query); g++) {
			const struct interval *gap = &query->gaps.items[g];

			if ((wanted && !wanted(p->input, gap)) || (best && !is_closed_before(gap, best)) ||
			    !planner_may_search(p, query))
				continue;
			best = gap;
			*out = (struct search_job){.category = BUDGET_GAPS,
			                           .query = query,
			                           .since = gap->since,
			                           .until = gap->until,
			                           .enough = gap->since,
			                           .pages_max = GAP_PAGES};
		}
	}
	return best != NULL;
}

bool budget_gaps(const struct planner *p, struct search_job *out)
{
	return budget_find_gap(p, NULL, out);
}
