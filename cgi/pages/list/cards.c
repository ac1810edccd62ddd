#include <stdio.h>

#include "cgi/pages/list/view.h"
#include "cgi/pages/widgets/noise.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/pages/widgets/video_parts.h"
#include "cgi/request/link_writer.h"

enum { PATH_SIZE = 32, SNIPPET_BYTES = 320 /* of a description: two lines */ };

static void write_part(struct writer *w, const struct text_part *part)
{
	AUTO(buf_clear) struct buf text = BUF(VIDEO_DESCRIPTION_MAX_BYTES);

	buf_add(&text, part->text, part->len);
	write_object(w, NULL);
	write_bool(w, "marked", part->marked);
	write_buf(w, "text", &text);
	write_end(w);
}

/* A text as parts of which some are marked: what the search found. */
static bool write_marked(const struct list_view *view, const char *name, const char *text, size_t snippet_bytes,
                         struct error *err)
{
	AUTO(marked_text_clear) struct marked_text marked = {0};
	static const struct text_part more = {"…", sizeof("…") - 1, false};

	if (!highlight_mark(view->highlight, text, snippet_bytes, &marked, err))
		return false;
	write_array(view->w, name);
	if (marked.cut_before)
		write_part(view->w, &more);
	for (size_t i = 0; i < marked.count; i++)
		write_part(view->w, &marked.parts[i]);
	if (marked.cut_after)
		write_part(view->w, &more);
	write_end(view->w);
	return true;
}

/* The channel leads to its videos here. */
static bool write_channel(const struct list_view *view, const struct video *video, struct error *err)
{
	struct writer *w = view->w;
	const char *title = page_visible(video->channel_title, video->channel_id);

	if (!video->channel_id[0]) {
		write_null(w, "channel");
		write_text(w, "channel_name", title);
		return true;
	}
	write_object(w, "channel");
	write_link_parameter(w, view->app, "url", "/", "channel", video->channel_id);
	if (!write_marked(view, "title", title, 0, err))
		return false;
	write_end(w);
	write_null(w, "channel_name");
	return true;
}

static void write_found(const struct list_view *view, const struct video *video)
{
	struct video_query params = view->params;

	params.request.filter.words = NULL;
	write_array(view->w, "queries");
	for (size_t i = 0; i < video->found_count; i++) {
		params.request.filter.query_id = video->found[i].query_id;
		write_object(view->w, NULL);
		list_view_link(view, "url", "/", &params);
		write_text(view->w, "query", video->found[i].query);
		write_end(view->w);
	}
	write_end(view->w);
}

static void write_addresses(const struct list_view *view, const struct video *video)
{
	char watch_url[WATCH_URL_SIZE];
	char path[PATH_SIZE];

	video_watch_url(video->id, watch_url);
	write_text(view->w, "watch_url", watch_url);
	if (video->unlisted) {
		write_text(view->w, "url", watch_url);
		return;
	}
	snprintf(path, sizeof(path), "/video/%s", video->id);
	write_link(view->w, view->app, "url", path);
}

static bool write_card(const struct list_view *view, const struct video *video, struct error *err)
{
	struct writer *w = view->w;

	write_object(w, NULL);
	write_text(w, "id", video->id);
	write_addresses(view, video);
	if (!write_channel(view, video, err) || !write_marked(view, "title", video_shown_title(video->title), 0, err) ||
	    !write_marked(view, "description", video->description, SNIPPET_BYTES, err))
		return false;
	write_bool(w, "described", *video->description);
	write_text(w, "picture_url", video_picture(video));
	write_bool(w, "was_live", video->kind == VIDEO_WAS_LIVE);
	write_badge(w, video);
	write_published(w, video, view->now);
	page_write_moment(w, "starts", video->kind == VIDEO_UPCOMING ? video->scheduled_at : 0, view->now);
	write_amount(w, "views", video->views, "view");
	write_found(view, video);
	noise_write_buttons(w, view->owner && !video->unlisted, video->id, video_shown_title(video->title), video->channel_id,
	                    page_visible(video->channel_title, video->channel_id), video->hidden);
	write_text(w, "hidden", noise_reasons(video->hidden));
	write_end(w);
	return true;
}

bool list_view_cards(const struct list_view *view, struct error *err)
{
	write_array(view->w, "videos");
	for (size_t i = 0; i < view->page.videos.count; i++)
		if (!write_card(view, &view->page.videos.items[i], err))
			return false;
	write_end(view->w);
	return true;
}
