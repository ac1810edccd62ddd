#include "tests/sim/world/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/list.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "tests/sim/world/rng.h"
#include "tests/sim/world/inside.h"

struct world_options world_defaults(void)
{
	return (struct world_options){.seed = 1, .fate = fate_defaults()};
}

bool world_open(const struct world_options *options, struct world **out, struct error *err)
{
	AUTO(world_close) struct world *world = calloc(1, sizeof(*world));

	if (!world)
		return error_no_memory(err);
	world->options = *options;
	if (options->corpus) {
		world->options.fate.stream_share = 0; /* the file does not say which were streams */
		if (!corpus_open(options->corpus, options->corpus_shift_s, &world->corpus, err))
			return false;
	}
	*out = world;
	world = NULL;
	return true;
}

void world_close(struct world **world)
{
	if (!*world)
		return;
	for (size_t i = 0; i < (*world)->topic_count; i++)
		free((*world)->topics[i].folded);
	free((*world)->topics);
	corpus_close(&(*world)->corpus);
	free(*world);
	*world = NULL;
}

/* ---- topics ---- */

/* Takes FOLDED over, also on failure. */
static struct topic *add_topic(struct world *world, char *folded, struct error *err)
{
	if (!list_grow(&world->topics, world->topic_count, sizeof(*world->topics))) {
		free(folded);
		error_no_memory(err);
		return NULL;
	}
	struct topic *topic = &world->topics[world->topic_count++];
	*topic = generator_topic(&world->options, folded);
	return topic;
}

/* NULL and an error without memory. */
static struct topic *topic_of(struct world *world, const char *query, struct error *err)
{
	char *folded = NULL;

	if (!unicode_fold_text(query, &folded, err))
		return NULL;
	for (size_t i = 0; i < world->topic_count; i++) {
		if (strcmp(world->topics[i].folded, folded) == 0) {
			free(folded);
			return &world->topics[i];
		}
	}
	return add_topic(world, folded, err);
}

bool world_know(struct world *world, const char *query, struct error *err)
{
	return topic_of(world, query, err) != NULL;
}

bool world_set_rate(struct world *world, const char *query, double per_day, struct error *err)
{
	struct topic *topic = topic_of(world, query, err);

	if (topic)
		topic->rate_per_hour = per_day / 24;
	return topic != NULL;
}

/* ---- searching ---- */

/* Which videos are wanted: those with a time from AFTER to BEFORE that the index shows at NOW; or, with NOW 0, all announced
 * then. */
struct span {
	int64_t after, before, now;
};

static bool is_hit(const struct fate *fate, const struct span *span)
{
	int64_t time = span->now ? fate_index_time(fate, span->now) : fate->announced_at;

	return (!span->now || fate_is_in_index(fate, span->now)) && time >= span->after && time <= span->before;
}

static bool search_invented(struct world *world, const struct topic *topic, const struct span *span, struct world_hits *hits,
                            struct error *err)
{
	int64_t from = span->after - FATE_MOVE_MAX_S - FATE_MISDATED_MAX_S;
	int64_t to = span->before + FATE_MISDATED_MAX_S;

	for (int64_t hour = (from > 0 ? from : 0) / SECONDS_PER_HOUR; hour <= to / SECONDS_PER_HOUR; hour++) {
		int64_t count = generator_count(&world->options, topic, hour);

		for (int64_t number = 0; number < count; number++) {
			struct fate fate = generator_fate(&world->options, topic, hour, number);

			if (!is_hit(&fate, span))
				continue;
			struct world_video *video = world_hits_add(hits);
			if (!video)
				return error_no_memory(err);
			if (!generator_make(&world->options, topic, hour, number, video, err))
				return false;
		}
	}
	return true;
}

bool world_make_real(const struct world *world, const struct corpus_video *from, struct world_video *out, struct error *err)
{
	memcpy(out->id, from->id, sizeof(out->id));
	memcpy(out->channel_id, from->channel_id, sizeof(out->channel_id));
	out->fate = fate_of(&world->options.fate, rng_join(world->options.seed, rng_text(from->id)), from->published_at);
	return text_copy(from->title, &out->title, err) && text_copy(from->description, &out->description, err) &&
	       text_copy(from->channel_title, &out->channel_title, err);
}

static bool search_real(struct world *world, const char *folded, const struct span *span, struct world_hits *hits,
                        struct error *err)
{
	for (size_t i = 0; i < corpus_count(world->corpus); i++) {
		const struct corpus_video *candidate = corpus_at(world->corpus, i);
		AUTO(world_video_clear) struct world_video video = {0};

		if (!corpus_matches(candidate, folded))
			continue;
		if (!world_make_real(world, candidate, &video, err))
			return false;
		if (!is_hit(&video.fate, span))
			continue;
		struct world_video *hit = world_hits_add(hits);
		if (!hit)
			return error_no_memory(err);
		*hit = video;
		video = (struct world_video){0};
	}
	return true;
}

/* The index's time depends on NOW, which qsort cannot be told: it is written over the announced one while sorting. */
static void sort_hits(struct world_hits *hits, int64_t now)
{
	for (size_t i = 0; i < hits->count; i++) {
		struct fate *fate = &hits->items[i].fate;
		int64_t announced_at = fate->announced_at;

		fate->announced_at = fate_index_time(fate, now);
		fate->index_slip_s = announced_at;
	}
	if (hits->count)
		qsort(hits->items, hits->count, sizeof(hits->items[0]), world_newest_first);
	for (size_t i = 0; i < hits->count; i++) {
		struct fate *fate = &hits->items[i].fate;

		fate->announced_at = fate->index_slip_s;
		fate->index_slip_s = 0;
	}
}

bool world_search(struct world *world, const char *query, int64_t after, int64_t before, int64_t now, struct world_hits *out,
                  struct error *err)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	const struct topic *topic = topic_of(world, query, err);

	if (!topic)
		return false;
	struct span span = {.after = after, .before = before < now ? before : now, .now = now};
	if (!(world->corpus ? search_real(world, topic->folded, &span, &hits, err)
	                    : search_invented(world, topic, &span, &hits, err)))
		return false;
	sort_hits(&hits, now);
	for (size_t i = 0; i < hits.count; i++)
		if (fate_is_renamed(&hits.items[i].fate, now) && !world_video_rename(&hits.items[i], err))
			return false;
	*out = hits;
	hits = (struct world_hits){0};
	return true;
}

bool world_all(struct world *world, const char *query, int64_t after, int64_t before, struct world_hits *out, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	const struct topic *topic = topic_of(world, query, err);
	struct span span = {.after = after, .before = before};

	if (!topic || !search_invented(world, topic, &span, &hits, err))
		return false;
	*out = hits;
	hits = (struct world_hits){0};
	return true;
}

/* ---- finding by id ---- */

static bool find_invented(struct world *world, const char *id, bool *found, struct world_video *out, struct error *err)
{
	struct place place;

	if (!generator_place(&world->options, id, &place))
		return true;
	for (size_t i = 0; i < world->topic_count; i++) {
		const struct topic *topic = &world->topics[i];

		if (topic->tag != place.tag || place.number >= generator_count(&world->options, topic, place.hour))
			continue;
		*found = true;
		return generator_make(&world->options, topic, place.hour, place.number, out, err);
	}
	return true;
}

bool world_find(struct world *world, const char *id, int64_t now, bool *found, struct world_video *out, struct error *err)
{
	AUTO(world_video_clear) struct world_video video = {0};
	const struct corpus_video *real = world->corpus ? corpus_find(world->corpus, id) : NULL;

	*found = real != NULL;
	if (!(real ? world_make_real(world, real, &video, err) : world->corpus || find_invented(world, id, found, &video, err)))
		return false;
	*found = *found && fate_exists(&video.fate, now);
	if (*found && fate_is_renamed(&video.fate, now) && !world_video_rename(&video, err))
		return false;
	if (*found) {
		*out = video;
		video = (struct world_video){0};
	}
	return true;
}
