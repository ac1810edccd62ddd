#include "cgi/handlers.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/pages/widgets/query_rows.h"
#include "cgi/pages/widgets/status_parts.h"
#include "cgi/request/auth.h"
#include "cgi/request/link_writer.h"
#include "store/history/gone.h"
#include "store/queries.h"

enum { GAPS_MAX = 50 };

static void write_numbers(struct writer *w, const struct status *status)
{
	int64_t next = status->last_run_at ? status->last_run_at + status->interval_s : 0;

	page_write_moment(w, "last_run", status->last_run_at, status->now);
	page_write_moment(w, "next_run", next > status->now ? next : 0, status->now);
	page_write_moment(w, "last_success", status->last_success_at, status->now);
	page_write_counted(w, "videos", status->videos, "video", "videos");
	page_write_number(w, "followed", status->followed);
	if (status->hidden)
		page_write_counted(w, "hidden", status->hidden, "video", "videos");
	else
		write_null(w, "hidden");
}

/* Videos that YouTube no longer has. */
static bool write_gone(struct app *app, struct writer *w, struct error *err)
{
	int64_t gone;

	if (!store_gone_count(app->store, &(struct gone_filter){0}, &gone, err))
		return false;
	if (gone)
		page_write_counted(w, "gone", gone, "video", "videos");
	else
		write_null(w, "gone");
	write_link(w, app, "gone_url", "/gone");
	return true;
}

static void write_push(struct writer *w, const struct status *status)
{
	if (status->push_wanted == 0) {
		write_null(w, "push");
		return;
	}
	write_object(w, "push");
	page_write_number(w, "subscriptions", status->push_alive);
	page_write_counted(w, "channels", status->push_wanted, "channel", "channels");
	page_write_number(w, "percent", status_push_percent(status));
	if (status->push_denied)
		page_write_number(w, "denied", status->push_denied);
	else
		write_null(w, "denied");
	write_bool(w, "hub_fails", status->push_hub.failures > 0);
	write_end(w);
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

static void write_runs(struct writer *w, const struct status *status)
{
	const struct run_list *runs = &status->runs;

	write_bool(w, "has_runs", runs->count > 0);
	write_array(w, "runs");
	for (size_t i = 0; i < runs->count; i++)
		write_run(w, &runs->items[i], status->now);
	write_end(w);
}

/* The queries with gaps or doubts, each with how much of its time is read. */
static bool write_gaps(struct app *app, struct writer *w, struct query_list *queries, struct error *err)
{
	size_t written = 0, left_out = 0;

	write_array(w, "gaps");
	for (size_t i = 0; i < queries->count; i++) {
		if (queries->items[i].gaps_count == 0 && !query_is_doubted(&queries->items[i]))
			continue;
		if (written == GAPS_MAX) {
			left_out++;
			continue;
		}
		if (!store_queries_read_gaps(app->store, &queries->items[i], 1, err))
			return false;
		write_object(w, NULL);
		write_text(w, "query", query_name(&queries->items[i]));
		query_write_coverage(app, w, &queries->items[i]);
		write_end(w);
		written++;
	}
	write_end(w);
	write_bool(w, "has_gaps", written > 0);
	page_write_counted(w, "more_gaps", (int64_t)left_out, "more query has gaps or doubts",
	                   "more queries have gaps or doubts");
	write_bool(w, "has_more_gaps", left_out > 0);
	write_link(w, app, "queries_url", "/queries");
	return true;
}

/* ---- the page ---- */

static bool write_page(struct app *app, struct writer *w, struct status *status, bool owner, struct error *err)
{
	write_link(w, app, "api_url", "/api/status");
	write_link(w, app, "keys_url", "/keys");
	status_write_summary(w, status);
	write_bool(w, "has_warnings", status->warnings.count > 0);
	status_write_warnings(w, status);
	write_numbers(w, status);
	write_push(w, status);
	write_runs(w, status);
	if (!write_gone(app, w, err) || !write_gaps(app, w, &status->queries, err))
		return false;
	if (owner)
		status_write_owner(app, w, status);
	else
		write_null(w, "owner");
	return true;
}

bool page_status(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	AUTO(status_clear) struct status status = {0};
	struct page_frame frame = {.title = "Status", .req = req, .with_freshness = true};

	return app_status(app, &status, err) && page_begin(app, &frame, &page, err) &&
	       write_page(app, &page.w, &status, auth_is_owner(app, req), err) &&
	       page_render(app, "status", &page, 200, res, err);
}
