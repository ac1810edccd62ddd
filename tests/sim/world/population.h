/* The channels of a topic, ready for drawing: which of them publishes a video, and which videos are copies of real times. */
#pragma once

#include "tests/sim/world/profiles.h"

/* Stands for a channel that publishes a single video. */
#define POPULATION_STRANGER UINT32_MAX

struct population;

struct population_copy {
	int64_t at;
	uint32_t channel;
};

/* Errors: ERR_NO_MEMORY. */
MUST_USE bool population_open(const struct profiles *profiles, struct population **out, struct error *err);
void population_close(struct population **population);

/* How many channels there are, without strangers. */
uint32_t population_count(const struct population *population);

/* How many videos of the topic, or ASIDE from it, are to be expected in HOUR (hours since 1970) beside the copies. */
double population_mean(const struct population *population, int64_t hour, bool aside);

/* The channel of one of those; SHARE is even in [0, 1). */
uint32_t population_pick(const struct population *population, int64_t hour, bool aside, double share);

/* The copies in HOUR: their number. */
size_t population_copies(const struct population *population, int64_t hour, const struct population_copy **out);
