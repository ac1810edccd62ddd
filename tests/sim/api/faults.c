#include "tests/sim/api/faults.h"

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
    [FAULT_HALF_JSON] = "half_json",
    [FAULT_RESET] = "reset",
    [FAULT_LENGTH] = "length",
    [FAULT_SPENT] = "spent",
    [FAULT_REFUSED] = "refused",
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

bool faults_add(struct faults *faults, const struct fault_step *step)
{
	if (faults->step_count == FAULT_STEPS_MAX)
		return false;
	faults->steps[faults->step_count++] = *step;
	return true;
}

void faults_forget(struct faults *faults)
{
	faults->script_left = 0;
	faults->step_count = 0;
}

enum bucket sim_bucket(enum sim_method method)
{
	return method == SIM_SEARCH ? BUCKET_SEARCHES : method == SIM_FEED || method == SIM_HUB ? BUCKET_COUNT : BUCKET_UNITS;
}

/* The step of the script that this call has met, NULL when there is none. */
static struct fault_step *find_step(struct faults *faults, enum sim_method method)
{
	for (size_t i = 0; i < faults->step_count; i++) {
		struct fault_step *step = &faults->steps[i];

		if (step->count > 0 && (step->method == SIM_ANY || step->method == method))
			return step;
	}
	return NULL;
}

static enum fault by_chance(struct faults *faults)
{
	double lot = rng_share(&faults->rng);

	for (enum fault fault = FAULT_NONE; fault < FAULT_COUNT; fault++) {
		if (lot < faults->share[fault])
			return fault;
		lot -= faults->share[fault];
	}
	return FAULT_NONE;
}

enum fault faults_next(struct faults *faults, enum sim_method method, const struct refusal **refusal)
{
	enum bucket bucket = sim_bucket(method);

	*refusal = NULL;
	if (faults->script_left > 0 && (faults->script_both || faults->script_bucket == bucket)) {
		faults->script_left--;
		return faults->script;
	}
	struct fault_step *step = find_step(faults, method);
	if (step) {
		step->count--;
		*refusal = step->refusal;
		return step->fault;
	}
	return bucket == BUCKET_COUNT ? FAULT_NONE : by_chance(faults);
}
