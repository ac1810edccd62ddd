/* An answer being made: decided and complete before its first byte goes out. */
#pragma once

#include "base/buf.h"
#include "base/error.h"

enum { RESPONSE_BODY_MAX = 16 * 1024 * 1024, RESPONSE_HEADERS_MAX = 16 * 1024 };

struct response {
	int status;
	struct buf headers; /* complete lines, each ended by CR LF; without Status and Content-Length */
	struct buf body;
};

/* An empty 200. */
void response_init(struct response *response);
void response_clear(struct response *response);

/* Back to an empty one with STATUS: what an error does to a half-made answer. */
void response_restart(struct response *response, int status);

/* Adds a header line. Control characters in VALUE are dropped, so that a value can never begin a line of its own. */
void response_header(struct response *response, const char *name, const char *value);

/* "OK", "Not Found", … ; "" for a status without a phrase. */
const char *response_phrase(int status);
