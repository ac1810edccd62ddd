#include "cron/budget/budget.h"

#include <math.h>

#include "cron/budget/categories.h"
#include "cron/budget/poll.h"

enum {
	SEARCHES_MAX = 10, /* to begin in one run */
	SETTLE_S = 60,     /* after the reset: until then YouTube's counters may still be yesterday's */
};

/* In this order: a search goes to the first category that may have it and has one to make. */
static const struct category {
	bool (*next)(const struct planner *p, struct search_job *out);
	enum budget_category schedule; /* that it keeps, besides the one for all searches */
	bool at_once;                  /* it keeps none */
	bool yields;                   /* to queries that had too few searches today, */
	bool waits; /* and to those that have waited for their poll two or three times as long as they should */
} categories[] = {
    {.next = budget_new_queries, .at_once = true},
    {.next = budget_visitors, .schedule = BUDGET_VISITORS},
    {.next = budget_unfinished, .yields = true},
    {.next = budget_gaps, .schedule = BUDGET_GAPS, .yields = true, .waits = true},
    {.next = budget_second_readings, .schedule = BUDGET_SECOND_READINGS, .yields = true, .waits = true},
    {.next = budget_scouts, .schedule = BUDGET_SCOUTS, .yields = true, .waits = true},
    {.next = budget_newest},
};

/* ---- the schedule ---- */

static bool may_search(const struct budget_input *input)
{
	return input->now >= input->day + SETTLE_S;
}

/* The latest time that a schedule may have; one beyond was set by a wrong clock. */
static int64_t latest_ms(const struct budget_input *input)
{
	return (input->reset + SETTLE_S) * 1000;
}

static bool is_due(const struct budget_input *input, const struct schedule *schedule)
{
	return schedule->next_ms <= input->now * 1000 || schedule->next_ms > latest_ms(input);
}

bool budget_is_due(const struct budget_input *input)
{
	return may_search(input) && is_due(input, &input->schedule->of[BUDGET_ALL]);
}

/* Searches that were not made do not add up: a schedule is at most one run behind. */
static void advance(const struct budget_input *input, struct schedule *schedule, double ms)
{
	int64_t earliest = (input->now - input->interval_s) * 1000;
	int64_t latest = latest_ms(input);
	int64_t from = schedule->next_ms < earliest || schedule->next_ms > latest ? earliest : schedule->next_ms;

	schedule->next_ms = ms < (double)(latest - from) ? from + (int64_t)ms : latest;
}

/* ---- charges ---- */

static void forecast(const struct budget_input *input, int64_t left, struct schedule_table *schedule)
{
	bool any_visitor = false;
	bool any_gap = false;

	for (size_t i = 0; i < input->queries->count; i++) {
		const struct query *query = &input->queries->items[i];

		any_visitor |= budget_is_visitor(query);
		any_gap |= !budget_is_visitor(query) && query->gaps.count > 0;
	}
	double searches = budget_unreserved(left);
	double visitors = any_visitor ? budget_share(input, BUDGET_VISITORS) * searches : 0;
	double gaps = any_gap ? budget_share(input, BUDGET_GAPS) * searches : 0;
	double second_readings = budget_share(input, BUDGET_SECOND_READINGS) * searches;
	double scouts = budget_share(input, BUDGET_SCOUTS) * searches;

	schedule->of[BUDGET_ALL].planned = left;
	schedule->of[BUDGET_NEW_QUERIES].planned = left - (int64_t)searches;
	schedule->of[BUDGET_VISITORS].planned = (int64_t)visitors;
	schedule->of[BUDGET_GAPS].planned = (int64_t)gaps;
	schedule->of[BUDGET_SECOND_READINGS].planned = (int64_t)second_readings;
	schedule->of[BUDGET_SCOUTS].planned = (int64_t)scouts;
	schedule->of[BUDGET_NEWEST].planned = (int64_t)fmax(searches - visitors - gaps - second_readings - scouts, 0);
}

void budget_forecast(const struct budget_input *input, struct schedule_table *schedule)
{
	forecast(input, key_list_left(input->keys, BUCKET_SEARCHES, input->now), schedule);
}

void budget_charge(const struct budget_input *input, enum budget_category category, int64_t searches,
                   struct schedule_table *schedule)
{
	double ms = budget_pause_ms(input) * (double)searches;
	int64_t left = key_list_left(input->keys, BUCKET_SEARCHES, input->now) - searches;

	advance(input, &schedule->of[BUDGET_ALL], ms);
	advance(input, &schedule->of[category], ms / budget_share(input, category));
	schedule->of[BUDGET_ALL].searches += searches;
	schedule->of[category].searches += searches;
	forecast(input, left > 0 ? left : 0, schedule);
}

/* ---- the plan ---- */

static bool is_starving(const struct budget_input *input, const struct query *query)
{ /* A period reckons with polls alone; where searches are plenty, others have their part. */
	return (double)budget_wait(input, query) > (3 - budget_scarcity(input)) * poll_period_s(input, query);
}

/* Whether some query that may be polled now IS so. */
static bool any(const struct planner *p, bool (*is)(const struct budget_input *input, const struct query *query))
{
	for (size_t i = 0; i < p->input->queries->count; i++) {
		const struct query *query = &p->input->queries->items[i];

		if (!budget_is_new(query) && !budget_is_visitor(query) && planner_may_search(p, query) && is(p->input, query))
			return true;
	}
	return false;
}

static bool may_have_it(const struct planner *p, const struct category *category)
{
	return category->at_once ||
	       (is_due(p->input, &p->schedule.of[BUDGET_ALL]) && is_due(p->input, &p->schedule.of[category->schedule]) &&
	        !(category->yields && any(p, budget_is_short)) && !(category->waits && any(p, is_starving)));
}

static bool next_search(const struct planner *p, struct search_job *out)
{
	for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++)
		if (may_have_it(p, &categories[i]) && categories[i].next(p, out))
			return true;
	return false;
}

static bool plan_searches(struct planner *p, struct error *err)
{
	struct planned_call call = {.kind = PLAN_SEARCH};

	for (; p->searches < SEARCHES_MAX && p->left > 0 && next_search(p, &call.job); p->searches++, p->left--) {
		budget_charge(p->input, call.job.category, 1, &p->schedule);
		if (!plan_add(p->plan, &call, err))
			return false;
	}
	return true;
}

/* A new key is tried with one unit. */
static bool plan_key_tries(struct planner *p, struct error *err)
{
	for (size_t i = 0; i < p->input->keys->count; i++) {
		const struct key *key = &p->input->keys->items[i];
		struct planned_call call = {.kind = PLAN_TRY_KEY, .key_id = key->id};

		if (key->health == KEY_NEW && key_is_usable(key, BUCKET_UNITS, p->input->now) && !plan_add(p->plan, &call, err))
			return false;
	}
	return true;
}

static bool plan_calls(struct planner *p, enum planned_kind kind, int64_t count, struct error *err)
{
	const struct planned_call call = {.kind = kind};

	for (; count > 0; count--)
		if (!plan_add(p->plan, &call, err))
			return false;
	return true;
}

/* Uploads come after lookups: what they bring is looked up in the next run. Recounts have what all others leave. */
static bool plan_units(struct planner *p, struct error *err)
{
	int64_t lookups = budget_lookups(p);
	int64_t readings = budget_readings(p, lookups);

	if (!plan_calls(p, PLAN_LOOKUP, lookups, err))
		return false;
	size_t before = p->plan->count;
	return budget_channels(p, readings, err) &&
	       plan_calls(p, PLAN_RECOUNT, budget_recounts(p, lookups, readings, (int64_t)(p->plan->count - before)), err);
}

bool budget_plan(const struct budget_input *input, struct plan *out, struct error *err)
{
	AUTO(plan_clear) struct plan plan = {0};
	struct planner p = {.input = input,
	                    .schedule = *input->schedule,
	                    .plan = &plan,
	                    .left = key_list_left(input->keys, BUCKET_SEARCHES, input->now)};

	if (!plan_key_tries(&p, err) || (may_search(input) && !plan_searches(&p, err)) || !plan_units(&p, err))
		return false;
	*out = plan;
	plan = (struct plan){0};
	return true;
}
