#include "cron/import/import.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "cron/import/format.h"
#include "model/video.h"

enum { LINE_MAX_BYTES = 4 * 1024 * 1024 };

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

/* ---- the file ---- */

/* A NUL is not blank: a file that was cut short by a crash may hold many. */
static bool is_blank(const char *line, size_t len)
{
	return strspn(line, " \t\r\n") == len;
}

/* Reads one line into the batch, or counts it as skipped. */
static bool take_line(struct importer *importer, const char *line, size_t len, struct error *err)
{
	AUTO(video_clear) struct video video = {0};

	if (len > LINE_MAX_BYTES)
		error_set(err, ERR_INVALID, "longer than %d bytes", LINE_MAX_BYTES);
	else if (import_line(line, len, &video, err))
		return importer_add(importer, &video, err);
	if (err->code == ERR_NO_MEMORY)
		return false;
	importer_skip(importer, err->text);
	return true;
}

static bool import_lines(struct importer *importer, FILE *from, struct error *err)
{
	AUTO(text_free) char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, from)) >= 0) {
		if (importer->result.lines == 0 && !import_format_check(line, (size_t)len, err))
			return false;
		importer_count(importer);
		if (!is_blank(line, (size_t)len) && !take_line(importer, line, (size_t)len, err))
			return false;
	}
	return !ferror(from) || error_set(err, ERR_INVALID, "cannot read on: %s", strerror(errno));
}

bool import_videos(struct store *store, FILE *from, FILE *progress, const struct clock *clock, struct import_result *result,
                   struct error *err)
{
	struct importer importer = {.store = store, .clock = clock, .progress = progress, .unit = "line"};
	bool done = importer_begin(&importer, err) && import_lines(&importer, from, err);

	done = importer_end(&importer, done, err);
	*result = importer.result;
	return done;
}
