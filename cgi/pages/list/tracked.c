#include "cgi/request/format.h"
#include "cgi/pages/list/view.h"

enum { SHOWN = 12 /* the rest unfolds */ };

/* The list of one tracked query, 0 = all, with the filters at hand. */
static bool write_link(const struct list_view *view, const char *name, int64_t query_id, struct error *err)
{
	struct video_query params = view->params;

	params.request.filter.query_id = query_id;
	return list_view_link(view, name, "/", &params, err);
}

static bool write_choice(const struct list_view *view, const struct query *query, struct error *err)
{
	struct writer *w = view->w;
	bool paused = query->entry_state != ENTRY_ACTIVE;
	char count[FORMAT_SIZE];

	write_object(w, NULL);
	if (!write_link(view, "url", query->id, err))
		return false;
	format_count(query->videos, count);
	write_text(w, "query", query->text);
	write_text(w, "title", paused ? "paused" : query->error ? query->error : query->text);
	write_bool(w, "paused", paused);
	write_bool(w, "current", query->id == view->params.request.filter.query_id);
	write_text(w, "count", count);
	write_end(w);
	return true;
}

static bool write_choices(const struct list_view *view, const char *name, size_t from, size_t to, struct error *err)
{
	write_array(view->w, name);
	for (size_t i = from; i < to && i < view->queries.count; i++)
		if (!write_choice(view, &view->queries.items[i], err))
			return false;
	write_end(view->w);
	return true;
}

static bool chosen_is_folded(const struct list_view *view)
{
	const struct query *chosen = list_view_chosen(view);

	return chosen && chosen - view->queries.items >= SHOWN;
}

static bool write_more(const struct list_view *view, struct error *err)
{
	if (view->queries.count <= SHOWN) {
		write_null(view->w, "more");
		return true;
	}
	write_object(view->w, "more");
	write_int(view->w, "count", (int64_t)(view->queries.count - SHOWN));
	write_bool(view->w, "open", chosen_is_folded(view));
	if (!write_choices(view, "queries", SHOWN, view->queries.count, err))
		return false;
	write_end(view->w);
	return true;
}

bool list_view_tracked(const struct list_view *view, struct error *err)
{
	struct writer *w = view->w;
	char count[FORMAT_SIZE];

	write_object(w, "tracked");
	if (!write_link(view, "all_url", 0, err))
		return false;
	format_count(view->videos, count);
	write_text(w, "all_count", count);
	write_bool(w, "all_current", view->params.request.filter.query_id == 0);
	if (!write_choices(view, "first", 0, SHOWN, err) || !write_more(view, err))
		return false;
	write_end(w);
	return true;
}
