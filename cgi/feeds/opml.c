/* OPML 2.0: every public query with the address of its Atom feed, for a feed reader to take over at once: html/queries.opml. */

#include <stdio.h>

#include "cgi/handlers.h"
#include "cgi/request/links.h"
#include "store/queries.h"
#include "template/values.h"

enum { URL_BYTES = 4096, NUMBER_SIZE = 24 };

static bool write_url(struct writer *w, const char *name, struct app *app, const struct request *req, const char *path,
                      int64_t query_id, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);
	char separator = '?';
	char id[NUMBER_SIZE];

	snprintf(id, sizeof(id), "%lld", (long long)query_id);
	link_site(&url, app->shared->config, req);
	link_to(&url, app->shared->config, path);
	link_add_parameter(&url, &separator, "tracked", id);
	write_text(w, name, buf_text(&url));
	return buf_ok(&url, err);
}

static bool write_query(struct writer *w, struct app *app, const struct request *req, const struct query *query,
                        struct error *err)
{
	write_object(w, NULL);
	write_text(w, "query", query_name(query));
	if (!write_url(w, "feed_url", app, req, "/feeds/videos.atom", query->id, err) ||
	    !write_url(w, "page_url", app, req, "/", query->id, err))
		return false;
	write_end(w);
	return true;
}

bool feed_opml(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(tree_clear) struct tree tree = {0};
	struct writer w = writer_values(&tree);

	if (!store_queries_list(app->store, QUERIES_PUBLIC, app_now(app), &queries, err))
		return false;
	response_header(res, "Content-Type", "text/x-opml; charset=utf-8");
	write_object(&w, NULL);
	write_array(&w, "queries");
	for (size_t i = 0; i < queries.count; i++)
		if (!write_query(&w, app, req, &queries.items[i], err))
			return false;
	write_end(&w);
	write_end(&w);
	return tree_ok(&tree, err) && tmpl_render(app->shared->templates, "queries.opml", tree.root, &res->body, err);
}
