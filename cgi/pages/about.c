#include "cgi/handlers.h"
#include "cgi/pages/page.h"

static const struct {
	const char *name, *path;
} links[] = {
    {"queries_url", "/queries"},
    {"status_url", "/status"},
    {"openapi_url", "/api/openapi.json"},
    {"atom_url", "/feeds/videos.atom"},
    {"json_feed_url", "/feeds/videos.json"},
    {"opml_url", "/feeds/queries.opml"},
    {"csv_url", "/api/videos.csv"},
    {"ndjson_url", "/api/videos.ndjson"},
};

bool page_about(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(tree_clear) struct tree tree = {0};
	struct writer w = writer_values(&tree);
	struct page_frame frame = {.title = "About", .req = req};

	if (!page_begin(app, &frame, &w, err))
		return false;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (!page_link(app, &w, links[i].name, links[i].path, err))
			return false;
	write_bool(&w, "visitors_may", app->shared->config->visitor_queries > 0);
	write_end(&w);
	return page_render(app, "about", &tree, 200, res, err);
}
