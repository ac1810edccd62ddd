/* All videos of a filter, as CSV or NDJSON, sent while they are read. */

#include <stdio.h>
#include <stdlib.h>

#include "cgi/feeds/file_name.h"
#include "cgi/handlers.h"
#include "cgi/request/auth.h"
#include "cgi/request/costly.h"
#include "export/reader.h"
#include "export/rows.h"
#include "listing/video_query.h"
#include "store/queries.h"

enum { HEADER_BYTES = 2048 };

struct export
{
	struct app *app;
	struct rows rows;
	struct video_reader reader;
};

static void export_close(void *context)
{
	struct export *export = context;

	costly_end(export->app->shared);
	video_reader_clear(&export->reader);
	free(export);
}

/* An empty piece would be the end. */
static bool export_next(void *context, struct buf *out, struct error *err)
{
	struct export *export = context;
	AUTO(video_list_clear) struct video_list videos = {0};

	while (export->reader.more && videos.count == 0) {
		app_allow_time(export->app);
		if (!video_reader_next(&export->reader, &videos, err))
			return false;
	}
	for (size_t i = 0; i < videos.count; i++)
		rows_write_video(&export->rows, &videos.items[i], out);
	return buf_ok(out, err);
}

/* An export may keep a thread for long, when its reader is slow. */
static bool export_open(struct app *app, const struct video_query *params, struct response *res, struct error *err)
{
	struct export *export = NULL;

	if (!costly_begin(app->shared, err))
		return false;
	export = calloc(1, sizeof(*export));
	if (!export) {
		costly_end(app->shared);
		return error_no_memory(err);
	}
	export->app = app;
	res->no_store = params->request.with_hidden; /* the generation does not tell of changes of it */
	res->rest = (struct producer){.next = export_next, .close = export_close, .context = export};
	return video_reader_open(app->store, params, &export->reader, err);
}

/* A ranked list may be cut; its JSON says so by members of these names. */
static void tell_bounds(const struct video_keys *ranked, struct response *res)
{
	const struct {
		const char *header;
		int64_t within;
	} bounds[] = {{"X-Ranked-Within", ranked->ranked_within}, {"X-Scanned-Within", ranked->scanned_within}};

	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		char number[24];

		snprintf(number, sizeof(number), "%lld", (long long)bounds[i].within);
		if (bounds[i].within)
			response_header(res, bounds[i].header, number);
	}
}

static bool write_name(struct app *app, const struct video_filter *filter, const char *extension, struct response *res,
                       struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(buf_clear) struct buf header = BUF(HEADER_BYTES);

	if (filter->query_id && !store_query_get(app->store, filter->query_id, app_now(app), &query, err))
		return false;
	file_name_write(&header, query.text, filter->words, app_now(app), extension);
	if (!buf_ok(&header, err))
		return false;
	response_header(res, "Content-Disposition", buf_text(&header));
	return true;
}

/* For the next export, of what is new since this one. */
static void tell_latest(const struct export *export, struct response *res)
{
	char cursor[CURSOR_SIZE];

	cursor_write_forward(export->reader.latest, cursor);
	response_header(res, "X-Latest-Cursor", cursor);
}

/* Reads the first rows before the status is decided. */
static bool begin(struct app *app, const struct request *req, struct response *res, enum rows_format format, struct error *err)
{
	struct video_query params;

	response_header(res, "Content-Type", rows_content_type(format));
	if (!video_query_read_export(app_lists(app), req, &params, err) || !auth_may_list(app, req, &params.request, err) ||
	    !export_open(app, &params, res, err))
		return false;
	struct export *export = res->rest.context;
	tell_bounds(&export->reader.ranked, res);
	if (!rows_read(req, format, &export->rows, err) ||
	    !write_name(app, &params.request.filter, rows_format_name(format), res, err))
		return false;
	rows_write_head(&export->rows, &res->body);
	if (!export_next(export, &res->body, err))
		return false;
	if (params.forward || params.request.sort == SORT_RECORDED)
		tell_latest(export, res);
	return true;
}

bool export_csv(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return begin(app, req, res, ROWS_CSV, err);
}

bool export_ndjson(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return begin(app, req, res, ROWS_NDJSON, err);
}
