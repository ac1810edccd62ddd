/* How a world is to be. */
#pragma once

#include "tests/sim/world/fate.h"

struct world_options {
	uint64_t seed;
	double rate_per_day; /* videos of a query; 0 = its own, half of all queries have less than 40 */
	struct fate_options fate;
	const char *corpus;     /* NDJSON file of real videos, may be gzipped; NULL = invented */
	int64_t corpus_shift_s; /* added to their times of publication */
};
