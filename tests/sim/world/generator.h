/* Invents videos: what a query, an hour and a number are enough to make again, with nothing kept. */
#pragma once

#include "tests/sim/world/options.h"
#include "tests/sim/world/video.h"

/* A query that was asked for. */
struct topic {
	uint64_t tag; /* the query's part of an id */
	char *folded; /* owned by the world */
	double rate_per_hour;
};

/* The topic of a query, which is folded (base/unicode.h). */
struct topic generator_topic(const struct world_options *options, char *folded);

/* How many videos of a topic are announced in HOUR (hours since 1970). */
int64_t generator_count(const struct world_options *options, const struct topic *topic, int64_t hour);

/* What becomes of number NUMBER of those. */
struct fate generator_fate(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number);

/* The whole video. Errors: ERR_NO_MEMORY. */
MUST_USE bool generator_make(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number,
                             struct world_video *out, struct error *err);

/* Which video an id stands for. */
struct place {
	uint64_t tag; /* of its topic */
	int64_t hour, number;
};

/* False when ID is none that could be made here. */
bool generator_place(const struct world_options *options, const char *id, struct place *out);
