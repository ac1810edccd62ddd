#include "cron/budget/poll.h"

#include <math.h>

#include "base/timestamp.h"

/* How often QUERY is polled, beside the others. */
static double weight_of(const struct budget_input *input, const struct query *query)
{
	return budget_weight(query) * query_priority_weight(query->settings.priority) * budget_polls_kept(input, query);
}

double poll_period_s(const struct budget_input *input, const struct query *query)
{
	double weights = 0;

	for (size_t i = 0; i < input->queries->count; i++) {
		const struct query *other = &input->queries->items[i];

		/* Visitors' queries take turns, whatever they bring. */
		if (budget_is_visitor(other) == budget_is_visitor(query))
			weights += weight_of(input, budget_is_visitor(other) ? query : other);
	}
	double share = budget_share(input, budget_is_visitor(query) ? BUDGET_VISITORS : BUDGET_NEWEST);
	double period = weights / weight_of(input, query) * budget_pause_ms(input) / share / 1000;
	return fmin(fmax(period, (double)input->interval_s), SECONDS_PER_DAY);
}

/* How far down a poll reads: as a rule to what is known. After a pause of days only about a day's worth: the rest becomes a gap, or
 * every query would wait until those before it have read all of their pause. */
static int pages_of(const struct budget_input *input, const struct query *query)
{
	double day = ceil(budget_videos_a_day(query) / POLL_PAGE_FRESH) + 1;

	if (budget_is_visitor(query) ||
	    budget_is_new(query)) /* one page is enough to show something; what lies before is a gap */
		return 1;
	return budget_ago(input, query->covered_until) <= SECONDS_PER_DAY || day > POLL_PAGES_MAX ? POLL_PAGES_MAX : (int)day;
}

static int64_t since_of(const struct budget_input *input, const struct query *query)
{
	int64_t covered_until = query->covered_until < input->now ? query->covered_until : input->now;
	int64_t since = covered_until - COVERAGE_SETTLED_S;
	int64_t start = input->now - input->start_days * SECONDS_PER_DAY;

	if (budget_is_new(query))
		return start > query->kept_since ? start : query->kept_since;
	if (since < query->covered_since)
		since = query->covered_since;
	/* A video from before the coverage is no canary: the polls do not read so far back. */
	return query->newest_at >= query->covered_since && query->newest_at < since ? query->newest_at : since;
}

struct search_job poll_job(const struct budget_input *input, const struct query *query)
{
	struct search_job job = {
	    .category = BUDGET_NEWEST,
	    .query = query,
	    .since = since_of(input, query),
	    .until = input->now,
	    .enough = query->covered_until,
	    .page_s = budget_page_s(query),
	    .pages_max = pages_of(input, query),
	    .next_poll_at = input->now + (int64_t)poll_period_s(input, query),
	};

	if (budget_is_visitor(query))
		job.category = BUDGET_VISITORS;
	else if (budget_is_new(query))
		job.category = BUDGET_NEW_QUERIES;
	return job;
}
