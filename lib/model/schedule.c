#include "model/schedule.h"

#include <math.h>

const char *budget_category_name(enum budget_category category)
{
	static const char *const names[BUDGET_COUNT] = {
	    [BUDGET_ALL] = "all",           [BUDGET_NEWEST] = "newest",         [BUDGET_NEW_QUERIES] = "new_query",
	    [BUDGET_VISITORS] = "visitors", [BUDGET_SECOND_READINGS] = "again", [BUDGET_GAPS] = "gaps",
	    [BUDGET_SCOUTS] = "scouts",
	};

	return names[category];
}

static const double gaps_share_min = 0.05;
static const double gaps_share_max = 0.5;
static const double history_share_max = 0.2; /* where all that is missing lies before the tracking: nothing is lost if it waits */

double schedule_scarcity(const struct query_list *queries, int64_t limit)
{
	double needed = 0;

	for (size_t i = 0; i < queries->count; i++) {
		const struct query *query = &queries->items[i];

		if (query->origin != ORIGIN_VISITOR && query->source == QUERY_SOURCE_SEARCH && query_is_polled(query))
			needed += fmax(1, query_videos_a_day(query) / SEARCH_PAGE_SIZE);
	}
	return fmin(needed / fmax((double)limit, 1), 1);
}

/* What the newest videos leave, within bounds. */
double schedule_gaps_share(double scarcity, bool only_history)
{
	return fmin(fmax(1 - scarcity, gaps_share_min), only_history ? history_share_max : gaps_share_max);
}
