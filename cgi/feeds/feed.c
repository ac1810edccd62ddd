#include "cgi/feeds/feed.h"

#include <stdlib.h>
#include <string.h>

#include "cgi/request/auth.h"
#include "cgi/request/costly.h"
#include "store/queries.h"
#include "store/videos.h"

enum { TITLE_BYTES = 4096 };

void feed_clear(struct feed *feed)
{
	video_page_clear(&feed->page);
	free(feed->title);
	free(feed->changed_at);
	*feed = (struct feed){0};
}

/* "newsreel · rocket launch · falcon": the query tracked, and the words looked for. */
static bool make_title(struct feed *feed, struct error *err)
{
	const struct video_filter *filter = &feed->params.request.filter;
	AUTO(query_clear) struct query query = {0};
	AUTO(buf_clear) struct buf title = BUF(TITLE_BYTES);

	buf_add_text(&title, "newsreel");
	if (filter->query_id) {
		if (!store_query_get(feed->app->store, filter->query_id, app_now(feed->app), &query, err))
			return false;
		buf_printf(&title, " · %s", query_name(&query));
	}
	if (filter->words)
		buf_printf(&title, " · %s", filter->words);
	return buf_take(&title, &feed->title, err);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* When each video changed, and the feed with them. */
static bool read_changes(struct feed *feed, struct error *err)
{
	const struct video_list *videos = &feed->page.videos;

	feed->changed_at = calloc(videos->count + 1, sizeof(*feed->changed_at));
	if (!feed->changed_at)
		return error_no_memory(err);
	for (size_t i = 0; i < videos->count; i++) {
		const struct video *video = &videos->items[i];

		if (!store_video_changed_at(feed->app->store, video->seq, &feed->changed_at[i], err))
			return false;
		int64_t known_at = later(video_recorded_at(video), video->published_at);
		feed->updated_at = later(feed->updated_at, later(known_at, feed->changed_at[i]));
	}
	return true;
}

bool feed_load(struct app *app, const struct request *req, const char *path, struct feed *out, struct error *err)
{
	AUTO(feed_clear) struct feed feed = {.app = app, .req = req, .path = path};

	if (!video_query_read_feed(app_lists(app), req, &feed.params, err) ||
	    !auth_may_list(app, req, &feed.params.request, err) ||
	    !costly_videos_page(app, &feed.params.request, &feed.page, err) || !make_title(&feed, err) ||
	    !read_changes(&feed, err))
		return false;
	*out = feed;
	feed = (struct feed){0};
	return true;
}

/* ---- links ---- */

/* Pages go on after the last video, so that nothing is missed or seen twice when more arrive; ranked ones by their numbers. */
static void add_next(const struct feed *feed, const struct config *config, struct buf *out)
{
	if (!feed->page.more && !feed->page.next_after)
		return;
	link_site(out, config, feed->req);
	if (feed->page.next_after)
		link_after(out, config, feed->path, &feed->params, feed->page.next_after);
	else
		link_to_page(out, config, feed->path, &feed->params, feed->params.request.page_number + 1);
}

void feed_url(const struct feed *feed, enum feed_page which, struct buf *out)
{
	const struct config *config = feed->app->shared->config;
	const struct video_request *request = &feed->params.request;
	struct paging paging = paging_of(&feed->params, &feed->page);
	int64_t number = which == FEED_SELF    ? request->page_number
	                 : which == FEED_FIRST ? 1
	                 : which == FEED_LAST  ? paging.last
	                                       : 0;

	if (which == FEED_NEXT) {
		add_next(feed, config, out);
		return;
	}
	if (which == FEED_SELF && request->after) {
		link_site(out, config, feed->req);
		link_after(out, config, feed->path, &feed->params, request->after);
		return;
	}
	if (which == FEED_PREVIOUS)
		number = request->after ? 0 : paging.previous;
	if (number == 0)
		return;
	link_site(out, config, feed->req);
	link_to_page(out, config, feed->path, &feed->params, number);
}

void feed_url_of(const struct feed *feed, const char *path, struct buf *out)
{
	char separator = '?';

	link_site(out, feed->app->shared->config, feed->req);
	link_to(out, feed->app->shared->config, path);
	link_add_filter(out, &separator, &feed->params);
}

bool feed_write_authors(struct writer *w, const struct video *video)
{
	char url[CHANNEL_URL_SIZE];

	if (!video->channel_id[0] || !video->channel_title || !video->channel_title[0])
		return false;
	channel_url(video->channel_id, url);
	write_array(w, "authors");
	write_object(w, NULL);
	write_text(w, "name", video->channel_title);
	write_text(w, "url", url);
	write_end(w);
	write_end(w);
	return true;
}
