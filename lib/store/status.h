/* How everything stands. Errors as store.h says. */
#pragma once

#include "model/status.h"
#include "store/keys.h"
#include "store/store.h"

/* Reads everything of *OUT as it stands at NOW, its warnings too; the caller's to clear. Runs come every INTERVAL_S seconds. */
MUST_USE bool store_status_read(struct store *store, const struct quota_defaults *defaults, int64_t interval_s, int64_t now,
                                struct status *out, struct error *err);

/* When a search last went well, 0 = never. */
MUST_USE bool store_last_success(struct store *store, int64_t *out, struct error *err);
