#include "config/config.h"
#include "model/quota_day.h"
#include "base/text.h"
#include "cgi/request/auth.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/parts.h"
#include "store/runs.h"

static bool has_words(const struct list_view *view)
{
	return view->params.request.filter.words != NULL;
}

static bool has_filters(const struct list_view *view)
{
	const struct video_filter *filter = &view->params.request.filter;

	return filter->channel_id || filter->published_after || filter->published_before || filter->one_kind ||
	       filter->min_duration_s || filter->max_duration_s;
}

/* What is said of a tracked search that found nothing so far. */
static const char *words_for_query(const struct query *query)
{
	if (query->entry_state != ENTRY_ACTIVE)
		return "This search is paused, and found nothing before. Its owner can resume it on the page Queries.";
	if (query->error)
		return "Nothing is recorded for this search yet, and its last look at YouTube failed. The page Status says why.";
	if (query->succeeded_at)
		return "YouTube has shown no video for this search yet. newsreel goes on looking.";
	return "Nothing is recorded for this search yet. Its first videos come with the next look; this page fills by itself.";
}

static const char *empty_words(const struct list_view *view)
{
	const struct query *chosen = list_view_chosen(view);

	if (view->page.count)
		return "This list has fewer pages.";
	if (has_words(view) && has_filters(view))
		return "No recorded video has all of these words and passes the filters above. Take one of them away, or try "
		       "fewer words.";
	if (has_words(view))
		return "No recorded video has all of these words. Try fewer words, or other ones.";
	if (has_filters(view))
		return "No recorded video passes the filters above. Take one of them away.";
	if (chosen)
		return words_for_query(chosen);
	if (view->queries.count == 0)
		return "No search is tracked yet. The owner can add one on the page Queries, or in NEWSREEL_QUERIES.";
	return "Nothing is recorded yet. The first videos come within a minute or two; this page fills by itself.";
}

bool list_view_empty(const struct list_view *view, struct error *err)
{
	struct video_query params = view->params;

	if (view->page.videos.count) {
		write_null(view->w, "empty");
		return true;
	}
	params.request.page_number = 1;
	write_object(view->w, "empty");
	write_text(view->w, "words", empty_words(view));
	write_bool(view->w, "fewer_pages", view->page.count > 0);
	if (!list_view_link(view, "first_url", "/", &params, err))
		return false;
	write_end(view->w);
	return true;
}

/* ---- having the search text recorded ---- */

/* When QUERY has its turn, as far as can be told: as planned, or when the next search for visitors may be made, others that wait coming
 * first perhaps. */
static bool next_turn(const struct list_view *view, const struct query *query, int64_t *out, struct error *err)
{
	struct schedule_table schedule;

	*out = query->next_poll_at;
	if (query->origin != ORIGIN_VISITOR || query->succeeded_at)
		return true;
	if (!store_schedule_read(view->app->store, quota_day_start(view->now), &schedule, err))
		return false;
	int64_t all = schedule.of[BUDGET_ALL].next_ms, visitors = schedule.of[BUDGET_VISITORS].next_ms;
	int64_t next_tick = view->now + view->app->shared->config->interval_s;
	*out = (all > visitors ? all : visitors) / 1000;
	if (*out < next_tick)
		*out = next_tick;
	return true;
}

/* The text is followed already: by a tracked query, whose list the reader may want, or since a visitor asked for it. */
static bool write_followed(const struct list_view *view, const struct query *query, struct error *err)
{
	struct video_query params = view->params;
	int64_t turn;

	if (!next_turn(view, query, &turn, err))
		return false;
	params.request.filter.words = NULL;
	params.request.filter.query_id = query->id;
	write_null(view->w, "ask");
	write_object(view->w, "followed");
	write_bool(view->w, "waiting", query->succeeded_at == 0);
	page_write_moment(view->w, "next_look", turn > view->now ? turn : 0, view->now);
	if (query->origin == ORIGIN_VISITOR)
		write_null(view->w, "list_url");
	else if (!list_view_link(view, "list_url", "/", &params, err))
		return false;
	write_end(view->w);
	return true;
}

static bool write_ask(const struct list_view *view, const char *text, bool owner, struct error *err)
{
	write_null(view->w, "followed");
	write_object(view->w, "ask");
	write_text(view->w, "text", text);
	write_bool(view->w, "as_owner", owner);
	if (!page_link(view->app, view->w, "url", "/queries", err))
		return false;
	write_end(view->w);
	return true;
}

bool list_view_ask(const struct list_view *view, const struct request *req, struct response *res, struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(text_free) char *text = NULL;
	bool owner = auth_is_owner(view->app, req);
	struct error why;

	write_bool(view->w, "searched", has_words(view));
	if (has_words(view) && !view->params.request.filter.query_id) {
		if (store_query_find(view->app->store, view->params.request.filter.words, view->now, &query, err))
			return write_followed(view, &query, err);
		if (err->code != ERR_NOT_FOUND || !text_squeeze(view->params.request.filter.words, &text, err))
			return false;
		if ((owner || view->app->shared->config->visitor_queries > 0) && query_check(text, &why)) {
			res->no_store = true;
			return write_ask(view, text, owner, err);
		}
	}
	write_null(view->w, "ask");
	write_null(view->w, "followed");
	return true;
}
