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
 * PROJECT_NUMBER and LIMIT are what the refusal reported ("" and -1 = nothing). Keys whose project turns out to be the same one are
 * joined, their uses added. Some hours after the first refusal, one call may find out whether it still holds. */
MUST_USE bool store_quota_spent(struct store *store, int64_t key_id, enum bucket bucket, const char *project_number,
                                int64_t limit, int64_t now, struct error *err);

/* Any answer may tell the number of the key's project: keys of one project are joined. */
MUST_USE bool store_key_learn_project(struct store *store, int64_t key_id, const char *project_number, struct error *err);

/* The project's bucket was refused on the Pacific day of NOW, and yet a call went well: it is open again, and the limit that
 * the refusal reported is forgotten. */
MUST_USE bool store_quota_good(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err);
