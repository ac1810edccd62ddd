#include "cron/search.h"

#include <string.h>

#include "base/timestamp.h"
#include "store/coverage.h"
#include "store/followed.h"
#include "store/matches.h"
#include "store/private/visitors.h"
#include "store/videos.h"

enum {
	TRUSTED_TAIL = 3,               /* videos at the end of a page that tell how far down it reaches */
	EMPTIES_BELIEVED = 3,           /* empty answers in a row, where nothing is known */
	NOTHING_NEW_MAX = 2,            /* pages in a row that bring nothing new: the window has nothing else */
	LATE_PART = 4,                  /* another page is worth its search while a quarter of the last one was late videos */
	CANARY_S = 7 * SECONDS_PER_DAY, /* so far above a gap one is taken */
};

/* A job in progress. */
struct progress {
	const struct search_job *job;
	int64_t top;     /* upper end of its window, inclusive */
	int64_t until;   /* the same of the next page's */
	int64_t at;      /* when the first answer was given: coverage never goes past it */
	int64_t reached; /* everything from here to AT, or TOP, has been read */
	int64_t pages;
	int64_t videos;              /* read in the window */
	int nothing_new;             /* pages in a row without a new video that went no further down either */
	bool more;                   /* YouTube has more, */
	bool worthwhile;             /* and another page should be read */
	bool cut_short;              /* by a fault, the end of quota or of the run's time */
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
	int64_t late; /* of these, where it had been read before */
};

static bool save_page(struct fetch_run *run, const struct search_job *job, struct search_answer *answer, struct finds *finds,
                      struct error *err)
{
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
	}
	for (size_t i = 0; i < answer->bare.count; i++)
		if (!store_lookup_request(run->store, query_id, answer->bare.items[i], now, err))
			return false;
	return true;
}

/* ---- how far it reaches ---- */

/* Whether the answer tells anything about the window: results from outside it do not, whatever their number. Of some videos only the
 * id is told. */
static bool is_about_window(const struct progress *p, const struct search_answer *answer)
{
	for (size_t i = 0; i < answer->videos.count; i++)
		if (answer->videos.items[i].published_at >= p->job->since && answer->videos.items[i].published_at <= p->top)
			return true;
	return answer->bare.count > 0;
}

/* How far down a page in YouTube's order reaches: to the newest of its last few videos, since that order is not strict, and single
 * videos turn up that are older than asked for. FALLBACK when no video is in the window. */
static int64_t reached_by(const struct progress *p, const struct video_list *videos, int64_t fallback)
{
	int64_t newest = 0;
	int seen = 0;

	for (size_t i = videos->count; i > 0 && seen < TRUSTED_TAIL; i--) {
		int64_t time = videos->items[i - 1].published_at;

		if (time < p->job->since || time > p->top)
			continue;
		newest = time > newest ? time : newest;
		seen++;
	}
	/* The rest of that second may be on the next page. */
	return seen ? newest + 1 : fallback;
}

/* Videos of the page that lie in the window, below what was read before. */
static int64_t count_read(const struct progress *p, const struct video_list *videos)
{
	int64_t count = 0;

	for (size_t i = 0; i < videos->count; i++)
		count += videos->items[i].published_at >= p->job->since && videos->items[i].published_at <= p->until &&
		         (p->pages == 0 || videos->items[i].published_at < p->reached);
	return count;
}

/* Where the next page begins: just below what was read. */
static void narrow(struct progress *p, const char *next_page_token)
{
	bool narrower = p->reached - 1 < p->until;

	if (narrower)
		p->until = p->reached - 1;
	memcpy(p->token, narrower ? "" : next_page_token, narrower ? 1 : strlen(next_page_token) + 1);
}

/* To be called before the page is sorted, and only for one that TELLS something. An empty first page is the end, whatever its token. */
static void take_reach(struct progress *p, const struct search_answer *answer, bool tells)
{
	bool ended = tells && (answer->items == 0 || !answer->next_page_token[0]);
	int64_t reached = ended ? p->job->since : reached_by(p, &answer->videos, p->reached);

	p->videos += count_read(p, &answer->videos);
	p->pages++;
	p->reached = reached < p->reached ? reached : p->reached;
	p->more = answer->next_page_token[0] && answer->items > 0;
	if (tells)
		narrow(p, answer->next_page_token);
}

/* YouTube may offer more for ever. FRESH videos were new on the page, before which BEFORE was reached. A page that is read again for
 * being empty counts once, one that TELLS nothing for its results are from elsewhere does not. */
static void take_novelty(struct progress *p, const struct search_answer *answer, bool tells, int64_t fresh, int64_t before)
{
	if (fresh > 0 || p->reached < before)
		p->nothing_new = 0;
	else if (tells || (answer->items == 0 && !p->repeated))
		p->nothing_new++;
	if (p->nothing_new >= NOTHING_NEW_MAX)
		p->reached = p->job->since;
}

/* ---- coverage ---- */

static int64_t upper_end(const struct progress *p)
{
	return p->at < p->top ? p->at : p->top;
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

static bool update_coverage(struct fetch_run *run, const struct progress *p, struct error *err)
{
	AUTO(coverage_clear) struct coverage coverage = {0};
	const struct search_job *job = p->job;
	struct interval read = {.since = p->reached, .until = upper_end(p), .read_at = p->at};
	struct interval before = {.since = job->since, .until = p->reached, .reason = GAP_BEFORE_TRACKING};
	struct interval rest = {.since = job->enough, .until = p->reached, .reason = GAP_INTERRUPTED};
	int64_t now = clock_now(&run->clock);

	if (!store_coverage_read(run->store, job->query->id, &coverage, err))
		return false;
	bool first = coverage.count == 0;
	if ((p->pages && !coverage_set(&coverage, &read, err)) || (p->pages && first && !coverage_set(&coverage, &before, err)) ||
	    (p->pages && p->cut_short && job->category == BUDGET_NEWEST && !coverage_set(&coverage, &rest, err)))
		return false;
	if (job->category == BUDGET_GAPS)
		mark_tried(&coverage, job, now);
	return store_coverage_write(run->store, job->query->id, &coverage, now, err);
}

/* Videos a day, as this search and the ones before it show; the longer the interval, the more it counts. */
static double learn_rate(const struct progress *p)
{
	double days = (double)(upper_end(p) - p->reached) / SECONDS_PER_DAY;
	double part = p->job->query->rate > 0 ? days / (days + 1) : 1;

	if (days <= 0)
		return 0;
	double rate = part * ((double)p->videos / days) + (1 - part) * p->job->query->rate;
	return rate > 0.01 ? rate : 0.01;
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

	return update_coverage(run, p, err) &&
	       (is_poll(job) ? store_query_polled(run->store, &poll, err) : store_query_searched(run->store, &poll, err));
}

/* ---- pages ---- */

/* Whether another page is worth a search: what has to be read is not reached yet, or late videos are still many. */
static bool is_wanted(const struct progress *p, const struct search_answer *answer, int64_t late)
{
	return p->more && (p->reached > p->job->enough || late * LATE_PART >= answer->items);
}

static bool may_go_on(const struct fetch_run *run, const struct progress *p)
{
	return p->pages < p->job->pages_max && p->reached > p->job->since && clock_now(&run->clock) < run->client.deadline;
}

/* Saves a page; the last one together with the coverage. */
static bool take_page(struct fetch_run *run, struct progress *p, struct search_answer *answer, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	bool empty = answer->items == 0 && p->pages == 0;
	bool tells = empty || is_about_window(p, answer);
	bool again = !tells && !p->repeated; /* a later page holds at least the last video of the one before */
	int64_t before = p->reached;
	struct finds finds;

	take_reach(p, answer, tells);
	if (!store_begin(run->store, err) || !save_page(run, p->job, answer, &finds, err))
		return false;
	take_novelty(p, answer, tells, finds.fresh, before);
	p->repeated = !tells;
	p->worthwhile = may_go_on(run, p) && (again || is_wanted(p, answer, finds.late));
	p->cut_short = clock_now(&run->clock) >= run->client.deadline || (!tells && p->reached > p->job->since);
	return (p->worthwhile || finish(run, p, empty, NULL, err)) && store_commit(run->store, err);
}

/* Ends a job without another page. What is in ANSWER (may be NULL) is saved, but proves nothing. */
static bool stop(struct fetch_run *run, struct progress *p, struct search_answer *answer, bool empty, const struct error *failure,
                 struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	struct finds finds;

	p->cut_short = true;
	if (failure && !fetch_run_note_failure(run, CALL_FAILED, failure, err))
		return false;
	return store_begin(run->store, err) && (!answer || save_page(run, p->job, answer, &finds, err)) &&
	       finish(run, p, empty, failure, err) && store_commit(run->store, err);
}

/* A first page without videos is no proof that there are none: never where some are known, else only the third time in a row. */
static bool take_empty(struct fetch_run *run, struct progress *p, struct search_answer *answer, struct error *err)
{
	static const struct error fault = {.code = ERR_UPSTREAM,
	                                   .text = "YouTube gave an empty answer where it has shown videos before"};
	const struct query *query = p->job->query;
	bool known = false;

	if (!store_match_doubt(run->store, query->id, p->job->since, p->top, clock_now(&run->clock), &known, err))
		return false;
	if (known)
		return stop(run, p, NULL, false, &fault, err);
	return query->empties + 1 < EMPTIES_BELIEVED ? stop(run, p, NULL, true, NULL, err) : take_page(run, p, answer, err);
}

static bool take_first_page(struct fetch_run *run, struct progress *p, struct search_answer *answer, struct error *err)
{
	static const struct error fault = {.code = ERR_UPSTREAM,
	                                   .text = "YouTube gave no video from the time that was asked for, but others"};

	if (answer->items == 0)
		return take_empty(run, p, answer, err);
	return is_about_window(p, answer) ? take_page(run, p, answer, err) : stop(run, p, answer, false, &fault, err);
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
	    .published_after = p->job->since,
	    .published_before = p->until,
	    .page_token = p->token,
	    .safe_search = p->job->query->origin == ORIGIN_VISITOR ? run->config->visitor_safe_search : SAFE_SEARCH_NONE,
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
	p->at = at;
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
	p->until = p->top;
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
