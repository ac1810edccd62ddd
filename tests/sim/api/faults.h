/* What goes wrong: by script ("the next two searches"), or by chance with a seed. */
#pragma once

#include "base/error.h"
#include "model/key.h"
#include "tests/sim/api/method.h"
#include "tests/sim/api/refusals.h"
#include "tests/sim/world/rng.h"

enum fault {
	FAULT_NONE,
	FAULT_503,
	FAULT_HTML,      /* 502 with a page */
	FAULT_CUT,       /* the connection ends without an answer */
	FAULT_TRUNCATED, /* half of the answer, then the end of the connection */
	FAULT_EMPTY_BODY,
	FAULT_BURST,      /* 429 per minute */
	FAULT_FORBIDDEN,  /* 403 without a reason to act on */
	FAULT_DELEGATION, /* 403 accountDelegationForbidden */
	FAULT_NO_RESULTS, /* an empty list where there are results */
	FAULT_SLOW,       /* the answer takes long */
	FAULT_HALF_JSON,  /* a complete answer that holds half of the JSON */
	FAULT_RESET,      /* the connection is reset without an answer */
	FAULT_LENGTH,     /* the whole answer, with a Content-Length that promises more */
	FAULT_SPENT,      /* refused as if the bucket were used up: by another program, say */
	FAULT_REFUSED,    /* a refusal by its name (refusals.h) */
	FAULT_COUNT
};

/* "503", "html", "cut", "truncated", "empty_body", "burst", "forbidden", "delegation", "no_results", "slow", "half_json",
 * "reset", "length", "spent", "refused" */
const char *fault_name(enum fault fault);

/* False when there is none of this name. */
MUST_USE bool fault_of(const char *name, enum fault *out);

/* A step of the script: what happens to the next COUNT calls of METHOD. */
struct fault_step {
	enum fault fault;
	const struct refusal *refusal; /* of FAULT_REFUSED; NULL otherwise */
	enum sim_method method;        /* SIM_ANY = whichever it is */
	int count;
};

enum { FAULT_STEPS_MAX = 64 };

struct faults {
	double share[FAULT_COUNT]; /* of calls of the Data API */
	struct rng rng;            /* for the shares */
	enum fault script;         /* happens to the next SCRIPT_LEFT calls of the bucket, before all steps */
	int script_left;
	enum bucket script_bucket;
	bool script_both;                         /* whatever the bucket */
	struct fault_step steps[FAULT_STEPS_MAX]; /* the first one that is for the method and not used up happens */
	size_t step_count;
};

/* Adds a step to the script. False when it is full. */
MUST_USE bool faults_add(struct faults *faults, const struct fault_step *step);

/* Ends the script. */
void faults_forget(struct faults *faults);

/* The bucket that a call is charged to; BUCKET_COUNT for what costs nothing. */
enum bucket sim_bucket(enum sim_method method);

/* What happens to the next call; *REFUSAL with FAULT_REFUSED. */
enum fault faults_next(struct faults *faults, enum sim_method method, const struct refusal **refusal);
