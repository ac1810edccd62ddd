/* What series are made of, as bars below each one's name, for {{>_bar_chart}}: places are computed here, the template draws them. */
#pragma once

#include "cgi/pages/widgets/chart_parts.h"

enum { BAR_CHART_BARS_MAX = 8 };

struct bar_series {
	const char *name;
	int64_t videos; /* that were counted; what shares are shares of */
	struct {
		const char *name;
		int64_t videos;
	} bars[BAR_CHART_BARS_MAX];
	int count;
};

struct bar_chart {
	struct chart_frame frame;
	const struct bar_series *series;
	int series_count;
};

/* Writes the member NAME. */
void bar_chart_write(struct writer *w, const char *name, const struct bar_chart *chart);
