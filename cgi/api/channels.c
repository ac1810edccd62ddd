#include "cgi/handlers.h"
#include "cgi/request/link_writer.h"
#include "listing/video_query.h"
#include "store/channels/channels.h"

static const char path[] = "/api/channels";

const char *const channel_parameters[] = {CHANNEL_PARAMETERS, NULL};

bool api_channels_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(channel_page_clear) struct channel_page page = {0};
	struct video_query params;
	const struct video_request *request = &params.request;

	if (!video_query_read(app_lists(app), req, &params, err) ||
	    !store_channels_page(app->store, request->filter.query_id, request->page_number, request->page_size, &page, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", page.count);
	if (page.counted_within)
		write_int(&w, "counted_within", page.counted_within);
	write_int(&w, "page_number", request->page_number);
	write_int(&w, "page_size", request->page_size);
	write_list_link(&w, app, "next", path, &params, page.more ? request->page_number + 1 : 0);
	write_list_link(&w, app, "previous", path, &params, request->page_number - 1);
	write_array(&w, "results");
	for (size_t i = 0; i < page.channels.count; i++)
		channel_write_json(&w, &page.channels.items[i]);
	write_end(&w);
	write_end(&w);
	return true;
}
