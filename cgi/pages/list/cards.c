#include "cgi/pages/list/view.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/pages/widgets/video_parts.h"

enum { URL_BYTES = 1024, SNIPPET_BYTES = 320 /* of a description: two lines */ };

static bool write_part(struct writer *w, const struct text_part *part, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(VIDEO_DESCRIPTION_MAX_BYTES);

	buf_add(&text, part->text, part->len);
	if (!buf_ok(&text, err))
		return false;
	write_object(w, NULL);
	write_bool(w, "marked", part->marked);
	write_text(w, "text", buf_text(&text));
	write_end(w);
	return true;
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
	if (marked.cut_before && !write_part(view->w, &more, err))
		return false;
	for (size_t i = 0; i < marked.count; i++)
		if (!write_part(view->w, &marked.parts[i], err))
			return false;
	if (marked.cut_after && !write_part(view->w, &more, err))
		return false;
	write_end(view->w);
	return true;
}

/* The channel leads to its videos here. */
static bool write_channel(const struct list_view *view, const struct video *video, struct error *err)
{
	struct writer *w = view->w;
	const char *title = video->channel_title ? video->channel_title : "";

	if (!video->channel_id[0] || !*title) {
		write_null(w, "channel");
		write_text(w, "channel_name", title);
		return true;
	}
	write_object(w, "channel");
	if (!page_link_parameter(view->app, w, "url", "/", "channel", video->channel_id, err) ||
	    !write_marked(view, "title", title, 0, err))
		return false;
	write_end(w);
	write_null(w, "channel_name");
	return true;
}

static bool write_found(const struct list_view *view, const struct video *video, struct error *err)
{
	struct video_query params = view->params;

	params.request.filter.words = NULL;
	write_array(view->w, "queries");
	for (size_t i = 0; i < video->found_count; i++) {
		params.request.filter.query_id = video->found[i].query_id;
		write_object(view->w, NULL);
		if (!list_view_link(view, "url", "/", &params, err))
			return false;
		write_text(view->w, "query", video->found[i].query);
		write_end(view->w);
	}
	write_end(view->w);
	return true;
}

static bool write_addresses(const struct list_view *view, const struct video *video, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(URL_BYTES);
	char watch_url[WATCH_URL_SIZE];

	video_watch_url(video->id, watch_url);
	write_text(view->w, "watch_url", watch_url);
	buf_printf(&path, "/video/%s", video->id);
	return buf_ok(&path, err) && page_link(view->app, view->w, "url", buf_text(&path), err);
}

static bool write_card(const struct list_view *view, const struct video *video, struct error *err)
{
	struct writer *w = view->w;

	write_object(w, NULL);
	write_text(w, "id", video->id);
	if (!write_addresses(view, video, err) || !write_channel(view, video, err))
		return false;
	if (!write_marked(view, "title", video->title, 0, err) ||
	    !write_marked(view, "description", video->description, SNIPPET_BYTES, err))
		return false;
	write_bool(w, "described", *video->description);
	write_text(w, "picture_url", video_picture(video));
	write_bool(w, "was_live", video->kind == VIDEO_WAS_LIVE);
	write_badge(w, video);
	page_write_moment(w, "published", video->published_at, view->now);
	page_write_moment(w, "starts", video->kind == VIDEO_UPCOMING ? video->scheduled_at : 0, view->now);
	write_amount(w, "views", video->views, "view");
	if (!write_found(view, video, err))
		return false;
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
