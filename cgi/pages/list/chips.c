#include <stdio.h>
#include <string.h>

#include "cgi/request/format.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/page.h"

enum { VALUE_SIZE = 3 * FORMAT_SIZE };

/* One filter that holds: PARAMS are the list without it. */
static bool write_chip(const struct list_view *view, const char *name, const char *value, const struct video_query *params,
                       struct error *err)
{
	write_object(view->w, NULL);
	write_text(view->w, "name", name);
	write_text(view->w, "value", value);
	if (!list_view_link(view, "url", "/", params, err))
		return false;
	write_end(view->w);
	return true;
}

static bool words_chip(const struct list_view *view, struct error *err)
{
	struct video_query params = view->params;

	params.request.filter.words = NULL;
	return !view->params.request.filter.words || write_chip(view, "Words", view->params.request.filter.words, &params, err);
}

static bool tracked_chip(const struct list_view *view, struct error *err)
{
	const struct query *chosen = list_view_chosen(view);
	struct video_query params = view->params;

	params.request.filter.query_id = 0;
	return !chosen || write_chip(view, "Search", chosen->text, &params, err);
}

/* Its videos know what the channel is called. */
static const char *channel_title(const struct list_view *view)
{
	const char *title = view->page.videos.count ? view->page.videos.items[0].channel_title : NULL;

	return title && *title ? title : view->params.request.filter.channel_id;
}

static bool channel_chip(const struct list_view *view, struct error *err)
{
	struct video_query params = view->params;

	params.request.filter.channel_id = NULL;
	return !view->params.request.filter.channel_id || write_chip(view, "Channel", channel_title(view), &params, err);
}

static void published_words(const struct video_query *params, char out[VALUE_SIZE])
{
	const struct video_filter *filter = &params->request.filter;
	const char *within = params->within;
	char since[FORMAT_SIZE], until[FORMAT_SIZE];

	format_minute(filter->published_after, since);
	format_minute(filter->published_before, until);
	if (within)
		snprintf(out, VALUE_SIZE, "past %s",
		         strcmp(within, "day") == 0     ? "24 hours"
		         : strcmp(within, "week") == 0  ? "7 days"
		         : strcmp(within, "month") == 0 ? "30 days"
		                                        : "hour");
	else if (filter->published_after && filter->published_before)
		snprintf(out, VALUE_SIZE, "%s to %s UTC", since, until);
	else
		snprintf(out, VALUE_SIZE, "%s %s UTC", filter->published_after ? "since" : "before",
		         filter->published_after ? since : until);
}

static bool published_chip(const struct list_view *view, struct error *err)
{
	struct video_query params = view->params;
	char words[VALUE_SIZE];

	if (!params.within && !params.request.filter.published_after && !params.request.filter.published_before)
		return true;
	published_words(&params, words);
	params.within = NULL;
	params.request.filter.published_after = 0;
	params.request.filter.published_before = 0;
	return write_chip(view, "Published", words, &params, err);
}

static bool kind_chip(const struct list_view *view, struct error *err)
{
	static const char *const words[] = {
	    [VIDEO_NORMAL] = "videos", [VIDEO_LIVE] = "live now", [VIDEO_UPCOMING] = "upcoming", [VIDEO_WAS_LIVE] = "was live"};
	struct video_query params = view->params;

	params.request.filter.one_kind = false;
	return !view->params.request.filter.one_kind || write_chip(view, "Kind", words[params.request.filter.kind], &params, err);
}

static bool length_chip(const struct list_view *view, struct error *err)
{
	struct video_query params = view->params;
	int64_t min_s = params.request.filter.min_duration_s;
	int64_t max_s = params.request.filter.max_duration_s;
	char min[FORMAT_SIZE], max[FORMAT_SIZE], words[VALUE_SIZE];

	if (!min_s && !max_s)
		return true;
	format_duration(min_s, min);
	format_duration(max_s, max);
	snprintf(words, sizeof(words), "%s%s%s", min_s ? min : "up to",
	         max_s && min_s ? " to "
	         : max_s        ? " "
	                        : " and more",
	         max_s ? max : "");
	params.request.filter.min_duration_s = 0;
	params.request.filter.max_duration_s = 0;
	return write_chip(view, "Length", words, &params, err);
}

bool list_view_chips(const struct list_view *view, struct error *err)
{
	write_array(view->w, "chips");
	if (!words_chip(view, err) || !tracked_chip(view, err) || !channel_chip(view, err) || !published_chip(view, err) ||
	    !kind_chip(view, err) || !length_chip(view, err))
		return false;
	write_end(view->w);
	return true;
}
