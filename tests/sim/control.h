/*
 * The handle by which a test steers a running simulator:
 *	POST /control/fault?kind=503&count=2[&method=search|videos]
 *	POST /control/key?key=KEY&state=invalid
 *	GET  /control/calls      calls and use by project, calls that carried a key in the URL
 */
#pragma once

#include "tests/sim/api.h"

/* Answers a request below /control/. Errors: ERR_NO_MEMORY. */
MUST_USE bool control_answer(struct sim *sim, const struct sim_request *request, struct sim_response *out, struct error *err);
