/* A run of newsreel-fetch as a use case: plan, call YouTube, save. Store, transport and clock are given, so that tests replay weeks
 * without a network. */
#pragma once

#include <stdint.h>

#include "base/clock.h"
#include "config/config.h"
#include "model/run.h"
#include "store/keys.h"
#include "store/store.h"
#include "youtube/client.h"

struct cycle {
	struct store *store; /* borrowed, open for writing */
	const struct config *config;
	struct youtube youtube;
	const char *push_base; /* of the callbacks that the hub reaches; NULL: no push notifications */
	struct clock clock;
	uint64_t random; /* state of the jitter, not 0 */
};

/* One run: follows the variables, plans, calls, saves, and writes RUN into the database (to be cleared by the caller); its failures
 * and error tell of calls that failed, while the others were still made. False only when the run could not go on (the store failed,
 * no memory, no zone data): RUN then tells what was done until there. Without any key nothing is called, and *NO_KEY is true. */
MUST_USE bool cycle_run(struct cycle *cycle, struct run *run, bool *no_key, struct error *err);

/* Takes over the queries and keys that the environment names (model/origin.h), without calling anybody. */
MUST_USE bool cycle_follow_environment(struct store *store, const struct config *config, int64_t now, struct error *err);
