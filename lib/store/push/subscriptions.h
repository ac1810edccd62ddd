/*
 * Subscriptions at the hub, one for each followed channel: made, asked for, verified, renewed, ended. Errors as store.h says.
 */
#pragma once

#include "model/subscription.h"
#include "store/store.h"

/* Makes the subscriptions follow the followed channels, with callbacks below BASE: at most LIMIT new ones at a time; those of channels
 * that are not followed any more are to be ended; where the base is another, or the clock was set back, the hub is to be
 * told anew. */
MUST_USE bool store_subscriptions_follow(struct store *store, const char *base, int64_t limit, int64_t now, struct error *err);

/* Those for which the hub is to be asked NOW, at most LIMIT, the longest waiting first. The caller's to clear. */
MUST_USE bool store_subscriptions_due(struct store *store, int64_t now, int64_t limit, struct subscription_list *out,
                                      struct error *err);

/* The one with this TOKEN. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_subscription_find(struct store *store, const char *token, struct subscription *out, struct error *err);

/* The hub is about to be asked; it may verify before it answers. It is asked again at NEXT_AT. */
MUST_USE bool store_subscription_asked(struct store *store, int64_t channel, int64_t now, int64_t next_at, struct error *err);

/* The hub was not there: that was no attempt, and it is asked again at NEXT_AT. */
MUST_USE bool store_subscription_unasked(struct store *store, int64_t channel, int64_t next_at, struct error *err);

/* The hub verified it: the lease ends at UNTIL, and is renewed at NEXT_AT. */
MUST_USE bool store_subscription_verified(struct store *store, int64_t channel, int64_t until, int64_t next_at,
                                          struct error *err);

/* The hub denied it, for this REASON ("" = none given): it has no lease any more, and is asked for again at NEXT_AT. One that has neither a
 * lease nor a request that waits stays as it is. */
MUST_USE bool store_subscription_denied(struct store *store, int64_t channel, int64_t now, int64_t next_at, const char *reason,
                                        struct error *err);

/* Forgets all of them: there are to be none. The hub's notifications find nobody then, until their leases end. */
MUST_USE bool store_subscriptions_forget(struct store *store, struct error *err);

/* The hub ended it. */
MUST_USE bool store_subscription_end(struct store *store, int64_t channel, struct error *err);

/* How many are wanted, and how many of these have a lease at NOW. */
MUST_USE bool store_subscriptions_count(struct store *store, int64_t now, int64_t *wanted, int64_t *alive, struct error *err);

/* How many of the wanted ones the hub denied when it was last asked, and its REASON for one of them ("" = none given). */
MUST_USE bool store_subscriptions_denied(struct store *store, int64_t *count, char reason[DENIED_REASON_SIZE], struct error *err);
