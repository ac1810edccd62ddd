/*
 * How long videos are kept. Each query has a time, `kept_since`: what it found and was published before then is removed, unless another
 * query that found it keeps it longer; videos that no query found have one of their own. It is a midnight, UTC, so that there is something to do
 * once a day, and coverage begins there at the earliest. Errors as store.h says.
 */
#pragma once

#include <stdint.h>

#include "store/store.h"

/* What the configuration says; 0 = no limit. */
struct retention {
	int64_t days; /* since publication, unless a query says otherwise (model/query.h) */
	int64_t
	    videos; /* whatever queries say: the oldest go, and as many as were published on a day may stay beyond this number */
};

/* Brings kept_since of all queries up to date, and cuts their coverage: to be called by each run before it plans. */
MUST_USE bool store_retention_follow(struct store *store, const struct retention *retention, int64_t now, struct error *err);

/* Removes up to LIMIT videos that are no longer kept, in one short transaction; hidden ones too. *LEFT tells whether there may be more. */
MUST_USE bool store_retention_remove(struct store *store, int64_t limit, bool *left, struct error *err);

/* Whether the query keeps a video that was published at TIME. */
MUST_USE bool store_query_keeps(struct store *store, int64_t query_id, int64_t time, bool *out, struct error *err);
