#include "cron/search.h"

#include <math.h>
#include <string.h>

#include "base/timestamp.h"
#include "cron/window.h"
#include "store/coverage.h"
#include "store/followed.h"
#include "store/matches.h"
#include "store/private/visitors.h"
#include "store/videos.h"

enum {
	EMPTIES_BELIEVED = 3,            /* empty answers in a row, where nothing is known */
	NOTHING_NEW_MAX = 2,             /* pages in a row that bring nothing new: the window has nothing else */
	LATE_PART = 4,                   /* another page is worth its search while a quarter of the last one was late videos, */
	LATE_PAGES = 3,                  /* up to so many */
	CANARY_S = 7 * SECONDS_PER_DAY,  /* so far above a gap one is taken */
	OVERLAP_S = SECONDS_PER_HOUR,    /* so far below what was read a poll reaches at least */
	REST_PART = 6,                   /* a rest of a sixth of a window has none of its own */
	WIDER_PART = 4,                  /* windows grow by a quarter while they would not hold many more videos than these, */
	FULL_MAX = 60,                   /* which fill a page, */
	WHOLE_MAX = 40,                  /* or, where only whole answers count, do not */
	NARROWED_MIN_S = 2 * PAGE_MIN_S, /* a window that is shorter is not narrowed for a doubt, */
	NARROWED_MAX = 4,                /* nor more than so many by a job: the next one begins with what this one learnt */
	HIDDEN_MIN = 8,                  /* videos that a page of a longer window should have shown: it showed a choice */
};

static const double rate_min = 0.01; /* videos a day */
static const double rate_rise = 8;   /* at most, for a doubt */

/* A job in progress. */
struct progress {
	const struct search_job *job;
	int64_t top;          /* upper end of what it asks for, inclusive */
	struct window window; /* of the next page; AT is when the first answer was given: coverage never goes past it */
	int64_t page_s;       /* it is so long; 0 = down to the end */
	int64_t reached;      /* everything from here to AT, or TOP, has been read */
	int64_t pages;
	int64_t videos;              /* read in the window */
	int64_t late;                /* found where it had been read before */
	int nothing_new;             /* pages in a row without a new video that went no further down either */
	bool worthwhile;             /* another page should be read */
	int narrowed;                /* windows, for their pages were doubted */
	enum gap_reason rest;        /* why what is below was not read; GAP_NONE: it will be */
	bool doubted[DOUBT_COUNT];   /* why pages proved less than they should */
	int64_t choice_since;        /* from here on a page showed a choice, as may be; 0 = none did */
	bool repeated;               /* a later page told nothing and is read a second time */
	char token[PAGE_TOKEN_SIZE]; /* only where a single second fills a page */
};

static bool is_poll(const struct search_job *job)
{
	return job->category != BUDGET_GAPS && job->category != BUDGET_SECOND_READINGS;
}

/* ---- saving a page ---- */

bool search_save_found(struct fetch_run *run, int64_t query_id, const struct video *video, int64_t now, bool *fresh,
                       struct error *err)
{
	enum video_saved saved;
	int64_t seq;
	bool visitors;

	*fresh = false;
	if (!store_visitors_have(run->store, query_id, &visitors, err))
		return false;
	if (visitors)
		return store_visitors_save(run->store, query_id, video, now, fresh, err);
	if (!store_video_save(run->store, video, SOURCE_SEARCH, now, &saved, &seq, err))
		return false;
	/* Search shows videos for a while after they went: videos.list tells whether this one is back. */
	if (saved == VIDEO_WAS_GONE)
		return store_lookup_request(run->store, query_id, video->id, now, err);
	if (saved == VIDEO_HIDDEN)
		return store_match_save_hidden(run->store, query_id, video->id, FOUND_SEARCH, now, fresh, err);
	if (!store_match_save(run->store, query_id, seq, FOUND_SEARCH, now, fresh, err) ||
	    (*fresh && !store_follow(run->store, query_id, seq, now, err)))
		return false;
	run->result->added += saved == VIDEO_ADDED;
	run->result->updated += saved == VIDEO_CHANGED;
	return true;
}

/* How many videos of a page the query had not found before. */
struct finds {
	int64_t fresh;
	int64_t late;   /* of these, where it had been read before */
	int64_t hidden; /* where a page of a longer window had shown a choice */
};

static bool save_page(struct fetch_run *run, const struct progress *p, struct search_answer *answer, struct finds *finds,
                      struct error *err)
{
	const struct search_job *job = p->job;
	int64_t query_id = job->query->id;
	int64_t now = clock_now(&run->clock);

	*finds = (struct finds){0};
	video_list_sort(&answer->videos);
	for (size_t i = 0; i < answer->videos.count; i++) {
		int64_t published_at = answer->videos.items[i].published_at;
		bool fresh;

		if (!search_save_found(run, query_id, &answer->videos.items[i], now, &fresh, err))
			return false;
		finds->fresh += fresh;
		finds->late += fresh && published_at >= job->since && published_at <= job->enough;
		finds->hidden += fresh && p->choice_since && published_at > p->choice_since && published_at <= p->window.until;
	}
	for (size_t i = 0; i < answer->bare.count; i++)
		if (!store_lookup_request(run->store, query_id, answer->bare.items[i], now, err))
			return false;
	return true;
}

/* ---- windows ---- */

/* The window that ends at P->until. A short rest is read with it: what is below, or the overlap with what a poll has read before. */
static void open_window(struct progress *p)
{
	const struct search_job *job = p->job;
	int64_t rest = job->enough - OVERLAP_S > job->since ? job->enough - OVERLAP_S : job->since;
	int64_t since = (p->window.until < job->until ? p->window.until : job->until) - p->page_s;

	if (since > rest && since - rest <= p->page_s / REST_PART)
		since = rest;
	p->window.since = p->page_s && since > job->since ? since : job->since;
	p->token[0] = '\0';
}

static bool is_long(const struct progress *p)
{
	return p->window.until - p->window.since >= NARROWED_MIN_S;
}

/* ---- what an answer proves ---- */

/* Whether to look for choices. A busy hour looks like one too, and to make sure costs a search: polls do it where nothing tells how many
 * videos there are, or where choices were shown lately; what is read only once, always. */
static bool is_suspicious(const struct progress *p)
{
	return is_long(p) && (!is_poll(p->job) || p->page_s == 0 || p->job->query->doubted_at[DOUBT_CHOICE] > 0);
}

/* A page that covers nothing, for others may be missing between its videos. */
static bool is_doubted(const struct progress *p, const struct search_answer *answer)
{
	return !window_is_whole(answer) && window_count(&p->window, answer) > 0 &&
	       (!window_is_in_order(answer) || (is_suspicious(p) && window_is_choice(&p->window, answer, p->page_s == 0)));
}

/* Whether a silence that is no proof is believed: after some polls in a row, where a gap was tried before, where another reading said
 * the same. */
static bool is_silence_believed(const struct search_job *job)
{
	return is_poll(job) ? job->query->empties + 1 >= EMPTIES_BELIEVED : job->tried || job->category == BUDGET_SECOND_READINGS;
}

/* ---- how far it reaches ---- */

/* Videos of the page in what it adds to what was read: from REACHED on. */
static int64_t count_read(const struct progress *p, const struct video_list *videos, int64_t reached)
{
	int64_t count = 0;

	for (size_t i = 0; i < videos->count; i++)
		count += window_has(&p->window, videos->items[i].published_at) && videos->items[i].published_at >= reached &&
		         (p->pages == 0 || videos->items[i].published_at < p->reached);
	return count;
}

/* Asks for a window that a page may hold: half of it when its page had no order, else a little more than what that showed. */
static void narrow_window(struct progress *p, const struct search_answer *answer)
{
	int64_t shown = p->window.until - window_reached(&p->window, answer, p->window.since);
	int64_t half = (p->window.until - p->window.since) / 2;
	bool in_order = window_is_in_order(answer);

	p->narrowed++;
	p->choice_since = in_order ? window_reached(&p->window, answer, p->window.until) : 0;
	p->page_s = in_order ? shown + shown / REST_PART : half;
	open_window(p);
}

/* Where the next page begins: with the last video of this one as a canary. Where a second fills a page, with YouTube's next one. */
static void go_on_below(struct progress *p, const struct search_answer *answer)
{
	int64_t until = window_is_whole(answer) ? window_oldest(&p->window, answer) : p->reached - 1;
	int64_t wider = p->page_s + p->page_s / WIDER_PART;
	int64_t most = p->narrowed || p->job->query->doubted_at[DOUBT_ORDER] ? WHOLE_MAX : FULL_MAX;

	if (window_is_whole(answer) && window_count(&p->window, answer) * wider <= most * p->page_s)
		p->page_s = wider;
	if (until < p->window.until) {
		p->window.until = until;
		open_window(p);
	} else {
		memcpy(p->token, answer->next_page_token, strlen(answer->next_page_token) + 1);
	}
}

/* To be called before the page is sorted, and only for one that TELLS something. An empty first page is the end, whatever its token. */
static void take_reach(struct progress *p, const struct search_answer *answer, bool tells)
{
	int64_t reached = tells && window_is_whole(answer) ? p->window.since : window_reached(&p->window, answer, p->reached);

	p->videos += tells ? count_read(p, &answer->videos, reached) : 0;
	p->pages++;
	if (!tells)
		return;
	p->reached = reached < p->reached ? reached : p->reached;
	go_on_below(p, answer);
}

/* YouTube may offer more for ever. FRESH videos were new on the page, which was asked for in the state BEFORE. A page that is read
 * again for being empty counts once, one that TELLS nothing for its results are from elsewhere does not. */
static void take_novelty(struct progress *p, const struct search_answer *answer, bool tells, int64_t fresh,
                         const struct progress *before)
{
	if (fresh > 0 || p->reached < before->reached)
		p->nothing_new = 0;
	else if (tells || (answer->items == 0 && !p->repeated))
		p->nothing_new++;
	if (p->nothing_new < NOTHING_NEW_MAX)
		return;
	p->nothing_new = 0;
	p->doubted[DOUBT_PAGES] = true;
	p->reached = p->window.until = before->window.since;
	open_window(p);
}

/* ---- coverage ---- */

static int64_t upper_end(const struct progress *p)
{
	return p->window.at < p->top ? p->window.at : p->top;
}

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
	struct interval read = {.since = p->reached, .until = upper_end(p), .read_at = p->window.at};

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
	int64_t until = upper_end(p);
	double days = (double)(until - p->reached) / SECONDS_PER_DAY;
	double shown_days = fmax(window_shown_s(&p->window, p->reached, until) / SECONDS_PER_DAY, days / 2);
	double part = p->job->query->rate > 0 ? fmax(days / (days + 1), p->narrowed ? 0.5 : 0) : 1;

	if (days <= 0)
		return p->narrowed ? narrowed_rate(p) : 0;
	return fmax(part * ((double)p->videos / shown_days) + (1 - part) * p->job->query->rate, rate_min);
}

/* Saves how the job went: in the transaction at hand, with its last page. FAILURE may be NULL. */
static bool finish(struct fetch_run *run, const struct progress *p, bool empty, const struct error *failure, struct error *err)
{
	const struct search_job *job = p->job;
	struct poll poll = {
	    .query_id = job->query->id,
	    .at = clock_now(&run->clock),
	    .rate = p->pages && is_poll(job) ? learn_rate(p) : 0,
	    .empty = empty || (p->pages && job->query->covered_until == 0 && p->reached >= upper_end(p)),
	    .error = failure ? failure->text : NULL,
	};

	memcpy(poll.doubted, p->doubted, sizeof(poll.doubted));
	return update_coverage(run, p, &poll, err) &&
	       (is_poll(job) ? store_query_polled(run->store, &poll, err) : store_query_searched(run->store, &poll, err));
}

/* ---- pages ---- */

/* Whether another page is worth a search: what has to be read is not reached yet, or late videos are still many. */
static bool is_wanted(const struct progress *p, const struct search_answer *answer, int64_t late)
{
	return p->reached > p->job->enough ||
	       (!window_is_whole(answer) && p->pages < LATE_PAGES && late * LATE_PART >= answer->items);
}

static bool may_go_on(const struct fetch_run *run, const struct progress *p)
{
	return p->pages < p->job->pages_max && p->reached > p->job->since && clock_now(&run->clock) < run->client.deadline;
}

/* What the status says of the answer. */
static void note_doubts(struct progress *p, const struct search_answer *answer)
{
	p->doubted[DOUBT_ORDER] |= !window_is_whole(answer) && !window_is_in_order(answer);
	p->doubted[DOUBT_WINDOW] |= window_is_ignored(&p->window, answer);
	p->doubted[DOUBT_SILENCE] |= window_is_drop(&p->window, answer);
}

/* What a page proves. */
struct proof {
	bool doubted; /* it covers nothing */
	bool narrows; /* and its window is asked for again, but shorter */
	bool tells;   /* it covers what it shows */
	bool again;   /* its window is asked for once more: a later page holds at least the last video of the one before */
};

static struct proof judge(const struct progress *p, const struct search_answer *answer)
{
	bool empty = answer->items == 0 && p->pages == 0;
	bool silent = window_is_drop(&p->window, answer) && !is_silence_believed(p->job);
	struct proof proof = {.doubted = is_doubted(p, answer)};

	proof.narrows = proof.doubted && is_long(p) && p->narrowed < NARROWED_MAX;
	proof.tells = !proof.doubted && !silent && (empty || window_count(&p->window, answer) > 0);
	proof.again = !proof.doubted && !proof.tells && !p->repeated;
	return proof;
}

static enum gap_reason reason_of_rest(const struct fetch_run *run, const struct proof *proof)
{
	if (proof->doubted)
		return GAP_DOUBTED;
	return !proof->tells || clock_now(&run->clock) >= run->client.deadline ? GAP_INTERRUPTED : GAP_NONE;
}

/* Saves a page; the last one together with the coverage. */
static bool take_page(struct fetch_run *run, struct progress *p, struct search_answer *answer, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	const struct proof proof = judge(p, answer);
	const struct progress before = *p;
	struct finds finds;

	note_doubts(p, answer);
	take_reach(p, answer, proof.tells);
	if (proof.narrows)
		narrow_window(p, answer);
	if (!store_begin(run->store, err) || !save_page(run, &before, answer, &finds, err))
		return false;
	take_novelty(p, answer, proof.tells, finds.fresh, &before);
	p->late += finds.late;
	p->doubted[DOUBT_CHOICE] |= finds.hidden >= HIDDEN_MIN;
	p->repeated = !proof.tells && !proof.doubted;
	p->rest = reason_of_rest(run, &proof);
	p->worthwhile = may_go_on(run, p) && (proof.narrows || proof.again || (proof.tells && is_wanted(p, answer, finds.late)));
	return (p->worthwhile || finish(run, p, answer->items == 0 && before.pages == 0, NULL, err)) &&
	       store_commit(run->store, err);
}

/* Ends a job without another page. What is in ANSWER (may be NULL) is saved, but proves nothing. */
static bool stop(struct fetch_run *run, struct progress *p, struct search_answer *answer, bool empty, const struct error *failure,
                 struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	struct finds finds;

	p->rest = GAP_INTERRUPTED;
	if (failure && !fetch_run_note_failure(run, CALL_FAILED, failure, err))
		return false;
	return store_begin(run->store, err) && (!answer || save_page(run, p, answer, &finds, err)) &&
	       finish(run, p, empty, failure, err) && store_commit(run->store, err);
}

/* A first page without videos is no proof that there are none: never where some are known. */
static bool take_empty(struct fetch_run *run, struct progress *p, struct search_answer *answer, struct error *err)
{
	static const struct error fault = {.code = ERR_UPSTREAM,
	                                   .text = "YouTube gave an empty answer where it has shown videos before"};
	const struct query *query = p->job->query;
	bool known = false;

	if (!store_match_doubt(run->store, query->id, p->window.since, p->window.until, clock_now(&run->clock), &known, err))
		return false;
	p->doubted[DOUBT_SILENCE] = known;
	if (known)
		return stop(run, p, NULL, false, &fault, err);
	return is_silence_believed(p->job) ? take_page(run, p, answer, err) : stop(run, p, NULL, true, NULL, err);
}

static bool take_first_page(struct fetch_run *run, struct progress *p, struct search_answer *answer, struct error *err)
{
	static const struct error fault = {.code = ERR_UPSTREAM,
	                                   .text = "YouTube gave no video from the time that was asked for, but others"};

	if (answer->items == 0)
		return take_empty(run, p, answer, err);
	bool elsewhere = window_count(&p->window, answer) == 0;
	if (!elsewhere && (!window_is_drop(&p->window, answer) || is_silence_believed(p->job)))
		return take_page(run, p, answer, err);
	note_doubts(p, answer);
	return stop(run, p, answer, !elsewhere, elsewhere ? &fault : NULL, err);
}

static bool take_failure(struct fetch_run *run, struct progress *p, enum call_result result, struct error *err)
{
	struct error failure = *err;

	if (result == CALL_FAILED)
		return stop(run, p, NULL, false, &failure, err);
	/* Not the query's failure. Pages that were read count; without any, the query stays due. */
	run->searches_over = true;
	if (result == CALL_UNREACHED && !fetch_run_note_failure(run, result, &failure, err))
		return false;
	return p->pages == 0 || stop(run, p, NULL, false, NULL, err);
}

/* Searches for one page and takes it; P->worthwhile tells whether there should be another. */
static bool read_page(struct fetch_run *run, struct progress *p, struct error *err)
{
	AUTO(search_answer_clear) struct search_answer answer = {0};
	struct search_request request = {
	    .text = p->job->query->text,
	    .published_after = p->window.since,
	    .published_before = p->window.until,
	    .page_token = p->token,
	    .safe_search = p->job->query->origin == ORIGIN_VISITOR ? run->config->visitor_safe_search : SAFE_SEARCH_NONE,
	    .region = p->job->query->rules.region,
	    .language = p->job->query->rules.language,
	};
	enum call_result result;
	int64_t at;

	p->worthwhile = false;
	if (!api_client_search(&run->client, &request, &answer, &at, &result, err))
		return false;
	if (result != CALL_OK)
		return take_failure(run, p, result, err);
	fetch_run_note_skipped(run, &answer.skipped);
	if (p->pages > 0)
		return take_page(run, p, &answer, err);
	p->window.at = at;
	p->reached = upper_end(p);
	return take_first_page(run, p, &answer, err);
}

/* A gap's window is widened to hold a known video as a canary, where there is one: a faulty empty answer shows. */
static bool find_top(struct fetch_run *run, const struct search_job *job, int64_t *top, struct error *err)
{
	int64_t known = 0;

	*top = job->until;
	if (job->category != BUDGET_GAPS)
		return true;
	if (!store_match_first_since(run->store, job->query->id, job->until, &known, err))
		return false;
	if (known && known - job->until <= CANARY_S)
		*top = known;
	return true;
}

/* When the query will be polled next: as planned, or after a pause when it could not be read. */
static bool set_next_poll(struct fetch_run *run, const struct progress *p, struct error *err)
{
	const struct query *query = p->job->query;
	int64_t doublings = query->failures < BACKOFF_DOUBLINGS_MAX ? query->failures : BACKOFF_DOUBLINGS_MAX;
	int64_t pause = clock_now(&run->clock) + (run->config->interval_s << doublings);
	int64_t planned = p->job->next_poll_at;

	if (!is_poll(p->job) || (run->searches_over && p->pages == 0))
		return true;
	return store_query_set_next_poll(run->store, query->id, p->pages || pause > planned ? planned : pause, err);
}

static bool read_pages(struct fetch_run *run, struct progress *p, struct error *err)
{
	if (!find_top(run, p->job, &p->top, err))
		return false;
	p->window.until = p->top;
	p->window.rate = p->job->query->rate;
	p->page_s = p->job->page_s;
	open_window(p);
	while (p->worthwhile)
		if (!read_page(run, p, err))
			return false;
	return set_next_poll(run, p, err);
}

/* What could not be saved is asked for again, after a pause as if the call had failed: nothing else waits for it meanwhile. */
static bool take_unsaved(struct fetch_run *run, const struct search_job *job, struct error *err)
{
	struct progress nothing = {.job = job};
	struct error failure = *err;

	store_rollback(run->store);
	return stop(run, &nothing, NULL, false, &failure, err) && set_next_poll(run, &nothing, err);
}

bool search_job_run(struct fetch_run *run, const struct search_job *job, struct error *err)
{
	struct progress p = {.job = job, .worthwhile = true};

	return read_pages(run, &p, err) || (err->code != ERR_NO_MEMORY && take_unsaved(run, job, err));
}
