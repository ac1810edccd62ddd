/* videos.list */
#include <stdio.h>
#include <string.h>

#include "base/text_list.h"
#include "tests/sim/api/call.h"

enum { IDS_MAX = 50 };

static void emit_localized(struct emit *e, const struct world_video *video)
{
	emit_object(e, "localized");
	emit_text(e, "title", video->title);
	emit_text(e, "description", video->description);
	emit_end(e);
}

/* The words of the title, as owners do it. */
static void emit_tags(struct emit *e, const struct world_video *video)
{
	AUTO(text_list_clear) struct text_list words = {0};
	struct error ignored;

	if (!text_list_split(video->title, ' ', &words, &ignored) || words.count == 0)
		return;
	emit_list(e, "tags");
	for (size_t i = 0; i < words.count; i++)
		emit_text(e, NULL, words.items[i]);
	emit_end(e);
}

static void emit_details_snippet(struct emit *e, const struct call *call, const struct world_video *video)
{
	emit_object(e, "snippet");
	emit_time(e, "publishedAt", fate_published_at(&video->fate, call->now));
	emit_text(e, "channelId", video->channel_id);
	emit_text(e, "title", video->title);
	emit_text(e, "description", video->description);
	emit_thumbnails(e, call, video, true);
	emit_text(e, "channelTitle", video->channel_title);
	emit_tags(e, video);
	emit_text(e, "categoryId", "28");
	emit_text(e, "liveBroadcastContent", live_content(call, video));
	emit_localized(e, video);
	emit_text(e, "defaultAudioLanguage", "en");
	emit_end(e);
}

static void emit_content_details(struct emit *e, const struct call *call, const struct world_video *video)
{
	enum video_kind kind = fate_kind(&video->fate, call->now);
	int64_t seconds = video->fate.duration_s;
	char duration[64];

	if (kind == VIDEO_LIVE || kind == VIDEO_UPCOMING)
		snprintf(duration, sizeof(duration), "P0D");
	else if (seconds >= 3600)
		snprintf(duration, sizeof(duration), "PT%dH%dM%dS", (int)(seconds / 3600), (int)(seconds / 60 % 60),
		         (int)(seconds % 60));
	else
		snprintf(duration, sizeof(duration), "PT%dM%dS", (int)(seconds / 60), (int)(seconds % 60));
	emit_object(e, "contentDetails");
	emit_text(e, "duration", duration);
	emit_text(e, "dimension", "2d");
	emit_text(e, "definition", "hd");
	emit_text(e, "caption", "false");
	emit_bool(e, "licensedContent", false);
	emit_object(e, "contentRating");
	emit_end(e);
	emit_text(e, "projection", "rectangular");
	emit_end(e);
}

static void emit_known_count(struct emit *e, const char *name, int64_t number)
{
	if (number != VIDEO_UNKNOWN)
		emit_count(e, name, number);
}

static void emit_statistics(struct emit *e, const struct call *call, const struct world_video *video)
{
	struct fate_counts counts = fate_counts(&video->fate, call->now);

	emit_object(e, "statistics");
	emit_known_count(e, "viewCount", counts.views);
	emit_known_count(e, "likeCount", counts.likes);
	emit_text(e, "favoriteCount", "0");
	emit_known_count(e, "commentCount", counts.comments);
	emit_end(e);
}

static void emit_streaming(struct emit *e, const struct call *call, const struct world_video *video)
{
	const struct fate *fate = &video->fate;
	enum video_kind kind = fate_kind(fate, call->now);

	if (kind == VIDEO_NORMAL)
		return;
	emit_object(e, "liveStreamingDetails");
	if (kind != VIDEO_UPCOMING)
		emit_time(e, "actualStartTime", fate->started_at);
	if (kind == VIDEO_WAS_LIVE)
		emit_time(e, "actualEndTime", fate->ended_at);
	if (fate->scheduled_at)
		emit_time(e, "scheduledStartTime", fate->scheduled_at);
	if (kind == VIDEO_LIVE)
		emit_count(e, "concurrentViewers", fate_counts(fate, call->now).watching);
	emit_end(e);
}

static void emit_status(struct emit *e)
{
	emit_object(e, "status");
	emit_text(e, "uploadStatus", "processed");
	emit_text(e, "privacyStatus", "public");
	emit_text(e, "license", "youtube");
	emit_bool(e, "embeddable", true);
	emit_bool(e, "publicStatsViewable", true);
	emit_bool(e, "madeForKids", false);
	emit_end(e);
}

static void emit_video(struct emit *e, const struct call *call, const struct world_video *video)
{
	emit_object(e, NULL);
	emit_text(e, "kind", "youtube#video");
	emit_etag(e, rng_text(video->id));
	emit_text(e, "id", video->id);
	if (has_part(call, "snippet"))
		emit_details_snippet(e, call, video);
	if (has_part(call, "contentDetails"))
		emit_content_details(e, call, video);
	if (has_part(call, "status"))
		emit_status(e);
	if (has_part(call, "statistics"))
		emit_statistics(e, call, video);
	if (has_part(call, "liveStreamingDetails"))
		emit_streaming(e, call, video);
	emit_end(e);
}

static bool list_videos(struct call *call, const struct text_list *ids, struct error *err)
{
	struct emit e;
	int64_t count = 0;

	begin_answer(call, &e, "youtube#videoListResponse");
	emit_list(&e, "items");
	for (size_t i = 0; i < ids->count; i++) {
		AUTO(world_video_clear) struct world_video video = {0};
		bool found;

		if (!world_find(call->sim->world, ids->items[i], call->now, &found, &video, err))
			return false;
		if (!found) /* unknown, deleted or private: just not there */
			continue;
		/* A copy of YouTube's that lags behind does not know it. */
		if (happens(call, call->sim->dropped))
			continue;
		emit_video(&e, call, &video);
		count++;
	}
	emit_end(&e);
	emit_page_info(&e, count, count);
	emit_end(&e);
	return buf_ok(&call->out->body, err);
}

bool call_videos(struct call *call, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	const char *id = params_get(call->params, "id");

	if (!params_get(call->params, "part"))
		return refuse_parameter(call, "global", "required", "part", "Required parameter: part", err);
	if (!id)
		return refuse_without_filter(call, "myRating, chart, id", err);
	if (!text_list_split(id, ',', &ids, err))
		return false;
	if (ids.count > IDS_MAX)
		return refuse_parameter(call, "youtube.parameter", "invalidFilters", "parameters.",
		                        "The request specifies an invalid filter parameter.", err);
	return list_videos(call, &ids, err);
}
