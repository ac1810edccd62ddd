/* Parts of requests that several handlers read; those of lists of videos are listing/video_query.h's. */
#pragma once

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

/* Reads a parameter that is a list of NAMES (COUNT of them), comma-separated, each once: their places there go to OUT, which has room for
 * COUNT, and *CHOSEN becomes their number. Missing: both stay. Errors: ERR_INVALID naming the parameter and what is wrong in it. */
MUST_USE bool params_choose_several(const struct request *req, const char *name, const char *const names[], size_t count,
                                    size_t *out, size_t *chosen, struct error *err);
