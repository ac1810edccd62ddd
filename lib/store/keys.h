/* API keys and their projects; ledger.h has the quota. Errors as store.h says. */
#pragma once

#include <stdint.h>

#include "base/text_list.h"
#include "model/key.h"
#include "store/quota/ledger.h"

/* All keys that are not removed, in the order in which they are tried, each with its project's quota of the Pacific day of NOW.
 */
MUST_USE bool store_keys_list(struct store *store, const struct quota_defaults *defaults, int64_t now, struct key_list *out,
                              struct error *err);

/* Errors: ERR_NOT_FOUND. */
MUST_USE bool store_key_get(struct store *store, int64_t id, const struct quota_defaults *defaults, int64_t now, struct key *out,
                            struct error *err);

/* Whether there is any key that is not removed. */
MUST_USE bool store_keys_exist(struct store *store, bool *out, struct error *err);

/* Adds a key (checked by key_check) for its owner, with a project of its own until YouTube reports another. A removed one
 * comes back as new, with its project. LABEL may be NULL. Errors: ERR_CONFLICT when it is known; no text shows the key. */
MUST_USE bool store_key_add(struct store *store, const char *secret, const char *label, int64_t now, int64_t *id,
                            struct error *err);

/* Pauses, resumes (health becomes new: the next run tries it) or removes a key. Removing it leaves the project's ledger alone. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_key_set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err);

/* What YouTube said of the key. REASON is NULL for KEY_OK. */
MUST_USE bool store_key_set_health(struct store *store, int64_t id, enum key_health health, const char *reason, int64_t now,
                                   struct error *err);

/* Keys whose API is off or that are restricted, as somebody may have changed by now, are new again when that was heard before
 * BEFORE. */
MUST_USE bool store_keys_retry(struct store *store, int64_t before, struct error *err);

/* YouTube refused a call with the key and gave no reason. REQUEST tells what was asked for from other requests. *DISABLED becomes
 * true when that has happened to several different requests in a row, over an hour at least: it must be the key. A call that goes
 * well (store_key_set_health) begins the count anew. */
MUST_USE bool store_key_refused(struct store *store, int64_t id, int64_t request, int64_t now, bool *disabled, struct error *err);

/* What an owner may change of a key; the limits belong to its project. */
struct key_change {
	bool sets_state;
	enum entry_state entry_state;
	bool sets_label;
	const char *label; /* NULL or "" removes it */
	bool sets_limit[BUCKET_COUNT];
	int64_t limit[BUCKET_COUNT]; /* calls a day; KEY_LIMIT_DEFAULT = as configured, or as a refusal tells */
};

/* All of it or nothing. A resumed key is as new; a changed limit lets one call find out at once whether a refusal of today still
 * holds. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_key_change(struct store *store, int64_t id, const struct key_change *wanted, int64_t now, struct error *err);

/* Takes over what YOUTUBE_API_KEYS lists, in its order (model/origin.h). */
MUST_USE bool store_keys_follow_variable(struct store *store, const struct text_list *secrets, int64_t now, struct error *err);
