/* The videos of a filter as a data set, sent while it is made. */

#include "export/dataset.h"

#include <stdlib.h>

#include "cgi/feeds/file_name.h"
#include "cgi/handlers.h"
#include "cgi/request/costly.h"
#include "store/queries.h"

enum { HEADER_BYTES = 2048 };

struct download {
	struct app *app;
	struct dataset *dataset;
	bool more;
};

static void download_close(void *context)
{
	struct download *download = context;

	dataset_close(&download->dataset);
	costly_dataset_end(download->app->shared);
	free(download);
}

/* An empty piece would be the end. */
static bool download_next(void *context, struct buf *out, struct error *err)
{
	struct download *download = context;

	while (download->more && out->len == 0) {
		app_allow_time(download->app);
		if (!dataset_next(download->dataset, out, &download->more, err))
			return false;
	}
	return true;
}

static bool write_name(struct app *app, const struct dataset_request *request, struct response *res, struct error *err)
{
	const struct video_filter *filter = &request->list.request.filter;
	AUTO(query_clear) struct query query = {0};
	AUTO(buf_clear) struct buf header = BUF(HEADER_BYTES);

	if (filter->query_id && !store_query_get(app->store, filter->query_id, app_now(app), &query, err))
		return false;
	file_name_write(&header, query.text, filter->words, app_now(app), "zip");
	response_header(res, "Content-Disposition", buf_text(&header));
	return buf_ok(&header, err);
}

bool export_dataset(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct dataset_request request;
	struct download *download = NULL;

	if (!dataset_read(app_lists(app), req, &request, err) || !costly_dataset_begin(app->shared, err))
		return false;
	download = calloc(1, sizeof(*download));
	if (!download) {
		costly_dataset_end(app->shared);
		return error_no_memory(err);
	}
	*download = (struct download){.app = app, .more = true};
	res->rest = (struct producer){.next = download_next, .close = download_close, .context = download};
	response_header(res, "Content-Type", "application/zip");
	return dataset_open(app->store, &request, app_now(app), &download->dataset, err) && write_name(app, &request, res, err) &&
	       download_next(download, &res->body, err);
}
