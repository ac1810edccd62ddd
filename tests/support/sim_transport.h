/* A transport over the simulator inside the test's own process, with the test's clock. */
#pragma once

#include "base/clock.h"
#include "tests/sim/api/api.h"
#include "youtube/http.h"

struct sim_transport {
	struct sim *sim;    /* borrowed */
	struct clock clock; /* the simulator's time */
	bool no_network;    /* nothing gets out */
};

struct transport sim_transport(struct sim_transport *context);
