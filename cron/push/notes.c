#include "cron/push/notes.h"

#include <string.h>

#include "base/log.h"
#include "cron/attribution.h"
#include "store/alerts/outbox.h"
#include "store/push/notes.h"
#include "store/upkeep/refresh.h"
#include "store/videos.h"

enum { CALLS_PER_RUN = 4, SET_ASIDE_S = 300 };

/* Whether the database has the video, or waits for it, already. */
static bool is_known(struct fetch_run *run, const char *id, bool *out, struct error *err)
{
	return store_refresh_wanted(run->store, id, out, err);
}

/* A video that is known is brought up to date, whatever its title is now. */
static bool save(struct fetch_run *run, const struct video *video, int64_t now, struct error *err)
{
	enum video_saved saved;
	enum found_how how;
	bool known, backfill;
	int64_t recorded;

	if (!is_known(run, video->id, &known, err) || !store_note_get(run->store, video->id, &how, &backfill, err) ||
	    !store_recorded_last(run->store, &recorded, err))
		return false;
	if (known) {
		if (!store_video_save(run->store, video, SOURCE_DETAILS, now, &saved, NULL, err))
			return false;
		run->result->updated += saved == VIDEO_CHANGED;
		run->result->added += saved == VIDEO_ADDED;
	}
	return attribution_save(run, video, SOURCE_DETAILS, how, NULL, err) &&
	       (!backfill || store_backfill_note(run->store, recorded, err)) && store_note_forget(run->store, video->id, err);
}

/* The answer lacks ID. Whether a video that is known is gone is for the usual look-ups to find out, which ask for others beside it: it is
 * added to DOUBTED. */
static bool miss(struct fetch_run *run, const char *id, int64_t now, struct text_list *doubted, struct error *err)
{
	bool known;

	if (!is_known(run, id, &known, err))
		return false;
	if (!known)
		return store_note_missed(run->store, id, now, err);
	return text_list_add(doubted, id, err) && store_note_forget(run->store, id, err);
}

static const struct video *find(const struct details_answer *answer, const char *id)
{
	for (size_t i = 0; i < answer->videos.count; i++)
		if (strcmp(answer->videos.items[i].id, id) == 0)
			return &answer->videos.items[i];
	return NULL;
}

static bool take(struct fetch_run *run, const struct text_list *ids, const struct details_answer *answer, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	AUTO(text_list_clear) struct text_list doubted = {0};
	int64_t now = clock_now(&run->clock);

	if (!store_begin(run->store, err))
		return false;
	for (size_t i = 0; i < ids->count; i++) {
		const struct video *video = find(answer, ids->items[i]);

		if (!(video ? save(run, video, now, err) : miss(run, ids->items[i], now, &doubted, err)))
			return false;
	}
	return store_refresh_postpone(run->store, &doubted, now, err) && store_commit(run->store, err);
}

static bool set_aside(struct fetch_run *run, const struct text_list *ids, const char *failure, struct error *err)
{
	struct log_field fields[] = {LOG_TEXT("error", failure), LOG_END};

	log_line(LOG_WARN, "pushed videos could not be looked up, and wait", fields);
	store_rollback(run->store);
	return store_notes_postpone(run->store, ids, clock_now(&run->clock) + SET_ASIDE_S, err);
}

/* One call. *MORE tells whether another may be of use. */
static bool look_up(struct fetch_run *run, bool *more, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	enum call_result result;

	*more = false;
	if (!store_notes_due(run->store, clock_now(&run->clock), DETAILS_IDS_MAX, &ids, err))
		return false;
	if (ids.count == 0)
		return true;
	if (!api_client_details(&run->client, 0, &ids, &answer, &result, err))
		return false;
	if (result == CALL_NO_QUOTA)
		return true;
	if (result == CALL_OK && take(run, &ids, &answer, err)) {
		*more = ids.count == DETAILS_IDS_MAX;
		return true;
	}
	struct error failure = *err;
	return failure.code != ERR_NO_MEMORY && set_aside(run, &ids, failure.text, err);
}

bool notes_look_up(struct fetch_run *run, struct error *err)
{
	bool more = true;

	for (int i = 0; i < CALLS_PER_RUN && more; i++)
		if (!look_up(run, &more, err))
			return false;
	return true;
}
