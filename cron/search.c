#include "cron/search.h"

#include <string.h>

#include "base/timestamp.h"
#include "store/coverage.h"
#include "store/matches.h"
#include "store/videos.h"

enum {
	TRUSTED_TAIL = 3,     /* videos at the end of a page that tell how far down it reaches */
	EMPTIES_BELIEVED = 3, /* empty answers in a row, where nothing is known */
	LATE_PART = 4,        /* another page is worth its search while a quarter of the last one was late videos */
	SENTINEL_S = 7 * SECONDS_PER_DAY,
	BACKOFF_DOUBLINGS_MAX = 10,
};

/* A reading in progress. */
struct progress {
	const struct reading *reading;
	int64_t top;     /* upper end of its window, inclusive */
	int64_t until;   /* the same of the next page's */
	int64_t at;      /* when the first answer was given: coverage never goes past it */
	int64_t reached; /* everything from here to AT, or TOP, has been read */
	int64_t pages;
	int64_t videos;              /* read in the window */
	bool more;                   /* YouTube has more */
	bool worthwhile;             /* it should be asked for */
	bool cut_short;              /* by a fault, the end of quota or of the tick's time */
	bool repeated;               /* a later page was empty and is asked for a second time */
	char token[PAGE_TOKEN_SIZE]; /* only where a single second fills a page */
};

static bool is_poll(const struct reading *reading)
{
	return reading->category != BUDGET_GAPS && reading->category != BUDGET_SECOND_READINGS;
}

/* ---- saving a page ---- */

static bool save_found(struct tick *tick, int64_t query_id, const struct video *video, int64_t now, bool *fresh,
                       struct error *err)
{
	enum video_saved saved;
	int64_t seq;

	*fresh = false;
	if (!store_video_save(tick->store, video, SOURCE_SEARCH, now, &saved, &seq, err))
		return false;
	/* Search shows videos for a while after they went: videos.list tells whether this one is back. */
	if (saved == VIDEO_WAS_GONE)
		return store_lookup_request(tick->store, query_id, video->id, now, err);
	if (!store_match_save(tick->store, query_id, seq, FOUND_SEARCH, now, fresh, err))
		return false;
	tick->run->added += saved == VIDEO_ADDED;
	tick->run->updated += saved == VIDEO_CHANGED;
	return true;
}

/* *LATE becomes the number of videos that were missed where the query had been read before. */
static bool save_page(struct tick *tick, const struct reading *reading, struct search_answer *answer, int64_t *late,
                      struct error *err)
{
	int64_t query_id = reading->query->id;
	int64_t now = clock_now(&tick->clock);

	*late = 0;
	video_list_sort(&answer->videos);
	for (size_t i = 0; i < answer->videos.count; i++) {
		bool fresh;

		if (!save_found(tick, query_id, &answer->videos.items[i], now, &fresh, err))
			return false;
		*late += fresh && answer->videos.items[i].published_at <= reading->enough;
	}
	for (size_t i = 0; i < answer->bare.count; i++)
		if (!store_lookup_request(tick->store, query_id, answer->bare.items[i], now, err))
			return false;
	tick->run->skipped += answer->skipped;
	return true;
}

/* ---- how far it reaches ---- */

/* How far down a page in YouTube's order reaches: to the newest of its last few videos, since that order is not strict, and single
 * videos turn up that are older than asked for. OTHERWISE when the page tells nothing. */
static int64_t reached_by(const struct progress *p, const struct video_list *videos, int64_t otherwise)
{
	int64_t newest = 0;
	int seen = 0;

	for (size_t i = videos->count; i > 0 && seen < TRUSTED_TAIL; i--) {
		int64_t time = videos->items[i - 1].published_at;

		if (time < p->reading->since || time > p->top)
			continue;
		newest = time > newest ? time : newest;
		seen++;
	}
	/* The rest of that second may be on the next page. */
	return seen ? newest + 1 : otherwise;
}

/* Videos of the page that lie in the window, below what was read before. */
static int64_t count_read(const struct progress *p, const struct video_list *videos)
{
	int64_t count = 0;

	for (size_t i = 0; i < videos->count; i++)
		count += videos->items[i].published_at >= p->reading->since && videos->items[i].published_at <= p->until &&
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

/* To be called before the page is sorted. */
static void take_reach(struct progress *p, const struct search_answer *answer)
{
	/* A later page that is empty proves nothing. */
	bool ended = !answer->next_page_token[0] && (answer->items > 0 || p->pages == 0);
	int64_t reached = ended ? p->reading->since : reached_by(p, &answer->videos, p->reached);

	p->videos += count_read(p, &answer->videos);
	p->pages++;
	p->reached = reached < p->reached ? reached : p->reached;
	p->more = answer->next_page_token[0] && answer->items > 0;
	narrow(p, answer->next_page_token);
}

/* ---- coverage ---- */

static int64_t upper_end(const struct progress *p)
{
	return p->at < p->top ? p->at : p->top;
}

/* What of the window is still a gap has been tried now. */
static void mark_tried(struct coverage *coverage, const struct reading *reading, int64_t now)
{
	for (size_t i = 0; i < coverage->count; i++) {
		struct interval *interval = &coverage->items[i];

		if (interval->read_at == 0 && interval->since < reading->until && interval->until > reading->since)
			interval->tried_at = now;
	}
}

static bool update_coverage(struct tick *tick, const struct progress *p, struct error *err)
{
	AUTO(coverage_clear) struct coverage coverage = {0};
	const struct reading *reading = p->reading;
	struct interval read = {.since = p->reached, .until = upper_end(p), .read_at = p->at};
	struct interval before = {.since = reading->since, .until = p->reached, .reason = GAP_BEFORE_TRACKING};
	struct interval rest = {.since = reading->enough, .until = p->reached, .reason = GAP_INTERRUPTED};
	int64_t now = clock_now(&tick->clock);

	if (!store_coverage_read(tick->store, reading->query->id, &coverage, err))
		return false;
	bool first = coverage.count == 0;
	if ((p->pages && !coverage_set(&coverage, &read, err)) || (p->pages && first && !coverage_set(&coverage, &before, err)) ||
	    (p->pages && p->cut_short && reading->category == BUDGET_NEWEST && !coverage_set(&coverage, &rest, err)))
		return false;
	if (reading->category == BUDGET_GAPS)
		mark_tried(&coverage, reading, now);
	return store_coverage_write(tick->store, reading->query->id, &coverage, now, err);
}

/* Videos a day, as this reading and the ones before it tell; the longer the interval, the more it counts. */
static double learn_rate(const struct progress *p)
{
	double days = (double)(upper_end(p) - p->reached) / SECONDS_PER_DAY;
	double part = p->reading->query->rate > 0 ? days / (days + 1) : 1;

	if (days <= 0)
		return 0;
	double rate = part * ((double)p->videos / days) + (1 - part) * p->reading->query->rate;
	return rate > 0.01 ? rate : 0.01;
}

/* Writes down how the reading went: in the transaction at hand, with its last page. FAILURE may be NULL. */
static bool finish(struct tick *tick, const struct progress *p, bool empty, const struct error *failure, struct error *err)
{
	const struct reading *reading = p->reading;
	struct poll poll = {
	    .query_id = reading->query->id,
	    .at = clock_now(&tick->clock),
	    .rate = p->pages && is_poll(reading) ? learn_rate(p) : 0,
	    .empty = empty,
	    .error = failure ? failure->text : NULL,
	};

	return update_coverage(tick, p, err) &&
	       (is_poll(reading) ? store_query_polled(tick->store, &poll, err) : store_query_searched(tick->store, &poll, err));
}

/* ---- pages ---- */

/* Whether another page is worth a search: what has to be read is not reached yet, or late videos are still many. */
static bool goes_on(const struct tick *tick, const struct progress *p, const struct search_answer *answer, int64_t late)
{
	return p->more && p->pages < p->reading->pages_max && clock_now(&tick->clock) < tick->caller.deadline &&
	       (p->reached > p->reading->enough || late * LATE_PART >= answer->items);
}

/* Saves a page; the last one together with the coverage. */
static bool take_page(struct tick *tick, struct progress *p, struct search_answer *answer, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = tick->store;
	bool empty = answer->items == 0 && p->pages == 0;
	int64_t late;

	take_reach(p, answer);
	if (!store_begin(tick->store, err) || !save_page(tick, p->reading, answer, &late, err))
		return false;
	p->worthwhile = goes_on(tick, p, answer, late);
	p->cut_short = clock_now(&tick->clock) >= tick->caller.deadline || (answer->items == 0 && p->pages > 1);
	return (p->worthwhile || finish(tick, p, empty, NULL, err)) && store_commit(tick->store, err);
}

/* An empty answer is no proof that nothing exists: never where the record knows videos, else only the third time in a row.
 * *DOUBTFUL tells that it moves nothing, with *FAILURE where that is a fault. */
static bool doubt_empty(struct tick *tick, const struct progress *p, bool *doubtful, struct error *failure, struct error *err)
{
	const struct query *query = p->reading->query;
	bool known = false;

	if (!store_match_doubt(tick->store, query->id, p->reading->since, p->top, clock_now(&tick->clock), &known, err))
		return false;
	if (known)
		error_set(failure, ERR_UPSTREAM, "YouTube gave an empty answer where it has shown videos before");
	*doubtful = known || query->empties + 1 < EMPTIES_BELIEVED;
	return true;
}

/* Ends a reading without another page. */
static bool stop(struct tick *tick, struct progress *p, bool empty, const struct error *failure, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = tick->store;
	const struct error *told = failure && failure->text[0] ? failure : NULL;

	p->cut_short = true;
	if (told && !tick_note_failure(tick, told, err))
		return false;
	return store_begin(tick->store, err) && finish(tick, p, empty, told, err) && store_commit(tick->store, err);
}

/* Asks for one page and takes it; P->worthwhile tells whether there should be another. */
static bool read_page(struct tick *tick, struct progress *p, struct error *err)
{
	AUTO(search_answer_clear) struct search_answer answer = {0};
	struct error failure = {0};
	struct search_request request = {
	    .text = p->reading->query->text,
	    .published_after = p->reading->since,
	    .published_before = p->until,
	    .page_token = p->token,
	};
	enum called called;
	bool doubtful = false;
	int64_t at;

	p->worthwhile = false;
	if (!caller_search(&tick->caller, &request, &answer, &at, &called, err))
		return false;
	if (called == CALL_NO_QUOTA || called == CALL_UNREACHED) {
		/* Not the query's failure. Pages that were read count; without any, it stays due. */
		failure = *err;
		tick->searches_over = true;
		if (called == CALL_UNREACHED && !tick_note_unreached(tick, &failure, err))
			return false;
		return p->pages == 0 || stop(tick, p, false, NULL, err);
	}
	if (called == CALL_FAILED) {
		failure = *err;
		return stop(tick, p, false, &failure, err);
	}
	/* A later page holds at least the last video of the one before. */
	if (p->pages > 0 && answer.items == 0 && !p->repeated) {
		p->worthwhile = p->repeated = true;
		return true;
	}
	if (p->pages == 0) {
		p->at = at;
		p->reached = upper_end(p);
		if (answer.items == 0 && !doubt_empty(tick, p, &doubtful, &failure, err))
			return false;
	}
	return doubtful ? stop(tick, p, !failure.text[0], &failure, err) : take_page(tick, p, &answer, err);
}

/* A gap's window is made to hold one video that is known, where there is one: an empty answer can then be told from the truth. */
static bool find_top(struct tick *tick, const struct reading *reading, int64_t *top, struct error *err)
{
	int64_t known = 0;

	*top = reading->until;
	if (reading->category != BUDGET_GAPS)
		return true;
	if (!store_match_first_since(tick->store, reading->query->id, reading->until, &known, err))
		return false;
	if (known && known - reading->until <= SENTINEL_S)
		*top = known;
	return true;
}

/* When the query will have its turn: as planned, or after a pause when it could not be read. */
static bool set_next_poll(struct tick *tick, const struct progress *p, struct error *err)
{
	const struct query *query = p->reading->query;
	int64_t doublings = query->failures < BACKOFF_DOUBLINGS_MAX ? query->failures : BACKOFF_DOUBLINGS_MAX;
	int64_t pause = clock_now(&tick->clock) + (tick->config->interval_s << doublings);
	int64_t planned = p->reading->next_poll_at;

	if (!is_poll(p->reading) || (tick->searches_over && p->pages == 0))
		return true;
	return store_query_set_next_poll(tick->store, query->id, p->pages || pause > planned ? planned : pause, err);
}

bool reading_make(struct tick *tick, const struct reading *reading, struct error *err)
{
	struct progress p = {.reading = reading, .worthwhile = true};

	if (!find_top(tick, reading, &p.top, err))
		return false;
	p.until = p.top;
	while (p.worthwhile)
		if (!read_page(tick, &p, err))
			return false;
	return set_next_poll(tick, &p, err);
}
