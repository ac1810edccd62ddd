#include <string.h>

#include "base/timestamp.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/links.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/widgets/parts.h"

enum { URL_BYTES = 1024, DATE_LENGTH = sizeof("2026-11-22") - 1, MINUTE = 60, CHANNELS_MAX = 100 };

/* ---- choices, each a link ---- */

static void write_option(const struct list_view *view, const char *label, const struct video_query *params, bool current)
{
	write_object(view->w, NULL);
	list_view_link(view, "url", "/", params);
	write_text(view->w, "label", label);
	write_bool(view->w, "current", current);
	write_end(view->w);
}

static void write_times(const struct list_view *view)
{
	static const struct {
		const char *within, *label;
	} options[] = {{.label = "Any time"},
	               {.within = "hour", .label = "Past hour"},
	               {.within = "day", .label = "Past 24 hours"},
	               {.within = "week", .label = "Past 7 days"},
	               {.within = "month", .label = "Past 30 days"}};
	const struct video_query *now = &view->params;
	bool dated = now->request.filter.published_after || now->request.filter.published_before;

	write_array(view->w, "times");
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct video_query params = *now;
		bool current =
		    now->within ? options[i].within && strcmp(now->within, options[i].within) == 0 : !options[i].within && !dated;

		params.within = options[i].within;
		params.request.filter.published_after = 0;
		params.request.filter.published_before = 0;
		write_option(view, options[i].label, &params, current);
	}
	write_end(view->w);
}

static void write_kinds(const struct list_view *view)
{
	static const char *const labels[] = {
	    [VIDEO_NORMAL] = "Videos", [VIDEO_LIVE] = "Live now", [VIDEO_UPCOMING] = "Upcoming", [VIDEO_WAS_LIVE] = "Was live"};
	const struct video_filter *now = &view->params.request.filter;
	struct video_query params = view->params;

	write_array(view->w, "kinds");
	params.request.filter.one_kind = false;
	write_option(view, "All", &params, !now->one_kind);
	params.request.filter.one_kind = true;
	for (enum video_kind kind = 0; kind < VIDEO_KIND_COUNT; kind++) {
		params.request.filter.kind = kind;
		write_option(view, labels[kind], &params, now->one_kind && now->kind == kind);
	}
	write_end(view->w);
}

static void write_lengths(const struct list_view *view)
{
	static const struct {
		int64_t min_s, max_s;
		const char *label;
	} options[] = {{.label = "Any"},
	               {.max_s = 4 * MINUTE - 1, .label = "Under 4 min"},
	               {.min_s = 4 * MINUTE, .max_s = 20 * MINUTE, .label = "4 to 20 min"},
	               {.min_s = 20 * MINUTE + 1, .label = "Over 20 min"}};
	const struct video_filter *now = &view->params.request.filter;
	struct video_query params = view->params;

	write_array(view->w, "lengths");
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		bool current = now->min_duration_s == options[i].min_s && now->max_duration_s == options[i].max_s;

		params.request.filter.min_duration_s = options[i].min_s;
		params.request.filter.max_duration_s = options[i].max_s;
		write_option(view, options[i].label, &params, current);
	}
	write_end(view->w);
}

static void write_sorts(const struct list_view *view)
{
	static const char *const labels[] = {[SORT_NEWEST] = "Newest first",    [SORT_OLDEST] = "Oldest first",
	                                     [SORT_VIEWS] = "Most views",       [SORT_RISING] = "Rising",
	                                     [SORT_TITLE] = "By title",         [SORT_RELEVANCE] = "Best match",
	                                     [SORT_RECORDED] = "Last recorded", [SORT_RECORDED_OLDEST] = "First recorded"};
	struct video_query params = view->params;

	bool rising = view->params.request.sort == SORT_RISING;
	write_text(view->w, "order", rising ? "Rising, by views per hour in the last day" : labels[view->params.request.sort]);
	params.forward = false;
	write_array(view->w, "sorts");
	for (enum video_sort sort = 0; sort < SORT_COUNT; sort++) {
		params.request.sort = sort;
		if (sort == SORT_RELEVANCE && !params.request.filter.words)
			continue;
		/* Hardly anybody looks for it: it is for programs. */
		if (sort == SORT_RECORDED_OLDEST && sort != view->params.request.sort)
			continue;
		if (params.request.with_hidden && sort != SORT_NEWEST && sort != SORT_OLDEST)
			continue;
		write_option(view, labels[sort], &params, sort == view->params.request.sort);
	}
	write_end(view->w);
}

/* ---- forms, for what has too many choices ---- */

/* Fields that a form hands on unseen: all of PARAMS. */
static void write_kept(const struct list_view *view, const struct video_query *params)
{
	write_array(view->w, "kept");
	links_each_parameter(params, page_add_parameter, view->w);
	write_end(view->w);
}

static void write_date(struct writer *w, const char *name, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(time, text);
	text[DATE_LENGTH] = '\0';
	write_text(w, name, time ? text : "");
}

static void write_dates(const struct list_view *view)
{
	struct video_query params = view->params;
	const struct video_filter *now = &view->params.request.filter;

	params.within = NULL;
	params.request.filter.published_after = 0;
	params.request.filter.published_before = 0;
	write_object(view->w, "dates");
	write_kept(view, &params);
	write_date(view->w, "since", view->params.within ? 0 : now->published_after);
	write_date(view->w, "until", now->published_before);
	write_bool(view->w, "chosen", !view->params.within && (now->published_after || now->published_before));
	write_end(view->w);
}

static bool is_listed(const struct video *channels[], size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(channels[i]->channel_id, id) == 0)
			return true;
	return false;
}

static void write_channel(struct writer *w, const char *id, const char *title, bool chosen)
{
	write_object(w, NULL);
	write_text(w, "id", id);
	write_text(w, "title", page_visible(title, id));
	write_bool(w, "chosen", chosen);
	write_end(w);
}

/* Those of the videos at hand; a script adds those with most videos when the reader gets there. */
static void write_channels(const struct list_view *view)
{
	const struct video *seen[CHANNELS_MAX];
	const char *chosen = view->params.request.filter.channel_id;
	struct video_query params = view->params;
	size_t count = 0;

	params.request.filter.channel_id = NULL;
	write_object(view->w, "channels");
	write_kept(view, &params);
	write_array(view->w, "options");
	for (size_t i = 0; i < view->page.videos.count && count < CHANNELS_MAX; i++) {
		const struct video *video = &view->page.videos.items[i];

		if (!video->channel_id[0] || is_listed(seen, count, video->channel_id))
			continue;
		seen[count++] = video;
		write_channel(view->w, video->channel_id, video->channel_title, chosen && strcmp(chosen, video->channel_id) == 0);
	}
	if (chosen && !is_listed(seen, count, chosen))
		write_channel(view->w, chosen, NULL, true);
	write_end(view->w);
	write_end(view->w);
}

void list_view_filters(const struct list_view *view)
{
	write_object(view->w, "filters");
	write_link(view->w, view->app, "list_url", "/");
	write_times(view);
	write_kinds(view);
	write_lengths(view);
	write_sorts(view);
	write_channels(view);
	write_dates(view);
	write_end(view->w);
}
