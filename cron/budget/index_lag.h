/* How late YouTube's search shows videos: they enter its index minutes to hours after their publication. */
#pragma once

#include <stdint.h>

/* Share of the videos that the index does not show yet at this AGE (seconds). As observed, most come
 * within the hour, and a few percent take most of a day. */
double index_lag_unseen(int64_t age);
