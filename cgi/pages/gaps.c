#include <stdio.h>

#include "cgi/handlers.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/page_numbers.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/pages/widgets/query_rows.h"
#include "cgi/request/link_writer.h"
#include "http/params.h"
#include "store/coverage.h"
#include "store/queries.h"

enum { PATH_SIZE = 64 };

/* What the page is made of. */
struct view {
	struct app *app;
	struct page page;
	struct video_query params;
	struct query query;
	struct coverage gaps; /* of this page */
};

static void view_clear(struct view *view)
{
	page_clear(&view->page);
	query_clear(&view->query);
	coverage_clear(&view->gaps);
}

static bool read_view(struct view *view, const struct request *req, struct error *err)
{
	struct store *store = view->app->store;
	const struct video_request *request = &view->params.request;
	int64_t id;

	return params_read_id(req, "query", &id, err) && video_query_read(app_lists(view->app), req, &view->params, err) &&
	       store_query_get(store, id, app_now(view->app), &view->query, err) &&
	       store_gaps_list(store, id, request->page_size, (request->page_number - 1) * request->page_size, &view->gaps, err);
}

static void write_page(struct view *view)
{
	struct writer *w = &view->page.w;
	const struct video_request *request = &view->params.request;
	int64_t last = (view->query.gaps_count + request->page_size - 1) / request->page_size;
	const struct paging paging = {.previous = request->page_number - 1,
	                              .next = request->page_number < last ? request->page_number + 1 : 0,
	                              .last = last};
	char path[PATH_SIZE];

	write_text(w, "query", query_name(&view->query));
	page_write_counted(w, "count", view->query.gaps_count, "gap", "gaps");
	write_link(w, view->app, "queries_url", "/queries");
	snprintf(path, sizeof(path), "%lld", (long long)view->query.id);
	write_link_parameter(w, view->app, "gone_url", "/gone", "tracked", path);
	write_array(w, "gaps");
	for (size_t i = 0; i < view->gaps.count; i++)
		query_write_gap(w, &view->gaps.items[i]);
	write_end(w);
	snprintf(path, sizeof(path), "/queries/%lld/gaps", (long long)view->query.id);
	write_page_numbers(w, view->app, path, &view->params, &paging);
}

bool page_gaps(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app};

	if (!read_view(&view, req, err))
		return false;
	struct page_frame frame = {.title = "Gaps",
	                           .page_number = view.params.request.page_number,
	                           .req = req,
	                           .with_freshness = true};
	if (!page_begin(app, &frame, &view.page, err))
		return false;
	write_page(&view);
	return page_render(app, "gaps", &view.page, 200, res, err);
}
