/*
 * Requests from nginx over FastCGI, for threads that share a listening socket. The only code that knows libfcgi.
 *
 *	while (fastcgi_accept(fastcgi)) {
 *		… fastcgi_input(fastcgi) …
 *		if (fastcgi_write(fastcgi, bytes, len))
 *			fastcgi_finish(fastcgi);
 *		else
 *			fastcgi_abort(fastcgi);
 *	}
 *
 * A connection ends with its request, also when the other side would keep it: a thread that waited for the next request there would be
 * lost to all others.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "http/request.h"

struct fastcgi;

/* Prepares libfcgi, before the first thread. It sets handlers for SIGTERM, SIGUSR1 and SIGPIPE: a program's own come after this. Errors:
 * ERR_INTERNAL. */
MUST_USE bool fastcgi_init(struct error *err);

/* One thread's access to LISTENER, a socket that listens and does not block, until STOP can be read (both borrowed). Errors: ERR_NO_MEMORY,
 * ERR_INTERNAL. */
MUST_USE bool fastcgi_open(int listener, int stop, struct fastcgi **out, struct error *err);
void fastcgi_close(struct fastcgi **fastcgi);

/* Waits for a request and reads it. After shutdown(2) of the listener (SHUT_RD) what had come before is accepted; then this is false, in
 * every thread. Once STOP can be read it is false at once: what waits stays for whoever else has the listener. */
MUST_USE bool fastcgi_accept(struct fastcgi *fastcgi);

/* The accepted request, borrowed until its end. Of a longer body the first REQUEST_BODY_MAX + 1 bytes: enough to refuse it. */
struct cgi_input fastcgi_input(const struct fastcgi *fastcgi);

/* Appends to the answer, which begins with header lines as a CGI program writes them. False when nobody reads it any more. */
MUST_USE bool fastcgi_write(struct fastcgi *fastcgi, const char *bytes, size_t len);

/* Whether the other side has closed the accepted request's connection: nobody will read the answer. Cheap: one system call. */
bool fastcgi_reader_has_left(const struct fastcgi *fastcgi);

/* Ends the request: its answer is complete, or is cut off, which its reader notices. */
void fastcgi_finish(struct fastcgi *fastcgi);
void fastcgi_abort(struct fastcgi *fastcgi);
