#include "export/rows.h"

#include "base/json_writer.h"
#include "http/params.h"

static const char *const names[ROWS_FORMAT_COUNT] = {[ROWS_NDJSON] = "ndjson", [ROWS_CSV] = "csv"};

/* Of the members that are no texts. */
static const char *const member_types[VIDEO_MEMBER_COUNT] = {
    [VIDEO_MEMBER_PUBLISHED_AT] = "datetime",
    [VIDEO_MEMBER_PUBLISHED_AT_UNKNOWN] = "boolean",
    [VIDEO_MEMBER_FIRST_SEEN_AT] = "datetime",
    [VIDEO_MEMBER_RECORDED_AT] = "datetime",
    [VIDEO_MEMBER_LAST_SEEN_AT] = "datetime",
    [VIDEO_MEMBER_CHANNEL] = "object",
    [VIDEO_MEMBER_THUMBNAILS] = "object",
    [VIDEO_MEMBER_DURATION_SECONDS] = "integer",
    [VIDEO_MEMBER_VIEWS] = "integer",
    [VIDEO_MEMBER_LIKES] = "integer",
    [VIDEO_MEMBER_COMMENTS] = "integer",
    [VIDEO_MEMBER_STATISTICS_AT] = "datetime",
    [VIDEO_MEMBER_CATEGORY] = "object",
    [VIDEO_MEMBER_CAPTION] = "boolean",
    [VIDEO_MEMBER_SCHEDULED_AT] = "datetime",
    [VIDEO_MEMBER_STARTED_AT] = "datetime",
    [VIDEO_MEMBER_ENDED_AT] = "datetime",
    [VIDEO_MEMBER_QUERIES] = "array",
    [VIDEO_MEMBER_TAGS] = "array",
    [VIDEO_MEMBER_FOUND] = "array",
};

const char *rows_format_name(enum rows_format format)
{
	return names[format];
}

const char *rows_content_type(enum rows_format format)
{
	return format == ROWS_CSV ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson";
}

struct rows rows_all(enum rows_format format)
{
	return (struct rows){.format = format, .csv = csv_all(), .members = video_members_first(VIDEO_MEMBER_COUNT)};
}

struct rows rows_of_ids(enum rows_format format)
{
	return (struct rows){.format = format,
	                     .csv = {.columns = {CSV_ID}, .column_count = 1},
	                     .members = {.at = {VIDEO_MEMBER_ID}, .count = 1}};
}

bool rows_read(const struct request *req, enum rows_format format, struct rows *out, struct error *err)
{
	struct rows rows = rows_all(format);

	if (format == ROWS_CSV ? !csv_read(req, &rows.csv, err)
	                       : !params_choose_several(req, "fields", video_member_names, VIDEO_MEMBER_COUNT, rows.members.at,
	                                                &rows.members.count, err))
		return false;
	*out = rows;
	return true;
}

/* ---- fields ---- */

size_t rows_field_count(const struct rows *rows)
{
	return rows->format == ROWS_CSV ? rows->csv.column_count : rows->members.count;
}

const char *rows_field_name(const struct rows *rows, size_t field)
{
	return rows->format == ROWS_CSV ? csv_column_name((enum csv_column)rows->csv.columns[field])
	                                : video_member_names[rows->members.at[field]];
}

const char *rows_field_type(const struct rows *rows, size_t field)
{
	if (rows->format == ROWS_CSV)
		return csv_column_type((enum csv_column)rows->csv.columns[field]);
	const char *type = member_types[rows->members.at[field]];
	return type ? type : "string";
}

/* ---- rows ---- */

void rows_write_head(const struct rows *rows, struct buf *out)
{
	if (rows->format == ROWS_CSV)
		csv_write_head(&rows->csv, out);
}

void rows_write_video(const struct rows *rows, const struct video *video, struct buf *out)
{
	if (rows->format == ROWS_CSV) {
		csv_write_video(&rows->csv, video, out);
		return;
	}
	struct writer w = writer_json(out);
	video_write_json(&w, video, &rows->members);
	buf_add_char(out, '\n');
}
