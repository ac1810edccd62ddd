#include "cron/lookups.h"

#include <string.h>

#include "base/timestamp.h"
#include "store/refresh.h"
#include "store/quarantine.h"
#include "store/videos.h"

enum { WAITING_MAX = 100000, REVISION_DAYS = 30 };

/* Content not re-checked so long after it should have been, and in any case after the time that YouTube allows, is hidden. */
enum { GRACE_DAYS = 5, CONTENT_DAYS = 30, HIDE_STEP = 200 };

/* Any public video does to try a key; this one is YouTube's first, of 2005. */
#define FIRST_VIDEO "jNQXAC9IVRw"

/* Those last checked before this time are to be refreshed: a tenth earlier than promised, so that a busy day does no harm. */
static int64_t refresh_before(const struct tick *tick)
{
	return clock_now(&tick->clock) - tick->config->refresh_days * SECONDS_PER_DAY * 9 / 10;
}

bool lookup_waiting(struct tick *tick, int64_t *out, struct error *err)
{
	return store_refresh_count(tick->store, clock_now(&tick->clock), refresh_before(tick), WAITING_MAX, out, err);
}

static int64_t quarantine_before(const struct tick *tick)
{
	int64_t days = tick->config->refresh_days + GRACE_DAYS;

	return clock_now(&tick->clock) - (days < CONTENT_DAYS ? days : CONTENT_DAYS) * SECONDS_PER_DAY;
}

bool lookup_hide_overdue(struct tick *tick, struct error *err)
{
	/* In steps, so that others may write in between; what is left at the end of a tick is the next one's. */
	for (bool left = true; left && clock_now(&tick->clock) < tick->caller.deadline;) {
		int64_t hidden;

		if (!store_quarantine_hide(tick->store, quarantine_before(tick), HIDE_STEP, &hidden, &left, err))
			return false;
		tick->run->hidden += hidden;
	}
	return true;
}

static bool list_has(const struct video_list *videos, const char *id)
{
	for (size_t i = 0; i < videos->count; i++)
		if (strcmp(videos->items[i].id, id) == 0)
			return true;
	return false;
}

/* What came with the call only to tell missing videos from a fault is none of the record's. */
static bool save(struct tick *tick, const struct text_list *asked, struct details_answer *answer, int64_t now, struct error *err)
{
	for (size_t i = 0; i < answer->videos.count; i++) {
		enum video_saved saved;

		if (!text_list_has(asked, answer->videos.items[i].id))
			continue;
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

	video_list_sort(&answer->videos);
	if (!store_begin(tick->store, err) || !save(tick, asked, answer, now, err))
		return false;
	for (size_t i = 0; i < asked->count; i++) {
		bool gone = false;

		if (!list_has(&answer->videos, asked->items[i]) &&
		    !store_video_missing(tick->store, asked->items[i], now, &gone, err))
			return false;
		tick->run->gone += gone;
	}
	tick->run->skipped += answer->skipped;
	return store_commit(tick->store, err);
}

static bool copy_ids(const struct text_list *ids, struct text_list *out, struct error *err)
{
	for (size_t i = 0; i < ids->count; i++)
		if (!text_list_add(out, ids->items[i], err))
			return false;
	return true;
}

/* One that was there before goes along: when it comes back alone, the others are missing, and the answer is no fault. ASKED
 * becomes IDS, which have one of the record's then if it has any, and else YouTube's first video. */
static bool add_witness(struct tick *tick, struct text_list *ids, struct text_list *asked, struct error *err)
{
	size_t count = ids->count;

	return store_refresh_add_canary(tick->store, ids, err) && copy_ids(ids, asked, err) &&
	       (ids->count > count || text_list_has(asked, FIRST_VIDEO) || text_list_add(asked, FIRST_VIDEO, err));
}

bool lookup_make(struct tick *tick, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	AUTO(text_list_clear) struct text_list asked = {0};
	enum called called;

	if (!store_refresh_next(tick->store, clock_now(&tick->clock), refresh_before(tick), DETAILS_IDS_MAX - 1, &ids, err))
		return false;
	if (ids.count == 0)
		return true;
	if (!add_witness(tick, &ids, &asked, err) || !caller_details(&tick->caller, 0, &asked, &answer, &called, err))
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
	return called == CALL_UNREACHED ? tick_note_unreached(tick, &failure, err) : tick_note_failure(tick, &failure, err);
}

bool lookup_try_key(struct tick *tick, int64_t key_id, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	enum called called;

	if (!text_list_add(&ids, FIRST_VIDEO, err) || !caller_details(&tick->caller, key_id, &ids, &answer, &called, err))
		return false;
	if (called == CALLED || called == CALL_NO_QUOTA)
		return true;
	struct error failure = *err;
	return called == CALL_UNREACHED ? tick_note_unreached(tick, &failure, err) : tick_note_failure(tick, &failure, err);
}

bool lookup_forget_old(struct tick *tick, struct error *err)
{
	return store_revisions_prune(tick->store, clock_now(&tick->clock) - (int64_t)REVISION_DAYS * SECONDS_PER_DAY, err);
}
