/*
 * Where a second reading brings most. A search finds what YouTube's index shows at that time, and videos enter it minutes to hours
 * after their publication; so what was read soon after is read again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "model/query.h"

struct reread {
	const struct query *query;
	int64_t since; /* publication times */
	int64_t until;
	double expected; /* videos that the index did not show at the last reading, and shows now */
};

/* The best interval of QUERY that one page of search results holds, among its last 48 hours; EXPECTED is 0 when there is none. */
struct reread reread_best(const struct query *query, int64_t now);

/* Share of the videos that the index does not show yet at this AGE (seconds). As observed (youtube issues on search lag) most come
 * within the hour, a few percent take most of a day. */
double reread_unseen(int64_t age);
