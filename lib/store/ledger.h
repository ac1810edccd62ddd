/* What projects have spent of their quota. Errors as store.h says; ERR_NOT_FOUND where there is no such key. */
#pragma once

#include <stdint.h>

#include "model/key.h"
#include "store/store.h"

/* Of a limit of calls a day: nobody has said it. */
#define KEY_LIMIT_DEFAULT INT64_C(-1)

/* Charges one call to the key's project before it goes out, and notes the key's use. Commit before calling. */
MUST_USE bool store_quota_charge(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err);

/* The call that was charged at NOW did not go out: takes the charge back. */
MUST_USE bool store_quota_refund(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err);

/* YouTube refused a call that was made at NOW: the bucket of the key's project is spent until the end of that Pacific day.
 * PROJECT_NUMBER and LIMIT are what the refusal told ("" and -1 = nothing). Keys whose project turns out to be the same one are
 * joined, their uses added. Some hours after the first refusal, one call may find out whether it still holds. */
MUST_USE bool store_quota_spent(struct store *store, int64_t key_id, enum bucket bucket, const char *project_number,
                                int64_t limit, int64_t now, struct error *err);

/* Any answer may tell the number of the key's project: keys of one project are joined. */
MUST_USE bool store_key_learn_project(struct store *store, int64_t key_id, const char *project_number, struct error *err);

/* The project's bucket was refused on the Pacific day of NOW, and yet a call went well: it is open again, and what the refusal told
 * of its limit is forgotten. */
MUST_USE bool store_quota_good(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err);

/* ---- for keys.c ---- */

/* What is known of a project's calls in one bucket a day; the first two may be KEY_LIMIT_DEFAULT. */
struct limit {
	int64_t owner;      /* as its owner says */
	int64_t reported;   /* as a refusal told */
	int64_t configured; /* for all projects */
};

/* What PROJECT has used of BUCKET on the Pacific day of NOW, beside its LIMIT. */
MUST_USE bool ledger_read(struct store *store, int64_t project, enum bucket bucket, const struct limit *limit, int64_t now,
                          struct quota *out, struct error *err);

/* What the owner says of the key's project; KEY_LIMIT_DEFAULT takes it back. What a refusal told is forgotten, and one call may
 * find out whether today's still holds. Within a transaction. */
MUST_USE bool ledger_set_limit(struct store *store, int64_t key_id, enum bucket bucket, int64_t limit, int64_t now,
                               struct error *err);
