#include <stdio.h>

#include "cgi/handlers.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/attrition.h"
#include "cgi/pages/widgets/page_numbers.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/pages/widgets/query_choice.h"
#include "cgi/request/gone_params.h"
#include "cgi/request/link_writer.h"
#include "store/queries.h"

enum { PATH_BYTES = 1024, ID_SIZE = 24, DAYS_SHOWN = 30 };

static const char path[] = "/gone";

/* What the page is made of. */
struct view {
	struct app *app;
	struct page page;
	struct gone_params params;
	struct gone_list list; /* of this page */
	int64_t count;
	struct query_list queries;
};

static void view_clear(struct view *view)
{
	page_clear(&view->page);
	gone_list_clear(&view->list);
	query_list_clear(&view->queries);
}

static bool read_view(struct view *view, const struct request *req, struct error *err)
{
	struct store *store = view->app->store;
	const struct video_request *request = &view->params.pages.request;

	return gone_params_read(view->app, req, &view->params, err) &&
	       store_gone_count(store, &view->params.filter, &view->count, err) &&
	       store_gone_list(store, &view->params.filter, NULL, request->page_size,
	                       (request->page_number - 1) * request->page_size, &view->list, err) &&
	       store_queries_list(store, QUERIES_PUBLIC, app_now(view->app), &view->queries, err);
}

/* ---- one video ---- */

static void write_queries(struct view *view, const struct gone_video *video)
{
	struct writer *w = &view->page.w;
	char id[ID_SIZE];

	write_array(w, "found_by");
	for (size_t i = 0; i < video->query_count; i++) {
		write_object(w, NULL);
		snprintf(id, sizeof(id), "%lld", (long long)video->queries[i].id);
		write_link_parameter(w, view->app, "url", path, "tracked", id);
		write_text(w, "query", video->queries[i].text);
		write_end(w);
	}
	write_end(w);
}

static void write_video(struct view *view, const struct gone_video *video)
{
	struct writer *w = &view->page.w;

	write_object(w, NULL);
	write_text(w, "id", video->id);
	page_write_minute(w, "gone", video->gone_at);
	page_write_minute(w, "seen", video->checked_at);
	page_write_date(w, "published", video->published_at);
	write_queries(view, video);
	write_end(w);
}

/* ---- the page ---- */

/* The same list at PROGRAM_PATH, for programs: all of it. */
static void write_program_link(struct view *view, const char *name, const char *program_path)
{
	AUTO(buf_clear) struct buf url = BUF(PATH_BYTES);
	struct video_query pages = view->params.pages;

	pages.request.page_size = pages.default_page_size;
	gone_params_write_path(&view->params, program_path, &url);
	write_list_link(&view->page.w, view->app, name, buf_text(&url), &pages, 1);
}

static bool write_page(struct view *view, struct error *err)
{
	AUTO(buf_clear) struct buf own = BUF(PATH_BYTES);
	struct writer *w = &view->page.w;
	const struct video_query *pages = &view->params.pages;
	const struct query *query = query_list_find(&view->queries, view->params.filter.query_id);
	int64_t last = (view->count + pages->request.page_size - 1) / pages->request.page_size;
	int64_t number = pages->request.page_number;
	const struct paging paging = {.previous = number - 1, .next = number < last ? number + 1 : 0, .last = last};

	page_write_counted(w, "count", view->count, "video", "videos");
	write_text(w, "chosen", query ? query_name(query) : NULL);
	query_choice_write(w, view->app, path, &view->queries, view->params.filter.query_id);
	write_bool(w, "any", view->list.count > 0);
	write_bool(w, "beyond", view->list.count == 0 && view->count > 0);
	write_link(w, view->app, "first_url", path);
	write_program_link(view, "csv_url", "/api/gone.csv");
	write_program_link(view, "api_url", "/api/gone");
	write_array(w, "videos");
	for (size_t i = 0; i < view->list.count; i++)
		write_video(view, &view->list.items[i]);
	write_end(w);
	gone_params_write_path(&view->params, path, &own);
	write_page_numbers(w, view->app, buf_text(&own), pages, &paging);
	if (query)
		return attrition_write_table(view->app, w, query->id, DAYS_SHOWN, err) && buf_ok(&own, err);
	write_null(w, "attrition");
	return buf_ok(&own, err);
}

bool page_gone(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app};

	if (!read_view(&view, req, err))
		return false;
	struct page_frame frame = {.title = "Videos that are gone",
	                           .page_number = view.params.pages.request.page_number,
	                           .req = req,
	                           .with_freshness = true};
	return page_begin(app, &frame, &view.page, err) && write_page(&view, err) &&
	       page_render(app, "gone", &view.page, 200, res, err);
}
