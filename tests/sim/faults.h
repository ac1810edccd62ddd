/* What goes wrong: by script ("the next two searches"), or by chance with a seed. */
#pragma once

#include "base/error.h"
#include "model/key.h"
#include "tests/sim/rng.h"

enum fault {
	FAULT_NONE,
	FAULT_503,
	FAULT_HTML,      /* 502 with a page */
	FAULT_CUT,       /* the connection ends without an answer */
	FAULT_TRUNCATED, /* half of the answer */
	FAULT_EMPTY_BODY,
	FAULT_BURST,      /* 429 per minute */
	FAULT_FORBIDDEN,  /* 403 without a reason to act on */
	FAULT_DELEGATION, /* 403 accountDelegationForbidden */
	FAULT_NO_RESULTS, /* an empty list where there are results */
	FAULT_SLOW,       /* the answer takes long */
	FAULT_COUNT
};

/* "503", "html", "cut", "truncated", "empty_body", "burst", "forbidden", "delegation", "no_results", "slow" */
const char *fault_name(enum fault fault);

/* False when there is none of this name. */
MUST_USE bool fault_of(const char *name, enum fault *out);

struct faults {
	double share[FAULT_COUNT]; /* of calls */
	struct rng rng;            /* for the shares */
	enum fault script;         /* happens to the next SCRIPT_LEFT calls of the bucket */
	int script_left;
	enum bucket script_bucket;
	bool script_both; /* whatever the bucket */
};

/* What happens to the next call. */
enum fault faults_next(struct faults *faults, enum bucket bucket);
