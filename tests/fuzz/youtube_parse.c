/* Bodies of search.list, videos.list, playlistItems.list and channels.list: videos fit for the store, every item accounted for, or an error of YouTube's. */

#include <string.h>

#include "base/json.h"
#include "tests/fuzz/fuzz.h"
#include "youtube/parse.h"

static const enum error_code allowed[] = {ERR_UPSTREAM, ERR_NONE};

static void promise_text(const char *text, size_t max)
{
	fuzz_promise_text(text);
	PROMISE(strlen(text) <= max);
}

static void promise_json(const char *text)
{
	AUTO(json_free) cJSON *json = NULL;
	struct error err;

	PROMISE(json_parse(text, strlen(text), &json, &err) && cJSON_IsObject(json));
}

static void promise_video(const struct video *video)
{
	PROMISE(video_id_is_valid(video->id));
	PROMISE(video->published_at >= 0);
	PROMISE(video->kind < VIDEO_KIND_COUNT);
	PROMISE(video->views >= VIDEO_UNKNOWN && video->duration_s >= VIDEO_UNKNOWN && video->scheduled_at >= 0);
	promise_text(video->title, VIDEO_TITLE_MAX_BYTES);
	promise_text(video->description, VIDEO_DESCRIPTION_MAX_BYTES);
	promise_text(video->channel_id, CHANNEL_ID_SIZE - 1);
	promise_text(video->channel_title, VIDEO_TITLE_MAX_BYTES);
	promise_text(video->thumbnail_url, VIDEO_URL_MAX_BYTES);
	promise_json(video->thumbnails);
}

static void search(const char *body, size_t len)
{
	AUTO(search_answer_clear) struct search_answer answer = {0};
	struct error err = {0};

	if (!parse_search(body, len, &answer, &err)) {
		fuzz_promise_error(&err, allowed);
		return;
	}
	PROMISE(answer.items == (int64_t)(answer.videos.count + answer.bare.count) + (int64_t)answer.skipped.count);
	PROMISE(answer.total_results >= -1);
	fuzz_promise_text(answer.next_page_token);
	for (size_t i = 0; i < answer.videos.count; i++)
		promise_video(&answer.videos.items[i]);
	for (size_t i = 0; i < answer.bare.count; i++)
		PROMISE(video_id_is_valid(answer.bare.items[i]));
}

static void details(const char *body, size_t len)
{
	AUTO(details_answer_clear) struct details_answer answer = {0};
	struct error err = {0};

	if (!parse_details(body, len, &answer, &err)) {
		fuzz_promise_error(&err, allowed);
		return;
	}
	PROMISE(answer.items == (int64_t)answer.videos.count + (int64_t)answer.skipped.count);
	for (size_t i = 0; i < answer.videos.count; i++)
		promise_video(&answer.videos.items[i]);
}

static void channels(const char *body, size_t len)
{
	AUTO(channels_answer_clear) struct channels_answer answer = {0};
	struct error err = {0};

	if (!parse_channels(body, len, &answer, &err)) {
		fuzz_promise_error(&err, allowed);
		return;
	}
	for (size_t i = 0; i < answer.count; i++) {
		fuzz_promise_text(answer.items[i].id);
		PROMISE(answer.items[i].videos >= VIDEO_UNKNOWN);
	}
}

static void uploads(const char *body, size_t len)
{
	AUTO(uploads_answer_clear) struct uploads_answer answer = {0};
	struct error err = {0};

	if (!parse_uploads(body, len, &answer, &err)) {
		fuzz_promise_error(&err, allowed);
		return;
	}
	PROMISE(answer.items >= (int64_t)answer.videos.count + (int64_t)answer.skipped.count);
	fuzz_promise_text(answer.etag);
	fuzz_promise_text(answer.next_page_token);
	for (size_t i = 0; i < answer.videos.count; i++)
		promise_video(&answer.videos.items[i]);
}

static void handle(const char *body, size_t len)
{
	AUTO(handle_answer_clear) struct handle_answer answer = {0};
	struct error err = {0};

	if (!parse_handle(body, len, &answer, &err)) {
		fuzz_promise_error(&err, allowed);
		return;
	}
	promise_text(answer.channel_id, CHANNEL_ID_SIZE - 1);
	promise_text(answer.title, VIDEO_TITLE_MAX_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	search((const char *)data, size);
	details((const char *)data, size);
	channels((const char *)data, size);
	uploads((const char *)data, size);
	handle((const char *)data, size);
	return 0;
}
