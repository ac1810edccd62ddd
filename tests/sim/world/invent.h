/* Plausible texts for invented videos. */
#pragma once

#include "tests/sim/world/video.h"

/* Fills title and description of OUT for a video of the query FOLDED, or for one that has nothing to do with it. Errors:
 * ERR_NO_MEMORY. */
MUST_USE bool invent_texts(uint64_t random, const char *folded, struct world_video *out, struct error *err);
const char *invent_subject(uint64_t random);

/* Fills title and birth of OUT. NUMBER is a part of the title, 0 = none. */
void invent_channel(uint64_t random, uint32_t number, struct world_channel *out);
