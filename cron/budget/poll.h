/* A poll: the search for a query's newest videos. */
#pragma once

#include "cron/budget/plan.h"
#include "cron/budget/shares.h"

enum {
	POLL_PAGES_MAX = 10,  /* YouTube's search ends near them */
	POLL_PAGE_FRESH = 44, /* new videos on a page, a few being there to see how far down it reaches */
};

/* Seconds from one poll of QUERY to the next, if everything goes as now. */
double poll_period_s(const struct budget_input *input, const struct query *query);

/* The newest videos of QUERY: from where it is covered, with an overlap for late ones, and down to a known one as a canary, so that
 * a faulty empty answer shows. */
struct search_job poll_job(const struct budget_input *input, const struct query *query);
