#include "cgi/handlers.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/pages/widgets/query_rows.h"
#include "cgi/pages/widgets/status_parts.h"
#include "cgi/request/auth.h"
#include "cgi/request/link_writer.h"
#include "store/status.h"

enum { GAPS_MAX = 50 };

struct view {
	struct app *app;
	struct writer *w;
	struct status status;
	bool owner;
};

static void view_clear(struct view *view)
{
	status_clear(&view->status);
}

/* ---- what everybody sees ---- */

static void write_warnings(struct view *view)
{
	write_bool(view->w, "has_warnings", view->status.warnings.count > 0);
	write_array(view->w, "warnings");
	for (size_t i = 0; i < view->status.warnings.count; i++)
		write_text(view->w, NULL, view->status.warnings.items[i]);
	write_end(view->w);
}

static void write_numbers(struct view *view)
{
	const struct status *status = &view->status;
	int64_t next = status->last_run_at ? status->last_run_at + status->interval_s : 0;

	page_write_moment(view->w, "last_look", status->last_run_at, status->now);
	page_write_moment(view->w, "next_look", next > status->now ? next : 0, status->now);
	page_write_moment(view->w, "last_success", status->last_success_at, status->now);
	page_write_counted(view->w, "videos", status->videos, "video", "videos");
	if (status->hidden)
		page_write_counted(view->w, "hidden", status->hidden, "video is", "videos are");
	else
		write_null(view->w, "hidden");
}

static void write_run(struct writer *w, const struct run *run, int64_t now)
{
	write_object(w, NULL);
	page_write_moment(w, "started", run->started_at, now);
	page_write_number(w, "searches", run->searches);
	page_write_number(w, "units", run->units);
	page_write_number(w, "added", run->added);
	write_text(w, "error", run->error);
	write_bool(w, "unfinished", run->finished_at == 0);
	write_end(w);
}

static void write_runs(struct view *view)
{
	const struct run_list *runs = &view->status.runs;

	write_bool(view->w, "has_runs", runs->count > 0);
	write_array(view->w, "runs");
	for (size_t i = 0; i < runs->count; i++)
		write_run(view->w, &runs->items[i], view->status.now);
	write_end(view->w);
}

/* The queries with gaps, each with how much of its time is read. */
static void write_gaps(struct view *view)
{
	const struct query_list *queries = &view->status.queries;
	size_t written = 0, left_out = 0;

	write_array(view->w, "gaps");
	for (size_t i = 0; i < queries->count; i++) {
		if (queries->items[i].gaps.count == 0)
			continue;
		if (written == GAPS_MAX) {
			left_out++;
			continue;
		}
		write_object(view->w, NULL);
		write_text(view->w, "query", queries->items[i].text);
		query_write_coverage(view->w, &queries->items[i]);
		write_end(view->w);
		written++;
	}
	write_end(view->w);
	write_bool(view->w, "has_gaps", written > 0);
	page_write_counted(view->w, "more_gaps", (int64_t)left_out, "more query has gaps", "more queries have gaps");
	write_bool(view->w, "has_more_gaps", left_out > 0);
	write_link(view->w, view->app, "queries_url", "/queries");
}

/* ---- the page ---- */

static void write_page(struct view *view)
{
	write_link(view->w, view->app, "api_url", "/api/status");
	write_link(view->w, view->app, "keys_url", "/keys");
	status_write_summary(view->w, &view->status);
	write_warnings(view);
	write_numbers(view);
	write_runs(view);
	write_gaps(view);
	if (view->owner)
		status_write_owner(view->app, view->w, &view->status);
	else
		write_null(view->w, "owner");
}

bool page_status(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	AUTO(view_clear) struct view view = {.app = app, .w = &page.w, .owner = auth_is_owner(app, req)};
	struct quota_defaults quota = config_quota_defaults(app->shared->config);
	struct page_frame frame = {.title = "Status", .req = req, .with_freshness = true};

	if (!store_status_read(app->store, &quota, app->shared->config->interval_s, app_now(app), &view.status, err) ||
	    !page_begin(app, &frame, &page, err))
		return false;
	write_page(&view);
	return page_render(app, "status", &page, 200, res, err);
}
