#include "cron/budget/scouts.h"

#include <math.h>

#include "base/timestamp.h"
#include "cron/budget/categories.h"
#include "cron/budget/poll.h"

/*
 * A scout asks for the newest videos of a few quiet queries in one search. What it shows is attributed by title, so it misses some, and
 * it says nothing about what else there is: coverage stays as it is, and the polls go on, at half the pace.
 *
 * Whether `|` brings together what the queries bring alone is not certain. So scouts are weighed against polls, search by search, and end
 * for a week where they lost. What they won is forgotten: it may be over at any time.
 */

enum {
	PAGE_VIDEOS = 40, /* expected on a page: fewer than it holds, for rates are estimates */
	LOST = 20,        /* videos: fewer may be the time of day */
	PAUSE_S = 7 * SECONDS_PER_DAY,
};

/* ---- weighing ---- */

void scouts_weigh(const struct search_job *job, const int64_t found[], int64_t now, struct scouts out[])
{
	double balance = 0;

	for (size_t i = 0; i < job->group.count; i++) {
		out[i] = job->group.queries[i]->scouts;
		out[i].balance += (double)found[i] - job->alone / (double)job->group.count;
		balance += out[i].balance;
	}
	bool lost = balance < -LOST;
	for (size_t i = 0; i < job->group.count && (lost || balance > 0); i++)
		out[i] = (struct scouts){.end = lost ? now + PAUSE_S : 0};
}

/* ---- groups ---- */

static size_t count_quiet(const struct budget_input *input)
{
	size_t count = 0;

	for (size_t i = 0; i < input->queries->count; i++)
		count += budget_may_share(input, &input->queries->items[i]);
	return count;
}

/* The quiet queries from the FIRST up to the one before LAST, in the order of all queries. */
static struct scout_group group_of(const struct budget_input *input, size_t first, size_t last)
{
	struct scout_group group = {.count = 0};
	size_t at = 0;

	for (size_t i = 0; i < input->queries->count && at < last; i++) {
		const struct query *query = &input->queries->items[i];

		if (budget_may_share(input, query) && at++ >= first)
			group.queries[group.count++] = query;
	}
	return group;
}

static int64_t scouted_at(const struct scout_group *group)
{
	int64_t oldest = INT64_MAX;

	for (size_t i = 0; i < group->count; i++)
		oldest = group->queries[i]->scouted_at < oldest ? group->queries[i]->scouted_at : oldest;
	return oldest;
}

/* Videos a day of all of the group's queries. */
static double rate_of(const struct scout_group *group)
{
	double rate = 0;

	for (size_t i = 0; i < group->count; i++)
		rate += group->queries[i]->rate;
	return rate;
}

/* New videos that a poll of one of the group's queries would bring if there were no scouts. */
static double alone(const struct budget_input *input, const struct scout_group *group)
{
	double videos = 0;

	for (size_t i = 0; i < group->count; i++) {
		const struct query *query = group->queries[i];

		videos += query->rate * poll_period_s(input, query) / SECONDS_PER_DAY * budget_polls_kept(input, query);
	}
	return videos / (double)group->count;
}

/* ---- the search ---- */

static struct search_job job_of(const struct budget_input *input, const struct scout_group *group)
{
	double width = PAGE_VIDEOS / rate_of(group) * SECONDS_PER_DAY;

	return (struct search_job){.category = BUDGET_SCOUTS,
	                           .group = *group,
	                           .alone = alone(input, group),
	                           .since = input->now - (int64_t)fmin(width, COVERAGE_SETTLED_S),
	                           .until = input->now,
	                           .pages_max = 1};
}

static bool is_planned(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->calls[i].kind == PLAN_SEARCH && plan->calls[i].job.category == BUDGET_SCOUTS)
			return true;
	return false;
}

bool scouts_are_possible(const struct budget_input *input)
{
	return count_quiet(input) >= 2;
}

/* Of groups of about the same size, the one whose last scout was longest ago. */
bool budget_scouts(const struct planner *p, struct search_job *out)
{
	size_t quiet = count_quiet(p->input);
	size_t groups = (quiet + SCOUT_QUERIES_MAX - 1) / SCOUT_QUERIES_MAX;
	struct scout_group best = {.count = 0};

	if (is_planned(p->plan))
		return false;
	for (size_t i = 0; i < groups; i++) {
		struct scout_group group = group_of(p->input, i * quiet / groups, (i + 1) * quiet / groups);

		if (!best.count || scouted_at(&group) < scouted_at(&best))
			best = group;
	}
	if (best.count)
		*out = job_of(p->input, &best);
	return best.count > 0;
}
