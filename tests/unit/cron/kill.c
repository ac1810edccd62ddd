/* A day and more in which runs, and newsreel-web while it answers the hub, are killed at random moments (KILLS=1000 for so many runs): nothing lost of what
 * searches, the lists of channels and the hub gave, nothing double, and never less in the ledger than YouTube charged. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "feed/atom.h"
#include "store/push/notes.h"
#include "store/push/subscriptions.h"
#include "store/queries.h"
#include "store/videos.h"
#include "tests/support/stage.h"

enum {
	START = 1795341600,
	KILLS = 80,
	ROUND_S = 900,     /* so long after one run comes the next: time for another search, as a rule */
	LOOK_EVERY = 5,    /* rounds: at the ledger */
	WHOLE_EVERY = 4,   /* one is let be, however slow the machine: there must be something to lose */
	CHECK_EVERY = 100, /* the same, at everything */
	WHOLE_RUNS = 9,    /* that tell how long one takes */
	QUERIES = 3,
	WEB_EVERY = 8, /* one of so many answers to the hub has a bomb, */
	WEB_US = 4000, /* at first after so long, at most */
};

static const char *const queries[QUERIES] = {"solar eclipse", "lunar eclipse", "tides"};

#define KEY_A "key-a-of-project-one-00"
#define KEY_B "key-b-of-project-one-00"

static struct stage *make_stage(uint64_t seed)
{
	/* What search hides comes from the lists of channels alone. */
	struct world_options options = {.seed = seed, .rate_per_day = 60, .rhythm = true, .fate = {.never_share = 0.2}};
	struct stage *stage = stage_make(&options, START);

	struct error err;

	stage->config.start_days = 1;
	stage->youtube->hub = (struct hub){.seed = seed, .duplicates = 0.1, .lost = 0.1, .delayed = 0.1};
	stage->youtube->sim.hub = &stage->youtube->hub;
	stage->cycle.push_base = "http://127.0.0.1";
	assert_true(text_copy("http://127.0.0.1/subscribe", &stage->config.hub_url, &err));
	stage_add_key(stage, KEY_A, "111", -1, -1);
	stage_add_key(stage, KEY_B, "111", -1, -1);
	for (int i = 0; i < QUERIES; i++)
		stage_add_query(stage, queries[i]);
	stage->youtube->sim.faults.share[FAULT_503] = 0.05;
	stage->youtube->sim.faults.share[FAULT_TRUNCATED] = 0.05;
	stage->youtube->sim.without_snippet = 0.05;
	return stage;
}

/* ---- killing ---- */

struct killer {
	struct rng rng;
	int posts, web_kills;
	int64_t web_us; /* about half of the answers take so long */
};

/* SIGKILL to ourselves after so many microseconds. */
static void set_bomb(int64_t microseconds)
{
	struct sigevent bang = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	struct itimerspec when = {.it_value = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000 + 1}};
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &bang, &timer) != 0 || timer_settime(timer, 0, &when, NULL) != 0)
		_exit(2);
}

/* In a child: opens the database, runs, ends. */
static void run_and_exit(struct stage *stage, int64_t microseconds)
{
	struct run run = {0};
	struct error err;
	bool no_key;

	if (microseconds)
		set_bomb(microseconds);
	if (!store_open(stage->path, STORE_CREATE, &stage->store, &err))
		_exit(3);
	stage->cycle.store = stage->store;
	if (!cycle_run(&stage->cycle, &run, &no_key, &err))
		_exit(4);
	store_close(&stage->store);
	_exit(0);
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Whether the run was killed; MICROSECONDS 0 = let it end. */
static bool run_in_child(struct stage *stage, int64_t microseconds)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		run_and_exit(stage, microseconds);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		fail_msg("the run ended with status %d", WEXITSTATUS(status));
	stage->youtube->time.now += ROUND_S;
	stage->youtube->time.slept_ms = 0;
	return WIFSIGNALED(status);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Microseconds that a run takes, more or less. */
static int64_t measure_runs(struct stage *stage)
{
	int64_t took[WHOLE_RUNS];

	for (int i = 0; i < WHOLE_RUNS; i++) {
		took[i] = now_us();
		assert_false(run_in_child(stage, 0));
		took[i] = now_us() - took[i];
	}
	qsort(took, WHOLE_RUNS, sizeof(took[0]), by_size);
	return took[WHOLE_RUNS / 2];
}

/* ---- the hub, and newsreel-web in its place ---- */

static int verify(struct stage *stage, const struct hub_post *post)
{
	struct subscription subscription;
	int64_t now = stage_now(stage);
	struct error err;

	if (!store_subscription_find(stage->store, strrchr(post->lease.callback, '/') + 1, &subscription, &err))
		return 404;
	if (post->subscribe)
		assert_true(store_subscription_verified(stage->store, subscription.channel, post->lease.until,
		                                        now + (post->lease.until - now) / 2, &err));
	else
		assert_true(store_subscription_end(stage->store, subscription.channel, &err));
	return 200;
}

static int take(struct stage *stage, const struct hub_post *post)
{
	struct feed feed;
	struct error err;

	assert_true(feed_parse(post->body, strlen(post->body), &feed, &err));
	for (size_t i = 0; i < feed.count; i++)
		assert_true(
		    store_push_note(stage->store, feed.entries[i].video_id, feed.entries[i].channel_id, stage_now(stage), &err));
	return 204;
}

/* What a run that was killed while it asked the hub has left is no message. */
static int answer(struct stage *stage, const struct hub_post *post)
{
	if (!strchr(post->lease.callback, '/') || (!post->verify && !post->body))
		return 404;
	return post->verify ? verify(stage, post) : take(stage, post);
}

/* The same in a process that is killed after so long; 0 when it did not come to answer. */
static int answer_or_die(struct stage *stage, const struct hub_post *post, int64_t microseconds)
{
	int status;

	stage_shut(stage);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		set_bomb(microseconds);
		stage_open(stage);
		_exit(answer(stage, post) / 4);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	stage_open(stage);
	assert_true(!WIFEXITED(status) || WEXITSTATUS(status) >= 200 / 4);
	return WIFEXITED(status) ? WEXITSTATUS(status) * 4 : 0;
}

static int send(struct stage *stage, const struct hub_post *post, struct killer *killer)
{
	if (killer->posts++ % WEB_EVERY)
		return answer(stage, post);
	int status = answer_or_die(stage, post, rng_between(&killer->rng, 1, killer->web_us));
	killer->web_kills += status == 0;
	killer->web_us += status ? -killer->web_us / 16 : killer->web_us / 16;
	return status;
}

/* Adds what was noted of an accepted notification to TOLD. */
static void add_told(struct stage *stage, const struct hub_post *post, struct text_list *told)
{
	struct feed feed;
	struct error err;

	assert_true(feed_parse(post->body, strlen(post->body), &feed, &err));
	for (size_t i = 0; i < feed.count; i++) {
		const char *id = feed.entries[i].video_id;

		if (stage_number(stage, "SELECT count(*) FROM noted_video WHERE id = ?1", id) && !text_list_has(told, id))
			assert_true(text_list_add(told, id, &err));
	}
}

static void deliver(struct stage *stage, struct killer *killer, struct text_list *told)
{
	struct hub *hub = &stage->youtube->hub;
	int64_t now = stage_now(stage);
	struct error err;
	int index;

	for (;;) {
		assert_true(hub_next(hub, stage->world, now, &index, &err));
		if (index < 0)
			return;
		const struct hub_post post = hub->posts[index];
		int status = send(stage, &post, killer);
		if (status == 204)
			add_told(stage, &post, told);
		hub_done(hub, index, status, post.challenge, now);
	}
}

/* ---- what must hold ---- */

static void assert_ledger(struct stage *stage)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	struct quota_defaults quota = config_quota_defaults(&stage->config);
	const struct sim_project *truth = &stage->youtube->sim.projects.projects[0];
	int64_t used[BUCKET_COUNT] = {0};
	struct error err;

	assert_true(store_keys_list(stage->store, &quota, truth->day, &keys, &err));
	for (size_t i = 0; i < keys.count; i++) {
		bool counted = i > 0 && keys.items[i].project.id == keys.items[0].project.id;

		for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
			used[bucket] += counted ? 0 : keys.items[i].project.quota[bucket].used;
	}
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		if (used[bucket] < truth->used[bucket])
			fail_msg("YouTube charged %lld %s, the ledger knows of %lld", (long long)truth->used[bucket],
			         bucket_name(bucket), (long long)used[bucket]);
		assert_true(truth->used[bucket] <= truth->limit[bucket]);
	}
}

/* All that was ever announced, once: what is recorded is not more than there is. */
static void assert_nothing_double(struct stage *stage)
{
	struct error err;
	int64_t recorded;
	size_t there = 0;

	for (int i = 0; i < QUERIES; i++) {
		AUTO(world_hits_clear) struct world_hits hits = {0};

		assert_true(world_all(stage->world, queries[i], START - SECONDS_PER_DAY, stage_now(stage), &hits, &err));
		there += hits.count;
	}
	assert_true(store_video_count(stage->store, &recorded, &err));
	assert_true((size_t)recorded <= there);
}

static void assert_all_well(struct stage *stage, struct killer *killer, struct text_list *told, bool thoroughly)
{
	stage_open(stage);
	deliver(stage, killer, told);
	assert_ledger(stage);
	if (thoroughly) {
		stage_assert_sound(stage);
		stage_assert_claims(stage);
		assert_nothing_double(stage);
		stage_assert_lists(stage, START);
		stage_assert_told(stage, told);
	}
	stage_shut(stage);
}

/* ---- the tests ---- */

static void kills_lose_nothing_and_double_nothing(void **state)
{
	uint64_t seed = (uint64_t)time(NULL);
	struct killer killer = {.rng = rng_from(seed), .web_us = WEB_US};
	AUTO(stage_close) struct stage *stage = make_stage(seed);
	AUTO(text_list_clear) struct text_list told = {0}; /* ids */
	const char *asked = getenv("KILLS");               /* how many instead */
	int wanted = asked ? (int)strtol(asked, NULL, 10) : KILLS;
	int kills = 0;
	int rounds = 0;

	(void)state;
	print_message("seed %llu\n", (unsigned long long)seed);
	stage_shut(stage);
	int64_t length = measure_runs(stage);
	for (; kills < wanted || stage_now(stage) < START + SECONDS_PER_DAY; rounds++) {
		bool killed = run_in_child(stage, rng_between(&killer.rng, 1, length));

		kills += killed;
		/* About one in five ends by itself: the last moments of a run are met as often as the first. */
		length += killed ? length / 64 : -length / 16;
		if (rounds % WHOLE_EVERY == 0)
			run_in_child(stage, 0);
		if (rounds % LOOK_EVERY == 0)
			assert_all_well(stage, &killer, &told, rounds % CHECK_EVERY == 0);
	}
	print_message("%d of %d runs of about %lld us killed, and %d of %d answers to the hub, in %lld simulated hours\n", kills,
	              rounds, (long long)length, killer.web_kills, killer.posts, (long long)(stage_now(stage) - START) / 3600);
	assert_true(killer.web_kills > 0);
	/* What the kills kept from being read is read now, or still named as a gap. */
	stage->youtube->sim.faults.share[FAULT_503] = stage->youtube->sim.faults.share[FAULT_TRUNCATED] = 0;
	stage_open(stage);
	stage_run_until(stage, stage_now(stage) + 2 * SECONDS_PER_DAY);
	int hidden = stage_assert_lists(stage, START).hidden;
	print_message("%d videos that only lists of channels show\n", hidden);
	assert_true(hidden > 0);
	int pushed = stage_assert_told(stage, &told);
	print_message("%zu videos that the hub named, %d of them recorded\n", told.count, pushed);
	assert_true(pushed > 0);
	stage_shut(stage);
	assert_all_well(stage, &killer, &told, true);
	hub_clear(&stage->youtube->hub);
	free(stage->config.hub_url);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kills_lose_nothing_and_double_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
