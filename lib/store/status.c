#include "store/status.h"

#include "base/timestamp.h"
#include "model/quota_day.h"
#include "store/alerts/alerts.h"
#include "store/alerts/outbox.h"
#include "store/files/backup_log.h"
#include "store/channels/followed.h"
#include "store/internal.h"
#include "store/push/feeds.h"
#include "store/push/subscriptions.h"
#include "store/upkeep/quarantine.h"
#include "store/queries.h"
#include "store/upkeep/refresh.h"
#include "store/runs.h"

enum { RUNS_SHOWN = 10, WAITING_MAX = 10000, FOUND_DAYS = 7 };

enum status_statement { LAST_SUCCESS, VISITOR_QUERIES, LAST_RUN, LAST_FAILURE, IS_USED, CLOCK_AHEAD, FOUND_SINCE, RECOUNT_UNITS };

/* Queries whose success tells that searching goes well; of nothing but channels all tell. */
#define IS_POLLED                                                                                                                \
	"(q.source = " SQL_SEARCH " OR NOT EXISTS (SELECT 1 FROM query s WHERE s.source = " SQL_SEARCH                           \
	" AND s.entry_state = " SQL_ACTIVE "))"

static const char *const sql[] = {
    [LAST_SUCCESS] = "SELECT max(succeeded_at) FROM query q WHERE q.origin <> " SQL_VISITOR " AND " IS_POLLED,
    [VISITOR_QUERIES] = "SELECT count(*) FROM query WHERE origin = " SQL_VISITOR " AND entry_state = " SQL_ACTIVE,
    [CLOCK_AHEAD] = ("SELECT coalesce((SELECT clock_ahead_s FROM run WHERE searches + units > 0 AND finished_at > 0"
                     " ORDER BY id DESC LIMIT 1), 0)"),
    [LAST_RUN] = "SELECT finished_at FROM run WHERE finished_at > 0 ORDER BY id DESC LIMIT 1",
    /* Runs in which nothing was due say nothing. Most runs are such ones: it does not look far back for another. */
    [LAST_FAILURE] =
	"SELECT error FROM run WHERE id > (SELECT max(id) FROM run) - 200 AND finished_at > 0"
	" AND (searches > 0 OR failures > 0)"
	" AND started_at > (SELECT coalesce(max(succeeded_at), 0) FROM query q WHERE " IS_POLLED ") ORDER BY id DESC LIMIT 1",
    [FOUND_SINCE] = "SELECT coalesce(sum(matches), 0) FROM found_count WHERE how = ?1 AND day > ?2",
    [RECOUNT_UNITS] = "SELECT coalesce(sum(recount_units), 0) FROM run WHERE recount_units > 0 AND started_at >= ?1",
    [IS_USED] = "SELECT 1 FROM api_key UNION ALL SELECT 1 FROM video UNION ALL SELECT 1 FROM quarantine LIMIT 1",
};

const struct statements status_statements = STATEMENTS(sql);

static bool read_number(struct store *store, enum status_statement which, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[which]), out, err);
}

bool store_last_success(struct store *store, int64_t *out, struct error *err)
{
	return read_number(store, LAST_SUCCESS, out, err);
}

bool store_is_used(struct store *store, bool *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[IS_USED]);

	return statement_step(get, out, err);
}

bool store_last_failure(struct store *store, char **out, struct error *err)
{
	AUTO(statement_done) struct statement *last = statement_use(store, sql[LAST_FAILURE]);
	bool row = false;

	*out = NULL;
	return statement_step(last, &row, err) && (!row || column_copy(last, 0, out, err));
}

static bool read_ways(struct store *store, struct status *out, struct error *err)
{
	for (enum found_how how = 0; how < FOUND_HOW_COUNT; how++) {
		struct statement *get = statement_use(store, sql[FOUND_SINCE]);

		bind_ints(get, INTS(how, out->now - FOUND_DAYS * SECONDS_PER_DAY));
		if (!statement_number(get, &out->found[how], err))
			return false;
	}
	return store_subscriptions_count(store, out->now, &out->push_wanted, &out->push_alive, err) &&
	       store_subscriptions_denied(store, &out->push_denied, out->push_reason, err) &&
	       store_host_get(store, HOST_HUB, &out->push_hub, err);
}

static bool read_recount_units(struct store *store, struct status *out, struct error *err)
{
	struct statement *get = statement_use(store, sql[RECOUNT_UNITS]);

	bind_int(get, 1, quota_day_start(out->now));
	return statement_number(get, &out->recount_units, err);
}

static bool read_status(struct store *store, const struct quota_defaults *defaults, struct status *out, struct error *err)
{
	int64_t now = out->now;

	return store_video_count(store, &out->videos, err) && store_quarantine_count(store, &out->hidden, err) &&
	       store_refresh_count(store, now, 0, WAITING_MAX, &out->waiting, err) &&
	       store_followed_count(store, &out->followed, err) && read_number(store, LAST_RUN, &out->last_run_at, err) &&
	       read_number(store, CLOCK_AHEAD, &out->clock_ahead_s, err) &&
	       store_last_success(store, &out->last_success_at, err) && store_runs_list(store, RUNS_SHOWN, &out->runs, err) &&
	       store_queries_list(store, QUERIES_PUBLIC, now, &out->queries, err) &&
	       read_number(store, VISITOR_QUERIES, &out->visitor_queries, err) && read_ways(store, out, err) &&
	       store_keys_list(store, defaults, now, &out->keys, err) &&
	       store_schedule_read(store, quota_day_start(now), &out->schedule, err) && read_recount_units(store, out, err) &&
	       engine_size_bytes(store, &out->size_bytes, err) && engine_wal_bytes(store, &out->wal_bytes, err) &&
	       engine_room_bytes(store, &out->room_bytes, err) && engine_index_segments(store, &out->fts_segments, err) &&
	       store_unindexed_count(store, &out->unindexed, err) &&
	       store_alerts_count_failing(store, now, &out->alerts_failing, err) &&
	       store_deliveries_count_waiting(store, &out->alerts_waiting, err) &&
	       store_backup_log_read(store, &out->backup, err) && store_last_failure(store, &out->failure, err) &&
	       status_judge(out, err);
}

bool store_status_read(struct store *store, const struct quota_defaults *defaults, int64_t interval_s, int64_t started_at,
                       int64_t now, struct status *out, struct error *err)
{
	AUTO(status_clear)
	struct status status = {.now = now, .interval_s = interval_s, .started_at = started_at, .resets_at = quota_day_end(now)};

	if (!store_read_begin(store, err))
		return false;
	bool done = read_status(store, defaults, &status, err);
	store_read_end(store);
	if (!done)
		return false;
	*out = status;
	status = (struct status){0};
	return true;
}
