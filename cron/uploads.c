#include "cron/uploads.h"

#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "cron/attribution.h"
#include "store/alerts/outbox.h"
#include "store/channels/followed.h"

enum {
	PAGES_MAX = 10,              /* of a list, in one reading */
	UNKNOWN_S = SECONDS_PER_DAY, /* so long after a handle that YouTube does not know it is asked for again */
};

static const char gone_text[] = "YouTube shows no uploads of this channel: it is closed, or has none";
static const char unknown_text[] = "YouTube has no channel of this handle";

/* ---- pages ---- */

/* A list, as far as it was read. */
struct reading {
	struct uploads_answer answer; /* the first page, with the videos of the others */
	bool whole;                   /* down to what is known, or as far as that is asked for */
	enum call_result result;      /* of the last call … */
	struct error failure;         /* … and why it failed */
};

static void reading_clear(struct reading *reading)
{
	uploads_answer_clear(&reading->answer);
}

static bool read_page(struct fetch_run *run, const struct uploads_request *request, struct reading *reading,
                      struct uploads_answer *page, struct error *err)
{
	if (!api_client_uploads(&run->client, request, page, &reading->result, err))
		return false;
	if (reading->result != CALL_OK)
		reading->failure = *err;
	else
		fetch_run_note_skipped(run, &page->skipped);
	return true;
}

/* The next page goes to the end of the ones before. */
static bool read_next_page(struct fetch_run *run, const struct followed_channel *channel, struct reading *reading,
                           struct error *err)
{
	struct uploads_answer *answer = &reading->answer;
	struct uploads_request request = {.channel_id = channel->channel_id, .page_token = answer->next_page_token};
	AUTO(uploads_answer_clear) struct uploads_answer page = {0};

	if (!read_page(run, &request, reading, &page, err))
		return false;
	if (reading->result == CALL_GONE)
		reading->result = CALL_FAILED; /* a moment ago it was there */
	if (reading->result != CALL_OK)
		return true;
	for (size_t i = 0; i < page.videos.count; i++) {
		struct video *video = video_list_add(&answer->videos);

		if (!video)
			return error_no_memory(err);
		*video = page.videos.items[i];
		page.videos.items[i] = (struct video){0};
	}
	memcpy(answer->next_page_token, page.next_page_token, sizeof(answer->next_page_token));
	return true;
}

/* Uploads up to this time are known, or not asked for. The record of a source begins with a page. */
static bool known_until(struct fetch_run *run, const struct followed_channel *channel, int64_t *out, struct error *err)
{
	*out = channel->newest_at ? channel->newest_at : channel->read_at;
	if (*out)
		return true;
	*out = INT64_MAX;
	return channel->is_source || attribution_since(run, channel->query_id, out, err);
}

static bool goes_below(const struct uploads_answer *answer, int64_t time)
{
	size_t count = answer->videos.count;

	return !answer->next_page_token[0] || time == INT64_MAX ||
	       (count && answer->videos.items[count - 1].published_at <= time);
}

/* Reads the newest uploads, and further pages until it reaches what is known: a burst, or the first reading of a busy channel, has more than
 * a page. */
static bool read_pages(struct fetch_run *run, const struct followed_channel *channel, struct reading *reading, struct error *err)
{
	struct uploads_request newest = {.channel_id = channel->channel_id, .etag = channel->etag};
	int64_t known;

	if (!known_until(run, channel, &known, err) || !read_page(run, &newest, reading, &reading->answer, err))
		return false;
	for (int pages = 1; reading->result == CALL_OK && !reading->whole; pages++) {
		reading->whole = pages == PAGES_MAX || goes_below(&reading->answer, known);
		if (reading->whole || clock_now(&run->clock) >= run->client.deadline)
			return true;
		if (!read_next_page(run, channel, reading, err))
			return false;
	}
	return true;
}

/* ---- a list ---- */

/* Saves those that queries want, and tells which these are in OUT, which may be NULL. */
static bool save_videos(struct fetch_run *run, struct video_list *videos, struct upload *out, struct error *err)
{
	video_list_sort(videos);
	for (size_t i = 0; i < videos->count; i++) {
		struct upload upload = {.at = videos->items[i].published_at};

		/* As with an import, what videos.list gave stays as it is: a list tells neither kind nor counts. */
		if (!attribution_save(run, &videos->items[i], SOURCE_IMPORT, FOUND_CHANNEL, &upload.wanted, err))
			return false;
		if (out)
			out[i] = upload;
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

/* What a channel had before it was followed, recorded after RECORDED, is no news. */
static bool note_first(struct fetch_run *run, const struct followed_channel *channel, int64_t recorded, struct error *err)
{
	return channel->read_at > 0 || store_backfill_note(run->store, recorded, err);
}

/* In one transaction: the videos, and what the list tells of the channel. */
static bool take(struct fetch_run *run, const struct followed_channel *before, struct uploads_answer *answer, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	struct followed_channel channel = *before;
	int64_t now = clock_now(&run->clock);
	int64_t recorded;

	if (answer->unchanged)
		followed_channel_take_unchanged(&channel, now);
	if (!store_begin(run->store, err) || !store_recorded_last(run->store, &recorded, err) ||
	    (!answer->unchanged && !take_list(run, answer, now, &channel, err)))
		return false;
	if (!note_first(run, before, recorded, err))
		return false;
	bool ends = !channel.is_source && followed_channel_is_silent(&channel, now);
	return (ends ? store_followed_end(run->store, channel.id, err) : store_followed_write(run->store, &channel, err)) &&
	       store_source_note(run->store, channel.id, now, NULL, err) && store_commit(run->store, err);
}

/* Of a list that is not read to its end the videos alone: its numbers would say that what is missing is known. */
static bool take_part(struct fetch_run *run, const struct followed_channel *channel, struct uploads_answer *answer,
                      struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	int64_t recorded;

	return answer->videos.count == 0 || (store_begin(run->store, err) && store_recorded_last(run->store, &recorded, err) &&
	                                     save_videos(run, &answer->videos, NULL, err) &&
	                                     note_first(run, channel, recorded, err) && store_commit(run->store, err));
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

static bool take_failure(struct fetch_run *run, const struct followed_channel *channel, const struct reading *reading,
                         struct error *err)
{
	run->uploads_over = true;
	return fetch_run_note_failure(run, reading->result, &reading->failure, err) &&
	       (reading->result == CALL_UNREACHED || postpone(run, channel, reading->failure.text, err));
}

/* Saves what was read, and what came of it. */
static bool take_reading(struct fetch_run *run, const struct followed_channel *channel, struct reading *reading,
                         struct error *err)
{
	if (reading->whole ? take(run, channel, &reading->answer, err) : take_part(run, channel, &reading->answer, err))
		return true;
	store_rollback(run->store);
	reading->failure = *err;
	reading->result = CALL_FAILED;
	return err->code != ERR_NO_MEMORY;
}

bool uploads_read(struct fetch_run *run, const struct followed_channel *channel, struct error *err)
{
	AUTO(reading_clear) struct reading reading = {0};

	if (!read_pages(run, channel, &reading, err) || !take_reading(run, channel, &reading, err))
		return false;
	if (reading.result == CALL_NO_QUOTA)
		run->units_over = true;
	if (reading.result == CALL_GONE)
		return channel->is_source ? postpone(run, channel, gone_text, err)
		                          : store_followed_end(run->store, channel->id, err);
	return reading.result == CALL_OK || reading.result == CALL_NO_QUOTA || take_failure(run, channel, &reading, err);
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
