/* Plausible texts for invented videos. */
#pragma once

#include "tests/sim/world/video.h"

/* Fills title, description, channel_title and channel_id of OUT for a video of the query FOLDED. A query's channels recur. */
MUST_USE bool invent_texts(uint64_t random, uint64_t topic, const char *folded, struct world_video *out, struct error *err);

enum { CHANNELS_OF_A_TOPIC = 40 };

/* A topic's channel number WHICH, below CHANNELS_OF_A_TOPIC. */
void invent_channel(uint64_t topic, size_t which, struct world_channel *out);
