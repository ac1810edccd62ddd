/*
 * Requests from nginx for a pool of threads.
 *
 * nginx keeps its connections open from one request to the next (fastcgi_keep_conn), which saves both sides more work than a
 * small answer takes. A thread is bound to a request, never to a connection: those without a request wait in an epoll set, so
 * that a few threads serve any number of them. libfcgi binds a thread to a connection until it is closed; as soon as nginx keeps
 * as many connections as there are threads, everybody else waits forever.
 */
#pragma once

#include "base/error.h"
#include "fastcgi/reply.h"
#include "fastcgi/request.h"

struct fcgi_server;

/* A connection with a request that is complete. */
struct fcgi_connection {
	int socket;
	struct fcgi_request request;
};

/* Serves the listening socket LISTENER, which stays the caller's and is made non-blocking. Up to CONNECTIONS_MAX are open at a
 * time, others wait in its backlog. Of a request's body BODY_MAX bytes are kept. The result is to be closed. Errors:
 * ERR_NO_MEMORY, ERR_INTERNAL. */
MUST_USE bool fcgi_server_open(int listener, size_t connections_max, size_t body_max, struct fcgi_server **out,
                               struct error *err);

/* Waits for the next request; any number of threads may. NULL once the server has been stopped. The connection is the caller's
 * until fcgi_server_done(). */
struct fcgi_connection *fcgi_server_next(struct fcgi_server *server);

/* Where the answer to the connection's request goes. */
struct reply fcgi_connection_reply(const struct fcgi_connection *connection);

/* The connection's request is answered: SENT tells whether to its end. If not, the connection is closed, which tells nginx so. */
void fcgi_server_done(struct fcgi_server *server, struct fcgi_connection *connection, bool sent);

/* Lets no thread wait any longer, now and later. Safe from any thread. */
void fcgi_server_stop(struct fcgi_server *server);

/* Closes all connections, and releases the server; no thread may use it any more. NULL is fine. For AUTO. */
void fcgi_server_close(struct fcgi_server **server);
