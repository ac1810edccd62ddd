#include "cgi/pages/widgets/growth.h"

#include <stdio.h>

#include "cgi/request/format.h"
#include "cgi/request/link_writer.h"

enum { URL_SIZE = 64, LINE_BYTES = 128 * 1024, LABEL_BYTES = 512, WIDTH = 320, HEIGHT = 64, MARGIN = 4 };

/* Of the points that tell views. */
struct growth {
	struct statistics_point first, last;
	int64_t least, most;
	size_t count;
};

static void measure(const struct statistics *statistics, struct growth *out)
{
	for (size_t i = 0; i < statistics->count; i++) {
		const struct statistics_point *point = &statistics->points[i];

		if (point->views == VIDEO_UNKNOWN)
			continue;
		if (!out->count++) {
			out->first = *point;
			out->least = out->most = point->views;
		}
		out->last = *point;
		out->least = point->views < out->least ? point->views : out->least;
		out->most = point->views > out->most ? point->views : out->most;
	}
}

/* Where VALUE lies between LOW and HIGH, on SIZE units within the margins. */
static double place(int64_t value, int64_t low, int64_t high, int size)
{
	double share = high > low ? (double)(value - low) / (double)(high - low) : 0;

	return MARGIN + share * (size - 2 * MARGIN);
}

static void add_line(const struct statistics *statistics, const struct growth *growth, struct buf *line)
{
	for (size_t i = 0; i < statistics->count; i++) {
		const struct statistics_point *point = &statistics->points[i];

		if (point->views == VIDEO_UNKNOWN)
			continue;
		buf_printf(line, "%s%.1f,%.1f", line->len ? " " : "", place(point->at, growth->first.at, growth->last.at, WIDTH),
		           HEIGHT - place(point->views, growth->least, growth->most, HEIGHT));
	}
}

bool growth_write(struct app *app, struct writer *w, const char *id, const struct statistics *statistics, struct error *err)
{
	char url[URL_SIZE];
	AUTO(buf_clear) struct buf line = BUF(LINE_BYTES);
	AUTO(buf_clear) struct buf label = BUF(LABEL_BYTES);
	char since[FORMAT_SIZE], until[FORMAT_SIZE], first[FORMAT_SIZE], last[FORMAT_SIZE], rate[FORMAT_SIZE];
	struct growth growth = {0};

	measure(statistics, &growth);
	if (growth.count < 2) {
		write_null(w, "growth");
		return true;
	}
	format_minute(growth.first.at, since);
	format_minute(growth.last.at, until);
	format_count(growth.first.views, first);
	format_count(growth.last.views, last);
	format_count(statistics->views_per_hour, rate);
	buf_printf(&label, "Views at %zu readings: %s on %s, %s on %s", growth.count, first, since, last, until);
	add_line(statistics, &growth, &line);
	if (!buf_ok(&line, err) || !buf_ok(&label, err))
		return false;
	snprintf(url, sizeof(url), "/api/videos/%s/statistics", id);
	write_object(w, "growth");
	write_link(w, app, "url", url);
	write_text(w, "line", buf_text(&line));
	write_text(w, "label", buf_text(&label));
	write_text(w, "since", since);
	write_text(w, "until", until);
	write_text(w, "first", first);
	write_text(w, "last", last);
	write_text(w, "rate", statistics->rate_known ? rate : NULL);
	write_end(w);
	return true;
}
