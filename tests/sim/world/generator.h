/* Invents videos: what a query, an hour and a number are enough to make again, with nothing kept. Hours count since 1970. */
#pragma once

#include "tests/sim/world/options.h"
#include "tests/sim/world/population.h"
#include "tests/sim/world/video.h"

enum { CHANNELS_OF_A_TOPIC = 40 }; /* without a population */

/* Numbers from here on are other videos of a topic's channels, which are no matches of the query. */
enum { FIRST_ASIDE = 1 << 15 };

struct upload_index;

/* A query that was asked for. */
struct topic {
	uint64_t tag; /* the query's part of an id */
	char *folded; /* owned by the world */
	double rate_per_hour;
	struct population *population; /* the same; NULL: videos come evenly, from a few channels */
	struct upload_index *uploads;  /* the same; NULL until asked for */
};

/* The topic of a query, which is folded (base/unicode.h). */
struct topic generator_topic(const struct world_options *options, char *folded);

/* How many videos of a topic are announced in HOUR: those with the numbers from 0 on. */
int64_t generator_count(const struct world_options *options, const struct topic *topic, int64_t hour);

/* How many others are: those with the numbers from FIRST_ASIDE on. */
int64_t generator_asides(const struct world_options *options, const struct topic *topic, int64_t hour);

/* Which of the topic's channels it comes from, or POPULATION_STRANGER. */
uint32_t generator_which(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number);

/* The whole video, or all but its texts. Errors: ERR_NO_MEMORY. */
MUST_USE bool generator_make(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number,
                             struct world_video *out, struct error *err);
void generator_make_bare(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number,
                         struct world_video *out);

/* Which video an id stands for. */
struct place {
	uint64_t tag; /* of its topic */
	int64_t hour, number;
};

/* False when ID is none that could be made here. */
bool generator_place(const struct world_options *options, const char *id, struct place *out);

/* How many channels a topic has, strangers aside. */
uint32_t generator_channels(const struct topic *topic);

/* The topic's channel WHICH. */
void generator_channel(const struct world_options *options, const struct topic *topic, uint32_t which, struct world_channel *out);

/* The channel whose only video this is. */
void generator_stranger(const struct world_options *options, const struct topic *topic, const struct place *video,
                        struct world_channel *out);

/* Which channel an id stands for. */
struct channel_place {
	uint64_t tag;
	uint32_t which;     /* POPULATION_STRANGER: that of one video */
	struct place video; /* of a stranger */
};

/* False when ID is none that could be made here. */
bool generator_channel_place(const struct world_options *options, const char *id, struct channel_place *out);
