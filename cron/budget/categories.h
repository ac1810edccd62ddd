/*
 * The budget categories, one file each. A category that searches says which search it would make next, as if it were its turn:
 * budget.c knows whose turn it is.
 */
#pragma once

#include "cron/budget/plan.h"
#include "cron/budget/shares.h"

/* A plan in the making. */
struct planner {
	const struct budget_input *input;
	struct schedule_table schedule; /* as it will be when the calls so far have been made, with one page each */
	struct plan *plan;
	size_t searches; /* planned so far */
	int64_t left;    /* searches of today's quota besides */
};

/* True when the category has a search to make now, which is in *OUT then. */
bool budget_new_queries(const struct planner *p, struct search_job *out);
bool budget_visitors(const struct planner *p, struct search_job *out);
bool budget_unfinished(const struct planner *p, struct search_job *out);
bool budget_gaps(const struct planner *p, struct search_job *out);
bool budget_second_readings(const struct planner *p, struct search_job *out);
bool budget_scouts(const struct planner *p, struct search_job *out);
bool budget_newest(const struct planner *p, struct search_job *out);

/* How many calls of videos.list to make after the searches of the plan. */
int64_t budget_lookups(const struct planner *p);

/* Units that uploads lists may have in this run, whose lookups take LOOKUPS: what those leave of the day's, evenly. */
int64_t budget_readings(const struct planner *p, int64_t lookups);

/* Adds the readings of uploads lists to the plan. Errors: ERR_NO_MEMORY. */
MUST_USE bool budget_channels(const struct planner *p, int64_t readings, struct error *err);

/* How many calls of videos.list to make for the numbers of new videos, where LOOKUPS are made and LISTS of the READINGS that might be. */
int64_t budget_recounts(const struct planner *p, int64_t lookups, int64_t readings, int64_t lists);

/* Units held for lookups. */
int64_t budget_reserve(const struct budget_input *input);

/* Whether a search for QUERY may be planned: none is yet, and no pause after a failure is in the way. */
static inline bool planner_may_search(const struct planner *p, const struct query *query)
{
	return !plan_has_query(p->plan, query) && !budget_is_backing_off(p->input, query);
}

/* For gaps and unfinished polls: the gap to close next among those that are WANTED (NULL: all). */
bool budget_find_gap(const struct planner *p, bool (*wanted)(const struct budget_input *input, const struct interval *gap),
                     struct search_job *out);
