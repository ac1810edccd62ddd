#include "cgi/pages/list/view.h"

#include "cgi/request/links.h"

enum { URL_BYTES = 8 * 1024 };

void list_view_clear(struct list_view *view)
{
	video_page_clear(&view->page);
	query_list_clear(&view->queries);
	highlight_close(&view->highlight);
}

bool list_view_link(const struct list_view *view, const char *name, const char *path, const struct video_query *params,
                    struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);
	struct video_query linked = *params;

	if (linked.request.sort == SORT_RELEVANCE && !linked.request.filter.words)
		linked.request.sort = SORT_NEWEST; /* relevance to what? */
	link_to_page(&url, view->app->shared->config, path, &linked, 1);
	if (!buf_ok(&url, err))
		return false;
	write_text(view->w, name, buf_text(&url));
	return true;
}

const struct query *list_view_chosen(const struct list_view *view)
{
	for (size_t i = 0; i < view->queries.count; i++)
		if (view->queries.items[i].id == view->params.request.filter.query_id)
			return &view->queries.items[i];
	return NULL;
}
