#include <stdio.h>
#include <string.h>

#include "cgi/format.h"
#include "cgi/handlers.h"
#include "cgi/links.h"
#include "cgi/page.h"
#include "cgi/list_params.h"
#include "store/highlight.h"
#include "store/queries.h"

enum {
	URL_BYTES = 8 * 1024,
	TRACKED_SHOWN = 12, /* the rest unfolds */
	PAGES_AROUND = 2,   /* page numbers on either side of the current one */
	SNIPPET_BYTES = 320, /* of a description: two lines */
};

static const char path[] = "/";
static const char watch_url[] = "https://www.youtube.com/watch?v=";
static const char channel_url[] = "https://www.youtube.com/channel/";

/* What the page is made of. */
struct view {
	struct app *app;
	struct writer *w;
	struct list_params params;
	struct video_page page;
	struct query_list queries;
	struct highlight *highlight;
	int64_t videos; /* in the whole record */
	int64_t now;
};

static void view_clear(struct view *view)
{
	video_page_clear(&view->page);
	query_list_clear(&view->queries);
	highlight_close(&view->highlight);
}

/* ---- links ---- */

static bool write_list_link(struct view *view, const char *name, const char *to, const struct list_params *params,
                            int64_t page_number, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_to_page(&url, view->app->shared->config, to, params, page_number);
	if (!buf_ok(&url, err))
		return false;
	write_text(view->w, name, buf_text(&url));
	return true;
}

/* The list of one tracked query, 0 = all; the search text stays. */
static bool write_tracked_link(struct view *view, const char *name, int64_t query_id, bool keep_words, struct error *err)
{
	struct list_params params = view->params;

	params.request.filter.query_id = query_id;
	if (!keep_words)
		params.request.filter.words = NULL;
	return write_list_link(view, name, path, &params, 1, err);
}

/* ---- tracked queries ---- */

static bool write_choice(struct view *view, const struct query *query, struct error *err)
{
	struct writer *w = view->w;
	bool paused = query->presence != PRESENCE_ACTIVE;
	char count[FORMAT_SIZE];

	write_object(w, NULL);
	if (!write_tracked_link(view, "url", query->id, true, err))
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

static bool write_choices(struct view *view, const char *name, size_t from, size_t to, struct error *err)
{
	write_array(view->w, name);
	for (size_t i = from; i < to && i < view->queries.count; i++)
		if (!write_choice(view, &view->queries.items[i], err))
			return false;
	write_end(view->w);
	return true;
}

/* Whether the chosen query is among those that are folded away. */
static bool chosen_is_folded(const struct view *view)
{
	for (size_t i = TRACKED_SHOWN; i < view->queries.count; i++)
		if (view->queries.items[i].id == view->params.request.filter.query_id)
			return true;
	return false;
}

static bool write_tracked(struct view *view, struct error *err)
{
	struct writer *w = view->w;
	char count[FORMAT_SIZE];

	write_object(w, "tracked");
	if (!write_tracked_link(view, "all_url", 0, true, err))
		return false;
	format_count(view->videos, count);
	write_text(w, "all_count", count);
	write_bool(w, "all_current", view->params.request.filter.query_id == 0);
	if (!write_choices(view, "first", 0, TRACKED_SHOWN, err))
		return false;
	if (view->queries.count <= TRACKED_SHOWN) {
		write_null(w, "more");
	} else {
		write_object(w, "more");
		write_int(w, "count", (int64_t)(view->queries.count - TRACKED_SHOWN));
		write_bool(w, "open", chosen_is_folded(view));
		if (!write_choices(view, "queries", TRACKED_SHOWN, view->queries.count, err))
			return false;
		write_end(w);
	}
	write_end(w);
	return true;
}

/* ---- one video ---- */

/* The Content-Security-Policy lets pictures come from here and from YouTube only; others are not asked for. */
static bool is_shown_picture(const char *url)
{
	static const char youtube[] = "https://i.ytimg.com/";

	return url && (strncmp(url, youtube, strlen(youtube)) == 0 || (url[0] == '/' && url[1] != '/'));
}

static void write_badge(struct writer *w, const struct video *video)
{
	const char *kind = video->kind == VIDEO_LIVE ? "live" : video->kind == VIDEO_UPCOMING ? "upcoming" : "length";
	char words[FORMAT_SIZE];

	if (video->kind == VIDEO_LIVE || video->kind == VIDEO_UPCOMING) {
		snprintf(words, sizeof(words), "%s", video->kind == VIDEO_LIVE ? "Live" : "Upcoming");
	} else if (video->duration_s > 0) {
		format_duration(video->duration_s, words);
	} else {
		write_null(w, "badge");
		return;
	}
	write_object(w, "badge");
	write_text(w, "kind", kind);
	write_text(w, "words", words);
	write_end(w);
}

static bool write_address(struct writer *w, const char *name, const char *base, const char *id, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	buf_printf(&url, "%s%s", base, id);
	if (!buf_ok(&url, err))
		return false;
	write_text(w, name, buf_text(&url));
	return true;
}

static bool write_part(struct writer *w, const struct text_part *part, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(VIDEO_DESCRIPTION_MAX_BYTES);

	buf_add(&text, part->text, part->len);
	if (!buf_ok(&text, err))
		return false;
	write_object(w, NULL);
	write_bool(w, "marked", part->marked);
	write_text(w, "text", buf_text(&text));
	write_end(w);
	return true;
}

/* A text as parts of which some are marked: what the search found. */
static bool write_marked(struct view *view, const char *name, const char *text, size_t snippet_bytes, struct error *err)
{
	AUTO(marked_text_clear) struct marked_text marked = {0};
	static const struct text_part more = {"…", sizeof("…") - 1, false};

	if (!highlight_mark(view->highlight, text, snippet_bytes, &marked, err))
		return false;
	write_array(view->w, name);
	if (marked.cut_before && !write_part(view->w, &more, err))
		return false;
	for (size_t i = 0; i < marked.count; i++)
		if (!write_part(view->w, &marked.parts[i], err))
			return false;
	if (marked.cut_after && !write_part(view->w, &more, err))
		return false;
	write_end(view->w);
	return true;
}

static bool write_channel(struct view *view, const struct video *video, struct error *err)
{
	struct writer *w = view->w;
	const char *title = video->channel_title ? video->channel_title : "";

	if (!video->channel_id[0] || !*title) {
		write_null(w, "channel");
		write_text(w, "channel_name", title);
		return true;
	}
	write_object(w, "channel");
	if (!write_address(w, "url", channel_url, video->channel_id, err))
		return false;
	if (!write_marked(view, "title", title, 0, err))
		return false;
	write_end(w);
	write_null(w, "channel_name");
	return true;
}

static void write_times(struct view *view, const struct video *video)
{
	struct writer *w = view->w;
	char text[FORMAT_SIZE];

	write_time(w, "published_at", video->published_at);
	format_full(video->published_at, text);
	write_text(w, "published_full", text);
	format_ago(video->published_at, view->now, text);
	write_text(w, "published_words", text);
	if (video->kind != VIDEO_UPCOMING || video->scheduled_at == 0) {
		write_null(w, "starts");
		return;
	}
	write_object(w, "starts");
	write_time(w, "time", video->scheduled_at);
	format_full(video->scheduled_at, text);
	write_text(w, "full", text);
	format_ago(video->scheduled_at, view->now, text);
	write_text(w, "words", text);
	write_end(w);
}

static void write_views(struct writer *w, int64_t views)
{
	char rough[FORMAT_SIZE];
	char words[2 * FORMAT_SIZE];

	if (views == VIDEO_UNKNOWN) {
		write_null(w, "views");
		return;
	}
	write_object(w, "views");
	format_rough(views, rough);
	snprintf(words, sizeof(words), "%s %s", rough, views == 1 ? "view" : "views");
	write_text(w, "words", words);
	format_count(views, rough);
	snprintf(words, sizeof(words), "%s %s", rough, views == 1 ? "view" : "views");
	write_text(w, "full", words);
	write_end(w);
}

static bool write_found(struct view *view, const struct video *video, struct error *err)
{
	write_array(view->w, "queries");
	for (size_t i = 0; i < video->found_count; i++) {
		write_object(view->w, NULL);
		if (!write_tracked_link(view, "url", video->found[i].query_id, false, err))
			return false;
		write_text(view->w, "query", video->found[i].query);
		write_end(view->w);
	}
	write_end(view->w);
	return true;
}

static bool write_card(struct view *view, const struct video *video, struct error *err)
{
	struct writer *w = view->w;

	write_object(w, NULL);
	if (!write_address(w, "url", watch_url, video->id, err) || !write_channel(view, video, err))
		return false;
	if (!write_marked(view, "title", video->title, 0, err) ||
	    !write_marked(view, "description", video->description, SNIPPET_BYTES, err))
		return false;
	write_bool(w, "described", *video->description);
	write_text(w, "picture_url", is_shown_picture(video->thumbnail_url) ? video->thumbnail_url : NULL);
	write_bool(w, "was_live", video->kind == VIDEO_WAS_LIVE);
	write_badge(w, video);
	write_times(view, video);
	write_views(w, video->views);
	if (!write_found(view, video, err))
		return false;
	write_end(w);
	return true;
}

/* ---- page numbers: 1 … 4 5 [6] 7 8 … 61 ---- */

static bool write_number(struct view *view, int64_t number, struct error *err)
{
	char words[FORMAT_SIZE];

	write_object(view->w, NULL);
	if (number == 0) { /* left out here */
		write_null(view->w, "url");
	} else if (!write_list_link(view, "url", path, &view->params, number, err)) {
		return false;
	}
	format_count(number, words);
	write_text(view->w, "number", words);
	write_bool(view->w, "current", number == view->params.request.page_number);
	write_end(view->w);
	return true;
}

static bool write_numbers(struct view *view, const struct paging *paging, struct error *err)
{
	int64_t current = view->params.request.page_number;
	int64_t last = paging->last ? paging->last : paging->next ? paging->next : current;
	int64_t from = current - PAGES_AROUND > 1 ? current - PAGES_AROUND : 1;
	int64_t to = current + PAGES_AROUND < last ? current + PAGES_AROUND : last;

	write_array(view->w, "numbers");
	if (from > 1 && !write_number(view, 1, err))
		return false;
	if (from > 2 && !write_number(view, 0, err))
		return false;
	for (int64_t number = from; number <= to; number++)
		if (!write_number(view, number, err))
			return false;
	if (to < last - 1 && !write_number(view, 0, err))
		return false;
	if (to < last && !write_number(view, last, err))
		return false;
	write_end(view->w);
	return true;
}

static bool write_optional_link(struct view *view, const char *name, int64_t page_number, struct error *err)
{
	if (page_number)
		return write_list_link(view, name, path, &view->params, page_number, err);
	write_null(view->w, name);
	return true;
}

static bool write_pages(struct view *view, struct error *err)
{
	struct paging paging = paging_of(&view->params, &view->page);

	if (!paging.next && !paging.previous) {
		write_null(view->w, "pages");
		return true;
	}
	write_object(view->w, "pages");
	if (!write_optional_link(view, "previous_url", paging.previous, err) || !write_numbers(view, &paging, err) ||
	    !write_optional_link(view, "next_url", paging.next, err))
		return false;
	write_end(view->w);
	return true;
}

/* ---- the list ---- */

/* "1,204 videos", "1 video", "more than 1,000 videos" */
static void write_count(struct view *view)
{
	char count[FORMAT_SIZE];
	char words[2 * FORMAT_SIZE];

	format_count(view->page.count, count);
	snprintf(words, sizeof(words), "%s%s %s", view->page.count_is_exact ? "" : "more than ", count,
	         view->page.count == 1 ? "video" : "videos");
	write_text(view->w, "count", words);
}

/* Why there is nothing to see, and what to do about it. */
static void write_empty(struct view *view)
{
	const char *words = NULL;

	if (view->page.videos.count)
		words = NULL;
	else if (view->page.count)
		words = "This list has fewer pages. Go back to its first one.";
	else if (view->params.request.filter.words && *view->params.request.filter.words)
		words = "No recorded video has all of these words. Try fewer words, or another tracked search.";
	else if (view->queries.count == 0)
		words = "No search is tracked yet. Add one through /api/queries, or to NEWSREEL_QUERIES.";
	else
		words = "Nothing is recorded yet. The first videos come within a minute or two; reload this page then.";
	write_text(view->w, "empty", words);
}

static const char *chosen_query(const struct view *view)
{
	for (size_t i = 0; i < view->queries.count; i++)
		if (view->queries.items[i].id == view->params.request.filter.query_id)
			return view->queries.items[i].text;
	return NULL;
}

static bool write_list(struct view *view, struct error *err)
{
	write_text(view->w, "words", view->params.request.filter.words ? view->params.request.filter.words : "");
	write_text(view->w, "chosen", chosen_query(view));
	write_count(view);
	write_empty(view);
	if (!write_tracked(view, err) ||
	    !write_list_link(view, "api_url", "/api/videos", &view->params, view->params.request.page_number, err) ||
	    !write_list_link(view, "first_url", path, &view->params, 1, err))
		return false;
	write_array(view->w, "videos");
	for (size_t i = 0; i < view->page.videos.count; i++)
		if (!write_card(view, &view->page.videos.items[i], err))
			return false;
	write_end(view->w);
	return write_pages(view, err);
}

bool page_videos(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(tree_clear) struct tree tree = {0};
	struct writer w = writer_tree(&tree);
	AUTO(view_clear) struct view view = {.app = app, .w = &w, .now = app_now(app)};

	if (!list_params_read(app, req, &view.params, err) || !store_videos_page(app->store, &view.params.request, &view.page, err) ||
	    !store_queries_list(app->store, QUERIES_PUBLIC, view.now, &view.queries, err) ||
	    !store_video_count(app->store, &view.videos, err) ||
	    !highlight_open(app->store, view.params.request.filter.words, &view.highlight, err))
		return false;
	struct page_frame frame = {
	    .title = view.params.request.filter.words, .params = &view.params, .req = req, .with_record = true};
	if (!page_begin(app, &frame, &w, err) || !write_list(&view, err))
		return false;
	write_end(&w);
	return page_render(app, "videos", &tree, 200, res, err);
}
