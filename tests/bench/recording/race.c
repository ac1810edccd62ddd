#include "tests/bench/recording/race.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/quota_day.h"
#include "base/timestamp.h"
#include "cron/cycle.h"
#include "store/coverage.h"
#include "store/channels/followed.h"
#include "store/matches.h"
#include "store/queries.h"
#include "store/videos.h"
#include "tests/bench/recording/carrier.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sim_transport.h"

enum {
	START = 1795341600, /* 2026-11-22T10:00:00Z */
	INTERVAL_S = 120,
	NAIVE_S = 300,
	HISTORY_S = 30 * SECONDS_PER_DAY, /* before, searches of so long are in the database */
	START_DAYS = 7,
	COUNTED_FROM = START + 2 * SECONDS_PER_DAY, /* the first days belong to finding in */
	AFTERWARDS_S = 30 * SECONDS_PER_HOUR,       /* so that what is late is in the index */
	OUTAGE_AT = START + 2 * SECONDS_PER_DAY,
	AFTER_OUTAGE_S = 2 * SECONDS_PER_DAY, /* counted from a day after its end */
	CATCH_UP_MAX_S = 12 * SECONDS_PER_DAY,
	SEARCHES = 100,
	QUERIES_MAX = 30,
};

/* The newest videos of the corpus are of 22 August 2026: sixteen weeks, so that days of the week stay. */
enum { CORPUS_SHIFT_S = 16 * 7 * SECONDS_PER_DAY };

/* Each query's channels are like those of the corpus that publish about one of these. */
static const char *const topics[] = {"minecraft", "trailer", "game",  "gta",      "music", "roblox",   "live",  "football",
                                     "vs",        "song",    "day",   "new",      "part",  "cup",      "remix", "teaser",
                                     "full",      "cover",   "love",  "world",    "best",  "car",      "film",  "free",
                                     "movie",     "episode", "brawl", "official", "show",  "challenge"};

/* No title of one has the word of another. */
static const char *const queries[] = {"avocet", "bittern",  "curlew",   "dunlin",     "egret",  "fulmar",   "gannet", "heron",
                                      "ibis",   "jackdaw",  "kestrel",  "lapwing",    "merlin", "nightjar", "osprey", "plover",
                                      "quail",  "redshank", "siskin",   "tern",       "urial",  "vulture",  "wigeon", "xenops",
                                      "yaffle", "zitting",  "accentor", "bluethroat", "chough", "dotterel"};

/* Nothing is sent to them: the transport answers for the hub, and the carrier for newsreel-web. */
#define CALLBACKS "https://newsreel.example"
#define HUB "http://127.0.0.1/subscribe"

#define SIGMA 1.3
#define KEY "key-of-the-only-project-0"

const char *strategy_name(enum strategy strategy)
{
	static const char *const names[STRATEGY_COUNT] = {"newsreel with push", "newsreel", "search alone", "even polling",
	                                                  "naive"};

	return names[strategy];
}

bool race_corpus_open(const char *file, struct corpus **out, struct error *err)
{
	return corpus_open(file, CORPUS_SHIFT_S, out, err);
}

static void must(bool done, const struct error *err)
{
	if (done)
		return;
	fprintf(stderr, "bench: %s\n", err->text);
	exit(1);
}

/* ---- the stage ---- */

struct stage {
	const struct race *race;
	struct store *store;
	struct config config;
	struct world *world;
	struct sim sim;
	struct carrier carrier;
	char hub_url[sizeof(HUB)];
	struct fake_clock time;
	struct sim_transport transport;
	struct cycle cycle;
	int64_t polled_at[QUERIES_MAX]; /* by the plain strategies */
	int64_t next_s;
	int turn;
	int64_t day;
	int64_t used_before[BUCKET_COUNT]; /* charged before DAY */
	int64_t most[BUCKET_COUNT];        /* on a day */
};

/* Rates with the wanted sum. */
static void set_rates(struct stage *stage)
{
	struct rng rng = rng_from(stage->race->seed * 77);
	double rates[QUERIES_MAX] = {0};
	double sum = 0;
	struct error err;

	for (int i = 0; i < stage->race->queries; i++)
		sum += rates[i] = rng_lognormal(&rng, 1, stage->race->alike ? 0 : SIGMA);
	for (int i = 0; i < stage->race->queries; i++) {
		must(world_set_rate(stage->world, queries[i], rates[i] / sum * stage->race->per_day, &err), &err);
	}
}

static void set_faults(struct sim *sim)
{
	sim->untitled = 0.01;
	sim->endless = 0.05;
	sim->unbounded = 0.01;
	sim->faults.share[FAULT_503] = 0.02;
	sim->faults.share[FAULT_HTML] = 0.01;
	sim->faults.share[FAULT_CUT] = 0.01;
	sim->faults.share[FAULT_TRUNCATED] = 0.01;
	sim->faults.share[FAULT_BURST] = 0.01;
	sim->faults.share[FAULT_FORBIDDEN] = 0.03;
	sim->faults.share[FAULT_NO_RESULTS] = 0.03;
	sim->without_snippet = 0.02;
	sim->swapped = 0.05;
}

static void set_hub(struct stage *stage)
{
	stage->carrier.hub = (struct hub){
	    .seed = stage->race->seed, .carried = true, .duplicates = 0.05, .lost = 0.05, .delayed = 0.05, .hub_spells = 0.1};
	stage->sim.hub = &stage->carrier.hub;
	memcpy(stage->hub_url, HUB, sizeof(HUB));
	stage->config.hub_url = stage->hub_url;
	stage->cycle.push_base = CALLBACKS;
}

static void open_world(struct stage *stage)
{
	struct world_options options = {.seed = stage->race->seed,
	                                .rhythm = true,
	                                .operators = stage->race->operators,
	                                .model = stage->race->corpus,
	                                .model_topics = topics,
	                                .model_topic_count = sizeof(topics) / sizeof(topics[0])};
	struct error err;

	options.fate = fate_defaults(); /* median 12 minutes, sigma 1.4, at most 48 hours, 2 % late, 1 % never */
	options.fate.stream_share = options.fate.gone_share = options.fate.misdated_share = 0;
	options.fate.never_share += stage->race->hidden;
	options.fate.omitted_share = stage->race->omitted;
	must(world_open(&options, &stage->world, &err), &err);
	set_rates(stage);
}

static bool is_newsreel(const struct stage *stage)
{
	return stage->race->strategy <= SEARCH_ALONE;
}

static bool save_remembered(struct stage *stage, int query, struct world_video *from, struct error *err)
{
	struct video video = {.title = from->title,
	                      .channel_title = from->channel_title,
	                      .published_at = from->fate.announced_at};
	enum video_saved saved;
	int64_t seq;
	bool added;

	memcpy(video.id, from->id, sizeof(video.id));
	memcpy(video.channel_id, from->channel_id, sizeof(video.channel_id));
	return store_video_save(stage->store, &video, SOURCE_DETAILS, START, &saved, &seq, err) &&
	       store_match_save(stage->store, query + 1, seq, FOUND_SEARCH, START, &added, err) &&
	       store_follow(stage->store, query + 1, seq, START, err);
}

/* A race is some days of a database that has been there for long: it holds what searches gave before, and how much
 * that was. */
static void remember(struct stage *stage, int query)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	AUTO(coverage_clear) struct coverage coverage = {0};
	const struct interval read = {.since = START - HISTORY_S, .until = START, .read_at = START};
	struct error err;

	must(world_all(stage->world, queries[query], START - HISTORY_S, START, &hits, &err) &&
	         coverage_set(&coverage, &read, &err) && store_begin(stage->store, &err) &&
	         store_coverage_write(stage->store, query + 1, &coverage, START, &err),
	     &err);
	struct poll poll = {.query_id = query + 1, .at = START, .rate = (double)hits.count * SECONDS_PER_DAY / HISTORY_S};
	must(store_query_polled(stage->store, &poll, &err), &err);
	for (size_t i = 0; i < hits.count; i++)
		if (hits.items[i].fate.shown_at <= START)
			must(save_remembered(stage, query, &hits.items[i], &err), &err);
	must(store_commit(stage->store, &err), &err);
}

static void open_stage(struct stage *stage)
{
	struct error err;

	must(quota_day_open(&err) && store_open(":memory:", STORE_CREATE, &stage->store, &err), &err);
	open_world(stage);
	stage->sim = (struct sim){.world = stage->world,
	                          .pictures = "https://i.ytimg.com",
	                          .pool = stage->race->pool,
	                          .unordered = stage->race->unordered,
	                          .faults = {.rng = rng_from(stage->race->seed * 31)}};
	must(projects_add(&stage->sim.projects, KEY, "111", -1, -1, &err), &err);
	if (stage->race->faults)
		set_faults(&stage->sim);
	stage->time.now = START;
	stage->config = (struct config){.interval_s = INTERVAL_S,
	                                .start_days = START_DAYS,
	                                .scouts = stage->race->scouts,
	                                .searches_per_day = SEARCHES,
	                                .units_per_day = 10000,
	                                .refresh_days = 25};
	must(text_list_add(&stage->config.api_keys, KEY, &err), &err);
	for (int i = 0; i < stage->race->queries; i++)
		must(text_list_add(&stage->config.queries, queries[i], &err), &err);
	stage->transport = (struct sim_transport){.sim = &stage->sim, .clock = fake_clock(&stage->time)};
	stage->cycle =
	    (struct cycle){.store = stage->store,
	                   .config = &stage->config,
	                   .youtube = {.base_url = "http://127.0.0.1/youtube/v3", .transport = sim_transport(&stage->transport)},
	                   .clock = fake_clock(&stage->time),
	                   .random = stage->race->seed * 17 + 1};
	if (stage->race->strategy == NEWSREEL_PUSH)
		set_hub(stage);
	must(cycle_follow_environment(stage->store, &stage->config, START, &err), &err);
	for (int i = 0; i < stage->race->queries && is_newsreel(stage); i++) {
		must(store_query_set_follow_channels(stage->store, i + 1, stage->race->strategy != SEARCH_ALONE, &err), &err);
		remember(stage, i);
	}
}

static void close_stage(struct stage *stage)
{
	store_close(&stage->store);
	carrier_clear(&stage->carrier);
	world_close(&stage->world);
	text_list_clear(&stage->config.api_keys);
	text_list_clear(&stage->config.queries);
}

/* ---- strategies ---- */

static void run_newsreel(struct stage *stage)
{
	AUTO(run_clear) struct run run = {0};
	struct error err;
	bool no_key;

	if (stage->race->strategy == NEWSREEL_PUSH)
		must(carrier_serve(&stage->carrier, stage->store, stage->world, stage->time.now, &err), &err);
	must(cycle_run(&stage->cycle, &run, &no_key, &err), &err);
}

/* One search, as a plain program makes it: what comes is saved, what fails is left. */
static bool search(struct stage *stage, int query, int64_t since)
{
	AUTO(search_answer_clear) struct search_answer answer = {0};
	struct search_request request = {.text = queries[query], .published_after = since, .published_before = stage->time.now};
	struct outcome outcome;
	struct error err;

	must(youtube_search(&stage->cycle.youtube, KEY, &request, &answer, &outcome, &err), &err);
	must(store_begin(stage->store, &err), &err);
	for (size_t i = 0; i < answer.videos.count; i++) {
		enum video_saved saved;

		must(store_video_save(stage->store, &answer.videos.items[i], SOURCE_SEARCH, stage->time.now, &saved, NULL, &err),
		     &err);
	}
	must(store_commit(stage->store, &err), &err);
	return outcome.answer.class == CLASS_OK;
}

static void run_even(struct stage *stage)
{
	if (stage->time.now < stage->next_s)
		return;
	/* A day of 25 hours leaves it short: its pause is for one of 24. */
	stage->next_s = stage->time.now + SECONDS_PER_DAY / SEARCHES;
	search(stage, stage->turn, stage->time.now - SECONDS_PER_DAY);
	stage->turn = (stage->turn + 1) % stage->race->queries;
}

static void run_naive(struct stage *stage)
{
	for (int i = 0; i < stage->race->queries; i++) {
		int64_t last = stage->polled_at[i];

		if (stage->time.now < last + NAIVE_S)
			continue;
		if (search(stage, i, last ? last : stage->time.now - NAIVE_S))
			stage->polled_at[i] = stage->time.now;
	}
}

static void note_use(struct stage *stage)
{
	const struct sim_project *project = &stage->sim.projects.projects[0];
	int64_t day = quota_day_start(stage->time.now);

	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		int64_t charged = project->calls[bucket] - project->refused[bucket];

		if (day != stage->day)
			stage->used_before[bucket] = charged;
		if (charged - stage->used_before[bucket] > stage->most[bucket])
			stage->most[bucket] = charged - stage->used_before[bucket];
	}
	stage->day = day;
}

static void run_once(struct stage *stage)
{
	static void (*const runs[STRATEGY_COUNT])(struct stage *) = {run_newsreel, run_newsreel, run_newsreel, run_even,
	                                                             run_naive};
	int64_t begun = stage->time.now;

	note_use(stage);
	runs[stage->race->strategy](stage);
	/* Pauses within a run took time of it. */
	int64_t ended = stage->time.now + stage->time.slept_ms / 1000;
	stage->time.now = begun + INTERVAL_S > ended ? begun + INTERVAL_S : ended;
	stage->time.slept_ms = 0;
	note_use(stage);
}

/* ---- what was recorded ---- */

static int by_value(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Delays of recorded videos, seconds. */
struct delays {
	double *items;
	size_t count;
};

static double quantile(struct delays *delays, double part)
{
	if (delays->count == 0)
		return NAN;
	qsort(delays->items, delays->count, sizeof(delays->items[0]), by_value);
	return delays->items[(size_t)(part * (double)(delays->count - 1))];
}

/* When the video was first recorded, 0 = not. */
static int64_t recorded_at(struct stage *stage, const char *id)
{
	AUTO(video_clear) struct video video = {0};
	struct error err;
	bool found = store_video_get(stage->store, id, &video, &err);

	must(found || err.code == ERR_NOT_FOUND, &err);
	return found ? video.first_seen_at : 0;
}

struct tally {
	int64_t published, within_1h, within_24h, shown, shown_recorded, followed;
	struct followed_list channels;
	struct delays delays; /* of those shown; INFINITY for those not recorded */
};

static bool is_followed(const struct followed_list *channels, const char *channel_id)
{
	for (size_t i = 0; i < channels->count; i++)
		if (strcmp(channels->items[i].channel_id, channel_id) == 0)
			return true;
	return false;
}

static void tally_video(struct stage *stage, const struct world_video *video, struct tally *tally)
{
	int64_t at = recorded_at(stage, video->id);
	int64_t delay = at - video->fate.announced_at;
	bool shown = video->fate.shown_at <= stage->time.now;

	tally->published++;
	tally->followed += is_followed(&tally->channels, video->channel_id);
	tally->within_1h += at && delay <= SECONDS_PER_HOUR;
	tally->within_24h += at && delay <= SECONDS_PER_DAY;
	tally->shown += shown;
	tally->shown_recorded += shown && at;
	if (!shown)
		return;
	tally->delays.items = realloc(tally->delays.items, (tally->delays.count + 1) * sizeof(double));
	if (!tally->delays.items)
		abort();
	tally->delays.items[tally->delays.count++] = at ? (double)delay : INFINITY;
}

static void tally_span(struct stage *stage, int64_t from, int64_t to, struct tally *tally)
{
	for (int i = 0; i < stage->race->queries; i++) {
		AUTO(world_hits_clear) struct world_hits hits = {0};
		struct error err;

		must(world_all(stage->world, queries[i], from, to, &hits, &err), &err);
		for (size_t v = 0; v < hits.count; v++)
			tally_video(stage, &hits.items[v], tally);
	}
}

/* ---- whether the recorded coverage is true ---- */

static const struct interval *interval_at(const struct coverage *coverage, int64_t time)
{
	for (size_t i = 0; i < coverage->count; i++)
		if (coverage->items[i].since <= time && time < coverage->items[i].until)
			return &coverage->items[i];
	return NULL;
}

/* How many videos of QUERY are missing in intervals that were read. */
static int64_t broken_claims(struct stage *stage, int query)
{
	AUTO(coverage_clear) struct coverage coverage = {0};
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;
	int64_t broken = 0;

	must(store_coverage_read(stage->store, query + 1, &coverage, &err) &&
	         world_all(stage->world, queries[query], coverage_since(&coverage), stage->time.now, &hits, &err),
	     &err);
	for (size_t i = 0; i < hits.count; i++) {
		const struct fate *fate = &hits.items[i].fate;
		const struct interval *interval = interval_at(&coverage, fate->announced_at);

		broken +=
		    interval && interval->read_at && fate->shown_at <= stage->time.now && !recorded_at(stage, hits.items[i].id);
	}
	return broken;
}

/* How many of those coverage says are not confirmed. */
static double unconfirmed(struct stage *stage)
{
	AUTO(query_list_clear) struct query_list list = {0};
	struct error err;
	double sum = 0;

	must(store_queries_list(stage->store, QUERIES_ACTIVE, stage->time.now, &list, &err), &err);
	for (size_t i = 0; i < list.count; i++)
		sum += list.items[i].unconfirmed;
	return sum;
}

/* Seconds of the outage that are gaps, over all queries. */
static int64_t missing_of_outage(struct stage *stage)
{
	int64_t missing = 0;
	struct error err;

	for (int i = 0; i < stage->race->queries; i++) {
		AUTO(coverage_clear) struct coverage coverage = {0};

		must(store_coverage_read(stage->store, i + 1, &coverage, &err), &err);
		missing += coverage_missing(&coverage, OUTAGE_AT, OUTAGE_AT + stage->race->outage_s);
		/* Nothing has been read since its beginning. */
		missing += coverage_until(&coverage) <= OUTAGE_AT + stage->race->outage_s;
	}
	return missing;
}

static void tally_outage(struct stage *stage, struct figures *figures)
{
	for (int i = 0; i < stage->race->queries; i++) {
		AUTO(coverage_clear) struct coverage coverage = {0};
		AUTO(world_hits_clear) struct world_hits hits = {0};
		struct error err;

		must(store_coverage_read(stage->store, i + 1, &coverage, &err) &&
		         world_all(stage->world, queries[i], OUTAGE_AT, OUTAGE_AT + stage->race->outage_s, &hits, &err),
		     &err);
		for (size_t v = 0; v < hits.count; v++) {
			const struct interval *interval = interval_at(&coverage, hits.items[v].fate.announced_at);
			bool gap = interval && interval->read_at == 0;
			bool recorded = hits.items[v].fate.shown_at > stage->time.now || recorded_at(stage, hits.items[v].id);

			figures->in_gaps += !recorded && gap;
			figures->lost += !recorded && !gap;
		}
	}
}

/* ---- a run ---- */

static void run_until(struct stage *stage, int64_t end)
{
	while (stage->time.now < end)
		run_once(stage);
}

/* Runs until nothing of the outage is missing, at most for CATCH_UP_MAX_S. */
static void catch_up(struct stage *stage, struct figures *figures)
{
	int64_t end = OUTAGE_AT + stage->race->outage_s;

	figures->catch_up = NAN;
	while (stage->time.now < end + CATCH_UP_MAX_S) {
		if (is_newsreel(stage) && isnan(figures->catch_up) && missing_of_outage(stage) == 0)
			figures->catch_up = (double)(stage->time.now - end) / SECONDS_PER_DAY;
		bool counted = stage->time.now >= end + 2 * SECONDS_PER_DAY + AFTER_OUTAGE_S;
		if (counted && (!isnan(figures->catch_up) || !is_newsreel(stage)))
			break;
		run_until(stage, stage->time.now + SECONDS_PER_HOUR);
	}
}

static struct figures figures_of(struct stage *stage, int64_t from, int64_t to)
{
	struct tally tally = {0};
	struct figures figures = {0};
	const struct sim_project *project = &stage->sim.projects.projects[0];
	struct error err;
	double days = (double)(stage->time.now - START) / SECONDS_PER_DAY;

	must(store_followed_list(stage->store, &tally.channels, &err), &err);
	tally_span(stage, from, to, &tally);
	double all = (double)tally.published;
	figures.per_day = all / ((double)(to - from) / SECONDS_PER_DAY);
	figures.within_1h = (double)tally.within_1h / all;
	figures.within_24h = (double)tally.within_24h / all;
	figures.of_shown = (double)tally.shown_recorded / (double)tally.shown;
	figures.median_s = quantile(&tally.delays, 0.5);
	figures.p90_s = quantile(&tally.delays, 0.9);
	figures.searches = (double)(project->calls[BUCKET_SEARCHES] - project->refused[BUCKET_SEARCHES]) / days;
	figures.units = (double)(project->calls[BUCKET_UNITS] - project->refused[BUCKET_UNITS]) / days;
	figures.searches_most = (double)stage->most[BUCKET_SEARCHES];
	figures.units_most = (double)stage->most[BUCKET_UNITS];
	figures.refused = (double)(project->refused[BUCKET_SEARCHES] + project->refused[BUCKET_UNITS]);
	for (int i = 0; i < stage->race->queries && is_newsreel(stage); i++)
		figures.broken += (double)broken_claims(stage, i);
	figures.said = unconfirmed(stage);
	figures.followed = (double)tally.followed / all;
	figures.channels = (double)tally.channels.count;
	free(tally.delays.items);
	followed_list_clear(&tally.channels);
	return figures;
}

struct figures race_run(const struct race *race)
{
	struct stage stage = {.race = race};
	struct figures figures;

	open_stage(&stage);
	if (race->outage_s == 0) {
		int64_t counted_to = COUNTED_FROM + race->days * (int64_t)SECONDS_PER_DAY;

		run_until(&stage, counted_to + AFTERWARDS_S);
		figures = figures_of(&stage, COUNTED_FROM, counted_to);
	} else {
		struct figures outage = {0};
		int64_t over = OUTAGE_AT + race->outage_s;

		run_until(&stage, OUTAGE_AT);
		stage.time.now = over;
		catch_up(&stage, &outage);
		figures = figures_of(&stage, over + SECONDS_PER_DAY, over + SECONDS_PER_DAY + AFTER_OUTAGE_S);
		figures.catch_up = outage.catch_up;
		tally_outage(&stage, &figures);
	}
	close_stage(&stage);
	return figures;
}
