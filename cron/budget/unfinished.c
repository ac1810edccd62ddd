#include "base/timestamp.h"
#include "cron/budget/categories.h"
#include "cron/budget/poll.h"

enum { RETRY_S = SECONDS_PER_HOUR };

/* The rest of a poll that a fault cut short today: its pages are full of new videos. One that does not get on in spite of that must
 * not keep the newest waiting. */
static bool is_unfinished(const struct budget_input *input, const struct interval *gap)
{
	return gap->reason == GAP_INTERRUPTED && budget_ago(input, gap->until) < SECONDS_PER_DAY &&
	       budget_ago(input, gap->tried_at) >= RETRY_S;
}

bool budget_unfinished(const struct planner *p, struct search_job *out)
{
	if (!budget_find_gap(p, is_unfinished, out))
		return false;
	out->pages_max = POLL_PAGES_MAX;
	return true;
}
