/* How late YouTube's search shows videos: they enter its index minutes to hours after their publication. */
#pragma once

#include <stdint.h>

/* No later, as a rule. */
enum { INDEX_LAG_MAX_S = 48 * 3600 };

/* Share of the videos that the index does not show yet at this AGE (seconds). As observed, most come
 * within the hour, and a few percent take most of a day. */
double index_lag_unseen(int64_t age);

/* The same over a time: of the videos published from SINCE to UNTIL at an even rate, the index does not show at time AT as many as
 * are published in so many seconds. */
double index_lag_unseen_s(int64_t since, int64_t until, int64_t at);
