/* What reading a channel's uploads list is worth. Pure functions. */
#pragma once

#include "model/followed_channel.h"

/* The part of a day's uploads that comes in each hour, UTC: 1 in all. */
struct hours {
	double share[HOURS_A_DAY];
};

/* Of all CHANNELS of the query together. */
struct hours channels_typical_hours(const struct followed_list *channels, int64_t query_id);

/* What searches do for the videos of a channel. */
struct searching {
	int64_t at;    /* the last one that may have shown them, 0 = none */
	double wait_s; /* until the next one may */
};

/* The delay that reading the list of CHANNEL at NOW spares its videos, all together (seconds): of those that are to be expected since its
 * last reading, and that no search has shown yet. */
double channel_worth(const struct followed_channel *channel, const struct hours *typical, const struct searching *search,
                     int64_t now);
