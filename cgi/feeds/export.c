/* All videos of a filter, as CSV or NDJSON: read by key in short reads, and sent while it is read, so the database may grow and the
 * memory does not. Of a ranked list the keys are read at once, so that what changes meanwhile moves nothing. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cgi/feeds/csv.h"
#include "cgi/handlers.h"
#include "cgi/request/costly.h"
#include "cgi/request/video_query.h"

/* Rows of one read: a few milliseconds, and about a megabyte at most. */
enum { STEP = 200 };

struct export
{
	struct app *app;
	struct video_request request; /* its texts are ours */
	char *words;
	char *channel_id;
	struct video_keys ranked; /* the keys of a ranked list; how many of them were read */
	size_t done;
	bool forward;   /* what is new behind a cursor */
	int64_t latest; /* in the order of recording: where it ended at the first read; what came since is for the next export */
	struct csv csv;
	void (*write)(const struct csv *csv, const struct video *video, struct buf *out);
	bool more;
};

static void export_close(void *context)
{
	struct export *export = context;

	costly_end(export->app->shared);
	free(export->words);
	free(export->channel_id);
	video_keys_clear(&export->ranked);
	free(export);
}

/* The next videos of a list in the order of its keys. */
static bool read_by_key(struct export *export, struct video_list *videos, struct error *err)
{
	AUTO(video_page_clear) struct video_page page = {0};

	if (!store_videos_page(export->app->store, &export->request, &page, err))
		return false;
	if (!export->latest && video_sort_is_recorded(export->request.sort))
		export->latest = page.last_recorded > export->request.after ? page.last_recorded : export->request.after;
	export->request.until = export->forward ? export->latest : 0;
	export->request.after = page.next_after;
	export->more = page.next_after != 0;
	*videos = page.videos;
	page.videos = (struct video_list){0};
	return true;
}

static bool read_ranked(struct export *export, struct video_list *videos, struct error *err)
{
	size_t left = export->ranked.count - export->done;
	size_t step = left < STEP ? left : STEP;

	if (!store_videos_by_keys(export->app->store, export->ranked.items + export->done, step, videos, err))
		return false;
	export->done += step;
	export->more = left > step;
	return true;
}

static bool export_next(void *context, struct buf *out, struct error *err)
{
	struct export *export = context;
	AUTO(video_list_clear) struct video_list videos = {0};
	bool ranks = video_sort_ranks(export->request.sort);

	/* A read may look at many videos of which none is let through, and of a step of ranked ones all may have been deleted meanwhile;
	 * an empty piece would be the end. */
	while (export->more && videos.count == 0) {
		app_allow_time(export->app);
		if (!(ranks ? read_ranked(export, &videos, err) : read_by_key(export, &videos, err)))
			return false;
	}
	for (size_t i = 0; i < videos.count; i++)
		export->write(&export->csv, &videos.items[i], out);
	return buf_ok(out, err);
}

/* ---- NDJSON: lines that newsreel-fetch --import reads back ---- */

static void write_json(const struct csv *csv, const struct video *video, struct buf *out)
{
	struct writer w = writer_json(out);

	(void)csv;
	video_write_json(&w, video);
	buf_add_char(out, '\n');
}

/* ---- the answer ---- */

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
	*export = (struct export){.app = app, .request = params->request, .more = true, .forward = params->forward};
	res->rest = (struct producer){.next = export_next, .close = export_close, .context = export};
	export->request.page_size = STEP;
	export->request.counting = COUNT_NOT;
	export->request.whole = true;
	if (!text_copy(params->request.filter.words, &export->words, err) ||
	    !text_copy(params->request.filter.channel_id, &export->channel_id, err))
		return false;
	export->request.filter.words = export->words;
	export->request.filter.channel_id = export->channel_id;
	return !video_sort_ranks(export->request.sort) || store_videos_rank(app->store, &export->request, &export->ranked, err);
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

/* For the next export, of what is new since this one. */
static void tell_latest(const struct export *export, struct response *res)
{
	char cursor[CURSOR_SIZE];

	cursor_write_forward(export->latest, cursor);
	response_header(res, "X-Latest-Cursor", cursor);
}

/* Reads the first rows before the status is decided. CSV is NULL for NDJSON. */
static bool begin(struct app *app, const struct request *req, struct response *res, const struct csv *csv, struct error *err)
{
	struct video_query params;

	if (!video_query_read_export(app, req, &params, err) || !export_open(app, &params, res, err))
		return false;
	struct export *export = res->rest.context;
	tell_bounds(&export->ranked, res);
	export->write = csv ? csv_write_video : write_json;
	if (csv) {
		export->csv = *csv;
		csv_write_head(csv, &res->body);
	}
	if (!export_next(export, &res->body, err))
		return false;
	if (params.forward || params.request.sort == SORT_RECORDED)
		tell_latest(export, res);
	return true;
}

bool export_csv(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct csv csv;

	response_header(res, "Content-Type", "text/csv; charset=utf-8; header=present");
	response_header(res, "Content-Disposition", "attachment; filename=\"videos.csv\"");
	return csv_read(req, &csv, err) && begin(app, req, res, &csv, err);
}

bool export_ndjson(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	response_header(res, "Content-Type", "application/x-ndjson");
	response_header(res, "Content-Disposition", "attachment; filename=\"videos.ndjson\"");
	return begin(app, req, res, NULL, err);
}
