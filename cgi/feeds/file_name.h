/* What an export is called when it is saved. */
#pragma once

#include <stdint.h>

#include "base/buf.h"

/* Appends the value of Content-Disposition (RFC 6266): "videos-rocket launch-falcon-2026-11-22.csv", of WHAT it holds, the tracked query's text and the
 * search text (either may be NULL, and is cut when long), the day of NOW and EXTENSION. What is not ASCII stands in filename* only. */
void file_name_write(struct buf *out, const char *what, const char *query, const char *words, int64_t now, const char *extension);
