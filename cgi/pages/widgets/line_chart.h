/* Series over time as lines, for {{>_line_chart}}: places are computed here, the template draws them. Where nothing is known a line ends, and what was not
 * covered is hatched, so that it is not taken for a time without videos. */
#pragma once

#include "base/error.h"
#include "cgi/pages/widgets/chart_parts.h"
#include "model/coverage.h"
#include "store/figures/stats.h"

enum { LINE_CHART_POINTS_MAX = 400 };

struct line_series {
	const char *name;
	double values[LINE_CHART_POINTS_MAX]; /* one for each interval; NAN = not known */
	struct coverage uncovered;            /* what of the time was not read, in order; owned by whoever fills it */
	bool has_coverage;                    /* false: nothing is known of that */
};

struct line_chart {
	struct chart_frame frame;
	const char *unit; /* of the values: "videos per day" */
	bool percent;
	enum volume_bucket bucket;                 /* what the intervals are */
	int64_t starts[LINE_CHART_POINTS_MAX + 1]; /* of each interval, and the end of the last one */
	int count;
	const struct line_series *series;
	int series_count;
};

/* Writes the member NAME. Errors: ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool line_chart_write(struct writer *w, const char *name, const struct line_chart *chart, struct error *err);

/* When an interval begins, in words: "24 Nov 2026", "week of 23 Nov 2026", "24 Nov 2026, 10:00", "Nov 2026". */
enum { LINE_CHART_TIME_SIZE = 96 };
void line_chart_time(enum volume_bucket bucket, int64_t start, char out[LINE_CHART_TIME_SIZE]);

/* "3,120", of percents "12.5 %". */
void line_chart_value(double value, bool percent, char out[LINE_CHART_TIME_SIZE]);
