#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "cgi/handlers.h"
#include "cgi/pages/page.h"
#include "cgi/request/http_error.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/links.h"
#include "cgi/pages/widgets/outcome.h"
#include "cgi/pages/widgets/page_numbers.h"
#include "cgi/pages/widgets/parts.h"
#include "http/params.h"
#include "cgi/commands/queries.h"
#include "cgi/pages/widgets/query_rows.h"
#include "store/keys.h"

enum { ROWS = 50, PATH_BYTES = 4096 };

static const char path[] = "/queries";

const char *const queries_parameters[] = {"page_number", "done", "removed", NULL};

/* What the page is made of. */
struct view {
	struct app *app;
	struct page page;
	bool owner;
	int64_t page_number;
	struct query_list queries;
	struct query_list visitors; /* these two for the owner only */
	struct query_list removed;
	const char *done;          /* what was done before this page; NULL = nothing to tell */
	int64_t removed_id;        /* the query that was removed just now, 0 = none */
	const char *typed;         /* the text that was refused, else "" */
	const struct error *error; /* why it was, else NULL */
};

static void view_clear(struct view *view)
{
	page_clear(&view->page);
	query_list_clear(&view->queries);
	query_list_clear(&view->visitors);
	query_list_clear(&view->removed);
}

/* ---- reading ---- */

static const struct outcome outcomes[] = {{.name = "added", .words = "Added. The first videos arrive within a minute or two."},
                                          {.name = "pause", .words = "Paused. Nothing new is recorded until you resume it."},
                                          {.name = "resume", .words = "Resumed."},
                                          {.name = "purge", .words = "Deleted. Videos that other queries found are kept."},
                                          {.name = "keep", .words = "Kept. It is a tracked query now."},
                                          {.name = "drop", .words = "Request removed."},
                                          {.name = "follow", .words = "Its channels are followed."},
                                          {.name = "unfollow", .words = "No channels are followed for it."}};

static bool read_parameters(const struct request *req, struct view *view, struct error *err)
{
	if (!request_int(req, "page_number", 1, QUERY_COUNT_MAX, &view->page_number, err) ||
	    !request_int(req, "removed", 1, INT64_MAX, &view->removed_id, err) ||
	    !outcome_read(req, outcomes, sizeof(outcomes) / sizeof(outcomes[0]), &view->done, err))
		return false;
	if (!view->owner)
		view->done = NULL;
	return true;
}

static bool read_queries(struct view *view, struct error *err)
{
	struct store *store = view->app->store;
	int64_t now = app_now(view->app);

	return store_queries_list(store, QUERIES_PUBLIC, now, &view->queries, err) &&
	       (!view->owner || (store_queries_list(store, QUERIES_VISITORS, now, &view->visitors, err) &&
	                         store_queries_list(store, QUERIES_REMOVED, now, &view->removed, err)));
}

/* ---- parts ---- */

/* In the demo there is no need of a key. The first one changes the page, but nothing that its ETag depends on. */
static bool write_keyless(struct view *view, struct response *res, struct error *err)
{
	bool exist = true;

	if (!view->app->shared->demo && !store_keys_exist(view->app->store, &exist, err))
		return false;
	write_bool(&view->page.w, "keyless", !exist);
	write_link(&view->page.w, view->app, "keys_url", "/keys");
	res->no_store = res->no_store || !exist;
	return true;
}

static const char *refused_words(const struct view *view)
{
	if (!view->error)
		return NULL;
	return view->typed[strspn(view->typed, " \t\r\n")] ? page_refusal_words(view->error, "query") : "enter a query";
}

static void write_form(struct view *view)
{
	struct writer *w = &view->page.w;

	if (!view->owner && view->app->shared->config->visitor_queries == 0) {
		write_null(w, "form");
		return;
	}
	write_object(w, "form");
	write_link(w, view->app, "url", path);
	write_text(w, "typed", view->typed);
	write_int(w, "length", QUERY_LENGTH_MAX);
	write_text(w, "refused", refused_words(view));
	write_end(w);
}

/* Of a query that was removed or is a visitor's: members of the object that is open. */
static void write_short(struct view *view, const struct query *query)
{
	write_link_id(&view->page.w, view->app, "url", "/queries/", query->id);
	write_text(&view->page.w, "query", query->text);
	page_write_counted(&view->page.w, "videos", query->videos, "video", "videos");
}

static bool write_notices(struct view *view, struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	struct writer *w = &view->page.w;

	write_text(w, "done", view->done);
	if (view->owner && view->removed_id &&
	    !store_query_get_any(view->app->store, view->removed_id, app_now(view->app), &query, err) &&
	    err->code != ERR_NOT_FOUND)
		return false;
	if (query.entry_state != ENTRY_REMOVED) {
		write_null(w, "undo");
		return true;
	}
	write_object(w, "undo");
	write_short(view, &query);
	write_end(w);
	return true;
}

static bool write_rows(struct view *view, struct error *err)
{
	struct writer *w = &view->page.w;
	size_t from = (size_t)(view->page_number - 1) * ROWS;
	size_t to = from + ROWS < view->queries.count ? from + ROWS : view->queries.count;
	int64_t last = ((int64_t)view->queries.count + ROWS - 1) / ROWS;
	const struct video_query params = {.request = {.page_number = view->page_number, .page_size = ROWS},
	                                   .default_page_size = ROWS};
	const struct paging paging = {.previous = view->page_number - 1,
	                              .next = view->page_number < last ? view->page_number + 1 : 0,
	                              .last = last};

	page_write_counted(w, "count", (int64_t)view->queries.count, "tracked query", "tracked queries");
	write_bool(w, "empty", view->queries.count == 0);
	write_page_numbers(w, view->app, path, &params, &paging);
	if (from < to && !store_queries_read_gaps(view->app->store, view->queries.items + from, to - from, err))
		return false;
	write_array(w, "queries");
	for (size_t i = from; i < to; i++)
		if (!query_row_write(view->app, w, &view->queries.items[i], view->owner, err))
			return false;
	write_end(w);
	return true;
}

static void write_visitors(struct view *view)
{
	struct writer *w = &view->page.w;

	write_bool(w, "has_visitors", view->visitors.count > 0);
	write_array(w, "visitors");
	for (size_t i = 0; i < view->visitors.count; i++) {
		const struct query *query = &view->visitors.items[i];

		write_object(w, NULL);
		write_short(view, query);
		page_write_moment(w, "posted", query->posted_at, app_now(view->app));
		write_array(w, "buttons");
		page_add_button(w, query_action_name(QUERY_KEEP), "Keep", query->text, false);
		page_add_button(w, query_action_name(QUERY_DROP), "Remove", query->text, true);
		write_end(w);
		write_end(w);
	}
	write_end(w);
}

static void write_removed(struct view *view)
{
	struct writer *w = &view->page.w;

	write_bool(w, "has_removed", view->removed.count > 0);
	write_array(w, "removed");
	for (size_t i = 0; i < view->removed.count; i++) {
		const struct query *query = &view->removed.items[i];

		write_object(w, NULL);
		write_short(view, query);
		write_bool(w, "visitors", query->origin == ORIGIN_VISITOR);
		write_end(w);
	}
	write_end(w);
}

static bool show(struct view *view, const struct request *req, int status, struct response *res, struct error *err)
{
	struct page_frame frame = {.title = "Queries", .page_number = view->page_number, .req = req, .with_freshness = true};

	if (!read_queries(view, err) || !page_begin(view->app, &frame, &view->page, err) || !write_keyless(view, res, err) ||
	    !write_notices(view, err) || !write_rows(view, err))
		return false;
	write_link(&view->page.w, view->app, "status_url", "/status");
	write_form(view);
	write_visitors(view);
	write_removed(view);
	return page_render(view->app, "queries", &view->page, status, res, err);
}

bool page_queries(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app, .owner = auth_is_owner(app, req), .page_number = 1, .typed = ""};

	return read_parameters(req, &view, err) && show(&view, req, 200, res, err);
}

/* ---- adding ---- */

static bool refuse(struct app *app, const struct request *req, const struct error *why, struct response *res, struct error *err)
{
	const char *typed = fields_get(&req->body, "query");
	AUTO(view_clear)
	struct view view = {
	    .app = app, .owner = auth_is_owner(app, req), .page_number = 1, .typed = typed ? typed : "", .error = why};

	if (why->code == ERR_TOO_MANY)
		response_header(res, "Retry-After", "3600");
	return show(&view, req, http_error_of(why->code)->status, res, err);
}

/* A visitor goes on to the list of what they asked for, which nobody else sees. */
static bool go_on(struct app *app, enum access access, const char *text, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf to = BUF(PATH_BYTES);
	char separator = '?';

	if (access == ACCESS_OWNER)
		return page_redirect(app, "/queries?done=added", res, err);
	buf_add_text(&to, "/");
	link_add_parameter(&to, &separator, "query", text);
	return buf_ok(&to, err) && page_redirect(app, buf_text(&to), res, err);
}

static bool add(struct app *app, const struct request *req, enum access access, const char *text, struct error *err)
{
	enum query_added added;
	int64_t id;

	return access == ACCESS_OWNER ? query_track(app, text, &id, &added, err) : query_request(app, req, text, err);
}

bool page_query_add(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	enum access access;
	struct error why = {0};
	const char *text;

	if (!query_read_access(app, req, &access, err))
		return false;
	if (query_read_text(req, &text, &why) && add(app, req, access, text, &why))
		return go_on(app, access, text, res, err);
	if (page_is_refusal(&why))
		return refuse(app, req, &why, res, err);
	*err = why;
	return false;
}

/* ---- the buttons ---- */

static bool read_action(const struct request *req, enum query_action *out, struct error *err)
{
	static const char *const members[] = {"action", NULL};
	const char *name = fields_get(&req->body, "action");

	if (!params_body_only(req, members, err))
		return false;
	for (*out = QUERY_PAUSE; *out < QUERY_ACTION_COUNT; (*out)++)
		if (name && strcmp(name, query_action_name(*out)) == 0)
			return true;
	return error_set_field(err, ERR_INVALID, "action",
	                       "pause, resume, remove, purge, keep, drop, follow or unfollow is allowed");
}

bool page_query_act(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	enum query_action action;
	char to[PATH_BYTES];
	int64_t id;

	if (!auth_need_owner(app, req, err))
		return err->code == ERR_UNAUTHORIZED && page_login_ask(app, req, path, res, err);
	if (!params_read_id(req, "query", &id, err) || !read_action(req, &action, err) || !query_act(app, id, action, err))
		return false;
	if (action == QUERY_REMOVE)
		snprintf(to, sizeof(to), "/queries?removed=%lld", (long long)id);
	else
		snprintf(to, sizeof(to), "/queries?done=%s", query_action_name(action));
	return page_redirect(app, to, res, err);
}
