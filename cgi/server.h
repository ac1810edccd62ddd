/* The socket for nginx, the threads that answer, and the signals that end them. */
#pragma once

#include <signal.h>

#include "cgi/request/context.h"

struct server {
	const char *path; /* of the socket; borrowed */
	int listener;     /* -1: not open */
	sigset_t signals; /* that end it: SIGTERM, SIGINT */
};

#define SERVER_CLOSED                                                                                                            \
	{                                                                                                                        \
		.listener = -1                                                                                                   \
	}

/* Listens on the unix socket PATH, which has to outlive OUT; from now on signals wait for server_run(). To be closed. Errors: ERR_INVALID
 * for a path that is too long, ERR_INTERNAL. */
MUST_USE bool server_open(const char *path, struct server *out, struct error *err);

/* Also removes the socket. */
void server_close(struct server *server);

/* Answers requests, with as many threads as configured, until SIGTERM or SIGINT, or when a newer version has
 * migrated the database (shared->outdated); then those that are at hand or wait already. Errors:
 * ERR_NO_MEMORY, ERR_INTERNAL when the threads could not be started. */
MUST_USE bool server_run(const struct server *server, struct shared *shared, struct error *err);
