/* Sending the outbox (store/alerts/outbox.h): after a run, beside the next one. */
#pragma once

#include "base/clock.h"
#include "config/config.h"
#include "store/store.h"

/* What came of it. */
struct sent {
	int64_t delivered, failed, refused; /* messages; tries; rules that ended or were set aside */
};

/* Sends the messages that are due, several at once but never two of one rule, until none is left or DEADLINE (UTC seconds): then no further one is
 * begun, and what is going on has TIMEOUT_S. What came of each is stored as soon as it is known; one that was sent when the program is killed before that
 * is sent again with the same id. RANDOM is the state of the jitter. Errors: those of the store. */
MUST_USE bool alerts_send(struct store *store, const struct config *config, const struct clock *clock, int64_t deadline,
                          int64_t timeout_s, uint64_t *random, struct sent *out, struct error *err);
