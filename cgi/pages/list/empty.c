#include "config/config.h"
#include "model/quota_day.h"
#include "model/youtube_url.h"
#include "base/text.h"
#include "cgi/request/auth.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/link_writer.h"
#include "store/runs.h"

static bool has_words(const struct list_view *view)
{
	return view->params.request.filter.words != NULL;
}

static bool has_filters(const struct list_view *view)
{
	const struct video_filter *filter = &view->params.request.filter;

	return filter->channel_id || filter->excluded_channels || filter->language || filter->published_after ||
	       filter->published_before || filter->recorded_after || filter->recorded_before || filter->one_kind ||
	       filter->min_duration_s || filter->max_duration_s;
}

/* What is said of a tracked search that found nothing so far. */
static const char *words_for_query(const struct query *query)
{
	if (query->entry_state != ENTRY_ACTIVE)
		return "This query is paused and has found no videos. The owner can resume it on the page Queries.";
	if (query->period != PERIOD_WITHIN)
		return "This query has found no videos, and is not polled now: it begins later, or has ended. See the page "
		       "Queries.";
	if (query->error)
		return "No videos for this query yet: its last poll failed. See the page Status.";
	if (query->succeeded_at)
		return "YouTube has returned no videos for this query yet. Polling continues.";
	return "No videos for this query yet. The first ones arrive with the next run; this page updates itself.";
}

static const char *empty_words(const struct list_view *view)
{
	char id[VIDEO_NAME_SIZE];
	const struct query *chosen = list_view_chosen(view);

	if (view->page.scanned_within)
		return "Nothing found yet.";
	if (view->page.count)
		return "This list has fewer pages.";
	if (has_words(view) && youtube_url_video(view->params.request.filter.words, id))
		return "This video is not recorded: no tracked query has found it. Search for words of its title, or have them "
		       "tracked.";
	if (has_words(view) && has_filters(view))
		return "No recorded video matches this search and these filters. Remove a filter, or try fewer words.";
	if (has_words(view))
		return "No recorded video matches this search. Try fewer or other words.";
	if (has_filters(view))
		return "No recorded video matches these filters. Remove one of them.";
	if (chosen)
		return words_for_query(chosen);
	if (view->queries.count == 0)
		return "No queries are tracked yet. The owner can add one on the page Queries or in NEWSREEL_QUERIES.";
	return "No videos yet. The first ones arrive within a minute or two; this page updates itself.";
}

void list_view_empty(const struct list_view *view)
{
	struct video_query params = view->params;

	if (view->page.videos.count) {
		write_null(view->w, "empty");
		return;
	}
	params.request.page_number = 1;
	write_object(view->w, "empty");
	write_text(view->w, "words", empty_words(view));
	write_bool(view->w, "fewer_pages", view->page.count > 0 && !view->page.scanned_within);
	list_view_link(view, "first_url", "/", &params);
	write_end(view->w);
}

/* ---- tracking the search text ---- */

/* When QUERY is polled next, as far as can be told: as planned, or when the next search for visitors may be made; others that wait
 * may come first. */
static bool next_poll(const struct list_view *view, const struct query *query, int64_t *out, struct error *err)
{
	struct schedule_table schedule;

	*out = query->next_poll_at;
	if (query->origin != ORIGIN_VISITOR || query->succeeded_at)
		return true;
	if (!store_schedule_read(view->app->store, quota_day_start(view->now), &schedule, err))
		return false;
	int64_t all = schedule.of[BUDGET_ALL].next_ms, visitors = schedule.of[BUDGET_VISITORS].next_ms;
	int64_t next_run = view->now + view->app->shared->config->interval_s;
	*out = (all > visitors ? all : visitors) / 1000;
	if (*out < next_run)
		*out = next_run;
	return true;
}

/* The text is tracked already: as a public query, whose list the reader may want, or as a visitor's. */
static bool write_followed(const struct list_view *view, const struct query *query, struct error *err)
{
	struct video_query params = view->params;
	int64_t next;

	if (!next_poll(view, query, &next, err))
		return false;
	params.request.filter.words = NULL;
	params.request.filter.query_id = query->id;
	write_null(view->w, "ask");
	write_object(view->w, "followed");
	write_bool(view->w, "waiting", query->succeeded_at == 0);
	page_write_moment(view->w, "next_poll", next > view->now ? next : 0, view->now);
	if (query->origin == ORIGIN_VISITOR)
		write_null(view->w, "list_url");
	else
		list_view_link(view, "list_url", "/", &params);
	write_end(view->w);
	return true;
}

static void write_ask(const struct list_view *view, const char *text, bool owner)
{
	write_null(view->w, "followed");
	write_object(view->w, "ask");
	write_text(view->w, "text", text);
	write_bool(view->w, "as_owner", owner);
	write_link(view->w, view->app, "url", "/queries");
	write_end(view->w);
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
			write_ask(view, text, owner);
			return true;
		}
	}
	write_null(view->w, "ask");
	write_null(view->w, "followed");
	return true;
}
