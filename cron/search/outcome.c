#include "cron/search/outcome.h"

#include <math.h>
#include <string.h>

#include "base/timestamp.h"
#include "store/coverage.h"
#include "store/matches.h"

static const double rate_min = 0.01; /* videos a day */
static const double rate_rise = 8;   /* at most, for a doubt */

/* What of the window is still a gap has been tried now. */
static void mark_tried(struct coverage *coverage, const struct search_job *job, int64_t now)
{
	for (size_t i = 0; i < coverage->count; i++) {
		struct interval *interval = &coverage->items[i];

		if (interval->read_at == 0 && interval->since < job->until && interval->until > job->since)
			interval->tried_at = now;
	}
}

/* What a second reading finds more than is late, the one before had left out. */
static bool learn_omitted(struct fetch_run *run, const struct progress *p, const struct coverage *before,
                          const struct interval *read, struct error *err)
{
	double once = coverage_read_once(before, read->since, read->until);
	double late = coverage_unseen(before, read->since, read->until) - read->unseen;
	double share = ((double)p->late - late) / fmax(once, 1);

	/* The second one leaves out as many of them. */
	return p->job->category != BUDGET_SECOND_READINGS || once < 1 || share >= 0.5 ||
	       store_omitted_learn(run->store, share / (1 - share), once, err);
}

/* What was read of a query of so many videos a day. */
static bool add_reading(struct fetch_run *run, const struct progress *p, double per_day, struct coverage *coverage,
                        struct error *err)
{
	struct interval read = {.since = p->reached, .until = progress_upper_end(p), .read_at = p->window.at};

	coverage_estimate(coverage, per_day, &read);
	return learn_omitted(run, p, coverage, &read, err) && coverage_set(coverage, &read, err);
}

/* Where searches show choices, what was read of longer windows may be choices too: intervals with less than half of the videos that
 * RATE tells become gaps. */
static bool withdraw_choices(struct fetch_run *run, const struct progress *p, double rate, struct coverage *coverage,
                             struct error *err)
{
	for (size_t i = 0; i < coverage->count && p->doubted[DOUBT_CHOICE]; i++) {
		struct interval *interval = &coverage->items[i];
		double expected = rate * (double)(interval->until - interval->since) / SECONDS_PER_DAY;
		int64_t found;

		if (interval->read_at == 0 || expected < SEARCH_PAGE_SIZE)
			continue;
		if (!store_match_count(run->store, p->job->query->id, interval->since, interval->until, &found, err))
			return false;
		if (2 * (double)found < expected)
			*interval = (struct interval){.since = interval->since, .until = interval->until, .reason = GAP_DOUBTED};
	}
	return true;
}

static bool update_coverage(struct fetch_run *run, const struct progress *p, const struct poll *poll, struct error *err)
{
	AUTO(coverage_clear) struct coverage coverage = {0};
	const struct search_job *job = p->job;
	struct interval before = {.since = job->since, .until = p->reached, .reason = GAP_BEFORE_TRACKING};
	struct interval rest = {.since = job->enough, .until = p->reached, .reason = p->rest};
	double rate = poll->rate > 0 ? poll->rate : job->query->rate;
	int64_t now = clock_now(&run->clock);

	if (!store_coverage_read(run->store, job->query->id, &coverage, err) || !withdraw_choices(run, p, rate, &coverage, err))
		return false;
	bool first = coverage.count == 0;
	if ((p->pages && !add_reading(run, p, rate, &coverage, err)) ||
	    (p->pages && first && !coverage_set(&coverage, &before, err)) ||
	    (p->pages && p->rest && job->category == BUDGET_NEWEST && !coverage_set(&coverage, &rest, err)))
		return false;
	if (job->category == BUDGET_GAPS)
		mark_tried(&coverage, job, now);
	return store_coverage_write(run->store, job->query->id, &coverage, now, err);
}

/* Where no window could be read, the next one shall be as short as this one had become, within reason. */
static double narrowed_rate(const struct progress *p)
{
	double rate = SEARCH_PAGE_SIZE * SECONDS_PER_DAY / (double)p->page_s;
	double known = p->job->query->rate;

	return known > 0 ? fmin(fmax(rate, known), rate_rise * known) : rate;
}

/* Videos a day, as this search and the ones before it show; the longer the interval, the more it counts. */
static double learn_rate(const struct progress *p)
{
	int64_t until = progress_upper_end(p);
	double days = (double)(until - p->reached) / SECONDS_PER_DAY;
	double shown_days = fmax(window_shown_s(&p->window, p->reached, until) / SECONDS_PER_DAY, days / 2);
	double part = p->job->query->rate > 0 ? fmax(days / (days + 1), p->narrowed ? 0.5 : 0) : 1;

	if (days <= 0)
		return p->narrowed ? narrowed_rate(p) : 0;
	return fmax(part * ((double)p->videos / shown_days) + (1 - part) * p->job->query->rate, rate_min);
}

bool outcome_save(struct fetch_run *run, const struct progress *p, bool empty, const struct error *failure, struct error *err)
{
	const struct search_job *job = p->job;
	struct poll poll = {
	    .query_id = job->query->id,
	    .at = clock_now(&run->clock),
	    .rate = p->pages && progress_is_poll(job) ? learn_rate(p) : 0,
	    .empty = empty || (p->pages && job->query->covered_until == 0 && p->reached >= progress_upper_end(p)),
	    .error = failure ? failure->text : NULL,
	};

	memcpy(poll.doubted, p->doubted, sizeof(poll.doubted));
	return update_coverage(run, p, &poll, err) && (progress_is_poll(job) ? store_query_polled(run->store, &poll, err)
	                                                                     : store_query_searched(run->store, &poll, err));
}
