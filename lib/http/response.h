/* An answer being made: decided and complete before its first byte goes out. */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "base/json_writer.h"

enum { RESPONSE_BODY_MAX = 16 * 1024 * 1024, RESPONSE_HEADERS_MAX = 16 * 1024 };

/* A body that is made piece by piece while it goes out, in constant memory. */
struct producer {
	/* Appends the next piece to OUT (empty, and as large as RESPONSE_BODY_MAX); nothing appended is the end. A failure cuts
	 * the answer off, so that its reader notices. NULL: there is no producer. */
	bool (*next)(void *context, struct buf *out, struct error *err);
	void (*close)(void *context); /* releases CONTEXT */
	void *context;
};

struct response {
	int status;
	struct buf headers; /* complete lines, each ended by CR LF; without Status and Content-Length */
	struct buf body;
	struct producer rest; /* what comes after BODY */
	bool no_store;        /* no cache may store it: what its reader does next changes it, and no ETag tells that */
};

/* An empty 200 without producer. */
void response_init(struct response *response);
/* Also closes the producer. */
void response_clear(struct response *response);

/* Back to an empty one with STATUS: what an error does to a half-made answer. */
void response_restart(struct response *response, int status);

/* Adds a header line. Control characters in VALUE are dropped, so that a value can never begin a line of its own. */
void response_header(struct response *response, const char *name, const char *value);

/* Begins a JSON answer with STATUS and returns the writer of its body. */
struct writer response_json(struct response *response, int status);

/* "OK", "Not Found", … ; "" for a status without a phrase. */
const char *response_phrase(int status);
