/* Parts of requests that several handlers read; those of lists of videos are video_query.h's. */
#pragma once

#include "model/origin.h"
#include "http/request.h"

/* The id in the path. Errors: ERR_NOT_FOUND "no WHAT with this id". */
MUST_USE bool params_read_id(const struct request *req, const char *what, int64_t *out, struct error *err);

/* Whether every member of the body is one of NAMES (ended by NULL). Errors: ERR_INVALID naming the unknown one and what
 * is allowed. */
MUST_USE bool params_body_only(const struct request *req, const char *const names[], struct error *err);

/* The member NAME of the body, true or false; *OUT stays when it is missing. Errors: ERR_INVALID. */
MUST_USE bool params_read_bool(const struct request *req, const char *name, bool *out, struct error *err);

/* Reads a parameter that is one of NAMES (COUNT of them): *OUT becomes its place there, and stays when it is missing. Errors:
 * ERR_INVALID naming the parameter, its value and what is allowed. */
MUST_USE bool params_choose(const struct request *req, const char *name, const char *const names[], size_t count, size_t *out,
                            struct error *err);

/* The member NAME of BODY, a time (RFC 3339) or a date, which means its midnight, in UTC seconds; null or nothing is 0. *OUT stays when it
 * is missing. Errors: ERR_INVALID naming the member, its value and what is allowed. */
MUST_USE bool params_read_time(const struct fields *body, const char *name, int64_t *out, struct error *err);
