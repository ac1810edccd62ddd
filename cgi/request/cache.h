/*
 * How long answers may be cached, and conditional requests (RFC 9110 section 13): an ETag is made of all that an answer depends on,
 * the database's generation first, so that "not modified" costs one row and no video.
 */
#pragma once

#include "base/crypto.h"
#include "cgi/request/context.h"

enum { ETAG_SIZE = sizeof("W/\"\"") + 32 };

/* What an answer depends on besides the request, which decides how long it may be cached. */
enum cache_scope {
	CACHE_NOT = 0,  /* no cache may store it */
	CACHE_DATABASE, /* the database's generation, and the minute with `within` */
	CACHE_STATE,    /* that, the last run, and the minute */
	CACHE_BUILD     /* this build and its configuration alone */
};

/* A name for this build and for what all answers depend on of CONFIG. The same on every machine with the same of both. Errors:
 * ERR_NO_MEMORY. */
MUST_USE bool cache_build_id(const struct config *config, char out[CRYPTO_HEX_SIZE], struct error *err);

/* The ETag of the answer to REQ now; SCOPE is not CACHE_NOT. Errors: as store.h. */
MUST_USE bool cache_etag(struct app *app, const struct request *req, enum cache_scope scope, char out[ETAG_SIZE],
                         struct error *err);

/* Whether the If-None-Match of REQ names TAG. */
bool cache_is_known(const struct request *req, const char *tag);

/* Adds ETag, Cache-Control and Vary to a good answer; TAG NULL: no cache may store it. */
void cache_headers(struct app *app, const struct request *req, struct response *res, const char *tag);
