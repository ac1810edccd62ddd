#include <string.h>

#include "cgi/commands/query_import.h"
#include "cgi/handlers.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/auth.h"
#include "cgi/request/http_error.h"
#include "cgi/request/link_writer.h"

/* What the page is made of. */
struct view {
	struct app *app;
	struct page page;
	const struct query_import *result; /* NULL = nothing was imported */
	const char *typed;
	const struct error *error; /* why nothing was, else NULL */
};

static void view_clear(struct view *view)
{
	page_clear(&view->page);
}

static void write_result(struct view *view)
{
	const struct query_import *result = view->result;
	struct writer *w = &view->page.w;

	if (!result) {
		write_null(w, "result");
		return;
	}
	write_object(w, "result");
	page_write_counted(w, "added", result->added, "query", "queries");
	page_write_counted(w, "known", result->known, "query", "queries");
	write_bool(w, "any_failed", result->failed_count > 0);
	write_array(w, "failed");
	for (size_t i = 0; i < result->failed_count; i++) {
		write_object(w, NULL);
		page_write_number(w, "line", result->failed[i].line);
		write_text(w, "why", result->failed[i].why.text);
		write_end(w);
	}
	write_end(w);
	write_end(w);
}

static bool show(struct view *view, const struct request *req, int status, struct response *res, struct error *err)
{
	struct writer *w = &view->page.w;
	struct page_frame frame = {.title = "Import and export", .req = req, .with_freshness = true};

	if (!page_begin(view->app, &frame, &view->page, err))
		return false;
	write_result(view);
	write_text(w, "typed", view->typed ? view->typed : "");
	write_text(w, "refused", view->error ? page_refusal_words(view->error, "lines") : NULL);
	write_link(w, view->app, "url", "/queries/import");
	write_link(w, view->app, "queries_url", "/queries");
	write_link(w, view->app, "json_url", "/api/queries.ndjson");
	write_link(w, view->app, "text_url", "/api/queries.txt");
	return page_render(view->app, "import", &view->page, status, res, err);
}

bool page_import(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app};

	return auth_need_owner(app, req, err) ? show(&view, req, 200, res, err) : page_login_ask(app, req, "/queries", res, err);
}

/* What was typed is shown again, where some of it was refused. */
bool page_import_submit(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app};
	AUTO(query_import_clear) struct query_import result = {0};
	struct error why = {0};

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, "/queries", res, err);
	if (query_import_body(app, req, &result, &why)) {
		view.result = &result;
		view.typed = result.failed_count ? fields_get(&req->body, "lines") : NULL;
		return show(&view, req, 200, res, err);
	}
	view.error = &why;
	view.typed = fields_get(&req->body, "lines");
	if (page_is_refusal(&why))
		return show(&view, req, http_error_of(why.code)->status, res, err);
	*err = why;
	return false;
}
