/* API keys, their projects and the ledger of quota. Errors as store.h says. */
#pragma once

#include <stdint.h>

#include "base/text.h"
#include "model/key.h"
#include "store/store.h"

/* Quota of a project that neither a refusal nor its owner told otherwise: calls per Pacific day, by bucket. */
struct quota_defaults {
	int64_t per_day[BUCKET_COUNT];
};

/* All keys that are not removed, in the order in which they are tried, each with its project's quota of the Pacific day of NOW.
 */
MUST_USE bool store_keys_list(struct store *store, const struct quota_defaults *defaults, int64_t now, struct key_list *out,
                              struct error *err);

/* Errors: ERR_NOT_FOUND. */
MUST_USE bool store_key_get(struct store *store, int64_t id, const struct quota_defaults *defaults, int64_t now, struct key *out,
                            struct error *err);

/* Whether there is any key that is not removed. */
MUST_USE bool store_keys_exist(struct store *store, bool *out, struct error *err);

/* Adds a key (checked by config_check_key) for its owner, with a project of its own until YouTube tells otherwise. A removed one
 * comes back as new, with its project. LABEL may be NULL. Errors: ERR_CONFLICT when it is known; no text shows the key. */
MUST_USE bool store_key_add(struct store *store, const char *secret, const char *label, int64_t now, int64_t *id,
                            struct error *err);

/* Pauses, resumes (health becomes new: the next tick tries it) or removes a key. Removing overwrites nothing of the project's
 * ledger. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_key_set_presence(struct store *store, int64_t id, enum presence presence, struct error *err);

/* What YouTube said of the key. REASON is NULL for KEY_OK. */
MUST_USE bool store_key_set_health(struct store *store, int64_t id, enum key_health health, const char *reason, int64_t now,
                                   struct error *err);

/* Keys whose API is off or that are restricted, as somebody may have changed by now, are new again when that was heard before
 * BEFORE. */
MUST_USE bool store_keys_retry(struct store *store, int64_t before, struct error *err);

/* Quota of the key's project a day, as its owner says. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_key_set_limit(struct store *store, int64_t key_id, enum bucket bucket, int64_t limit, struct error *err);

/* LABEL NULL or "" removes it. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_key_set_label(struct store *store, int64_t id, const char *label, struct error *err);

/* Takes over what YOUTUBE_API_KEYS lists, in its order (model/origin.h). */
MUST_USE bool store_keys_follow_variable(struct store *store, const struct text_list *secrets, int64_t now, struct error *err);

/* Charges one call to the key's project before it goes out, and notes the key's use. Commit before calling. */
MUST_USE bool store_quota_charge(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err);

/* YouTube refused: the bucket of the key's project is spent until the end of the Pacific day of NOW. PROJECT_NUMBER and LIMIT are
 * what the refusal told ("" and -1 = nothing). Keys whose project turns out to be the same one are joined, their uses added. Once
 * a day, some hours after the first refusal, one call may find out whether it still holds. */
MUST_USE bool store_quota_spent(struct store *store, int64_t key_id, enum bucket bucket, const char *project_number,
                                int64_t limit, int64_t now, struct error *err);

/* The project's bucket was refused today, and yet a call went well. */
MUST_USE bool store_quota_good(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err);
