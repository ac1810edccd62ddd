#include <stdio.h>
#include <string.h>

#include "cgi/request/format.h"
#include "cgi/handlers.h"
#include "cgi/request/costly.h"
#include "cgi/request/auth.h"
#include "cgi/request/links.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/noise.h"
#include "cgi/pages/widgets/page_numbers.h"
#include "model/youtube_url.h"
#include "store/videos.h"

enum { URL_BYTES = 8 * 1024, TITLE_BYTES = 8 * 1024 };

/* For the script, which tells from it how many are new. */
static void write_exact_count(const struct list_view *view)
{
	char count[FORMAT_SIZE];

	snprintf(count, sizeof(count), "%lld", (long long)view->page.count);
	write_text(view->w, "exact_count", view->page.count_is_exact ? count : NULL);
}

/* "1,204 videos", "1 video", "at least 1,000 videos", "no videos so far" */
static void write_count(const struct list_view *view)
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

/* Which videos a list begins with. */
static const char *first_words(enum video_sort sort)
{
	return sort == SORT_OLDEST            ? "oldest"
	       : sort == SORT_RECORDED        ? "last recorded"
	       : sort == SORT_RECORDED_OLDEST ? "first recorded"
	                                      : "newest";
}

/* The list goes on behind what was looked through, where page numbers do not lead. */
static bool write_further(const struct list_view *view, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);
	bool by_cursor = view->params.request.after != 0 || view->params.forward || view->params.request.with_hidden;
	char scanned[FORMAT_SIZE];

	if (!view->page.next_after || (view->page.more && !by_cursor)) {
		write_null(view->w, "further");
		return true;
	}
	link_after(&url, view->app->shared->config, "/", &view->params, view->page.next_after);
	write_object(view->w, "further");
	write_text(view->w, "url", buf_text(&url));
	format_count(view->page.scanned_within, scanned);
	write_text(view->w, "scanned", view->page.scanned_within ? scanned : NULL);
	write_text(view->w, "which", by_cursor ? "next" : first_words(view->params.request.sort));
	write_end(view->w);
	return buf_ok(&url, err);
}

/* The same list as another flavor of CSV. URL already has a query string where the list has filters. */
static void write_spreadsheet_link(const struct list_view *view, const struct video_query *params)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_to_page(&url, view->app->shared->config, "/api/videos.csv", params, 1);
	char separator = strchr(buf_text(&url), '?') ? '&' : '?';
	link_add_parameter(&url, &separator, "flavor", "spreadsheet");
	write_buf(view->w, "spreadsheet_url", &url);
}

/* The same videos as a data set, which has an order of its own: the owner's. */
static void write_dataset_link(const struct list_view *view, const struct video_query *params)
{
	struct video_query filter = *params;

	filter.request.sort = filter.default_sort;
	filter.forward = false;
	if (view->owner)
		list_view_link(view, "dataset_url", "/api/dataset.zip", &filter);
	else
		write_null(view->w, "dataset_url");
}

/* The same list for programs. An export has all of its pages. */
static void write_formats(const struct list_view *view)
{
	struct video_query shown = view->params; /* what is hidden is for its owner's eyes, not for a program's */
	shown.request.with_hidden = false;
	shown.include = NULL;
	struct video_query all = shown;

	all.request.page_size = all.default_page_size;
	all.request.counting = COUNT_CHEAPLY;
	write_object(view->w, "formats");
	list_view_link(view, "atom_url", "/feeds/videos.atom", &shown);
	list_view_link(view, "json_feed_url", "/feeds/videos.json", &shown);
	list_view_link(view, "api_url", "/api/videos", &shown);
	list_view_link(view, "csv_url", "/api/videos.csv", &all);
	write_spreadsheet_link(view, &all);
	write_dataset_link(view, &all);
	write_end(view->w);
}

static bool write_list(struct list_view *view, const struct request *req, struct response *res, struct error *err)
{
	const struct query *chosen = list_view_chosen(view);
	struct paging paging = {0}; /* a list that goes on by cursor has no page numbers */

	if (!view->params.request.after && !view->params.forward)
		paging = paging_of(&view->params, &view->page);
	write_text(view->w, "words", view->params.request.filter.words ? view->params.request.filter.words : "");
	write_text(view->w, "chosen", chosen ? chosen->text : NULL);
	write_count(view);
	write_time(view->w, "recorded", view->page.last_recorded / RECORDED_PER_SECOND);
	write_formats(view);
	list_view_tracked(view);
	list_view_filters(view);
	list_view_chips(view);
	list_view_empty(view);
	write_page_numbers(view->w, view->app, "/", &view->params, &paging);
	return list_view_saved(view, req, err) && write_further(view, err) && list_view_chart(view, err) &&
	       list_view_ask(view, req, res, err) && list_view_cards(view, err);
}

static bool read_view(struct list_view *view, struct error *err)
{
	struct app *app = view->app;

	view->params.request.with_times = true;
	return costly_videos_page(app, &view->params.request, &view->page, err) &&
	       store_queries_list(app->store, QUERIES_PUBLIC, view->now, &view->queries, err) &&
	       store_video_count(app->store, &view->videos, err) &&
	       (!view->params.request.filter.words || store_unindexed_count(app->store, &view->unindexed, err)) &&
	       highlight_open(view->params.request.filter.words, &view->highlight, err);
}

/* A form sends its empty fields too. They filter nothing, and have no place in an address that is to be shared. */
static bool drop_empty(const struct request *req, struct request *out)
{
	*out = *req;
	out->query.count = 0;
	for (size_t i = 0; i < req->query.count; i++)
		if (req->query.items[i].value && *req->query.items[i].value)
			out->query.items[out->query.count++] = req->query.items[i];
	return out->query.count < req->query.count;
}

static bool send_on(struct app *app, const struct video_query *params, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_to_page(&url, app->shared->config, "/", params, params->request.page_number);
	res->status = 303;
	response_header(res, "Location", buf_text(&url));
	return buf_ok(&url, err);
}

/* *SENT tells whether the search text is the address of a video that is, or was, recorded: the reader goes on to its page. */
static bool send_to_video(struct app *app, const char *words, struct response *res, bool *sent, struct error *err)
{
	AUTO(video_clear) struct video video = {0};
	char id[VIDEO_NAME_SIZE], to[sizeof("/video/") + VIDEO_NAME_SIZE];

	*sent = false;
	if (!words || !youtube_url_video(words, id))
		return true;
	if (!store_video_get(app->store, id, &video, err) && err->code != ERR_GONE)
		return err->code == ERR_NOT_FOUND;
	*sent = true;
	res->no_store = true;
	snprintf(to, sizeof(to), "/video/%s", id);
	return page_redirect(app, to, res, err);
}

bool page_videos(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	AUTO(buf_clear) struct buf title = BUF(TITLE_BYTES);
	AUTO(list_view_clear)
	struct list_view view = {.app = app, .w = &page.w, .now = app_now(app), .owner = auth_is_owner(app, req)};
	struct request asked; /* borrows from REQ */
	bool sent_by_form = drop_empty(req, &asked);
	bool sent_to_video;

	if (!video_query_read(app_lists(app), &asked, &view.params, err))
		return false;
	if (!auth_may_list(app, req, &view.params.request, err))
		return err->code == ERR_UNAUTHORIZED && page_login_ask(app, req, "/hidden", res, err);
	if (sent_by_form)
		return send_on(app, &view.params, res, err);
	if (!send_to_video(app, view.params.request.filter.words, res, &sent_to_video, err))
		return false;
	if (sent_to_video)
		return true;
	if (!read_view(&view, err))
		return false;
	list_view_title(&view, &title);
	struct video_query feed = view.params;
	feed.request.with_hidden = false;
	res->no_store = res->no_store || view.params.request.with_hidden;
	struct page_frame frame = {.title = buf_text(&title),
	                           .feed = &feed,
	                           .page_number = view.params.request.page_number,
	                           .params = &view.params,
	                           .req = req,
	                           .with_freshness = true};
	if (!buf_ok(&title, err) || !page_begin(app, &frame, &page, err) || !noise_write_frame(app, &page.w, req, err) ||
	    !write_list(&view, req, res, err))
		return false;
	return page_render(app, "videos", &page, 200, res, err);
}
