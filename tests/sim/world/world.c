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

static void clear_topic(struct topic *topic)
{
	free(topic->folded);
	population_close(&topic->population);
	upload_index_close(&topic->uploads);
}

void world_close(struct world **world)
{
	if (!*world)
		return;
	for (size_t i = 0; i < (*world)->topic_count; i++)
		clear_topic(&(*world)->topics[i]);
	free((*world)->topics);
	corpus_close(&(*world)->corpus);
	free(*world);
	*world = NULL;
}

/* ---- topics ---- */

struct topic *world_topic(const struct world *world, uint64_t tag)
{
	for (size_t i = 0; i < world->topic_count; i++)
		if (world->topics[i].tag == tag)
			return &world->topics[i];
	return NULL;
}

/* Gives TOPIC channels with rates and hours, where the world is to have such ones. */
static bool populate(struct world *world, struct topic *topic, struct error *err)
{
	AUTO(profiles_clear) struct profiles profiles = {0};
	const struct world_options *options = &world->options;
	uint64_t seed = rng_join(options->seed, topic->tag);
	double per_day = 24 * topic->rate_per_hour;
	size_t number = (size_t)(topic - world->topics);

	if (!options->rhythm && !options->model)
		return true;
	if (!(options->model ? profiles_after(options->model, options->model_topics[number % options->model_topic_count], seed,
	                                      per_day, &profiles, err)
	                     : profiles_invent(seed, per_day, &profiles, err)))
		return false;
	population_close(&topic->population);
	upload_index_close(&topic->uploads);
	return population_open(&profiles, &topic->population, err);
}

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
	return populate(world, topic, err) ? topic : NULL;
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

	if (!topic)
		return false;
	topic->rate_per_hour = per_day / 24;
	return populate(world, topic, err);
}

/* ---- searching ---- */

/* Which videos are wanted: those with a time from AFTER to BEFORE that the index shows at NOW; or, with NOW 0, all announced
 * then. WHOLE: with their texts. */
struct span {
	int64_t after, before, now;
	bool whole;
};

static bool is_hit(const struct fate *fate, const struct span *span)
{
	int64_t time = span->now ? fate_index_time(fate, span->now) : fate->announced_at;

	return (!span->now || fate_is_in_index(fate, span->now)) && time >= span->after && time <= span->before;
}

static bool search_invented(struct world *world, const struct topic *topic, const struct span *span, struct world_hits *hits,
                            struct error *err)
{
	int64_t moved = world->options.fate.stream_share > 0 ? FATE_MOVE_MAX_S : 0;
	int64_t from = span->after - moved - FATE_MISDATED_MAX_S;
	int64_t to = span->before + FATE_MISDATED_MAX_S;

	for (int64_t hour = (from > 0 ? from : 0) / SECONDS_PER_HOUR; hour <= to / SECONDS_PER_HOUR; hour++) {
		int64_t count = generator_count(&world->options, topic, hour);

		for (int64_t number = 0; number < count; number++) {
			struct world_video video = {0};

			generator_make_bare(&world->options, topic, hour, number, &video);
			if (!is_hit(&video.fate, span))
				continue;
			struct world_video *hit = world_hits_add(hits);
			if (!hit)
				return error_no_memory(err);
			*hit = video;
			if (span->whole && !generator_make(&world->options, topic, hour, number, hit, err))
				return false;
		}
	}
	return true;
}

void world_make_real(const struct world *world, const struct corpus_video *from, struct world_video *out)
{
	memcpy(out->id, from->id, sizeof(out->id));
	memcpy(out->channel_id, from->channel_id, sizeof(out->channel_id));
	out->fate = fate_of(&world->options.fate, rng_join(world->options.seed, rng_text(from->id)), from->published_at);
}

static bool make_real_whole(const struct world *world, const struct corpus_video *from, struct world_video *out,
                            struct error *err)
{
	world_make_real(world, from, out);
	return text_copy(from->title, &out->title, err) && text_copy(from->description, &out->description, err) &&
	       text_copy(from->channel_title, &out->channel_title, err);
}

/* Whether FOLDED is a search with operators, and these are taken as such. */
static bool is_expression(const struct world *world, const char *folded)
{
	return world->options.operators != OPERATORS_PLAIN && expression_has_operators(folded);
}

/* Takes from HITS, from the one at FIRST on, those away whose texts are not what FOLDED asks for. */
static bool keep_matches(const struct world *world, const char *folded, size_t first, struct world_hits *hits, struct error *err)
{
	size_t kept = first;

	for (size_t i = first; i < hits->count; i++) {
		struct world_video video = hits->items[i];
		AUTO(text_free) char *title = NULL;
		AUTO(text_free) char *description = NULL;

		if (!unicode_fold_text(video.title, &title, err) || !unicode_fold_text(video.description, &description, err))
			return false;
		hits->items[i] = hits->items[kept];
		hits->items[kept] = video;
		kept += expression_matches(folded, world->options.operators, title, description);
	}
	while (hits->count > kept)
		world_video_clear(&hits->items[--hits->count]);
	return true;
}

/* Searches the videos of all queries that FOLDED mentions. */
static bool search_expression(struct world *world, const char *folded, const struct span *span, struct world_hits *hits,
                              struct error *err)
{
	struct span whole = {span->after, span->before, span->now, true};

	for (size_t i = 0; i < world->topic_count; i++) {
		const struct topic *topic = &world->topics[i];
		size_t first = hits->count;

		if (expression_mentions(folded, topic->folded) &&
		    !(search_invented(world, topic, &whole, hits, err) && keep_matches(world, folded, first, hits, err)))
			return false;
	}
	return true;
}

static bool search_real(struct world *world, const char *folded, const struct span *span, struct world_hits *hits,
                        struct error *err)
{
	for (size_t i = 0; i < corpus_count(world->corpus); i++) {
		const struct corpus_video *candidate = corpus_at(world->corpus, i);
		struct world_video video = {0};

		if (!(is_expression(world, folded) ? expression_matches(folded, world->options.operators, candidate->folded, "")
		                                   : corpus_matches(candidate, folded)))
			continue;
		world_make_real(world, candidate, &video);
		if (!is_hit(&video.fate, span))
			continue;
		struct world_video *hit = world_hits_add(hits);
		if (!hit)
			return error_no_memory(err);
		*hit = video;
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

static bool find_hits(struct world *world, const char *query, const struct span *span, struct world_hits *hits, struct error *err)
{
	AUTO(text_free) char *folded = NULL;

	if (!unicode_fold_text(query, &folded, err))
		return false;
	if (world->corpus)
		return search_real(world, folded, span, hits, err);
	if (is_expression(world, folded))
		return search_expression(world, folded, span, hits, err);
	const struct topic *topic = topic_of(world, query, err);
	return topic && search_invented(world, topic, span, hits, err);
}

bool world_search(struct world *world, const char *query, int64_t after, int64_t before, int64_t now, struct world_hits *out,
                  struct error *err)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct span span = {.after = after, .before = before < now ? before : now, .now = now};

	if (!find_hits(world, query, &span, &hits, err))
		return false;
	sort_hits(&hits, now);
	*out = hits;
	hits = (struct world_hits){0};
	return true;
}

bool world_all(struct world *world, const char *query, int64_t after, int64_t before, struct world_hits *out, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	const struct topic *topic = topic_of(world, query, err);
	struct span span = {.after = after, .before = before, .whole = true};

	if (!topic || !search_invented(world, topic, &span, &hits, err))
		return false;
	*out = hits;
	hits = (struct world_hits){0};
	return true;
}

/* ---- finding by id ---- */

/* Makes the video with this id; *FOUND tells whether there ever is one. */
static bool make_invented(struct world *world, const char *id, bool *found, struct world_video *out, struct error *err)
{
	struct place place;
	const struct topic *topic = generator_place(&world->options, id, &place) ? world_topic(world, place.tag) : NULL;

	*found = topic &&
	         (place.number < FIRST_ASIDE ? place.number < generator_count(&world->options, topic, place.hour)
	                                     : place.number - FIRST_ASIDE < generator_asides(&world->options, topic, place.hour));
	return !*found || generator_make(&world->options, topic, place.hour, place.number, out, err);
}

static bool make_by_id(struct world *world, const char *id, int64_t now, bool *found, struct world_video *out, struct error *err)
{
	const struct corpus_video *real = world->corpus ? corpus_find(world->corpus, id) : NULL;

	*found = real != NULL;
	if (!(real ? make_real_whole(world, real, out, err) : world->corpus || make_invented(world, id, found, out, err)))
		return false;
	return !*found || !fate_is_renamed(&out->fate, now) || world_video_rename(out, err);
}

bool world_find(struct world *world, const char *id, int64_t now, bool *found, struct world_video *out, struct error *err)
{
	AUTO(world_video_clear) struct world_video video = {0};

	if (!make_by_id(world, id, now, found, &video, err))
		return false;
	*found = *found && fate_exists(&video.fate, now);
	if (*found) {
		*out = video;
		video = (struct world_video){0};
	}
	return true;
}

bool world_tell(struct world *world, int64_t now, struct world_video *video, struct error *err)
{
	AUTO(world_video_clear) struct world_video whole = {0};
	bool found;

	if (!make_by_id(world, video->id, now, &found, &whole, err))
		return false;
	if (found) {
		world_video_clear(video);
		*video = whole;
		whole = (struct world_video){0};
	}
	return true;
}
