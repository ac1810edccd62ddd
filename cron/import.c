#include "cron/import.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "cron/import_format.h"
#include "model/video.h"
#include "store/alerts/outbox.h"
#include "store/videos.h"

enum {
	BATCH = 20000,       /* videos that are sorted and saved together */
	INDEX_BATCH = 50000, /* videos that go into the search index from one message to the next */
	PROGRESS_LINES = 10000,
	LINE_MAX_BYTES = 4 * 1024 * 1024,
	REASON_SIZE = sizeof(((struct error *)0)->text),
};

/* ---- a line ---- */

static bool read_id(const cJSON *json, struct video *video, struct error *err)
{
	const char *id = json_text(json, "id");

	if (!id || !video_id_is_valid(id))
		return error_set(err, ERR_INVALID, id ? "id is not a video's" : "no id");
	memcpy(video->id, id, VIDEO_ID_SIZE);
	return true;
}

static bool read_times(const cJSON *json, struct video *video, struct error *err)
{
	const char *published = json_text(json, "published_at");
	const char *seen = json_text(json, "first_seen_at");

	if (!published)
		return error_set(err, ERR_INVALID, "no published_at");
	if (!timestamp_parse(published, &video->published_at))
		return error_set(err, ERR_INVALID, "published_at is no RFC 3339 time");
	if (video->published_at == 0)
		return error_set(err, ERR_INVALID, "published_at is 1970-01-01T00:00:00Z, older than any video");
	video->published_unknown = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "published_at_unknown"));
	if (seen && !timestamp_parse(seen, &video->first_seen_at))
		return error_set(err, ERR_INVALID, "first_seen_at is no RFC 3339 time");
	return true;
}

static bool read_texts(const cJSON *json, struct video *video, struct error *err)
{
	const char *title = json_text(json, "title");
	const char *description = json_text(json, "description");

	if (!title)
		return error_set(err, ERR_INVALID, "no title");
	return text_copy(title, &video->title, err) && text_copy(description ? description : "", &video->description, err);
}

/* "channel": {"id": …, "title": …}, or channel_id and channel_title */
static bool read_channel(const cJSON *json, struct video *video, struct error *err)
{
	const cJSON *channel = json_object(json, "channel");
	const char *id = channel ? json_text(channel, "id") : json_text(json, "channel_id");
	const char *title = channel ? json_text(channel, "title") : json_text(json, "channel_title");

	if (!id || strlen(id) >= CHANNEL_ID_SIZE)
		return true;
	memcpy(video->channel_id, id, strlen(id) + 1);
	return text_copy(title, &video->channel_title, err);
}

static bool read_thumbnails(const cJSON *json, struct video *video, struct error *err)
{
	const char *url = json_text(json, "thumbnail_url");
	const cJSON *thumbnails = json_object(json, "thumbnails");

	if (url && strlen(url) <= VIDEO_URL_MAX_BYTES && !text_copy(url, &video->thumbnail_url, err))
		return false;
	if (!thumbnails)
		return true;
	video->thumbnails = cJSON_PrintUnformatted(thumbnails);
	return video->thumbnails || error_no_memory(err);
}

static void read_numbers(const cJSON *json, struct video *video)
{
	const struct {
		const char *name;
		int64_t *number;
	} numbers[] = {{"duration_seconds", &video->duration_s},
	               {"views", &video->views},
	               {"likes", &video->likes},
	               {"comments", &video->comments}};
	const char *kind = json_text(json, "kind");

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!json_int(json, numbers[i].name, numbers[i].number) || *numbers[i].number < 0)
			*numbers[i].number = VIDEO_UNKNOWN;
	for (enum video_kind k = 0; kind && k < VIDEO_KIND_COUNT; k++)
		if (strcmp(kind, video_kind_name(k)) == 0)
			video->kind = k;
}

static void read_time(const cJSON *json, const char *name, int64_t *out)
{
	const char *text = json_text(json, name);

	if (!text || !timestamp_parse(text, out))
		*out = 0;
}

/* What is none of these values is unknown, as what is missing. */
static bool read_details(const cJSON *json, struct video *video, struct error *err)
{
	struct video_details *details = &video->details;
	const cJSON *caption = cJSON_GetObjectItemCaseSensitive(json, "caption");
	const cJSON *tags = json_array(json, "tags");

	read_time(json, "scheduled_at", &video->scheduled_at);
	read_time(json, "started_at", &details->started_at);
	read_time(json, "ended_at", &details->ended_at);
	video_read_language(json_text(json, "language"), details->language);
	video_read_language(json_text(json, "audio_language"), details->audio_language);
	if (!json_int(json_object(json, "category"), "id", &details->category) || details->category < 0)
		details->category = 0;
	details->definition = video_definition_of(json_text(json, "definition"));
	details->licence = video_licence_of(json_text(json, "licence"));
	if (cJSON_IsBool(caption))
		details->caption = cJSON_IsTrue(caption) ? VIDEO_CAPTION_GIVEN : VIDEO_CAPTION_NONE;
	return !tags || video_read_tags(tags, &details->tags, err);
}

/* Why the line is no JSON, where that says more than the parser does. Returns false. */
static bool explain(const char *line, size_t len, struct error *err)
{
	if (err->code == ERR_NO_MEMORY)
		return false;
	if (memchr(line, '\0', len))
		return error_set(err, ERR_INVALID, "it contains NUL bytes");
	if (!utf8_is_valid(line, len))
		return error_set(err, ERR_INVALID, "not UTF-8: convert the file with iconv");
	return false;
}

bool import_line(const char *line, size_t len, struct video *out, struct error *err)
{
	AUTO(json_free) cJSON *json = NULL;
	AUTO(video_clear) struct video video = {0};

	if (!json_parse(line, len, &json, err))
		return explain(line, len, err);
	if (!cJSON_IsObject(json))
		return error_set(err, ERR_INVALID, "not a JSON object");
	if (!read_id(json, &video, err) || !read_texts(json, &video, err) || !read_times(json, &video, err) ||
	    !read_channel(json, &video, err) || !read_thumbnails(json, &video, err) || !read_details(json, &video, err))
		return false;
	read_numbers(json, &video);
	*out = video;
	video = (struct video){0};
	return true;
}

/* ---- skipped lines, named by number; neighbours with the same reason together ---- */

struct skipped {
	int64_t first, last; /* 0 = none yet */
	char reason[REASON_SIZE];
};

static void print_skipped(struct skipped *skipped, FILE *progress)
{
	if (skipped->first == 0)
		return;
	if (skipped->first == skipped->last)
		fprintf(progress, "line %lld skipped: %s\n", (long long)skipped->first, skipped->reason);
	else
		fprintf(progress, "lines %lld-%lld skipped: %s\n", (long long)skipped->first, (long long)skipped->last,
		        skipped->reason);
	skipped->first = 0;
}

static void skip(struct skipped *skipped, int64_t line, const char *reason, FILE *progress)
{
	if (skipped->first == 0 || skipped->last + 1 != line || strcmp(skipped->reason, reason) != 0) {
		print_skipped(skipped, progress);
		skipped->first = line;
		memcpy(skipped->reason, reason, strlen(reason) + 1);
	}
	skipped->last = line;
}

/* ---- the file ---- */

/* Saves videos of the batch from *NEXT on in one transaction: all, or as many as others can wait for. */
static bool save_some(struct store *store, const struct video_list *batch, size_t *next, int64_t now,
                      struct import_result *result, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = store;
	struct import_result saved = {0};
	size_t at = *next;
	int64_t recorded;

	if (!store_begin(store, err) || !store_recorded_last(store, &recorded, err))
		return false;
	while (at < batch->count && !store_transaction_is_long(store)) {
		const struct video *video = &batch->items[at++];
		enum video_saved what;

		if (!store_video_save(store, video, SOURCE_IMPORT, now, &what, NULL, err))
			return error_wrap(err, "video %s", video->id);
		saved.added += what == VIDEO_ADDED;
		saved.updated += what == VIDEO_CHANGED;
		saved.unchanged += what == VIDEO_SAME || what == VIDEO_WAS_GONE || what == VIDEO_HIDDEN;
	}
	if (!store_backfill_note(store, recorded, err) || !store_commit(store, err))
		return false;
	*next = at;
	result->added += saved.added;
	result->updated += saved.updated;
	result->unchanged += saved.unchanged;
	return true;
}

/* Saves the batch and empties it. */
static bool save_batch(struct store *store, struct video_list *batch, int64_t now, struct import_result *result,
                       struct error *err)
{
	video_list_sort(batch);
	for (size_t next = 0; next < batch->count;)
		if (!save_some(store, batch, &next, now, result, err))
			return false;
	video_list_clear(batch);
	return true;
}

/* A NUL is not blank: a file that was cut short by a crash may hold many. */
static bool is_blank(const char *line, size_t len)
{
	return strspn(line, " \t\r\n") == len;
}

/* Reads one line into the batch, or counts it as skipped. */
static bool take_line(const char *line, size_t len, struct video_list *batch, struct import_result *result,
                      struct skipped *skipped, FILE *progress, struct error *err)
{
	AUTO(video_clear) struct video video = {0};

	if (len > LINE_MAX_BYTES)
		error_set(err, ERR_INVALID, "longer than %d bytes", LINE_MAX_BYTES);
	else if (import_line(line, len, &video, err)) {
		struct video *slot = video_list_add(batch);

		if (!slot)
			return error_no_memory(err);
		*slot = video;
		video = (struct video){0};
		return true;
	}
	if (err->code == ERR_NO_MEMORY)
		return false;
	result->skipped++;
	skip(skipped, result->lines, err->text, progress);
	return true;
}

int64_t import_videos_read(const struct import_result *result)
{
	return result->added + result->updated + result->unchanged;
}

static void print_progress(const struct import_result *result, int64_t started_ms, FILE *progress)
{
	int64_t ms = clock_monotonic_ms() - started_ms;

	fprintf(progress, "%lld lines, %lld videos, %lld skipped, %lld lines/s\n", (long long)result->lines,
	        (long long)import_videos_read(result), (long long)result->skipped,
	        (long long)(result->lines * 1000 / (ms ? ms : 1)));
	fflush(progress);
}

/* ---- the search index, last ---- */

static bool fill_index(struct store *store, FILE *progress, struct error *err)
{
	int64_t left = 1;

	while (left) {
		if (!store_upkeep(store, INDEX_BATCH, &left, err))
			return false;
		if (left) {
			fprintf(progress, "search index: %lld videos left\n", (long long)left);
			fflush(progress);
		}
	}
	return true;
}

static bool finish(struct store *store, const struct import_result *result, FILE *progress, struct error *err)
{
	if (!fill_index(store, progress, err))
		return false;
	if (result->added < INDEX_BATCH)
		return true;
	fprintf(progress, "search index: merging\n");
	fflush(progress);
	return store_optimize(store, err);
}

/* ---- all of it ---- */

static bool import_lines(struct store *store, FILE *from, FILE *progress, const struct clock *clock, struct import_result *result,
                         struct error *err)
{
	AUTO(video_list_clear) struct video_list batch = {0};
	AUTO(text_free) char *line = NULL;
	struct skipped skipped = {0};
	size_t room = 0;
	int64_t started_ms = clock_monotonic_ms();
	ssize_t len;

	while ((len = getline(&line, &room, from)) >= 0) {
		if (result->lines == 0 && !import_format_check(line, (size_t)len, "--import", "'*.ndjson'", err))
			return false;
		result->lines++;
		if (!is_blank(line, (size_t)len) && !take_line(line, (size_t)len, &batch, result, &skipped, progress, err))
			return false;
		if (batch.count >= BATCH && !save_batch(store, &batch, clock_now(clock), result, err))
			return false;
		if (result->lines % PROGRESS_LINES == 0)
			print_progress(result, started_ms, progress);
	}
	if (ferror(from))
		return error_set(err, ERR_INVALID, "cannot read on: %s", strerror(errno));
	print_skipped(&skipped, progress);
	return save_batch(store, &batch, clock_now(clock), result, err);
}

bool import_videos(struct store *store, FILE *from, FILE *progress, const struct clock *clock, struct import_result *result,
                   struct error *err)
{
	struct error ignored;

	*result = (struct import_result){0};
	bool done = store_bulk_begin(store, err) && import_lines(store, from, progress, clock, result, err) &&
	            finish(store, result, progress, err);
	return store_bulk_end(store, done ? err : &ignored) && done;
}
