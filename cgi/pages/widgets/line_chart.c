#include "cgi/pages/widgets/line_chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "cgi/request/format.h"

enum {
	LEFT = 56, /* of the plot; numbers stand before it */
	PLOT_HEIGHT = 220,
	PLOT_HEIGHT_NARROW = 180,
	LANE_HEIGHT = 7,
	LANE_STEP = 11,
	MARKS_MAX = 16, /* on a line */
	STEPS_MAX = 5,  /* of the values' axis */
	PATH_BYTES = 256 * 1024,
	WORDS_BYTES = 8192,
};

/* A chart being drawn. */
struct plot {
	struct writer *w;
	const struct line_chart *chart;
	double top, bottom, right; /* of the plot */
	double highest;            /* value of the axis */
};

/* ---- words ---- */

void line_chart_time(enum volume_bucket bucket, int64_t start, char out[LINE_CHART_TIME_SIZE])
{
	char time[FORMAT_SIZE];

	format_minute(start, time);
	if (bucket == BUCKET_OF_HOUR && start % SECONDS_PER_DAY == 0)
		snprintf(out, LINE_CHART_TIME_SIZE, "%s, 00:00", time);
	else
		snprintf(out, LINE_CHART_TIME_SIZE, "%s%s", bucket == BUCKET_OF_WEEK ? "week of " : "",
		         time + (bucket == BUCKET_OF_MONTH ? strlen("01 ") : 0));
}

void line_chart_value(double value, bool percent, char out[LINE_CHART_TIME_SIZE])
{
	char count[FORMAT_SIZE];

	if (percent) {
		snprintf(out, LINE_CHART_TIME_SIZE, "%.*f\u00A0%%", value > 0 && value < 10 ? 1 : 0, value);
		return;
	}
	format_count((int64_t)value, count);
	snprintf(out, LINE_CHART_TIME_SIZE, "%s", count);
}

/* "24 Nov", "10:00", "Nov 2026" */
static void tick_words(enum volume_bucket bucket, int64_t start, char out[FORMAT_SIZE])
{
	char time[FORMAT_SIZE];

	format_minute(start, time);
	if (bucket == BUCKET_OF_HOUR && start % SECONDS_PER_DAY)
		snprintf(out, FORMAT_SIZE, "%s", time + strlen("24 Nov 2026, "));
	else if (bucket == BUCKET_OF_MONTH)
		snprintf(out, FORMAT_SIZE, "%s", time + strlen("01 "));
	else
		snprintf(out, FORMAT_SIZE, "%.6s", time);
}

/* ---- places ---- */

static double x_of(const struct plot *plot, int64_t time)
{
	const struct line_chart *chart = plot->chart;
	double span = (double)(chart->starts[chart->count] - chart->starts[0]);

	return LEFT + (double)(time - chart->starts[0]) / span * (plot->right - LEFT);
}

/* The middle of an interval. */
static double x_of_point(const struct plot *plot, int point)
{
	return (x_of(plot, plot->chart->starts[point]) + x_of(plot, plot->chart->starts[point + 1])) / 2;
}

static double y_of(const struct plot *plot, double value)
{
	return plot->bottom - value / plot->highest * (plot->bottom - plot->top);
}

/* ---- axes ---- */

static double highest_value(const struct line_chart *chart)
{
	double highest = 0;

	for (int s = 0; s < chart->series_count; s++)
		for (int i = 0; i < chart->count; i++)
			if (chart->series[s].values[i] > highest) /* false for NAN */
				highest = chart->series[s].values[i];
	return highest;
}

/* 1, 2 or 5 times a power of ten, so that a few of them reach HIGHEST. */
static double step_of(double highest, bool percent)
{
	double step = percent ? 0.1 : 1;

	for (int i = 0; step * STEPS_MAX < highest; i++)
		step *= i % 3 == 1 ? 2.5 : 2;
	return step;
}

static void write_grid(struct plot *plot, double step)
{
	struct writer *w = plot->w;
	char words[LINE_CHART_TIME_SIZE];

	write_array(w, "grid");
	for (int i = 0; i <= (int)lround(plot->highest / step); i++) {
		double value = i * step;

		line_chart_value(value, plot->chart->percent, words);
		write_object(w, NULL);
		write_int(w, "left", LEFT);
		chart_write_place(w, "right", plot->right);
		chart_write_place(w, "y", y_of(plot, value));
		write_int(w, "text_x", LEFT - 8);
		chart_write_place(w, "text_y", y_of(plot, value) + 4);
		write_text(w, "words", words);
		write_text(w, "opacity", value > 0 ? "0.14" : "0.8");
		write_end(w);
	}
	write_end(w);
}

/* How many intervals lie between two that are named. */
static int tick_step(const struct line_chart *chart)
{
	static const int steps[VOLUME_BUCKET_COUNT][8] = {[BUCKET_OF_HOUR] = {1, 2, 3, 6, 12, 24, 48, 0},
	                                                  [BUCKET_OF_DAY] = {1, 2, 7, 14, 28, 56, 0, 0},
	                                                  [BUCKET_OF_WEEK] = {1, 2, 4, 8, 13, 26, 52, 0},
	                                                  [BUCKET_OF_MONTH] = {1, 2, 3, 6, 12, 24, 48, 0}};
	int most = chart->frame.size == CHART_NARROW ? 4 : 8;
	int at = 0;

	while (steps[chart->bucket][at + 1] && chart->count > most * steps[chart->bucket][at])
		at++;
	return steps[chart->bucket][at];
}

static void write_ticks(struct plot *plot)
{
	const struct line_chart *chart = plot->chart;
	struct writer *w = plot->w;
	int step = tick_step(chart);
	bool hours = chart->bucket == BUCKET_OF_HOUR;
	char words[FORMAT_SIZE];

	write_array(w, "ticks");
	for (int i = 0; i < chart->count; i++) {
		if ((hours ? chart->starts[i] / SECONDS_PER_HOUR : i) % step)
			continue;
		tick_words(chart->bucket, chart->starts[i], words);
		write_object(w, NULL);
		chart_write_place(w, "x", x_of_point(plot, i));
		chart_write_place(w, "y", plot->bottom);
		chart_write_place(w, "text_y", plot->bottom + 18);
		write_text(w, "words", words);
		write_end(w);
	}
	write_end(w);
}

/* ---- legend ---- */

static double write_legend(struct plot *plot, double y)
{
	const struct line_chart *chart = plot->chart;
	struct writer *w = plot->w;
	int columns = chart->frame.size == CHART_NARROW || chart->series_count == 1 ? 1 : 2;
	double width = (double)(chart_width(chart->frame.size) - 2 * CHART_MARGIN) / columns;
	int rows = (chart->series_count + columns - 1) / columns;

	write_array(w, "legend");
	for (int s = 0; s < chart->series_count; s++) {
		int column = s / rows;
		double x = CHART_MARGIN + column * width, row_y = y + (s % rows) * CHART_LINE_HEIGHT + 6;
		AUTO(buf_clear) struct buf mark = BUF(WORDS_BYTES);

		chart_add_mark(&mark, s, x + 16, row_y);
		write_object(w, NULL);
		chart_write_series(w, s, chart->frame.dark);
		chart_write_place(w, "x", x);
		chart_write_place(w, "end", x + 32);
		chart_write_place(w, "y", row_y);
		write_buf(w, "mark", &mark);
		chart_write_place(w, "text_x", x + 40);
		chart_write_place(w, "text_y", row_y + 4);
		chart_write_cut(w, "name", chart->series[s].name, width - 56, CHART_TEXT_PX);
		write_end(w);
	}
	write_end(w);
	return y + rows * CHART_LINE_HEIGHT;
}

/* ---- lines ---- */

static bool is_known(const struct line_series *series, int count, int point)
{
	return point >= 0 && point < count && !isnan(series->values[point]);
}

/* A point between two that are not known has no line to be seen by. */
static bool has_mark(const struct line_series *series, int count, int point)
{
	int every = (count + MARKS_MAX - 1) / MARKS_MAX;
	bool alone = !is_known(series, count, point - 1) && !is_known(series, count, point + 1);

	return is_known(series, count, point) && (alone || point % every == 0);
}

static void add_points(const struct plot *plot, int number, struct buf *line, struct buf *marks)
{
	const struct line_chart *chart = plot->chart;
	const struct line_series *series = &chart->series[number];

	for (int i = 0; i < chart->count; i++) {
		if (!is_known(series, chart->count, i))
			continue;
		double x = x_of_point(plot, i), y = y_of(plot, series->values[i]);
		buf_printf(line, "%c%.1f %.1f", is_known(series, chart->count, i - 1) ? 'L' : 'M', x, y);
		if (has_mark(series, chart->count, i))
			chart_add_mark(marks, number, x, y);
	}
}

static bool write_lines(struct plot *plot, struct error *err)
{
	const struct line_chart *chart = plot->chart;
	struct writer *w = plot->w;

	write_array(w, "series");
	for (int s = 0; s < chart->series_count; s++) {
		AUTO(buf_clear) struct buf line = BUF(PATH_BYTES);
		AUTO(buf_clear) struct buf marks = BUF(PATH_BYTES);

		add_points(plot, s, &line, &marks);
		if (!buf_ok(&line, err) || !buf_ok(&marks, err))
			return false;
		write_object(w, NULL);
		chart_write_series(w, s, chart->frame.dark);
		write_text(w, "line", buf_text(&line));
		write_text(w, "marks", buf_text(&marks));
		write_end(w);
	}
	write_end(w);
	return true;
}

/* ---- coverage ---- */

/* A pattern has a name of its own in a page that has the chart in both sizes. */
static const char *hatch_of(const struct line_chart *chart)
{
	return chart->frame.size == CHART_NARROW ? "hatch-narrow" : "hatch-wide";
}

static void add_box(struct buf *path, double x, double end, double y, double height)
{
	double width = end - x < 0.5 ? 0.5 : end - x; /* a short gap is seen too */

	buf_printf(path, "M%.1f %.1fh%.1fv%.1fh-%.1fz", x, y, width, height, width);
}

/* What of the time was not covered as boxes in LANE and in PLOT, and what was in COVERED. */
static void add_coverage(const struct plot *plot, const struct line_series *series, double y, struct buf *lane,
                         struct buf *covered, struct buf *band)
{
	const struct line_chart *chart = plot->chart;
	int64_t at = chart->starts[0];

	for (size_t i = 0; i < series->uncovered.count; i++) {
		const struct interval *gap = &series->uncovered.items[i];
		double x = x_of(plot, gap->since), end = x_of(plot, gap->until);

		if (gap->since > at)
			add_box(covered, x_of(plot, at), x, y, LANE_HEIGHT);
		add_box(lane, x, end, y, LANE_HEIGHT);
		add_box(band, x, end, plot->top, plot->bottom - plot->top);
		at = gap->until;
	}
	if (at < chart->starts[chart->count])
		add_box(covered, x_of(plot, at), plot->right, y, LANE_HEIGHT);
}

static bool any_coverage(const struct line_chart *chart)
{
	for (int s = 0; s < chart->series_count; s++)
		if (chart->series[s].has_coverage)
			return true;
	return false;
}

static bool write_lane(struct plot *plot, int number, double y, struct error *err)
{
	const struct line_chart *chart = plot->chart;
	struct writer *w = plot->w;
	AUTO(buf_clear) struct buf lane = BUF(PATH_BYTES);
	AUTO(buf_clear) struct buf covered = BUF(PATH_BYTES);
	AUTO(buf_clear) struct buf band = BUF(PATH_BYTES);
	AUTO(buf_clear) struct buf mark = BUF(WORDS_BYTES);

	add_coverage(plot, &chart->series[number], y, &lane, &covered, &band);
	chart_add_mark(&mark, number, LEFT - 10, y + LANE_HEIGHT / 2.0);
	if (!buf_ok(&lane, err) || !buf_ok(&covered, err) || !buf_ok(&band, err))
		return false;
	write_object(w, NULL);
	chart_write_series(w, number, chart->frame.dark);
	write_buf(w, "mark", &mark);
	write_text(w, "hatch", hatch_of(chart));
	write_text(w, "uncovered", buf_text(&lane));
	write_text(w, "covered", buf_text(&covered));
	write_text(w, "band", buf_text(&band));
	write_end(w);
	return true;
}

/* A lane below the plot for each series whose coverage is known. */
static bool write_lanes(struct plot *plot, double *y, struct error *err)
{
	const struct line_chart *chart = plot->chart;
	struct writer *w = plot->w;

	write_text(w, "hatch", hatch_of(chart));
	write_bool(w, "has_lanes", any_coverage(chart));
	chart_write_place(w, "lanes_y", *y + 4);
	if (any_coverage(chart))
		*y += 12;
	write_array(w, "lanes");
	for (int s = 0; s < chart->series_count; s++) {
		if (!chart->series[s].has_coverage)
			continue;
		if (!write_lane(plot, s, *y, err))
			return false;
		*y += LANE_STEP;
	}
	write_end(w);
	return true;
}

/* ---- what is shown on hover ---- */

static void add_value_words(const struct line_chart *chart, int series, int point, struct buf *words)
{
	double value = chart->series[series].values[point];
	char number[LINE_CHART_TIME_SIZE] = "not known";

	if (!isnan(value))
		line_chart_value(value, chart->percent, number);
	buf_printf(words, "\n%s: %s", chart->series[series].name, number);
}

static void write_columns(struct plot *plot)
{
	const struct line_chart *chart = plot->chart;
	struct writer *w = plot->w;
	char time[LINE_CHART_TIME_SIZE];

	write_array(w, "columns");
	for (int i = 0; i < chart->count && chart->frame.size == CHART_WIDE; i++) {
		AUTO(buf_clear) struct buf words = BUF(WORDS_BYTES);
		double x = x_of(plot, chart->starts[i]);

		line_chart_time(chart->bucket, chart->starts[i], time);
		buf_add_text(&words, time);
		for (int s = 0; s < chart->series_count; s++)
			add_value_words(chart, s, i, &words);
		write_object(w, NULL);
		chart_write_place(w, "x", x);
		chart_write_place(w, "y", plot->top);
		chart_write_place(w, "width", x_of(plot, chart->starts[i + 1]) - x);
		chart_write_place(w, "height", plot->bottom - plot->top);
		write_buf(w, "words", &words);
		write_end(w);
	}
	write_end(w);
}

/* ---- the chart ---- */

/* "Recorded videos per day, 1 to 28 Nov 2026: rocket launch, lofi beats" */
static void write_head(struct plot *plot, double *y)
{
	const struct line_chart *chart = plot->chart;
	AUTO(buf_clear) struct buf label = BUF(WORDS_BYTES);

	buf_printf(&label, "%s, %s: ", chart->frame.title, chart->frame.period);
	for (int s = 0; s < chart->series_count; s++)
		buf_printf(&label, "%s%s", s ? ", " : "", chart->series[s].name);
	*y = chart_write_head(plot->w, &chart->frame, buf_text(&label));
}

bool line_chart_write(struct writer *w, const char *name, const struct line_chart *chart, struct error *err)
{
	struct plot plot = {.w = w, .chart = chart, .right = chart_width(chart->frame.size) - CHART_MARGIN};
	double step = step_of(highest_value(chart), chart->percent);
	double y = 0;

	write_object(w, name);
	write_head(&plot, &y);
	y = write_legend(&plot, y);
	write_text(w, "unit", chart->unit);
	chart_write_place(w, "unit_y", y + 14);
	plot.top = y + 26;
	plot.bottom = plot.top + (chart->frame.size == CHART_NARROW ? PLOT_HEIGHT_NARROW : PLOT_HEIGHT);
	plot.highest = fmax(ceil(highest_value(chart) / step) * step, step);
	write_grid(&plot, step);
	write_ticks(&plot);
	y = plot.bottom + 36;
	if (!write_lanes(&plot, &y, err) || !write_lines(&plot, err))
		return false;
	write_columns(&plot);
	chart_write_foot(w, &chart->frame, y + 16);
	write_end(w);
	return true;
}
