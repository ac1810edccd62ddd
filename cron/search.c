#include "cron/search.h"

#include <string.h>

#include "base/timestamp.h"
#include "cron/search/outcome.h"
#include "cron/search/progress.h"
#include "cron/search/proof.h"
#include "store/alerts/outbox.h"
#include "store/coverage.h"
#include "store/channels/followed.h"
#include "store/matches.h"
#include "store/private/visitors.h"
#include "store/upkeep/retention.h"
#include "store/videos.h"

enum {
	LATE_PART = 4,                  /* another page is worth its search while a quarter of the last one was late videos, */
	LATE_PAGES = 3,                 /* up to so many */
	CANARY_S = 7 * SECONDS_PER_DAY, /* so far above a gap one is taken */
	HIDDEN_MIN = 8,                 /* videos that a page of a longer window should have shown: it showed a choice */
};

/* What a query's first poll and its gaps bring is no news, be it now or when it is looked up. */
static bool is_backfill(const struct search_job *job)
{
	return job->category == BUDGET_GAPS || job->query->covered_until == 0;
}

/* ---- saving a page ---- */

bool search_save_found(struct fetch_run *run, int64_t query_id, const struct video *video, int64_t now, bool *fresh,
                       struct error *err)
{
	enum video_saved saved;
	int64_t seq;
	bool visitors, keeps;

	*fresh = false;
	if (!store_visitors_have(run->store, query_id, &visitors, err) ||
	    !store_query_keeps(run->store, query_id, video->published_at, &keeps, err))
		return false;
	if (visitors)
		return store_visitors_save(run->store, query_id, video, now, fresh, err);
	if (!keeps)
		return true;
	if (!store_video_save(run->store, video, SOURCE_SEARCH, now, &saved, &seq, err))
		return false;
	/* Search shows videos for a while after they went: videos.list tells whether this one is back. */
	if (saved == VIDEO_WAS_GONE)
		return store_lookup_request(run->store, query_id, video->id, false, now, err);
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

	int64_t recorded;

	*finds = (struct finds){0};
	if (!store_recorded_last(run->store, &recorded, err))
		return false;
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
		if (!store_lookup_request(run->store, query_id, answer->bare.items[i], is_backfill(job), now, err))
			return false;
	return !is_backfill(job) || store_backfill_note(run->store, recorded, err);
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
	const struct proof proof = proof_judge(p, answer);
	const struct progress before = *p;
	struct finds finds;

	proof_note_doubts(p, answer);
	progress_take_reach(p, answer, proof.tells);
	if (proof.narrows)
		progress_narrow(p, answer);
	if (!store_begin(run->store, err) || !save_page(run, &before, answer, &finds, err))
		return false;
	progress_take_novelty(p, answer, proof.tells, finds.fresh, &before);
	p->late += finds.late;
	p->doubted[DOUBT_CHOICE] |= finds.hidden >= HIDDEN_MIN;
	p->repeated = !proof.tells && !proof.doubted;
	p->rest = reason_of_rest(run, &proof);
	p->worthwhile = may_go_on(run, p) && (proof.narrows || proof.again || (proof.tells && is_wanted(p, answer, finds.late)));
	return (p->worthwhile || outcome_save(run, p, answer->items == 0 && before.pages == 0, NULL, err)) &&
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
	       outcome_save(run, p, empty, failure, err) && store_commit(run->store, err);
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
	return proof_is_silence_believed(p->job) ? take_page(run, p, answer, err) : stop(run, p, NULL, true, NULL, err);
}

static bool take_first_page(struct fetch_run *run, struct progress *p, struct search_answer *answer, struct error *err)
{
	static const struct error fault = {.code = ERR_UPSTREAM,
	                                   .text = "YouTube gave no video from the time that was asked for, but others"};

	if (answer->items == 0)
		return take_empty(run, p, answer, err);
	bool elsewhere = window_count(&p->window, answer) == 0;
	if (!elsewhere && (!window_is_drop(&p->window, answer) || proof_is_silence_believed(p->job)))
		return take_page(run, p, answer, err);
	proof_note_doubts(p, answer);
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
	p->reached = progress_upper_end(p);
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

	if (!progress_is_poll(p->job) || (run->searches_over && p->pages == 0))
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
	progress_open_window(p);
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
