/*
 * A request on its way from nginx: read from the records of FastCGI 1.0, in whatever pieces they arrive.
 *
 * nginx sends one request at a time on a connection and waits for the end of its answer. What it never sends - a request within
 * another, an abort, a role other than that of a responder, records of management - breaks the connection.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "fastcgi/protocol.h"

enum { FCGI_PARAMS_MAX = 256 * 1024 }; /* bytes; nginx bounds what a client can send to less */

struct fcgi_request {
	int id;            /* its number on the connection; 0 before it begins */
	bool keeps;        /* the connection is wanted for further requests */
	struct buf params; /* "NAME", NUL, "value", NUL and so on, once it is complete */
	struct buf body;
	bool has_all_params;

	/* The record at hand. */
	unsigned char header[FCGI_HEADER_SIZE];
	unsigned char begin[FCGI_BEGIN_SIZE];
	size_t header_len, content_len, padding_len; /* bytes: that are there, that are still to come */
};

enum fcgi_progress {
	FCGI_INCOMPLETE,
	FCGI_COMPLETE,
	FCGI_BROKEN, /* not FastCGI, not for us, too large, or no memory: nothing is left but to close the connection */
};

/* Makes OUT ready for a request. Of its body BODY_MAX bytes are kept, what comes after is dropped. */
void fcgi_request_init(struct fcgi_request *out, size_t body_max);

/* Releases the memory; the request is ready for another one. */
void fcgi_request_clear(struct fcgi_request *request);

/* Takes in the next LEN bytes of the connection. Not to be called any more once the request is complete or broken. */
enum fcgi_progress fcgi_request_read(struct fcgi_request *request, const void *bytes, size_t len);

/* The parameter NAME of a complete request, NULL when there is none. Borrowed from the request. */
const char *fcgi_request_param(const struct fcgi_request *request, const char *name);
