#include "export/csv.h"

#include <string.h>

#include "base/json_writer.h"
#include "base/timestamp.h"
#include "http/params.h"
#include "model/video/json.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

static const char *const names[CSV_COLUMN_COUNT] = {
    [CSV_ID] = "id",
    [CSV_URL] = "url",
    [CSV_TITLE] = "title",
    [CSV_DESCRIPTION] = "description",
    [CSV_PUBLISHED_AT] = "published_at",
    [CSV_FIRST_SEEN_AT] = "first_seen_at",
    [CSV_CHANNEL_ID] = "channel_id",
    [CSV_CHANNEL_TITLE] = "channel_title",
    [CSV_THUMBNAIL_URL] = "thumbnail_url",
    [CSV_KIND] = "kind",
    [CSV_DURATION_SECONDS] = "duration_seconds",
    [CSV_VIEWS] = "views",
    [CSV_LIKES] = "likes",
    [CSV_COMMENTS] = "comments",
    [CSV_QUERIES] = "queries",
    [CSV_PUBLISHED_AT_UNKNOWN] = "published_at_unknown",
    [CSV_RECORDED_AT] = "recorded_at",
    [CSV_CATEGORY_ID] = "category_id",
    [CSV_CATEGORY] = "category",
    [CSV_LANGUAGE] = "language",
    [CSV_AUDIO_LANGUAGE] = "audio_language",
    [CSV_DEFINITION] = "definition",
    [CSV_CAPTION] = "caption",
    [CSV_LICENCE] = "licence",
    [CSV_SCHEDULED_AT] = "scheduled_at",
    [CSV_STARTED_AT] = "started_at",
    [CSV_ENDED_AT] = "ended_at",
    [CSV_TAGS] = "tags",
    [CSV_STATISTICS_AT] = "statistics_at",
    [CSV_LAST_SEEN_AT] = "last_seen_at",
    [CSV_FOUND] = "found",
};

/* Texts have none here. */
static const char *const types[CSV_COLUMN_COUNT] = {
    [CSV_PUBLISHED_AT] = "datetime",
    [CSV_FIRST_SEEN_AT] = "datetime",
    [CSV_DURATION_SECONDS] = "integer",
    [CSV_VIEWS] = "integer",
    [CSV_LIKES] = "integer",
    [CSV_COMMENTS] = "integer",
    [CSV_PUBLISHED_AT_UNKNOWN] = "boolean",
    [CSV_RECORDED_AT] = "datetime",
    [CSV_CATEGORY_ID] = "integer",
    [CSV_CAPTION] = "boolean",
    [CSV_SCHEDULED_AT] = "datetime",
    [CSV_STARTED_AT] = "datetime",
    [CSV_ENDED_AT] = "datetime",
    [CSV_TAGS] = "array",
    [CSV_STATISTICS_AT] = "datetime",
    [CSV_LAST_SEEN_AT] = "datetime",
    [CSV_FOUND] = "array",
};

const char *csv_column_name(enum csv_column column)
{
	return names[column];
}

const char *csv_column_type(enum csv_column column)
{
	return types[column] ? types[column] : "string";
}

/* ---- parameters ---- */

struct csv csv_all(void)
{
	struct csv csv = {.column_count = CSV_COLUMN_COUNT};

	for (size_t column = 0; column < CSV_COLUMN_COUNT; column++)
		csv.columns[column] = column;
	return csv;
}

bool csv_read(const struct request *req, struct csv *out, struct error *err)
{
	static const char *const flavors[] = {"raw", "spreadsheet"};
	struct csv csv = csv_all();
	size_t flavor = 0;

	if (!params_choose(req, "flavor", flavors, sizeof(flavors) / sizeof(flavors[0]), &flavor, err) ||
	    !params_choose_several(req, "fields", names, CSV_COLUMN_COUNT, csv.columns, &csv.column_count, err))
		return false;
	csv.for_spreadsheet = flavor == 1;
	*out = csv;
	return true;
}

/* ---- texts ---- */

/* What a spreadsheet would take for a formula: these, also in their wide forms, at the beginning of a cell. */
static bool is_formula(const char *text)
{
	static const char *const wide[] = {"＝", "＋", "－", "＠"};

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	return *text && strchr("=+-@\t\r\n", *text);
}

/* The length of the control character (C0, DEL, C1) that TEXT begins with, 0 when it begins with none, or with white space. */
static size_t control_length(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;

	if (bytes[0] == 0xC2 && bytes[1] >= 0x80 && bytes[1] <= 0x9F)
		return 2;
	return (bytes[0] && bytes[0] < ' ' && !strchr("\t\r\n", bytes[0])) || bytes[0] == 0x7F ? 1 : 0;
}

/* The text without its control characters; quotes are doubled. */
static void add_clean(struct buf *out, const char *text)
{
	static const char stops[] =
	    "\"\x7F\xC2\x01\x02\x03\x04\x05\x06\x07\x08\x0B\x0C\x0E\x0F\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19"
	    "\x1A\x1B\x1C\x1D\x1E\x1F";

	while (*text) {
		size_t len = strcspn(text, stops);

		buf_add(out, text, len);
		text += len;
		len = control_length(text);
		if (!len && *text) {
			buf_add_text(out, *text == '"' ? "\"\"" : "\xC2");
			len = 1;
		}
		text += len;
	}
}

void csv_write_text(struct buf *out, const char *text)
{
	buf_add_char(out, '"');
	add_clean(out, text);
	buf_add_char(out, '"');
}

/* An apostrophe before a formula makes it a text. */
static void add_text(const struct csv *csv, struct buf *out, const char *text)
{
	const char *seen = text ? text : "";

	for (size_t len; (len = control_length(seen)); seen += len)
		;
	if (!csv->for_spreadsheet || !is_formula(seen)) {
		csv_write_text(out, seen);
		return;
	}
	buf_add_text(out, "\"'");
	add_clean(out, seen);
	buf_add_char(out, '"');
}

/* ---- cells ---- */

static void add_url(const struct csv *csv, struct buf *out, const struct video *video)
{
	char url[WATCH_URL_SIZE];

	video_watch_url(video->id, url);
	add_text(csv, out, url);
}

void csv_write_time(struct buf *out, int64_t time)
{
	char text[TIMESTAMP_SIZE] = "";

	if (time)
		timestamp_format(time, text);
	buf_add_text(out, text);
}

static void add_number(struct buf *out, int64_t number)
{
	if (number != VIDEO_UNKNOWN)
		buf_add_int(out, number);
}

/* A text of the table of names, or JSON of ours; nothing when it is not known. */
static void add_name(const struct csv *csv, struct buf *out, const char *text)
{
	if (text && *text)
		add_text(csv, out, text);
}

static void add_queries(const struct csv *csv, struct buf *out, const struct video *video)
{
	AUTO(buf_clear) struct buf queries = BUF(out->max);

	for (size_t i = 0; i < video->found_count; i++)
		buf_printf(&queries, "%s%s", i ? "; " : "", video->found[i].query);
	if (queries.failed)
		out->failed = queries.failed;
	add_text(csv, out, buf_text(&queries));
}

static void add_found(const struct csv *csv, struct buf *out, const struct video *video)
{
	AUTO(buf_clear) struct buf json = BUF(out->max);
	struct writer w = writer_json(&json);

	video_write_found(&w, NULL, video);
	if (json.failed)
		out->failed = json.failed;
	add_text(csv, out, buf_text(&json));
}

static void add_cell(const struct csv *csv, enum csv_column column, const struct video *video, struct buf *out)
{
	const struct video_details *details = &video->details;

	switch (column) {
	case CSV_ID:
		add_text(csv, out, video->id);
		break;
	case CSV_URL:
		add_url(csv, out, video);
		break;
	case CSV_TITLE:
		add_text(csv, out, video->title);
		break;
	case CSV_DESCRIPTION:
		add_text(csv, out, video->description);
		break;
	case CSV_PUBLISHED_AT:
		csv_write_time(out, video->published_at);
		break;
	case CSV_FIRST_SEEN_AT:
		csv_write_time(out, video->first_seen_at);
		break;
	case CSV_CHANNEL_ID:
		add_text(csv, out, video->channel_id);
		break;
	case CSV_CHANNEL_TITLE:
		add_text(csv, out, video->channel_title);
		break;
	case CSV_THUMBNAIL_URL:
		add_text(csv, out, video->thumbnail_url);
		break;
	case CSV_KIND:
		buf_add_text(out, video_kind_name(video->kind));
		break;
	case CSV_DURATION_SECONDS:
		add_number(out, video->duration_s);
		break;
	case CSV_VIEWS:
		add_number(out, video->views);
		break;
	case CSV_LIKES:
		add_number(out, video->likes);
		break;
	case CSV_COMMENTS:
		add_number(out, video->comments);
		break;
	case CSV_QUERIES:
		add_queries(csv, out, video);
		break;
	case CSV_PUBLISHED_AT_UNKNOWN:
		buf_add_text(out, video->published_unknown ? "true" : "false");
		break;
	case CSV_RECORDED_AT:
		csv_write_time(out, video_recorded_at(video));
		break;
	case CSV_CATEGORY_ID:
		add_number(out, details->category ? details->category : VIDEO_UNKNOWN);
		break;
	case CSV_CATEGORY:
		add_name(csv, out, video_category_name(details->category));
		break;
	case CSV_LANGUAGE:
		add_name(csv, out, details->language);
		break;
	case CSV_AUDIO_LANGUAGE:
		add_name(csv, out, details->audio_language);
		break;
	case CSV_DEFINITION:
		add_name(csv, out, video_definition_name(details->definition));
		break;
	case CSV_CAPTION:
		if (details->caption)
			buf_add_text(out, video_caption_name(details->caption));
		break;
	case CSV_LICENCE:
		add_name(csv, out, video_licence_name(details->licence));
		break;
	case CSV_SCHEDULED_AT:
		csv_write_time(out, video->scheduled_at);
		break;
	case CSV_STARTED_AT:
		csv_write_time(out, details->started_at);
		break;
	case CSV_ENDED_AT:
		csv_write_time(out, details->ended_at);
		break;
	case CSV_TAGS:
		add_name(csv, out, details->tags);
		break;
	case CSV_STATISTICS_AT:
		csv_write_time(out, video->checked_at);
		break;
	case CSV_LAST_SEEN_AT:
		csv_write_time(out, video->last_seen_at);
		break;
	case CSV_FOUND:
		add_found(csv, out, video);
		break;
	case CSV_COLUMN_COUNT:
		break;
	}
}

/* ---- rows ---- */

void csv_write_head(const struct csv *csv, struct buf *out)
{
	if (csv->for_spreadsheet)
		buf_add_text(out, BYTE_ORDER_MARK);
	for (size_t i = 0; i < csv->column_count; i++)
		buf_printf(out, "%s%s", i ? "," : "", names[csv->columns[i]]);
	buf_add_text(out, "\r\n");
}

void csv_write_video(const struct csv *csv, const struct video *video, struct buf *out)
{
	for (size_t i = 0; i < csv->column_count; i++) {
		if (i)
			buf_add_char(out, ',');
		add_cell(csv, (enum csv_column)csv->columns[i], video, out);
	}
	buf_add_text(out, "\r\n");
}
