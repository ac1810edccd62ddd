#include <stdio.h>
#include <string.h>

#include "cgi/request/format.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/widgets/parts.h"

enum { VALUE_SIZE = 3 * FORMAT_SIZE };

/* Is told of one filter that holds: its name, its value in words, and the list without it. */
typedef void take_filter(void *context, const char *name, const char *value, const struct video_query *without);

struct taker {
	take_filter *take;
	void *context;
};

static void tell(const struct taker *taker, const char *name, const char *value, const struct video_query *without)
{
	taker->take(taker->context, name, value, without);
}

static void tell_words(const struct list_view *view, const struct taker *taker)
{
	struct video_query params = view->params;

	params.request.filter.words = NULL;
	if (view->params.request.filter.words)
		tell(taker, "Words", view->params.request.filter.words, &params);
}

static void tell_tracked(const struct list_view *view, const struct taker *taker)
{
	const struct query *chosen = list_view_chosen(view);
	struct video_query params = view->params;

	params.request.filter.query_id = 0;
	if (chosen)
		tell(taker, "Search", query_name(chosen), &params);
}

/* Its videos know what the channel is called. */
static const char *channel_title(const struct list_view *view)
{
	const char *title = view->page.videos.count ? view->page.videos.items[0].channel_title : NULL;

	return page_visible(title, view->params.request.filter.channel_id);
}

static void tell_channel(const struct list_view *view, const struct taker *taker)
{
	struct video_query params = view->params;

	params.request.filter.channel_id = NULL;
	if (view->params.request.filter.channel_id)
		tell(taker, "Channel", channel_title(view), &params);
}

static void tell_excluded_channels(const struct list_view *view, const struct taker *taker)
{
	struct video_query params = view->params;
	const char *ids = params.request.filter.excluded_channels;
	char words[VALUE_SIZE];
	int count = 1;

	if (!ids)
		return;
	for (const char *at = ids; (at = strchr(at, ',')); at++)
		count++;
	if (count == 1)
		snprintf(words, sizeof(words), "without %s", ids);
	else
		snprintf(words, sizeof(words), "without %d channels", count);
	params.request.filter.excluded_channels = NULL;
	tell(taker, "Channels", words, &params);
}

/* "24 Nov 2026, 10:00 to 25 Nov 2026, 10:00 UTC"; one of the two may be 0. */
static void span_words(int64_t after, int64_t before, char out[VALUE_SIZE])
{
	char since[FORMAT_SIZE], until[FORMAT_SIZE];

	format_minute(after, since);
	format_minute(before, until);
	if (after && before)
		snprintf(out, VALUE_SIZE, "%s to %s UTC", since, until);
	else
		snprintf(out, VALUE_SIZE, "%s %s UTC", after ? "since" : "before", after ? since : until);
}

static void published_words(const struct video_query *params, char out[VALUE_SIZE])
{
	const struct video_filter *filter = &params->request.filter;
	const char *within = params->within;

	if (within)
		snprintf(out, VALUE_SIZE, "past %s",
		         strcmp(within, "day") == 0     ? "24 hours"
		         : strcmp(within, "week") == 0  ? "7 days"
		         : strcmp(within, "month") == 0 ? "30 days"
		                                        : "hour");
	else
		span_words(filter->published_after, filter->published_before, out);
}

static void tell_published(const struct list_view *view, const struct taker *taker)
{
	struct video_query params = view->params;
	char words[VALUE_SIZE];

	if (!params.within && !params.request.filter.published_after && !params.request.filter.published_before)
		return;
	published_words(&params, words);
	params.within = NULL;
	params.request.filter.published_after = 0;
	params.request.filter.published_before = 0;
	tell(taker, "Published", words, &params);
}

static void tell_recorded(const struct list_view *view, const struct taker *taker)
{
	struct video_query params = view->params;
	struct video_filter *filter = &params.request.filter;
	char words[VALUE_SIZE];

	if (!filter->recorded_after && !filter->recorded_before)
		return;
	span_words(filter->recorded_after, filter->recorded_before, words);
	filter->recorded_after = 0;
	filter->recorded_before = 0;
	tell(taker, "Recorded", words, &params);
}

static void tell_kind(const struct list_view *view, const struct taker *taker)
{
	static const char *const words[] = {
	    [VIDEO_NORMAL] = "videos", [VIDEO_LIVE] = "live now", [VIDEO_UPCOMING] = "upcoming", [VIDEO_WAS_LIVE] = "was live"};
	struct video_query params = view->params;

	params.request.filter.one_kind = false;
	if (view->params.request.filter.one_kind)
		tell(taker, "Kind", words[params.request.filter.kind], &params);
}

static void tell_length(const struct list_view *view, const struct taker *taker)
{
	struct video_query params = view->params;
	int64_t min_s = params.request.filter.min_duration_s;
	int64_t max_s = params.request.filter.max_duration_s;
	char min[FORMAT_SIZE], max[FORMAT_SIZE], words[VALUE_SIZE];

	if (!min_s && !max_s)
		return;
	format_duration(min_s, min);
	format_duration(max_s, max);
	snprintf(words, sizeof(words), "%s%s%s", min_s ? min : "up to",
	         max_s && min_s ? " to "
	         : max_s        ? " "
	                        : " and more",
	         max_s ? max : "");
	params.request.filter.min_duration_s = 0;
	params.request.filter.max_duration_s = 0;
	tell(taker, "Length", words, &params);
}

static void tell_language(const struct list_view *view, const struct taker *taker)
{
	struct video_query params = view->params;

	params.request.filter.language = NULL;
	if (view->params.request.filter.language)
		tell(taker, "Language", view->params.request.filter.language, &params);
}

static void tell_hidden(const struct list_view *view, const struct taker *taker)
{
	struct video_query params = view->params;

	params.include = NULL;
	params.request.with_hidden = false;
	if (view->params.request.with_hidden)
		tell(taker, "Also", "hidden videos", &params);
}

static void tell_filters(const struct list_view *view, take_filter *take, void *context)
{
	const struct taker taker = {take, context};

	tell_words(view, &taker);
	tell_tracked(view, &taker);
	tell_channel(view, &taker);
	tell_excluded_channels(view, &taker);
	tell_published(view, &taker);
	tell_recorded(view, &taker);
	tell_kind(view, &taker);
	tell_length(view, &taker);
	tell_language(view, &taker);
	tell_hidden(view, &taker);
}

/* ---- as chips ---- */

static void write_chip(void *context, const char *name, const char *value, const struct video_query *without)
{
	const struct list_view *view = context;

	write_object(view->w, NULL);
	write_text(view->w, "name", name);
	write_text(view->w, "value", value);
	list_view_link(view, "url", "/", without);
	write_end(view->w);
}

void list_view_chips(struct list_view *view)
{
	write_array(view->w, "chips");
	tell_filters(view, write_chip, view);
	write_end(view->w);
}

/* ---- as the title of the view ---- */

static void add_name(void *context, const char *name, const char *value, const struct video_query *without)
{
	struct buf *title = context;

	(void)name;
	(void)without;
	buf_printf(title, "%s%s", title->len ? " · " : "", value);
}

void list_view_title(const struct list_view *view, struct buf *out)
{
	tell_filters(view, add_name, out);
}
