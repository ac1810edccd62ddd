#include "cron/budget.h"

#include <math.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/timestamp.h"
#include "cron/backfill.h"

enum {
	/* Right after the reset YouTube's counters may still be yesterday's. */
	SETTLE_S = 60,
	/* Every query should be polled once a day: one that has waited for so long goes first. */
	STARVED_S = 20 * SECONDS_PER_HOUR,
	READINGS_MAX = 10, /* in one tick */
	UNFINISHED_PAUSE_S = SECONDS_PER_HOUR,
	/* Pages of one reading: search ends near ten. */
	NEWEST_PAGES = 10,
	GAP_PAGES = 4,
	AGAIN_PAGES = 2,
	BACKOFF_DOUBLINGS_MAX = 10,
	/* Of a call of videos.list: 50, but for one that goes along to tell missing videos from a fault. */
	LOOKUP_IDS = 49,
	SEARCH_PAGE = 50,
	PAGE_FRESH = 44, /* new videos on a page, a few being there to see how far down it reaches */
};

/* Shares of the searches. */
static const double kept_back = 0.05;
static const double new_queries_most = 0.5;
static const double visitors_share = 0.2;
static const double again_share = 0.1;
static const double gaps_least = 0.05;
static const double gaps_most = 0.5;
/* A second reading is worth a search from so many videos on. */
static const double again_worth = 0.3;
/* Pages of newest videos that a page's worth of new ones takes, as windows overlap. */
static const double overlap = 1.2;

/* A plan in the making. */
struct planner {
	const struct plan_input *input;
	struct schedule_table schedule; /* as it will be when the calls so far have been made, with one page each */
	struct plan plan;
	size_t readings;
	int64_t left; /* searches */
};

/* ---- quota ---- */

int64_t plan_left(const struct key_list *keys, enum bucket bucket, int64_t now)
{
	return key_list_left(keys, bucket, now);
}

/* ---- queries ---- */

static bool is_visitors(const struct query *query)
{
	return query->origin == ORIGIN_VISITOR;
}

/* Nothing of it has been read yet. */
static bool is_new(const struct query *query)
{
	return query->covered_until == 0;
}

/* How long ago THEN was; a clock that was set back leaves nothing to go by. */
static int64_t ago(const struct plan_input *input, int64_t then)
{
	return then <= input->now ? input->now - then : SECONDS_PER_DAY;
}

/* What does not answer is asked again after ever longer pauses. */
static bool is_backing_off(const struct plan_input *input, const struct query *query)
{
	int64_t tries = query->failures + (is_new(query) ? query->empties : 0);
	int64_t doublings = tries < BACKOFF_DOUBLINGS_MAX ? tries - 1 : BACKOFF_DOUBLINGS_MAX;

	return tries > 0 && ago(input, query->attempted_at) < input->interval_s << doublings;
}

static double weight(const struct query *query)
{
	return sqrt(fmax(query->rate, 1));
}

/* ---- schedule ---- */

static bool may_search(const struct plan_input *input)
{
	return input->now >= input->day + SETTLE_S;
}

/* Milliseconds from one search to the next when what is left shall last until the reset. */
static double pause_ms(const struct plan_input *input)
{
	double searches = (double)plan_left(input->keys, BUCKET_SEARCHES, input->now) * (1 - kept_back);

	return (double)(input->reset - input->now) * 1000 / fmax(searches, 1);
}

/* A turn beyond the next reset was set by a clock that was wrong. */
static bool is_due(const struct plan_input *input, const struct schedule *schedule)
{
	return schedule->next_ms <= input->now * 1000 || schedule->next_ms > (input->reset + SETTLE_S) * 1000;
}

bool plan_is_turn(const struct plan_input *input)
{
	return may_search(input) && is_due(input, &input->schedule->of[BUDGET_ALL]);
}

/* The part of a day's searches that the newest videos need, at most 1. */
static double scarcity(const struct plan_input *input)
{
	double needed = 0;
	double limit = (double)key_list_limit(input->keys, BUCKET_SEARCHES);

	for (size_t i = 0; i < input->queries->count; i++) {
		const struct query *query = &input->queries->items[i];

		needed += is_visitors(query) ? 0 : fmax(1, overlap * query->rate / SEARCH_PAGE);
	}
	return fmin(needed / fmax(limit, 1), 1);
}

/* The share of the searches that gaps get: what the newest videos leave. */
static double gaps_share(const struct plan_input *input)
{
	return fmin(fmax(1 - scarcity(input), gaps_least), gaps_most);
}

static double share_of(const struct plan_input *input, enum budget_category category)
{
	switch (category) {
	case BUDGET_VISITORS:
		return visitors_share;
	case BUDGET_GAPS:
		return gaps_share(input);
	case BUDGET_SECOND_READINGS:
		return again_share;
	case BUDGET_ALL:
	case BUDGET_NEWEST:
	case BUDGET_NEW_QUERIES:
	case BUDGET_COUNT:
		break;
	}
	return 1;
}

/* What was not used does not add up: a schedule is at most a tick after. */
static void advance(const struct plan_input *input, struct schedule *schedule, double ms)
{
	int64_t earliest = (input->now - input->interval_s) * 1000;
	int64_t latest = (input->reset + SETTLE_S) * 1000;
	int64_t from = schedule->next_ms < earliest || schedule->next_ms > latest ? earliest : schedule->next_ms;

	schedule->next_ms = ms < (double)(latest - from) ? from + (int64_t)ms : latest;
}

/* ---- collecting ---- */

static bool add(struct planner *p, const struct call *call, struct error *err)
{
	if (!list_grow(&p->plan.calls, p->plan.count, sizeof(*p->plan.calls)))
		return error_no_memory(err);
	p->plan.calls[p->plan.count++] = *call;
	return true;
}

void plan_clear(struct plan *plan)
{
	free(plan->calls);
	*plan = (struct plan){0};
}

static bool is_planned(const struct planner *p, const struct query *query)
{
	for (size_t i = 0; i < p->plan.count; i++)
		if (p->plan.calls[i].kind == CALL_READ && p->plan.calls[i].reading.query == query)
			return true;
	return false;
}

static bool add_reading(struct planner *p, const struct reading *reading, struct error *err)
{
	struct call call = {.kind = CALL_READ, .reading = *reading};

	plan_pay(p->input, reading->category, 1, &p->schedule);
	p->readings++;
	p->left--;
	return add(p, &call, err);
}

/* ---- which query, which window ---- */

/* Seconds from one poll of QUERY to the next, if everything goes as now. */
static double period_s(const struct plan_input *input, const struct query *query)
{
	double weights = 0;
	double share = is_visitors(query) ? visitors_share : 1;

	for (size_t i = 0; i < input->queries->count; i++) {
		const struct query *other = &input->queries->items[i];

		if (is_visitors(other) == is_visitors(query))
			weights += is_visitors(other) ? weight(query) : weight(other);
	}
	double period = weights / weight(query) * pause_ms(input) / share / 1000;
	return fmin(fmax(period, (double)input->interval_s), SECONDS_PER_DAY);
}

/* Has it waited for its newest videos twice as long as it should? After a pause they come first. */
static bool is_starving(const struct plan_input *input, const struct query *query)
{
	return !is_new(query) && !is_visitors(query) && !is_backing_off(input, query) &&
	       (double)ago(input, query->covered_until) > 2 * period_s(input, query);
}

/* How far down a poll reads: as a rule to what is known. After a pause of days only about a day's worth: the rest becomes a gap, or
 * every query would wait until the ones before it have read all of their pause. */
static int newest_pages(const struct plan_input *input, const struct query *query)
{
	double day = ceil(overlap * fmax(query->rate, 1) / PAGE_FRESH) + 1;

	if (is_visitors(query) || is_new(query)) /* one page is enough to show something; what lies before is a gap */
		return 1;
	return ago(input, query->covered_until) <= SECONDS_PER_DAY || day > NEWEST_PAGES ? NEWEST_PAGES : (int)day;
}

/* The newest videos of QUERY: from where it is covered, with an overlap for late ones, and down to one that is known, so that an
 * empty answer can be told from the truth. */
static struct reading newest_of(const struct plan_input *input, const struct query *query)
{
	int64_t overlap_since = (query->covered_until < input->now ? query->covered_until : input->now) - COVERAGE_SETTLED_S;
	struct reading reading = {
	    .category = is_visitors(query) ? BUDGET_VISITORS : BUDGET_NEWEST,
	    .query = query,
	    .since = overlap_since > query->covered_since ? overlap_since : query->covered_since,
	    .until = input->now,
	    .enough = query->covered_until,
	    .pages_max = newest_pages(input, query),
	    .next_poll_at = input->now + (int64_t)period_s(input, query),
	};

	if (is_new(query)) {
		reading.since = input->now - input->start_days * SECONDS_PER_DAY;
	} else if (query->newest_at > 0 && query->newest_at < reading.since) {
		reading.since = query->newest_at;
	}
	return reading;
}

/* ---- the rules ---- */

static bool try_new_keys(struct planner *p, struct error *err)
{
	for (size_t i = 0; i < p->input->keys->count; i++) {
		const struct key *key = &p->input->keys->items[i];
		struct call call = {.kind = CALL_TRY_KEY, .key_id = key->id};

		if (key->health == KEY_NEW && key_is_usable(key, BUCKET_UNITS, p->input->now) && !add(p, &call, err))
			return false;
	}
	return true;
}

static bool begin_new_queries(struct planner *p, struct error *err)
{
	double most = new_queries_most * (double)key_list_limit(p->input->keys, BUCKET_SEARCHES);

	for (size_t i = 0; i < p->input->queries->count && p->readings < READINGS_MAX && p->left > 0; i++) {
		const struct query *query = &p->input->queries->items[i];
		struct reading reading = newest_of(p->input, query);

		if (!is_new(query) || is_visitors(query) || is_backing_off(p->input, query))
			continue;
		if ((double)p->schedule.of[BUDGET_NEW_QUERIES].searches >= most)
			break;
		reading.category = BUDGET_NEW_QUERIES;
		if (!add_reading(p, &reading, err))
			return false;
	}
	return true;
}

static bool visitors_turn(const struct planner *p, struct reading *out)
{
	const struct query *waiting = NULL;

	if (!is_due(p->input, &p->schedule.of[BUDGET_VISITORS]))
		return false;
	for (size_t i = 0; i < p->input->queries->count; i++) {
		const struct query *query = &p->input->queries->items[i];

		if (is_visitors(query) && !is_planned(p, query) && !is_backing_off(p->input, query) &&
		    (!waiting || query->attempted_at < waiting->attempted_at))
			waiting = query;
	}
	if (waiting)
		*out = newest_of(p->input, waiting);
	return waiting != NULL;
}

/* Whether gap A is closed before gap B: what a pause left before what lies before the tracking; the least tried, the oldest. */
static bool is_closed_before(const struct interval *a, const struct interval *b)
{
	if (a->reason != b->reason)
		return b->reason == GAP_BEFORE_TRACKING;
	return a->tried_at != b->tried_at ? a->tried_at < b->tried_at : a->since < b->since;
}

/* Finds the gap to close next among those that WANTED says. */
static bool find_gap(const struct planner *p, bool (*wanted)(const struct plan_input *, const struct interval *),
                     struct reading *out)
{
	const struct interval *best = NULL;

	for (size_t i = 0; i < p->input->queries->count; i++) {
		const struct query *query = &p->input->queries->items[i];

		for (size_t g = 0; g < query->gaps.count && !is_visitors(query); g++) {
			const struct interval *gap = &query->gaps.items[g];

			if (!wanted(p->input, gap) || (best && !is_closed_before(gap, best)) || is_planned(p, query) ||
			    is_backing_off(p->input, query))
				continue;
			best = gap;
			*out = (struct reading){.category = BUDGET_GAPS,
			                        .query = query,
			                        .since = gap->since,
			                        .until = gap->until,
			                        .enough = gap->since,
			                        .pages_max = GAP_PAGES};
		}
	}
	return best != NULL;
}

static bool is_any(const struct plan_input *input, const struct interval *gap)
{
	(void)input;
	(void)gap;
	return true;
}

static bool gaps_turn(const struct planner *p, struct reading *out)
{
	return is_due(p->input, &p->schedule.of[BUDGET_GAPS]) && find_gap(p, is_any, out);
}

/* The rest of a search for the newest videos that a fault cut short today: its pages are full of new ones. One that does not get
 * on in spite of that must not keep the newest waiting. */
static bool is_unfinished(const struct plan_input *input, const struct interval *gap)
{
	return gap->reason == GAP_INTERRUPTED && ago(input, gap->until) < SECONDS_PER_DAY &&
	       ago(input, gap->tried_at) >= UNFINISHED_PAUSE_S;
}

static bool unfinished_turn(const struct planner *p, struct reading *out)
{
	if (!find_gap(p, is_unfinished, out))
		return false;
	out->pages_max = NEWEST_PAGES;
	return true;
}

static bool again_turn(const struct planner *p, struct reading *out)
{
	struct reread best = {.expected = again_worth};

	if (!is_due(p->input, &p->schedule.of[BUDGET_SECOND_READINGS]))
		return false;
	for (size_t i = 0; i < p->input->queries->count; i++) {
		const struct query *query = &p->input->queries->items[i];

		if (is_visitors(query) || is_planned(p, query) || is_backing_off(p->input, query))
			continue;
		struct reread candidate = reread_best(query, p->input->now);
		if (candidate.expected > best.expected)
			best = candidate;
	}
	*out = (struct reading){.category = BUDGET_SECOND_READINGS,
	                        .query = best.query,
	                        .since = best.since,
	                        .until = best.until,
	                        .enough = best.until,
	                        .pages_max = AGAIN_PAGES};
	return best.query != NULL;
}

/* How full the pages would be that QUERY's newest videos take after WAIT seconds. */
static double fill(const struct query *query, double wait)
{
	double pages = fmax(query->rate, 1) * wait / SECONDS_PER_DAY / PAGE_FRESH;

	return pages > 0 ? pages / ceil(pages) : 1;
}

/* How much QUERY's wait weighs; what has waited for most of a day goes before all that has not, and what fails gives way. With
 * searches to spare the mean delay is kept short; the scarcer they are, the more it counts that pages are full. */
static double urgency(const struct plan_input *input, const struct query *query, double scarce)
{
	double wait = (double)ago(input, query->covered_until);
	double doubts = query->failures < BACKOFF_DOUBLINGS_MAX ? (double)query->failures : BACKOFF_DOUBLINGS_MAX;

	if (query->failures == 0 && wait >= STARVED_S)
		return 1e9 * wait;
	return pow(weight(query), 1 - scarce) * wait * pow(fill(query, wait), 2 * scarce) / exp2(doubts);
}

static bool newest_turn(const struct planner *p, struct reading *out)
{
	const struct query *best = NULL;
	double scarce = scarcity(p->input);
	double most = -1;

	for (size_t i = 0; i < p->input->queries->count; i++) {
		const struct query *query = &p->input->queries->items[i];
		double candidate = urgency(p->input, query, scarce);

		if (is_new(query) || is_visitors(query) || is_planned(p, query) || is_backing_off(p->input, query) ||
		    candidate <= most)
			continue;
		best = query;
		most = candidate;
	}
	if (best)
		*out = newest_of(p->input, best);
	return best != NULL;
}

static bool any_starving(const struct planner *p)
{
	for (size_t i = 0; i < p->input->queries->count; i++)
		if (is_starving(p->input, &p->input->queries->items[i]) && !is_planned(p, &p->input->queries->items[i]))
			return true;
	return false;
}

static bool next_turn(const struct planner *p, struct reading *out)
{
	return visitors_turn(p, out) || unfinished_turn(p, out) ||
	       (!any_starving(p) && (gaps_turn(p, out) || again_turn(p, out))) || newest_turn(p, out);
}

static bool spread_searches(struct planner *p, struct error *err)
{
	struct reading reading = {0};

	while (p->readings < READINGS_MAX && p->left > 0 && is_due(p->input, &p->schedule.of[BUDGET_ALL]) &&
	       next_turn(p, &reading))
		if (!add_reading(p, &reading, err))
			return false;
	return true;
}

/* Pages that the readings of the plan may bring. */
static int64_t pages_planned(const struct plan *plan)
{
	int64_t pages = 0;

	for (size_t i = 0; i < plan->count; i++)
		pages += plan->calls[i].kind == CALL_READ ? plan->calls[i].reading.pages_max : 0;
	return pages;
}

/* What waits, as far as it is its turn, and a call for every page that this tick may bring: lookups come last, and those without
 * anything to ask for are not made. */
static bool look_up(struct planner *p, struct error *err)
{
	const struct plan_input *input = p->input;
	int64_t left = plan_left(input->keys, BUCKET_UNITS, input->now);
	int64_t wanted = (input->waiting + LOOKUP_IDS - 1) / LOOKUP_IDS;
	int64_t allowed = 1 + left * input->interval_s / (input->reset - input->now);
	int64_t calls =
	    (wanted < allowed ? wanted : allowed) + (pages_planned(&p->plan) * SEARCH_PAGE + LOOKUP_IDS - 1) / LOOKUP_IDS;

	for (int64_t i = 0; i < calls && i < left; i++)
		if (!add(p, &(struct call){.kind = CALL_LOOKUP}, err))
			return false;
	return true;
}

static void planner_clear(struct planner *p)
{
	plan_clear(&p->plan);
}

bool plan_make(const struct plan_input *input, struct plan *out, struct error *err)
{
	AUTO(planner_clear)
	struct planner p = {.input = input,
	                    .schedule = *input->schedule,
	                    .left = plan_left(input->keys, BUCKET_SEARCHES, input->now)};

	if (!try_new_keys(&p, err) || (may_search(input) && (!begin_new_queries(&p, err) || !spread_searches(&p, err))) ||
	    !look_up(&p, err))
		return false;
	*out = p.plan;
	p.plan = (struct plan){0};
	return true;
}

/* ---- paying ---- */

static int64_t count_gaps(const struct plan_input *input)
{
	int64_t gaps = 0;

	for (size_t i = 0; i < input->queries->count; i++)
		gaps += is_visitors(&input->queries->items[i]) ? 0 : (int64_t)input->queries->items[i].gaps.count;
	return gaps;
}

static bool has_visitors(const struct plan_input *input)
{
	for (size_t i = 0; i < input->queries->count; i++)
		if (is_visitors(&input->queries->items[i]))
			return true;
	return false;
}

static void write_outlook(const struct plan_input *input, int64_t left, struct schedule_table *schedule)
{
	double searches = (double)left * (1 - kept_back);
	double visitors = has_visitors(input) ? visitors_share * searches : 0;
	double gaps = count_gaps(input) ? gaps_share(input) * searches : 0;
	double again = again_share * searches;

	schedule->of[BUDGET_ALL].planned = left;
	schedule->of[BUDGET_NEW_QUERIES].planned = left - (int64_t)searches;
	schedule->of[BUDGET_VISITORS].planned = (int64_t)visitors;
	schedule->of[BUDGET_GAPS].planned = (int64_t)gaps;
	schedule->of[BUDGET_SECOND_READINGS].planned = (int64_t)again;
	schedule->of[BUDGET_NEWEST].planned = (int64_t)fmax(searches - visitors - gaps - again, 0);
}

void plan_outlook(const struct plan_input *input, struct schedule_table *schedule)
{
	write_outlook(input, plan_left(input->keys, BUCKET_SEARCHES, input->now), schedule);
}

void plan_pay(const struct plan_input *input, enum budget_category category, int64_t searches, struct schedule_table *schedule)
{
	double ms = pause_ms(input) * (double)searches;
	int64_t left = plan_left(input->keys, BUCKET_SEARCHES, input->now) - searches;

	advance(input, &schedule->of[BUDGET_ALL], ms);
	advance(input, &schedule->of[category], ms / share_of(input, category));
	schedule->of[BUDGET_ALL].searches += searches;
	schedule->of[category].searches += searches;
	write_outlook(input, left > 0 ? left : 0, schedule);
}
