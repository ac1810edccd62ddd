#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "model/quota_day.h"
#include "cron/cycle.h"
#include "store/upkeep/refresh.h"
#include "store/coverage.h"
#include "store/keys.h"
#include "store/upkeep/quarantine.h"
#include "store/private/visitors.h"
#include "store/queries.h"
#include "store/tracking/backfill.h"
#include "store/tracking/settings.h"
#include "store/runs.h"
#include "store/status.h"
#include "store/video_search.h"
#include "store/videos.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sim_transport.h"
#include "tests/support/store_fixture.h"

enum {
	START = 1795341600,
	UNITS = 1000 /* a day's of a project: with YouTube's 10000, thousands of lists of channels would be read */
};

#define KEY_A "key-a-of-project-one-00"
#define KEY_B "key-b-of-project-two-00"

struct fixture {
	struct store *store;
	struct config config;
	struct fake_clock time;
	struct sim sim;
	struct world *world;
	struct sim_transport transport;
	struct cycle cycle;
};

static void add_text(struct text_list *list, const char *text)
{
	struct error err;

	assert_true(text_list_add(list, text, &err));
}

/* A world without lag, losses and streams: what is published is shown. */
static struct world_options plain_world(double rate_per_day)
{
	return (struct world_options){.seed = 7, .rate_per_day = rate_per_day};
}

static struct fixture *make(double rate_per_day)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct world_options options = plain_world(rate_per_day);
	struct error err;

	assert_non_null(f);
	assert_true(quota_day_open(&err));
	assert_true(store_open(test_database(), STORE_CREATE, &f->store, &err));
	assert_true(world_open(&options, &f->world, &err));
	f->time.now = START;
	f->sim = (struct sim){.world = f->world, .pictures = "https://i.ytimg.com", .faults = {.rng = rng_from(3)}};
	assert_true(projects_add(&f->sim.projects, KEY_A, "111", -1, UNITS, &err));
	assert_true(projects_add(&f->sim.projects, KEY_B, "222", -1, UNITS, &err));
	f->config = (struct config){
	    .interval_s = 60, .start_days = 7, .searches_per_day = 100, .units_per_day = UNITS, .refresh_days = 25};
	add_text(&f->config.api_keys, KEY_A);
	add_text(&f->config.api_keys, KEY_B);
	add_text(&f->config.queries, "solar eclipse");
	f->transport = (struct sim_transport){.sim = &f->sim, .clock = fake_clock(&f->time)};
	f->cycle =
	    (struct cycle){.store = f->store,
	                   .config = &f->config,
	                   .youtube = {.base_url = "http://127.0.0.1/youtube/v3", .transport = sim_transport(&f->transport)},
	                   .clock = fake_clock(&f->time),
	                   .random = 99};
	return f;
}

static int set_up(void **state)
{
	*state = make(20);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	world_close(&f->world);
	text_list_clear(&f->config.api_keys);
	text_list_clear(&f->config.queries);
	free(f);
	return 0;
}

/* One run, which is the caller's to clear. */
static struct run fetch(struct fixture *f)
{
	struct run run = {0};
	struct error err;
	bool no_key;

	assert_true(cycle_run(&f->cycle, &run, &no_key, &err));
	assert_false(no_key);
	return run;
}

/* Runs every minute for so long; returns all failed calls. */
static int64_t fetch_for(struct fixture *f, int64_t seconds)
{
	int64_t failures = 0;

	for (int64_t end = f->time.now + seconds; f->time.now < end; f->time.now += 60) {
		AUTO(run_clear) struct run run = fetch(f);

		failures += run.failures;
		f->time.slept_ms = 0;
	}
	return failures;
}

static int64_t count_videos(struct fixture *f)
{
	struct error err;
	int64_t count;

	assert_true(store_video_count(f->store, &count, &err));
	return count;
}

static void assert_sound(struct fixture *f)
{
	struct error err = {0};

	if (!store_check(f->store, &err))
		fail_msg("%s", err.text);
}

static struct query load_query(struct fixture *f)
{
	struct query query = {0};
	struct error err;

	assert_true(store_query_get(f->store, 1, f->time.now, &query, &err));
	return query;
}

/* Whether everything that the simulated YouTube shows for the query since SINCE is recorded, with title and time, and found by
 * the query. */
static void assert_complete(struct fixture *f, int64_t since)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;

	assert_true(world_search(f->world, "solar eclipse", since, f->time.now, f->time.now, &hits, &err));
	assert_true(hits.count > 0);
	for (size_t i = 0; i < hits.count; i++) {
		AUTO(video_clear) struct video video = {0};

		assert_true(store_video_get(f->store, hits.items[i].id, &video, &err));
		assert_true(world_tell(f->world, f->time.now, &hits.items[i], &err));
		assert_string_equal(video.title, hits.items[i].title);
		assert_int_equal(video.published_at, hits.items[i].fate.announced_at);
		assert_int_equal(video.found_count, 1);
		assert_string_equal(video.found[0].query, "solar eclipse");
	}
}

/* ---- the good day ---- */

static void two_runs_store_every_matching_video_once(void **state)
{
	struct fixture *f = *state;
	AUTO(run_clear) struct run first = fetch(f);
	int64_t before = count_videos(f);

	assert_int_equal(first.searches, 1);
	assert_int_equal(first.added, before);
	assert_int_equal(first.failures, 0);
	f->time.now += 3 * 3600;
	AUTO(run_clear) struct run second = fetch(f);
	assert_int_equal(second.searches, 1);
	assert_true(second.added > 0);
	assert_int_equal(count_videos(f), before + second.added);
	assert_complete(f, f->time.now - 24 * 3600);
	assert_sound(f);
}

static void a_new_query_begins_with_one_page_and_the_rest_is_a_gap(void **state)
{
	struct fixture *f = *state;
	AUTO(run_clear) struct run run = fetch(f);
	AUTO(query_clear) struct query query = load_query(f);

	assert_int_equal(run.added, 50);
	assert_int_equal(query.covered_since, START - 7 * 86400);
	assert_int_equal(query.covered_until, START);
	assert_int_equal(query.gaps.count, 1);
	assert_int_equal(query.gaps.items[0].since, query.covered_since);
	assert_complete(f, query.gaps.items[0].until);
}

static void lookups_bring_what_search_does_not_tell(void **state)
{
	struct fixture *f = *state;
	AUTO(run_clear) struct run run = fetch(f);
	AUTO(video_page_clear) struct video_page page = {0};
	struct error err;
	int64_t waiting;

	assert_int_equal(run.units, 4); /* two new keys, and 50 videos, at most 49 a call */
	assert_true(store_refresh_count(f->store, f->time.now, 0, 100, &waiting, &err));
	assert_int_equal(waiting, 0);
	assert_true(store_videos_page(f->store, &(struct video_request){.page_number = 1, .page_size = 50}, &page, &err));
	for (size_t i = 0; i < page.videos.count; i++) {
		assert_true(page.videos.items[i].duration_s > 0);
		assert_false(page.videos.items[i].description_cut);
	}
}

static void reads_further_pages_while_they_bring_new_videos(void **state)
{
	struct fixture *f;
	AUTO(run_clear) struct run first = {0};
	AUTO(run_clear) struct run second = {0};

	tear_down(state);
	*state = f = make(400);
	first = fetch(f);
	f->time.now += 9 * 3600; /* 150 videos */
	second = fetch(f);
	assert_in_range(second.searches, 3, 5);
	assert_complete(f, START);
	AUTO(query_clear) struct query query = load_query(f);
	assert_int_equal(query.gaps.count, 1); /* that of the beginning */
	assert_int_equal(query.covered_until, f->time.now);
}

static void what_a_search_does_not_reach_is_a_gap(void **state)
{
	struct fixture *f;
	AUTO(run_clear) struct run first = {0};
	AUTO(run_clear) struct run second = {0};

	tear_down(state);
	*state = f = make(1000);
	first = fetch(f);
	f->time.now += 18 * 3600; /* 750 videos */
	second = fetch(f);
	assert_int_equal(second.searches, 10);
	AUTO(query_clear) struct query query = load_query(f);
	assert_int_equal(query.gaps.count, 2);
	assert_int_equal(query.gaps.items[0].since, START);
	assert_int_equal(query.gaps.items[0].reason, GAP_NOT_REACHED);
	assert_complete(f, query.gaps.items[0].until);
}

static void late_videos_are_found_by_the_overlap(void **state)
{
	struct fixture *f = *state;
	struct world_options options = plain_world(30);

	world_close(&f->world);
	options.fate = fate_defaults();
	options.fate.late_share = 0.5; /* half of all come 3 to 20 hours late */
	options.fate.never_share = options.fate.stream_share = options.fate.gone_share = options.fate.misdated_share = 0;
	struct error err;
	assert_true(world_open(&options, &f->world, &err));
	f->sim.world = f->world;
	assert_int_equal(fetch_for(f, 36 * 3600), 0);
	AUTO(world_hits_clear) struct world_hits hits = {0};
	assert_true(world_search(f->world, "solar eclipse", START, f->time.now - 1800, f->time.now - 1800, &hits, &err));
	assert_true(hits.count > 20);
	for (size_t i = 0; i < hits.count; i++) {
		AUTO(video_clear) struct video video = {0};
		assert_true(store_video_get(f->store, hits.items[i].id, &video, &err));
	}
}

static void a_day_stays_within_the_quota_of_both_projects(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(fetch_for(f, 2 * 86400), 0);
	for (size_t i = 0; i < f->sim.projects.project_count; i++) {
		const struct sim_project *project = &f->sim.projects.projects[i];

		assert_true(project->used[BUCKET_SEARCHES] <= 100);
		assert_true(project->calls[BUCKET_SEARCHES] <= 300); /* three Pacific days are touched */
	}
	assert_complete(f, START - 86400);
	assert_sound(f);
}

static void videos_that_are_gone_already_block_nobody(void **state)
{
	struct fixture *f = *state;
	struct world_options options = plain_world(30);
	struct error err;
	int64_t waiting;

	world_close(&f->world);
	options.fate.gone_share = 0.6; /* some of them before anybody looks; search shows them for hours more */
	assert_true(world_open(&options, &f->world, &err));
	f->sim.world = f->world;
	f->time.now = START;
	assert_int_equal(fetch_for(f, 86400), 0);
	assert_true(store_refresh_count(f->store, f->time.now - 60, 0, 100, &waiting, &err));
	assert_int_equal(waiting, 0);
	assert_sound(f);
}

static void items_older_than_asked_for_hide_no_gap(void **state)
{
	struct fixture *f = *state;
	struct world_options options = plain_world(1000);
	struct error err;

	world_close(&f->world);
	options.fate.misdated_share = 0.1; /* the index sorts them up to ten minutes wrong */
	assert_true(world_open(&options, &f->world, &err));
	f->sim.world = f->world;
	AUTO(run_clear) struct run first = fetch(f);
	f->time.now += 18 * 3600;
	AUTO(run_clear) struct run second = fetch(f);
	AUTO(query_clear) struct query query = load_query(f);
	assert_int_equal(query.gaps.count, 2);
	/* Half of 750 videos were read: the gap is what lies below them, give or take what lies wrong. */
	assert_true(second.added > 300);
	assert_in_range(query.gaps.items[0].until, START, f->time.now - 8 * 3600);
	assert_complete(f, query.gaps.items[0].until + FATE_MISDATED_MAX_S);
}

/* ---- answers that are doubted ---- */

/* Everything that the simulated YouTube shows from what is called read is recorded. */
static void assert_claims_hold(struct fixture *f)
{
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct error err;

	assert_true(store_coverage_read(f->store, 1, &coverage, &err));
	for (size_t i = 0; i < coverage.count; i++) {
		AUTO(world_hits_clear) struct world_hits hits = {0};
		const struct interval *read = &coverage.items[i];

		if (read->read_at == 0)
			continue;
		assert_true(world_search(f->world, "solar eclipse", read->since, read->until - 1, read->read_at, &hits, &err));
		for (size_t v = 0; v < hits.count; v++) {
			AUTO(video_clear) struct video video = {0};
			assert_true(store_video_get(f->store, hits.items[v].id, &video, &err));
		}
	}
}

/* How much of the last day has been read. */
static int64_t read_of_last_day(struct fixture *f)
{
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct error err;

	assert_true(store_coverage_read(f->store, 1, &coverage, &err));
	return 86400 - coverage_missing(&coverage, f->time.now - 86400, f->time.now);
}

static void without_order_only_whole_answers_count(void **state)
{
	struct fixture *f;

	tear_down(state);
	*state = f = make(400);
	f->sim.unordered = 1;
	assert_int_equal(fetch_for(f, 2 * 86400), 0);
	AUTO(query_clear) struct query query = load_query(f);
	assert_true(query.doubted_at[DOUBT_ORDER] > 0);
	assert_claims_hold(f);
	assert_true(read_of_last_day(f) > 23 * 3600);
}

static void a_choice_of_the_best_is_noticed_and_its_claims_are_withdrawn(void **state)
{
	struct fixture *f;

	tear_down(state);
	*state = f = make(400);
	f->sim.pool = 100;
	assert_int_equal(fetch_for(f, 86400), 0);
	AUTO(query_clear) struct query query = load_query(f);
	assert_true(query.doubted_at[DOUBT_CHOICE] > 0);
	assert_int_equal(fetch_for(f, 86400), 0);
	assert_claims_hold(f);
	assert_true(read_of_last_day(f) > 23 * 3600);
}

static void a_sharp_drop_is_no_silence_until_it_lasts(void **state)
{
	struct fixture *f;

	tear_down(state);
	*state = f = make(200);
	fetch_for(f, 86400);
	struct world_options silent = plain_world(1);
	struct error err;
	world_close(&f->world);
	assert_true(world_open(&silent, &f->world, &err));
	f->sim.world = f->world;
	AUTO(query_clear) struct query before = load_query(f);
	f->time.now += 3600;
	AUTO(run_clear) struct run once = fetch(f);
	AUTO(query_clear) struct query doubted = load_query(f);
	assert_int_equal(doubted.covered_until, before.covered_until);
	assert_true(doubted.doubted_at[DOUBT_SILENCE] > 0);
	fetch_for(f, 3 * 86400);
	AUTO(query_clear) struct query believed = load_query(f);
	assert_true(believed.covered_until > f->time.now - 3600);
	assert_true(believed.rate < before.rate / 4);
}

static void results_from_outside_the_window_are_said(void **state)
{
	struct fixture *f = *state;
	AUTO(run_clear) struct run first = fetch(f);

	f->sim.unbounded = 1;
	f->time.now += 8 * 86400; /* the simulator's usual window is seven days */
	AUTO(run_clear) struct run run = fetch(f);
	f->time.now += 3600;
	AUTO(run_clear) struct run again = fetch(f);
	AUTO(query_clear) struct query query = load_query(f);
	assert_true(query.doubted_at[DOUBT_WINDOW] > 0);
}

static void a_run_tells_how_many_videos_are_not_confirmed(void **state)
{
	struct fixture *f;

	tear_down(state);
	*state = f = make(400);
	AUTO(run_clear) struct run run = fetch(f);
	AUTO(query_clear) struct query query = load_query(f);
	assert_true(query.unconfirmed > 1 && query.unconfirmed < 50); /* of an hour's videos most are not in the index yet */
}

/* ---- faults ---- */
static void a_spent_key_hands_over_in_the_same_run(void **state)
{
	struct fixture *f = *state;

	f->sim.projects.projects[0].limit[BUCKET_SEARCHES] = 0;
	AUTO(run_clear) struct run run = fetch(f);
	assert_int_equal(run.added, 50);
	assert_int_equal(run.searches, 2);
	assert_int_equal(run.failures, 0);
	AUTO(key_clear) struct key key = {0};
	struct quota_defaults quota = config_quota_defaults(&f->config);
	struct error err;
	assert_true(store_key_get(f->store, 1, &quota, f->time.now, &key, &err));
	assert_string_equal(key_state_name(&key, f->time.now), "spent");
	assert_string_equal(key.project.number, "111");
}

static void bad_keys_are_disabled_with_their_reason(void **state)
{
	static const struct {
		enum sim_key_state state;
		const char *shown;
	} cases[] = {{SIM_KEY_INVALID, "invalid"},
	             {SIM_KEY_EXPIRED, "expired"},
	             {SIM_KEY_API_OFF, "api_off"},
	             {SIM_KEY_RESTRICTED, "restricted"},
	             {SIM_KEY_SUSPENDED, "suspended"}};
	struct fixture *f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(run_clear) struct run run = {0};
		AUTO(key_clear) struct key key = {0};
		struct quota_defaults quota;
		struct error err;

		tear_down(state);
		*state = f = make(20);
		f->sim.projects.keys[0].state = cases[i].state;
		run = fetch(f);
		quota = config_quota_defaults(&f->config);
		assert_int_equal(run.added, 50);
		assert_int_equal(run.failures, 0); /* the other key is good */
		assert_null(run.error);
		assert_true(store_key_get(f->store, 1, &quota, f->time.now, &key, &err));
		assert_string_equal(key_state_name(&key, f->time.now), cases[i].shown);
		assert_non_null(key.reason);
	}
}

static void without_a_usable_key_the_query_waits(void **state)
{
	struct fixture *f = *state;

	f->sim.projects.keys[0].state = f->sim.projects.keys[1].state = SIM_KEY_INVALID;
	AUTO(run_clear) struct run run = fetch(f);
	assert_int_equal(run.searches, 0);
	assert_true(run.failures > 0);
	assert_non_null(strstr(run.error, "a key is disabled"));
	AUTO(query_clear) struct query query = load_query(f);
	assert_int_equal(query.attempted_at, 0);
}

/* A fault that lasts for COUNT calls; the run still ends with the videos stored. */
static void assert_survives(struct fixture *f, enum fault fault, int count)
{
	f->sim.faults.script = fault;
	f->sim.faults.script_left = count;
	f->sim.faults.script_bucket = BUCKET_SEARCHES;
	AUTO(run_clear) struct run run = fetch(f);
	assert_int_equal(run.added, 50);
	assert_int_equal(run.failures, 0);
	assert_int_equal(run.searches, 1 + count);
	assert_sound(f);
}

static void passing_faults_are_tried_again_in_the_same_run(void **state)
{
	static const enum fault faults[] = {FAULT_503,        FAULT_HTML,  FAULT_CUT, FAULT_TRUNCATED,
	                                    FAULT_EMPTY_BODY, FAULT_BURST, FAULT_SLOW};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		print_message("%s\n", fault_name(faults[i]));
		tear_down(state);
		*state = make(20);
		assert_survives(*state, faults[i], 2);
	}
}

static void refusals_without_a_reason_disable_nobody(void **state)
{
	static const enum fault faults[] = {FAULT_FORBIDDEN, FAULT_DELEGATION};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		AUTO(key_clear) struct key key = {0};
		struct error err;

		tear_down(state);
		struct fixture *f = *state = make(20);
		assert_survives(f, faults[i], 2);
		struct quota_defaults quota = config_quota_defaults(&f->config);
		assert_true(store_key_get(f->store, 1, &quota, f->time.now, &key, &err));
		assert_string_equal(key_state_name(&key, f->time.now), "ok");
	}
}

static void a_lasting_fault_is_told_and_the_query_caught_up_later(void **state)
{
	struct fixture *f = *state;

	f->sim.faults.script = FAULT_503;
	f->sim.faults.script_left = 4;
	f->sim.faults.script_bucket = BUCKET_SEARCHES;
	AUTO(run_clear) struct run run = fetch(f);
	assert_int_equal(run.added, 0);
	assert_int_equal(run.failures, 1);
	AUTO(query_clear) struct query failed = load_query(f);
	assert_int_equal(failed.failures, 1);
	assert_non_null(failed.error);
	assert_int_equal(failed.covered_until, 0);
	assert_int_equal(failed.next_poll_at, f->time.now + f->time.slept_ms / 1000 + 60);
	f->time.now += 120;
	AUTO(run_clear) struct run again = fetch(f);
	assert_int_equal(again.added, 50);
	AUTO(query_clear) struct query well = load_query(f);
	assert_int_equal(well.failures, 0);
	assert_null(well.error);
}

static void an_unexpected_empty_answer_moves_nothing(void **state)
{
	struct fixture *f = *state;
	AUTO(run_clear) struct run first = fetch(f);
	AUTO(query_clear) struct query before = load_query(f);

	f->time.now += 3600;
	f->sim.faults.script = FAULT_NO_RESULTS;
	f->sim.faults.script_left = 1;
	f->sim.faults.script_bucket = BUCKET_SEARCHES;
	AUTO(run_clear) struct run empty = fetch(f);
	assert_int_equal(empty.failures, 1);
	AUTO(query_clear) struct query after = load_query(f);
	assert_int_equal(after.covered_until, before.covered_until);
	f->time.now += 3600;
	AUTO(run_clear) struct run again = fetch(f);
	assert_complete(f, START);
}

static void one_query_that_fails_does_not_keep_the_others(void **state)
{
	struct fixture *f = *state;

	add_text(&f->config.queries, "lunar eclipse");
	f->sim.faults.script = FAULT_503;
	f->sim.faults.script_left = 4;
	f->sim.faults.script_bucket = BUCKET_SEARCHES;
	AUTO(run_clear) struct run run = fetch(f);
	assert_int_equal(run.failures, 1);
	assert_int_equal(run.added, 50);
}

static void items_without_snippet_are_recorded_by_their_ids(void **state)
{
	struct fixture *f = *state;

	f->sim.without_snippet = 0.3;
	AUTO(run_clear) struct run run = fetch(f);
	AUTO(query_clear) struct query query = load_query(f);
	assert_int_equal(run.added, 50);
	assert_int_equal(run.skipped, 0);
	assert_complete(f, query.gaps.items[0].until);
}

/* Counts searches by what they leave out. */
struct counting {
	struct transport to;
	int moderate, unfiltered;
};

static bool count_searches(void *context, const char *url, const char *key, struct http_response *out, struct error *err)
{
	struct counting *counting = context;

	counting->moderate += strstr(url, "safeSearch=moderate") != NULL;
	counting->unfiltered += strstr(url, "safeSearch=none") != NULL;
	return counting->to.get(counting->to.context, url, key, out, err);
}

static void what_a_visitors_query_finds_stays_apart(void **state)
{
	struct fixture *f = *state;
	struct counting counting = {.to = f->cycle.youtube.transport};
	enum query_added added;
	struct error err;
	int64_t id, all;
	bool visitors;

	f->config.visitor_safe_search = SAFE_SEARCH_MODERATE;
	f->cycle.youtube.transport = (struct transport){.context = &counting, .get = count_searches};
	f->config.queries.count = 0; /* the text of the world's videos is the visitor's, not the owner's */
	assert_true(store_query_add(f->store, "solar eclipse", ORIGIN_VISITOR, 5, START, &id, &added, &err));
	fetch_for(f, 3600);
	f->config.queries.count = 1;
	assert_int_equal(count_videos(f), 0);
	assert_true(counting.moderate > 0);
	assert_int_equal(counting.unfiltered, 0);
	assert_true(store_visitors_have(f->store, id, &visitors, &err) && visitors);
	AUTO(query_list_clear) struct query_list list = {0};
	assert_true(store_queries_list(f->store, QUERIES_VISITORS, f->time.now, &list, &err));
	all = list.items[0].videos;
	assert_true(all >= 50);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM visitor_video WHERE checked_at = 0"), 0);
	/* The owner names it: all of it is public, and nothing is filtered any longer. */
	fetch_for(f, 3600);
	assert_true(count_videos(f) >= all);
	assert_true(counting.unfiltered > 0);
	assert_sound(f);
}

static void a_run_fills_the_search_index(void **state)
{
	struct fixture *f = *state;
	struct video video = {.id = "aaaaaaaaaaA", .title = (char[]){"antidisestablishment"}, .published_at = START};
	AUTO(video_page_clear) struct video_page page = {0};
	struct video_request request = {.filter = {.words = "antidisestablishment"}, .page_number = 1, .page_size = 20};
	enum video_saved saved;
	struct error err;

	assert_true(store_bulk_begin(f->store, &err));
	assert_true(store_video_save(f->store, &video, SOURCE_IMPORT, START, &saved, NULL, &err));
	assert_true(store_bulk_end(f->store, &err));
	AUTO(run_clear) struct run run = fetch(f);
	assert_true(store_videos_page(f->store, &request, &page, &err));
	assert_int_equal(page.videos.count, 1);
}

static void no_key_makes_no_call(void **state)
{
	struct fixture *f = *state;
	AUTO(run_clear) struct run run = {0};
	struct error err;
	bool no_key;

	text_list_clear(&f->config.api_keys);
	assert_true(cycle_run(&f->cycle, &run, &no_key, &err));
	assert_true(no_key);
	assert_int_equal(f->sim.projects.projects[0].calls[BUCKET_SEARCHES], 0);
}

/* A stormy day: every fault by chance, and nothing is lost that the overlap can bring. */
static void a_stormy_day_loses_nothing(void **state)
{
	struct fixture *f = *state;

	f->sim.faults.share[FAULT_503] = 0.05;
	f->sim.faults.share[FAULT_HTML] = 0.03;
	f->sim.faults.share[FAULT_CUT] = 0.03;
	f->sim.faults.share[FAULT_TRUNCATED] = 0.03;
	f->sim.faults.share[FAULT_BURST] = 0.03;
	f->sim.faults.share[FAULT_FORBIDDEN] = 0.05;
	f->sim.faults.share[FAULT_NO_RESULTS] = 0.05;
	fetch_for(f, 2 * 86400);
	f->sim.faults = (struct faults){.rng = rng_from(5)};
	fetch_for(f, 3600);
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;
	assert_true(world_search(f->world, "solar eclipse", START, f->time.now - 3600, f->time.now - 3600, &hits, &err));
	for (size_t i = 0; i < hits.count; i++) {
		AUTO(video_clear) struct video video = {0};
		assert_true(store_video_get(f->store, hits.items[i].id, &video, &err));
	}
	assert_sound(f);
}

/* ---- keys and their owner ---- */

static void a_new_key_is_tried_with_one_unit_at_the_next_run(void **state)
{
	struct fixture *f = *state;
	AUTO(run_clear) struct run first = fetch(f);
	struct quota_defaults quota = config_quota_defaults(&f->config);
	AUTO(key_clear) struct key key = {0};
	struct error err;
	int64_t id;

	assert_true(projects_add(&f->sim.projects, "key-c-of-project-three", "333", -1, -1, &err));
	assert_true(store_key_add(f->store, "key-c-of-project-three", "spare", f->time.now, &id, &err));
	AUTO(run_clear) struct run second = fetch(f);
	assert_true(store_key_get(f->store, id, &quota, f->time.now, &key, &err));
	assert_string_equal(key_state_name(&key, f->time.now), "ok");
	assert_int_equal(f->sim.projects.projects[2].calls[BUCKET_UNITS], 1);
	assert_int_equal(f->sim.projects.projects[2].calls[BUCKET_SEARCHES], 0);
	f->time.now += 60;
	AUTO(run_clear) struct run third = fetch(f);
	assert_int_equal(f->sim.projects.projects[2].calls[BUCKET_UNITS], 1);
}

static void a_key_that_its_owner_resumes_is_tried_at_the_next_run(void **state)
{
	struct fixture *f = *state;
	struct quota_defaults quota = config_quota_defaults(&f->config);
	struct key_change resumed = {.sets_state = true, .entry_state = ENTRY_ACTIVE};
	AUTO(key_clear) struct key bad = {0};
	AUTO(key_clear) struct key well = {0};
	struct error err;

	f->sim.projects.keys[0].state = SIM_KEY_RESTRICTED;
	AUTO(run_clear) struct run first = fetch(f);
	assert_true(store_key_get(f->store, 1, &quota, f->time.now, &bad, &err));
	assert_string_equal(key_state_name(&bad, f->time.now), "restricted");
	f->sim.projects.keys[0].state = SIM_KEY_GOOD;
	int64_t before = f->sim.projects.projects[0].calls[BUCKET_UNITS];
	f->time.now += 60;
	AUTO(run_clear) struct run second = fetch(f);
	assert_int_equal(f->sim.projects.projects[0].calls[BUCKET_UNITS], before); /* not by itself */
	assert_true(store_key_change(f->store, 1, &resumed, f->time.now, &err));
	f->time.now += 60;
	AUTO(run_clear) struct run third = fetch(f);
	assert_true(store_key_get(f->store, 1, &quota, f->time.now, &well, &err));
	assert_string_equal(key_state_name(&well, f->time.now), "ok");
}

static void a_new_limit_holds_at_the_next_run(void **state)
{
	struct fixture *f = *state;
	struct key_change none = {.sets_limit = {[BUCKET_SEARCHES] = true}};
	struct error err;

	assert_true(cycle_follow_environment(f->store, &f->config, f->time.now, &err));
	assert_true(store_key_change(f->store, 1, &none, f->time.now, &err));
	assert_true(store_key_change(f->store, 2, &none, f->time.now, &err));
	AUTO(run_clear) struct run run = fetch(f);
	assert_int_equal(run.searches, 0);
	none.limit[BUCKET_SEARCHES] = KEY_LIMIT_DEFAULT;
	assert_true(store_key_change(f->store, 2, &none, f->time.now, &err));
	AUTO(run_clear) struct run again = fetch(f);
	assert_int_equal(again.searches, 1);
}

/* ---- a run ---- */

static void a_run_records_all_about_itself(void **state)
{
	struct fixture *f = *state;
	AUTO(run_clear) struct run run = fetch(f);
	AUTO(run_clear) struct run row = {0};
	struct error err;

	assert_true(store_run_last(f->store, &row, &err));
	assert_int_equal(row.added, 50);
	assert_int_equal(row.searches, 1);
	assert_int_equal(row.left[BUCKET_SEARCHES], 199);
	assert_int_equal(row.left[BUCKET_UNITS], 2 * UNITS - row.units);
	assert_true(row.planned >= 4); /* two keys, a search, a lookup */
	assert_int_equal(row.planned, run.planned);
}

static void a_clock_that_is_far_off_is_a_warning(void **state)
{
	static const struct {
		int64_t ahead;
		const char *words;
	} cases[] = {{600, "clock is 600 seconds ahead of YouTube's"},
	             {-7200, "clock is 7200 seconds behind YouTube's"},
	             {60, NULL}};
	struct quota_defaults quota;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(status_clear) struct status status = {0};
		AUTO(run_clear) struct run run = {0};
		struct fake_clock theirs;
		struct error err;
		bool warned = false;

		tear_down(state);
		struct fixture *f = *state = make(20);
		theirs = (struct fake_clock){.now = f->time.now - cases[i].ahead};
		f->transport.clock = fake_clock(&theirs);
		run = fetch(f);
		assert_int_equal(run.clock_ahead_s, cases[i].ahead);
		quota = config_quota_defaults(&f->config);
		assert_true(store_status_read(f->store, &quota, 60, 0, f->time.now, &status, &err));
		for (size_t w = 0; w < status.warnings.count; w++)
			warned |= strstr(status.warnings.items[w], cases[i].words ? cases[i].words : "clock") != NULL;
		assert_int_equal(warned, cases[i].words != NULL);
	}
}

/* ---- a machine that was off ---- */

static int64_t count_hidden(struct fixture *f)
{
	struct error err;
	int64_t count;

	assert_true(store_quarantine_count(f->store, &count, &err));
	return count;
}

static void content_is_hidden_while_there_is_no_key(void **state)
{
	struct fixture *f = *state;
	AUTO(run_clear) struct run first = fetch(f);
	AUTO(run_clear) struct run run = {0};
	struct error err;
	bool no_key;

	text_list_clear(&f->config.api_keys);
	assert_true(store_key_set_state(f->store, 1, ENTRY_REMOVED, &err));
	assert_true(store_key_set_state(f->store, 2, ENTRY_REMOVED, &err));
	f->time.now += 30 * 86400 - 3600;
	assert_true(cycle_run(&f->cycle, &run, &no_key, &err));
	assert_true(no_key);
	assert_int_equal(count_videos(f), 50);
	f->time.now += 7200;
	run_clear(&run);
	assert_true(cycle_run(&f->cycle, &run, &no_key, &err));
	assert_int_equal(run.hidden, 50);
	assert_int_equal(run.failures, 0);
	assert_int_equal(count_videos(f), 0);
	assert_int_equal(count_hidden(f), 50);
	assert_sound(f);
}

static void after_forty_days_off_everything_comes_back_or_is_gone(void **state)
{
	struct fixture *f = *state;
	struct world_options options = plain_world(30);
	struct error err;

	world_close(&f->world);
	options.fate = (struct fate_options){.gone_share = 0.4};
	assert_true(world_open(&options, &f->world, &err));
	f->sim.world = f->world;
	assert_int_equal(fetch_for(f, 86400), 0);
	AUTO(video_page_clear) struct video_page before = {0};
	assert_true(store_videos_page(f->store, &(struct video_request){.page_number = 1, .page_size = 100}, &before, &err));
	assert_true(before.videos.count > 50);
	int64_t all = count_videos(f);

	f->time.now += 40 * 86400;
	/* YouTube answers nothing yet: what is quarantined is out of sight, and not lost. */
	f->sim.faults.script = FAULT_503;
	f->sim.faults.script_left = 1000;
	f->sim.faults.script_both = true;
	AUTO(run_clear) struct run dark = fetch(f);
	assert_int_equal(dark.hidden, all);
	assert_int_equal(count_videos(f), 0);
	assert_int_equal(count_hidden(f), all);
	f->sim.faults.script_left = 0;
	f->time.slept_ms = 0;
	f->time.now += 60;
	fetch_for(f, 2 * 86400);
	assert_int_equal(count_hidden(f), 0);
	int64_t back = 0;
	for (size_t i = 0; i < before.videos.count; i++) {
		AUTO(video_clear) struct video video = {0};

		if (!store_video_get(f->store, before.videos.items[i].id, &video, &err))
			continue;
		back++;
		assert_int_equal(video.first_seen_at, before.videos.items[i].first_seen_at);
		assert_int_equal(video.found_count, 1);
	}
	assert_in_range(back, 1, (int64_t)before.videos.count - 1); /* some are gone, and the others are back */
	assert_sound(f);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static int64_t found_by_channel(struct fixture *f)
{
	return fixture_number(f->store, "SELECT count(*) FROM match WHERE how = 1");
}

/* Channels of two matches that are not followed for them. */
static int64_t count_unfollowed(struct fixture *f)
{
	return fixture_number(f->store,
	                      "SELECT count(*) FROM (SELECT v.channel FROM match m JOIN video v ON v.seq = m.seq"
	                      " WHERE v.channel NOT IN (SELECT channel FROM following) GROUP BY 1 HAVING count(*) > 1) twice");
}

/* The search shows all, but is asked four times an hour only. */
static void uploads_of_channels_are_recorded_between_polls(void **state)
{
	struct fixture *f = make(200);
	struct error err;
	int64_t found;

	(void)state;
	assert_int_equal(fetch_for(f, 6 * 3600), 0);
	found = found_by_channel(f);
	assert_true(found > 0);
	assert_true(fixture_number(f->store, "SELECT max(used) FROM ledger WHERE bucket = 1") <= 10000);
	assert_true(fixture_number(f->store, "SELECT count(*) FROM followed_channel WHERE read_at > 0") > 0);
	/* Searches show the same videos later: none is recorded twice, and all of them were shown. */
	f->time.now += 3600;
	assert_int_equal(fetch_for(f, 3600), 0);
	assert_sound(f);
	assert_true(store_query_set_follow_channels(f->store, 1, false, &err));
	found = found_by_channel(f);
	assert_int_equal(fetch_for(f, 24 * 3600), 0); /* the days before the tracking have been read then */
	assert_int_equal(found_by_channel(f), found);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM match WHERE in_search = 0"), 0);
	/* As an earlier version leaves a database: the next run follows what that did not. */
	assert_true(fixture_number(f->store, "DELETE FROM followed_channel RETURNING channel") > 0);
	assert_true(count_unfollowed(f) > 0);
	assert_true(store_query_set_follow_channels(f->store, 1, true, &err));
	assert_int_equal(fetch_for(f, 60), 0);
	assert_int_equal(count_unfollowed(f), 0);
	assert_sound(f);
	tear_down((void **)&f);
}

static void a_query_stops_at_its_end(void **state)
{
	struct fixture *f = *state;
	struct query_settings settings = {.ends_at = f->time.now + 3 * 3600};
	struct error err;

	assert_int_equal(fetch_for(f, 600), 0);
	assert_true(store_query_set_settings(f->store, 1, &settings, f->time.now, &err));
	assert_int_equal(fetch_for(f, 5 * 3600), 0);
	AUTO(query_clear) struct query query = load_query(f);
	assert_true(query.covered_until <= settings.ends_at);
	assert_int_equal(query.period, PERIOD_AFTER);
	assert_claims_hold(f);
	assert_sound(f);
}

static int64_t number(struct fixture *f, const char *sql)
{
	return fixture_number(f->store, sql);
}

static void what_is_not_kept_goes_once_and_is_not_fetched_again(void **state)
{
	struct fixture *f = *state;
	int64_t removed = 0;

	f->config.keep_days = 2;
	for (int hour = 0; hour < 120; hour++, f->time.now += 3600) {
		AUTO(run_clear) struct run run = fetch(f);
		int64_t videos = count_videos(f);
		AUTO(query_clear) struct query query = load_query(f);

		assert_int_equal(run.failures, 0);
		assert_int_equal(query.kept_since, timestamp_day(f->time.now) - 2 * SECONDS_PER_DAY);
		assert_true(query.covered_since >= query.kept_since);
		assert_true(videos > 0);
		assert_true(number(f, "SELECT min(published_at) >= (SELECT kept_since FROM query) FROM video"));
		/* Nothing that was removed comes back, or it would be told as new. */
		assert_true(number(f, "SELECT count(*) FROM removed") >= removed);
		removed = number(f, "SELECT count(*) FROM removed");
	}
	assert_true(removed > 0);
	assert_int_equal(fetch_for(f, 60), 0);
	assert_complete(f, timestamp_day(f->time.now) - SECONDS_PER_DAY);
	assert_sound(f);
}

static void a_backfill_reads_the_past_until_it_is_cancelled(void **state)
{
	struct fixture *f = *state;
	const struct quota_defaults quota = {.per_day = {100, 10000}};
	struct error err;

	assert_int_equal(fetch_for(f, 6 * 3600), 0);
	int64_t since = f->time.now - 1000 * 86400;
	assert_true(store_backfill_begin(f->store, 1, since, &quota, f->time.now, &err));
	struct query begun = load_query(f);
	int64_t missing = begun.backfill.missing_s;
	int64_t until = begun.backfill.until;
	assert_int_equal(begun.backfill.since, since);
	assert_int_equal(begun.covered_since, since);
	assert_int_equal(missing, until - since);
	query_clear(&begun);
	int64_t older =
	    fixture_number(f->store, "SELECT count(*) FROM video WHERE published_at < (SELECT backfill_until FROM query)");
	assert_int_equal(fetch_for(f, 6 * 3600), 0);
	struct query later = load_query(f);
	assert_true(later.backfill.missing_s > 0 && later.backfill.missing_s < missing);
	query_clear(&later);
	assert_true(fixture_number(f->store,
	                           "SELECT count(*) FROM video WHERE published_at < (SELECT backfill_until FROM query)") > older);
	assert_claims_hold(f);
	assert_true(store_backfill_cancel(f->store, 1, f->time.now, &err));
	AUTO(query_clear) struct query cancelled = load_query(f);
	assert_int_equal(cancelled.backfill.until, 0);
	assert_true(cancelled.covered_since > since && cancelled.covered_since < until);
	assert_claims_hold(f);
	assert_sound(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(two_runs_store_every_matching_video_once),
	    CASE(a_new_query_begins_with_one_page_and_the_rest_is_a_gap),
	    CASE(a_query_stops_at_its_end),
	    CASE(what_is_not_kept_goes_once_and_is_not_fetched_again),
	    CASE(a_backfill_reads_the_past_until_it_is_cancelled),
	    CASE(lookups_bring_what_search_does_not_tell),
	    CASE(reads_further_pages_while_they_bring_new_videos),
	    CASE(what_a_search_does_not_reach_is_a_gap),
	    CASE(late_videos_are_found_by_the_overlap),
	    CASE(a_day_stays_within_the_quota_of_both_projects),
	    CASE(videos_that_are_gone_already_block_nobody),
	    CASE(items_older_than_asked_for_hide_no_gap),
	    CASE(without_order_only_whole_answers_count),
	    CASE(a_choice_of_the_best_is_noticed_and_its_claims_are_withdrawn),
	    CASE(a_sharp_drop_is_no_silence_until_it_lasts),
	    CASE(results_from_outside_the_window_are_said),
	    CASE(a_run_tells_how_many_videos_are_not_confirmed),
	    CASE(a_spent_key_hands_over_in_the_same_run),
	    CASE(bad_keys_are_disabled_with_their_reason),
	    CASE(without_a_usable_key_the_query_waits),
	    CASE(passing_faults_are_tried_again_in_the_same_run),
	    CASE(refusals_without_a_reason_disable_nobody),
	    CASE(a_lasting_fault_is_told_and_the_query_caught_up_later),
	    CASE(an_unexpected_empty_answer_moves_nothing),
	    CASE(one_query_that_fails_does_not_keep_the_others),
	    CASE(items_without_snippet_are_recorded_by_their_ids),
	    CASE(what_a_visitors_query_finds_stays_apart),
	    CASE(a_run_fills_the_search_index),
	    CASE(no_key_makes_no_call),
	    CASE(a_new_key_is_tried_with_one_unit_at_the_next_run),
	    CASE(a_key_that_its_owner_resumes_is_tried_at_the_next_run),
	    CASE(a_new_limit_holds_at_the_next_run),
	    CASE(a_run_records_all_about_itself),
	    cmocka_unit_test(uploads_of_channels_are_recorded_between_polls),
	    CASE(a_clock_that_is_far_off_is_a_warning),
	    CASE(content_is_hidden_while_there_is_no_key),
	    CASE(after_forty_days_off_everything_comes_back_or_is_gone),
	    CASE(a_stormy_day_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
