#include "cgi/handlers.h"
#include "cgi/request/links.h"
#include "cgi/request/video_query.h"
#include "cgi/api/views.h"
#include "store/channels.h"

enum { LINK_BYTES = 1024 };

static const char path[] = "/api/channels";

const char *const channel_parameters[] = {"tracked", "page_number", "page", "page_size", NULL};

/* PAGE_NUMBER 0 writes null. */
static bool write_link(struct app *app, struct writer *w, const char *name, const struct video_query *params, int64_t page_number,
                       struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(LINK_BYTES);

	if (page_number)
		link_to_page(&url, app->shared->config, path, params, page_number);
	if (!buf_ok(&url, err))
		return false;
	write_text(w, name, page_number ? buf_text(&url) : NULL);
	return true;
}

bool api_channels_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(channel_page_clear) struct channel_page page = {0};
	struct video_query params;
	const struct video_request *request = &params.request;

	if (!video_query_read(app, req, &params, err) ||
	    !store_channels_page(app->store, request->filter.query_id, request->page_number, request->page_size, &page, err))
		return false;
	struct writer w = view_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", page.count);
	if (page.counted_within)
		write_int(&w, "counted_within", page.counted_within);
	write_int(&w, "page_number", request->page_number);
	write_int(&w, "page_size", request->page_size);
	if (!write_link(app, &w, "next", &params, page.more ? request->page_number + 1 : 0, err) ||
	    !write_link(app, &w, "previous", &params, request->page_number - 1, err))
		return false;
	write_array(&w, "results");
	for (size_t i = 0; i < page.channels.count; i++) {
		write_object(&w, NULL);
		view_channel(&w, &page.channels.items[i]);
		write_end(&w);
	}
	write_end(&w);
	write_end(&w);
	return true;
}
