#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "cgi/commands/several.h"
#include "cgi/feeds/file_name.h"
#include "cgi/handlers.h"
#include "cgi/pages/compare/comparison.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/format.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/links.h"
#include "http/params.h"

enum { URL_BYTES = 8 * 1024, TITLE_BYTES = 8 * 1024, NUMBER_SIZE = 24, YEAR_DAYS = 365 };

static const char path[] = "/compare";

/* ---- the form: what it sends becomes the address of the comparison, which can be shared ---- */

enum period { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_YEAR, PERIOD_DATES, PERIOD_NAME_COUNT };

static const char *const period_names[PERIOD_NAME_COUNT] = {"day", "week", "month", "year", "dates"};

static bool read_date(const struct request *req, const char *name, int64_t *out, struct error *err)
{
	const char *text = fields_get(&req->query, name);

	if (!text || !*text)
		return true;
	return timestamp_parse_date(text, out) ||
	       error_set_value(err, ERR_INVALID, name, text, "a date such as 2026-11-22 is allowed");
}

static bool read_period(const struct request *req, int64_t now, struct video_query *list, struct error *err)
{
	struct video_filter *filter = &list->request.filter;
	size_t period = PERIOD_MONTH;
	int64_t until = 0;

	if (!params_choose(req, "period", period_names, PERIOD_NAME_COUNT, &period, err) ||
	    !read_date(req, "since", &filter->published_after, err) || !read_date(req, "until", &until, err))
		return false;
	if (period == PERIOD_DATES) {
		filter->published_before = until ? until + SECONDS_PER_DAY : 0;
		return true;
	}
	filter->published_after = timestamp_day(now) - YEAR_DAYS * SECONDS_PER_DAY;
	list->within = period == PERIOD_YEAR ? NULL : period_names[period];
	return true;
}

/* A choice of the form that is not the usual one. */
static void add_choice(const struct request *req, const char *name, const char *usual, struct buf *url, char *separator)
{
	const char *value = fields_get(&req->query, name);

	if (value && strcmp(value, usual) != 0)
		link_add_parameter(url, separator, name, value);
}

bool page_compare_choose(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf to = BUF(URL_BYTES);
	AUTO(buf_clear) struct buf ids = BUF(URL_BYTES);
	struct id_list chosen = {.count = 0};
	struct video_query list;
	char separator = '?';

	if (!video_query_read_filter(app_lists(app), req, &list, err) || !read_period(req, app_now(app), &list, err) ||
	    !several_read_checked(&req->query, &chosen, err))
		return false;
	for (size_t i = 0; i < chosen.count; i++)
		buf_printf(&ids, "%s%lld", i ? "," : "", (long long)chosen.items[i]);
	buf_add_text(&to, path);
	if (chosen.count)
		link_add_parameter(&to, &separator, "queries", buf_text(&ids));
	link_add_filter(&to, &separator, &list);
	add_choice(req, "bucket", "", &to, &separator);
	add_choice(req, "scale", "counts", &to, &separator);
	return buf_ok(&ids, err) && buf_ok(&to, err) && page_redirect(app, buf_text(&to), res, err);
}

static bool is_chosen(const struct comparison *comparison, const struct query *query)
{
	for (size_t i = 0; i < comparison->chosen_count; i++)
		if (comparison->chosen[i] == query)
			return true;
	return false;
}

static void write_queries(const struct comparison *comparison, struct writer *w)
{
	write_array(w, "queries");
	for (size_t i = 0; i < comparison->queries.count; i++) {
		const struct query *query = &comparison->queries.items[i];

		write_object(w, NULL);
		write_int(w, "id", query->id);
		write_text(w, "query", query_name(query));
		write_bool(w, "chosen", is_chosen(comparison, query));
		write_end(w);
	}
	write_end(w);
}

static void write_periods(const struct comparison *comparison, struct writer *w)
{
	static const char *const words[PERIOD_NAME_COUNT] = {"past 24 hours", "past 7 days", "past 30 days", "past year",
	                                                     "these dates"};

	write_array(w, "periods");
	for (int i = 0; i < PERIOD_NAME_COUNT; i++)
		page_add_option(w, period_names[i], words[i],
		                comparison->within ? strcmp(comparison->within, period_names[i]) == 0 : i == PERIOD_DATES);
	write_end(w);
}

static void write_date(struct writer *w, const char *name, int64_t time)
{
	char date[TIMESTAMP_SIZE];

	timestamp_format(time, date);
	date[strlen("2026-11-22")] = '\0';
	write_text(w, name, date);
}

static void write_form(const struct comparison *comparison, struct writer *w)
{
	struct video_query others = comparison->list;

	others.request.filter.published_after = others.request.filter.published_before = 0;
	write_object(w, "form");
	write_link(w, comparison->app, "url", "/compare/choose");
	write_int(w, "most", CHART_SERIES_MAX);
	write_bool(w, "any_queries", comparison->queries.count > 0);
	write_queries(comparison, w);
	write_periods(comparison, w);
	write_date(w, "since", comparison->since);
	write_date(w, "until", comparison->until - 1);
	write_array(w, "buckets");
	page_add_option(w, "", "as suits the period", !comparison->bucket_asked);
	for (enum volume_bucket b = 0; b < VOLUME_BUCKET_COUNT; b++)
		page_add_option(w, volume_bucket_name(b), volume_bucket_name(b),
		                comparison->bucket_asked && comparison->bucket == b);
	write_end(w);
	write_bool(w, "shares", comparison->shares);
	write_array(w, "others");
	parameters_of_filter(&others, page_add_parameter, w);
	write_end(w);
	write_end(w);
}

/* ---- the charts ---- */

/* An item: the chart of FIGURE in both sizes, and where else it and its figures are. */
static bool write_chart(const struct comparison *comparison, enum figure figure, struct writer *w, struct error *err)
{
	static const struct chart_names sizes = {{[CHART_WIDE] = "wide", [CHART_NARROW] = "narrow"}};
	AUTO(buf_clear) struct buf svg = BUF(URL_BYTES);
	AUTO(buf_clear) struct buf csv = BUF(URL_BYTES);
	AUTO(buf_clear) struct buf api = BUF(URL_BYTES);

	comparison_link(comparison, "/compare.svg", figure, &svg);
	comparison_link_figures(comparison, figure, ".csv", &csv);
	comparison_link_figures(comparison, figure, "", &api);
	write_object(w, NULL);
	write_bool(w, "is_volume", figure == FIGURE_VOLUME);
	write_text(w, "figure", figure_name(figure));
	write_buf(w, "svg_url", &svg);
	write_buf(w, "csv_url", &csv);
	write_buf(w, "api_url", &api);
	bool done = comparison_write_chart(comparison, figure, &sizes, w, err);
	write_end(w);
	return done;
}

static void name_page(const struct comparison *comparison, struct buf *out)
{
	buf_add_text(out, "Compare · ");
	comparison_name(comparison, out);
}

static bool show(struct comparison *comparison, const struct request *req, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	AUTO(buf_clear) struct buf title = BUF(TITLE_BYTES);

	name_page(comparison, &title);
	struct page_frame frame = {.title = buf_text(&title), .req = req, .with_freshness = true};
	if (!buf_ok(&title, err) || !page_begin(comparison->app, &frame, &page, err))
		return false;
	write_form(comparison, &page.w);
	write_text(&page.w, "coarser", comparison->coarser ? volume_bucket_name(comparison->bucket) : NULL);
	write_bool(&page.w, "chosen", comparison->chosen_count > 0);
	write_array(&page.w, "charts");
	for (enum figure figure = 0; figure < FIGURE_COUNT; figure++)
		if (!write_chart(comparison, figure, &page.w, err))
			return false;
	write_end(&page.w);
	return page_render(comparison->app, "compare", &page, 200, res, err);
}

bool page_compare(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(comparison_clear) struct comparison comparison = {.app = app};

	return comparison_read(req, &comparison, err) && show(&comparison, req, res, err);
}

/* ---- as a file ---- */

static bool write_name(const struct comparison *comparison, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf name = BUF(TITLE_BYTES);
	AUTO(buf_clear) struct buf header = BUF(URL_BYTES);

	comparison_name(comparison, &name);
	file_name_write(&header, figure_name(comparison->figure), buf_text(&name), NULL, comparison->now, "svg");
	response_header(res, "Content-Disposition", buf_text(&header));
	return buf_ok(&name, err) && buf_ok(&header, err);
}

bool compare_svg(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(comparison_clear) struct comparison comparison = {.app = app};
	AUTO(tree_clear) struct tree tree = {0};
	struct writer w = writer_values(&tree);

	if (!comparison_read(req, &comparison, err) || !write_name(&comparison, res, err))
		return false;
	bool lines = comparison.figure == FIGURE_VOLUME;
	const struct chart_names names = {{[CHART_WIDE] = lines ? "lines" : "bars"}};

	response_header(res, "Content-Type", "image/svg+xml; charset=utf-8");
	write_object(&w, NULL);
	write_null(&w, lines ? "bars" : "lines");
	if (!comparison_write_chart(&comparison, comparison.figure, &names, &w, err))
		return false;
	write_end(&w);
	return tree_ok(&tree, err) && tmpl_render(app->shared->templates, "chart.svg", tree.root, &res->body, err);
}
