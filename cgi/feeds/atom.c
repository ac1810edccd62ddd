/* Atom (RFC 4287), in pages (RFC 5005), with thumbnails as media:thumbnail. */

#include "base/timestamp.h"
#include "cgi/feeds/feed.h"
#include "cgi/handlers.h"
#include "template/xml.h"

static const char path[] = "/feeds/videos.atom";

static void write_time_element(struct xml *xml, const char *element, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(time, text);
	xml_element(xml, element, text);
}

static void write_link(struct xml *xml, const char *rel, const char *type, const char *url)
{
	xml_begin(xml, "link");
	xml_attribute(xml, "rel", rel);
	xml_attribute(xml, "type", type);
	xml_attribute(xml, "href", url);
	xml_end(xml);
}

static bool write_page_link(struct xml *xml, const struct feed *feed, const char *rel, enum feed_page which, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(FEED_URL_BYTES);

	feed_url(feed, which, &url);
	if (!buf_ok(&url, err))
		return false;
	if (url.len)
		write_link(xml, rel, "application/atom+xml", buf_text(&url));
	return true;
}

static bool write_id_and_links(struct xml *xml, const struct feed *feed, struct error *err)
{
	AUTO(buf_clear) struct buf first = BUF(FEED_URL_BYTES);
	AUTO(buf_clear) struct buf page = BUF(FEED_URL_BYTES);

	/* All pages are one feed, so they have one id. */
	feed_url(feed, FEED_FIRST, &first);
	feed_url_of(feed, "/", &page);
	if (!buf_ok(&first, err) || !buf_ok(&page, err))
		return false;
	xml_element(xml, "id", buf_text(&first));
	write_link(xml, "alternate", "text/html", buf_text(&page));
	return write_page_link(xml, feed, "self", FEED_SELF, err) && write_page_link(xml, feed, "first", FEED_FIRST, err) &&
	       write_page_link(xml, feed, "previous", FEED_PREVIOUS, err) && write_page_link(xml, feed, "next", FEED_NEXT, err) &&
	       write_page_link(xml, feed, "last", FEED_LAST, err);
}

static void write_author(struct xml *xml, const struct video *video)
{
	char url[CHANNEL_URL_SIZE];

	if (!video->channel_id[0] || !video->channel_title || !video->channel_title[0])
		return;
	channel_url(video->channel_id, url);
	xml_begin(xml, "author");
	xml_element(xml, "name", video->channel_title);
	xml_element(xml, "uri", url);
	xml_end(xml);
}

static void write_thumbnail(struct xml *xml, const struct video *video)
{
	if (!video->thumbnail_url || !video->thumbnail_url[0])
		return;
	xml_begin(xml, "media:thumbnail");
	xml_attribute(xml, "url", video->thumbnail_url);
	xml_end(xml);
}

static void write_queries(struct xml *xml, const struct video *video)
{
	for (size_t i = 0; i < video->found_count; i++) {
		xml_begin(xml, "category");
		xml_attribute(xml, "term", video->found[i].query);
		xml_end(xml);
	}
}

/* The id is where the video is: it stays, whatever becomes of this site. */
static void write_entry(struct xml *xml, const struct video *video)
{
	char url[WATCH_URL_SIZE];

	video_watch_url(video->id, url);
	xml_begin(xml, "entry");
	xml_element(xml, "id", url);
	xml_element(xml, "title", video->title);
	write_link(xml, "alternate", "text/html", url);
	write_time_element(xml, "published", video->published_at);
	write_time_element(xml, "updated", video->published_at);
	write_author(xml, video);
	write_queries(xml, video);
	xml_element(xml, "summary", video->description);
	write_thumbnail(xml, video);
	xml_end(xml);
}

bool feed_atom(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(feed_clear) struct feed feed = {0};
	AUTO(xml_discard) struct xml *xml = NULL;

	if (!feed_load(app, req, path, &feed, err) || !xml_open(&res->body, &xml, err))
		return false;
	response_header(res, "Content-Type", "application/atom+xml; charset=utf-8");
	xml_begin(xml, "feed");
	xml_attribute(xml, "xmlns", "http://www.w3.org/2005/Atom");
	xml_attribute(xml, "xmlns:media", "http://search.yahoo.com/mrss/");
	xml_element(xml, "title", feed.title);
	if (!write_id_and_links(xml, &feed, err))
		return false;
	write_time_element(xml, "updated", feed.updated_at);
	xml_begin(xml, "author"); /* of entries whose channel is not known */
	xml_element(xml, "name", "newsreel");
	xml_end(xml);
	for (size_t i = 0; i < feed.page.videos.count; i++)
		write_entry(xml, &feed.page.videos.items[i]);
	xml_end(xml);
	return xml_close(&xml, err);
}
