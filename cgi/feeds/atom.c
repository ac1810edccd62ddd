/* Atom (RFC 4287), in pages (RFC 5005), with what Media RSS has for videos: html/videos.atom. */

#include "base/timestamp.h"
#include "cgi/feeds/feed.h"
#include "cgi/handlers.h"
#include "template/values.h"

static const char path[] = "/feeds/videos.atom";

/* A time always, where write_time() writes null for 0: Atom insists on one, also in an empty feed. */
static void write_date(struct writer *w, const char *name, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(time, text);
	write_text(w, name, text);
}

static bool write_pages(struct writer *w, const struct feed *feed, struct error *err)
{
	static const struct {
		const char *rel;
		enum feed_page which;
	} pages[] = {
	    {"self", FEED_SELF}, {"first", FEED_FIRST}, {"previous", FEED_PREVIOUS}, {"next", FEED_NEXT}, {"last", FEED_LAST},
	};

	write_array(w, "pages");
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		AUTO(buf_clear) struct buf url = BUF(FEED_URL_BYTES);

		feed_url(feed, pages[i].which, &url);
		if (!buf_ok(&url, err))
			return false;
		if (!url.len)
			continue;
		write_object(w, NULL);
		write_text(w, "rel", pages[i].rel);
		write_text(w, "url", buf_text(&url));
		write_end(w);
	}
	write_end(w);
	return true;
}

static bool write_head(struct writer *w, const struct feed *feed, struct error *err)
{
	AUTO(buf_clear) struct buf first = BUF(FEED_URL_BYTES);
	AUTO(buf_clear) struct buf home = BUF(FEED_URL_BYTES);

	feed_url(feed, FEED_FIRST, &first);
	feed_url_of(feed, "/", &home);
	if (!buf_ok(&first, err) || !buf_ok(&home, err))
		return false;
	write_text(w, "title", feed->title);
	write_text(w, "id", buf_text(&first));
	write_text(w, "home_url", buf_text(&home));
	write_date(w, "updated", feed->updated_at);
	return write_pages(w, feed, err);
}

static void write_known(struct writer *w, const char *name, int64_t number)
{
	if (number == VIDEO_UNKNOWN)
		write_null(w, name);
	else
		write_int(w, name, number);
}

/* An entry's id is where the video is: it stays, whatever becomes of this site. */
static void write_entry(struct writer *w, const struct video *video, int64_t changed_at)
{
	char url[WATCH_URL_SIZE];

	video_watch_url(video->id, url);
	write_object(w, NULL);
	write_text(w, "url", url);
	write_text(w, "title", video_shown_title(video->title));
	write_date(w, "published", video->published_at);
	write_date(w, "updated", changed_at > video->published_at ? changed_at : video->published_at);
	if (!feed_write_authors(w, video))
		write_null(w, "authors");
	write_array(w, "queries");
	for (size_t i = 0; i < video->found_count; i++)
		write_text(w, NULL, video->found[i].query);
	write_end(w);
	write_text(w, "description", video->description);
	write_text(w, "thumbnail_url", video->thumbnail_url);
	write_known(w, "duration", video->duration_s);
	write_known(w, "views", video->views);
	write_end(w);
}

bool feed_atom(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(feed_clear) struct feed feed = {0};
	AUTO(tree_clear) struct tree tree = {0};
	struct writer w = writer_values(&tree);

	if (!feed_load(app, req, path, &feed, err))
		return false;
	response_header(res, "Content-Type", "application/atom+xml; charset=utf-8");
	write_object(&w, NULL);
	if (!write_head(&w, &feed, err))
		return false;
	write_array(&w, "entries");
	for (size_t i = 0; i < feed.page.videos.count; i++)
		write_entry(&w, &feed.page.videos.items[i], feed.changed_at[i]);
	write_end(&w);
	write_end(&w);
	return tree_ok(&tree, err) && tmpl_render(app->shared->templates, "videos.atom", tree.root, &res->body, err);
}
