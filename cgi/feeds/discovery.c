/* What browsers, crawlers and search boxes look for at addresses that everybody knows. */

#include <string.h>

#include "base/embedded.h"
#include "cgi/handlers.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/links.h"
#include "template/values.h"

enum { URL_BYTES = 4096 };

/* Feeds, exports and comparisons hold what the pages hold, and cost more; a crawler has no use for them. */
bool discovery_robots(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	static const char *const refused[] = {"/api/", "/compare", "/feeds/", "/keys", "/login"};
	const char *base = links_base_path(app->shared->config);

	(void)req;
	(void)err;
	response_header(res, "Content-Type", "text/plain; charset=utf-8");
	buf_printf(&res->body, "User-agent: *\nAllow: %s/api/docs\n", base);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		buf_printf(&res->body, "Disallow: %s%s\n", base, refused[i]);
	return true;
}

/* Browsers ask for it at the root without being told; pages name the one below /static/. */
bool discovery_favicon(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	(void)app;
	(void)req;
	for (size_t i = 0; i < embedded_documents.count; i++) {
		const struct embedded *document = &embedded_documents.items[i];

		if (strcmp(document->name, "favicon.ico") != 0)
			continue;
		response_header(res, "Content-Type", "image/x-icon");
		buf_add(&res->body, document->text, document->len);
		return true;
	}
	return error_set(err, ERR_INTERNAL, "favicon.ico is not built in");
}

static void write_icon(struct writer *w, const struct app *app, const char *file, const char *type, const char *sizes)
{
	write_object(w, NULL);
	write_link_asset(w, app, "src", file);
	write_text(w, "type", type);
	write_text(w, "sizes", sizes);
	write_end(w);
}

/* Web application manifest: how a browser shows the site that was put on the home screen. */
bool discovery_manifest(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct writer w = writer_json(&res->body);

	(void)req;
	(void)err;
	response_header(res, "Content-Type", "application/manifest+json");
	write_object(&w, NULL);
	write_text(&w, "name", "newsreel");
	write_text(&w, "description", "A searchable record of the YouTube videos that match tracked searches.");
	write_link(&w, app, "start_url", "/");
	write_link(&w, app, "scope", "/");
	write_text(&w, "display", "minimal-ui");
	write_text(&w, "theme_color", "#fdfcfa");
	write_text(&w, "background_color", "#fdfcfa");
	write_array(&w, "icons");
	write_icon(&w, app, "icon.svg", "image/svg+xml", "any");
	write_icon(&w, app, "favicon.ico", "image/x-icon", "16x16 32x32 48x48");
	write_end(&w);
	write_end(&w);
	return true;
}

/* An absolute URL: what reads the description may do so long after, and elsewhere. */
static void write_absolute(struct writer *w, const struct app *app, const struct request *req, const char *name, const char *path)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_site(&url, app->shared->config, req);
	link_to(&url, app->shared->config, path);
	write_buf(w, name, &url);
}

/* OpenSearch 1.1: a browser can search here from its address bar: html/opensearch.xml. */
bool discovery_opensearch(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(tree_clear) struct tree tree = {0};
	struct writer w = writer_values(&tree);

	response_header(res, "Content-Type", "application/opensearchdescription+xml; charset=utf-8");
	write_object(&w, NULL);
	write_absolute(&w, app, req, "page_url", "/");
	write_absolute(&w, app, req, "atom_url", "/feeds/videos.atom");
	write_absolute(&w, app, req, "self_url", "/opensearch.xml");
	write_absolute(&w, app, req, "icon_url", "/favicon.ico");
	write_end(&w);
	return tree_ok(&tree, err) && tmpl_render(app->shared->templates, "opensearch.xml", tree.root, &res->body, err);
}
