/* Inside cron only: a tick at work, as its parts share it. */
#pragma once

#include "base/clock.h"
#include "config/config.h"
#include "cron/api_client.h"
#include "model/run.h"
#include "store/store.h"

struct tick {
	struct store *store;
	const struct config *config;
	struct clock clock;
	struct caller caller;
	struct run *run;
	bool searches_over; /* no key has any left */
	bool units_over;
	bool unreached; /* there is no way to YouTube: no further calls */
};

/* A call failed, which does not keep the others from being made: counted and remembered for the run. */
MUST_USE bool tick_note_failure(struct tick *tick, const struct error *failure, struct error *err);

/* There is no way to YouTube: the same, and the tick makes no further calls. */
MUST_USE bool tick_note_unreached(struct tick *tick, const struct error *failure, struct error *err);
