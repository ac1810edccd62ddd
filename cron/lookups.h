/* Calls of videos.list: full descriptions, durations and counts of new videos, the refresh of all others before they are due, live
 * ones around their times, and videos that YouTube no longer has. A new key is tried by the same call. */
#pragma once

#include "cron/run.h"

/* How many videos wait for a lookup, counted up to 100,000 of each kind. */
MUST_USE bool lookups_count_waiting(struct fetch_run *run, int64_t *out, struct error *err);

/* Quarantines what was not refreshed in time: also without any key. */
MUST_USE bool lookups_quarantine(struct fetch_run *run, struct error *err);

/* One call for the videos that are next, if there are any. A failed call is noted in the run, and the rest is left to the next
 * run. False only when the run cannot go on. */
MUST_USE bool lookups_make(struct fetch_run *run, struct error *err);

/* Appends canaries to IDS: videos that YouTube has. When one comes back without the others, these are missing, and the answer is no fault. The
 * first of them is one that videos.list gave before, where there is one: *WANTED is the number of ids with it. */
MUST_USE bool lookups_add_canaries(struct store *store, struct text_list *ids, size_t *wanted, struct error *err);

/* Whether ANSWER has one of IDS, be it in a form that cannot be saved. */
bool lookups_any_given(const struct details_answer *answer, const struct text_list *ids);

/* How many new videos a call for their numbers would be worth making for. */
MUST_USE bool lookups_count_recounts(struct fetch_run *run, int64_t *out, struct error *err);

/* The same call for the numbers of new videos, if any are due. */
MUST_USE bool lookups_recount(struct fetch_run *run, struct error *err);

/* One call with this key only, to learn whether it works. */
MUST_USE bool lookups_try_key(struct fetch_run *run, int64_t key_id, struct error *err);
