/* Videos as CSV (RFC 4180), a row each. */
#pragma once

#include "http/request.h"
#include "model/video.h"
#include "base/buf.h"

enum csv_column {
	CSV_ID,
	CSV_URL,
	CSV_TITLE,
	CSV_DESCRIPTION,
	CSV_PUBLISHED_AT,
	CSV_FIRST_SEEN_AT,
	CSV_CHANNEL_ID,
	CSV_CHANNEL_TITLE,
	CSV_THUMBNAIL_URL,
	CSV_KIND,
	CSV_DURATION_SECONDS,
	CSV_VIEWS,
	CSV_LIKES,
	CSV_COMMENTS,
	CSV_QUERIES,
	CSV_PUBLISHED_AT_UNKNOWN,
	CSV_RECORDED_AT,
	CSV_CATEGORY_ID,
	CSV_CATEGORY,
	CSV_LANGUAGE,
	CSV_AUDIO_LANGUAGE,
	CSV_DEFINITION,
	CSV_CAPTION,
	CSV_LICENCE,
	CSV_SCHEDULED_AT,
	CSV_STARTED_AT,
	CSV_ENDED_AT,
	CSV_TAGS, /* a JSON array: nothing else tells tags apart whatever is in them */
	CSV_STATISTICS_AT,
	CSV_LAST_SEEN_AT,
	CSV_FOUND, /* the same of queries, with how and when */
	CSV_COLUMN_COUNT
};

/* Which columns, and for whom. */
struct csv {
	size_t columns[CSV_COLUMN_COUNT]; /* enum csv_column */
	size_t column_count;
	bool for_spreadsheet; /* with a byte order mark, and no cell that is taken for a formula */
};

/* All columns, for programs. */
struct csv csv_all(void);

/* Reads the parameters `flavor` (raw, spreadsheet) and `fields` (names of columns, comma-separated; all, unless given). Errors:
 * ERR_INVALID naming the field, its value and what is allowed. */
MUST_USE bool csv_read(const struct request *req, struct csv *out, struct error *err);

/* The name of COLUMN, and its type as Table Schema calls it: "string", "integer", "boolean", "datetime"; "array" is one in JSON. */
const char *csv_column_name(enum csv_column column);
const char *csv_column_type(enum csv_column column);

/* Appends a cell: a text in quotes, without control characters but tab and line breaks; and a time, nothing for 0. */
void csv_write_text(struct buf *out, const char *text);
void csv_write_time(struct buf *out, int64_t time);

/* Appends the row of names, and what a spreadsheet needs before it. */
void csv_write_head(const struct csv *csv, struct buf *out);

/* Appends the row of VIDEO. Control characters but tab and line breaks are left out; all other texts are as they were recorded, unless
 * they are for a spreadsheet. */
void csv_write_video(const struct csv *csv, const struct video *video, struct buf *out);
