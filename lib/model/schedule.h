/* What searches are made for, and when the next one of each category is due. */
#pragma once

#include <stdint.h>

#include "model/query.h"

/* BUDGET_ALL is no category of its own: its row holds what all of them together have spent. */
enum budget_category {
	BUDGET_ALL,
	BUDGET_NEWEST,          /* the newest videos of the owner's queries */
	BUDGET_NEW_QUERIES,     /* the first page of a query */
	BUDGET_VISITORS,        /* visitors' queries */
	BUDGET_SECOND_READINGS, /* second reading of what was read too soon for late videos */
	BUDGET_GAPS,            /* what could not be read so far */
	BUDGET_SCOUTS,          /* the newest videos of several quiet queries in one search */
	BUDGET_COUNT
};

/* "all", "newest", "new_query", "visitors", "again", "gaps", "scouts" */
const char *budget_category_name(enum budget_category category);

struct schedule {
	int64_t next_ms;  /* the next search is due then, UTC milliseconds; 0 = any time */
	int64_t searches; /* made on this Pacific day */
	int64_t planned;  /* for what is left of it, as of the last search */
};

struct schedule_table {
	struct schedule of[BUDGET_COUNT];
};

/* The part of a day's LIMIT of searches that the newest videos of the owner's QUERIES need, 0 to 1. */
double schedule_scarcity(const struct query_list *queries, int64_t limit);

/* The part of the searches that gaps may have then; less where there are none but ONLY_HISTORY, from before the tracking. */
double schedule_gaps_share(double scarcity, bool only_history);
