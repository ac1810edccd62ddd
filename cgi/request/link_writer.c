#include "cgi/request/link_writer.h"

#include <string.h>

#include "base/embedded.h"
#include "cgi/request/links.h"

enum { URL_BYTES = 8 * 1024 };

void write_link(struct writer *w, const struct app *app, const char *name, const char *path)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_to(&url, app->shared->config, path);
	write_buf(w, name, &url);
}

void write_link_id(struct writer *w, const struct app *app, const char *name, const char *path, int64_t id)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_to(&url, app->shared->config, path);
	buf_add_int(&url, id);
	write_buf(w, name, &url);
}

void write_link_parameter(struct writer *w, const struct app *app, const char *name, const char *path, const char *parameter,
                          const char *value)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_to(&url, app->shared->config, path);
	link_add_parameter(&url, &(char){'?'}, parameter, value);
	write_buf(w, name, &url);
}

void write_link_asset(struct writer *w, const struct app *app, const char *name, const char *file)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_to(&url, app->shared->config, "/");
	for (size_t i = 0; i < embedded_assets.count; i++)
		if (strcmp(embedded_assets.items[i].name, file) == 0)
			buf_add_text(&url, embedded_assets.items[i].text);
	write_buf(w, name, &url);
}

void write_list_link(struct writer *w, const struct app *app, const char *name, const char *path,
                     const struct video_query *params, int64_t page_number)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	if (page_number == 0) {
		write_null(w, name);
		return;
	}
	link_to_page(&url, app->shared->config, path, params, page_number);
	write_buf(w, name, &url);
}
