/* A receiver of webhooks on a port of loopback, in a thread of its own: it answers as it is told, and keeps what it took. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum receiver_mode {
	RECEIVER_TAKES,      /* 200 */
	RECEIVER_TAKES_HALF, /* 200, or 503 by chance; or takes it and says 503 */
	RECEIVER_ANSWERS,    /* STATUS with Retry-After */
	RECEIVER_HANGS
};

struct received {
	char id[64]; /* of the header webhook-id */
	char *body;
};

struct receiver {
	enum receiver_mode mode;
	int status;
	int retry_after;
	uint64_t random;
	int listening;
	int port;
	pthread_t thread;
	pthread_mutex_t guard;
	struct received *items; /* in order; also those that it said 503 to after it took them */
	size_t count;
	size_t requests;
};

/* The caller's to stop. */
void receiver_start(struct receiver *receiver, uint64_t seed);
void receiver_stop(struct receiver *receiver);

/* How many messages it has. */
size_t receiver_count(struct receiver *receiver);
