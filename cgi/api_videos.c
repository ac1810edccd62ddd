#include "cgi/handlers.h"
#include "cgi/links.h"
#include "cgi/params.h"
#include "cgi/views.h"

enum { LINK_BYTES = 8 * 1024 };

static const char path[] = "/api/videos";

/* The link as a member of the body, and as a Link header (RFC 8288). */
static bool write_link(struct app *app, struct response *res, struct writer *w, const char *name, const char *rel,
                       const struct list_params *params, int64_t page_number, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(LINK_BYTES);
	AUTO(buf_clear) struct buf header = BUF(LINK_BYTES);

	if (page_number == 0) {
		if (name)
			write_null(w, name);
		return true;
	}
	link_to_page(&url, app->shared->config, path, params, page_number);
	buf_printf(&header, "<%s>; rel=\"%s\"", buf_text(&url), rel);
	if (!buf_ok(&url, err) || !buf_ok(&header, err))
		return false;
	if (name)
		write_text(w, name, buf_text(&url));
	response_header(res, "Link", buf_text(&header));
	return true;
}

bool api_videos_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(video_page_clear) struct video_page page = {0};
	struct list_params params;

	if (!params_read_list(app, req, &params, err) || !params_load_page(app, &params, &page, err))
		return false;
	struct paging paging = paging_of(&params, &page);
	struct writer w = view_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", page.count);
	write_bool(&w, "count_is_exact", page.count_is_exact);
	write_int(&w, "page_number", params.page_number);
	write_int(&w, "page_size", params.page_size);
	if (!write_link(app, res, &w, "next", "next", &params, paging.next, err) ||
	    !write_link(app, res, &w, "previous", "prev", &params, paging.previous, err) ||
	    !write_link(app, res, &w, NULL, "first", &params, 1, err) ||
	    !write_link(app, res, &w, NULL, "last", &params, paging.last, err))
		return false;
	write_null(&w, "next_cursor"); /* cursors are not offered yet */
	write_array(&w, "results");
	for (size_t i = 0; i < page.videos.count; i++) {
		write_object(&w, NULL);
		view_video(&w, &page.videos.items[i]);
		write_end(&w);
	}
	write_end(&w);
	write_end(&w);
	return true;
}

bool api_video_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(video_clear) struct video video = {0};

	if (!store_video_get(app->store, fields_get(&req->captures, "id"), &video, err))
		return false;
	struct writer w = view_json(res, 200);
	write_object(&w, NULL);
	view_video_with_history(&w, &video);
	write_end(&w);
	return true;
}
