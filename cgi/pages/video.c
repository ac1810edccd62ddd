#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cgi/request/format.h"
#include "cgi/handlers.h"
#include "cgi/request/auth.h"
#include "cgi/request/link_writer.h"
#include "cgi/pages/page.h"
#include "cgi/pages/widgets/growth.h"
#include "cgi/pages/widgets/noise.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/pages/widgets/video_parts.h"
#include "store/history/statistics.h"
#include "store/hidden/hidden.h"
#include "store/videos.h"

enum { URL_BYTES = 1024 };

/* The page of one video being written. */
struct video_view {
	struct app *app;
	struct writer *w;
	const struct video *video;
	int64_t now;
};

static void write_channel(const struct video_view *view)
{
	const struct video *video = view->video;
	char url[CHANNEL_URL_SIZE];

	if (!video->channel_id[0]) {
		write_null(view->w, "channel");
		write_text(view->w, "channel_name", video->channel_title);
		return;
	}
	channel_url(video->channel_id, url);
	write_null(view->w, "channel_name");
	write_object(view->w, "channel");
	write_text(view->w, "title", page_visible(video->channel_title, video->channel_id));
	write_text(view->w, "youtube_url", url);
	write_link_parameter(view->w, view->app, "url", "/", "channel", video->channel_id);
	write_end(view->w);
}

static void write_addresses(const struct video_view *view)
{
	const struct video *video = view->video;
	struct writer *w = view->w;
	char url[URL_BYTES];

	video_watch_url(video->id, url);
	write_text(w, "watch_url", url);
	snprintf(url, sizeof(url), "https://www.youtube-nocookie.com/embed/%s?autoplay=1", video->id);
	write_text(w, "player_url", url);
	snprintf(url, sizeof(url), "/api/videos/%s", video->id);
	write_link(w, view->app, "api_url", url);
}

/* How long after its publication the video was recorded: what newsreel is judged by. */
static void write_delay(struct writer *w, const struct video *video)
{
	char words[FORMAT_SIZE];

	bool known = !video->published_unknown && video->first_seen_at >= video->published_at;
	format_span(video->first_seen_at - video->published_at, words);
	write_text(w, "delay", known ? words : NULL);
}

static void write_found(const struct video_view *view)
{
	static const char *const how_words[FOUND_HOW_COUNT] = {[FOUND_SEARCH] = "by search",
	                                                       [FOUND_CHANNEL] = "in the channel's uploads",
	                                                       [FOUND_PUSH] = "by push notification",
	                                                       [FOUND_IMPORT] = "by import",
	                                                       [FOUND_RSS] = "in the channel's feed"};
	char number[FORMAT_SIZE];

	write_array(view->w, "found");
	for (size_t i = 0; i < view->video->found_count; i++) {
		const struct found *found = &view->video->found[i];

		write_object(view->w, NULL);
		write_text(view->w, "query", found->query);
		write_text(view->w, "how", how_words[found->how]);
		page_write_moment(view->w, "found_at", found->found_at, view->now);
		snprintf(number, sizeof(number), "%lld", (long long)found->query_id);
		write_link_parameter(view->w, view->app, "url", "/", "tracked", number);
		write_end(view->w);
	}
	write_end(view->w);
}

static void write_number(struct writer *w, const char *name, int64_t number)
{
	if (number == VIDEO_UNKNOWN)
		write_null(w, name);
	else
		page_write_number(w, name, number);
}

static void write_numbers(struct writer *w, int64_t views, int64_t likes, int64_t comments)
{
	write_number(w, "views", views);
	write_number(w, "likes", likes);
	write_number(w, "comments", comments);
}

/* What the video was before, newest first: texts only where they differ. */
static void write_history(const struct video_view *view)
{
	const struct video *video = view->video;

	write_array(view->w, "history");
	for (size_t i = 0; i < video->revision_count; i++) {
		const struct revision *revision = &video->revisions[i];
		const char *newer_title = i ? video->revisions[i - 1].title : video->title;
		const char *newer_text = i ? video->revisions[i - 1].description : video->description;

		write_object(view->w, NULL);
		page_write_moment(view->w, "until", revision->replaced_at, view->now);
		write_text(view->w, "title",
		           strcmp(revision->title, newer_title) == 0 ? NULL : video_shown_title(revision->title));
		write_text(view->w, "description", strcmp(revision->description, newer_text) == 0 ? NULL : revision->description);
		write_numbers(view->w, revision->views, revision->likes, revision->comments);
		write_end(view->w);
	}
	write_end(view->w);
}

static bool write_tags(const struct video_view *view, struct error *err)
{
	AUTO(json_free) cJSON *tags = NULL;
	const char *json = view->video->details.tags;
	const cJSON *tag;

	if (json && !json_parse(json, strlen(json), &tags, err))
		return false;
	write_array(view->w, "tags");
	cJSON_ArrayForEach(tag, tags)
	{
		write_object(view->w, NULL);
		write_text(view->w, "tag", cJSON_GetStringValue(tag));
		write_end(view->w);
	}
	write_end(view->w);
	write_bool(view->w, "any_tags", cJSON_GetArraySize(tags) > 0);
	return true;
}

static void write_details(const struct video_view *view)
{
	static const char *const captions[VIDEO_CAPTION_COUNT] = {[VIDEO_CAPTION_NONE] = "no", [VIDEO_CAPTION_GIVEN] = "yes"};
	static const char *const definitions[VIDEO_DEFINITION_COUNT] = {
	    [VIDEO_DEFINITION_SD] = "standard", [VIDEO_DEFINITION_HD] = "high"};
	static const char *const licences[VIDEO_LICENCE_COUNT] = {
	    [VIDEO_LICENCE_YOUTUBE] = "standard YouTube licence", [VIDEO_LICENCE_CREATIVE_COMMONS] = "Creative Commons"};
	const struct video_details *details = &view->video->details;
	struct writer *w = view->w;

	page_write_moment(w, "started", details->started_at, view->now);
	page_write_moment(w, "ended", details->ended_at, view->now);
	write_text(w, "category", video_category_name(details->category));
	write_filled_text(w, "language", details->language);
	write_filled_text(w, "audio_language", details->audio_language);
	write_text(w, "definition", definitions[details->definition]);
	write_text(w, "captions", captions[details->caption]);
	write_text(w, "licence", licences[details->licence]);
}

static void write_facts(const struct video_view *view)
{
	static const char *const kinds[] = {
	    [VIDEO_NORMAL] = "Video", [VIDEO_LIVE] = "Live now", [VIDEO_UPCOMING] = "Upcoming", [VIDEO_WAS_LIVE] = "Was live"};
	const struct video *video = view->video;
	char text[FORMAT_SIZE];

	write_text(view->w, "video_title", video_shown_title(video->title));
	write_text(view->w, "description", video->description);
	write_text(view->w, "id", video->id);
	write_text(view->w, "picture_url", video_picture(video));
	write_text(view->w, "kind", kinds[video->kind]);
	format_duration(video->duration_s, text);
	write_text(view->w, "length", video->duration_s > 0 ? text : NULL);
	write_published(view->w, video, view->now);
	page_write_moment(view->w, "starts", video->scheduled_at, view->now);
	page_write_moment(view->w, "first_seen", video->first_seen_at, view->now);
	page_write_moment(view->w, "last_seen", video->last_seen_at, view->now);
	page_write_moment(view->w, "counted", video->checked_at, view->now);
	write_delay(view->w, video);
	write_numbers(view->w, video->views, video->likes, video->comments);
	write_amount(view->w, "seen", video->views, "view");
	write_history(view);
}

bool page_video(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	AUTO(video_clear) struct video video = {0};
	AUTO(statistics_clear) struct statistics statistics = {0};
	const struct video_view view = {.app = app, .w = &page.w, .video = &video, .now = app_now(app)};

	bool owner = auth_is_owner(app, req);
	if (!store_video_get_for(app->store, fields_get(&req->captures, "id"), owner, &video, err) ||
	    !store_statistics_get(app->store, video.seq, view.now, &statistics, err))
		return false;
	struct page_frame frame = {.title = video_shown_title(video.title), .req = req, .with_freshness = true};
	if (!page_begin(app, &frame, &page, err) || !noise_write_frame(app, &page.w, req, err))
		return false;
	noise_write_buttons(&page.w, owner, video.id, video_shown_title(video.title), video.channel_id,
	                    page_visible(video.channel_title, video.channel_id), video.hidden);
	write_text(&page.w, "hidden", noise_reasons(video.hidden));
	res->no_store = video.hidden != 0;
	write_channel(&view);
	write_found(&view);
	write_addresses(&view);
	write_facts(&view);
	write_details(&view);
	return write_tags(&view, err) && growth_write(app, view.w, video.id, &statistics, err) &&
	       page_render(app, "video", &page, 200, res, err);
}
