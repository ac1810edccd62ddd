#include "base/timestamp.h"
#include "cron/budget/categories.h"

enum { GAP_PAGES = 4, YOUNG_S = 20 * SECONDS_PER_DAY };

/* What search does not find within weeks of its publication it mostly never does. */
static bool is_young(const struct interval *gap, int64_t now)
{
	return gap->until > now - YOUNG_S;
}

/* What lies before the tracking comes last, with what was tried before: some gaps never close. */
static bool is_last(const struct interval *gap)
{
	return gap->reason == GAP_BEFORE_TRACKING || gap->tried_at > 0;
}

/* Whether gap A is closed before gap B: young ones first, then those that are not last, the least tried, the oldest. */
static bool is_closed_before(const struct interval *a, const struct interval *b, int64_t now)
{
	if (is_young(a, now) != is_young(b, now))
		return is_young(a, now);
	if (is_last(a) != is_last(b))
		return is_last(b);
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

			if ((wanted && !wanted(p->input, gap)) || (best && !is_closed_before(gap, best, p->input->now)) ||
			    !planner_may_search(p, query))
				continue;
			best = gap;
			*out = (struct search_job){.category = BUDGET_GAPS,
			                           .query = query,
			                           .since = gap->since,
			                           .until = gap->until,
			                           .enough = gap->since,
			                           .page_s = budget_page_s(query),
			                           .pages_max = GAP_PAGES,
			                           .tried = gap->tried_at > 0};
		}
	}
	return best != NULL;
}

bool budget_gaps(const struct planner *p, struct search_job *out)
{
	return budget_find_gap(p, NULL, out);
}
