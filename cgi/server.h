/* The socket for nginx, the threads that answer, and the signals that end them. */
#pragma once

#include <signal.h>

#include "cgi/listener.h"
#include "cgi/request/context.h"

struct server {
	struct listener listener;
	sigset_t signals; /* that end it: SIGTERM, SIGINT */
};

#define SERVER_CLOSED                                                                                                            \
	{                                                                                                                        \
		.listener = LISTENER_CLOSED                                                                                      \
	}

/* Listens on the socket that systemd passes, or else on the unix socket PATH; from now on signals wait for server_run(). To be closed. Errors:
 * as listener_open(). */
MUST_USE bool server_open(const char *path, struct server *out, struct error *err);

/* Also removes the socket, unless systemd made it. */
void server_close(struct server *server);

/* Answers requests, with as many threads as configured, until SIGTERM or SIGINT, or when a newer version has
 * migrated the database (shared->outdated); then those that are at hand, and those that wait at a socket of our own. Errors:
 * ERR_NO_MEMORY, ERR_INTERNAL when the threads could not be started. */
MUST_USE bool server_run(const struct server *server, struct shared *shared, struct error *err);
