/* Carries what the world's hub sends straight to the store, as the callback of newsreel-web does. */
#pragma once

#include "store/store.h"
#include "tests/sim/hub/hub.h"

/* A notification on its way. */
struct notice {
	char video_id[VIDEO_ID_SIZE], channel_id[CHANNEL_ID_SIZE];
	int64_t due_at;
};

struct carrier {
	struct hub hub;
	struct notice *notices;
	size_t count;
	int64_t looked_at; /* what was announced until then is known; 0 = nothing is */
};

void carrier_clear(struct carrier *carrier);

/* Verifies the subscriptions that were asked for, and notes the videos whose notifications are due at NOW. */
MUST_USE bool carrier_serve(struct carrier *carrier, struct store *store, struct world *world, int64_t now, struct error *err);
