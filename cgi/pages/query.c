#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "cgi/commands/backfill.h"
#include "cgi/commands/queries.h"
#include "cgi/commands/query_settings.h"
#include "cgi/handlers.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/attrition.h"
#include "cgi/pages/widgets/outcome.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/pages/widgets/query_rows.h"
#include "cgi/request/http_error.h"
#include "cgi/request/link_writer.h"
#include "http/params.h"
#include "store/hidden/query_rules.h"

enum { PATH_SIZE = 64, ATTRITION_DAYS_SHOWN = 7, DATE_LENGTH = sizeof("2026-11-22") - 1 };

const char *const query_parameters[] = {"done", NULL};

/* What the page is made of. */
struct view {
	struct app *app;
	struct page page;
	struct query query;
	struct query_list queries;                /* all of them, for the names of their groups */
	const char *done;                         /* what was done before this page; NULL = nothing to tell */
	const struct fields *typed;               /* what was refused, NULL = nothing was */
	const struct error *error;                /* and why */
	const struct backfill_estimate *estimate; /* to be confirmed, NULL = none */
};

static void view_clear(struct view *view)
{
	page_clear(&view->page);
	query_clear(&view->query);
	query_list_clear(&view->queries);
}

static const struct outcome outcomes[] = {{.name = "change", .words = "Saved."},
                                          {.name = "backfill",
                                           .words = "The backfill has begun. It is searched as quota allows."},
                                          {.name = "cancel", .words = "The backfill is cancelled. What it found stays."}};

/* ---- the page ---- */

/* The member NAME: `value`, which was typed if that was refused, else KEPT, and why it was refused. */
static void write_field(struct view *view, const char *name, const char *kept)
{
	struct writer *w = &view->page.w;
	const char *typed = view->typed && fields_has(view->typed, name) ? fields_get(view->typed, name) : kept;

	write_object(w, name);
	write_text(w, "value", typed ? typed : "");
	write_text(w, "refused",
	           view->error && strcmp(view->error->field, name) == 0 ? page_refusal_words(view->error, name) : NULL);
	write_end(w);
}

/* Each once. */
static void write_groups(struct view *view)
{
	const struct query *queries = view->queries.items;

	write_array(&view->page.w, "groups");
	for (size_t i = 0; i < view->queries.count; i++) {
		const char *group = queries[i].settings.group;
		bool is_new = group != NULL;

		for (size_t j = 0; j < i && is_new; j++)
			is_new = !queries[j].settings.group || strcmp(queries[j].settings.group, group) != 0;
		if (is_new)
			write_text(&view->page.w, NULL, group);
	}
	write_end(&view->page.w);
}

static void write_name_form(struct view *view)
{
	struct writer *w = &view->page.w;

	write_object(w, "naming");
	write_int(w, "length", QUERY_LABEL_MAX);
	write_field(view, "label", view->query.settings.label);
	write_field(view, "group", view->query.settings.group);
	write_groups(view);
	write_end(w);
}

/* ---- its rules ---- */

static void write_list_field(struct view *view, const char *name, const struct text_list *list)
{
	AUTO(buf_clear) struct buf text = BUF(RULES_LINES_MAX_BYTES);

	query_rules_write_lines(list, &text);
	write_field(view, name, buf_text(&text));
}

static void write_seconds_field(struct view *view, const char *name, int64_t seconds)
{
	char number[32];

	snprintf(number, sizeof(number), "%lld", (long long)seconds);
	write_field(view, name, seconds ? number : "");
}

/* The options of a choice: those of OPTIONS, and CHOSEN if it is none of them. */
struct option {
	const char *value, *label;
};

static void write_options(struct view *view, const char *name, const struct option *options, size_t count, const char *chosen)
{
	bool known = false;

	write_array(&view->page.w, name);
	for (size_t i = 0; i < count; i++) {
		bool is_it = strcmp(options[i].value, chosen) == 0;

		page_add_option(&view->page.w, options[i].value, options[i].label, is_it);
		known |= is_it;
	}
	if (!known)
		page_add_option(&view->page.w, chosen, chosen, true);
	write_end(&view->page.w);
}

static void write_choices(struct view *view)
{
	static const struct option shorts[] = {{"false", "show all"}, {"true", "hide possible Shorts"}};
	static const struct option kinds[] = {{"", "all"},
	                                      {"video", "videos, no live streams"},
	                                      {"video,was_live", "videos and past live streams"},
	                                      {"live,upcoming,was_live", "live streams only"}};
	const struct query_rules *rules = &view->query.rules;
	AUTO(buf_clear) struct buf chosen = BUF(RULES_LINES_MAX_BYTES);

	query_rules_write_kinds(rules->kinds, &chosen);
	write_options(view, "shorts", shorts, sizeof(shorts) / sizeof(shorts[0]), rules->hide_shorts ? "true" : "false");
	write_options(view, "kinds", kinds, sizeof(kinds) / sizeof(kinds[0]), buf_text(&chosen));
}

static bool write_rules(struct view *view, struct error *err)
{
	const struct query_rules *rules = &view->query.rules;
	struct writer *w = &view->page.w;
	int64_t hidden;
	bool judging;

	if (!store_query_rules_state(view->app->store, view->query.id, &hidden, &judging, err))
		return false;
	write_object(w, "rules");
	if (hidden)
		page_write_counted(w, "hidden", hidden, "video", "videos");
	else
		write_null(w, "hidden");
	write_bool(w, "judging", judging);
	write_list_field(view, "excluded_words", &rules->excluded_words);
	write_list_field(view, "excluded_channels", &rules->excluded_channels);
	write_seconds_field(view, "min_duration", rules->min_duration_s);
	write_seconds_field(view, "max_duration", rules->max_duration_s);
	write_field(view, "region", rules->region);
	write_field(view, "language", rules->language);
	write_choices(view);
	write_end(w);
	return true;
}

/* "2026-11-22", with its time unless that is midnight; "" for 0. */
static void write_time_field(struct view *view, const char *name, int64_t time)
{
	char text[TIMESTAMP_SIZE] = "";

	if (time)
		timestamp_format(time, text);
	if (time && time == timestamp_day(time))
		text[DATE_LENGTH] = '\0';
	write_field(view, name, text);
}

static void write_priorities(struct view *view)
{
	static const enum query_priority order[] = {PRIORITY_HIGH, PRIORITY_NORMAL, PRIORITY_LOW};
	static const char *const words[] = {[PRIORITY_HIGH] = "High: four times the searches",
	                                    [PRIORITY_NORMAL] = "Normal",
	                                    [PRIORITY_LOW] = "Low: a quarter of the searches"};
	struct writer *w = &view->page.w;

	write_array(w, "priorities");
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		page_add_option(w, query_priority_name(order[i]), words[order[i]], order[i] == view->query.settings.priority);
	write_end(w);
}

static void write_planning_form(struct view *view)
{
	struct writer *w = &view->page.w;

	write_object(w, "planning");
	write_bool(w, "is_search", view->query.source == QUERY_SOURCE_SEARCH);
	write_priorities(view);
	write_time_field(view, "starts_at", view->query.settings.starts_at);
	write_time_field(view, "ends_at", view->query.settings.ends_at);
	write_end(w);
}

/* How long its videos are kept: nothing, or days. */
static void write_keeping_form(struct view *view)
{
	struct writer *w = &view->page.w;
	int64_t days = view->query.settings.keep_days;
	int64_t configured = view->app->shared->config->keep_days;
	char number[32] = "";

	if (days != QUERY_KEEP_DEFAULT)
		snprintf(number, sizeof(number), "%lld", (long long)(days == QUERY_KEEP_ALL ? 0 : days));
	write_object(w, "keeping");
	write_field(view, "keep_days", number);
	if (configured)
		page_write_counted(w, "configured", configured, "day", "days");
	else
		write_null(w, "configured");
	write_end(w);
}

static void write_estimate(struct view *view)
{
	const struct backfill_estimate *estimate = view->estimate;
	struct writer *w = &view->page.w;
	char since[TIMESTAMP_SIZE];

	if (!estimate) {
		write_null(w, "estimate");
		return;
	}
	timestamp_format(estimate->since, since);
	write_object(w, "estimate");
	write_text(w, "since", since);
	page_write_minute(w, "from", estimate->since);
	page_write_minute(w, "to", estimate->until);
	page_write_counted(w, "searches", estimate->searches, "search", "searches");
	if (estimate->waiting)
		page_write_counted(w, "waiting", estimate->waiting, "search", "searches");
	else
		write_null(w, "waiting");
	if (estimate->days)
		page_write_counted(w, "days", estimate->days, "day", "days");
	else
		write_null(w, "days");
	write_end(w);
}

static void write_progress(struct view *view)
{
	const struct backfill *backfill = &view->query.backfill;
	struct writer *w = &view->page.w;

	if (backfill->until == 0) {
		write_null(w, "progress");
		return;
	}
	write_object(w, "progress");
	page_write_minute(w, "from", backfill->since);
	page_write_minute(w, "to", backfill->until);
	write_int(w, "percent",
	          (backfill->until - backfill->since - backfill->missing_s) * 100 / (backfill->until - backfill->since));
	write_bool(w, "done", backfill->missing_s == 0);
	write_end(w);
}

static void write_backfill(struct view *view)
{
	struct writer *w = &view->page.w;

	if (view->query.source == QUERY_SOURCE_CHANNEL) {
		write_null(w, "backfill");
		return;
	}
	write_object(w, "backfill");
	page_write_minute(w, "begins", view->query.covered_since);
	write_estimate(view);
	write_progress(view);
	write_end(w);
}

/* What may not be changed here has no form. */
static void write_text_form(struct view *view)
{
	struct writer *w = &view->page.w;

	write_bool(w, "in_config", view->query.in_config);
	if (view->query.in_config || view->query.source == QUERY_SOURCE_CHANNEL) {
		write_null(w, "text");
		return;
	}
	write_object(w, "text");
	write_field(view, "query", view->query.text);
	write_int(w, "length", QUERY_LENGTH_MAX);
	write_end(w);
}

static bool write_query(struct view *view, struct error *err)
{
	struct writer *w = &view->page.w;

	write_array(w, "queries");
	if (!query_row_write(view->app, w, &view->query, ROW_ALONE, err))
		return false;
	write_end(w);
	return true;
}

static bool show(struct view *view, const struct request *req, int64_t id, int status, struct response *res, struct error *err)
{
	struct writer *w = &view->page.w;
	struct page_frame frame = {.req = req, .with_freshness = true};
	int64_t now = app_now(view->app);
	char path[PATH_SIZE];

	if (!store_query_get(view->app->store, id, now, &view->query, err) ||
	    !store_queries_list(view->app->store, QUERIES_PUBLIC, now, &view->queries, err))
		return false;
	frame.title = query_name(&view->query);
	if (!page_begin(view->app, &frame, &view->page, err) || !write_query(view, err))
		return false;
	write_text(w, "name", query_name(&view->query));
	write_text(w, "done", view->done);
	write_text(w, "refused", view->error ? view->error->text : NULL);
	write_link(w, view->app, "queries_url", "/queries");
	snprintf(path, sizeof(path), "/compare?queries=%lld", (long long)id);
	write_link(w, view->app, "compare_url", path);
	snprintf(path, sizeof(path), "/queries/%lld/settings", (long long)id);
	write_link(w, view->app, "url", path);
	snprintf(path, sizeof(path), "/queries/%lld/backfill", (long long)id);
	write_link(w, view->app, "backfill_url", path);
	const char *since = view->typed ? fields_get(view->typed, "since") : NULL;
	write_text(w, "since", since ? since : "");
	write_text_form(view);
	write_name_form(view);
	write_planning_form(view);
	write_keeping_form(view);
	write_backfill(view);
	return attrition_write_table(view->app, w, id, ATTRITION_DAYS_SHOWN, err) && write_rules(view, err) &&
	       page_render(view->app, "query", &view->page, status, res, err);
}

bool page_query(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app};
	int64_t id;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, "/queries", res, err);
	return params_read_id(req, "query", &id, err) &&
	       outcome_read(req, outcomes, sizeof(outcomes) / sizeof(outcomes[0]), &view.done, err) &&
	       show(&view, req, id, 200, res, err);
}

/* ---- its forms ---- */

/* Shows the page again when WHY is about what was typed. */
static bool refuse(struct view *view, const struct request *req, int64_t id, const struct error *why, struct response *res,
                   struct error *err)
{
	view->error = why;
	if (page_is_refusal(why))
		return show(view, req, id, http_error_of(why->code)->status, res, err);
	*err = *why;
	return false;
}

static bool go_back(struct app *app, int64_t id, const char *done, struct response *res, struct error *err)
{
	char to[PATH_SIZE];

	snprintf(to, sizeof(to), "/queries/%lld?done=%s", (long long)id, done);
	return page_redirect(app, to, res, err);
}

bool page_query_change(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app, .typed = &req->body};
	struct error why = {0};
	int64_t id;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, "/queries", res, err);
	if (!params_read_id(req, "query", &id, err))
		return false;
	return query_patch(app, req, id, &why) ? go_back(app, id, "change", res, err) : refuse(&view, req, id, &why, res, err);
}

/* The same page with the estimate, which a second form confirms. */
bool page_query_backfill(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app, .typed = &req->body};
	const char *cancels = fields_get(&req->body, "cancel");
	struct backfill_estimate estimate;
	struct error why = {0};
	bool confirmed;
	int64_t id;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, "/queries", res, err);
	if (!params_read_id(req, "query", &id, err))
		return false;
	if (cancels)
		return backfill_cancel(app, id, err) && go_back(app, id, "cancel", res, err);
	if (!backfill_ask(app, req, id, &estimate, &confirmed, &why))
		return refuse(&view, req, id, &why, res, err);
	view.estimate = &estimate;
	return confirmed ? go_back(app, id, "backfill", res, err) : show(&view, req, id, 200, res, err);
}
