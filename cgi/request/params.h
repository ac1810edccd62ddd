/* Parts of requests that several handlers read; those of lists of videos are video_query.h's. */
#pragma once

#include "model/origin.h"
#include "http/request.h"

/* The id in the path. Errors: ERR_NOT_FOUND "no WHAT with this id". */
MUST_USE bool params_read_id(const struct request *req, const char *what, int64_t *out, struct error *err);

/* Whether every member of the body is one of NAMES (ended by NULL). Errors: ERR_INVALID naming the unknown field and what is
 * allowed. */
MUST_USE bool params_body_only(const struct request *req, const char *const names[], struct error *err);

/* The member `state` of a body that has no other: ACTIVE (the word for a query or key in use) or "paused". Errors: ERR_INVALID.
 */
MUST_USE bool params_read_state(const struct request *req, const char *active, enum entry_state *out, struct error *err);
