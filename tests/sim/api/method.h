/* What can be asked for. */
#pragma once

enum sim_method {
	SIM_ANY, /* of them */
	SIM_SEARCH,
	SIM_VIDEOS,
	SIM_CHANNELS,
	SIM_PLAYLIST_ITEMS,
	SIM_FEED, /* no part of the Data API: no key, no quota */
	SIM_HUB,  /* the same */
	SIM_METHOD_COUNT
};
