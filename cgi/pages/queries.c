#include <stdio.h>
#include <string.h>

#include "base/text_list.h"
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
#include "cgi/commands/query_settings.h"
#include "cgi/request/query_filter.h"
#include "cgi/pages/widgets/query_rows.h"
#include "store/keys.h"

enum { ROWS = 50, FEW = 5 /* need no filter */, PATH_BYTES = 4096 };

static const struct query_filter whole_list = {
    .standing = STANDING_COUNT, .order = ORDER_GROUP, .default_order = ORDER_GROUP, .page_number = 1, .page_size = ROWS};

static const char path[] = "/queries";

const char *const queries_parameters[] = {"text", "group", "state", "sort", "page_number", "done", "removed", NULL};

/* What the page is made of. */
struct view {
	struct app *app;
	struct page page;
	bool owner;
	struct query_filter filter;
	struct query_list queries;  /* those that fit */
	struct text_list groups;    /* of all of them */
	int64_t tracked;            /* so many are there */
	struct query_list visitors; /* these two for the owner only */
	struct query_list removed;
	const char *done;           /* what was done before this page; NULL = nothing to tell */
	struct id_list removed_ids; /* the queries that were removed just now */
	const char *typed;          /* the text that was refused, else "" */
	const struct error *error;  /* why it was, else NULL */
};

static void view_clear(struct view *view)
{
	page_clear(&view->page);
	query_list_clear(&view->queries);
	text_list_clear(&view->groups);
	query_list_clear(&view->visitors);
	query_list_clear(&view->removed);
}

/* ---- reading ---- */

static const struct outcome outcomes[] = {{.name = "added", .words = "Added. The first videos arrive within a minute or two."},
                                          {.name = "pause", .words = "Paused. Nothing new is recorded until you resume it."},
                                          {.name = "resume", .words = "Resumed."},
                                          {.name = "group", .words = "Saved."},
                                          {.name = "none", .words = "Nothing was done: choose queries first."},
                                          {.name = "purge", .words = "Deleted. Videos that other queries found are kept."},
                                          {.name = "keep", .words = "Kept. It is a tracked query now."},
                                          {.name = "drop", .words = "Request removed."},
                                          {.name = "follow", .words = "Its channels are followed."},
                                          {.name = "unfollow", .words = "No channels are followed for it."}};

static bool read_parameters(const struct request *req, struct view *view, struct error *err)
{
	const char *removed = fields_get(&req->query, "removed");

	if (!query_filter_read(req, &view->filter, err) ||
	    (removed && !several_read_ids("removed", removed, &view->removed_ids, err)) ||
	    !outcome_read(req, outcomes, sizeof(outcomes) / sizeof(outcomes[0]), &view->done, err))
		return false;
	if (!view->owner)
		view->done = NULL;
	return true;
}

static bool note_groups(struct view *view, struct error *err)
{
	view->tracked = (int64_t)view->queries.count;
	for (size_t i = 0; i < view->queries.count; i++) {
		const char *group = view->queries.items[i].settings.group;

		if (group && !text_list_has(&view->groups, group) && !text_list_add(&view->groups, group, err))
			return false;
	}
	return true;
}

static bool read_queries(struct view *view, struct error *err)
{
	struct store *store = view->app->store;
	int64_t now = app_now(view->app);

	return store_queries_list(store, QUERIES_PUBLIC, now, &view->queries, err) && note_groups(view, err) &&
	       query_filter_apply(&view->filter, &view->queries, err) &&
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

/* The removed queries that can come back, as a form. */
static bool write_undo(struct view *view, struct error *err)
{
	struct writer *w = &view->page.w;
	AUTO(query_clear) struct query last = {0};
	int64_t count = 0;

	write_array(w, "undo");
	for (size_t i = 0; i < view->removed_ids.count && view->owner; i++) {
		AUTO(query_clear) struct query query = {0};

		if (!store_query_get_any(view->app->store, view->removed_ids.items[i], app_now(view->app), &query, err) &&
		    err->code != ERR_NOT_FOUND)
			return false;
		if (query.entry_state != ENTRY_REMOVED)
			continue;
		count++;
		write_object(w, NULL);
		write_int(w, "id", query.id);
		query_clear(&last);
		last = query;
		query = (struct query){0};
		write_end(w);
	}
	write_end(w);
	write_bool(w, "undo_any", count > 0);
	write_link(w, view->app, "several_url", "/queries/several");
	write_bool(w, "undo_one", count == 1);
	page_write_counted(w, "undo_count", count, "query", "queries");
	write_text(w, "undo_query", count == 1 ? query_name(&last) : NULL);
	page_write_counted(w, "undo_videos", count == 1 ? last.videos : 0, "video", "videos");
	return true;
}

static bool write_notices(struct view *view, struct error *err)
{
	write_text(&view->page.w, "done", view->done);
	return write_undo(view, err);
}

/* ---- the list ---- */

static void write_filter(struct view *view)
{
	static const char *const state_words[] = {[STANDING_ACTIVE] = "active",
	                                          [STANDING_PAUSED] = "paused",
	                                          [STANDING_BEFORE] = "not begun",
	                                          [STANDING_ENDED] = "ended",
	                                          [STANDING_FAILING] = "failing"};
	static const char *const order_words[] = {
	    [ORDER_ADDED] = "first added",  [ORDER_NAME] = "name",        [ORDER_GROUP] = "group",
	    [ORDER_VIDEOS] = "most videos", [ORDER_TODAY] = "most today", [ORDER_POLLED] = "last polled"};
	const struct query_filter *filter = &view->filter;
	struct writer *w = &view->page.w;

	write_object(w, "filter");
	write_text(w, "text", filter->text ? filter->text : "");
	write_bool(w, "any_groups", view->groups.count > 0);
	write_array(w, "groups");
	for (size_t i = 0; i < view->groups.count; i++)
		page_add_option(w, view->groups.items[i], view->groups.items[i],
		                filter->group && strcmp(filter->group, view->groups.items[i]) == 0);
	write_end(w);
	write_array(w, "states");
	for (enum query_standing state = 0; state < STANDING_COUNT; state++)
		page_add_option(w, query_standing_name(state), state_words[state], filter->standing == state);
	write_end(w);
	write_array(w, "orders");
	for (enum query_order order = 0; order < ORDER_COUNT; order++)
		page_add_option(w, query_order_name(order), order_words[order], filter->order == order);
	write_end(w);
	write_bool(w, "narrowed", filter->text || filter->group || filter->standing != STANDING_COUNT);
	write_link(w, view->app, "url", path);
	write_end(w);
}

static bool write_pages(struct view *view, int64_t last, struct error *err)
{
	AUTO(buf_clear) struct buf list = BUF(PATH_BYTES);
	const struct query_filter *filter = &view->filter;
	const struct video_query params = {.request = {.page_number = filter->page_number, .page_size = ROWS},
	                                   .default_page_size = ROWS};
	const struct paging paging = {.previous = filter->page_number - 1,
	                              .next = filter->page_number < last ? filter->page_number + 1 : 0,
	                              .last = last};

	query_filter_path(filter, path, &list);
	if (!buf_ok(&list, err))
		return false;
	write_page_numbers(&view->page.w, view->app, buf_text(&list), &params, &paging);
	return true;
}

/* The rows of a group stand below its name, where that is the order. */
static bool write_group(struct view *view, size_t *at, size_t to, struct error *err)
{
	struct writer *w = &view->page.w;
	const char *group = view->filter.order == ORDER_GROUP ? view->queries.items[*at].settings.group : NULL;

	write_object(w, NULL);
	write_text(w, "name", group);
	write_array(w, "queries");
	for (bool same = true; *at < to && same; (*at)++) {
		const char *next = *at + 1 < to ? view->queries.items[*at + 1].settings.group : NULL;

		if (!query_row_write(view->app, w, &view->queries.items[*at], view->owner ? ROW_TO_CHOOSE : ROW_FOR_VISITORS,
		                     err))
			return false;
		same = !group || (next && strcmp(next, group) == 0);
	}
	write_end(w);
	write_end(w);
	return true;
}

static bool write_rows(struct view *view, struct error *err)
{
	struct writer *w = &view->page.w;
	size_t from, to;
	int64_t last = query_filter_page(&view->filter, &view->queries, &from, &to);

	page_write_counted(w, "count", view->tracked, "tracked query", "tracked queries");
	page_write_counted(w, "shown", (int64_t)view->queries.count, "query", "queries");
	write_bool(w, "empty", view->tracked == 0);
	write_bool(w, "choose", view->owner && from < to);
	if (!write_pages(view, last, err) ||
	    (from < to && !store_queries_read_gaps(view->app->store, view->queries.items + from, to - from, err)))
		return false;
	write_array(w, "sections");
	while (from < to)
		if (!write_group(view, &from, to, err))
			return false;
	write_end(w);
	if (view->tracked > FEW || view->groups.count > 0)
		write_filter(view);
	else
		write_null(w, "filter");
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
	struct page_frame frame = {.title = "Queries",
	                           .page_number = view->filter.page_number,
	                           .req = req,
	                           .with_freshness = true};

	if (!read_queries(view, err) || !page_begin(view->app, &frame, &view->page, err) || !write_keyless(view, res, err) ||
	    !write_notices(view, err) || !write_rows(view, err))
		return false;
	write_link(&view->page.w, view->app, "status_url", "/status");
	write_link(&view->page.w, view->app, "import_url", "/queries/import");
	write_link(&view->page.w, view->app, "compare_url", "/compare");
	write_form(view);
	write_visitors(view);
	write_removed(view);
	return page_render(view->app, "queries", &view->page, status, res, err);
}

bool page_queries(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app, .owner = auth_is_owner(app, req), .filter = whole_list, .typed = ""};

	return read_parameters(req, &view, err) && show(&view, req, 200, res, err);
}

/* ---- adding ---- */

static bool refuse(struct app *app, const struct request *req, const struct error *why, struct response *res, struct error *err)
{
	const char *typed = fields_get(&req->body, "query");
	AUTO(view_clear)
	struct view view = {
	    .app = app, .owner = auth_is_owner(app, req), .filter = whole_list, .typed = typed ? typed : "", .error = why};

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
		return page_login_ask(app, req, path, res, err);
	if (!params_read_id(req, "query", &id, err) || !read_action(req, &action, err) || !query_act(app, id, action, err))
		return false;
	if (action == QUERY_REMOVE)
		snprintf(to, sizeof(to), "/queries?removed=%lld", (long long)id);
	else
		snprintf(to, sizeof(to), "/queries?done=%s", query_action_name(action));
	return page_redirect(app, to, res, err);
}

/* ---- several at once ---- */

static bool pause_one(struct app *app, const struct request *req, int64_t id, struct error *err)
{
	(void)req;
	return query_act(app, id, QUERY_PAUSE, err);
}

static bool resume_one(struct app *app, const struct request *req, int64_t id, struct error *err)
{
	(void)req;
	return query_act(app, id, QUERY_RESUME, err);
}

static bool remove_one(struct app *app, const struct request *req, int64_t id, struct error *err)
{
	(void)req;
	return query_act(app, id, QUERY_REMOVE, err);
}

static const struct button {
	const char *name;
	do_to_query *run; /* NULL: nothing is done to them */
} buttons_of_several[] = {
    {.name = "pause", .run = pause_one},
    {.name = "resume", .run = resume_one},
    {.name = "remove", .run = remove_one},
    {.name = "group", .run = query_set_settings},
    {.name = "compare"},
};

/* Leads on to the comparison of the chosen queries. */
static bool compare(struct app *app, const struct id_list *ids, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf to = BUF(PATH_BYTES);

	buf_add_text(&to, "/compare");
	for (size_t i = 0; i < ids->count; i++)
		buf_printf(&to, "%s%lld", i ? "," : "?queries=", (long long)ids->items[i]);
	return buf_ok(&to, err) && page_redirect(app, buf_text(&to), res, err);
}

/* Errors: ERR_INVALID also for a field that is neither a choice nor of the form. */
static bool read_button(const struct request *req, const struct button **out, struct error *err)
{
	const char *name = fields_get(&req->body, "action");

	for (size_t i = 0; i < sizeof(buttons_of_several) / sizeof(buttons_of_several[0]); i++) {
		*out = &buttons_of_several[i];
		if (name && strcmp(name, (*out)->name) == 0)
			return true;
	}
	return error_set_field(err, ERR_INVALID, "action", "pause, resume, remove, group or compare is allowed");
}

/* Leads back to the list, which offers to undo a removal. */
static bool go_back(struct app *app, const char *done, const struct id_list *ids, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf to = BUF(PATH_BYTES);

	if (strcmp(done, "remove") != 0) {
		buf_printf(&to, "/queries?done=%s", done);
	} else {
		for (size_t i = 0; i < ids->count; i++)
			buf_printf(&to, "%s%lld", i ? "," : "/queries?removed=", (long long)ids->items[i]);
	}
	return buf_ok(&to, err) && page_redirect(app, buf_text(&to), res, err);
}

bool page_queries_act(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(several_clear) struct several several = {0};
	struct id_list ids = {.count = 0};
	const struct button *button;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	if (!read_button(req, &button, err) || !several_read_checked(&req->body, &ids, err))
		return false;
	if (!button->run)
		return compare(app, &ids, res, err);
	if (!several_do(app, req, &ids, button->run, &several, err))
		return false;
	return go_back(app, ids.count ? button->name : "none", &ids, res, err);
}
