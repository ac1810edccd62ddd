/* Refusals by name, as YouTube words them: one for every reason that its documentation and its answers know. */
#pragma once

#include "tests/sim/api/errors.h"

struct refusal {
	const char *name;       /* "playlistNotFound", "API_KEY_EXPIRED", "414" */
	struct sim_error error; /* without message: a page of HTML; with project "": of the key that asked */
};

/* NULL when there is none of this name. */
const struct refusal *refusal_of(const char *name);

/* All of them, for lists and loops; NULL past the end. */
const struct refusal *refusal_at(unsigned i);
