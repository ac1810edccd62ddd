/* The charts of a comparison: what is counted becomes series, with the words around them. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "cgi/pages/compare/comparison.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/widgets/bar_chart.h"
#include "cgi/pages/widgets/line_chart.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/format.h"
#include "store/coverage.h"

enum { WORDS_BYTES = 8192, BARS = 5, BARS_OF_ONE = 8 };

/* What stands around a chart; owned. */
struct words {
	struct buf title, period, source, note, name;
};

static void words_clear(struct words *words)
{
	buf_clear(&words->title);
	buf_clear(&words->period);
	buf_clear(&words->source);
	buf_clear(&words->note);
	buf_clear(&words->name);
}

static void words_begin(struct words *words)
{
	struct buf *all[] = {&words->title, &words->period, &words->source, &words->note, &words->name};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*all[i] = BUF(WORDS_BYTES);
}

static bool words_ok(const struct words *words, struct error *err)
{
	return buf_ok(&words->title, err) && buf_ok(&words->period, err) && buf_ok(&words->source, err) &&
	       buf_ok(&words->note, err) && buf_ok(&words->name, err);
}

static struct chart_frame frame_of(const struct comparison *comparison, const struct words *words, enum chart_size size)
{
	return (struct chart_frame){.size = size,
	                            .dark = comparison->dark,
	                            .title = buf_text(&words->title),
	                            .period = buf_text(&words->period),
	                            .source = buf_text(&words->source),
	                            .note = words->note.len ? buf_text(&words->note) : NULL};
}

/* "30 Oct 2026 to 28 Nov 2026, UTC"; the last day is included, an hour is named by its beginning. */
static void write_period(const struct comparison *comparison, struct buf *out)
{
	bool hours = comparison->bucket == BUCKET_OF_HOUR;
	char since[FORMAT_SIZE], until[FORMAT_SIZE];

	format_minute(comparison->since, since);
	format_minute(comparison->until - (hours ? 0 : SECONDS_PER_DAY), until);
	buf_printf(out, "%s to %s, UTC", since, until);
}

/* What else filters; the words, too, where queries are what is compared. */
static void add_filters(const struct comparison *comparison, struct buf *out)
{
	AUTO(buf_clear) struct buf filters = BUF(WORDS_BYTES);
	struct list_view view = {.app = comparison->app, .params = comparison->list};

	view.params.request.filter.published_after = view.params.request.filter.published_before = 0;
	list_view_title(&view, &filters);
	if (filters.len && comparison->chosen_count)
		buf_printf(out, " · %s", buf_text(&filters));
}

static void write_source(const struct comparison *comparison, struct buf *out)
{
	char now[FORMAT_SIZE];

	format_minute(comparison->now, now);
	buf_add_text(out, "Source: newsreel record");
	if (comparison->chosen_count) {
		buf_add_text(out, " of ");
		comparison_name(comparison, out);
	}
	buf_printf(out, ", read on %s UTC. Counts of this record, not of YouTube.", now);
}

static void write_words(const struct comparison *comparison, struct words *words)
{
	words_begin(words);
	write_period(comparison, &words->period);
	add_filters(comparison, &words->period);
	write_source(comparison, &words->source);
	comparison_name(comparison, &words->name);
}

static struct figures_request request_of(const struct comparison *comparison, enum figure figure)
{
	struct figures_request request = {.filter = comparison->list.request.filter,
	                                  .figure = figure,
	                                  .bucket = comparison->bucket,
	                                  .group = comparison->chosen_count ? GROUP_QUERY : GROUP_NONE,
	                                  .query_count = comparison->chosen_count};

	memcpy(request.queries, comparison->chosen, sizeof(comparison->chosen));
	return request;
}

static const char *name_of(const struct figures_group *group, const struct words *words)
{
	return group->query ? query_name(group->query) : buf_text(&words->name);
}

/* How many of all, or of a series, were counted where there are more; 0 = all of all. */
static int64_t counted_within(const struct figures *figures)
{
	if (figures->counted_within || figures->scanned_within)
		return figures->counted_within ? figures->counted_within : figures->scanned_within;
	for (size_t i = 0; i < figures->count; i++) {
		const struct figures_group *group = &figures->groups[i];

		if (group->counted_within || group->scanned_within)
			return group->counted_within ? group->counted_within : group->scanned_within;
	}
	return 0;
}

/* What that means for the chart. */
static void add_counted(const struct figures *figures, const char *meaning, struct buf *note)
{
	char count[FORMAT_SIZE];

	format_count(counted_within(figures), count);
	if (counted_within(figures))
		buf_printf(note, "%sOnly the newest %s videos%s were counted%s.", note->len ? " " : "", count,
		           figures->count > 1 && !figures->counted_within && !figures->scanned_within ? " of each" : "", meaning);
}

/* ---- over time ---- */

struct lines {
	struct line_chart chart;
	struct line_series series[CHART_SERIES_MAX];
	struct words words;
};

static void lines_free(struct lines **lines)
{
	if (!*lines)
		return;
	for (int s = 0; s < CHART_SERIES_MAX; s++)
		coverage_clear(&(*lines)->series[s].uncovered);
	words_clear(&(*lines)->words);
	free(*lines);
	*lines = NULL;
}

static void make_intervals(const struct comparison *comparison, struct line_chart *chart)
{
	int64_t at = comparison->since;

	for (; at < comparison->until && chart->count < LINE_CHART_POINTS_MAX; at = volume_bucket_next(comparison->bucket, at))
		chart->starts[chart->count++] = at;
	chart->starts[chart->count] = at;
}

/* Where only the newest were counted, what came before is not known, and the interval where they begin only in part. */
static int64_t known_from(const struct comparison *comparison, const struct figures *figures, const struct figures_group *group)
{
	bool of_all = figures->counted_within || figures->scanned_within;
	int64_t first = comparison->until;

	if (!of_all && !group->counted_within && !group->scanned_within)
		return comparison->since;
	for (size_t i = 0; i < figures->count; i++) {
		const struct volume *volume = &figures->groups[i].volume;

		if ((of_all || &figures->groups[i] == group) && volume->count && volume->points[0].from < first)
			first = volume->points[0].from;
	}
	return first < comparison->until ? volume_bucket_next(comparison->bucket, first) : comparison->until;
}

/* One value for each interval; both are in order. */
static void take_volume(const struct comparison *comparison, const struct line_chart *chart, const struct figures *figures,
                        size_t number, double values[])
{
	const struct volume *volume = &figures->groups[number].volume;
	int64_t known = known_from(comparison, figures, &figures->groups[number]);
	size_t point = 0;

	for (int i = 0; i < chart->count; i++) {
		while (point < volume->count && volume->points[point].from < chart->starts[i])
			point++;
		bool here = point < volume->count && volume->points[point].from < chart->starts[i + 1];
		values[i] = chart->starts[i] < known ? NAN : here ? (double)volume->points[point].count : 0;
	}
}

/* A time without videos that was not covered at all tells nothing. */
static void forget_uncovered(const struct line_chart *chart, struct line_series *series)
{
	size_t gap = 0;

	for (int i = 0; i < chart->count; i++) {
		while (gap < series->uncovered.count && series->uncovered.items[gap].until < chart->starts[i + 1])
			gap++;
		if (gap < series->uncovered.count && series->uncovered.items[gap].since <= chart->starts[i] &&
		    series->values[i] <= 0)
			series->values[i] = NAN;
	}
}

static bool read_coverage(const struct comparison *comparison, const struct query *query, struct line_series *series,
                          struct error *err)
{
	AUTO(coverage_clear) struct coverage coverage = {0};

	series->has_coverage = true;
	return store_coverage_read(comparison->app->store, query->id, &coverage, err) &&
	       coverage_uncovered(&coverage, comparison->since, comparison->until, &series->uncovered, err);
}

/* Percents of all videos of the record, whatever found them. */
static bool make_shares(const struct comparison *comparison, struct lines *lines, struct error *err)
{
	AUTO(figures_clear) struct figures all = {0};
	const struct figures_request request = {.filter = {.published_after = comparison->since,
	                                                   .published_before = comparison->until},
	                                        .figure = FIGURE_VOLUME,
	                                        .bucket = comparison->bucket};
	double totals[LINE_CHART_POINTS_MAX];

	if (!figures_read(comparison->app, &request, &all, err))
		return false;
	take_volume(comparison, &lines->chart, &all, 0, totals);
	add_counted(&all, ": lines begin there", &lines->words.note);
	for (int s = 0; s < lines->chart.series_count; s++)
		for (int i = 0; i < lines->chart.count; i++) {
			double *value = &lines->series[s].values[i];

			*value = totals[i] > 0 ? *value / totals[i] * 100 : NAN;
		}
	return true;
}

static bool make_series(const struct comparison *comparison, const struct figures *figures, struct lines *lines,
                        struct error *err)
{
	lines->chart.series_count = (int)figures->count;
	for (size_t s = 0; s < figures->count; s++) {
		struct line_series *series = &lines->series[s];

		series->name = name_of(&figures->groups[s], &lines->words);
		take_volume(comparison, &lines->chart, figures, s, series->values);
		if (figures->groups[s].query && !read_coverage(comparison, figures->groups[s].query, series, err))
			return false;
		forget_uncovered(&lines->chart, series);
	}
	return !comparison->shares || make_shares(comparison, lines, err);
}

static bool any_uncovered(const struct lines *lines)
{
	for (int s = 0; s < lines->chart.series_count; s++)
		if (lines->series[s].uncovered.count)
			return true;
	return false;
}

static void write_line_words(const struct comparison *comparison, const struct figures *figures, struct lines *lines)
{
	const char *bucket = volume_bucket_name(comparison->bucket);
	struct words *words = &lines->words;
	bool told = words->note.len > 0; /* of the whole, for shares */

	buf_printf(&words->title, comparison->shares ? "Share of all recorded videos per %s" : "Recorded videos per %s", bucket);
	if (any_uncovered(lines))
		buf_printf(&words->note, "%sHatched: %s. A line at zero: covered, no videos.", told ? " " : "",
		           lines->chart.series_count > 1 ? "a query was not covered, which one the lanes below the chart tell"
		                                         : "not covered, nothing is known");
	if (!told)
		add_counted(figures, ": lines begin there", &words->note);
}

static bool write_lines(const struct comparison *comparison, const struct chart_names *names, struct writer *w, struct error *err)
{
	const struct figures_request request = request_of(comparison, FIGURE_VOLUME);
	AUTO(figures_clear) struct figures figures = {0};
	AUTO(lines_free) struct lines *lines = calloc(1, sizeof(*lines));
	char unit[FORMAT_SIZE];

	if (!lines)
		return error_no_memory(err);
	snprintf(unit, sizeof(unit), comparison->shares ? "percent" : "videos per %s", volume_bucket_name(comparison->bucket));
	lines->chart = (struct line_chart){.unit = unit,
	                                   .percent = comparison->shares,
	                                   .bucket = comparison->bucket,
	                                   .series = lines->series};
	make_intervals(comparison, &lines->chart);
	write_words(comparison, &lines->words);
	if (!figures_read(comparison->app, &request, &figures, err) || !make_series(comparison, &figures, lines, err))
		return false;
	write_line_words(comparison, &figures, lines);
	if (!words_ok(&lines->words, err))
		return false;
	for (enum chart_size size = 0; size < CHART_SIZE_COUNT; size++) {
		lines->chart.frame = frame_of(comparison, &lines->words, size);
		if (names->of_size[size] && !line_chart_write(w, names->of_size[size], &lines->chart, err))
			return false;
	}
	return true;
}

/* ---- what the videos are ---- */

static const char *name_of_part(enum figure figure, const struct breakdown_part *part)
{
	static const char *const lengths[LENGTH_SPAN_COUNT] = {"up to 3 min", "3 to 20 min", "20 to 60 min", "over 60 min"};

	if (figure == FIGURE_CHANNELS)
		return part->id ? page_visible(part->title, part->id) : "unknown channel";
	if (figure == FIGURE_LANGUAGES)
		return part->id ? part->id : "not stated";
	return part->number < 0 ? "not known" : lengths[part->number];
}

static void take_parts(enum figure figure, const struct figures_group *group, int most, struct bar_series *out)
{
	out->videos = group->videos;
	for (size_t i = 0; i < group->part_count && out->count < most; i++, out->count++) {
		out->bars[out->count].name = name_of_part(figure, &group->parts[i]);
		out->bars[out->count].videos = group->parts[i].videos;
	}
}

static void write_bar_words(enum figure figure, const struct figures *figures, struct words *words)
{
	static const char *const titles[FIGURE_COUNT] = {[FIGURE_CHANNELS] = "Channels with most recorded videos",
	                                                 [FIGURE_LANGUAGES] = "Languages of the recorded videos",
	                                                 [FIGURE_LENGTHS] = "Lengths of the recorded videos"};

	buf_add_text(&words->title, titles[figure]);
	add_counted(figures, "", &words->note);
}

static bool write_bars(const struct comparison *comparison, enum figure figure, const struct chart_names *names, struct writer *w,
                       struct error *err)
{
	const struct figures_request request = request_of(comparison, figure);
	AUTO(figures_clear) struct figures figures = {0};
	AUTO(words_clear) struct words words = {0};
	struct bar_series series[CHART_SERIES_MAX] = {0};

	write_words(comparison, &words);
	if (!figures_read(comparison->app, &request, &figures, err))
		return false;
	write_bar_words(figure, &figures, &words);
	if (!words_ok(&words, err))
		return false;
	for (size_t s = 0; s < figures.count; s++) {
		series[s].name = name_of(&figures.groups[s], &words);
		take_parts(figure, &figures.groups[s], figures.count > 1 ? BARS : BARS_OF_ONE, &series[s]);
	}
	for (enum chart_size size = 0; size < CHART_SIZE_COUNT; size++) {
		const struct bar_chart chart = {.frame = frame_of(comparison, &words, size),
		                                .series = series,
		                                .series_count = (int)figures.count};

		if (names->of_size[size])
			bar_chart_write(w, names->of_size[size], &chart);
	}
	return true;
}

bool comparison_write_chart(const struct comparison *comparison, enum figure figure, const struct chart_names *names,
                            struct writer *w, struct error *err)
{
	return figure == FIGURE_VOLUME ? write_lines(comparison, names, w, err) : write_bars(comparison, figure, names, w, err);
}
