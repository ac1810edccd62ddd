/* The channels of a world, and what they uploaded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/timestamp.h"
#include "tests/sim/world/inside.h"
#include "tests/sim/world/world.h"

enum { UPLOADS_HOURS = 60 * 24, UPLOADS_LOOKED = 150000 };

void world_handle(const char *channel_id, char out[WORLD_HANDLE_SIZE])
{
	size_t len = 0;

	out[len++] = '@';
	for (const char *at = channel_id + 2; *at && len + 1 < WORLD_HANDLE_SIZE; at++)
		if (*at != '-' && *at != '_')
			out[len++] = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
	out[len] = '\0';
}

/* ---- which channel ---- */

static bool has_handle(const char *channel_id, const char *handle)
{
	char own[WORLD_HANDLE_SIZE];

	world_handle(channel_id, own);
	return strcmp(own, handle) == 0;
}

/* The topic of an invented channel, NULL when there is none with this id. */
static struct topic *topic_of_channel(const struct world *world, const char *id, struct channel_place *place,
                                      struct world_channel *out)
{
	if (!generator_channel_place(&world->options, id, place))
		return NULL;
	struct topic *topic = world_topic(world, place->tag);
	if (!topic)
		return NULL;
	if (place->which == POPULATION_STRANGER)
		generator_stranger(&world->options, topic, &place->video, out);
	else
		generator_channel(&world->options, topic, place->which, out);
	bool known = place->which == POPULATION_STRANGER || place->which < generator_channels(topic);
	return known && strcmp(out->id, id) == 0 ? topic : NULL;
}

/* Whether an invented channel has this handle; strangers are not looked for. */
static bool find_handle(const struct world *world, const char *handle, struct world_channel *out)
{
	for (size_t i = 0; i < world->topic_count; i++) {
		for (uint32_t which = 0; which < generator_channels(&world->topics[i]); which++) {
			generator_channel(&world->options, &world->topics[i], which, out);
			if (has_handle(out->id, handle))
				return true;
		}
	}
	return false;
}

static bool real_channel(const struct corpus *corpus, const char *id, const char *handle, struct world_channel *out)
{
	const struct corpus_video *video = NULL;
	size_t first = 0;

	if (id && corpus_of_channel(corpus, id, &first) > 0)
		video = corpus_by_channel(corpus, first);
	for (size_t i = 0; !id && !video && i < corpus_count(corpus); i++)
		if (corpus_by_channel(corpus, i)->channel_id[0] && has_handle(corpus_by_channel(corpus, i)->channel_id, handle))
			video = corpus_by_channel(corpus, i);
	if (!video || !video->channel_id[0])
		return false;
	*out = (struct world_channel){.born_at = video->published_at - SECONDS_PER_DAY};
	memcpy(out->id, video->channel_id, sizeof(out->id));
	snprintf(out->title, sizeof(out->title), "%s", video->channel_title);
	return true;
}

bool world_channel(const struct world *world, const char *id, const char *handle, struct world_channel *out)
{
	struct channel_place place;

	if (world->corpus)
		return real_channel(world->corpus, id, handle, out);
	return id ? topic_of_channel(world, id, &place, out) != NULL : find_handle(world, handle, out);
}

/* ---- the videos of a topic by channel ---- */

struct indexed {
	int64_t hour, number;
	int32_t previous; /* of the same channel, -1 = none */
};

struct upload_index {
	int64_t from, until; /* hours that are in it */
	struct indexed *items;
	size_t count;
	int32_t *last; /* by channel, -1 = none */
};

void upload_index_close(struct upload_index **index)
{
	if (!*index)
		return;
	free((*index)->items);
	free((*index)->last);
	free(*index);
	*index = NULL;
}

/* A new one for TOPIC, NULL without memory. */
static struct upload_index *open_index(const struct topic *topic, int64_t hour)
{
	struct upload_index *index = calloc(1, sizeof(*index));
	double looked = topic->rate_per_hour > 0 ? UPLOADS_LOOKED / topic->rate_per_hour : UPLOADS_HOURS;

	if (!index)
		return NULL;
	index->last = malloc(generator_channels(topic) * sizeof(*index->last) + 1);
	if (!index->last) {
		free(index);
		return NULL;
	}
	for (uint32_t which = 0; which < generator_channels(topic); which++)
		index->last[which] = -1;
	index->from = index->until = hour - (looked < UPLOADS_HOURS ? (int64_t)looked : UPLOADS_HOURS);
	return index;
}

static bool add_numbers(const struct world *world, const struct topic *topic, struct upload_index *index, int64_t from,
                        int64_t count, struct error *err)
{
	int64_t hour = index->until;

	for (int64_t number = from; number < from + count; number++) {
		uint32_t which = generator_which(&world->options, topic, hour, number);

		if (which == POPULATION_STRANGER)
			continue;
		if (!list_grow(&index->items, index->count, sizeof(*index->items)))
			return error_no_memory(err);
		index->items[index->count] = (struct indexed){hour, number, index->last[which]};
		index->last[which] = (int32_t)index->count++;
	}
	return true;
}

/* The index of TOPIC up to the hour of NOW, NULL and an error without memory. */
static const struct upload_index *index_of(const struct world *world, struct topic *topic, int64_t now, struct error *err)
{
	int64_t hour = now / SECONDS_PER_HOUR;

	if (!topic->uploads || hour < topic->uploads->from) {
		upload_index_close(&topic->uploads);
		topic->uploads = open_index(topic, hour);
	}
	struct upload_index *index = topic->uploads;
	if (!index) {
		error_no_memory(err);
		return NULL;
	}
	for (; index->until <= hour; index->until++)
		if (!add_numbers(world, topic, index, 0, generator_count(&world->options, topic, index->until), err) ||
		    !add_numbers(world, topic, index, FIRST_ASIDE, generator_asides(&world->options, topic, index->until), err))
			return NULL;
	return index;
}

/* ---- uploads ---- */

/* Adds VIDEO if it was announced until NOW. */
static bool add_upload(struct world_hits *hits, const struct world_video *video, int64_t now, struct error *err)
{
	if (video->fate.announced_at > now)
		return true;
	struct world_video *hit = world_hits_add(hits);
	if (!hit)
		return error_no_memory(err);
	*hit = *video;
	return true;
}

static bool invented_uploads(struct world *world, const char *channel_id, int64_t now, struct world_hits *hits, struct error *err)
{
	struct channel_place place;
	struct world_channel channel;
	struct topic *topic = topic_of_channel(world, channel_id, &place, &channel);
	struct world_video video = {0};

	if (!topic)
		return true;
	if (place.which == POPULATION_STRANGER) {
		generator_make_bare(&world->options, topic, place.video.hour, place.video.number, &video);
		return add_upload(hits, &video, now, err);
	}
	const struct upload_index *index = index_of(world, topic, now, err);
	if (!index)
		return false;
	for (int32_t at = index->items ? index->last[place.which] : -1; at >= 0; at = index->items[at].previous) {
		const struct indexed *item = &index->items[at];

		if (item->hour < now / SECONDS_PER_HOUR - UPLOADS_HOURS)
			break;
		generator_make_bare(&world->options, topic, item->hour, item->number, &video);
		if (!add_upload(hits, &video, now, err))
			return false;
	}
	return true;
}

static bool real_uploads(struct world *world, const char *channel_id, int64_t now, struct world_hits *hits, struct error *err)
{
	size_t first;
	size_t count = corpus_of_channel(world->corpus, channel_id, &first);

	for (size_t i = first; i < first + count; i++) {
		struct world_video video = {0};

		world_make_real(world, corpus_by_channel(world->corpus, i), &video);
		if (!add_upload(hits, &video, now, err))
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

/* ---- what is announced ---- */

struct span {
	int64_t from, to;
};

static bool add_announced(const struct world *world, const struct topic *topic, int64_t hour, const struct span *span,
                          struct world_hits *hits, struct error *err)
{
	int64_t matches = generator_count(&world->options, topic, hour);
	int64_t all = matches + generator_asides(&world->options, topic, hour);

	for (int64_t i = 0; i < all; i++) {
		struct world_video video = {0};

		generator_make_bare(&world->options, topic, hour, i < matches ? i : FIRST_ASIDE + i - matches, &video);
		if (video.fate.announced_at >= span->from && !add_upload(hits, &video, span->to, err))
			return false;
	}
	return true;
}

bool world_announced(struct world *world, int64_t from, int64_t to, struct world_hits *out, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct span span = {from, to};

	for (size_t i = 0; i < world->topic_count; i++)
		for (int64_t hour = from / SECONDS_PER_HOUR; hour <= to / SECONDS_PER_HOUR; hour++)
			if (!add_announced(world, &world->topics[i], hour, &span, &hits, err))
				return false;
	*out = hits;
	hits = (struct world_hits){0};
	return true;
}
