#include "tests/sim/world/rng.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

/* The finaliser of the public-domain generator SplitMix64 (S. Vigna, https://prng.di.unimi.it/splitmix64.c). */
static const uint64_t factors[] = {UINT64_C(0xBF58476D1CE4E5B9), UINT64_C(0x94D049BB133111EB)};
static const uint64_t step = UINT64_C(0x9E3779B97F4A7C15);

uint64_t rng_mix(uint64_t x)
{
	x = (x ^ x >> 30) * factors[0];
	x = (x ^ x >> 27) * factors[1];
	return x ^ x >> 31;
}

/* The number whose product with the odd FACTOR is 1, by Newton's method: each round doubles the right bits. */
static uint64_t inverse(uint64_t factor)
{
	uint64_t guess = factor;

	for (int round = 0; round < 6; round++)
		guess *= 2 - factor * guess;
	return guess;
}

/* Undoes y = x ^ x >> BITS. */
static uint64_t unshift(uint64_t y, int bits)
{
	uint64_t x = y;

	for (int known = bits; known < 64; known += bits)
		x = y ^ x >> bits;
	return x;
}

uint64_t rng_unmix(uint64_t x)
{
	x = unshift(x, 31) * inverse(factors[1]);
	x = unshift(x, 27) * inverse(factors[0]);
	return unshift(x, 30);
}

uint64_t rng_join(uint64_t a, uint64_t b)
{
	return rng_mix(a * step + rng_mix(b + step));
}

uint64_t rng_text(const char *text)
{
	return rng_mix(text_hash(text, strlen(text)));
}

struct rng rng_from(uint64_t seed)
{
	return (struct rng){.state = seed};
}

uint64_t rng_next(struct rng *rng)
{
	rng->state += step;
	return rng_mix(rng->state);
}

double rng_share(struct rng *rng)
{
	return (double)(rng_next(rng) >> 11) * 0x1p-53;
}

size_t rng_below(struct rng *rng, size_t below)
{
	return below ? (size_t)(rng_next(rng) % below) : 0;
}

int64_t rng_between(struct rng *rng, int64_t least, int64_t most)
{
	return least + (int64_t)(rng_next(rng) % ((uint64_t)(most - least) + 1));
}

/* Box and Muller's transform; 1 - u keeps the logarithm away from zero. */
static double normal(struct rng *rng)
{
	double u = rng_share(rng);
	double v = rng_share(rng);

	return sqrt(-2 * log(1 - u)) * cos(2 * 3.14159265358979323846 * v);
}

double rng_lognormal(struct rng *rng, double median, double spread)
{
	return median * exp(spread * normal(rng));
}

int64_t rng_poisson(struct rng *rng, double mean)
{
	if (mean > 30) { /* by then the normal distribution is near enough, and needs no long product */
		double count = floor(mean + sqrt(mean) * normal(rng) + 0.5);
		return count < 0 ? 0 : (int64_t)count;
	}
	double limit = exp(-mean);
	double product = rng_share(rng);
	int64_t count = 0;
	while (product > limit) {
		product *= rng_share(rng);
		count++;
	}
	return count;
}
