/* The channels of a world, and what they uploaded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "tests/sim/world/invent.h"
#include "tests/sim/world/inside.h"
#include "tests/sim/world/world.h"

enum { UPLOADS_HOURS = 60 * 24, UPLOADS_LOOKED = 5000 };

void world_handle(const char *channel_id, char out[WORLD_HANDLE_SIZE])
{
	size_t len = 0;

	out[len++] = '@';
	for (const char *at = channel_id + 2; *at && len + 1 < WORLD_HANDLE_SIZE; at++)
		if (*at != '-' && *at != '_')
			out[len++] = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
	out[len] = '\0';
}

static bool is_channel(const char *candidate, const char *id, const char *handle)
{
	char own[WORLD_HANDLE_SIZE];

	world_handle(candidate, own);
	return id ? strcmp(candidate, id) == 0 : handle && strcmp(own, handle) == 0;
}

/* The topic whose channel it is, NULL when there is none. */
static const struct topic *find_channel(const struct world *world, const char *id, const char *handle, struct world_channel *out)
{
	for (size_t i = 0; i < world->topic_count; i++) {
		for (size_t which = 0; which < CHANNELS_OF_A_TOPIC; which++) {
			invent_channel(world->topics[i].tag, which, out);
			if (is_channel(out->id, id, handle))
				return &world->topics[i];
		}
	}
	return NULL;
}

bool world_channel(const struct world *world, const char *id, const char *handle, struct world_channel *out)
{
	if (!world->corpus)
		return find_channel(world, id, handle, out) != NULL;
	for (size_t i = 0; i < corpus_count(world->corpus); i++) {
		const struct corpus_video *video = corpus_at(world->corpus, i);

		if (!video->channel_id[0] || !is_channel(video->channel_id, id, handle))
			continue;
		*out = (struct world_channel){.born_at = video->published_at - SECONDS_PER_DAY};
		memcpy(out->id, video->channel_id, sizeof(out->id));
		snprintf(out->title, sizeof(out->title), "%s", video->channel_title);
		return true;
	}
	return false;
}

/* Takes VIDEO over if it is the channel's; empties it otherwise. */
static bool add_upload(struct world_hits *hits, const char *channel_id, int64_t now, struct world_video *video, struct error *err)
{
	if (strcmp(video->channel_id, channel_id) != 0 || video->fate.announced_at > now) {
		world_video_clear(video);
		return true;
	}
	if (fate_is_renamed(&video->fate, now) && !world_video_rename(video, err))
		return false;
	struct world_video *hit = world_hits_add(hits);
	if (!hit)
		return error_no_memory(err);
	*hit = *video;
	*video = (struct world_video){0};
	return true;
}

static bool invented_uploads(struct world *world, const char *channel_id, int64_t now, struct world_hits *hits, struct error *err)
{
	struct world_channel channel;
	const struct topic *topic = find_channel(world, channel_id, NULL, &channel);
	int64_t looked = 0;

	if (!topic)
		return true;
	for (int64_t hour = now / SECONDS_PER_HOUR, last = hour - UPLOADS_HOURS; hour > last && looked < UPLOADS_LOOKED; hour--) {
		int64_t count = generator_count(&world->options, topic, hour);

		for (int64_t number = 0; number < count; number++, looked++) {
			AUTO(world_video_clear) struct world_video video = {0};

			if (!generator_make(&world->options, topic, hour, number, &video, err) ||
			    !add_upload(hits, channel_id, now, &video, err))
				return false;
		}
	}
	return true;
}

static bool real_uploads(struct world *world, const char *channel_id, int64_t now, struct world_hits *hits, struct error *err)
{
	for (size_t i = 0; i < corpus_count(world->corpus); i++) {
		AUTO(world_video_clear) struct world_video video = {0};

		if (strcmp(corpus_at(world->corpus, i)->channel_id, channel_id) != 0)
			continue;
		if (!world_make_real(world, corpus_at(world->corpus, i), &video, err) ||
		    !add_upload(hits, channel_id, now, &video, err))
			return false;
	}
	return true;
}

bool world_uploads(struct world *world, const char *channel_id, int64_t now, struct world_hits *out, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};

	if (!(world->corpus ? real_uploads(world, channel_id, now, &hits, err)
	                    : invented_uploads(world, channel_id, now, &hits, err)))
		return false;
	if (hits.count)
		qsort(hits.items, hits.count, sizeof(hits.items[0]), world_newest_first);
	*out = hits;
	hits = (struct world_hits){0};
	return true;
}
