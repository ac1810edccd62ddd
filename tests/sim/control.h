/*
 * The handle by which a test steers a running simulator:
 *
 *	POST /control/fault?kind=503&count=2[&method=search][&then=1]
 *		What happens to the next COUNT calls of the method (search videos channels playlistItems feed hub; none = any): a fault
 *		by its name (api/faults.h), or a refusal by YouTube's (api/refusals.h): kind=API_KEY_EXPIRED. It replaces the script, or
 *		with then=1 is added to it as its next step.
 *
 *	POST /control/shares?503=0.05&no_results=0.03
 *		Which faults happen by chance, and to which share of the calls; those not named do not.
 *
 *	POST /control/quirks?unordered=1&pool=100
 *		Shares of what is odd about answers and about the hub, by their names in the help, and how many videos of a window
 *		search considers; those not named stay as they are.
 *
 *	POST /control/key?key=KEY&state=invalid
 *		good invalid expired api_off restricted suspended
 *
 *	GET  /control/calls
 *		Calls and use by project, messages of the hub, calls that carried a key in the URL, parameters that YouTube does not know.
 */
#pragma once

#include "tests/sim/api/api.h"

/* Answers a request below /control/. Errors: ERR_NO_MEMORY. */
MUST_USE bool control_answer(struct sim *sim, const struct sim_request *request, struct sim_response *out, struct error *err);
