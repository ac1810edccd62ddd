#include "store/status.h"

#include "model/quota_day.h"
#include "store/refresh.h"
#include "store/sqlite/connection.h"
#include "store/quarantine.h"
#include "store/schedule.h"
#include "store/queries.h"
#include "store/runs.h"
#include "store/sqlite/fts_index.h"

enum { RUNS_SHOWN = 10, WAITING_MAX = 10000 };

enum status_statement { LAST_SUCCESS, VISITOR_QUERIES, SIZE, LAST_RUN };

static const char *const sql[] = {
    [LAST_SUCCESS] = "SELECT coalesce(max(succeeded_at), 0) FROM query",
    [VISITOR_QUERIES] = "SELECT count(*) FROM query WHERE origin = 2 AND entry_state = 0",
    [SIZE] = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    [LAST_RUN] = "SELECT coalesce((SELECT finished_at FROM run WHERE finished_at > 0 ORDER BY id DESC LIMIT 1), 0)",
};

const struct statements status_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static bool read_number(struct store *store, enum status_statement which, int64_t *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = db_use(store, NOUN_STATUS, (int)which);

	if (!db_row(store, get, "number", err))
		return false;
	*out = sqlite3_column_int64(get, 0);
	return true;
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
	       read_number(store, VISITOR_QUERIES, &out->visitor_queries, err) &&
	       store_keys_list(store, defaults, now, &out->keys, err) &&
	       store_schedule_read(store, quota_day_start(now), &out->schedule, err) &&
	       read_number(store, SIZE, &out->size_bytes, err) && store_index_segments(store, &out->fts_segments, err) &&
	       status_warn(out, err);
}

bool store_status_read(struct store *store, const struct quota_defaults *defaults, int64_t interval_s, int64_t now,
                       struct status *out, struct error *err)
{
	AUTO(status_clear) struct status status = {.now = now, .interval_s = interval_s, .resets_at = quota_day_end(now)};
	bool own = false;
	bool done = db_read_begin(store, &own, err) && read_status(store, defaults, &status, err);

	db_read_end(store, own);
	if (!done)
		return false;
	*out = status;
	status = (struct status){0};
	return true;
}
