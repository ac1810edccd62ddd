#include "store/tracking/backfill.h"

#include <math.h>

#include "base/timestamp.h"
#include "model/schedule.h"
#include "store/coverage.h"
#include "store/internal.h"
#include "store/keys.h"
#include "store/queries.h"

enum backfill_statement { BACKFILL_SET };

static const char *const sql[] = {
    [BACKFILL_SET] = "UPDATE query SET backfill_since = ?2, backfill_until = ?3 WHERE id = ?1",
};

const struct statements backfill_statements = STATEMENTS(sql);

static const int64_t first_video = 1114232400; /* 23 April 2005: YouTube's first one */

/* Where a query's rate is not known, a window of a month is assumed. */
static const int64_t unknown_page_s = 30 * SECONDS_PER_DAY;

/* ---- the estimate ---- */

static int64_t searches_for(const struct query *query, int64_t seconds)
{
	int64_t page_s = query_page_s(query) ? query_page_s(query) : unknown_page_s;

	return (seconds + page_s - 1) / page_s;
}

static int64_t searches_waiting(const struct query_list *queries)
{
	int64_t searches = 0;

	for (size_t i = 0; i < queries->count; i++)
		if (query_is_polled(&queries->items[i]))
			searches += searches_for(&queries->items[i], queries->items[i].missing_s);
	return searches;
}

/* How long SEARCHES for gaps take: of each day's quota gaps have a part. */
static bool estimate_days(struct store *store, const struct query_list *queries, const struct quota_defaults *quota, int64_t now,
                          struct backfill_estimate *out, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};

	if (!store_keys_list(store, quota, now, &keys, err))
		return false;
	int64_t limit = key_list_limit(&keys, BUCKET_SEARCHES);
	double a_day = (double)limit * schedule_gaps_share(schedule_scarcity(queries, limit), true);
	out->days = a_day > 0 ? (int64_t)ceil((double)(out->searches + out->waiting) / a_day) : 0;
	return true;
}

static bool check(const struct query *query, int64_t since, struct error *err)
{
	char covered[TIMESTAMP_SIZE], kept[TIMESTAMP_SIZE];

	if (query->source == QUERY_SOURCE_CHANNEL)
		return error_set(err, ERR_UNPROCESSABLE, "a channel is not searched for: there is nothing to backfill");
	if (query->covered_since == 0)
		return error_set(err, ERR_CONFLICT, "the query was not polled yet: try again after its first poll");
	if (since < query->kept_since) {
		timestamp_format(query->kept_since, kept);
		return error_set_field(err, ERR_UNPROCESSABLE, "since", "videos from before %s are not kept", kept);
	}
	timestamp_format(query->covered_since, covered);
	if (since >= query->covered_since)
		return error_set_field(err, ERR_UNPROCESSABLE, "since", "coverage begins at %s already", covered);
	return since >= first_video || error_set_field(err, ERR_UNPROCESSABLE, "since", "there are no videos before 2005-04-23");
}

bool store_backfill_estimate(struct store *store, int64_t id, int64_t since, const struct quota_defaults *quota, int64_t now,
                             struct backfill_estimate *out, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(query_clear) struct query query = {0};

	if (!store_query_get(store, id, now, &query, err) || !check(&query, since, err) ||
	    !store_queries_list(store, QUERIES_PUBLIC, now, &queries, err))
		return false;
	struct backfill_estimate estimate = {.since = since,
	                                     .until = query.covered_since,
	                                     .searches = searches_for(&query, query.covered_since - since),
	                                     .waiting = searches_waiting(&queries)};
	if (estimate.searches > BACKFILL_SEARCHES_MAX)
		return error_set_field(err, ERR_UNPROCESSABLE, "since", "about %lld searches would be needed, allowed are %d",
		                       (long long)estimate.searches, BACKFILL_SEARCHES_MAX);
	if (!estimate_days(store, &queries, quota, now, &estimate, err))
		return false;
	*out = estimate;
	return true;
}

/* ---- beginning and ending ---- */

static bool set(struct store *store, int64_t id, int64_t since, int64_t until, struct coverage *coverage, int64_t now,
                struct error *err)
{
	return statement_run_ints(store, sql[BACKFILL_SET], INTS(id, since, until), err) &&
	       store_coverage_write(store, id, coverage, now, err);
}

static bool begin(struct store *store, int64_t id, int64_t since, const struct quota_defaults *quota, int64_t now,
                  struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct backfill_estimate estimate = {0};

	if (!store_backfill_estimate(store, id, since, quota, now, &estimate, err) ||
	    !store_query_get(store, id, now, &query, err) || !store_coverage_read(store, id, &coverage, err))
		return false;
	const struct interval gap = {.since = since, .until = estimate.until, .reason = GAP_BEFORE_TRACKING};
	bool continues = query.backfill.until > 0 && query.backfill.since == estimate.until;
	return coverage_set(&coverage, &gap, err) &&
	       set(store, id, since, continues ? query.backfill.until : estimate.until, &coverage, now, err);
}

bool store_backfill_begin(struct store *store, int64_t id, int64_t since, const struct quota_defaults *quota, int64_t now,
                          struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, begin(store, id, since, quota, now, err), err);
}

static bool cancel(struct store *store, int64_t id, int64_t now, struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(coverage_clear) struct coverage coverage = {0};

	if (!store_query_get(store, id, now, &query, err) || !store_coverage_read(store, id, &coverage, err))
		return false;
	coverage_cut_gaps(&coverage, query.backfill.until);
	return set(store, id, 0, 0, &coverage, now, err);
}

bool store_backfill_cancel(struct store *store, int64_t id, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, cancel(store, id, now, err), err);
}
