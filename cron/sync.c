#include "cron/sync.h"

#include <string.h>

#include "base/log.h"
#include "base/pacific.h"
#include "base/timestamp.h"
#include "cron/caller.h"
#include "cron/plan.h"
#include "store/queries.h"
#include "store/runs.h"
#include "store/videos.h"

enum {
	VISITOR_DAYS = 7,         /* a visitor's query is tracked so long after its last post */
	UNCHECKED_COUNT = 100000, /* counted up to here */
	BACKOFF_DOUBLINGS_MAX = 10,
	TRUSTED_TAIL = 3, /* videos at the end of a page that tell how far down it reaches */
};

/* Any public video does to try a key; this one is YouTube's first, of 2005. */
#define FIRST_VIDEO "jNQXAC9IVRw"

static const char default_query[] = "rocket launch";

/* A tick at work. */
struct tick {
	struct sync *sync;
	struct store *store;
	struct caller caller;
	struct run *run;
	bool searches_over; /* no key has any left */
	bool units_over;
};

struct quota_defaults sync_quota_defaults(const struct config *config)
{
	return (struct quota_defaults){
	    .per_day = {[BUCKET_SEARCHES] = config->searches_per_day, [BUCKET_UNITS] = config->units_per_day}};
}

bool sync_follow_environment(struct store *store, const struct config *config, int64_t now, struct error *err)
{
	return store_keys_follow_variable(store, &config->api_keys, now, err) &&
	       store_queries_follow_variable(store, &config->queries, default_query, now, err);
}

/* ---- outcomes ---- */

static bool note_failure(struct tick *tick, const struct error *failure, struct error *err)
{
	tick->run->failures++;
	return text_replace(&tick->run->error, failure->text, err);
}

/* ---- saving ---- */

/* What one page brought. */
struct page_result {
	int64_t fresh;   /* videos that the query had not found before */
	int64_t reached; /* down to this publication time it can be trusted to be complete */
};

static bool save_found(struct tick *tick, const struct query *query, const struct video *video, int64_t now,
                       struct page_result *result, struct error *err)
{
	enum video_saved saved;
	int64_t seq;
	bool added;

	if (!store_video_save(tick->store, video, SOURCE_SEARCH, now, &saved, &seq, err) ||
	    !store_match_save(tick->store, query->id, seq, FOUND_SEARCH, now, &added, err))
		return false;
	tick->run->added += saved == VIDEO_ADDED;
	tick->run->updated += saved == VIDEO_CHANGED;
	result->fresh += added;
	return true;
}

/* How far down a page in YouTube's order reaches: to the newest of its last few videos, since that order is not strict, and
 * single videos turn up that are older than asked for. */
static int64_t reached_by(const struct video_list *videos, int64_t since)
{
	int64_t newest = 0;
	int seen = 0;

	for (size_t i = videos->count; i > 0 && seen < TRUSTED_TAIL; i--) {
		int64_t time = videos->items[i - 1].published_at;

		if (time < since)
			continue;
		newest = time > newest ? time : newest;
		seen++;
	}
	return seen ? newest : INT64_MAX;
}

/* Saves a page inside the open transaction. */
static bool save_page(struct tick *tick, const struct query *query, int64_t since, struct search_answer *answer,
                      struct page_result *result, struct error *err)
{
	int64_t now = clock_now(&tick->sync->clock);
	struct video_list *videos = &answer->videos;

	*result = (struct page_result){.reached = reached_by(videos, since)};
	video_list_sort(videos);
	for (size_t i = 0; i < videos->count; i++)
		if (!save_found(tick, query, &videos->items[i], now, result, err))
			return false;
	tick->run->skipped += answer->skipped;
	return true;
}

/* ---- polling a query ---- */

/* A poll in progress: its window, how far down it has been read, what stopped it. */
struct poll_state {
	const struct call *call;
	int64_t at;      /* when the first answer was given: coverage never goes past it */
	int64_t reached; /* everything from here to AT has been read */
	int pages;
	bool more; /* YouTube has another page */
	char token[PAGE_TOKEN_SIZE];
};

/* Where the coverage ended before: what this poll did not reach above it is a gap. */
static int64_t covered_until_before(const struct call *call)
{
	return call->query->covered_until ? call->query->covered_until : call->since;
}

/* An empty answer is no proof that nothing exists: not when the window holds videos that the query found before. */
static bool is_unexpectedly_empty(const struct poll_state *state, const struct search_answer *answer)
{
	return state->pages == 0 && answer->items == 0 && state->call->query->newest_at >= state->call->since;
}

/* Notes in the poll's own transaction what is covered now, and what is not. */
static bool write_coverage(struct tick *tick, const struct poll_state *state, struct error *err)
{
	const struct query *query = state->call->query;
	int64_t before = covered_until_before(state->call);
	struct poll poll = {
	    .query_id = query->id,
	    .at = clock_now(&tick->sync->clock),
	    .covered_since = query->covered_since ? query->covered_since : state->call->since,
	    .covered_until = state->at > query->covered_until ? state->at : query->covered_until,
	};

	if (state->reached > before && state->at > before) {
		poll.gap_since = before;
		poll.gap_until = state->reached;
		poll.gap_reason = query->covered_until ? "more videos than this poll could read"
		                                       : "published before newsreel began to track this query";
	}
	return store_query_polled(tick->store, &poll, err);
}

/* A failed poll moves no coverage beyond the pages that were read. */
static bool write_failure(struct tick *tick, const struct poll_state *state, const struct error *failure, struct error *err)
{
	struct poll poll = {.query_id = state->call->query->id, .at = clock_now(&tick->sync->clock), .error = failure->text};
	AUTO(store_transaction_end) struct store *transaction = tick->store;

	return store_begin(tick->store, err) && (state->pages == 0 || write_coverage(tick, state, err)) &&
	       store_query_polled(tick->store, &poll, err) && store_commit(tick->store, err);
}

/* Whether another page is worth a search: when this one brought mostly new videos. */
static bool goes_on(const struct poll_state *state, const struct page_result *result, const struct search_answer *answer)
{
	return state->more && state->pages <= state->call->further_pages && result->fresh * 2 > answer->items;
}

/* Saves a page; the last one together with the coverage. */
static bool take_page(struct tick *tick, struct poll_state *state, struct search_answer *answer, bool *go_on, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = tick->store;
	struct page_result result;

	if (!store_begin(tick->store, err) || !save_page(tick, state->call->query, state->call->since, answer, &result, err))
		return false;
	state->pages++;
	state->more = answer->next_page_token[0] != '\0' && answer->items > 0;
	memcpy(state->token, answer->next_page_token, sizeof(state->token));
	if (!state->more)
		state->reached = state->call->since;
	else if (result.reached < state->reached)
		state->reached = result.reached;
	*go_on = goes_on(state, &result, answer);
	return (*go_on || write_coverage(tick, state, err)) && store_commit(tick->store, err);
}

/* Asks for one page. *GO_ON tells whether there should be another. */
static bool poll_page(struct tick *tick, struct poll_state *state, bool *go_on, struct error *failure, enum called *called,
                      struct error *err)
{
	AUTO(search_answer_clear) struct search_answer answer = {0};
	struct search_request request = {
	    .text = state->call->query->text,
	    .published_after = state->call->since,
	    .published_before = state->call->until,
	    .page_token = state->token,
	};
	int64_t at;

	*go_on = false;
	if (!caller_search(&tick->caller, &request, &answer, &at, called, err))
		return false;
	if (*called == CALLED && is_unexpectedly_empty(state, &answer)) {
		error_set(err, ERR_UPSTREAM, "YouTube gave an empty answer where there were videos before");
		*called = CALL_FAILED;
	}
	if (*called != CALLED) {
		*failure = *err;
		return true;
	}
	if (state->pages == 0)
		state->at = state->reached = at < state->call->until ? at : state->call->until;
	return take_page(tick, state, &answer, go_on, err);
}

/* When a query that could not be polled is tried again: a new one soon, with growing pauses; others in their turn. */
static int64_t next_poll_after_failure(const struct tick *tick, const struct call *call)
{
	int64_t doublings = call->query->failures < BACKOFF_DOUBLINGS_MAX ? call->query->failures : BACKOFF_DOUBLINGS_MAX;
	int64_t soon = clock_now(&tick->sync->clock) + (tick->sync->config->interval_s << doublings);

	return call->query->covered_until == 0 && soon < call->next_poll_at ? soon : call->next_poll_at;
}

static bool poll_query(struct tick *tick, const struct call *call, struct error *err)
{
	struct poll_state state = {.call = call};
	enum called called = CALLED;
	struct error failure = {0};
	bool go_on = true;

	while (go_on)
		if (!poll_page(tick, &state, &go_on, &failure, &called, err))
			return false;
	if (called == CALL_NO_QUOTA) {
		tick->searches_over = true;
		/* Not the query's failure. Pages that were read count; without any, it stays due. */
		return state.pages == 0 || (write_coverage(tick, &state, err) &&
		                            store_query_set_next_poll(tick->store, call->query->id, call->next_poll_at, err));
	}
	if (called == CALLED)
		return store_query_set_next_poll(tick->store, call->query->id, call->next_poll_at, err);
	return note_failure(tick, &failure, err) && write_failure(tick, &state, &failure, err) &&
	       store_query_set_next_poll(tick->store, call->query->id, next_poll_after_failure(tick, call), err);
}

/* ---- second look ---- */

static bool list_has(const struct video_list *videos, const char *id)
{
	for (size_t i = 0; i < videos->count; i++)
		if (strcmp(videos->items[i].id, id) == 0)
			return true;
	return false;
}

static bool save_details(struct tick *tick, const struct text_list *asked, struct details_answer *answer, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = tick->store;
	int64_t now = clock_now(&tick->sync->clock);

	video_list_sort(&answer->videos);
	if (!store_begin(tick->store, err))
		return false;
	for (size_t i = 0; i < answer->videos.count; i++) {
		enum video_saved saved;

		if (!store_video_save(tick->store, &answer->videos.items[i], SOURCE_DETAILS, now, &saved, NULL, err))
			return false;
		tick->run->updated += saved == VIDEO_CHANGED;
	}
	/* An answer without any of its ids is a fault, not the end of fifty videos. */
	for (size_t i = 0; answer->videos.count && i < asked->count; i++)
		if (!list_has(&answer->videos, asked->items[i]) &&
		    !store_video_mark_missing(tick->store, asked->items[i], now, err))
			return false;
	tick->run->skipped += answer->skipped;
	return store_commit(tick->store, err);
}

static bool look_again(struct tick *tick, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	enum called called;

	/* One that was there before goes along: when it comes back alone, the others are missing, and the answer is no fault. */
	if (!store_videos_unchecked(tick->store, DETAILS_IDS_MAX - 1, &ids, err))
		return false;
	if (ids.count == 0)
		return true;
	if (!store_videos_checked(tick->store, 1, &ids, err) || !caller_details(&tick->caller, 0, &ids, &answer, &called, err))
		return false;
	if (called == CALL_FAILED || (called == CALLED && answer.videos.count == 0)) {
		if (called == CALLED)
			error_set(err, ERR_UPSTREAM, "YouTube gave none of %zu videos", ids.count);
		tick->units_over = true; /* the next tick asks again */
		struct error failure = *err;
		return note_failure(tick, &failure, err);
	}
	tick->units_over = called == CALL_NO_QUOTA;
	return called != CALLED || save_details(tick, &ids, &answer, err);
}

static bool try_key(struct tick *tick, const struct call *call, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	enum called called;

	if (!text_list_add(&ids, FIRST_VIDEO, err) || !caller_details(&tick->caller, call->key_id, &ids, &answer, &called, err))
		return false;
	if (called == CALL_FAILED) {
		struct error failure = *err;
		return note_failure(tick, &failure, err);
	}
	return true;
}

/* ---- the tick ---- */

static void log_call(const struct call *call)
{
	static const char *const kinds[] = {[CALL_TRY_KEY] = "try a key", [CALL_SEARCH] = "search", [CALL_DETAILS] = "details"};
	struct log_field fields[] = {call->query ? LOG_TEXT("query", call->query->text) : LOG_END, LOG_END};

	log_line(LOG_DEBUG, kinds[call->kind], fields);
}

static bool make_call(struct tick *tick, const struct call *call, struct error *err)
{
	log_call(call);
	switch (call->kind) {
	case CALL_TRY_KEY:
		return try_key(tick, call, err);
	case CALL_SEARCH:
		return tick->searches_over || poll_query(tick, call, err);
	case CALL_DETAILS:
		return tick->units_over || look_again(tick, err);
	}
	return error_set(err, ERR_INTERNAL, "no such call");
}

static bool make_plan(struct tick *tick, const struct query_list *queries, const struct key_list *keys, struct plan *out,
                      struct error *err)
{
	const struct config *config = tick->sync->config;
	int64_t now = clock_now(&tick->sync->clock);
	struct plan_input input = {
	    .now = now,
	    .day = pacific_day(now),
	    .reset = pacific_reset(now),
	    .interval_s = config->interval_s,
	    .start_days = config->start_days,
	    .queries = queries,
	    .keys = keys,
	};

	return store_videos_unchecked_count(tick->store, UNCHECKED_COUNT, &input.unchecked, err) && plan_make(&input, out, err);
}

static bool carry_out(struct tick *tick, const struct key_list *keys, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(plan_clear) struct plan plan = {0};
	int64_t now = clock_now(&tick->sync->clock);

	if (!store_queries_list(tick->store, QUERIES_ACTIVE, now, &queries, err) || !make_plan(tick, &queries, keys, &plan, err))
		return false;
	for (size_t i = 0; i < plan.count && clock_now(&tick->sync->clock) < tick->caller.deadline; i++)
		if (!make_call(tick, &plan.calls[i], err))
			return false;
	tick->run->failures += tick->caller.keys_set_aside;
	return !tick->caller.keys_set_aside || text_replace(&tick->run->error, tick->caller.why, err);
}

/* Runs the plan and writes what came of it into the run's row, also when the tick could not go on. */
static bool run_tick(struct tick *tick, const struct key_list *keys, struct error *err)
{
	struct error ignored;
	struct run *run = tick->run;

	if (!store_run_begin(tick->store, clock_now(&tick->sync->clock), &run->id, err))
		return false;
	run->started_at = clock_now(&tick->sync->clock);
	bool done = carry_out(tick, keys, err);
	if (!done) {
		run->failures++;
		if (!text_replace(&run->error, err->text, &ignored))
			run->error = NULL;
	}
	run->searches = tick->caller.made[BUCKET_SEARCHES];
	run->units = tick->caller.made[BUCKET_UNITS];
	run->finished_at = clock_now(&tick->sync->clock);
	store_rollback(tick->store);
	return store_run_finish(tick->store, run, done ? err : &ignored) && done;
}

bool sync_tick(struct sync *sync, struct run *run, bool *no_key, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	int64_t now = clock_now(&sync->clock);
	struct quota_defaults quota = sync_quota_defaults(sync->config);
	struct tick tick = {
	    .sync = sync,
	    .store = sync->store,
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
	    !store_keys_list(sync->store, &quota, now, &keys, err))
		return false;
	*no_key = keys.count == 0;
	return *no_key || run_tick(&tick, &keys, err);
}
