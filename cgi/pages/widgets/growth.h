/* A video's views over time, for {{>_growth}}: the line is computed here, the template draws it. */
#pragma once

#include "cgi/request/context.h"
#include "model/video/statistics.h"

/* Writes the member `growth` of the video ID: `line` (the points of an SVG polyline), `label` (the chart in words), `since`, `until`, `first`, `last`, `rate`
 * (NULL unless known), `url` (of all points); null when fewer than two points tell views. */
MUST_USE bool growth_write(struct app *app, struct writer *w, const char *id, const struct statistics *statistics,
                           struct error *err);
