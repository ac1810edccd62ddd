#include "cron/cycle.h"

#include "base/log.h"
#include "model/quota_day.h"
#include "base/timestamp.h"
#include "cron/lookups.h"
#include "cron/budget.h"
#include "cron/search.h"
#include "store/queries.h"
#include "store/runs.h"

enum {
	VISITOR_DAYS = 7,      /* a visitor's query is tracked so long after its last post */
	UPKEEP_VIDEOS = 50000, /* of what an import left behind, in a tick */
};

static const char default_query[] = "rocket launch";

bool sync_follow_environment(struct store *store, const struct config *config, int64_t now, struct error *err)
{
	return store_keys_follow_variable(store, &config->api_keys, now, err) &&
	       store_queries_follow_variable(store, &config->queries, default_query, now, err);
}

bool tick_note_failure(struct tick *tick, const struct error *failure, struct error *err)
{
	tick->run->failures++;
	return text_replace(&tick->run->error, failure->text, err);
}

bool tick_note_unreached(struct tick *tick, const struct error *failure, struct error *err)
{
	tick->searches_over = tick->unreached = true;
	return tick_note_failure(tick, failure, err);
}

/* ---- calls ---- */

static void log_call(const struct call *call)
{
	static const char *const kinds[] = {[CALL_TRY_KEY] = "try a key", [CALL_READ] = "search", [CALL_LOOKUP] = "look up"};
	const struct reading *reading = &call->reading;
	struct log_field fields[] = {LOG_TEXT("query", reading->query ? reading->query->text : ""),
	                             LOG_TEXT("for", budget_category_name(reading->category)), LOG_END};

	log_line(LOG_DEBUG, kinds[call->kind], call->kind == CALL_READ ? fields : NULL);
}

/* A reading, and what it cost: also when it failed, and written down before anything else can go wrong. */
static bool read_and_pay(struct tick *tick, const struct plan_input *input, const struct reading *reading,
                         struct schedule_table *schedule, struct error *err)
{
	struct error ignored;
	int64_t before = tick->caller.made[BUCKET_SEARCHES];
	bool done = reading_make(tick, reading, err);
	int64_t searches = tick->caller.made[BUCKET_SEARCHES] - before;

	store_rollback(tick->store);
	if (searches == 0)
		return done;
	plan_pay(input, reading->category, searches, schedule);
	return store_schedule_write(tick->store, input->day, schedule, done ? err : &ignored) && done;
}

/* What went before may have taken more pages than planned. */
static bool is_still_its_turn(const struct plan_input *input, const struct reading *reading)
{
	return reading->category == BUDGET_NEW_QUERIES || plan_is_turn(input);
}

static bool make_call(struct tick *tick, const struct plan_input *input, const struct call *call, struct schedule_table *schedule,
                      struct error *err)
{
	log_call(call);
	switch (call->kind) {
	case CALL_TRY_KEY:
		return lookup_try_key(tick, call->key_id, err);
	case CALL_READ:
		return tick->searches_over || !is_still_its_turn(input, &call->reading) ||
		       read_and_pay(tick, input, &call->reading, schedule, err);
	case CALL_LOOKUP:
		return tick->units_over || lookup_make(tick, err);
	}
	return error_set(err, ERR_INTERNAL, "no such call");
}

/* Until the first search of a day pays, nothing would tell what is planned for it. */
static bool write_outlook(struct tick *tick, const struct plan_input *input, struct schedule_table *schedule, struct error *err)
{
	if (schedule->of[BUDGET_ALL].planned > 0 || plan_left(input->keys, BUCKET_SEARCHES, input->now) == 0)
		return true;
	plan_outlook(input, schedule);
	return store_schedule_write(tick->store, input->day, schedule, err);
}

/* ---- the tick ---- */

static bool carry_out(struct tick *tick, const struct key_list *keys, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(plan_clear) struct plan plan = {0};
	struct schedule_table schedule;
	int64_t now = clock_now(&tick->clock);
	struct plan_input input = {
	    .now = now,
	    .day = quota_day_start(now),
	    .reset = quota_day_end(now),
	    .interval_s = tick->config->interval_s,
	    .start_days = tick->config->start_days,
	    .queries = &queries,
	    .keys = keys,
	    .schedule = &schedule,
	};

	if (!lookup_hide_overdue(tick, err) || !store_queries_list(tick->store, QUERIES_ACTIVE, now, &queries, err) ||
	    !store_schedule_read(tick->store, input.day, &schedule, err) || !lookup_waiting(tick, &input.waiting, err) ||
	    !plan_make(&input, &plan, err) || !write_outlook(tick, &input, &schedule, err))
		return false;
	tick->run->planned = (int64_t)plan.count;
	for (size_t i = 0; i < plan.count && !tick->unreached && clock_now(&tick->clock) < tick->caller.deadline; i++)
		if (!make_call(tick, &input, &plan.calls[i], &schedule, err))
			return false;
	tick->run->failures += tick->caller.keys_set_aside;
	return (!tick->caller.keys_set_aside || text_replace(&tick->run->error, tick->caller.why, err)) &&
	       lookup_forget_old(tick, err);
}

/* What is left of today's quota. */
static bool note_left(struct tick *tick, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	int64_t now = clock_now(&tick->clock);

	if (!store_keys_list(tick->store, &tick->caller.quota, now, &keys, err))
		return false;
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		tick->run->left[bucket] = key_list_left(&keys, bucket, now);
	return true;
}

/* Runs the plan and writes what came of it into the run's row, also when the tick could not go on. */
static bool run_tick(struct tick *tick, const struct key_list *keys, struct error *err)
{
	struct error ignored;
	struct run *run = tick->run;
	int64_t started_ms = clock_monotonic_ms();

	if (!store_run_begin(tick->store, clock_now(&tick->clock), &run->id, err))
		return false;
	run->started_at = clock_now(&tick->clock);
	bool done = carry_out(tick, keys, err);
	if (!done) {
		run->failures++;
		if (!text_replace(&run->error, err->text, &ignored))
			run->error = NULL;
	}
	run->searches = tick->caller.made[BUCKET_SEARCHES];
	run->units = tick->caller.made[BUCKET_UNITS];
	run->finished_at = clock_now(&tick->clock);
	run->ms = clock_monotonic_ms() - started_ms;
	store_rollback(tick->store);
	if (!note_left(tick, done ? err : &ignored))
		done = false;
	return store_run_finish(tick->store, run, done ? err : &ignored) && done;
}

bool sync_tick(struct sync *sync, struct run *run, bool *no_key, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	int64_t now = clock_now(&sync->clock);
	int64_t waiting;
	struct quota_defaults quota = config_quota_defaults(sync->config);
	struct tick tick = {
	    .store = sync->store,
	    .config = sync->config,
	    .clock = sync->clock,
	    .run = run,
	    .caller = {.store = sync->store,
	               .youtube = &sync->youtube,
	               .clock = sync->clock,
	               .quota = quota,
	               /* A tick ends before the next one begins. */
	               .deadline = now + sync->config->interval_s * 4 / 5,
	               .random = &sync->random},
	};

	if (!sync_follow_environment(sync->store, sync->config, now, err) ||
	    !store_queries_expire_visitors(sync->store, now - VISITOR_DAYS * SECONDS_PER_DAY, err) ||
	    !store_upkeep(sync->store, UPKEEP_VIDEOS, &waiting, err) ||
	    !store_keys_retry(sync->store, now - SECONDS_PER_DAY, err) || !store_keys_list(sync->store, &quota, now, &keys, err))
		return false;
	*no_key = keys.count == 0;
	return run_tick(&tick, &keys, err);
}
