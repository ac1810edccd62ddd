#include "tests/sim/world/profiles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/timestamp.h"
#include "tests/sim/world/rng.h"

enum { INVENTED = 150, SPAN_DAYS = 250, RECENT_DAYS = 30 };

#define ONCE_SHARE 0.25 /* of an invented topic's videos: by channels that publish one */
#define ASIDE_MOST 5.0  /* other videos for each one of the topic */
#define GLOBAL_WEIGHT 4.0

void profiles_clear(struct profiles *profiles)
{
	free(profiles->items);
	free(profiles->videos);
	*profiles = (struct profiles){0};
}

static struct profile *add_profile(struct profiles *profiles)
{
	if (!list_grow(&profiles->items, profiles->count, sizeof(*profiles->items)))
		return NULL;
	struct profile *profile = &profiles->items[profiles->count++];
	*profile = (struct profile){0};
	return profile;
}

/* ---- invented ---- */

/* More at the end of the day than in the night. */
static size_t pick_hour(struct rng *rng)
{
	return (16 + (size_t)(rng_lognormal(rng, 4, 0.8))) % DAY_HOURS;
}

static void invent_hours(struct rng *rng, float hours[DAY_HOURS])
{
	static const float best[] = {0.31f, 0.18f, 0.12f};
	size_t hour = pick_hour(rng);

	for (size_t i = 0; i < DAY_HOURS; i++)
		hours[i] = 0.39f / (DAY_HOURS - 3);
	for (size_t i = 0; i < 3; i++)
		hours[(hour + i) % DAY_HOURS] = best[i];
}

bool profiles_invent(uint64_t seed, double per_day, struct profiles *out, struct error *err)
{
	AUTO(profiles_clear) struct profiles profiles = {0};
	struct rng rng = rng_from(seed);
	double sum = 0;

	for (int i = 0; i <= INVENTED; i++) {
		struct profile *profile = add_profile(&profiles);

		if (!profile)
			return error_no_memory(err);
		invent_hours(&rng, profile->hours);
		profile->per_day = rng_lognormal(&rng, 1, 1.3);
		profile->aside_per_day = rng_share(&rng) * 2 * profile->per_day;
		sum += i ? profile->per_day : 0;
	}
	double factor = (1 - ONCE_SHARE) * per_day / sum;
	for (size_t i = 0; i < profiles.count; i++) {
		profiles.items[i].per_day *= factor;
		profiles.items[i].aside_per_day *= factor;
	}
	profiles.items[0].per_day = ONCE_SHARE * per_day;
	profiles.items[0].aside_per_day = 0;
	for (size_t i = 0; i < DAY_HOURS; i++)
		profiles.items[0].hours[i] = 1.0f / DAY_HOURS;
	*out = profiles;
	profiles = (struct profiles){0};
	return true;
}

/* ---- after a corpus ---- */

static size_t hour_of(const struct corpus_video *video)
{
	return (size_t)(video->published_at / SECONDS_PER_HOUR % DAY_HOURS);
}

/* The videos of one topic, sorted by channel. */
struct matches {
	const struct corpus_video **items;
	size_t count, recent; /* RECENT: of the last RECENT_DAYS */
	int64_t oldest;
	float hours[DAY_HOURS];
};

static void matches_clear(struct matches *matches)
{
	free(matches->items);
}

static bool is_in_span(const struct corpus *corpus, const struct corpus_video *video, int64_t days)
{
	return video->published_at >= corpus_end(corpus) - days * SECONDS_PER_DAY;
}

static bool find_matches(const struct corpus *corpus, const char *folded, struct matches *out, struct error *err)
{
	for (size_t i = 0; i < corpus_count(corpus); i++) {
		const struct corpus_video *video = corpus_by_channel(corpus, i);

		if (!video->channel_id[0] || !is_in_span(corpus, video, SPAN_DAYS) || !corpus_matches(video, folded))
			continue;
		if (!list_grow(&out->items, out->count, sizeof(out->items[0])))
			return error_no_memory(err);
		out->items[out->count++] = video;
		out->oldest = out->count == 1 || video->published_at < out->oldest ? video->published_at : out->oldest;
		out->recent += is_in_span(corpus, video, RECENT_DAYS);
		out->hours[hour_of(video)]++;
	}
	if (out->recent == 0)
		return error_set(err, ERR_NOT_FOUND, "the corpus has no videos of '%s'", folded);
	for (size_t hour = 0; hour < DAY_HOURS; hour++)
		out->hours[hour] /= (float)out->count;
	return true;
}

/* What becomes of a topic's channels: which part is taken, and how many are made of each that is not copied. */
struct plan {
	const struct corpus *corpus;
	const struct matches *matches;
	uint64_t seed;
	double days; /* that the matches are of */
	double taken;
	double more, busier; /* channels for each one, and how much busier each is */
};

/* The videos of one channel. */
struct group {
	const struct corpus_video *const *videos;
	size_t count;
};

/* Begins with an empty GROUP; false at the end. */
static bool next_group(const struct matches *matches, struct group *group)
{
	const struct corpus_video *const *all = (const struct corpus_video *const *)matches->items;
	const struct corpus_video *const *end = all + matches->count;

	group->videos = group->count ? group->videos + group->count : all;
	if (group->videos == end)
		return false;
	for (group->count = 1; group->videos + group->count < end &&
	                       strcmp(group->videos[group->count]->channel_id, group->videos[0]->channel_id) == 0;)
		group->count++;
	return true;
}

/* The chances of a channel are drawn from this, always in the same order. */
static struct rng rng_of(const struct plan *plan, const struct group *group)
{
	return rng_from(rng_join(plan->seed, rng_text(group->videos[0]->channel_id)));
}

/* Whether the channel is taken, and whether it is copied. */
static bool is_taken(const struct plan *plan, struct rng *rng, bool *copied)
{
	bool taken = rng_share(rng) < plan->taken;

	*copied = rng_share(rng) < 0.5;
	return taken;
}

static struct plan make_plan(const struct corpus *corpus, const struct matches *matches, uint64_t seed, double per_day)
{
	struct plan plan = {.corpus = corpus,
	                    .matches = matches,
	                    .seed = seed,
	                    .days = fmax(1, (double)(corpus_end(corpus) - matches->oldest) / SECONDS_PER_DAY),
	                    .taken = fmin(1, per_day * RECENT_DAYS / (double)matches->recent)};
	double copied_per_day = 0;
	double others_per_day = 0;

	for (struct group group = {0}; next_group(matches, &group);) {
		struct rng rng = rng_of(&plan, &group);
		bool copied;

		if (!is_taken(&plan, &rng, &copied))
			continue;
		for (size_t i = 0; copied && i < group.count; i++)
			copied_per_day += is_in_span(corpus, group.videos[i], RECENT_DAYS) ? 1.0 / RECENT_DAYS : 0;
		others_per_day += copied ? 0 : (double)group.count / plan.days;
	}
	double factor = others_per_day > 0 ? fmax(0, (per_day - copied_per_day) / others_per_day) : 0;
	plan.busier = fmax(1, sqrt(factor));
	plan.more = factor / plan.busier;
	return plan;
}

/* How many other videos the channel of GROUP published in the same time. */
static size_t count_others(const struct corpus *corpus, const struct group *group)
{
	size_t first;
	size_t all = 0;

	for (size_t i = 0, of_channel = corpus_of_channel(corpus, group->videos[0]->channel_id, &first); i < of_channel; i++)
		all += is_in_span(corpus, corpus_by_channel(corpus, first + i), SPAN_DAYS);
	return all - group->count;
}

/* One more like the channel of GROUP. */
static bool add_alike(const struct plan *plan, const struct group *group, bool copied, struct profiles *out, struct error *err)
{
	struct profile *profile = add_profile(out);
	double count = (double)group->count;
	double others = (double)count_others(plan->corpus, group);

	if (!profile)
		return error_no_memory(err);
	for (size_t hour = 0; hour < DAY_HOURS; hour++)
		profile->hours[hour] = (float)GLOBAL_WEIGHT * plan->matches->hours[hour];
	for (size_t i = 0; i < group->count; i++)
		profile->hours[hour_of(group->videos[i])]++;
	for (size_t hour = 0; hour < DAY_HOURS; hour++)
		profile->hours[hour] /= (float)(count + GLOBAL_WEIGHT);
	profile->per_day = copied ? 0 : plan->busier * count / plan->days;
	profile->aside_per_day = (copied ? 1 : plan->busier) * fmin(others, ASIDE_MOST * count) / plan->days;
	profile->copied = copied ? group->videos : NULL;
	profile->copied_count = copied ? group->count : 0;
	return true;
}

static bool add_channel(const struct plan *plan, const struct group *group, struct profiles *out, struct error *err)
{
	struct rng rng = rng_of(plan, group);
	bool copied;

	if (!is_taken(plan, &rng, &copied))
		return true;
	if (copied)
		return add_alike(plan, group, true, out, err);
	if (group->count == 1) { /* such channels are one profile together */
		out->items[0].per_day += plan->more * plan->busier / plan->days;
		return true;
	}
	int64_t more = (int64_t)(plan->more + rng_share(&rng));
	for (int64_t i = 0; i < more; i++)
		if (!add_alike(plan, group, false, out, err))
			return false;
	return true;
}

bool profiles_after(const struct corpus *corpus, const char *folded, uint64_t seed, double per_day, struct profiles *out,
                    struct error *err)
{
	AUTO(profiles_clear) struct profiles profiles = {0};
	AUTO(matches_clear) struct matches matches = {0};

	if (!find_matches(corpus, folded, &matches, err))
		return false;
	struct plan plan = make_plan(corpus, &matches, seed, per_day);
	struct profile *once = add_profile(&profiles);
	if (!once)
		return error_no_memory(err);
	memcpy(once->hours, matches.hours, sizeof(once->hours));
	for (struct group group = {0}; next_group(&matches, &group);)
		if (!add_channel(&plan, &group, &profiles, err))
			return false;
	profiles.videos = matches.items;
	matches.items = NULL;
	*out = profiles;
	profiles = (struct profiles){0};
	return true;
}
