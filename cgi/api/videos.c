#include "cgi/handlers.h"
#include "cgi/request/auth.h"
#include "cgi/request/costly.h"
#include "cgi/request/links.h"
#include "http/params.h"
#include "listing/video_query.h"
#include "model/video/json.h"
#include "store/history/statistics.h"
#include "store/hidden/hidden.h"
#include "store/videos.h"

enum { LINK_BYTES = 8 * 1024 };

static const char path[] = "/api/videos";

/* What a list's answer is made of. */
struct answer {
	struct app *app;
	struct response *res;
	struct writer *w;
	const struct video_query *params;
	const struct video_page *page;
};

/* ---- links: as members of the body, and as Link headers (RFC 8288) ---- */

/* Where a link leads: a page by number, or after a video. Both 0: nowhere. */
struct target {
	int64_t page_number;
	int64_t after;
};

/* NAME may be NULL: the link is a header only. */
static bool write_link(const struct answer *a, const char *name, const char *rel, struct target to, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(LINK_BYTES);
	AUTO(buf_clear) struct buf header = BUF(LINK_BYTES);
	const struct config *config = a->app->shared->config;

	if (!to.page_number && !to.after) {
		if (name)
			write_null(a->w, name);
		return true;
	}
	if (to.after)
		link_after(&url, config, path, a->params, to.after);
	else
		link_to_page(&url, config, path, a->params, to.page_number);
	buf_printf(&header, "<%s>; rel=\"%s\"", buf_text(&url), rel);
	if (!buf_ok(&url, err) || !buf_ok(&header, err))
		return false;
	if (name)
		write_text(a->w, name, buf_text(&url));
	response_header(a->res, "Link", buf_text(&header));
	return true;
}

/* Where a reader of what is new goes on: behind what this answer has, or behind all there is. */
static void write_latest_cursor(const struct answer *a)
{
	const struct video_request *request = &a->params->request;
	int64_t last = a->page->last_recorded;
	char cursor[CURSOR_SIZE];

	if (request->sort != SORT_RECORDED && !a->params->forward)
		return;
	if (a->params->forward && a->page->next_after)
		last = a->page->next_after;
	else if (last < request->after && a->params->forward)
		last = request->after;
	cursor_write_forward(last, cursor);
	write_text(a->w, "latest_cursor", cursor);
}

static bool write_links(const struct answer *a, struct error *err)
{
	struct paging paging = paging_of(a->params, a->page);
	bool forward = a->params->forward;
	bool by_cursor = a->params->request.after != 0 || forward;
	int64_t after = a->page->next_after;
	struct target next = {.after = by_cursor || !paging.next ? after : 0, .page_number = by_cursor ? 0 : paging.next};
	int64_t previous = by_cursor ? 0 : paging.previous;
	char cursor[CURSOR_SIZE];

	if (!write_link(a, "next", "next", next, err) ||
	    !write_link(a, "previous", "prev", (struct target){.page_number = previous}, err) ||
	    !write_link(a, NULL, "first", (struct target){.page_number = 1}, err) ||
	    !write_link(a, NULL, "last", (struct target){.page_number = paging.last}, err))
		return false;
	if (after)
		cursor_write(a->params->request.sort, after, cursor);
	write_text(a->w, "next_cursor", after && !forward ? cursor : NULL);
	write_latest_cursor(a);
	return true;
}

/* ---- the list ---- */

static void write_counts(const struct answer *a)
{
	const struct video_request *request = &a->params->request;

	write_int(a->w, "count", a->page->count);
	write_bool(a->w, "count_is_exact", a->page->count_is_exact);
	if (a->page->ranked_within)
		write_int(a->w, "ranked_within", a->page->ranked_within);
	if (a->page->scanned_within)
		write_int(a->w, "scanned_within", a->page->scanned_within);
	if (request->after || a->params->forward)
		write_null(a->w, "page_number");
	else
		write_int(a->w, "page_number", request->page_number);
	write_int(a->w, "page_size", request->page_size);
}

bool api_videos_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(video_page_clear) struct video_page page = {0};
	struct video_query params;

	if (!video_query_read(app_lists(app), req, &params, err) || !auth_may_list(app, req, &params.request, err) ||
	    !costly_videos_page(app, &params.request, &page, err))
		return false;
	res->no_store = params.request.with_hidden; /* the generation does not tell of changes of it */
	struct writer w = response_json(res, 200);
	struct answer a = {.app = app, .res = res, .w = &w, .params = &params, .page = &page};
	write_object(&w, NULL);
	write_counts(&a);
	if (!write_links(&a, err))
		return false;
	write_array(&w, "results");
	for (size_t i = 0; i < page.videos.count; i++)
		video_write_json(&w, &page.videos.items[i], &params.members);
	write_end(&w);
	write_end(&w);
	return true;
}

bool api_video_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(video_clear) struct video video = {0};

	if (!store_video_get_for(app->store, fields_get(&req->captures, "id"), auth_is_owner(app, req), &video, err))
		return false;
	res->no_store = video.hidden != 0;
	struct writer w = response_json(res, 200);
	video_write_json_with_history(&w, &video);
	return true;
}

bool api_video_statistics(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(video_clear) struct video video = {0};
	AUTO(statistics_clear) struct statistics statistics = {0};

	if (!store_video_get(app->store, fields_get(&req->captures, "id"), &video, err) ||
	    !store_statistics_get(app->store, video.seq, app_now(app), &statistics, err))
		return false;
	struct writer w = response_json(res, 200);
	statistics_write_json(&w, &statistics);
	return true;
}
