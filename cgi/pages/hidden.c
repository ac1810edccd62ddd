#include <stdio.h>
#include <string.h>

#include "cgi/commands/noise.h"
#include "cgi/handlers.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/noise.h"
#include "cgi/pages/widgets/page_numbers.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/auth.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/links.h"
#include "http/params.h"
#include "store/hidden/hidden.h"

enum { ROWS = 50, PAGE_NUMBER_MAX = 1000000, PATH_BYTES = 4096, BACK_MAX_BYTES = 3000 };

static const char path[] = "/hidden";

const char *const hidden_page_parameters[] = {"page_number", NOISE_PARAMETERS, NULL};

/* What the page is made of. */
struct view {
	struct app *app;
	struct page page;
	int64_t page_number;
	struct hidden_items videos;
	struct hidden_items channels;
};

static void view_clear(struct view *view)
{
	page_clear(&view->page);
	hidden_items_clear(&view->videos);
	hidden_items_clear(&view->channels);
}

/* ---- the page ---- */

static void write_channels(struct view *view)
{
	struct writer *w = &view->page.w;
	char url[CHANNEL_URL_SIZE];

	page_write_counted(w, "channels_count", view->channels.all, "muted channel", "muted channels");
	write_bool(w, "any_channel", view->channels.count > 0);
	write_array(w, "channels");
	for (size_t i = 0; i < view->channels.count; i++) {
		const struct hidden_item *channel = &view->channels.items[i];
		const char *title = page_visible(channel->title, channel->id);

		channel_url(channel->id, url);
		write_object(w, NULL);
		write_text(w, "title", title);
		write_text(w, "youtube_url", url);
		page_write_moment(w, "at", channel->at, app_now(view->app));
		page_write_counted(w, "hidden", channel->hidden, "video", "videos");
		if (channel->left)
			page_write_number(w, "left", channel->left);
		else
			write_null(w, "left");
		noise_write_buttons(w, true, NULL, NULL, channel->id, title, HIDDEN_CHANNEL);
		write_end(w);
	}
	write_end(w);
}

static void write_videos(struct view *view)
{
	struct writer *w = &view->page.w;
	char url[PATH_BYTES];

	page_write_counted(w, "videos_count", view->videos.all, "hidden video", "hidden videos");
	write_bool(w, "any_video", view->videos.count > 0);
	write_array(w, "videos");
	for (size_t i = 0; i < view->videos.count; i++) {
		const struct hidden_item *video = &view->videos.items[i];
		const char *title = page_visible(video->title, video->id);

		snprintf(url, sizeof(url), "/video/%s", video->id);
		write_object(w, NULL);
		write_link(w, view->app, "url", url);
		write_text(w, "title", title);
		page_write_moment(w, "at", video->at, app_now(view->app));
		noise_write_buttons(w, true, video->id, title, NULL, NULL, HIDDEN_BY_OWNER);
		write_end(w);
	}
	write_end(w);
}

static void write_numbers(struct view *view)
{
	int64_t rows = view->videos.all > view->channels.all ? view->videos.all : view->channels.all;
	int64_t last = (rows + ROWS - 1) / ROWS;
	const struct video_query params = {.request = {.page_number = view->page_number, .page_size = ROWS},
	                                   .default_page_size = ROWS};
	const struct paging paging = {.previous = view->page_number - 1,
	                              .next = view->page_number < last ? view->page_number + 1 : 0,
	                              .last = last};

	write_page_numbers(&view->page.w, view->app, path, &params, &paging);
}

bool page_hidden(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(view_clear) struct view view = {.app = app, .page_number = 1};
	struct page_frame frame = {.title = "Hidden", .req = req, .with_freshness = true};
	struct writer *w = &view.page.w;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	if (!request_int(req, "page_number", 1, PAGE_NUMBER_MAX, &view.page_number, err) ||
	    !store_hidden_list(app->store, HIDDEN_VIDEOS, view.page_number, ROWS, &view.videos, err) ||
	    !store_hidden_list(app->store, MUTED_CHANNELS, view.page_number, ROWS, &view.channels, err))
		return false;
	frame.page_number = view.page_number;
	if (!page_begin(app, &frame, &view.page, err) || !noise_write_frame(app, w, req, err))
		return false;
	write_link(w, app, "queries_url", "/queries");
	write_link_parameter(w, app, "all_url", "/", "include", "hidden");
	write_channels(&view);
	write_videos(&view);
	write_numbers(&view);
	return page_render(app, "hidden", &view.page, 200, res, err);
}

/* ---- the buttons ---- */

enum action { HIDE, SHOW, MUTE, UNMUTE, ACTION_COUNT };

static bool read_action(const struct request *req, enum action *out, struct error *err)
{
	static const char *const names[ACTION_COUNT] = {"hide", "show", "mute", "unmute"};
	static const char *const members[] = {"action", "video", "channel", "back", NULL};
	const char *name = fields_get(&req->body, "action");

	if (!params_body_only(req, members, err))
		return false;
	for (*out = HIDE; *out < ACTION_COUNT; (*out)++)
		if (name && strcmp(name, names[*out]) == 0)
			return true;
	return error_set_field(err, ERR_INVALID, "action", "hide, show, mute or unmute is allowed");
}

/* A page of ours, by its path and parameters: no other site's, and nothing that ends a header. */
static bool is_own_path(const char *back)
{
	if (back[0] != '/' || back[1] == '/' || strlen(back) > BACK_MAX_BYTES)
		return false;
	for (const char *at = back; *at; at++)
		if (*at <= ' ' || *at > '~' || *at == '\\')
			return false;
	return true;
}

static bool act(struct app *app, enum action action, const char *video, const char *channel, struct error *err)
{
	bool of_video = action == HIDE || action == SHOW;

	if (of_video)
		return video ? noise_hide_video(app, video, action == HIDE, NULL, err)
		             : error_set_field(err, ERR_INVALID, "video", "the id of a video is missing");
	return channel ? noise_mute_channel(app, channel, action == MUTE, NULL, err)
	               : error_set_field(err, ERR_INVALID, "channel", "the id of a channel is missing");
}

/* Leads back to the page with the button, which tells what was done, and undoes it. */
bool page_hidden_act(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf to = BUF(PATH_BYTES);
	const char *video = fields_get(&req->body, "video");
	const char *channel = fields_get(&req->body, "channel");
	const char *back = fields_get(&req->body, "back");
	enum action action;

	if (!auth_need_owner(app, req, err))
		return page_login_ask(app, req, path, res, err);
	if (!read_action(req, &action, err) || !act(app, action, video, channel, err))
		return false;
	buf_add_text(&to, back && is_own_path(back) ? back : path);
	char separator = strchr(buf_text(&to), '?') ? '&' : '?';
	if (action == HIDE || action == MUTE)
		link_add_parameter(&to, &separator, action == HIDE ? "hidden" : "muted", action == HIDE ? video : channel);
	return buf_ok(&to, err) && page_redirect(app, buf_text(&to), res, err);
}
