/*
 * Import of videos from NDJSON: a line of /api/videos.ndjson, or the flat form id, title, description, published_at, channel_id,
 * channel_title, thumbnail_url. Unknown members are ignored.
 */
#pragma once

#include "cron/import/importer.h"

/* Reads videos from FROM to its end and saves them in STORE, with progress on PROGRESS (a terminal or a log) and every skipped
 * line named there by its number and reason. What was committed before a failure stays; the next run or import completes its
 * full-text index. Errors: as store.h, ERR_INVALID for a file that cannot be read or is none of text in UTF-8 (format.h). */
MUST_USE bool import_videos(struct store *store, FILE *from, FILE *progress, const struct clock *clock,
                            struct import_result *result, struct error *err);

/* Reads one line of LEN bytes into OUT (to be cleared by the caller). Errors: ERR_INVALID with the reason in words. */
MUST_USE bool import_line(const char *line, size_t len, struct video *out, struct error *err);
