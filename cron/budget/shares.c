#include "cron/budget/shares.h"

#include <math.h>
#include <string.h>

#include "base/timestamp.h"
#include "cron/budget/plan.h"
#include "youtube/client.h"

/* A query that brings no more than a page a day is quiet; of longer texts one would crowd out the others. */
enum { QUIET_A_DAY = 50, SHARED_BYTES_MAX = 60 };

static const double reserve = 0.05;
static const double visitors_share = 0.2;
static const double second_readings_share = 0.2;
static const double scouts_share = 0.5; /* of what the polls of their queries would have */

bool budget_is_visitor(const struct query *query)
{
	return query->origin == ORIGIN_VISITOR;
}

bool budget_is_new(const struct query *query)
{
	return query->covered_until == 0;
}

int64_t budget_ago(const struct budget_input *input, int64_t then)
{
	return then <= input->now ? input->now - then : SECONDS_PER_DAY;
}

int64_t budget_wait(const struct budget_input *input, const struct query *query)
{
	int64_t uncovered = budget_ago(input, query->covered_until);
	int64_t unpolled = budget_ago(input, query->attempted_at);

	return uncovered < unpolled ? uncovered : unpolled;
}

bool budget_is_short(const struct budget_input *input, const struct query *query)
{
	int64_t searches = query->searches_day == input->day ? query->searches : 0;
	double priority = query_priority_weight(query->settings.priority);
	double owners = 0; /* as many as would have the same part as this one */

	for (size_t i = 0; i < input->queries->count; i++)
		if (!budget_is_visitor(&input->queries->items[i]))
			owners += query_priority_weight(input->queries->items[i].settings.priority) / priority;
	/* Searches that were shared were made for no single query. */
	int64_t made = input->schedule->of[BUDGET_ALL].searches - input->schedule->of[BUDGET_SCOUTS].searches;
	return 2 * owners * (double)(searches + 1) <= (double)made + owners / 2;
}

bool budget_is_backing_off(const struct budget_input *input, const struct query *query)
{
	int64_t tries = query->failures + (budget_is_new(query) ? query->empties : 0);
	int64_t doublings = tries < BACKOFF_DOUBLINGS_MAX ? tries - 1 : BACKOFF_DOUBLINGS_MAX;

	return tries > 0 && budget_ago(input, query->attempted_at) < input->interval_s << doublings;
}

/* A single word, or a phrase in quotes. `|` binds tighter than a space, and a minus would hold for the whole search. */
static bool is_one_term(const char *text)
{
	size_t len = strlen(text);

	if (len > SHARED_BYTES_MAX || strchr(text, '|') || *text == '-')
		return false;
	if (*text == '"')
		return len > 2 && strchr(text + 1, '"') == text + len - 1;
	return !strpbrk(text, " \"");
}

bool budget_may_share(const struct budget_input *input, const struct query *query)
{
	return input->scouts && !budget_is_visitor(query) && !budget_is_new(query) && query->source == QUERY_SOURCE_SEARCH &&
	       !*query->rules.region && !*query->rules.language && query->scouts.end <= input->now && query->rate > 0 &&
	       query->rate <= QUIET_A_DAY && is_one_term(query->text);
}

double budget_polls_kept(const struct budget_input *input, const struct query *query)
{
	return budget_may_share(input, query) ? 1 - scouts_share : 1;
}

/* The part of the searches that are shared: what their queries give up of theirs. */
static double share_of_scouts(const struct budget_input *input)
{
	double all = 0, shared = 0;

	for (size_t i = 0; i < input->queries->count && input->scouts; i++) {
		const struct query *query = &input->queries->items[i];
		double weight =
		    budget_is_visitor(query) ? 0 : budget_weight(query) * query_priority_weight(query->settings.priority);

		all += weight;
		shared += weight * (1 - budget_polls_kept(input, query));
	}
	return all > 0 ? shared / all : 0;
}

double budget_weight(const struct query *query)
{
	return sqrt(fmax(query->rate, 1));
}

double budget_videos_a_day(const struct query *query)
{
	return query_videos_a_day(query);
}

int64_t budget_page_s(const struct query *query)
{
	return query_page_s(query);
}

double budget_unreserved(int64_t left)
{
	return (double)left * (1 - reserve);
}

double budget_pause_ms(const struct budget_input *input)
{
	double searches = budget_unreserved(key_list_left(input->keys, BUCKET_SEARCHES, input->now));

	return (double)(input->reset - input->now) * 1000 / fmax(searches, 1);
}

double budget_scarcity(const struct budget_input *input)
{
	return schedule_scarcity(input->queries, key_list_limit(input->keys, BUCKET_SEARCHES));
}

/* Whether the owner's queries have a gap of their time, not only what lies before it. */
static bool any_gap_since_tracking(const struct budget_input *input)
{
	for (size_t i = 0; i < input->queries->count; i++) {
		const struct query *query = &input->queries->items[i];

		for (size_t g = 0; g < query->gaps.count && !budget_is_visitor(query); g++)
			if (query->gaps.items[g].reason != GAP_BEFORE_TRACKING)
				return true;
	}
	return false;
}

double budget_share(const struct budget_input *input, enum budget_category category)
{
	switch (category) {
	case BUDGET_VISITORS:
		return visitors_share;
	case BUDGET_GAPS:
		return schedule_gaps_share(budget_scarcity(input), !any_gap_since_tracking(input));
	case BUDGET_SECOND_READINGS:
		return second_readings_share;
	case BUDGET_SCOUTS:
		return share_of_scouts(input);
	case BUDGET_NEWEST:
		return 1 - share_of_scouts(input);
	case BUDGET_ALL:
	case BUDGET_NEW_QUERIES:
	case BUDGET_COUNT:
		break;
	}
	return 1;
}
