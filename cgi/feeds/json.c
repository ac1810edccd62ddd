/* JSON Feed 1.1. */

#include "cgi/feeds/feed.h"
#include "cgi/handlers.h"

static const char path[] = "/feeds/videos.json";

static bool write_page_url(struct writer *w, const struct feed *feed, const char *name, enum feed_page which, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(FEED_URL_BYTES);

	feed_url(feed, which, &url);
	if (!buf_ok(&url, err))
		return false;
	if (url.len)
		write_text(w, name, buf_text(&url));
	return true;
}

static bool write_head(struct writer *w, const struct feed *feed, struct error *err)
{
	AUTO(buf_clear) struct buf page = BUF(FEED_URL_BYTES);

	feed_url_of(feed, "/", &page);
	if (!buf_ok(&page, err))
		return false;
	write_text(w, "version", "https://jsonfeed.org/version/1.1");
	write_text(w, "title", feed->title);
	write_text(w, "home_page_url", buf_text(&page));
	return write_page_url(w, feed, "feed_url", FEED_SELF, err) && write_page_url(w, feed, "next_url", FEED_NEXT, err);
}

static void write_item(struct writer *w, const struct video *video, int64_t changed_at)
{
	char url[WATCH_URL_SIZE];

	video_watch_url(video->id, url);
	write_object(w, NULL);
	write_text(w, "id", url);
	write_text(w, "url", url);
	write_text(w, "title", video_shown_title(video->title));
	write_text(w, "content_text", video->description);
	if (video->thumbnail_url && video->thumbnail_url[0])
		write_text(w, "image", video->thumbnail_url);
	write_time(w, "date_published", video->published_at);
	if (changed_at)
		write_time(w, "date_modified", changed_at);
	(void)feed_write_authors(w, video);
	write_array(w, "tags");
	for (size_t i = 0; i < video->found_count; i++)
		write_text(w, NULL, video->found[i].query);
	write_end(w);
	write_end(w);
}

bool feed_json(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(feed_clear) struct feed feed = {0};

	if (!feed_load(app, req, path, &feed, err))
		return false;
	struct writer w = writer_json(&res->body);
	response_header(res, "Content-Type", "application/feed+json; charset=utf-8");
	write_object(&w, NULL);
	if (!write_head(&w, &feed, err))
		return false;
	write_array(&w, "items");
	for (size_t i = 0; i < feed.page.videos.count; i++)
		write_item(&w, &feed.page.videos.items[i], feed.changed_at[i]);
	write_end(&w);
	write_end(&w);
	return true;
}
