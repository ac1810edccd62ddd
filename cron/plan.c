#include "cron/plan.h"

#include <stdlib.h>

#include "base/timestamp.h"

enum {
	/* Right after the reset YouTube's counters may still be yesterday's. */
	SETTLE_S = 60,
	/* Shares of the searches, in fifths. */
	OWNERS_FIFTHS = 4,
	VISITORS_FIFTHS = 1,
	/* Of a call of videos.list: 50, but for one that goes along to tell missing videos from a fault. */
	DETAILS_IDS = 49,
	SEARCH_PAGE = 50,
};

int64_t plan_left(const struct key_list *keys, enum bucket bucket, int64_t now)
{
	int64_t left = 0;

	for (size_t i = 0; i < keys->count; i++) {
		const struct key *key = &keys->items[i];
		bool counted = !key_is_usable(key, bucket, now);

		for (size_t before = 0; before < i && !counted; before++)
			counted =
			    keys->items[before].project_id == key->project_id && key_is_usable(&keys->items[before], bucket, now);
		if (!counted)
			left += key->quota[bucket].limit - key->quota[bucket].used;
	}
	return left;
}

static bool add(struct plan *plan, const struct call *call, struct error *err)
{
	struct call *calls = realloc(plan->calls, (plan->count + 1) * sizeof(*calls));

	if (!calls)
		return error_no_memory(err);
	calls[plan->count++] = *call;
	plan->calls = calls;
	return true;
}

void plan_clear(struct plan *plan)
{
	free(plan->calls);
	*plan = (struct plan){0};
}

static bool is_visitors(const struct query *query)
{
	return query->origin == ORIGIN_VISITOR;
}

/* Nothing of it has been read yet. */
static bool is_new(const struct query *query)
{
	return query->covered_until == 0;
}

static int64_t count_queries(const struct query_list *queries, bool visitors)
{
	int64_t count = 0;

	for (size_t i = 0; i < queries->count; i++)
		count += is_visitors(&queries->items[i]) == visitors;
	return count;
}

/* The time between two polls, whichever the query, when FIFTHS of the LEFT searches have to last until the reset. */
static int64_t poll_pause(const struct plan_input *input, int64_t left, int fifths)
{
	int64_t searches = left * fifths / 5;
	int64_t pause = (input->reset - input->now) / (searches > 0 ? searches : 1);

	return pause > 0 ? pause : 1;
}

/* When one of the owner's, or of the visitors', queries was last polled. */
static int64_t last_poll(const struct query_list *queries, bool visitors)
{
	int64_t last = 0;

	for (size_t i = 0; i < queries->count; i++) {
		const struct query *query = &queries->items[i];

		if (is_visitors(query) == visitors && query->attempted_at > last)
			last = query->attempted_at;
	}
	return last;
}

static struct call search_call(const struct plan_input *input, const struct query *query, int64_t period)
{
	bool first = query->covered_until == 0;
	int64_t start = input->now - input->start_days * SECONDS_PER_DAY;

	return (struct call){
	    .kind = CALL_SEARCH,
	    .query = query,
	    .since = first ? start : query->covered_until - PLAN_OVERLAP_S,
	    .until = input->now,
	    /* The first page of a new query is enough to show something; what lies before is a gap. */
	    .further_pages = first || is_visitors(query) ? 0 : PLAN_FURTHER_PAGES,
	    .next_poll_at = input->now + (period > input->interval_s ? period : input->interval_s),
	};
}

static bool try_new_keys(const struct plan_input *input, struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < input->keys->count; i++) {
		const struct key *key = &input->keys->items[i];
		struct call call = {.kind = CALL_TRY_KEY, .key_id = key->id};

		if (key->health == KEY_NEW && key_is_usable(key, BUCKET_UNITS, input->now) && !add(plan, &call, err))
			return false;
	}
	return true;
}

static bool poll_new_queries(const struct plan_input *input, int64_t period, int64_t *left, struct plan *plan, struct error *err)
{
	for (size_t i = 0; i<input->queries->count && * left> 0; i++) {
		const struct query *query = &input->queries->items[i];
		struct call call = search_call(input, query, period);

		if (!is_new(query) || is_visitors(query) || query->next_poll_at > input->now)
			continue;
		if (!add(plan, &call, err))
			return false;
		--*left;
	}
	return true;
}

/* The query that has been due for longest, of those due after AFTER in the order of (next_poll_at, id); NULL when there is none.
 */
static const struct query *next_due(const struct plan_input *input, const struct query *after)
{
	const struct query *best = NULL;

	for (size_t i = 0; i < input->queries->count; i++) {
		const struct query *query = &input->queries->items[i];

		if (is_new(query) || is_visitors(query) || query->next_poll_at > input->now)
			continue;
		if (after && (query->next_poll_at < after->next_poll_at ||
		              (query->next_poll_at == after->next_poll_at && query->id <= after->id)))
			continue;
		if (!best || query->next_poll_at < best->next_poll_at)
			best = query;
	}
	return best;
}

/* As many polls as fit into the time since the last one, so that the searches last until the reset however many queries are due.
 */
static bool poll_due_queries(const struct plan_input *input, int64_t pause, int64_t period, int64_t *left, struct plan *plan,
                             struct error *err)
{
	int64_t polls = (input->now - last_poll(input->queries, false)) / pause;
	int64_t most = 1 + input->interval_s / pause;
	const struct query *query = NULL;

	for (polls = polls < most ? polls : most; polls > 0 && *left > 0 && (query = next_due(input, query)); polls--) {
		struct call call = search_call(input, query, period);

		if (!add(plan, &call, err))
			return false;
		--*left;
	}
	return true;
}

/* One visitors' query, the longest waiting, when the last one is long enough ago for all of them to stay within their share. */
static bool poll_visitors(const struct plan_input *input, int64_t left, struct plan *plan, struct error *err)
{
	int64_t pause = poll_pause(input, left, VISITORS_FIFTHS);
	const struct query *waiting = NULL;

	if (left * VISITORS_FIFTHS / 5 < 1 || last_poll(input->queries, true) + pause > input->now)
		return true;
	for (size_t i = 0; i < input->queries->count; i++) {
		const struct query *query = &input->queries->items[i];

		if (is_visitors(query) && (!waiting || query->attempted_at < waiting->attempted_at))
			waiting = query;
	}
	if (!waiting)
		return true;
	struct call call = search_call(input, waiting, pause * count_queries(input->queries, true));
	return add(plan, &call, err);
}

/* How many calls of a bucket with LEFT calls left this tick may make so that they last until the reset. */
static int64_t allowance(const struct plan_input *input, int64_t left)
{
	return 1 + left * input->interval_s / (input->reset - input->now);
}

/* How many pages the searches of the plan may bring. */
static int64_t pages_planned(const struct plan *plan)
{
	int64_t pages = 0;

	for (size_t i = 0; i < plan->count; i++)
		pages += plan->calls[i].kind == CALL_SEARCH ? 1 + plan->calls[i].further_pages : 0;
	return pages;
}

/* What waits, as far as it is its turn, and a call for every page that this tick's searches may bring: those come first, so
 * details come last. Calls without anything to ask for are not made. */
static bool look_again(const struct plan_input *input, struct plan *plan, struct error *err)
{
	int64_t left = plan_left(input->keys, BUCKET_UNITS, input->now);
	int64_t wanted = (input->unchecked + DETAILS_IDS - 1) / DETAILS_IDS;
	int64_t calls = allowance(input, left);
	int64_t pages = pages_planned(plan);

	calls = (wanted < calls ? wanted : calls) + (pages * SEARCH_PAGE + DETAILS_IDS - 1) / DETAILS_IDS;
	for (int64_t i = 0; i < calls && i < left; i++)
		if (!add(plan, &(struct call){.kind = CALL_DETAILS}, err))
			return false;
	return true;
}

bool plan_make(const struct plan_input *input, struct plan *out, struct error *err)
{
	AUTO(plan_clear) struct plan plan = {0};
	int64_t left = plan_left(input->keys, BUCKET_SEARCHES, input->now);
	int64_t pause = poll_pause(input, left, OWNERS_FIFTHS);
	int64_t period = pause * count_queries(input->queries, false);

	if (!try_new_keys(input, &plan, err))
		return false;
	if (left > 0 && input->now >= input->day + SETTLE_S &&
	    (!poll_new_queries(input, period, &left, &plan, err) || !poll_due_queries(input, pause, period, &left, &plan, err) ||
	     !poll_visitors(input, left, &plan, err)))
		return false;
	if (!look_again(input, &plan, err))
		return false;
	*out = plan;
	plan = (struct plan){0};
	return true;
}
