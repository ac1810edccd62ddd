#include "tests/sim/world/generator.h"

#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "tests/sim/world/invent.h"
#include "tests/sim/world/rng.h"

enum {
	TAG_BITS = 24,
	HOUR_BITS = 20,
	NUMBER_BITS = 16,
	WHICH_BITS = 32,
	PLACE_BITS = TAG_BITS + HOUR_BITS + NUMBER_BITS,
	CHANNEL_ID_LEN = 24
};

/* Numbers of an hour that no video has: they stand for draws of the hour itself. */
enum { DRAW_COUNT = (1 << NUMBER_BITS) - 1, DRAW_ASIDES = DRAW_COUNT - 1 };

static const uint64_t channel_salt = UINT64_C(0x6368616e6e656c73);

struct topic generator_topic(const struct world_options *options, char *folded)
{
	uint64_t hash = rng_join(options->seed, rng_text(folded));
	struct rng rng = rng_from(hash);
	double per_day = options->rate_per_day > 0 ? options->rate_per_day : rng_lognormal(&rng, 40, 1);

	return (struct topic){.tag = hash >> (64 - TAG_BITS), .folded = folded, .rate_per_hour = per_day / 24};
}

/* ---- ids: 64 bits that hold query, hour and number, so that a video can be made again from its id ---- */

static const char digits[] = TEXT_ALPHANUMERIC "-_";

static void write_id(uint64_t number, char id[VIDEO_ID_SIZE])
{
	/* Ten digits of six bits, and one of four that stands for sixteen of the letters, as in YouTube's ids. */
	for (int i = 0; i < 10; i++)
		id[i] = digits[number >> (58 - 6 * i) & 63];
	id[10] = digits[(number & 15) << 2];
	id[11] = '\0';
}

static bool read_id(const char *id, uint64_t *number)
{
	*number = 0;
	for (int i = 0; i < VIDEO_ID_SIZE - 1; i++) {
		const char *digit = id[i] ? strchr(digits, id[i]) : NULL;

		if (!digit)
			return false;
		uint64_t value = (uint64_t)(digit - digits);
		*number = i < 10 ? *number << 6 | value : *number << 4 | value >> 2;
	}
	return true;
}

/* The place of a video in one number; not mixed yet. */
static uint64_t join_place(const struct topic *topic, int64_t hour, int64_t number)
{
	return topic->tag << (HOUR_BITS + NUMBER_BITS) | (uint64_t)hour << NUMBER_BITS | (uint64_t)number;
}

static struct place split_place(uint64_t plain)
{
	return (struct place){.tag = plain >> (HOUR_BITS + NUMBER_BITS),
	                      .hour = (int64_t)(plain >> NUMBER_BITS & ((1 << HOUR_BITS) - 1)),
	                      .number = (int64_t)(plain & ((1 << NUMBER_BITS) - 1))};
}

bool generator_place(const struct world_options *options, const char *id, struct place *out)
{
	uint64_t number;

	if (!read_id(id, &number))
		return false;
	*out = split_place(rng_unmix(number) ^ options->seed << PLACE_BITS);
	return true;
}

/* ---- invented videos ---- */

static uint64_t random_of(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number)
{
	return rng_join(rng_join(options->seed, topic->tag), (uint64_t)hour << NUMBER_BITS | (uint64_t)number);
}

/* Copies of real times come first in an hour. */
static int64_t count_copies(const struct topic *topic, int64_t hour)
{
	const struct population_copy *copies;

	return topic->population ? (int64_t)population_copies(topic->population, hour, &copies) : 0;
}

/* NULL when number NUMBER is none. */
static const struct population_copy *copy_at(const struct topic *topic, int64_t hour, int64_t number)
{
	const struct population_copy *copies = NULL;
	int64_t count = topic->population ? (int64_t)population_copies(topic->population, hour, &copies) : 0;

	return copies && number < count ? &copies[number] : NULL;
}

static int64_t draw(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number, double mean)
{
	struct rng rng = rng_from(random_of(options, topic, hour, number));

	return rng_poisson(&rng, mean);
}

int64_t generator_count(const struct world_options *options, const struct topic *topic, int64_t hour)
{
	double mean = topic->population ? population_mean(topic->population, hour, false) : topic->rate_per_hour;

	return count_copies(topic, hour) + draw(options, topic, hour, DRAW_COUNT, mean);
}

int64_t generator_asides(const struct world_options *options, const struct topic *topic, int64_t hour)
{
	return topic->population ? draw(options, topic, hour, DRAW_ASIDES, population_mean(topic->population, hour, true)) : 0;
}

static struct fate generator_fate(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number)
{
	struct rng rng = rng_from(random_of(options, topic, hour, number));
	int64_t announced_at = hour * SECONDS_PER_HOUR + (int64_t)rng_below(&rng, SECONDS_PER_HOUR);
	const struct population_copy *copy = copy_at(topic, hour, number);

	return fate_of(&options->fate, rng_next(&rng), copy ? copy->at : announced_at);
}

uint32_t generator_which(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number)
{
	struct rng rng = rng_from(rng_join(random_of(options, topic, hour, number), channel_salt));
	const struct population_copy *copy = copy_at(topic, hour, number);

	if (!topic->population) /* half of the videos come from a few channels */
		return (uint32_t)(rng_share(&rng) * rng_share(&rng) * CHANNELS_OF_A_TOPIC);
	if (copy)
		return copy->channel;
	return population_pick(topic->population, hour, number >= FIRST_ASIDE, rng_share(&rng));
}

/* ---- channels: their ids hold topic and number, or the place of a stranger's only video ---- */

uint32_t generator_channels(const struct topic *topic)
{
	return topic->population ? population_count(topic->population) : CHANNELS_OF_A_TOPIC;
}

static void make_channel(const struct world_options *options, uint64_t plain, uint32_t number, struct world_channel *out)
{
	uint64_t mixed = rng_mix((plain ^ options->seed << (PLACE_BITS + 1)) + channel_salt);
	struct rng rng = rng_from(mixed);

	memcpy(out->id, "UC", 2);
	write_id(mixed, out->id + 2);
	for (size_t i = 1 + VIDEO_ID_SIZE; i < CHANNEL_ID_LEN - 1; i++)
		out->id[i] = digits[rng_below(&rng, 64)];
	out->id[CHANNEL_ID_LEN - 1] = "AQgw"[rng_below(&rng, 4)];
	out->id[CHANNEL_ID_LEN] = '\0';
	invent_channel(rng_next(&rng), number, out);
}

void generator_channel(const struct world_options *options, const struct topic *topic, uint32_t which, struct world_channel *out)
{
	make_channel(options, topic->tag << WHICH_BITS | which, which < CHANNELS_OF_A_TOPIC ? 0 : which, out);
}

void generator_stranger(const struct world_options *options, const struct topic *topic, const struct place *video,
                        struct world_channel *out)
{
	make_channel(options, UINT64_C(1) << PLACE_BITS | join_place(topic, video->hour, video->number),
	             (uint32_t)(video->hour % 10000), out);
}

static void channel_of(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number,
                       struct world_channel *out)
{
	uint32_t which = generator_which(options, topic, hour, number);

	if (which == POPULATION_STRANGER)
		generator_stranger(options, topic, &(struct place){.hour = hour, .number = number}, out);
	else
		generator_channel(options, topic, which, out);
}

bool generator_channel_place(const struct world_options *options, const char *id, struct channel_place *out)
{
	char start[VIDEO_ID_SIZE] = "";
	uint64_t mixed;

	if (strlen(id) != CHANNEL_ID_LEN)
		return false;
	memcpy(start, id + 2, VIDEO_ID_SIZE - 1);
	if (!read_id(start, &mixed))
		return false;
	uint64_t plain = (rng_unmix(mixed) - channel_salt) ^ options->seed << (PLACE_BITS + 1);
	if (plain >> PLACE_BITS & 1)
		*out =
		    (struct channel_place){.which = POPULATION_STRANGER, .video = split_place(plain ^ UINT64_C(1) << PLACE_BITS)};
	else
		*out = (struct channel_place){.which = (uint32_t)plain};
	out->tag = out->which == POPULATION_STRANGER ? out->video.tag : plain >> WHICH_BITS;
	return true;
}

/* ---- whole videos ---- */

void generator_make_bare(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number,
                         struct world_video *out)
{
	struct world_channel channel;

	channel_of(options, topic, hour, number, &channel);
	write_id(rng_mix(join_place(topic, hour, number) ^ options->seed << PLACE_BITS), out->id);
	memcpy(out->channel_id, channel.id, sizeof(out->channel_id));
	out->fate = generator_fate(options, topic, hour, number);
}

bool generator_make(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number,
                    struct world_video *out, struct error *err)
{
	uint64_t random = random_of(options, topic, hour, number);
	struct world_channel channel;

	channel_of(options, topic, hour, number, &channel);
	generator_make_bare(options, topic, hour, number, out);
	return text_copy(channel.title, &out->channel_title, err) &&
	       invent_texts(random, number < FIRST_ASIDE ? topic->folded : invent_subject(random), out, err);
}
