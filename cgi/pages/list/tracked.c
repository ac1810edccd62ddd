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

static bool chosen_is_folded(const struct list_view *view)
{
	const struct query *chosen = list_view_chosen(view);

	return chosen && chosen - view->queries.items >= SHOWN;
}

static void write_more(const struct list_view *view)
{
	if (view->queries.count <= SHOWN) {
		write_null(view->w, "more");
		return;
	}
	write_object(view->w, "more");
	write_int(view->w, "count", (int64_t)(view->queries.count - SHOWN));
	write_bool(view->w, "open", chosen_is_folded(view));
	write_choices(view, "queries", SHOWN, view->queries.count);
	write_end(view->w);
}

void list_view_tracked(const struct list_view *view)
{
	struct writer *w = view->w;

	write_object(w, "tracked");
	write_query_link(view, "all_url", 0);
	page_write_number(w, "all_count", view->videos);
	write_bool(w, "all_current", view->params.request.filter.query_id == 0);
	write_choices(view, "first", 0, SHOWN);
	write_more(view);
	write_end(w);
}
