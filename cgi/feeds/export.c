/* All videos of a filter, as CSV or NDJSON: read by key in short reads, and sent while it is read, so the database may grow and the
 * memory does not. Of a ranked list the keys are read at once, so that what changes meanwhile moves nothing. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cgi/feeds/csv.h"
#include "cgi/feeds/file_name.h"
#include "cgi/handlers.h"
#include "cgi/request/auth.h"
#include "cgi/request/costly.h"
#include "http/params.h"
#include "listing/video_query.h"
#include "model/video/json.h"
#include "store/queries.h"

/* Rows of one read: a few milliseconds, and about a megabyte at most. */
enum { STEP = 200 };

enum { HEADER_BYTES = 2048 };

struct export;

/* How the videos are written. */
struct format {
	const char *extension;
	bool (*read)(const struct request *req, struct export *export, struct error *err);
	void (*head)(const struct export *export, struct buf *out);
	void (*video)(const struct export *export, const struct video *video, struct buf *out);
};

struct export
{
	struct app *app;
	struct video_request request; /* its texts are ours */
	char *words;
	char *channel_id;
	struct video_keys ranked; /* the keys of a ranked list; how many of them were read */
	size_t done;
	const struct format *format;
	bool forward;   /* what is new behind a cursor */
	int64_t latest; /* in the order of recording: where it ended at the first read; what came since is for the next export */
	struct csv csv;
	struct video_members members;
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
		export->format->video(export, &videos.items[i], out);
	return buf_ok(out, err);
}

/* ---- CSV ---- */

static bool read_csv(const struct request *req, struct export *export, struct error *err)
{
	return csv_read(req, &export->csv, err);
}

static void begin_csv(const struct export *export, struct buf *out)
{
	csv_write_head(&export->csv, out);
}

static void add_csv(const struct export *export, const struct video *video, struct buf *out)
{
	csv_write_video(&export->csv, video, out);
}

static const struct format csv = {"csv", read_csv, begin_csv, add_csv};

/* ---- NDJSON: lines that newsreel-fetch --import reads back ---- */

static bool read_ndjson(const struct request *req, struct export *export, struct error *err)
{
	export->members = video_members_first(VIDEO_MEMBER_COUNT);
	return params_choose_several(req, "fields", video_member_names, VIDEO_MEMBER_COUNT, export->members.at,
	                             &export->members.count, err);
}

static void begin_ndjson(const struct export *export, struct buf *out)
{
	(void)export;
	(void)out;
}

static void add_ndjson(const struct export *export, const struct video *video, struct buf *out)
{
	struct writer w = writer_json(out);

	video_write_json(&w, video, &export->members);
	buf_add_char(out, '\n');
}

static const struct format ndjson = {"ndjson", read_ndjson, begin_ndjson, add_ndjson};

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
	res->no_store = params->request.with_hidden; /* the generation does not tell of changes of it */
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

static bool write_name(struct app *app, const struct video_filter *filter, const char *extension, struct response *res,
                       struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(buf_clear) struct buf header = BUF(HEADER_BYTES);

	if (filter->query_id && !store_query_get(app->store, filter->query_id, app_now(app), &query, err))
		return false;
	file_name_write(&header, "videos", query.text, filter->words, app_now(app), extension);
	if (!buf_ok(&header, err))
		return false;
	response_header(res, "Content-Disposition", buf_text(&header));
	return true;
}

/* For the next export, of what is new since this one. */
static void tell_latest(const struct export *export, struct response *res)
{
	char cursor[CURSOR_SIZE];

	cursor_write_forward(export->latest, cursor);
	response_header(res, "X-Latest-Cursor", cursor);
}

/* Reads the first rows before the status is decided. */
static bool begin(struct app *app, const struct request *req, struct response *res, const struct format *format,
                  struct error *err)
{
	struct video_query params;

	if (!video_query_read_export(app_lists(app), req, &params, err) || !auth_may_list(app, req, &params.request, err) ||
	    !export_open(app, &params, res, err))
		return false;
	struct export *export = res->rest.context;
	export->format = format;
	tell_bounds(&export->ranked, res);
	if (!format->read(req, export, err) || !write_name(app, &params.request.filter, format->extension, res, err))
		return false;
	format->head(export, &res->body);
	if (!export_next(export, &res->body, err))
		return false;
	if (params.forward || params.request.sort == SORT_RECORDED)
		tell_latest(export, res);
	return true;
}

bool export_csv(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	response_header(res, "Content-Type", "text/csv; charset=utf-8; header=present");
	return begin(app, req, res, &csv, err);
}

bool export_ndjson(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	response_header(res, "Content-Type", "application/x-ndjson");
	return begin(app, req, res, &ndjson, err);
}
