#include "cron/lookups.h"

#include <string.h>

#include "base/log.h"
#include "base/timestamp.h"
#include "cron/budget/plan.h"
#include "store/private/visitors.h"
#include "store/upkeep/quarantine.h"
#include "store/upkeep/recount.h"
#include "store/upkeep/refresh.h"
#include "store/videos.h"

enum { WAITING_MAX = 100000, SET_ASIDE_S = 1800 };

/* Lets other videos come before IDS until then. */
typedef bool postpone_fn(struct store *store, const struct text_list *ids, int64_t until, struct error *err);

/* Content that was not refreshed so long after it was due, and in any case after the time that YouTube allows, is quarantined. */
enum { GRACE_DAYS = 5, CONTENT_DAYS = 30, QUARANTINE_STEP = 200 };

/* Any public video does to try a key; this one is YouTube's first, of 2005. */
#define FIRST_VIDEO "jNQXAC9IVRw"

/* Videos last checked before this time are to be refreshed: a tenth earlier than promised, so that a busy day does no harm. */
static int64_t refresh_before(const struct fetch_run *run)
{
	return clock_now(&run->clock) - run->config->refresh_days * SECONDS_PER_DAY * 9 / 10;
}

bool lookups_count_waiting(struct fetch_run *run, int64_t *out, struct error *err)
{
	return store_refresh_count(run->store, clock_now(&run->clock), refresh_before(run), WAITING_MAX, out, err);
}

bool lookups_count_recounts(struct fetch_run *run, int64_t *out, struct error *err)
{
	return store_recount_count(run->store, clock_now(&run->clock), WAITING_MAX, out, err);
}

static int64_t quarantine_before(const struct fetch_run *run)
{
	int64_t days = run->config->refresh_days + GRACE_DAYS;

	return clock_now(&run->clock) - (days < CONTENT_DAYS ? days : CONTENT_DAYS) * SECONDS_PER_DAY;
}

bool lookups_quarantine(struct fetch_run *run, struct error *err)
{
	/* In steps, so that others may write in between; what is left at the end of a run is for the next one. */
	for (bool left = true; left && clock_now(&run->clock) < run->client.deadline;) {
		int64_t hidden;

		if (!store_quarantine_hide(run->store, quarantine_before(run), QUARANTINE_STEP, &hidden, &left, err))
			return false;
		run->result->hidden += hidden;
	}
	return store_visitors_purge(run->store, quarantine_before(run), err);
}

static bool list_has(const struct video_list *videos, const char *id)
{
	for (size_t i = 0; i < videos->count; i++)
		if (strcmp(videos->items[i].id, id) == 0)
			return true;
	return false;
}

/* Whether ANSWER has the video ID, be it in a form that cannot be saved. */
static bool answer_has(const struct details_answer *answer, const char *id)
{
	return list_has(&answer->videos, id) || text_list_has(&answer->skipped, id);
}

/* What was not asked for is not saved. */
static bool save(struct fetch_run *run, const struct text_list *wanted, struct details_answer *answer, int64_t now,
                 struct error *err)
{
	video_list_sort(&answer->videos);
	for (size_t i = 0; i < answer->videos.count; i++) {
		enum video_saved saved;
		bool still_wanted = false;

		if (text_list_has(wanted, answer->videos.items[i].id) &&
		    !store_refresh_wanted(run->store, answer->videos.items[i].id, &still_wanted, err))
			return false;
		if (!still_wanted)
			continue;
		if (!store_video_save(run->store, &answer->videos.items[i], SOURCE_DETAILS, now, &saved, NULL, err))
			return false;
		run->result->added += saved == VIDEO_ADDED;
		run->result->updated += saved == VIDEO_CHANGED;
	}
	return true;
}

/* In one transaction: what the answer has, lacks, and has without content. */
static bool take(struct fetch_run *run, const struct text_list *wanted, postpone_fn *postpone, struct details_answer *answer,
                 struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	int64_t now = clock_now(&run->clock);

	if (!store_begin(run->store, err) || !save(run, wanted, answer, now, err) ||
	    !postpone(run->store, &answer->skipped, now + SECONDS_PER_DAY, err))
		return false;
	for (size_t i = 0; i < wanted->count; i++) {
		bool gone = false;

		if (!answer_has(answer, wanted->items[i]) && !store_video_missing(run->store, wanted->items[i], now, &gone, err))
			return false;
		run->result->gone += gone;
	}
	return store_commit(run->store, err);
}

/* YouTube's first video is the second one. */
bool lookups_add_canaries(struct store *store, struct text_list *ids, size_t *wanted, struct error *err)
{
	if (!store_refresh_add_canary(store, ids, err))
		return false;
	*wanted = ids->count;
	return text_list_has(ids, FIRST_VIDEO) || text_list_add(ids, FIRST_VIDEO, err);
}

bool lookups_any_given(const struct details_answer *answer, const struct text_list *ids)
{
	for (size_t i = 0; i < ids->count; i++)
		if (answer_has(answer, ids->items[i]))
			return true;
	return false;
}

/* These must not keep all others from their look-up. FAILURE may be NULL. */
static bool set_aside(struct fetch_run *run, const struct text_list *wanted, postpone_fn *postpone, enum call_result result,
                      const struct error *failure, struct error *err)
{
	run->units_over = true;
	if (failure && !fetch_run_note_failure(run, result, failure, err))
		return false;
	return result == CALL_UNREACHED || postpone(run->store, wanted, clock_now(&run->clock) + SET_ASIDE_S, err);
}

/* An answer without any of its ids, not even a canary, does not mean the end of fifty videos. It is a fault, unless nothing that was
 * asked for was there before. */
static bool take_nothing(struct fetch_run *run, const struct text_list *wanted, postpone_fn *postpone, struct error *err)
{
	struct error fault;
	bool known;

	if (!store_refresh_any_given(run->store, wanted, &known, err))
		return false;
	error_set(&fault, ERR_UPSTREAM, "YouTube gave none of %zu videos", wanted->count);
	if (!known)
		log_printf(LOG_INFO, "%s: they are set aside for a while", fault.text);
	return set_aside(run, wanted, postpone, CALL_OK, known ? &fault : NULL, err);
}

/* One call for IDS, to which canaries are added. */
static bool ask(struct fetch_run *run, struct text_list *ids, postpone_fn *postpone, struct error *err)
{
	AUTO(details_answer_clear) struct details_answer answer = {0};
	struct text_list wanted = {0}; /* the first of IDS */
	enum call_result result;

	if (ids->count == 0)
		return true;
	if (!lookups_add_canaries(run->store, ids, &wanted.count, err) ||
	    !api_client_details(&run->client, 0, ids, &answer, &result, err))
		return false;
	wanted.items = ids->items;
	fetch_run_note_skipped(run, &answer.skipped);
	if (result == CALL_NO_QUOTA) {
		run->units_over = true;
		return true;
	}
	if (result == CALL_OK && !lookups_any_given(&answer, ids))
		return take_nothing(run, &wanted, postpone, err);
	if (result == CALL_OK && take(run, &wanted, postpone, &answer, err))
		return true;
	struct error failure = *err;
	return failure.code != ERR_NO_MEMORY && set_aside(run, &wanted, postpone, result, &failure, err);
}

bool lookups_make(struct fetch_run *run, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};

	return store_refresh_next(run->store, clock_now(&run->clock), refresh_before(run), LOOKUP_IDS, &ids, err) &&
	       ask(run, &ids, store_refresh_postpone, err);
}

bool lookups_recount(struct fetch_run *run, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	int64_t before = run->client.made[BUCKET_UNITS];
	bool done = store_recount_next(run->store, clock_now(&run->clock), LOOKUP_IDS, &ids, err) &&
	            ask(run, &ids, store_recount_postpone, err);

	run->result->recount_units += run->client.made[BUCKET_UNITS] - before;
	return done;
}

bool lookups_try_key(struct fetch_run *run, int64_t key_id, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	enum call_result result;

	if (!text_list_add(&ids, FIRST_VIDEO, err) || !api_client_details(&run->client, key_id, &ids, &answer, &result, err))
		return false;
	if (result == CALL_OK || result == CALL_NO_QUOTA)
		return true;
	struct error failure = *err;
	return fetch_run_note_failure(run, result, &failure, err);
}
