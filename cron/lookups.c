#include "cron/lookups.h"

#include <string.h>

#include "base/timestamp.h"
#include "store/private/visitors.h"
#include "store/quarantine.h"
#include "store/refresh.h"
#include "store/videos.h"

enum { WAITING_MAX = 100000 };

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

/* A video that only served as canary is not saved. */
static bool save(struct fetch_run *run, const struct text_list *wanted, struct details_answer *answer, int64_t now,
                 struct error *err)
{
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

static bool take(struct fetch_run *run, const struct text_list *wanted, struct details_answer *answer, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	int64_t now = clock_now(&run->clock);

	video_list_sort(&answer->videos);
	if (!store_begin(run->store, err) || !save(run, wanted, answer, now, err))
		return false;
	for (size_t i = 0; i < wanted->count; i++) {
		bool gone = false;

		if (!list_has(&answer->videos, wanted->items[i]) &&
		    !store_video_missing(run->store, wanted->items[i], now, &gone, err))
			return false;
		run->result->gone += gone;
	}
	run->result->skipped += answer->skipped;
	return store_commit(run->store, err);
}

/* Appends a canary, a video that YouTube had before: when it comes back without the others, they are missing, and the answer is no
 * fault. YouTube's first video serves where no other is known; *WANTED is the number of ids without it. */
static bool add_canary(struct fetch_run *run, struct text_list *ids, size_t *wanted, struct error *err)
{
	size_t count = ids->count;

	if (!store_refresh_add_canary(run->store, ids, err))
		return false;
	*wanted = ids->count;
	return *wanted > count || text_list_has(ids, FIRST_VIDEO) || text_list_add(ids, FIRST_VIDEO, err);
}

bool lookups_make(struct fetch_run *run, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	enum call_result result;
	size_t wanted;

	if (!store_refresh_next(run->store, clock_now(&run->clock), refresh_before(run), DETAILS_IDS_MAX - 1, &ids, err))
		return false;
	if (ids.count == 0)
		return true;
	if (!add_canary(run, &ids, &wanted, err) || !api_client_details(&run->client, 0, &ids, &answer, &result, err))
		return false;
	if (result == CALL_OK && answer.videos.count)
		return take(run, &(struct text_list){.items = ids.items, .count = wanted}, &answer, err);
	run->units_over = true;
	if (result == CALL_NO_QUOTA)
		return true;
	/* An answer without any of its ids is a fault, not the end of fifty videos. */
	if (result == CALL_OK)
		error_set(err, ERR_UPSTREAM, "YouTube gave none of %zu videos", wanted);
	struct error failure = *err;
	return fetch_run_note_failure(run, result, &failure, err);
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
