#include "tests/sim/world/fate.h"

#include <math.h>

#include "base/timestamp.h"
#include "tests/sim/world/rng.h"

enum { SHORT_MAX_S = 60 };

struct fate_options fate_defaults(void)
{
	return (struct fate_options){
	    .lag_median_s = 12 * 60,
	    .lag_spread = 1.4,
	    .lag_max_s = 48 * SECONDS_PER_HOUR,
	    .late_share = 0.02,
	    .never_share = 0.01,
	    .stream_share = 0.06,
	    .gone_share = 0.01,
	    .misdated_share = 0.02,
	    .back_share = 0,
	    .renamed_share = 0,
	    .omitted_share = 0,
	};
}

static int64_t shown_at(const struct fate_options *options, struct rng *rng, int64_t announced_at)
{
	double lot = rng_share(rng);
	double lag = rng_lognormal(rng, options->lag_median_s, options->lag_spread);
	int64_t late = rng_between(rng, 3 * SECONDS_PER_HOUR, 20 * SECONDS_PER_HOUR);

	if (lot < options->never_share)
		return FATE_NEVER;
	if (lot < options->never_share + options->late_share)
		return announced_at + late;
	return announced_at + (lag < (double)options->lag_max_s ? (int64_t)lag : options->lag_max_s);
}

static void become_stream(struct fate *fate, struct rng *rng)
{
	fate->stream = true;
	fate->duration_s = (int64_t)fmin(rng_lognormal(rng, 5400, 0.7), 11 * SECONDS_PER_HOUR);
	fate->started_at = fate->announced_at;
	if (rng_share(rng) < 0.5) {
		/* Announced for a round time, begun up to four minutes late. */
		int64_t wanted = fate->announced_at + rng_between(rng, 2 * SECONDS_PER_HOUR, 72 * SECONDS_PER_HOUR);
		fate->scheduled_at = wanted - wanted % 900 + 900;
		fate->started_at = fate->scheduled_at + rng_between(rng, 0, 240);
	}
	fate->ended_at = fate->started_at + fate->duration_s;
}

struct fate fate_of(const struct fate_options *options, uint64_t random, int64_t announced_at)
{
	struct rng rng = rng_from(random);
	struct fate fate = {.announced_at = announced_at,
	                    .gone_at = FATE_NEVER,
	                    .back_at = FATE_NEVER,
	                    .renamed_at = FATE_NEVER,
	                    .omitted_share = options->omitted_share,
	                    .random = random};

	fate.shown_at = shown_at(options, &rng, announced_at);
	if (rng_share(&rng) < options->misdated_share)
		fate.index_slip_s = rng_between(&rng, -FATE_MISDATED_MAX_S, FATE_MISDATED_MAX_S);
	if (rng_share(&rng) < options->gone_share)
		fate.gone_at = announced_at + (int64_t)rng_lognormal(&rng, 2.0 * SECONDS_PER_DAY, 1.2);
	fate.duration_s = 5 + (int64_t)fmin(rng_lognormal(&rng, 260, 1.3), 10 * SECONDS_PER_HOUR);
	fate.audience = fmin(rng_lognormal(&rng, 900, 2.2), 5e8);
	fate.liked = rng_share(&rng) < 0.05 ? -1 : rng_lognormal(&rng, 0.03, 0.5);
	fate.talked = rng_share(&rng) < 0.08 ? -1 : rng_lognormal(&rng, 0.003, 0.7);
	fate.views_hidden = rng_share(&rng) < 0.01;
	if (rng_share(&rng) < options->stream_share)
		become_stream(&fate, &rng);
	if (rng_share(&rng) < options->back_share && fate.gone_at != FATE_NEVER)
		fate.back_at = fate.gone_at + (int64_t)rng_lognormal(&rng, 3.0 * SECONDS_PER_DAY, 1);
	if (rng_share(&rng) < options->renamed_share)
		fate.renamed_at = announced_at + (int64_t)rng_lognormal(&rng, 1.5 * SECONDS_PER_DAY, 1);
	return fate;
}

enum video_kind fate_kind(const struct fate *fate, int64_t now)
{
	if (!fate->stream)
		return VIDEO_NORMAL;
	return now < fate->started_at ? VIDEO_UPCOMING : now < fate->ended_at ? VIDEO_LIVE : VIDEO_WAS_LIVE;
}

int64_t fate_published_at(const struct fate *fate, int64_t now)
{
	return fate->stream && now >= fate->started_at ? fate->started_at : fate->announced_at;
}

int64_t fate_index_time(const struct fate *fate, int64_t now)
{
	return fate_published_at(fate, now) + fate->index_slip_s;
}

/* Every spell of hours is a lot of its own; they do not begin for all videos at once. */
static bool is_omitted(const struct fate *fate, int64_t now)
{
	if (fate->omitted_share <= 0)
		return false;
	int64_t spell = (now + (int64_t)(fate->random % FATE_OMITTED_S)) / FATE_OMITTED_S;
	struct rng rng = rng_from(rng_join(fate->random, (uint64_t)spell));
	return rng_share(&rng) < fate->omitted_share;
}

bool fate_is_in_index(const struct fate *fate, int64_t now)
{
	bool out = fate->gone_at != FATE_NEVER && now >= fate->gone_at + FATE_GONE_IN_INDEX_S && now < fate->back_at;

	return fate->shown_at <= now && !out && !is_omitted(fate, now);
}

bool fate_exists(const struct fate *fate, int64_t now)
{
	return fate->announced_at <= now && (now < fate->gone_at || now >= fate->back_at);
}

bool fate_is_short(const struct fate *fate)
{
	return !fate->stream && fate->duration_s <= SHORT_MAX_S;
}

bool fate_is_renamed(const struct fate *fate, int64_t now)
{
	return now >= fate->renamed_at;
}

struct fate_counts fate_counts(const struct fate *fate, int64_t now)
{
	int64_t since = fate->stream ? fate->started_at : fate->announced_at;
	double days = now > since ? (double)(now - since) / SECONDS_PER_DAY : 0;
	/* Most come in the first days, some ever after. */
	double views = floor(fate->audience * (1 - exp(-days / 3)) + fate->audience * 0.001 * days);

	return (struct fate_counts){
	    .views = fate->views_hidden ? VIDEO_UNKNOWN : (int64_t)views,
	    .likes = fate->liked < 0 ? VIDEO_UNKNOWN : (int64_t)(views * fmin(fate->liked, 1)),
	    .comments = fate->talked < 0 ? VIDEO_UNKNOWN : (int64_t)(views * fmin(fate->talked, 1)),
	    .watching = 1 + (int64_t)(fate->audience / 50),
	};
}
