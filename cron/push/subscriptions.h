/* Push notifications of followed channels (WebSub): a few requests to the hub in each run, to subscribe, to renew, to unsubscribe. The
 * verifications and the notifications go to newsreel-web (cgi/api/push.c). */
#pragma once

#include "cron/run.h"

/* Asks the hub for what is due. Without an address at which it can reach newsreel-web there are no subscriptions: those from before are
 * forgotten. What it refuses or fails at is a warning; false only
 * when the run cannot go on. */
MUST_USE bool subscriptions_ask(struct fetch_run *run, struct error *err);
