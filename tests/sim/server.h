/* The simulator over HTTP on loopback. */
#pragma once

#include <pthread.h>
#include <signal.h>

#include "base/clock.h"
#include "tests/sim/api/api.h"

enum { SERVER_URL_BYTES = 64 };

struct server {
	struct sim sim;       /* with a hub */
	pthread_mutex_t lock; /* for it, PTHREAD_MUTEX_INITIALIZER */
	struct clock clock;
	int64_t port;          /* 0 = any free one; afterwards the one that is listened on */
	const char *port_file; /* NULL: none */
	const char *pictures;  /* NULL: our own address */
	int64_t slow_ms;       /* how long FAULT_SLOW takes */
	char own_address[SERVER_URL_BYTES];
	bool verbose;
};

/* Answers until one of SIGNALS comes, which all threads must block. Errors: ERR_INTERNAL when the port or the port file is not to
 * be had. */
MUST_USE bool server_run(struct server *server, const sigset_t *signals, struct error *err);
