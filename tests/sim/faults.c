#include "tests/sim/faults.h"

#include <string.h>

static const char *const names[FAULT_COUNT] = {
    [FAULT_NONE] = "none",
    [FAULT_503] = "503",
    [FAULT_HTML] = "html",
    [FAULT_CUT] = "cut",
    [FAULT_TRUNCATED] = "truncated",
    [FAULT_EMPTY_BODY] = "empty_body",
    [FAULT_BURST] = "burst",
    [FAULT_FORBIDDEN] = "forbidden",
    [FAULT_DELEGATION] = "delegation",
    [FAULT_NO_RESULTS] = "no_results",
    [FAULT_SLOW] = "slow",
};

const char *fault_name(enum fault fault)
{
	return names[fault];
}

bool fault_of(const char *name, enum fault *out)
{
	for (enum fault fault = FAULT_NONE; fault < FAULT_COUNT; fault++) {
		if (strcmp(names[fault], name) == 0) {
			*out = fault;
			return true;
		}
	}
	return false;
}

enum fault faults_next(struct faults *faults, enum bucket bucket)
{
	if (faults->script_left > 0 && (faults->script_both || faults->script_bucket == bucket)) {
		faults->script_left--;
		return faults->script;
	}
	double lot = rng_share(&faults->rng);
	for (enum fault fault = FAULT_NONE; fault < FAULT_COUNT; fault++) {
		if (lot < faults->share[fault])
			return fault;
		lot -= faults->share[fault];
	}
	return FAULT_NONE;
}
