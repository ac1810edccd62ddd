#include <stdio.h>

#include "cgi/request/format.h"
#include "cgi/handlers.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/noise.h"
#include "cgi/pages/widgets/page_numbers.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/pages/widgets/query_choice.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/auth.h"
#include "store/queries.h"
#include "store/channels/channels.h"

enum { NUMBER_SIZE = 24, PER_MILLE = 1000, BAR_WIDTH = 100, TITLE_BYTES = 4096 };

static const char path[] = "/channels";

/* What the page is made of. */
struct view {
	struct app *app;
	struct writer *w;
	struct video_query params;
	struct channel_page page;
	struct query_list queries;
	bool owner;     /* who may mute them */
	int64_t videos; /* that are counted: what shares are shares of */
};

static void view_clear(struct view *view)
{
	channel_page_clear(&view->page);
	query_list_clear(&view->queries);
}

/* ---- reading ---- */

static const struct query *chosen(const struct view *view)
{
	return query_list_find(&view->queries, view->params.request.filter.query_id);
}

static bool read_view(struct view *view, const struct request *req, struct error *err)
{
	struct store *store = view->app->store;
	const struct video_request *request = &view->params.request;

	if (!video_query_read(app_lists(view->app), req, &view->params, err) ||
	    !store_channels_page(store, request->filter.query_id, request->page_number, request->page_size, &view->page, err) ||
	    !store_queries_list(store, QUERIES_PUBLIC, app_now(view->app), &view->queries, err) ||
	    !store_video_count(store, &view->videos, err))
		return false;
	const struct query *query = chosen(view);
	if (query)
		view->videos = query->videos;
	if (view->page.counted_within)
		view->videos = view->page.counted_within;
	return true;
}

/* ---- one channel ---- */

/* The videos of the channel, in the chosen query if there is one. */
static void write_videos_link(struct view *view, const struct channel *channel)
{
	struct video_query params = view->params;

	params.request.filter.channel_id = channel->id;
	params.request.page_size = params.default_page_size;
	write_list_link(view->w, view->app, "url", "/", &params, 1);
}

/* The share in words, and as a bar: the longest one is that of the page's first channel. */
static void write_share(struct view *view, const struct channel *channel)
{
	int64_t most = view->page.channels.items[0].videos;
	int64_t mille = view->videos > 0 ? channel->videos * PER_MILLE / view->videos : 0;
	int64_t width = most > 0 ? channel->videos * BAR_WIDTH / most : 0;
	char words[NUMBER_SIZE];

	snprintf(words, sizeof(words), "%d.%d\u00A0%%", (int)(mille / 10), (int)(mille % 10));
	write_text(view->w, "share", words);
	write_int(view->w, "width", width > 0 ? width : 1);
}

static void write_channel(struct view *view, const struct channel *channel)
{
	struct writer *w = view->w;
	char youtube[CHANNEL_URL_SIZE];

	channel_url(channel->id, youtube);
	write_object(w, NULL);
	write_text(w, "title", page_visible(channel->title, channel->id));
	write_text(w, "youtube_url", youtube);
	page_write_number(w, "videos", channel->videos);
	write_share(view, channel);
	write_videos_link(view, channel);
	noise_write_buttons(w, view->owner, NULL, NULL, channel->id, page_visible(channel->title, channel->id), 0);
	write_end(w);
}

/* ---- the page ---- */

static void write_page(struct view *view)
{
	struct writer *w = view->w;
	const struct query *query = chosen(view);
	const struct video_request *request = &view->params.request;
	const struct paging paging = {.previous = request->page_number - 1,
	                              .next = view->page.more ? request->page_number + 1 : 0,
	                              .last = (view->page.count + request->page_size - 1) / request->page_size};
	bool any = view->page.channels.count > 0;

	page_write_counted(w, "count", view->page.count, "channel", "channels");
	write_text(w, "chosen", query ? query_name(query) : NULL);
	if (view->page.counted_within)
		page_write_number(w, "counted_within", view->page.counted_within);
	else
		write_null(w, "counted_within");
	write_bool(w, "any", any);
	write_bool(w, "beyond", !any && view->page.count > 0);
	write_link(w, view->app, "first_url", path);
	query_choice_write(w, view->app, path, &view->queries, request->filter.query_id);
	write_array(w, "channels");
	for (size_t i = 0; i < view->page.channels.count; i++)
		write_channel(view, &view->page.channels.items[i]);
	write_end(w);
	write_page_numbers(w, view->app, path, &view->params, &paging);
}

/* "Channels · rocket launch" */
static void name_view(const struct view *view, struct buf *out)
{
	const struct query *query = chosen(view);

	buf_add_text(out, "Channels");
	if (query)
		buf_printf(out, " · %s", query_name(query));
}

bool page_channels(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	AUTO(view_clear) struct view view = {.app = app, .w = &page.w, .owner = auth_is_owner(app, req)};
	AUTO(buf_clear) struct buf title = BUF(TITLE_BYTES);

	if (!read_view(&view, req, err))
		return false;
	name_view(&view, &title);
	struct video_query videos = view.params;
	videos.request.page_size = videos.default_page_size; /* the page's is of channels */
	struct page_frame frame = {.title = buf_text(&title),
	                           .page_number = view.params.request.page_number,
	                           .feed = &videos,
	                           .req = req,
	                           .with_freshness = true};
	if (!buf_ok(&title, err) || !page_begin(app, &frame, &page, err) || !noise_write_frame(app, &page.w, req, err))
		return false;
	write_page(&view);
	return page_render(app, "channels", &page, 200, res, err);
}
