/* What has been read of a query's time, and how its polls went. Errors as store.h says. */
#pragma once

#include "model/coverage.h"
#include "model/doubt.h"
#include "model/query.h"
#include "store/store.h"

/* What a search for a query's newest videos did. */
struct poll {
	int64_t query_id;
	int64_t at;
	double rate;               /* videos a day, as the answer tells; 0 = it does not */
	bool empty;                /* the answer had no items */
	bool doubted[DOUBT_COUNT]; /* why answers proved less than they should */
	const char *error;         /* words, NULL = it went well */
};

/* Writes it down: attempted_at, succeeded_at, rate, empty answers and failures in a row, error, doubts. */
MUST_USE bool store_query_polled(struct store *store, const struct poll *poll, struct error *err);

/* The same for a search that was not for the newest: it leaves attempted_at, and with it the query's next poll, alone, and the empty answers
 * in a row of polls. */
MUST_USE bool store_query_searched(struct store *store, const struct poll *poll, struct error *err);

/* A second reading of so many VIDEOS showed that the first one had left out this SHARE of them, which may be below 0 by chance. */
MUST_USE bool store_omitted_learn(struct store *store, double share, double videos, struct error *err);

/* Counts SEARCHES that were made for the query on the Pacific day that begins at DAY. */
MUST_USE bool store_query_charge(struct store *store, int64_t id, int64_t day, int64_t searches, struct error *err);

/* Writes down a search at AT that the query shared with others, and what is to be remembered of such searches. */
MUST_USE bool store_query_scouted(struct store *store, int64_t id, int64_t at, const struct scouts *scouts, struct error *err);

/* When the planner means to poll the query next; shown to readers. */
MUST_USE bool store_query_set_next_poll(struct store *store, int64_t id, int64_t at, struct error *err);

/* The whole coverage of a query, the caller's to clear. */
MUST_USE bool store_coverage_read(struct store *store, int64_t query_id, struct coverage *out, struct error *err);

/* Of its gaps, newest first, LIMIT after the first OFFSET; the caller's to clear. */
MUST_USE bool store_gaps_list(struct store *store, int64_t query_id, int64_t limit, int64_t offset, struct coverage *out,
                              struct error *err);

/* Replaces it, compacted as of NOW (model/coverage.h). */
MUST_USE bool store_coverage_write(struct store *store, int64_t query_id, struct coverage *coverage, int64_t now,
                                   struct error *err);
