#include "tests/sim/world/population.h"

#include <stdlib.h>

#include "base/timestamp.h"

/* Sums of rates for each hour of the day, one channel after the other: a draw is a search in them. */
struct sums {
	float *hours[DAY_HOURS];
};

struct population {
	uint32_t count; /* of channels; the strangers come before them in the sums */
	struct sums matches, asides;
	struct population_copy *copies; /* by time */
	size_t copy_count;
};

static void sums_clear(struct sums *sums)
{
	for (size_t hour = 0; hour < DAY_HOURS; hour++)
		free(sums->hours[hour]);
}

void population_close(struct population **population)
{
	if (!*population)
		return;
	sums_clear(&(*population)->matches);
	sums_clear(&(*population)->asides);
	free((*population)->copies);
	free(*population);
	*population = NULL;
}

static bool fill_sums(const struct profiles *profiles, bool aside, struct sums *out, struct error *err)
{
	for (size_t hour = 0; hour < DAY_HOURS; hour++) {
		double sum = 0;

		out->hours[hour] = calloc(profiles->count, sizeof(float));
		if (!out->hours[hour])
			return error_no_memory(err);
		for (size_t i = 0; i < profiles->count; i++) {
			const struct profile *profile = &profiles->items[i];

			sum += (aside ? profile->aside_per_day : profile->per_day) * (double)profile->hours[hour];
			out->hours[hour][i] = (float)sum;
		}
	}
	return true;
}

static int by_time(const void *a, const void *b)
{
	const struct population_copy *x = a;
	const struct population_copy *y = b;

	return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (x->channel > y->channel) - (x->channel < y->channel);
}

static bool collect_copies(const struct profiles *profiles, struct population *out, struct error *err)
{
	size_t count = 0;

	for (size_t i = 0; i < profiles->count; i++)
		count += profiles->items[i].copied_count;
	out->copies = calloc(count ? count : 1, sizeof(*out->copies));
	if (!out->copies)
		return error_no_memory(err);
	for (size_t i = 0; i < profiles->count; i++)
		for (size_t k = 0; k < profiles->items[i].copied_count; k++)
			out->copies[out->copy_count++] =
			    (struct population_copy){profiles->items[i].copied[k]->published_at, (uint32_t)i - 1};
	qsort(out->copies, count, sizeof(*out->copies), by_time);
	return true;
}

bool population_open(const struct profiles *profiles, struct population **out, struct error *err)
{
	AUTO(population_close) struct population *population = calloc(1, sizeof(*population));

	if (!population)
		return error_no_memory(err);
	population->count = (uint32_t)profiles->count - 1;
	if (!fill_sums(profiles, false, &population->matches, err) || !fill_sums(profiles, true, &population->asides, err) ||
	    !collect_copies(profiles, population, err))
		return false;
	*out = population;
	population = NULL;
	return true;
}

uint32_t population_count(const struct population *population)
{
	return population->count;
}

static const float *sums_of(const struct population *population, int64_t hour, bool aside)
{
	return (aside ? &population->asides : &population->matches)->hours[hour % DAY_HOURS];
}

double population_mean(const struct population *population, int64_t hour, bool aside)
{
	return (double)sums_of(population, hour, aside)[population->count];
}

uint32_t population_pick(const struct population *population, int64_t hour, bool aside, double share)
{
	const float *sums = sums_of(population, hour, aside);
	double wanted = share * (double)sums[population->count];
	uint32_t low = 0;

	for (uint32_t high = population->count; low < high;) {
		uint32_t middle = low + (high - low) / 2;

		if ((double)sums[middle] <= wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1; /* the first are the strangers */
}

size_t population_copies(const struct population *population, int64_t hour, const struct population_copy **out)
{
	size_t low = 0;
	size_t count = 0;

	for (size_t high = population->copy_count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (population->copies[middle].at < hour * SECONDS_PER_HOUR)
			low = middle + 1;
		else
			high = middle;
	}
	*out = &population->copies[low];
	while (low + count < population->copy_count && population->copies[low + count].at < (hour + 1) * SECONDS_PER_HOUR)
		count++;
	return count;
}
