/* Scouts: searches that several quiet queries share, so that their newest videos come earlier. Pure functions. */
#pragma once

#include "cron/budget/plan.h"
#include "cron/budget/shares.h"

/* Whether there are queries to share a search, where the owner wants that (INPUT->scouts). */
bool scouts_are_possible(const struct budget_input *input);

/* What the queries of JOB, a scout at NOW that brought FOUND new videos to each, are to remember: OUT has one for each of the group. */
void scouts_weigh(const struct search_job *job, const int64_t found[], int64_t now, struct scouts out[]);
