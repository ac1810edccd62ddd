/* Random numbers that depend on nothing but their seed, so that a restarted simulator tells the same story. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Spreads the bits of X; different numbers stay different. rng_unmix() undoes it. */
uint64_t rng_mix(uint64_t x);
uint64_t rng_unmix(uint64_t x);

/* One number from two, and one from a text. */
uint64_t rng_join(uint64_t a, uint64_t b);
uint64_t rng_text(const char *text);

struct rng {
	uint64_t state;
};

struct rng rng_from(uint64_t seed);
uint64_t rng_next(struct rng *rng);

/* Even in [0, 1); 0 to BELOW - 1 (0 when BELOW is 0); LEAST to MOST. */
double rng_share(struct rng *rng);
size_t rng_below(struct rng *rng, size_t below);
int64_t rng_between(struct rng *rng, int64_t least, int64_t most);

/* Log-normal: half of the numbers are below MEDIAN; SPREAD is the deviation of the logarithm. */
double rng_lognormal(struct rng *rng, double median, double spread);

/* How many events of a Poisson process with this MEAN happened. */
int64_t rng_poisson(struct rng *rng, double mean);
