/* How a world is to be. */
#pragma once

#include "tests/sim/world/corpus.h"
#include "tests/sim/world/expression.h"
#include "tests/sim/world/fate.h"

struct world_options {
	uint64_t seed;
	double rate_per_day; /* videos of a query; 0 = its own, half of all queries have less than 40 */
	struct fate_options fate;
	enum operators
	    operators;      /* with others than plain ones, a search that has some finds videos of all queries known by then */
	const char *corpus; /* NDJSON file of real videos, may be gzipped; NULL = invented */
	int64_t corpus_shift_s; /* added to their times of publication */
	bool rhythm;            /* invented channels have rates and hours of their own, and other videos too */
	/* Invented channels publish like those of this corpus, which stays the caller's: the n-th query like those of the n-th of
	 * the words, over and over. */
	const struct corpus *model;
	const char *const *model_topics; /* folded */
	size_t model_topic_count;
};
