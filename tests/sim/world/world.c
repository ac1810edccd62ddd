#include "tests/sim/world/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/case_fold.h"
#include "base/list.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "tests/sim/world/corpus.h"
#include "tests/sim/world/invent.h"
#include "tests/sim/world/rng.h"
#include "tests/sim/world/inside.h"

enum { TAG_BITS = 24, HOUR_BITS = 20, NUMBER_BITS = 16, TEXT_MAX_BYTES = 16 * 1024 };

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

void world_video_clear(struct world_video *video)
{
	free(video->title);
	free(video->description);
	free(video->channel_title);
	*video = (struct world_video){0};
}

void world_hits_clear(struct world_hits *hits)
{
	for (size_t i = 0; i < hits->count; i++)
		world_video_clear(&hits->items[i]);
	free(hits->items);
	*hits = (struct world_hits){0};
}

/* ---- topics ---- */

/* Takes FOLDED over, also on failure. */
static struct topic *add_topic(struct world *world, char *folded, struct error *err)
{
	uint64_t hash = rng_join(world->options.seed, rng_text(folded));
	struct rng rng = rng_from(hash);
	double per_day = world->options.rate_per_day > 0 ? world->options.rate_per_day : rng_lognormal(&rng, 40, 1);

	if (!list_grow(&world->topics, world->topic_count, sizeof(*world->topics))) {
		free(folded);
		error_no_memory(err);
		return NULL;
	}
	world->topics[world->topic_count] =
	    (struct topic){.tag = hash >> (64 - TAG_BITS), .folded = folded, .rate_per_hour = per_day / 24};
	return &world->topics[world->topic_count++];
}

/* NULL and an error without memory. */
static struct topic *topic_of(struct world *world, const char *query, struct error *err)
{
	char *folded = NULL;

	if (!case_fold(query, &folded, err))
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

/* ---- ids: 64 bits that hold query, hour and number, so that a video can be made again from its id ---- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void write_id(uint64_t number, char id[VIDEO_ID_SIZE])
{
	/* Ten digits of six bits, and one of four that stands for sixteen of the letters, as in YouTube's ids. */
	for (int i = 0; i < 10; i++)
		id[i] = digits[number >> (58 - 6 * i) & 63];
	id[10] = digits[(number & 15) << 2];
	id[11] = '\0';
}

static bool read_id(const char *id, uint64_t *number)
{
	*number = 0;
	for (int i = 0; i < VIDEO_ID_SIZE - 1; i++) {
		const char *digit = id[i] ? strchr(digits, id[i]) : NULL;

		if (!digit)
			return false;
		uint64_t value = (uint64_t)(digit - digits);
		*number = i < 10 ? *number << 6 | value : *number << 4 | value >> 2;
	}
	return true;
}

static uint64_t join_number(const struct world *world, const struct topic *topic, int64_t hour, int64_t number)
{
	uint64_t plain = topic->tag << (HOUR_BITS + NUMBER_BITS) | (uint64_t)hour << NUMBER_BITS | (uint64_t)number;

	return rng_mix(plain ^ world->options.seed << 60);
}

/* ---- invented videos ---- */

static uint64_t random_of(const struct world *world, const struct topic *topic, int64_t hour, int64_t number)
{
	return rng_join(rng_join(world->options.seed, topic->tag), (uint64_t)hour << NUMBER_BITS | (uint64_t)number);
}

int64_t world_count_in_hour(const struct world *world, const struct topic *topic, int64_t hour)
{
	struct rng rng = rng_from(random_of(world, topic, hour, (1 << NUMBER_BITS) - 1));

	return rng_poisson(&rng, topic->rate_per_hour);
}

static struct fate fate_in_hour(const struct world *world, const struct topic *topic, int64_t hour, int64_t number)
{
	struct rng rng = rng_from(random_of(world, topic, hour, number));
	int64_t announced_at = hour * SECONDS_PER_HOUR + (int64_t)rng_below(&rng, SECONDS_PER_HOUR);

	return fate_of(&world->options.fate, rng_next(&rng), announced_at);
}

bool world_make_video(const struct world *world, const struct topic *topic, int64_t hour, int64_t number, struct world_video *out,
                      struct error *err)
{
	write_id(join_number(world, topic, hour, number), out->id);
	out->fate = fate_in_hour(world, topic, hour, number);
	return invent_texts(random_of(world, topic, hour, number), topic->tag, topic->folded, out, err);
}

/* Texts as they stand after the change. */
bool world_rename(struct world_video *video, struct error *err)
{
	AUTO(buf_clear) struct buf title = BUF(TEXT_MAX_BYTES);
	AUTO(buf_clear) struct buf description = BUF(TEXT_MAX_BYTES);

	buf_printf(&title, "Update: %s", video->title);
	buf_printf(&description, "Edited since.\n\n%s", video->description);
	if (!buf_ok(&title, err) || !buf_ok(&description, err) || !text_replace(&video->title, buf_text(&title), err) ||
	    !text_replace(&video->description, buf_text(&description), err))
		return false;
	invent_cut_title(video->title);
	return true;
}

/* ---- searching ---- */

struct world_video *world_hits_add(struct world_hits *hits)
{
	if (!list_grow(&hits->items, hits->count, sizeof(*hits->items)))
		return NULL;
	struct world_video *video = &hits->items[hits->count++];
	*video = (struct world_video){0};
	return video;
}

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
		int64_t count = world_count_in_hour(world, topic, hour);

		for (int64_t number = 0; number < count; number++) {
			struct fate fate = fate_in_hour(world, topic, hour, number);

			if (!is_hit(&fate, span))
				continue;
			struct world_video *video = world_hits_add(hits);
			if (!video)
				return error_no_memory(err);
			if (!world_make_video(world, topic, hour, number, video, err))
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

int world_newest_first(const void *a, const void *b)
{
	const struct world_video *x = a;
	const struct world_video *y = b;

	if (x->fate.announced_at != y->fate.announced_at)
		return x->fate.announced_at < y->fate.announced_at ? 1 : -1;
	return strcmp(x->id, y->id);
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
		if (fate_is_renamed(&hits.items[i].fate, now) && !world_rename(&hits.items[i], err))
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
	uint64_t number;

	if (!read_id(id, &number))
		return true;
	uint64_t plain = rng_unmix(number) ^ world->options.seed << 60;
	for (size_t i = 0; i < world->topic_count; i++) {
		const struct topic *topic = &world->topics[i];
		int64_t hour = (int64_t)(plain >> NUMBER_BITS & ((1 << HOUR_BITS) - 1));
		int64_t n = (int64_t)(plain & ((1 << NUMBER_BITS) - 1));

		if (topic->tag != plain >> (HOUR_BITS + NUMBER_BITS) || n >= world_count_in_hour(world, topic, hour))
			continue;
		*found = true;
		return world_make_video(world, topic, hour, n, out, err);
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
	if (*found && fate_is_renamed(&video.fate, now) && !world_rename(&video, err))
		return false;
	if (*found) {
		*out = video;
		video = (struct world_video){0};
	}
	return true;
}
