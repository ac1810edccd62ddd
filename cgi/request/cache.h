/*
 * How long answers may be kept, and conditional requests (RFC 9110 section 13): an ETag is made of all that an answer depends on,
 * the record's generation first, so that "not modified" costs one row of the record and no video.
 */
#pragma once

#include "base/crypto.h"
#include "cgi/routes.h"

enum { ETAG_SIZE = sizeof("W/\"\"") + 32 };

/* A name for this build of PROGRAM (a file) and for all of CONFIG that answers depend on. Errors: as file_read(). */
MUST_USE bool cache_build_id(const char *program, const struct config *config, char out[CRYPTO_HEX_SIZE], struct error *err);

/* The ETag of what ENDPOINT answers to REQ now. Errors: as store.h. */
MUST_USE bool cache_etag(struct app *app, const struct request *req, const struct endpoint *endpoint, char out[ETAG_SIZE],
                         struct error *err);

/* Whether the If-None-Match of REQ names TAG. */
bool cache_is_known(const struct request *req, const char *tag);

/* Adds ETag, Cache-Control and Vary to a good answer; TAG NULL: nobody may keep it. */
void cache_headers(struct app *app, const struct request *req, struct response *res, const char *tag);
