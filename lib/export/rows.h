/* Videos as rows of a file: CSV, or NDJSON, whose lines newsreel-fetch --import reads back. */
#pragma once

#include "export/csv.h"
#include "http/request.h"
#include "model/video/json.h"

enum rows_format { ROWS_NDJSON, ROWS_CSV, ROWS_FORMAT_COUNT };

struct rows {
	enum rows_format format;
	struct csv csv;               /* what rows of CSV have */
	struct video_members members; /* what those of NDJSON have */
};

/* "ndjson", "csv": also what a file's name ends with. */
const char *rows_format_name(enum rows_format format);

/* With its character set. */
const char *rows_content_type(enum rows_format format);

/* Rows with all there is, for programs; and with the id alone. */
struct rows rows_all(enum rows_format format);
struct rows rows_of_ids(enum rows_format format);

/* The same with the fields that REQ asks for, and of CSV in its flavor. Errors: ERR_INVALID naming the field, its value and what is
 * allowed. */
MUST_USE bool rows_read(const struct request *req, enum rows_format format, struct rows *out, struct error *err);

/* How many fields a row has; the name of one, from 0 on, and its type, as csv_column_type() says; "object" too. */
size_t rows_field_count(const struct rows *rows);
const char *rows_field_name(const struct rows *rows, size_t field);
const char *rows_field_type(const struct rows *rows, size_t field);

/* Appends what comes before the first row, and a row. */
void rows_write_head(const struct rows *rows, struct buf *out);
void rows_write_video(const struct rows *rows, const struct video *video, struct buf *out);
