#include "cron/cycle.h"

#include "base/log.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "cron/budget/budget.h"
#include "cron/budget/scouts.h"
#include "cron/lookups.h"
#include "cron/noise.h"
#include "cron/push/feeds.h"
#include "cron/push/notes.h"
#include "cron/push/subscriptions.h"
#include "cron/scout.h"
#include "cron/search.h"
#include "cron/uploads.h"
#include "model/quota_day.h"
#include "store/changes/changes.h"
#include "store/coverage.h"
#include "store/channels/followed.h"
#include "store/queries.h"
#include "store/upkeep/refresh.h"
#include "store/upkeep/retention.h"
#include "store/runs.h"
#include "store/tracking/settings.h"

enum {
	VISITOR_DAYS = 7,     /* a visitor's query is tracked so long after its last post */
	REVISION_DAYS = 30,   /* revisions are kept so long */
	INDEX_STEP = 10000,   /* videos put into the search index before the clock is asked … */
	STEPS_SHARE = 4,      /* … whether the run has done so for so much of a run's interval: 1 / STEPS_SHARE */
	CHANGES_STEP = 20000, /* videos marked as changed in a run, because of their channels and queries */
	REMOVE_STEP = 500, /* videos removed in a transaction, as those no longer kept are, for as long as STEPS_SHARE allows */
};

static const char default_query[] = "rocket launch";

bool cycle_follow_environment(struct store *store, const struct config *config, int64_t now, struct error *err)
{
	return store_keys_follow_variable(store, &config->api_keys, now, err) &&
	       store_queries_follow_variable(store, &config->queries, default_query, now, err);
}

/* ---- calls ---- */

static void log_call(const struct planned_call *call)
{
	static const char *const kinds[] = {[PLAN_TRY_KEY] = "try a key",
	                                    [PLAN_SEARCH] = "search",
	                                    [PLAN_LOOKUP] = "look up",
	                                    [PLAN_UPLOADS] = "read uploads",
	                                    [PLAN_RECOUNT] = "count again"};
	const struct search_job *job = &call->job;
	struct log_field fields[] = {LOG_TEXT("query", job->query ? job->query->text : ""),
	                             LOG_TEXT("for", budget_category_name(job->category)), LOG_END};

	log_line(LOG_DEBUG, kinds[call->kind], call->kind == PLAN_SEARCH ? fields : NULL);
}

/* What it cost is charged also when it failed, before anything else can go wrong. */
static bool search(struct fetch_run *run, const struct budget_input *input, const struct search_job *job,
                   struct schedule_table *schedule, struct error *err)
{
	struct error ignored;
	int64_t before = run->client.made[BUCKET_SEARCHES];
	bool done = job->category == BUDGET_SCOUTS ? scout_run(run, job, err) : search_job_run(run, job, err);
	int64_t searches = run->client.made[BUCKET_SEARCHES] - before;

	store_rollback(run->store);
	if (searches == 0)
		return done;
	budget_charge(input, job->category, searches, schedule);
	return store_schedule_write(run->store, input->day, schedule, done ? err : &ignored) &&
	       (!job->query || store_query_charge(run->store, job->query->id, input->day, searches, done ? err : &ignored)) &&
	       done;
}

static bool make_call(struct fetch_run *run, const struct budget_input *input, const struct planned_call *call,
                      struct schedule_table *schedule, struct error *err)
{
	log_call(call);
	switch (call->kind) {
	case PLAN_TRY_KEY:
		return lookups_try_key(run, call->key_id, err);
	case PLAN_SEARCH:
		/* The searches before may have taken more pages than planned. */
		if (run->searches_over || (call->job.category != BUDGET_NEW_QUERIES && !budget_is_due(input)))
			return true;
		return search(run, input, &call->job, schedule, err);
	case PLAN_LOOKUP:
		return run->units_over || lookups_make(run, err);
	case PLAN_UPLOADS:
		return run->units_over || run->uploads_over || uploads_read(run, call->channel, err);
	case PLAN_RECOUNT:
		return run->units_over || lookups_recount(run, err);
	}
	return error_set(err, ERR_INTERNAL, "no such call");
}

/* The day's forecast, until its first search brings a newer one. */
static bool write_forecast(struct fetch_run *run, const struct budget_input *input, struct schedule_table *schedule,
                           struct error *err)
{
	if (schedule->of[BUDGET_ALL].planned > 0 || key_list_left(input->keys, BUCKET_SEARCHES, input->now) == 0)
		return true;
	budget_forecast(input, schedule);
	return store_schedule_write(run->store, input->day, schedule, err);
}

/* ---- the run ---- */

/* A key that YouTube refuses is a failure of the run when no good one is left. */
static bool note_disabled_keys(struct fetch_run *run, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};

	if (run->client.keys_disabled == 0)
		return true;
	if (!store_keys_list(run->store, &run->client.quota, clock_now(&run->clock), &keys, err))
		return false;
	if (key_list_any_good(&keys)) {
		log_line(LOG_WARN, run->client.disabled_reason, NULL);
		return true;
	}
	run->result->failures += run->client.keys_disabled;
	return text_replace(&run->result->error, run->client.disabled_reason, err);
}

/* Channels of matches from before, as after an upgrade: step by step, until none is left or this run has spent its time on them. */
static bool follow_known_channels(struct fetch_run *run, struct error *err)
{
	int64_t until = clock_now(&run->clock) + run->config->interval_s / STEPS_SHARE;
	bool more = true;

	while (more && clock_now(&run->clock) <= until)
		if (!store_follow_known(run->store, clock_now(&run->clock), &more, err))
			return false;
	return true;
}

/* Videos that are no longer kept: step by step, as above. Then their room is given back. */
static bool remove_old(struct fetch_run *run, struct error *err)
{
	int64_t until = clock_now(&run->clock) + run->config->interval_s / STEPS_SHARE;
	bool left = true;

	while (left && clock_now(&run->clock) <= until)
		if (!store_retention_remove(run->store, REMOVE_STEP, &left, err))
			return false;
	for (left = true; left && clock_now(&run->clock) <= until;)
		if (!store_shrink(run->store, &left, err))
			return false;
	return true;
}

/* What a run leaves is for the next one. */
static bool tidy(struct fetch_run *run, struct error *err)
{
	int64_t now = clock_now(&run->clock);
	bool left;

	return store_revisions_prune(run->store, now - REVISION_DAYS * SECONDS_PER_DAY, err) && remove_old(run, err) &&
	       store_changes_upkeep(run->store, CHANGES_STEP, now, &left, err);
}

static bool carry_out(struct fetch_run *run, const struct key_list *keys, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(followed_list_clear) struct followed_list followed = {0};
	AUTO(plan_clear) struct plan plan = {0};
	struct schedule_table schedule;
	int64_t now = clock_now(&run->clock);
	struct budget_input input = {
	    .now = now,
	    .day = quota_day_start(now),
	    .reset = quota_day_end(now),
	    .interval_s = run->config->interval_s,
	    .start_days = run->config->start_days,
	    .scouts = run->config->scouts != 0,
	    .queries = &queries,
	    .keys = keys,
	    .schedule = &schedule,
	    .followed = &followed,
	};

	if (!lookups_quarantine(run, err) || !noise_finish(run, err) || !notes_look_up(run, err) ||
	    !store_queries_list(run->store, QUERIES_ACTIVE, now, &queries, err) ||
	    !store_schedule_read(run->store, input.day, &schedule, err) || !lookups_count_waiting(run, &input.waiting, err) ||
	    !lookups_count_recounts(run, &input.recounts, err) || !uploads_resolve_sources(run, err) ||
	    !follow_known_channels(run, err) || !store_followed_list(run->store, &followed, err))
		return false;
	input.scouts = scouts_are_possible(&input);
	if (!budget_plan(&input, &plan, err) || !write_forecast(run, &input, &schedule, err))
		return false;
	run->result->planned = (int64_t)plan.count;
	for (size_t i = 0; i < plan.count && !run->unreached && clock_now(&run->clock) < run->client.deadline; i++)
		if (!make_call(run, &input, &plan.calls[i], &schedule, err))
			return false;
	return subscriptions_ask(run, err) && feeds_read(run, err) && note_disabled_keys(run, err) && tidy(run, err);
}

static bool note_quota_left(struct fetch_run *run, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	int64_t now = clock_now(&run->clock);

	if (!store_keys_list(run->store, &run->client.quota, now, &keys, err))
		return false;
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		run->result->left[bucket] = key_list_left(&keys, bucket, now);
	return true;
}

/* Carries out the run and writes what came of it, also when it could not go on. */
static bool record_run(struct fetch_run *run, const struct key_list *keys, struct error *err)
{
	struct error ignored;
	struct run *result = run->result;
	int64_t started_ms = clock_monotonic_ms();

	if (!store_run_begin(run->store, clock_now(&run->clock), &result->id, err))
		return false;
	result->started_at = clock_now(&run->clock);
	bool done = carry_out(run, keys, err);
	if (!done) {
		result->failures++;
		if (!text_replace(&result->error, err->text, &ignored))
			result->error = NULL;
	}
	result->searches = run->client.made[BUCKET_SEARCHES];
	result->units = run->client.made[BUCKET_UNITS];
	result->clock_ahead_s = run->client.clock_ahead_s;
	result->finished_at = clock_now(&run->clock);
	result->ms = clock_monotonic_ms() - started_ms;
	store_rollback(run->store);
	if (!note_quota_left(run, done ? err : &ignored))
		done = false;
	return store_run_finish(run->store, result, done ? err : &ignored) && done;
}

/* ---- the search index ---- */

static bool log_index(struct store *store, struct error *err)
{
	int64_t videos, waiting;

	if (!store_video_count(store, &videos, err) || !store_unindexed_count(store, &waiting, err))
		return false;
	log_printf(LOG_INFO, "search index: %lld of %lld videos", (long long)(videos - waiting), (long long)videos);
	return true;
}

/* What an import or a migration left for the search index: short steps, of which each stays done, until none is left or this run has spent
 * its time on them. */
static bool fill_more(struct cycle *cycle, struct error *err)
{
	int64_t until = clock_now(&cycle->clock) + cycle->config->interval_s / STEPS_SHARE;
	int64_t waiting = 1;

	while (waiting && clock_now(&cycle->clock) <= until)
		if (!store_upkeep(cycle->store, INDEX_STEP, &waiting, err))
			return false;
	return log_index(cycle->store, err);
}

static bool fill_index(struct cycle *cycle, struct error *err)
{
	struct error ignored;
	int64_t waiting;

	if (!store_upkeep(cycle->store, INDEX_STEP, &waiting, err))
		return false;
	if (!waiting)
		return true;
	bool done = store_bulk_begin(cycle->store, err) && fill_more(cycle, err);
	return store_bulk_end(cycle->store, done ? err : &ignored) && done;
}

bool cycle_run(struct cycle *cycle, struct run *result, bool *no_key, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	int64_t now = clock_now(&cycle->clock);
	struct quota_defaults quota = config_quota_defaults(cycle->config);
	const struct retention retention = {.days = cycle->config->keep_days, .videos = cycle->config->keep_videos};
	AUTO(fetch_run_clear)
	struct fetch_run run = {
	    .store = cycle->store,
	    .config = cycle->config,
	    .push_base = cycle->push_base,
	    .clock = cycle->clock,
	    .result = result,
	    .client = {.store = cycle->store,
	               .youtube = &cycle->youtube,
	               .clock = cycle->clock,
	               .quota = quota,
	               /* A run ends before the next one begins. */
	               .deadline = now + cycle->config->interval_s * 4 / 5,
	               .random = &cycle->random},
	};

	if (!cycle_follow_environment(cycle->store, cycle->config, now, err) ||
	    !store_queries_keep_time(cycle->store, now, err) || !store_retention_follow(cycle->store, &retention, now, err) ||
	    !store_queries_expire_visitors(cycle->store, now - VISITOR_DAYS * SECONDS_PER_DAY, err) || !fill_index(cycle, err) ||
	    !store_keys_retry(cycle->store, now - SECONDS_PER_DAY, err) ||
	    !store_keys_list(cycle->store, &quota, now, &keys, err))
		return false;
	*no_key = keys.count == 0;
	return record_run(&run, &keys, err);
}
