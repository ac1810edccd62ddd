/* Requests in, complete answers out: routes, needs, errors, and what every answer carries. */
#pragma once

#include "cgi/request/context.h"

/* Answers the request of INPUT: reads it into REQ, runs its handler, turns an error into a problem (API) or a page, adds what every
 * answer carries (X-Request-Id …). Never fails: the worst is a 500, or a STATUS_READER_LEFT that nobody reads. REQ and RES are
 * initialised here and to be cleared by the caller, whose app and input have to outlive them; the answer to HEAD has its body,
 * which the caller leaves out. */
void dispatch(struct app *app, const struct cgi_input *input, struct request *req, struct response *res);
