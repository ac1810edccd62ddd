/* channels.list */
#include <stdio.h>
#include <string.h>

#include "base/text_list.h"
#include "tests/sim/api/call.h"

enum { IDS_MAX = 50, CHANNELS_MAX = IDS_MAX, PER_PAGE = 5, URL_BYTES = 128 };

struct found_channels {
	struct world_channel items[CHANNELS_MAX];
	int64_t videos[CHANNELS_MAX]; /* of each, 0 where statistics are not asked for */
	size_t count;
};

/* How many videos the channel had when they were last counted. */
static bool count_videos(struct call *call, const char *channel_id, int64_t *out, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits uploads = {0};
	int64_t then = call->now - call->sim->count_lag_s;

	if (!world_uploads(call->sim->world, channel_id, then, &uploads, err))
		return false;
	*out = 0;
	for (size_t i = 0; i < uploads.count; i++)
		*out += fate_exists(&uploads.items[i].fate, then);
	return true;
}

/* Adds the channel if there is one. */
static bool add_channel(struct call *call, const char *id, const char *handle, struct found_channels *out, struct error *err)
{
	struct world_channel *channel = &out->items[out->count];

	if (!world_channel(call->sim->world, id, handle, channel))
		return true;
	if (has_part(call, "statistics") && !count_videos(call, channel->id, &out->videos[out->count], err))
		return false;
	out->count++;
	return true;
}

/* ---- an item ---- */

static void emit_picture(struct emit *e, const char *name, const struct world_channel *channel, int size)
{
	char url[URL_BYTES];

	snprintf(url, sizeof(url), "https://yt3.ggpht.com/%s=s%d-c-k-c0x00ffffff-no-rj", channel->id, size);
	emit_object(e, name);
	emit_text(e, "url", url);
	emit_number(e, "width", size);
	emit_number(e, "height", size);
	emit_end(e);
}

static void emit_channel_snippet(struct emit *e, const struct world_channel *channel)
{
	char handle[WORLD_HANDLE_SIZE];
	char description[256];

	world_handle(channel->id, handle);
	snprintf(description, sizeof(description), "%s: new videos every week.", channel->title);
	emit_object(e, "snippet");
	emit_text(e, "title", channel->title);
	emit_text(e, "description", description);
	emit_text(e, "customUrl", handle);
	emit_time(e, "publishedAt", channel->born_at);
	emit_object(e, "thumbnails");
	emit_picture(e, "default", channel, 88);
	emit_picture(e, "medium", channel, 240);
	emit_picture(e, "high", channel, 800);
	emit_end(e);
	emit_object(e, "localized");
	emit_text(e, "title", channel->title);
	emit_text(e, "description", description);
	emit_end(e);
	emit_end(e);
}

static void emit_channel_details(struct emit *e, const struct world_channel *channel)
{
	char uploads[CHANNEL_ID_SIZE];

	snprintf(uploads, sizeof(uploads), "UU%s", channel->id + 2);
	emit_object(e, "contentDetails");
	emit_object(e, "relatedPlaylists");
	emit_text(e, "likes", "");
	emit_text(e, "uploads", uploads);
	emit_end(e);
	emit_end(e);
}

static void emit_channel_statistics(struct emit *e, const struct world_channel *channel, int64_t videos)
{
	uint64_t lot = rng_text(channel->id);

	emit_object(e, "statistics");
	emit_count(e, "viewCount", (int64_t)(lot % 900000000));
	emit_count(e, "subscriberCount", (int64_t)(lot % 90000) * 100);
	emit_bool(e, "hiddenSubscriberCount", false);
	emit_count(e, "videoCount", videos);
	emit_end(e);
}

static void emit_channel(struct emit *e, const struct call *call, const struct world_channel *channel, int64_t videos)
{
	emit_object(e, NULL);
	emit_text(e, "kind", "youtube#channel");
	emit_etag(e, rng_text(channel->id));
	emit_text(e, "id", channel->id);
	if (has_part(call, "snippet"))
		emit_channel_snippet(e, channel);
	if (has_part(call, "contentDetails"))
		emit_channel_details(e, channel);
	if (has_part(call, "statistics"))
		emit_channel_statistics(e, channel, videos);
	emit_end(e);
}

/* ---- the answer ---- */

static bool answer_channels(struct call *call, const struct found_channels *found, struct error *err)
{
	struct emit e;
	uint64_t content = rng_text(params_get(call->params, "part"));

	for (size_t i = 0; i < found->count; i++)
		content = rng_join(rng_join(content, rng_text(found->items[i].id)), (uint64_t)found->videos[i]);
	if (!begin_unless_same(call, &e, "youtube#channelListResponse", content))
		return true;
	emit_page_info(&e, (int64_t)found->count, PER_PAGE);
	/* Where none is found there is no list either. */
	if (found->count) {
		emit_list(&e, "items");
		for (size_t i = 0; i < found->count; i++)
			emit_channel(&e, call, &found->items[i], found->videos[i]);
		emit_end(&e);
	}
	emit_end(&e);
	return buf_ok(&call->out->body, err);
}

bool call_channels(struct call *call, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	struct found_channels found = {.count = 0};
	const char *id = params_get(call->params, "id");
	const char *handle = params_get(call->params, "forHandle");
	const char *name = params_get(call->params, "forUsername");

	if (!params_get(call->params, "part"))
		return refuse_parameter(call, "global", "required", "part", "Required parameter: part", err);
	if (!id && !handle && !name)
		return refuse_without_filter(call, "mine, id, forUsername, forHandle", err);
	if (!text_list_split(id ? id : "", ',', &ids, err))
		return false;
	if (ids.count > IDS_MAX)
		return refuse_parameter(call, "youtube.parameter", "invalidFilters", "parameters.",
		                        "The request specifies an invalid filter parameter.", err);
	for (size_t i = 0; i < ids.count; i++)
		if (!add_channel(call, ids.items[i], NULL, &found, err))
			return false;
	if (!id && handle) {
		char full[WORLD_HANDLE_SIZE];

		snprintf(full, sizeof(full), "%s%s", *handle == '@' ? "" : "@", handle);
		if (!add_channel(call, NULL, full, &found, err))
			return false;
	}
	/* No invented channel has one of the old user names. */
	return answer_channels(call, &found, err);
}
