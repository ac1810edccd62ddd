#include "cgi/handlers.h"
#include "cgi/pages/page.h"
#include "cgi/request/link_writer.h"

static const struct {
	const char *name, *path;
} links[] = {
    {.name = "queries_url", .path = "/queries"},
    {.name = "status_url", .path = "/status"},
    {.name = "openapi_url", .path = "/api/openapi.json"},
    {.name = "atom_url", .path = "/feeds/videos.atom"},
    {.name = "json_feed_url", .path = "/feeds/videos.json"},
    {.name = "opml_url", .path = "/feeds/queries.opml"},
    {.name = "csv_url", .path = "/api/videos.csv"},
    {.name = "ndjson_url", .path = "/api/videos.ndjson"},
};

bool page_about(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	struct page_frame frame = {.title = "About", .req = req};

	if (!page_begin(app, &frame, &page, err))
		return false;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		write_link(&page.w, app, links[i].name, links[i].path);
	write_bool(&page.w, "visitors_may", app->shared->config->visitor_queries > 0);
	return page_render(app, "about", &page, 200, res, err);
}
