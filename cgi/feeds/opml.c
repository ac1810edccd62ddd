/* OPML 2.0: every public query with the address of its Atom feed, for a feed reader to take over at once. */

#include <stdio.h>

#include "cgi/handlers.h"
#include "cgi/request/links.h"
#include "store/queries.h"
#include "template/xml.h"

enum { URL_BYTES = 4096, NUMBER_SIZE = 24 };

static void add_url(struct buf *url, struct app *app, const struct request *req, const char *path, int64_t query_id)
{
	char separator = '?';
	char id[NUMBER_SIZE];

	snprintf(id, sizeof(id), "%lld", (long long)query_id);
	link_site(url, app->shared->config, req);
	link_to(url, app->shared->config, path);
	link_add_parameter(url, &separator, "tracked", id);
}

static bool write_outline(struct xml *xml, struct app *app, const struct request *req, const struct query *query,
                          struct error *err)
{
	AUTO(buf_clear) struct buf feed = BUF(URL_BYTES);
	AUTO(buf_clear) struct buf page = BUF(URL_BYTES);

	add_url(&feed, app, req, "/feeds/videos.atom", query->id);
	add_url(&page, app, req, "/", query->id);
	xml_begin(xml, "outline");
	xml_attribute(xml, "type", "rss"); /* which stands for feeds of any kind */
	xml_attribute(xml, "text", query->text);
	xml_attribute(xml, "title", query->text);
	xml_attribute(xml, "xmlUrl", buf_text(&feed));
	xml_attribute(xml, "htmlUrl", buf_text(&page));
	xml_end(xml);
	return buf_ok(&feed, err) && buf_ok(&page, err);
}

bool feed_opml(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(xml_discard) struct xml *xml = NULL;

	if (!store_queries_list(app->store, QUERIES_PUBLIC, app_now(app), &queries, err) || !xml_open(&res->body, &xml, err))
		return false;
	response_header(res, "Content-Type", "text/x-opml; charset=utf-8");
	xml_begin(xml, "opml");
	xml_attribute(xml, "version", "2.0");
	xml_begin(xml, "head");
	xml_element(xml, "title", "newsreel");
	xml_end(xml);
	xml_begin(xml, "body");
	for (size_t i = 0; i < queries.count; i++)
		if (!write_outline(xml, app, req, &queries.items[i], err))
			return false;
	return xml_close(&xml, err);
}
