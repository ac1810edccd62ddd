/* A small bar chart of the last days, for {{>_bars}}: positions and heights are computed here, the template draws them. */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/context.h"

enum { DAY_BARS = 14 };

/* Writes the member NAME: `label` (the chart in words), `bars` of `x`, `y`, `height`, `words`. Videos of the query that were
 * published on the UTC day of NOW and those before it, by denormalised counters. Errors: as store.h. */
MUST_USE bool day_bars_write(struct app *app, struct writer *w, const char *name, int64_t query_id, int64_t now,
                             struct error *err);
