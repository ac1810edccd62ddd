#include "cron/budget/categories.h"
#include "youtube/client.h"

static int64_t calls_for(int64_t videos)
{
	return (videos + LOOKUP_IDS - 1) / LOOKUP_IDS;
}

/* What waits, a backlog spread over the day, and what every page of this run may bring: lookups come last, and those without
 * anything to look up are not made. */
int64_t budget_lookups(const struct planner *p)
{
	const struct budget_input *input = p->input;
	int64_t left = key_list_left(input->keys, BUCKET_UNITS, input->now);
	int64_t wanted = calls_for(input->waiting);
	int64_t allowed = 1 + left * input->interval_s / (input->reset - input->now);
	int64_t calls = (wanted < allowed ? wanted : allowed) + calls_for(plan_pages(p->plan) * SEARCH_PAGE_SIZE);

	return calls < left ? calls : left;
}
