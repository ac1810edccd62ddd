#include "cron/lookup.h"

#include <string.h>

#include "base/timestamp.h"
#include "store/checks.h"
#include "store/videos.h"

enum { WAITING_MAX = 100000, REVISION_DAYS = 30 };

/* Any public video does to try a key; this one is YouTube's first, of 2005. */
#define FIRST_VIDEO "jNQXAC9IVRw"

/* Those last checked before this time are to be refreshed: a tenth earlier than promised, so that a busy day does no harm. */
static int64_t refresh_before(const struct tick *tick)
{
	return clock_now(&tick->clock) - tick->config->refresh_days * SECONDS_PER_DAY * 9 / 10;
}

bool lookup_waiting(struct tick *tick, int64_t *out, struct error *err)
{
	return store_checks_waiting(tick->store, clock_now(&tick->clock), refresh_before(tick), WAITING_MAX, out, err);
}

static bool list_has(const struct video_list *videos, const char *id)
{
	for (size_t i = 0; i < videos->count; i++)
		if (strcmp(videos->items[i].id, id) == 0)
			return true;
	return false;
}

static bool save(struct tick *tick, struct details_answer *answer, int64_t now, struct error *err)
{
	for (size_t i = 0; i < answer->videos.count; i++) {
		enum video_saved saved;

		if (!store_video_save(tick->store, &answer->videos.items[i], SOURCE_DETAILS, now, &saved, NULL, err))
			return false;
		tick->run->added += saved == VIDEO_ADDED;
		tick->run->updated += saved == VIDEO_CHANGED;
	}
	return true;
}

static bool take(struct tick *tick, const struct text_list *asked, struct details_answer *answer, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = tick->store;
	int64_t now = clock_now(&tick->clock);
	bool gone;

	video_list_sort(&answer->videos);
	if (!store_begin(tick->store, err) || !save(tick, answer, now, err))
		return false;
	for (size_t i = 0; i < asked->count; i++)
		if (!list_has(&answer->videos, asked->items[i]) &&
		    !store_video_missing(tick->store, asked->items[i], now, &gone, err))
			return false;
	tick->run->skipped += answer->skipped;
	return store_commit(tick->store, err);
}

bool lookup_make(struct tick *tick, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	enum called called;

	/* One that was there before goes along: when it comes back alone, the others are missing, and the answer is no fault. */
	if (!store_checks_next(tick->store, clock_now(&tick->clock), refresh_before(tick), DETAILS_IDS_MAX - 1, &ids, err))
		return false;
	if (ids.count == 0)
		return true;
	if (!store_checks_add_known(tick->store, &ids, err) || !caller_details(&tick->caller, 0, &ids, &answer, &called, err))
		return false;
	if (called == CALLED && answer.videos.count)
		return take(tick, &ids, &answer, err);
	tick->units_over = true; /* the next tick asks again */
	if (called == CALL_NO_QUOTA)
		return true;
	/* An answer without any of its ids is a fault, not the end of fifty videos. */
	if (called == CALLED)
		error_set(err, ERR_UPSTREAM, "YouTube gave none of %zu videos", ids.count);
	struct error failure = *err;
	return tick_note_failure(tick, &failure, err);
}

bool lookup_try_key(struct tick *tick, int64_t key_id, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	enum called called;

	if (!text_list_add(&ids, FIRST_VIDEO, err) || !caller_details(&tick->caller, key_id, &ids, &answer, &called, err))
		return false;
	if (called != CALL_FAILED)
		return true;
	struct error failure = *err;
	return tick_note_failure(tick, &failure, err);
}

bool lookup_forget_old(struct tick *tick, struct error *err)
{
	return store_revisions_prune(tick->store, clock_now(&tick->clock) - (int64_t)REVISION_DAYS * SECONDS_PER_DAY, err);
}
