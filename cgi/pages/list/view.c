#include "cgi/pages/list/view.h"

#include "cgi/request/link_writer.h"

void list_view_clear(struct list_view *view)
{
	video_page_clear(&view->page);
	query_list_clear(&view->queries);
	highlight_close(&view->highlight);
}

void list_view_link(const struct list_view *view, const char *name, const char *path, const struct video_query *params)
{
	struct video_query linked = *params;

	if (linked.request.sort == SORT_RELEVANCE && !linked.request.filter.words)
		linked.request.sort = SORT_NEWEST; /* relevance to what? */
	write_list_link(view->w, view->app, name, path, &linked, 1);
}

const struct query *list_view_chosen(const struct list_view *view)
{
	return query_list_find(&view->queries, view->params.request.filter.query_id);
}
