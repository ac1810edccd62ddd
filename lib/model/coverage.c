#include "model/coverage.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/timestamp.h"

enum { SHORT_S = 1800 };

const char *gap_reason_text(enum gap_reason reason)
{
	static const char *const texts[GAP_REASON_COUNT] = {
	    [GAP_NONE] = "read",
	    [GAP_BEFORE_TRACKING] = "published before tracking began",
	    [GAP_INTERRUPTED] = "a poll was cut short by an error or by used-up quota",
	    [GAP_DOUBTED] = "YouTube's answers were doubtful",
	    [GAP_NOT_REACHED] = "too many videos, or too long a pause, for the polls so far",
	};

	return texts[reason];
}

void coverage_clear(struct coverage *coverage)
{
	free(coverage->items);
	*coverage = (struct coverage){0};
}

int64_t coverage_since(const struct coverage *coverage)
{
	return coverage->count ? coverage->items[0].since : 0;
}

int64_t coverage_until(const struct coverage *coverage)
{
	return coverage->count ? coverage->items[coverage->count - 1].until : 0;
}

static bool is_gap(const struct interval *interval)
{
	return interval->read_at == 0;
}

/* The part of INTERVAL's unseen videos, most of which are its newest, that lies in [SINCE, UNTIL). */
static double unseen_in(const struct interval *interval, int64_t since, int64_t until)
{
	double all = index_lag_unseen_s(interval->since, interval->until, interval->read_at);
	double part = index_lag_unseen_s(since, until, interval->read_at);

	return interval->unseen * (all > 0 ? part / all : (double)(until - since) / (double)(interval->until - interval->since));
}

static double read_once_in(const struct interval *interval, int64_t since, int64_t until)
{
	return interval->read_once * (double)(until - since) / (double)(interval->until - interval->since);
}

/* Appends to a list that is being built in order; what would be empty is left out. ITEMS has room. */
static void append(struct coverage *list, struct interval interval, int64_t since, int64_t until)
{
	if (since >= until)
		return;
	interval.unseen = unseen_in(&interval, since, until);
	interval.read_once = read_once_in(&interval, since, until);
	interval.since = since;
	interval.until = until;
	list->items[list->count++] = interval;
}

bool coverage_set(struct coverage *coverage, const struct interval *interval, struct error *err)
{
	static const struct interval hole = {.until = 1, .reason = GAP_NOT_REACHED};
	int64_t since = interval->since;
	int64_t until = interval->until;

	if (since >= until)
		return true;
	/* At most one old interval is cut in two, and there is one hole. */
	struct coverage next = {.items = calloc(coverage->count + 3, sizeof(*next.items))};
	if (!next.items)
		return error_no_memory(err);
	for (size_t i = 0; i < coverage->count; i++) {
		const struct interval *old = &coverage->items[i];
		append(&next, *old, old->since, old->until < since ? old->until : since);
	}
	if (coverage->count)
		append(&next, hole, coverage_until(coverage), since);
	append(&next, *interval, since, until);
	if (coverage->count)
		append(&next, hole, until, coverage_since(coverage));
	for (size_t i = 0; i < coverage->count; i++) {
		const struct interval *old = &coverage->items[i];
		append(&next, *old, old->since > until ? old->since : until, old->until);
	}
	coverage_clear(coverage);
	*coverage = next;
	return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* ---- keeping it short ---- */

static bool is_settled(const struct interval *interval, int64_t now)
{
	return interval->until <= now - COVERAGE_SETTLED_S;
}

static bool may_join(const struct interval *a, const struct interval *b, int64_t now)
{
	if (is_gap(a) || is_gap(b))
		return is_gap(a) && is_gap(b) && a->reason == b->reason;
	return a->read_at == b->read_at || b->until - a->since <= SHORT_S || (is_settled(a, now) && is_settled(b, now));
}

static void join(struct interval *a, const struct interval *b)
{
	a->until = b->until;
	a->read_at = earlier(a->read_at, b->read_at);
	a->tried_at = earlier(a->tried_at, b->tried_at);
	a->unseen += b->unseen;
	a->read_once += b->read_once;
}

/* The two oldest gaps become one, with what was read between them: it claims nothing that is not so. */
static void join_oldest_gaps(struct coverage *coverage)
{
	size_t first = 0;

	while (!is_gap(&coverage->items[first]))
		first++;
	size_t second = first + 1;
	while (!is_gap(&coverage->items[second]))
		second++;
	coverage->items[first].until = coverage->items[second].until;
	memmove(&coverage->items[first + 1], &coverage->items[second + 1],
	        (coverage->count - second - 1) * sizeof(coverage->items[0]));
	coverage->count -= second - first;
}

void coverage_compact(struct coverage *coverage, int64_t now)
{
	size_t kept = 0;
	size_t gaps = 0;

	for (size_t i = 0; i < coverage->count; i++) {
		if (kept && may_join(&coverage->items[kept - 1], &coverage->items[i], now))
			join(&coverage->items[kept - 1], &coverage->items[i]);
		else
			coverage->items[kept++] = coverage->items[i];
	}
	coverage->count = kept;
	for (size_t i = 0; i < kept; i++)
		gaps += is_gap(&coverage->items[i]);
	for (; gaps > COVERAGE_GAPS_MAX; gaps--)
		join_oldest_gaps(coverage);
}

/* ---- estimates ---- */

/* The sum of what OF says of each part of [SINCE, UNTIL). */
static double sum_of(const struct coverage *coverage, int64_t since, int64_t until,
                     double (*of)(const struct interval *interval, int64_t since, int64_t until))
{
	double sum = 0;

	for (size_t i = 0; i < coverage->count; i++) {
		const struct interval *interval = &coverage->items[i];
		int64_t from = later(interval->since, since);
		int64_t to = earlier(interval->until, until);

		sum += from < to ? of(interval, from, to) : 0;
	}
	return sum;
}

static double seconds_read(const struct interval *interval, int64_t since, int64_t until)
{
	return is_gap(interval) ? 0 : (double)(until - since);
}

double coverage_unseen(const struct coverage *coverage, int64_t since, int64_t until)
{
	return sum_of(coverage, since, until, unseen_in);
}

double coverage_read_once(const struct coverage *coverage, int64_t since, int64_t until)
{
	return sum_of(coverage, since, until, read_once_in);
}

void coverage_estimate(const struct coverage *coverage, double per_day, struct interval *interval)
{
	double per_second = per_day / SECONDS_PER_DAY;
	int64_t since = interval->since;
	int64_t until = interval->until;
	int64_t looked_at_twice = later(since, interval->read_at - COVERAGE_OMITTED_S);
	double unread_s = (double)(until - since) - sum_of(coverage, since, until, seconds_read);

	if (since >= until)
		return;
	interval->unseen = per_second * index_lag_unseen_s(since, until, interval->read_at);
	interval->read_once = per_second * unread_s + coverage_read_once(coverage, looked_at_twice, until);
}

/* Appends [SINCE, UNTIL) to OUT, which has room for it. */
static void add_uncovered(struct coverage *out, int64_t since, int64_t until)
{
	assert(out->items);
	struct interval *last = out->count ? &out->items[out->count - 1] : NULL;

	if (since >= until)
		return;
	if (last && last->until == since)
		last->until = until;
	else
		out->items[out->count++] = (struct interval){.since = since, .until = until};
}

bool coverage_uncovered(const struct coverage *coverage, int64_t since, int64_t until, struct coverage *out, struct error *err)
{
	struct coverage uncovered = {.items = calloc(coverage->count + 1, sizeof(*uncovered.items))};
	int64_t at = since;

	if (!uncovered.items)
		return error_no_memory(err);
	for (size_t i = 0; i < coverage->count; i++) {
		const struct interval *interval = &coverage->items[i];

		if (is_gap(interval) || interval->until <= at)
			continue;
		add_uncovered(&uncovered, at, earlier(interval->since, until));
		at = interval->until;
	}
	add_uncovered(&uncovered, at, until);
	*out = uncovered;
	return true;
}

int64_t coverage_missing(const struct coverage *coverage, int64_t since, int64_t until)
{
	int64_t missing = 0;

	for (size_t i = 0; i < coverage->count; i++) {
		const struct interval *interval = &coverage->items[i];
		int64_t from = interval->since > since ? interval->since : since;
		int64_t to = interval->until < until ? interval->until : until;

		missing += is_gap(interval) && from < to ? to - from : 0;
	}
	return missing;
}

void coverage_cut_gaps(struct coverage *coverage, int64_t until)
{
	size_t cut = 0; /* so many intervals go */

	for (size_t i = 0; i < coverage->count && coverage->items[i].since < until; i++)
		if (is_gap(&coverage->items[i]))
			cut = coverage->items[i].until > until ? i : i + 1;
	if (cut < coverage->count && is_gap(&coverage->items[cut]) && coverage->items[cut].since < until)
		coverage->items[cut].since = until;
	coverage->count -= cut;
	if (cut > 0 && coverage->count > 0)
		memmove(coverage->items, coverage->items + cut, coverage->count * sizeof(*coverage->items));
}

void coverage_cut(struct coverage *coverage, int64_t until)
{
	size_t count = coverage->count;

	coverage->count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct interval old = coverage->items[i];
		append(coverage, old, later(old.since, until), old.until);
	}
}

void gap_write_json(struct writer *w, const struct interval *gap)
{
	write_object(w, NULL);
	write_time(w, "from", gap->since);
	write_time(w, "to", gap->until);
	write_text(w, "reason", gap_reason_text(gap->reason));
	write_end(w);
}
