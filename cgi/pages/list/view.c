#include "cgi/pages/list/view.h"

#include <stdio.h>

#include "cgi/request/costly.h"
#include "cgi/request/format.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/query_filter.h"
#include "store/videos.h"

void list_view_clear(struct list_view *view)
{
	video_page_clear(&view->page);
	query_list_clear(&view->queries);
	highlight_close(&view->highlight);
}

bool list_view_read(struct list_view *view, struct error *err)
{
	static const struct query_filter by_group = {.standing = STANDING_COUNT, .order = ORDER_GROUP};
	struct app *app = view->app;

	view->params.request.with_times = true;
	return costly_videos_page(app, &view->params.request, &view->page, err) &&
	       store_queries_list(app->store, QUERIES_PUBLIC, view->now, &view->queries, err) &&
	       query_filter_apply(&by_group, &view->queries, err) && store_video_count(app->store, &view->videos, err) &&
	       (!view->params.request.filter.words || store_unindexed_count(app->store, &view->unindexed, err)) &&
	       highlight_open(view->params.request.filter.words, &view->highlight, err);
}

void list_view_link(const struct list_view *view, const char *name, const char *path, const struct video_query *params)
{
	struct video_query linked = *params;

	if (linked.request.sort == SORT_RELEVANCE && !linked.request.filter.words)
		linked.request.sort = SORT_NEWEST; /* relevance to what? */
	write_list_link(view->w, view->app, name, path, &linked, 1);
}

const struct query *list_view_chosen(const struct list_view *view)
{
	return query_list_find(&view->queries, view->params.request.filter.query_id);
}

/* For the script, which tells from it how many are new. */
static void write_exact_count(const struct list_view *view)
{
	char count[FORMAT_SIZE];

	snprintf(count, sizeof(count), "%lld", (long long)view->page.count);
	write_text(view->w, "exact_count", view->page.count_is_exact ? count : NULL);
}

/* "1,204 videos", "1 video", "at least 1,000 videos", "no videos so far" */
void list_view_count(const struct list_view *view)
{
	char count[FORMAT_SIZE];
	char words[2 * FORMAT_SIZE];

	format_count(view->page.count, count);
	if (view->page.count == 0 && view->page.scanned_within)
		snprintf(words, sizeof(words), "no videos so far");
	else
		snprintf(words, sizeof(words), "%s%s %s", view->page.count_is_exact ? "" : "at least ", count,
		         view->page.count == 1 ? "video" : "videos");
	write_text(view->w, "count", words);
	write_exact_count(view);
	format_count(view->page.ranked_within, count);
	write_text(view->w, "ranked_within", view->page.ranked_within ? count : NULL);
	format_count(view->page.scanned_within, count);
	write_text(view->w, "scanned_within", view->page.scanned_within ? count : NULL);
	format_count(view->unindexed, count);
	write_text(view->w, "unindexed", view->unindexed ? count : NULL);
}
