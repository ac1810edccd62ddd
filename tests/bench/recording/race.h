/*
 * One simulated run: a strategy against a world, day after day on a clock of its own, and what it recorded. The worlds, their lag and
 * their faults are fixed here, so that figures stay comparable.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/sim/world/corpus.h"
#include "tests/sim/world/expression.h"

enum strategy {
	NEWSREEL_PUSH, /* with what the hub tells of followed channels */
	NEWSREEL,
	SEARCH_ALONE, /* newsreel that follows no channels */
	EVEN_POLLING, /* all queries in turn over the day: one page, from 24 hours back */
	NAIVE,        /* all queries at a fixed short interval: one page, from the last poll on */
	STRATEGY_COUNT
};

const char *strategy_name(enum strategy strategy);

/* Shares are between 0 and 1, times in seconds. */
struct race {
	int queries;
	double per_day;              /* videos of all queries together */
	bool alike;                  /* all queries bring as many; otherwise their rates are log-normal, sigma 1.3 */
	double hidden;               /* videos that search never shows, more than the usual */
	double omitted;              /* videos that search lacks at a time */
	int64_t pool;                /* search takes that many of a window, the most popular; 0 = all */
	bool unordered;              /* order=date has no effect */
	const struct corpus *corpus; /* whose channels those of the world are like, see race_corpus_open(); NULL: invented ones */
	enum strategy strategy;
	bool scouts;              /* quiet queries share searches */
	enum operators operators; /* what these give */
	uint64_t seed;
	bool faults;      /* the calls and items that go wrong */
	int64_t outage_s; /* no runs for so long, from the third day on */
	int days;         /* of publication that count, without an outage: the fewer videos, the longer */
};

/* Opens the corpus in FILE with its times moved so that its last months are those of the races. Errors: ERR_NOT_FOUND, ERR_INVALID,
 * ERR_NO_MEMORY. */
MUST_USE bool race_corpus_open(const char *file, struct corpus **out, struct error *err);

struct figures {
	double per_day;   /* videos published in the time that counts */
	double within_1h; /* of all videos published in the time that counts */
	double within_24h;
	double of_shown; /* recorded in the end, of those that the index ever showed until then */
	double
	    median_s; /* from publication to its being recorded, over all that were shown: INFINITY when half of them were not */
	double p90_s;
	double searches; /* a day */
	double units;
	double searches_most; /* on one Pacific day */
	double units_most;
	double refused;  /* calls beyond the quota */
	double channels; /* followed in the end */
	double followed; /* share of the videos published in the time that counts whose channel is followed in the end */
	double broken;   /* videos that coverage claims, that search has shown until the end, and that are missing */
	double said;     /* how many of those coverage says are not confirmed */
	double in_gaps;  /* of the videos published in the outage: in the end neither recorded nor shown, but in a gap */
	double lost;     /* of them: neither */
	double catch_up; /* days from the end of the outage until nothing of it is missing */
};

/* Runs it; ends the program with a message when something goes wrong that no strategy could help. */
struct figures race_run(const struct race *race);
