#include "cgi/pages/widgets/bar_chart.h"

#include <stdio.h>

#include "cgi/request/format.h"

enum {
	BAR_HEIGHT = 12,
	BAR_STEP = 20,
	NUMBERS_WIDTH = 96,
	LABEL_BYTES = 128 * 1024,
	MARK_BYTES = 128,
	WORDS_SIZE = 2 * FORMAT_SIZE
};

/* Beyond it bars begin, and all of them end before the numbers. */
static double names_width(const struct bar_chart *chart)
{
	return chart_width(chart->frame.size) * (chart->frame.size == CHART_NARROW ? 0.36 : 0.38);
}

/* The highest share of all, which is the longest bar: bars of different series can be compared. */
static double highest_share(const struct bar_chart *chart)
{
	double highest = 0;

	for (int s = 0; s < chart->series_count; s++)
		for (int i = 0; i < chart->series[s].count; i++) {
			double share = (double)chart->series[s].bars[i].videos / (double)chart->series[s].videos;

			highest = share > highest ? share : highest;
		}
	return highest;
}

/* "1,204 · 12 %" */
static void write_numbers(struct writer *w, int64_t videos, double share)
{
	char count[FORMAT_SIZE], words[WORDS_SIZE];

	format_count(videos, count);
	snprintf(words, sizeof(words), "%s · %.*f\u00A0%%", count, share < 0.1 ? 1 : 0, share * 100);
	write_text(w, "numbers", words);
}

static void write_bar(struct writer *w, const struct bar_chart *chart, int number, int bar, double y)
{
	const struct bar_series *series = &chart->series[number];
	double share = (double)series->bars[bar].videos / (double)series->videos;
	double left = names_width(chart) + CHART_MARGIN;
	double room = chart_width(chart->frame.size) - left - NUMBERS_WIDTH - CHART_MARGIN;
	double width = share / highest_share(chart) * room;

	write_object(w, NULL);
	chart_write_series(w, number, chart->frame.dark);
	chart_write_place(w, "name_x", left - 8);
	chart_write_cut(w, "name", series->bars[bar].name, left - 8 - CHART_MARGIN, CHART_TEXT_PX);
	write_text(w, "whole_name", series->bars[bar].name);
	chart_write_place(w, "x", left);
	chart_write_place(w, "y", y);
	chart_write_place(w, "width", width);
	chart_write_place(w, "text_y", y + BAR_HEIGHT - 2);
	chart_write_place(w, "numbers_x", left + width + 6);
	write_numbers(w, series->bars[bar].videos, share);
	write_end(w);
}

static double write_one(struct writer *w, const struct bar_chart *chart, int number, double y)
{
	const struct bar_series *series = &chart->series[number];
	char count[FORMAT_SIZE], words[WORDS_SIZE];
	AUTO(buf_clear) struct buf mark = BUF(MARK_BYTES);

	format_count(series->videos, count);
	snprintf(words, sizeof(words), "%s %s", count, series->videos == 1 ? "video" : "videos");
	chart_add_mark(&mark, number, CHART_MARGIN + 6, y + 6);
	write_object(w, NULL);
	chart_write_series(w, number, chart->frame.dark);
	write_buf(w, "mark", &mark);
	write_int(w, "name_x", CHART_MARGIN + 18);
	chart_write_place(w, "name_y", y + 10);
	chart_write_cut(w, "name", series->name, chart_width(chart->frame.size) - 2 * CHART_MARGIN - 18 - NUMBERS_WIDTH,
	                CHART_TEXT_PX + 1);
	write_int(w, "end", chart_width(chart->frame.size) - CHART_MARGIN);
	write_text(w, "videos", words);
	write_array(w, "bars");
	for (int bar = 0; bar < series->count; bar++)
		write_bar(w, chart, number, bar, y + 22 + bar * BAR_STEP);
	write_end(w);
	write_end(w);
	return y + 22 + series->count * BAR_STEP + 12;
}

/* "Channels of recorded videos, 1 to 28 Nov 2026. rocket launch: NASA 12, SpaceX 3." */
static double write_head(struct writer *w, const struct bar_chart *chart)
{
	AUTO(buf_clear) struct buf label = BUF(LABEL_BYTES);

	buf_printf(&label, "%s, %s.", chart->frame.title, chart->frame.period);
	for (int s = 0; s < chart->series_count; s++) {
		const struct bar_series *series = &chart->series[s];

		buf_printf(&label, " %s:", series->name);
		for (int i = 0; i < series->count; i++)
			buf_printf(&label, "%s %s %lld", i ? "," : "", series->bars[i].name, (long long)series->bars[i].videos);
		buf_add_text(&label, series->count ? "." : " none.");
	}
	return chart_write_head(w, &chart->frame, buf_text(&label));
}

void bar_chart_write(struct writer *w, const char *name, const struct bar_chart *chart)
{
	write_object(w, name);
	double y = write_head(w, chart) + 2;
	write_array(w, "series");
	for (int s = 0; s < chart->series_count; s++)
		y = write_one(w, chart, s, y);
	write_end(w);
	chart_write_foot(w, &chart->frame, y + 12);
	write_end(w);
}
