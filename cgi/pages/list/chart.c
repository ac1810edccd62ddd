#include <string.h>
#include <time.h>

#include "base/timestamp.h"
#include "cgi/request/format.h"
#include "cgi/pages/list/view.h"
#include "cgi/request/costly.h"
#include "cgi/request/links.h"

/* Sizes in units of the SVG, which is stretched to the width there is. */
enum {
	BAR_STEP = 8,
	BAR_WIDTH = 6,
	HEIGHT = 48,
	HOURS_MIN = 3,
	BARS_MIN = 2,
	VIDEOS_MIN = 3,
	BARS_MAX = 400,
	WORDS_BYTES = 256,
	URL_BYTES = 8 * 1024
};

/* The interval of time of a bar. */
enum unit { UNIT_HOUR, UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_YEAR };

static const struct {
	const char *name;
	enum volume_bucket bucket; /* that it is made of */
	int64_t span_max;          /* for a list that spans more, bars of this unit would be too many; seconds */
} units[] = {
    [UNIT_HOUR] = {.name = "hour", .bucket = BUCKET_OF_HOUR, .span_max = 3 * SECONDS_PER_DAY},
    [UNIT_DAY] = {.name = "day", .bucket = BUCKET_OF_DAY, .span_max = 62 * SECONDS_PER_DAY},
    [UNIT_WEEK] = {.name = "week", .bucket = BUCKET_OF_WEEK, .span_max = 62 * 7 * SECONDS_PER_DAY},
    [UNIT_MONTH] = {.name = "month", .bucket = BUCKET_OF_MONTH, .span_max = 62 * 31 * SECONDS_PER_DAY},
    [UNIT_YEAR] = {.name = "year", .bucket = BUCKET_OF_MONTH, .span_max = INT64_MAX},
};

static enum unit unit_for(int64_t span)
{
	enum unit unit = UNIT_HOUR;

	while (span > units[unit].span_max)
		unit++;
	return unit;
}

/* The first second of the year of TIME. */
static int64_t year_of(int64_t time)
{
	time_t at = (time_t)time;
	struct tm utc = {0};

	gmtime_r(&at, &utc);
	return timestamp_day(time) - (int64_t)utc.tm_yday * SECONDS_PER_DAY;
}

static int64_t start_of(enum unit unit, int64_t time)
{
	return unit == UNIT_YEAR ? year_of(time) : volume_bucket_start(units[unit].bucket, time);
}

/* Where the bar after the one that begins at START begins. */
static int64_t next_start(enum unit unit, int64_t start)
{
	return unit == UNIT_YEAR ? year_of(start + 366 * SECONDS_PER_DAY) : volume_bucket_next(units[unit].bucket, start);
}

/* A chart being made: bars of UNIT for the publication times from SINCE to before UNTIL. */
struct chart {
	const struct list_view *view;
	enum unit unit;
	int64_t since;
	int64_t until;
	int64_t within; /* only so many of the matches, the newest, are counted; 0 = all */
	int64_t most;   /* in one bar */
	int64_t total;
	int64_t starts[BARS_MAX];
	int64_t counts[BARS_MAX];
	int count;
};

/* ---- counting ---- */

/* Bars for all of the time there is, also where nothing was published. */
static void make_bars(struct chart *chart)
{
	for (int64_t at = start_of(chart->unit, chart->since); at < chart->until && chart->count < BARS_MAX;
	     at = next_start(chart->unit, at))
		chart->starts[chart->count++] = at;
}

/* Both are in order. */
static void fill_bars(struct chart *chart, const struct volume *volume)
{
	int bar = 0;

	for (size_t i = 0; i < volume->count; i++) {
		while (bar + 1 < chart->count && volume->points[i].from >= chart->starts[bar + 1])
			bar++;
		if (chart->count && volume->points[i].from >= chart->starts[0])
			chart->counts[bar] += volume->points[i].count;
	}
	for (int i = 0; i < chart->count; i++) {
		chart->total += chart->counts[i];
		if (chart->counts[i] > chart->most)
			chart->most = chart->counts[i];
	}
}

static int64_t counted(const struct volume *volume)
{
	int64_t sum = 0;

	for (size_t i = 0; i < volume->count; i++)
		sum += volume->points[i].count;
	return sum;
}

static bool count_by(struct chart *chart, enum volume_bucket bucket, struct volume *out, struct error *err)
{
	const struct list_view *view = chart->view;

	volume_clear(out);
	if (view->page.times) {
		chart->within = view->page.times_are_all ? 0 : (int64_t)view->page.times_count;
		return volume_of_times(view->page.times, view->page.times_count, bucket, out, err);
	}
	if (!costly_volume(view->app, &view->params.request.filter, bucket, out, err))
		return false;
	chart->within = out->scanned_within ? counted(out) : out->counted_within;
	return true;
}

/* No empty bars before what was counted, unless the reader asked for that time, and none for a future in which there is nothing. */
static void clip(struct chart *chart, const struct volume *volume)
{
	int64_t first = volume->count ? volume->points[0].from : chart->until;
	int64_t last = volume->count ? volume->points[volume->count - 1].from : 0;
	int64_t end = chart->view->now > last ? chart->view->now + 1 : last + 1;
	bool asked = chart->view->params.request.filter.published_after && !chart->within;

	if (first > chart->since && !asked)
		chart->since = first;
	if (chart->until > end)
		chart->until = end;
}

/* The time that was asked for. */
static void set_span(struct chart *chart)
{
	const struct video_filter *filter = &chart->view->params.request.filter;

	chart->until = filter->published_before ? filter->published_before : chart->view->now + 1;
	chart->since = filter->published_after;
}

/* When the newest matches, of which only so many are counted, lie within an hour or two, that is no chart. Of days there may be
 * counters, which know of all; VOLUME becomes theirs. */
static bool count_days(struct chart *chart, struct volume *volume, struct error *err)
{
	struct chart days = {.view = chart->view, .unit = UNIT_DAY};

	if (!count_by(&days, BUCKET_OF_DAY, volume, err))
		return false;
	if (days.within)
		return true;
	set_span(&days);
	clip(&days, volume);
	make_bars(&days);
	*chart = days;
	return true;
}

/* When a list without a first day begins is not known until it is counted: by months at first, then by the unit that suits the time it
 * spans. */
static bool count(struct chart *chart, struct error *err)
{
	AUTO(volume_clear) struct volume volume = {0};
	enum unit finer;

	set_span(chart);
	finer = unit_for(chart->until - chart->since);
	do {
		chart->unit = finer;
		if (!count_by(chart, units[chart->unit].bucket, &volume, err))
			return false;
		clip(chart, &volume);
		finer = unit_for(chart->until - chart->since);
	} while (finer < chart->unit && units[finer].bucket != units[chart->unit].bucket);
	if (finer < chart->unit)
		chart->unit = finer;
	make_bars(chart);
	if (chart->within && chart->count < HOURS_MIN && !count_days(chart, &volume, err))
		return false;
	fill_bars(chart, &volume);
	return true;
}

/* ---- bars ---- */

/* When a bar begins: "2026", "Nov 2026", "24 Nov 2026", "24 Nov 2026, 10:00". It is in TIME. */
static const char *bar_time(enum unit unit, int64_t start, char time[FORMAT_SIZE])
{
	size_t skip = unit == UNIT_YEAR ? strlen("01 Jan ") : unit == UNIT_MONTH ? strlen("01 ") : 0;

	format_minute(start, time);
	return time + skip;
}

/* "week of 23 Nov 2026: 31 videos", for what reads pages aloud, and on hover. */
static void write_words(struct chart *chart, int bar)
{
	AUTO(buf_clear) struct buf words = BUF(WORDS_BYTES);
	char time[FORMAT_SIZE];
	char number[FORMAT_SIZE];

	format_count(chart->counts[bar], number);
	buf_add_text(&words, chart->unit == UNIT_WEEK ? "week of " : "");
	buf_add_text(&words, bar_time(chart->unit, chart->starts[bar], time));
	buf_add_text(&words, ": ");
	buf_add_text(&words, number);
	buf_add_text(&words, chart->counts[bar] == 1 ? " video" : " videos");
	write_buf(chart->view->w, "words", &words);
}

static void write_bar(struct chart *chart, int bar)
{
	struct video_query params = chart->view->params;
	struct video_filter *filter = &params.request.filter;
	struct writer *w = chart->view->w;
	int64_t end = next_start(chart->unit, chart->starts[bar]);
	int64_t height = (chart->counts[bar] * (HEIGHT - 2) + chart->most - 1) / chart->most + 1;

	params.within = NULL;
	if (filter->published_after < chart->starts[bar])
		filter->published_after = chart->starts[bar];
	if (!filter->published_before || filter->published_before > end)
		filter->published_before = end;
	write_object(w, NULL);
	list_view_link(chart->view, "url", "/", &params);
	write_bool(w, "new_tab", chart->view->new_tab);
	write_words(chart, bar);
	write_int(w, "x", (int64_t)bar * BAR_STEP);
	write_int(w, "y", HEIGHT - height);
	write_int(w, "height", height);
	write_end(w);
}

static void write_edge(struct chart *chart, const char *name, int bar)
{
	char time[FORMAT_SIZE];

	write_text(chart->view->w, name, bar_time(chart->unit, chart->starts[bar], time));
}

/* Where the same list is drawn with an axis, to be saved. */
static void write_publish_link(const struct list_view *view)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);
	char separator = '?';

	link_to(&url, view->app->shared->config, "/compare");
	link_add_filter(&url, &separator, &view->params);
	write_buf(view->w, "compare_url", &url);
}

bool list_view_chart(const struct list_view *view, struct error *err)
{
	struct chart chart = {.view = view};
	struct writer *w = view->w;
	char number[FORMAT_SIZE];

	if (!count(&chart, err))
		return false;
	if (chart.count < (chart.unit == UNIT_HOUR ? HOURS_MIN : BARS_MIN) || chart.total < VIDEOS_MIN) {
		write_null(w, "chart");
		return true;
	}
	write_object(w, "chart");
	write_text(w, "unit", units[chart.unit].name);
	write_bool(w, "new_tab", view->new_tab);
	format_count(chart.most, number);
	write_text(w, "most", number);
	format_count(chart.within, number);
	write_text(w, "within", chart.within ? number : NULL);
	write_int(w, "width", (int64_t)chart.count * BAR_STEP - (BAR_STEP - BAR_WIDTH));
	write_publish_link(view);
	write_edge(&chart, "since", 0);
	write_edge(&chart, "until", chart.count - 1);
	write_array(w, "bars");
	for (int bar = 0; bar < chart.count; bar++)
		if (chart.counts[bar])
			write_bar(&chart, bar);
	write_end(w);
	write_end(w);
	return true;
}
