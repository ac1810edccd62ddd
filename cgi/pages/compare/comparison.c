#include "cgi/pages/compare/comparison.h"

#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "cgi/handlers.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/widgets/line_chart.h"
#include "cgi/request/links.h"
#include "http/params.h"

enum { DEFAULT_DAYS = 30, NUMBER_SIZE = 24, PATH_SIZE = 64 };

const char *const compare_parameters[] = {FILTER_PARAMETERS, "queries", "bucket", "scale", "chart", "theme", NULL};

void comparison_clear(struct comparison *comparison)
{
	query_list_clear(&comparison->queries);
}

/* ---- reading ---- */

static bool read_chosen(const struct request *req, struct comparison *out, struct error *err)
{
	struct video_filter *filter = &out->list.request.filter;

	if (!figures_read_queries(req, &out->queries, CHART_SERIES_MAX, out->chosen, &out->chosen_count, err))
		return false;
	if (!filter->query_id)
		return true;
	if (out->chosen_count)
		return error_set_field(err, ERR_INVALID, "tracked", "not together with queries");
	out->chosen[0] = query_list_find(&out->queries, filter->query_id);
	out->chosen_count = out->chosen[0] != NULL;
	filter->query_id = 0;
	return true;
}

static bool read_choice(const struct request *req, const char *name, const char *usual, const char *other, bool *out,
                        struct error *err)
{
	const char *const names[] = {usual, other};
	size_t which = 0;

	if (!params_choose(req, name, names, 2, &which, err))
		return false;
	*out = which == 1;
	return true;
}

static bool read_figure(const struct request *req, enum figure *out, struct error *err)
{
	const char *names[FIGURE_COUNT];
	size_t figure = FIGURE_VOLUME;

	for (enum figure f = 0; f < FIGURE_COUNT; f++)
		names[f] = figure_name(f);
	if (!params_choose(req, "chart", names, FIGURE_COUNT, &figure, err))
		return false;
	*out = (enum figure)figure;
	return true;
}

static enum volume_bucket bucket_for(int64_t span)
{
	return span <= 3 * SECONDS_PER_DAY         ? BUCKET_OF_HOUR
	       : span <= 92 * SECONDS_PER_DAY      ? BUCKET_OF_DAY
	       : span <= 2 * 366 * SECONDS_PER_DAY ? BUCKET_OF_WEEK
	                                           : BUCKET_OF_MONTH;
}

static int64_t shortest(enum volume_bucket bucket)
{
	static const int64_t spans[VOLUME_BUCKET_COUNT] = {[BUCKET_OF_HOUR] = SECONDS_PER_HOUR,
	                                                   [BUCKET_OF_DAY] = SECONDS_PER_DAY,
	                                                   [BUCKET_OF_WEEK] = 7 * SECONDS_PER_DAY,
	                                                   [BUCKET_OF_MONTH] = 28 * SECONDS_PER_DAY};

	return spans[bucket];
}

/* The one that was asked for, unless there would be too many of it. */
static void set_bucket(int64_t span, struct comparison *out)
{
	if (!out->bucket_asked)
		out->bucket = bucket_for(span);
	while (out->bucket < BUCKET_OF_MONTH && span / shortest(out->bucket) + 2 > LINE_CHART_POINTS_MAX) {
		out->bucket++;
		out->coarser = out->bucket_asked;
	}
}

/* Whole intervals: one that has not ended has fewer videos than it will have, and a line that falls at its end says what is not so. */
static bool set_time(struct comparison *out, struct error *err)
{
	struct video_filter *filter = &out->list.request.filter;
	int64_t until = filter->published_before && filter->published_before < out->now ? filter->published_before : out->now;

	out->within = out->list.within;
	if (!filter->published_after) {
		filter->published_after = until - DEFAULT_DAYS * SECONDS_PER_DAY;
		out->within = filter->published_before ? NULL : "month";
	}
	if (until < filter->published_after) /* it lies ahead: there is nothing yet */
		until = filter->published_after;
	set_bucket(until - filter->published_after, out);
	out->since = volume_bucket_start(out->bucket, filter->published_after);
	out->until = volume_bucket_start(out->bucket, until);
	if (out->until <= out->since || (out->until < until && volume_bucket_next(out->bucket, out->until) <= out->now))
		out->until = volume_bucket_next(out->bucket, out->until);
	out->list.within = NULL;
	filter->published_after = out->since;
	filter->published_before = out->until;
	return (out->until - out->since) / shortest(out->bucket) <= LINE_CHART_POINTS_MAX ||
	       error_set_field(err, ERR_INVALID, "published_after", "too long ago: a chart has at most %d months",
	                       LINE_CHART_POINTS_MAX);
}

bool comparison_read(const struct request *req, struct comparison *out, struct error *err)
{
	struct app *app = out->app;

	out->now = app_now(app);
	out->bucket_asked = fields_has(&req->query, "bucket");
	return video_query_read_filter(app_lists(app), req, &out->list, err) &&
	       store_queries_list(app->store, QUERIES_PUBLIC, out->now, &out->queries, err) && read_chosen(req, out, err) &&
	       figures_read_bucket(req, &out->bucket, err) && read_choice(req, "scale", "counts", "shares", &out->shares, err) &&
	       read_choice(req, "theme", "light", "dark", &out->dark, err) && read_figure(req, &out->figure, err) &&
	       set_time(out, err);
}

/* ---- words ---- */

void comparison_name(const struct comparison *comparison, struct buf *out)
{
	size_t before = out->len;
	struct list_view view = {.app = comparison->app, .params = comparison->list};

	for (size_t i = 0; i < comparison->chosen_count; i++)
		buf_printf(out, "%s%s",
		           i == 0                             ? ""
		           : i + 1 < comparison->chosen_count ? ", "
		                                              : " and ",
		           query_name(comparison->chosen[i]));
	if (comparison->chosen_count)
		return;
	view.params.request.filter.published_after = view.params.request.filter.published_before = 0;
	list_view_title(&view, out);
	if (out->len == before)
		buf_add_text(out, "all videos");
}

/* ---- links ---- */

static void add_queries(const struct comparison *comparison, struct buf *out, char *separator)
{
	AUTO(buf_clear) struct buf ids = BUF(CHART_SERIES_MAX * NUMBER_SIZE);

	for (size_t i = 0; i < comparison->chosen_count; i++)
		buf_printf(&ids, "%s%lld", i ? "," : "", (long long)comparison->chosen[i]->id);
	if (ids.len)
		link_add_parameter(out, separator, "queries", buf_text(&ids));
}

void comparison_link(const struct comparison *comparison, const char *path, enum figure figure, struct buf *out)
{
	struct video_query list = comparison->list;
	char separator = '?';

	if (comparison->within) {
		list.within = comparison->within;
		list.request.filter.published_before = 0;
	}
	link_to(out, comparison->app->shared->config, path);
	add_queries(comparison, out, &separator);
	link_add_filter(out, &separator, &list);
	if (figure != FIGURE_VOLUME)
		link_add_parameter(out, &separator, "chart", figure_name(figure));
	if (comparison->bucket_asked)
		link_add_parameter(out, &separator, "bucket", volume_bucket_name(comparison->bucket));
	if (comparison->shares)
		link_add_parameter(out, &separator, "scale", "shares");
	if (comparison->dark)
		link_add_parameter(out, &separator, "theme", "dark");
}

void comparison_link_figures(const struct comparison *comparison, enum figure figure, const char *extension, struct buf *out)
{
	char path[PATH_SIZE];
	char separator = '?';

	snprintf(path, sizeof(path), "/api/stats/%s%s", figure_name(figure), extension);
	link_to(out, comparison->app->shared->config, path);
	if (comparison->chosen_count)
		link_add_parameter(out, &separator, "group", figure_group_name(GROUP_QUERY));
	add_queries(comparison, out, &separator);
	link_add_filter(out, &separator, &comparison->list);
	if (figure == FIGURE_VOLUME)
		link_add_parameter(out, &separator, "bucket", volume_bucket_name(comparison->bucket));
}
