/* The use case of a tick: plan, call YouTube, save. Store, transport and clock are given, so tests replay weeks without a
 * network. */
#pragma once

#include <stdint.h>

#include "base/clock.h"
#include "config/config.h"
#include "model/run.h"
#include "store/keys.h"
#include "store/store.h"
#include "youtube/client.h"

struct sync {
	struct store *store; /* borrowed, open for databases_lock */
	const struct config *config;
	struct youtube youtube;
	struct clock clock;
	uint64_t random; /* state of the jitter, not 0 */
};

/* One tick: follows the variables, plans, calls, saves, and writes a run into the record. RUN receives what came of it (to be
 * cleared by the caller); its failures and error tell of calls that failed, which does not keep the others from being made. False
 * only when the tick could not go on (the store failed, no memory, no zone data): RUN then tells what was done until there. With
 * no key at all nothing is called, *NO_KEY is true, and the run says nothing but that there was one. */
MUST_USE bool sync_tick(struct sync *sync, struct run *run, bool *no_key, struct error *err);

/* Takes over what the environment names, without calling anybody: queries and keys (model/origin.h). */
MUST_USE bool sync_follow_environment(struct store *store, const struct config *config, int64_t now, struct error *err);
