/* How everything stands. Errors as store.h says. */
#pragma once

#include "model/status.h"
#include "store/keys.h"
#include "store/store.h"

/* Reads everything of *OUT as it stands at NOW, and judges it; the caller's to clear. The gaps of its queries are only counted:
 * store_queries_read_gaps() reads those that are shown. Runs come every INTERVAL_S seconds. STARTED_AT is
 * when newsreel-web did, 0 = unknown. */
MUST_USE bool store_status_read(struct store *store, const struct quota_defaults *defaults, int64_t interval_s,
                                int64_t started_at, int64_t now, struct status *out, struct error *err);

/* What failed in the last run that tried anything, unless a search has succeeded since it began: then NULL. The caller's to free. */
MUST_USE bool store_last_failure(struct store *store, char **out, struct error *err);

/* Whether the database holds, or ever held, something of its own: an API key, also a removed one, or a video, also a hidden one. */
MUST_USE bool store_is_used(struct store *store, bool *out, struct error *err);

/* When a search last went well, 0 = never. */
MUST_USE bool store_last_success(struct store *store, int64_t *out, struct error *err);
