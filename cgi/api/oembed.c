/* oEmbed 1.0 (https://oembed.com): how other sites show a list of ours, asked for with the list's URL. */

#include <string.h>

#include "cgi/handlers.h"
#include "cgi/pages/list/view.h"
#include "cgi/request/embed.h"
#include "cgi/request/links.h"
#include "http/params.h"
#include "template/values.h"

enum { URL_BYTES = 8 * 1024, TITLE_BYTES = 8 * 1024, HTML_BYTES = 24 * 1024 };
enum { WIDTH = 640, SIZE_MAX_PX = 10000, CACHE_AGE_S = 86400 };

const char *const oembed_parameters[] = {"url", "format", "maxwidth", "maxheight", NULL};

/* In pixels. */
struct size {
	int64_t width, height;
};

/* OUT is the query string of URL when that is the list's or /embed's at this site, else NULL. */
static bool own_query(const struct app *app, const struct request *req, const char *url, const char **out, struct error *err)
{
	static const char *const paths[] = {"/embed/", "/embed", "/", ""};
	AUTO(buf_clear) struct buf site = BUF(URL_BYTES);

	link_site(&site, app->shared->config, req);
	link_to(&site, app->shared->config, "");
	*out = NULL;
	if (!buf_ok(&site, err))
		return false;
	if (strncmp(url, buf_text(&site), site.len) != 0)
		return true;
	url += site.len;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		size_t len = strlen(paths[i]);

		if (strncmp(url, paths[i], len) == 0 && (!url[len] || url[len] == '?'))
			*out = url[len] ? url + len + 1 : "";
	}
	return true;
}

static bool read_size(const struct request *req, enum embed_view view, struct size *out, struct error *err)
{
	static const int64_t heights[] = {[EMBED_BOTH] = 640, [EMBED_CHART] = 220, [EMBED_LIST] = 520};
	int64_t width = WIDTH, height = heights[view];

	if (!request_int(req, "maxwidth", 1, SIZE_MAX_PX, &width, err) ||
	    !request_int(req, "maxheight", 1, SIZE_MAX_PX, &height, err))
		return false;
	out->width = width < WIDTH ? width : WIDTH;
	out->height = height < heights[view] ? height : heights[view];
	return true;
}

/* What the list is called, and the markup that shows it. */
static bool make_frame(struct app *app, const struct request *req, const struct embed *embed, const struct size *size,
                       struct buf *title, struct buf *html, struct error *err)
{
	AUTO(list_view_clear) struct list_view view = {.app = app, .params = embed->params, .now = app_now(app)};
	AUTO(tree_clear) struct tree tree = {0};
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);
	struct writer w = writer_values(&tree);

	if (!store_queries_list(app->store, QUERIES_PUBLIC, view.now, &view.queries, err))
		return false;
	list_view_title(&view, title);
	buf_printf(title, "%snewsreel", title->len ? " · " : "");
	embed_link(&url, app, req, embed);
	write_object(&w, NULL);
	write_buf(&w, "url", &url);
	write_buf(&w, "title", title);
	write_int(&w, "width", size->width);
	write_int(&w, "height", size->height);
	write_end(&w);
	return tree_ok(&tree, err) && tmpl_render(app->shared->templates, "oembed", tree.root, html, err);
}

static bool answer(struct app *app, const struct request *req, const struct embed *embed, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf title = BUF(TITLE_BYTES);
	AUTO(buf_clear) struct buf html = BUF(HTML_BYTES);
	AUTO(buf_clear) struct buf home = BUF(URL_BYTES);
	struct size size;

	if (!read_size(req, embed->view, &size, err) || !make_frame(app, req, embed, &size, &title, &html, err))
		return false;
	link_site(&home, app->shared->config, req);
	link_to(&home, app->shared->config, "/");
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_text(&w, "version", "1.0");
	write_text(&w, "type", "rich");
	write_buf(&w, "title", &title);
	write_text(&w, "provider_name", "newsreel");
	write_buf(&w, "provider_url", &home);
	write_int(&w, "cache_age", CACHE_AGE_S);
	write_int(&w, "width", size.width);
	write_int(&w, "height", size.height);
	write_buf(&w, "html", &html);
	write_end(&w);
	return true;
}

bool api_oembed(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	static const char *const formats[] = {"json"};
	const char *url = fields_get(&req->query, "url");
	size_t format = 0;

	if (!url)
		return error_set_field(err, ERR_INVALID, "url", "the URL of a list is needed");
	if (!params_choose(req, "format", formats, 1, &format, err))
		return false;
	if (!embed_is_allowed(app->shared->config))
		return error_set(err, ERR_NOT_FOUND, "no site may show lists in a frame: NEWSREEL_EMBED_ORIGINS names none");
	struct request asked = {0}; /* for that URL */
	struct embed embed;
	if (!own_query(app, req, url, &asked.query_string, err))
		return false;
	if (!asked.query_string)
		return error_set(err, ERR_NOT_FOUND, "url is not that of a list of this site");
	bool answered = request_read_query(&asked, embed_parameters, UNKNOWN_IGNORED, err) &&
	                embed_read(app, &asked, &embed, err) && answer(app, req, &embed, res, err);
	fields_clear(&asked.query);
	return answered;
}
