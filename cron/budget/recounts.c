/*
 * Numbers of new videos: by units that would expire otherwise, so that nothing is recorded later or not at all because of them. These are
 * what the uploads lists leave of their part of this run, and half of what is held for lookups: as the day goes by, less of it is
 * needed, and the other half is still more than the day's part of it.
 */
#include <math.h>

#include "cron/budget/categories.h"

enum { RESERVE_PART = 20 }; /* of the day's units is held for lookups: 1 / RESERVE_PART */

/* Of the reserve, what recounts may have had by the time AT of this day. */
static double released(const struct budget_input *input, int64_t at)
{
	double reserve = floor((double)key_list_limit(input->keys, BUCKET_UNITS) / RESERVE_PART);

	return reserve / 2 * (double)(at - input->day) / (double)(input->reset - input->day);
}

int64_t budget_reserve(const struct budget_input *input)
{
	return key_list_limit(input->keys, BUCKET_UNITS) / RESERVE_PART - (int64_t)floor(released(input, input->now));
}

/* What is released in this run is for this run alone: if it is not used, the lists have it. */
static int64_t released_now(const struct budget_input *input)
{
	return (int64_t)(floor(released(input, input->now)) - floor(released(input, input->now - input->interval_s)));
}

int64_t budget_recounts(const struct planner *p, int64_t lookups, int64_t readings, int64_t lists)
{
	const struct budget_input *input = p->input;
	int64_t wanted = (input->recounts + LOOKUP_IDS - 1) / LOOKUP_IDS;
	int64_t allowed = readings - lists + released_now(input);
	int64_t left = key_list_left(input->keys, BUCKET_UNITS, input->now) - lookups - lists - budget_reserve(input);

	/* While a backlog waits, nothing is left over. */
	if (lookups * LOOKUP_IDS < input->waiting || left <= 0)
		return 0;
	allowed = allowed < left ? allowed : left;
	return wanted < allowed ? wanted : allowed;
}
