/* Inside lib/store only: what a project has spent. */
#pragma once

#include "store/keys.h"

#define LIMIT_UNKNOWN KEY_LIMIT_DEFAULT

/* What is known of a project's calls in one bucket a day; the first two may be LIMIT_UNKNOWN. */
struct limit {
	int64_t owner;     /* as its owner says */
	int64_t told;      /* as a refusal told */
	int64_t otherwise; /* as configured */
};

/* What PROJECT has used of BUCKET on the Pacific day of NOW, beside its LIMIT. */
MUST_USE bool ledger_read(struct store *store, int64_t project, enum bucket bucket, const struct limit *limit, int64_t now,
                          struct quota *out, struct error *err);

/* The owner's word on the key's project; LIMIT_UNKNOWN takes it back. What a refusal told is forgotten, and one call may find out
 * whether today's still holds. Inside a transaction. Errors: ERR_NOT_FOUND. */
MUST_USE bool ledger_set_limit(struct store *store, int64_t key_id, enum bucket bucket, int64_t limit, int64_t now,
                               struct error *err);
