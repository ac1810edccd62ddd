/* All videos of a filter, as CSV (RFC 4180) or NDJSON: read by key in short reads, and sent while it is read, so the database
 * may grow and the memory does not. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"
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
	void (*write)(struct buf * out, const struct video *video);
	bool more;
};

static void export_close(void *context)
{
	struct export *export = context;

	costly_end(export->app->shared);
	free(export->words);
	free(export->channel_id);
	free(export);
}

static bool export_page(struct export *export, struct buf *out, struct error *err)
{
	AUTO(video_page_clear) struct video_page page = {0};

	app_allow_time(export->app);
	if (!store_videos_page(export->app->store, &export->request, &page, err))
		return false;
	for (size_t i = 0; i < page.videos.count; i++)
		export->write(out, &page.videos.items[i]);
	export->request.after = page.next_after;
	export->more = page.next_after != 0;
	return true;
}

/* A read may look at many videos of which none is let through; an empty piece would be the end. */
static bool export_next(void *context, struct buf *out, struct error *err)
{
	struct export *export = context;
	size_t before = out->len;

	while (export->more && out->len == before)
		if (!export_page(export, out, err))
			return false;
	return buf_ok(out, err);
}

/* ---- CSV ---- */

static const char csv_head[] = "id,url,title,description,published_at,first_seen_at,channel_id,channel_title,thumbnail_url,kind,"
			       "duration_seconds,views,likes,comments,queries\r\n";

/* What a spreadsheet would take for a formula: these, also in their wide forms, at the beginning of a cell. */
static bool is_formula(const char *text)
{
	static const char *const wide[] = {"＝", "＋", "－", "＠"};

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	return *text && strchr("=+-@\t\r\n", *text);
}

/* Quoted; an apostrophe before a formula makes it a text. */
static void csv_text(struct buf *out, const char *text)
{
	buf_add_char(out, '"');
	if (is_formula(text))
		buf_add_char(out, '\'');
	for (size_t len; *text; text += len) {
		len = strcspn(text, "\"");
		buf_add(out, text, len);
		if (text[len] == '"') {
			buf_add(out, "\"\"", 2);
			len++;
		}
	}
	buf_add_char(out, '"');
}

static void csv_time(struct buf *out, int64_t time)
{
	char text[TIMESTAMP_SIZE] = "";

	if (time)
		timestamp_format(time, text);
	buf_add_text(out, text);
}

static void csv_number(struct buf *out, int64_t number)
{
	buf_add_char(out, ',');
	if (number != VIDEO_UNKNOWN)
		buf_add_int(out, number);
}

static void csv_queries(struct buf *out, const struct video *video)
{
	AUTO(buf_clear) struct buf queries = BUF(RESPONSE_BODY_MAX);

	for (size_t i = 0; i < video->found_count; i++)
		buf_printf(&queries, "%s%s", i ? "; " : "", video->found[i].query);
	if (queries.failed)
		out->failed = queries.failed;
	csv_text(out, buf_text(&queries));
}

static void csv_video(struct buf *out, const struct video *video)
{
	char url[WATCH_URL_SIZE];
	const char *const texts[] = {video->id, url, video->title, video->description};
	const char *const more[] = {video->channel_id, video->channel_title, video->thumbnail_url};
	const int64_t numbers[] = {video->duration_s, video->views, video->likes, video->comments};

	video_watch_url(video->id, url);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		csv_text(out, texts[i]);
		buf_add_char(out, ',');
	}
	csv_time(out, video->published_at);
	buf_add_char(out, ',');
	csv_time(out, video->first_seen_at);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		buf_add_char(out, ',');
		csv_text(out, more[i] ? more[i] : "");
	}
	buf_printf(out, ",%s", video_kind_name(video->kind));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		csv_number(out, numbers[i]);
	buf_add_char(out, ',');
	csv_queries(out, video);
	buf_add_text(out, "\r\n");
}

/* ---- NDJSON: lines that newsreel-fetch --import reads back ---- */

static void json_video(struct buf *out, const struct video *video)
{
	struct writer w = writer_json(out);

	video_write_json(&w, video);
	buf_add_char(out, '\n');
}

/* ---- the answer ---- */

/* An export may keep a thread for long, when its reader is slow. */
static bool export_open(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct video_query params;
	struct export *export = NULL;

	if (!video_query_read_filter(app, req, &params, err) || !costly_begin(app->shared, err))
		return false;
	export = calloc(1, sizeof(*export));
	if (!export) {
		costly_end(app->shared);
		return error_no_memory(err);
	}
	*export = (struct export){.app = app, .request = params.request, .more = true};
	res->rest = (struct producer){.next = export_next, .close = export_close, .context = export};
	export->request.page_size = STEP;
	export->request.counting = COUNT_NOT;
	if (!text_copy(params.request.filter.words, &export->words, err) ||
	    !text_copy(params.request.filter.channel_id, &export->channel_id, err))
		return false;
	export->request.filter.words = export->words;
	export->request.filter.channel_id = export->channel_id;
	return true;
}

/* Reads the first rows before the status is decided. */
static bool begin(struct app *app, const struct request *req, struct response *res, const char *head,
                  void (*write)(struct buf *, const struct video *), struct error *err)
{
	if (!export_open(app, req, res, err))
		return false;
	struct export *export = res->rest.context;
	export->write = write;
	buf_add_text(&res->body, head);
	return export_next(export, &res->body, err);
}

bool export_csv(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	response_header(res, "Content-Type", "text/csv; charset=utf-8; header=present");
	response_header(res, "Content-Disposition", "attachment; filename=\"videos.csv\"");
	return begin(app, req, res, csv_head, csv_video, err);
}

bool export_ndjson(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	response_header(res, "Content-Type", "application/x-ndjson");
	response_header(res, "Content-Disposition", "attachment; filename=\"videos.ndjson\"");
	return begin(app, req, res, "", json_video, err);
}
