/*
 * Backfill: the coverage of a tracked query is extended into the past. What it is extended by is a gap (model/coverage.h), which runs close
 * as they close others, after all that are younger. Errors as store.h says.
 */
#pragma once

#include "model/project.h"
#include "model/query.h"
#include "store/store.h"

/* So many searches are the most that one backfill may take, as is estimated. */
enum { BACKFILL_SEARCHES_MAX = 2000 };

/* What a backfill would take. */
struct backfill_estimate {
	int64_t since; /* publication times from here … */
	int64_t until; /* … to here, where coverage begins now */
	int64_t searches;
	int64_t waiting; /* searches that other gaps need, which come first */
	int64_t days;    /* until all of these are made; 0 = unknown, as there is no quota */
};

/* Estimates what it takes to extend the query's coverage to SINCE. Errors: ERR_NOT_FOUND; ERR_CONFLICT before the first poll;
 * ERR_UNPROCESSABLE for a channel, and naming "since" when that is covered already, before YouTube, or too much. */
MUST_USE bool store_backfill_estimate(struct store *store, int64_t id, int64_t since, const struct quota_defaults *quota,
                                      int64_t now, struct backfill_estimate *out, struct error *err);

/* Begins it. Errors: the same. */
MUST_USE bool store_backfill_begin(struct store *store, int64_t id, int64_t since, const struct quota_defaults *quota,
                                   int64_t now, struct error *err);

/* Ends it: what is not read yet is no gap any more, and coverage begins after it. Nothing to cancel is no error. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_backfill_cancel(struct store *store, int64_t id, int64_t now, struct error *err);
