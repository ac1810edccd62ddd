/* How the channels of a topic publish: how much of it, how much of something else, and at which hours. Invented, or after the
 * channels of a corpus. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "tests/sim/world/corpus.h"

enum { DAY_HOURS = 24 };

struct profile {
	double per_day;       /* videos of the topic, at chance times */
	double aside_per_day; /* other videos */
	float hours[DAY_HOURS];
	const struct corpus_video *const *copied; /* videos of the topic at these times instead */
	size_t copied_count;
};

struct profiles {
	struct profile *items; /* the first one stands for all channels that publish a single video at a chance time */
	size_t count;
	const struct corpus_video **videos; /* that the copied ones lie in */
};

void profiles_clear(struct profiles *profiles);

/* Channels whose videos fall into three hours of the day by 61 %, and whose rates together are PER_DAY. Errors: ERR_NO_MEMORY. */
MUST_USE bool profiles_invent(uint64_t seed, double per_day, struct profiles *out, struct error *err);

/* The channels of CORPUS that match the topic FOLDED in its last 250 days. One half is copied, video for video, their times with
 * CORPUS's shift. The other half, with chance times, makes up for what PER_DAY wants more than its last 30 days have: by as many
 * more channels alike as each of them is busier. Of a topic with more than PER_DAY a part of the channels is taken. Errors:
 * ERR_NOT_FOUND, ERR_NO_MEMORY. */
MUST_USE bool profiles_after(const struct corpus *corpus, const char *folded, uint64_t seed, double per_day, struct profiles *out,
                             struct error *err);
