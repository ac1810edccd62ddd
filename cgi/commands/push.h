/* What the hub's verifications and notifications change. */
#pragma once

#include "cgi/request/context.h"
#include "feed/atom.h"
#include "model/subscription.h"

/* The subscription whose callback REQ is for. Errors: ERR_NOT_FOUND. */
MUST_USE bool push_find(struct app *app, const struct request *req, struct subscription *out, struct error *err);

/* The hub asks whether SUBSCRIPTION is to begin, or to be renewed, for LEASE_S seconds; whether it is to end. False with
 * ERR_NOT_FOUND when that is not what we asked for. */
MUST_USE bool push_begin(struct app *app, const struct subscription *subscription, int64_t lease_s, struct error *err);
MUST_USE bool push_end(struct app *app, const struct subscription *subscription, struct error *err);

/* The hub denies SUBSCRIPTION, for this REASON ("" = none given): it is asked again after a while, longer each time. */
MUST_USE bool push_deny(struct app *app, const struct subscription *subscription, const char *reason, struct error *err);

/* Notes what the signed FEED tells of the channel of SUBSCRIPTION, for the next run to look up. Nothing is deleted for a tombstone: the video
 * is looked up soon. */
MUST_USE bool push_note(struct app *app, const struct subscription *subscription, const struct feed *feed, struct error *err);
