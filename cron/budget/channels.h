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
	int64_t at;        /* the last one that may have shown them, 0 = none */
	double wait_s;     /* until the next one may */
	double patience_s; /* a delay that much longer counts e times less */
	double unshown;    /* the share of videos that none shows */
};

/* What reading the list of CHANNEL at NOW is worth: the delay (seconds, the first ones counting most) that it spares the videos
 * to be expected since its last reading that no search has shown yet, all together; little where the list was read a moment ago. */
double channel_worth(const struct followed_channel *channel, const struct hours *typical, const struct searching *search,
                     int64_t now);
