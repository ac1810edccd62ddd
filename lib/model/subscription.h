/* A subscription to the push notifications of a channel (WebSub), and hosts beside the Data API that may fail. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/video.h"

enum { PUSH_TOKEN_BYTES = 16, PUSH_TOKEN_SIZE = 2 * PUSH_TOKEN_BYTES + 1, DENIED_REASON_SIZE = 200 };

struct subscription {
	int64_t channel; /* row */
	char channel_id[CHANNEL_ID_SIZE];
	char token[PUSH_TOKEN_SIZE];  /* last part of the callback's URL */
	char secret[PUSH_TOKEN_SIZE]; /* which the hub signs with */
	bool wanted;                  /* false: it is to be ended */
	int64_t failures;             /* requests since the last verification */
	int64_t denials;              /* by the hub, in a row */
	int64_t asked_at;             /* 0 = never */
};

struct subscription_list {
	struct subscription *items;
	size_t count;
};

void subscription_list_clear(struct subscription_list *list);

/* When to ask the hub again after FAILURES requests that it did not verify: an hour later at first, a day later at most. */
int64_t subscription_retry_at(int64_t failures, int64_t now);

/* The same after the hub denied it DENIALS times in a row: a day later at first, sixteen days at most. */
int64_t subscription_denied_retry_at(int64_t denials, int64_t now);

/* When to renew a lease of LEASE_S seconds that began NOW: in the last fifth of it at the latest. Different for each TOKEN, so that what began
 * together is not renewed together. */
int64_t subscription_renew_at(const char *token, int64_t lease_s, int64_t now);

/* What is asked beside the Data API. */
enum push_host { HOST_HUB, HOST_FEED };

/* A host that failed. */
struct host_pause {
	int64_t failures; /* in a row; 0 = it is fine */
	int64_t until;
	char error[200]; /* "" = none */
};

/* How long to leave a host alone after FAILURES in a row, in seconds: a minute at first, six hours at most, at least the RETRY_AFTER_S
 * seconds that it asks for (-1 = none) within a day; and up to half as long again, as the number RANDOM says. */
int64_t host_pause_s(int64_t failures, int64_t retry_after_s, uint64_t random);
