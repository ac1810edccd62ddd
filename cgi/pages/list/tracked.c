#include <string.h>

#include "cgi/pages/list/view.h"
#include "cgi/pages/widgets/parts.h"

enum { SHOWN = 5 /* the rest unfolds */ };

/* The list of one tracked query, 0 = all, with the filters at hand. */
static void write_query_link(const struct list_view *view, const char *name, int64_t query_id)
{
	struct video_query params = view->params;

	params.request.filter.query_id = query_id;
	list_view_link(view, name, "/", &params);
}

/* Why it is not polled. */
static const char *rest_words(const struct query *query)
{
	if (query->entry_state != ENTRY_ACTIVE)
		return "paused";
	return query->period == PERIOD_BEFORE ? "not begun" : "ended";
}

static void write_choice(const struct list_view *view, const struct query *query)
{
	struct writer *w = view->w;
	bool paused = !query_is_polled(query);

	write_object(w, NULL);
	write_query_link(view, "url", query->id);
	write_text(w, "query", query_name(query));
	write_text(w, "title", paused ? rest_words(query) : query->error ? query->error : query->text);
	write_bool(w, "paused", paused);
	write_bool(w, "current", query->id == view->params.request.filter.query_id);
	page_write_number(w, "count", query->videos);
	write_end(w);
}

static void write_choices(const struct list_view *view, const char *name, size_t from, size_t to)
{
	write_array(view->w, name);
	for (size_t i = from; i < to && i < view->queries.count; i++)
		write_choice(view, &view->queries.items[i]);
	write_end(view->w);
}

/* Whether the chosen query is one of these. */
static bool has_chosen(const struct list_view *view, size_t from, size_t to)
{
	const struct query *chosen = list_view_chosen(view);

	return chosen && chosen >= view->queries.items + from && chosen < view->queries.items + to;
}

/* What unfolds. */
static void write_folded(const struct list_view *view, size_t from, size_t to)
{
	write_int(view->w, "count", (int64_t)(to - from));
	write_bool(view->w, "open", has_chosen(view, from, to));
	write_choices(view, "queries", from, to);
}

/* The queries that have a group come first, those of one together. Returns how many they are. */
static size_t write_groups(const struct list_view *view)
{
	const struct query *queries = view->queries.items;
	size_t from = 0;

	write_array(view->w, "groups");
	while (from < view->queries.count && queries[from].settings.group) {
		const char *name = queries[from].settings.group;
		size_t to = from;

		while (to < view->queries.count && queries[to].settings.group && strcmp(queries[to].settings.group, name) == 0)
			to++;
		write_object(view->w, NULL);
		write_text(view->w, "name", name);
		write_folded(view, from, to);
		write_end(view->w);
		from = to;
	}
	write_end(view->w);
	return from;
}

static void write_more(const struct list_view *view, size_t from)
{
	if (view->queries.count <= from) {
		write_null(view->w, "more");
		return;
	}
	write_object(view->w, "more");
	write_folded(view, from, view->queries.count);
	write_end(view->w);
}

void list_view_tracked(const struct list_view *view)
{
	struct writer *w = view->w;

	write_object(w, "tracked");
	write_query_link(view, "all_url", 0);
	page_write_number(w, "all_count", view->videos);
	write_bool(w, "all_current", view->params.request.filter.query_id == 0);
	size_t grouped = write_groups(view);
	write_choices(view, "first", grouped, grouped + SHOWN);
	write_more(view, grouped + SHOWN);
	write_end(w);
}
