#include "store/status.h"

#include "model/quota_day.h"
#include "store/internal.h"
#include "store/quarantine.h"
#include "store/queries.h"
#include "store/refresh.h"
#include "store/runs.h"

enum { RUNS_SHOWN = 10, WAITING_MAX = 10000 };

enum status_statement { LAST_SUCCESS, VISITOR_QUERIES, LAST_RUN };

static const char *const sql[] = {
    [LAST_SUCCESS] = "SELECT max(succeeded_at) FROM query",
    [VISITOR_QUERIES] = "SELECT count(*) FROM query WHERE origin = " SQL_VISITOR " AND entry_state = " SQL_ACTIVE,
    [LAST_RUN] = "SELECT finished_at FROM run WHERE finished_at > 0 ORDER BY id DESC LIMIT 1",
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

static bool read_status(struct store *store, const struct quota_defaults *defaults, struct status *out, struct error *err)
{
	int64_t now = out->now;

	return store_video_count(store, &out->videos, err) && store_quarantine_count(store, &out->hidden, err) &&
	       store_refresh_count(store, now, 0, WAITING_MAX, &out->waiting, err) &&
	       read_number(store, LAST_RUN, &out->last_run_at, err) && store_last_success(store, &out->last_success_at, err) &&
	       store_runs_list(store, RUNS_SHOWN, &out->runs, err) &&
	       store_queries_list(store, QUERIES_PUBLIC, now, &out->queries, err) &&
	       store_queries_read_gaps(store, out->queries.items, out->queries.count, err) &&
	       read_number(store, VISITOR_QUERIES, &out->visitor_queries, err) &&
	       store_keys_list(store, defaults, now, &out->keys, err) &&
	       store_schedule_read(store, quota_day_start(now), &out->schedule, err) &&
	       engine_size_bytes(store, &out->size_bytes, err) && engine_index_segments(store, &out->fts_segments, err) &&
	       status_warn(out, err);
}

bool store_status_read(struct store *store, const struct quota_defaults *defaults, int64_t interval_s, int64_t now,
                       struct status *out, struct error *err)
{
	AUTO(status_clear) struct status status = {.now = now, .interval_s = interval_s, .resets_at = quota_day_end(now)};

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
