#include "tests/sim/world/generator.h"

#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "tests/sim/world/invent.h"
#include "tests/sim/world/rng.h"

enum { TAG_BITS = 24, HOUR_BITS = 20, NUMBER_BITS = 16 };

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

static uint64_t join_number(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number)
{
	uint64_t plain = topic->tag << (HOUR_BITS + NUMBER_BITS) | (uint64_t)hour << NUMBER_BITS | (uint64_t)number;

	return rng_mix(plain ^ options->seed << 60);
}

/* ---- invented videos ---- */

static uint64_t random_of(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number)
{
	return rng_join(rng_join(options->seed, topic->tag), (uint64_t)hour << NUMBER_BITS | (uint64_t)number);
}

int64_t generator_count(const struct world_options *options, const struct topic *topic, int64_t hour)
{
	struct rng rng = rng_from(random_of(options, topic, hour, (1 << NUMBER_BITS) - 1));

	return rng_poisson(&rng, topic->rate_per_hour);
}

struct fate generator_fate(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number)
{
	struct rng rng = rng_from(random_of(options, topic, hour, number));
	int64_t announced_at = hour * SECONDS_PER_HOUR + (int64_t)rng_below(&rng, SECONDS_PER_HOUR);

	return fate_of(&options->fate, rng_next(&rng), announced_at);
}

bool generator_make(const struct world_options *options, const struct topic *topic, int64_t hour, int64_t number,
                    struct world_video *out, struct error *err)
{
	write_id(join_number(options, topic, hour, number), out->id);
	out->fate = generator_fate(options, topic, hour, number);
	return invent_texts(random_of(options, topic, hour, number), topic->tag, topic->folded, out, err);
}

bool generator_place(const struct world_options *options, const char *id, struct place *out)
{
	uint64_t number;

	if (!read_id(id, &number))
		return false;
	uint64_t plain = rng_unmix(number) ^ options->seed << 60;
	*out = (struct place){.tag = plain >> (HOUR_BITS + NUMBER_BITS),
	                      .hour = (int64_t)(plain >> NUMBER_BITS & ((1 << HOUR_BITS) - 1)),
	                      .number = (int64_t)(plain & ((1 << NUMBER_BITS) - 1))};
	return true;
}
