#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "cron/probe.h"
#include "model/quota_day.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted.h"
#include "tests/support/sim_transport.h"

enum { NOW = 1795341600, UNTIL = NOW - SECONDS_PER_DAY, SINCE = UNTIL - SECONDS_PER_DAY, MIDDLE = SINCE + SECONDS_PER_DAY / 2 };

#define KEY "key-a-of-project-one-00"
#define CHANNEL "UCaaaaaaaaaaaaaaaaaaaaaQ"

struct fixture {
	struct store *store;
	struct fake_clock time;
	struct youtube youtube;
	struct api_client client;
	uint64_t random;
	struct scripted script;
	struct buf bodies[SCRIPTED_MAX];
	char *text; /* what was printed */
	int64_t failed;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct error err;
	int64_t id;

	assert_non_null(f);
	assert_true(quota_day_open(&err));
	assert_true(store_open(":memory:", STORE_CREATE, &f->store, &err));
	assert_true(store_key_add(f->store, KEY, NULL, NOW, &id, &err));
	f->time.now = NOW;
	f->random = 42;
	f->youtube = (struct youtube){.base_url = "http://127.0.0.1/youtube/v3", .transport = scripted_transport(&f->script)};
	f->client = (struct api_client){.store = f->store,
	                                .youtube = &f->youtube,
	                                .clock = fake_clock(&f->time),
	                                .quota = {.per_day = {[BUCKET_SEARCHES] = 100, [BUCKET_UNITS] = 10000}},
	                                .random = &f->random};
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	for (size_t i = 0; i < SCRIPTED_MAX; i++)
		buf_clear(&f->bodies[i]);
	free(f->text);
	free(f);
	return 0;
}

static void probe(struct fixture *f, const char *query)
{
	struct error err = {0};
	size_t size;
	FILE *to = open_memstream(&f->text, &size);

	assert_non_null(to);
	bool done = probe_run(&f->client, query, to, &f->failed, &err);
	fclose(to);
	if (!done)
		fail_msg("%s", err.text);
}

/* The line of the question NAME says FINDING, and has WORDS in it. */
static void assert_line(const struct fixture *f, const char *name, const char *finding, const char *words)
{
	char start[64];
	char line[512];

	snprintf(start, sizeof(start), "%-10s  %-13s  ", name, finding);
	const char *at = strstr(f->text, start);
	snprintf(line, sizeof(line), "%.*s", at ? (int)strcspn(at, "\n") : 0, at ? at : "");
	if (!strstr(line, words))
		fail_msg("no '%s' with '%s' in:\n%s", start, words, f->text);
}

/* ---- a script ---- */

static void answer(struct fixture *f, int status, const char *body)
{
	f->script.answers[f->script.answer_count++] = (struct scripted_answer){.status = status, .body = body};
}

static void add_item(struct buf *body, int64_t published_at)
{
	char time[TIMESTAMP_SIZE];

	timestamp_format(published_at, time);
	buf_printf(
	    body,
	    "{\"id\":{\"videoId\":\"v%09lldA\"},\"snippet\":{\"publishedAt\":\"%s\",\"title\":\"T\",\"channelId\":\"%s\"}},",
	    (long long)(published_at % 1000000000), time, CHANNEL);
}

/* A page of COUNT videos, the first of NEWEST, each STEP seconds older than the one before. */
static void page(struct fixture *f, int64_t newest, int64_t step, int count, const char *token)
{
	struct buf *body = &f->bodies[f->script.answer_count];

	*body = BUF(64 * 1024);
	buf_add_text(body, "{\"kind\":\"youtube#searchListResponse\",\"items\":[");
	for (int i = 0; i < count; i++)
		add_item(body, newest - i * step);
	if (count)
		body->data[--body->len] = '\0';
	buf_printf(body, "],\"nextPageToken\":\"%s\"}", token);
	answer(f, 200, buf_text(body));
}

/* The channel of all these videos says that it has COUNT; its list has TOTAL, the newest three of them of NEWEST and each an hour older; a
 * longer one has a deleted video too. */
static void channel(struct fixture *f, int count, int total, int64_t newest)
{
	struct buf *counts = &f->bodies[f->script.answer_count];
	struct buf *uploads = counts + 1;

	*counts = *uploads = BUF(64 * 1024);
	buf_printf(counts,
	           "{\"kind\":\"youtube#channelListResponse\",\"items\":[{\"id\":\"" CHANNEL
	           "\",\"statistics\":{\"videoCount\":\"%d\"}}]}",
	           count);
	answer(f, 200, buf_text(counts));
	buf_printf(uploads, "{\"kind\":\"youtube#playlistItemListResponse\",\"pageInfo\":{\"totalResults\":%d},\"items\":[",
	           total);
	for (int i = 0; i < 3; i++) {
		char time[TIMESTAMP_SIZE];

		timestamp_format(newest - i * SECONDS_PER_HOUR, time);
		buf_printf(uploads,
		           "%s{\"snippet\":{\"title\":\"T\",\"resourceId\":{\"videoId\":\"v%09dA\"}},"
		           "\"contentDetails\":{\"videoPublishedAt\":\"%s\"}}",
		           i ? "," : "", i, time);
	}
	/* What is deleted has no time. */
	buf_printf(uploads, "%s]}",
	           total > 5 ? ",{\"snippet\":{\"title\":\"Deleted video\",\"resourceId\":{\"videoId\":\"v000000009A\"}}}" : "");
	answer(f, 200, buf_text(uploads));
}

/* ---- what YouTube does as it should ---- */

/* Asks SIM, with a world of 60 videos a day for every query. */
static void probe_world(struct fixture *f, struct sim *sim)
{
	struct world_options options = {.seed = 7, .rate_per_day = 60};
	struct sim_transport transport = {.sim = sim, .clock = fake_clock(&f->time)};
	struct error err;

	sim->pictures = "https://i.ytimg.com";
	sim->faults.rng = rng_from(3);
	assert_true(world_open(&options, &sim->world, &err));
	assert_true(world_set_rate(sim->world, "solar|eclipse", 200, &err));
	assert_true(projects_add(&sim->projects, KEY, "111", -1, -1, &err));
	f->youtube.transport = sim_transport(&transport);
	probe(f, "solar eclipse");
	world_close(&sim->world);
	assert_int_equal(f->failed, 0);
	assert_true(f->client.made[BUCKET_SEARCHES] <= PROBE_SEARCHES_MAX);
	assert_true(f->client.made[BUCKET_UNITS] <= PROBE_UNITS_MAX);
	assert_int_equal(sim->projects.projects[0].used[BUCKET_SEARCHES], f->client.made[BUCKET_SEARCHES]);
	assert_int_equal(sim->projects.projects[0].used[BUCKET_UNITS], f->client.made[BUCKET_UNITS]);
}

static void a_good_world_holds_all_it_is_asked_for(void **state)
{
	struct sim sim = {.pool = 0};

	probe_world(*state, &sim);
	assert_line(*state, "order", "holds", "49 of 49");
	assert_line(*state, "window", "holds", "50 of 50");
	assert_line(*state, "pool", "holds", "lacks 0");
	assert_line(*state, "union", "holds", "50 of the same time");
	assert_line(*state, "videoCount", "holds", "10 of 10 channels count all");
}

static void a_doubtful_world_does_not_hold(void **state)
{
	struct sim sim = {.pool = 30, .unordered = 1, .count_lag_s = 6 * SECONDS_PER_HOUR};

	probe_world(*state, &sim);
	assert_line(*state, "order", "does not hold", "of 29");
	assert_line(*state, "window", "holds", "30 of 30");
	assert_line(*state, "pool", "does not hold", "brings 30 videos");
	assert_line(*state, "videoCount", "does not hold", "lack some");
}

/* ---- what it does otherwise ---- */

static void lost_order_shows_in_the_neighbours(void **state)
{
	struct fixture *f = *state;

	page(f, SINCE, -60, 20, "");
	page(f, UNTIL, 60, 5, "");
	probe(f, "eclipse");
	assert_line(f, "order", "does not hold", "0 of 19");
	assert_line(f, "window", "holds", "20 of 20");
}

static void an_ignored_window_shows_in_the_times(void **state)
{
	struct fixture *f = *state;

	page(f, NOW, 60, 50, "");
	probe(f, "eclipse");
	assert_line(f, "order", "holds", "49 of 49");
	assert_line(f, "window", "does not hold", "0 of 50");
}

/* The best hundred of whatever window is asked for. */
static void halves_show_what_a_pool_leaves_out(void **state)
{
	struct fixture *f = *state;

	page(f, UNTIL, 864, 50, "CDIQAA");
	page(f, UNTIL - 50 * 864, 864, 50, "");
	page(f, UNTIL, 432, 50, "CDIQAA");
	page(f, MIDDLE, 432, 50, "CDIQAA");
	probe(f, "eclipse");
	assert_line(f, "pool", "does not hold", "brings 100 videos; its halves bring 100, of which the whole lacks 50");
}

static void a_day_that_does_not_end_decides_nothing_of_a_pool(void **state)
{
	struct fixture *f = *state;

	page(f, UNTIL, 10, 50, "CDIQAA");
	probe(f, "eclipse");
	assert_line(f, "pool", "not decided", "5 pages");
	assert_int_equal(f->client.made[BUCKET_SEARCHES], 5);
}

/* Compared in the time that the first word's page reaches. */
static void a_union_that_brings_less_is_none(void **state)
{
	struct fixture *f = *state;

	page(f, UNTIL, 1000, 20, "");
	page(f, UNTIL, 1000, 20, "");
	page(f, MIDDLE, 1000, 20, "");
	page(f, UNTIL, 60, 50, "CDIQAA");
	page(f, UNTIL, 120, 12, "");
	probe(f, "\"total eclipse\" -moon solar today");
	assert_line(f, "union", "does not hold", "brings 50 videos, the first two with | between them 12");
	assert_non_null(strstr(f->script.urls[3], "&q=solar&"));
	assert_non_null(strstr(f->script.urls[4], "&q=solar%7Ctoday&"));
	assert_null(strstr(f->script.urls[4], strstr(f->script.urls[3], "publishedAfter")));
}

static void one_word_decides_nothing_of_a_union(void **state)
{
	struct fixture *f = *state;

	page(f, UNTIL, 1000, 20, "");
	probe(f, "eclipse");
	assert_line(f, "union", "not decided", "two words");
}

static void a_day_without_videos_decides_nothing(void **state)
{
	struct fixture *f = *state;

	page(f, UNTIL, 1, 0, "");
	probe(f, "solar eclipse");
	assert_int_equal(f->failed, 0);
	assert_line(f, "order", "not decided", "0 of 0");
	assert_line(f, "window", "not decided", "0 of 0");
	assert_line(f, "pool", "not decided", "brings 0");
	assert_line(f, "union", "not decided", "brings 0");
}

/* With one word, and a day of one page: three searches, then the calls about the channel. */
static void probe_count(struct fixture *f, int count, int total, int64_t newest)
{
	for (int i = 0; i < 3; i++)
		page(f, UNTIL, 1000, 20, "");
	channel(f, count, total, newest);
	probe(f, "eclipse");
	assert_int_equal(f->script.calls, 5);
	assert_int_equal(f->client.made[BUCKET_UNITS], 2);
}

static void a_count_of_all_uploads_holds_if_one_is_young(void **state)
{
	probe_count(*state, 7, 7, NOW - 600);
	assert_line(*state, "videoCount", "holds",
	            "1 of 1 channels count all of their uploads, the newest of 10 min ago: a lag of at most that");
}

static void a_count_of_old_uploads_decides_nothing(void **state)
{
	probe_count(*state, 7, 7, NOW - 1200);
	assert_line(*state, "videoCount", "not decided", "the newest of 20 min ago");
}

static void a_count_that_lacks_uploads_is_late(void **state)
{
	probe_count(*state, 1, 3, NOW - 600);
	assert_line(*state, "videoCount", "does not hold",
	            "0 of 1 channels count all of their uploads; 1 lack some, the oldest of 70 min ago: a lag of at least that");
}

static void a_count_that_differs_for_another_reason_decides_nothing(void **state)
{
	probe_count(*state, 5, 7, NOW - 600); /* one of its newest is deleted: maybe two more are */
	assert_line(*state, "videoCount", "not decided", "0 of 1 channels count all of their uploads");
}

/* ---- failures ---- */

static void a_question_that_fails_leaves_the_others(void **state)
{
	struct fixture *f = *state;

	page(f, UNTIL, 1000, 20, "");
	answer(f, 503, "");
	page(f, UNTIL, 1000, 20, "");
	page(f, UNTIL, 1000, 20, "");
	channel(f, 7, 7, NOW - 600);
	probe(f, "solar eclipse");
	assert_int_equal(f->failed, 1);
	assert_line(f, "order", "holds", "19 of 19");
	assert_line(f, "pool", "failed", "503");
	assert_line(f, "union", "holds", "20");
	assert_line(f, "videoCount", "holds", "");
	assert_int_equal(f->script.calls, 6); /* none twice */
}

static void without_quota_every_question_fails(void **state)
{
	struct fixture *f = *state;

	f->client.quota.per_day[BUCKET_SEARCHES] = 0;
	probe(f, "solar eclipse");
	assert_int_equal(f->script.calls, 0);
	assert_line(f, "order", "failed", "no key with searches left");
	assert_line(f, "union", "failed", "no key with searches left");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_good_world_holds_all_it_is_asked_for),
	    CASE(a_doubtful_world_does_not_hold),
	    CASE(lost_order_shows_in_the_neighbours),
	    CASE(an_ignored_window_shows_in_the_times),
	    CASE(halves_show_what_a_pool_leaves_out),
	    CASE(a_day_that_does_not_end_decides_nothing_of_a_pool),
	    CASE(a_union_that_brings_less_is_none),
	    CASE(one_word_decides_nothing_of_a_union),
	    CASE(a_day_without_videos_decides_nothing),
	    CASE(a_count_of_all_uploads_holds_if_one_is_young),
	    CASE(a_count_of_old_uploads_decides_nothing),
	    CASE(a_count_that_lacks_uploads_is_late),
	    CASE(a_count_that_differs_for_another_reason_decides_nothing),
	    CASE(a_question_that_fails_leaves_the_others),
	    CASE(without_quota_every_question_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
