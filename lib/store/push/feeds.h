/* Feeds (RSS) of followed channels: when each is read; and hosts that failed, the hub's and the feeds', which are left alone for a while.
 * Errors as store.h says. */
#pragma once

#include "model/subscription.h"
#include "store/store.h"

struct channel_feed {
	int64_t channel; /* row */
	char channel_id[CHANNEL_ID_SIZE];
	int64_t newest_at; /* publication of the newest entry seen, 0 = none yet */
	int64_t failures;  /* in a row */
	int64_t followed_since;
};

/* The feed to read NOW, that which has waited longest. *FOUND is false when none is due. */
MUST_USE bool store_feed_next(struct store *store, int64_t now, struct channel_feed *out, bool *found, struct error *err);

/* Notes how the reading went: NEWEST_AT, FAILURES, and not to read it before NEXT_AT. */
MUST_USE bool store_feed_read(struct store *store, const struct channel_feed *feed, int64_t next_at, struct error *err);

/* How HOST is. */
MUST_USE bool store_host_get(struct store *store, enum push_host host, struct host_pause *out, struct error *err);

/* It failed, and is left alone until then; or it answered, and no failure counts any more. */
MUST_USE bool store_host_failed(struct store *store, enum push_host host, int64_t until, const char *error, struct error *err);
MUST_USE bool store_host_answered(struct store *store, enum push_host host, struct error *err);
