#include "cron/uploads.h"

#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "cron/attribution.h"
#include "store/followed.h"

/* A handle that YouTube does not know is asked for again a day later. */
enum { UNKNOWN_S = SECONDS_PER_DAY };

static const char gone_text[] = "YouTube shows no uploads of this channel: it is closed, or has none";
static const char unknown_text[] = "YouTube has no channel of this handle";

/* ---- a list ---- */

/* Saves those that queries want, and tells which these are. */
static bool save_videos(struct fetch_run *run, struct video_list *videos, struct upload *out, struct error *err)
{
	video_list_sort(videos);
	for (size_t i = 0; i < videos->count; i++) {
		out[i].at = videos->items[i].published_at;
		/* As with an import, what videos.list gave stays as it is: a list tells neither kind nor counts. */
		if (!attribution_save(run, &videos->items[i], SOURCE_IMPORT, FOUND_CHANNEL, &out[i].wanted, err))
			return false;
	}
	return true;
}

static bool take_list(struct fetch_run *run, struct uploads_answer *answer, int64_t now, struct followed_channel *channel,
                      struct error *err)
{
	struct upload *uploads = calloc(answer->videos.count + 1, sizeof(*uploads));

	if (!uploads)
		return error_no_memory(err);
	bool done = save_videos(run, &answer->videos, uploads, err);
	if (done) {
		followed_channel_take(channel, uploads, answer->videos.count, now);
		memcpy(channel->etag, answer->etag, sizeof(channel->etag));
	}
	free(uploads);
	return done;
}

/* In one transaction: the videos, and what the list tells of the channel. */
static bool take(struct fetch_run *run, const struct followed_channel *before, struct uploads_answer *answer, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	struct followed_channel channel = *before;
	int64_t now = clock_now(&run->clock);

	if (answer->unchanged)
		followed_channel_take_unchanged(&channel, now);
	if (!store_begin(run->store, err) || (!answer->unchanged && !take_list(run, answer, now, &channel, err)))
		return false;
	bool ends = !channel.is_source && followed_channel_is_silent(&channel, now);
	return (ends ? store_followed_end(run->store, channel.id, err) : store_followed_write(run->store, &channel, err)) &&
	       store_source_note(run->store, channel.id, now, NULL, err) && store_commit(run->store, err);
}

/* It is read again after a pause; FAILURE is told with the queries whose source it is. */
static bool postpone(struct fetch_run *run, const struct followed_channel *before, const char *failure, struct error *err)
{
	struct followed_channel channel = *before;
	int64_t now = clock_now(&run->clock);

	channel.tried_at = now;
	channel.failures++;
	return store_followed_write(run->store, &channel, err) && store_source_note(run->store, channel.id, now, failure, err);
}

static bool take_failure(struct fetch_run *run, const struct followed_channel *channel, enum call_result result,
                         struct error *err)
{
	struct error failure = *err;

	run->uploads_over = true;
	return fetch_run_note_failure(run, result, &failure, err) &&
	       (result == CALL_UNREACHED || postpone(run, channel, failure.text, err));
}

bool uploads_read(struct fetch_run *run, const struct followed_channel *channel, struct error *err)
{
	AUTO(uploads_answer_clear) struct uploads_answer answer = {0};
	enum call_result result;

	if (!api_client_uploads(&run->client, channel->channel_id, channel->etag, &answer, &result, err))
		return false;
	fetch_run_note_skipped(run, &answer.skipped);
	if (result == CALL_NO_QUOTA) {
		run->units_over = true;
		return true;
	}
	if (result == CALL_GONE)
		return channel->is_source ? postpone(run, channel, gone_text, err)
		                          : store_followed_end(run->store, channel->id, err);
	if (result == CALL_OK && take(run, channel, &answer, err))
		return true;
	store_rollback(run->store);
	return err->code != ERR_NO_MEMORY && take_failure(run, channel, result, err);
}

/* ---- sources ---- */

static bool set_source(struct fetch_run *run, const struct source *source, const char *channel_id, const char *title,
                       struct error *err)
{
	return store_source_set(run->store, source->query_id, channel_id, title, clock_now(&run->clock), err);
}

static bool fail_source(struct fetch_run *run, const struct source *source, const char *failure, int64_t pause, struct error *err)
{
	int64_t now = clock_now(&run->clock);

	return store_source_failed(run->store, source->query_id, failure, now, now + pause, err);
}

static bool ask_for_handle(struct fetch_run *run, const struct source *source, bool *go_on, struct error *err)
{
	AUTO(handle_answer_clear) struct handle_answer answer = {0};
	enum call_result result;

	if (!api_client_handle(&run->client, source->name, &answer, &result, err))
		return false;
	*go_on = result == CALL_OK;
	if (result == CALL_OK && answer.channel_id[0])
		return set_source(run, source, answer.channel_id, answer.title, err);
	if (result == CALL_OK)
		return fail_source(run, source, unknown_text, UNKNOWN_S, err);
	if (result == CALL_NO_QUOTA)
		return true;
	struct error failure = *err;
	return fetch_run_note_failure(run, result, &failure, err) &&
	       fail_source(run, source, failure.text, run->config->interval_s, err);
}

bool uploads_resolve_sources(struct fetch_run *run, struct error *err)
{
	struct source source;
	bool go_on = true;

	while (go_on && clock_now(&run->clock) < run->client.deadline) {
		if (!store_source_next(run->store, clock_now(&run->clock), &source, err))
			return false;
		if (!source.query_id)
			return true;
		if (!(source.name[0] == '@' ? ask_for_handle(run, &source, &go_on, err)
		                            : set_source(run, &source, source.name, "", err)))
			return false;
	}
	return true;
}
