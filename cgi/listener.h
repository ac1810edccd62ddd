/* The socket on which nginx reaches newsreel-web: one that systemd has made (socket activation), or else one of our own. */
#pragma once

#include <stdbool.h>
#include <sys/un.h>

#include "base/error.h"

struct listener {
	int fd;                     /* -1: not open; accept(2) does not wait */
	int stop;                   /* can be read once no more connections are to be accepted */
	bool inherited;             /* systemd's, which outlives us */
	struct sockaddr_un address; /* its path names the socket in the log */
};

#define LISTENER_CLOSED                                                                                                          \
	{                                                                                                                        \
		.fd = -1, .stop = -1                                                                                             \
	}

/* The socket that was passed to us, or a new one at PATH, of mode 0660. To be closed. Errors: ERR_INVALID for a path that is too long, and
 * for what was passed and does not listen; ERR_INTERNAL. */
MUST_USE bool listener_open(const char *path, struct listener *out, struct error *err);

/* No more connections. Those that wait at our own socket are still to be accepted; at an inherited one they wait for our successor. */
void listener_stop(const struct listener *listener);

/* Also removes a socket of our own. */
void listener_close(struct listener *listener);
