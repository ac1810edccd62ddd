/* One run of newsreel-fetch in memory, for tests of its parts: an empty database, a key, answers that were prepared, a clock. */
#pragma once

#include "cron/run.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted.h"

struct run_fixture {
	struct store *store;
	struct fake_clock time; /* FIXTURE_NOW */
	struct scripted answers;
	struct youtube youtube;
	struct config config;
	struct run result;
	uint64_t random;
	struct fetch_run run;
};

/* *STATE is the fixture. */
int run_fixture_set_up(void **state);
int run_fixture_tear_down(void **state);
