/* What reading a channel's uploads list is worth. Pure functions. */
#pragma once

#include "model/followed_channel.h"

/* The part of a day's uploads that comes in each hour, UTC: 1 in all. */
struct hours {
	double share[HOURS_A_DAY];
};

/* Of all CHANNELS together. */
struct hours channels_typical_hours(const struct followed_list *channels);

/* What reading the list of CHANNEL, which was read before, is worth at NOW, where searches show its videos DELAY_S seconds after their
 * publication or so. It grows with the time since the last reading, fast in the hours in which the channel uploads. */
double channel_worth(const struct followed_channel *channel, const struct hours *typical, double delay_s, int64_t now);
