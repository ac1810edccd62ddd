/* Push notifications as a whole: runs of newsreel-fetch, the hub with its faults, and the callback of newsreel-web, on one record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "store/channels/followed.h"
#include "store/push/feeds.h"
#include "store/queries.h"
#include "tests/support/flow.h"
#include "tests/support/stage.h"

enum { START = 1795341600 };

#define BASE "http://127.0.0.1:8080"

struct week {
	struct stage *stage;
	struct flow *flow;
	struct hub hub;
	struct transport to; /* the simulator */
	int posts, feeds;    /* requests to the hub, and of feeds */
	int64_t failures;    /* of runs */
	int64_t delivered;   /* messages of the hub that the callback took */
};

static bool count_get(void *context, const char *url, const char *key, struct http_response *out, struct error *err)
{
	struct week *week = context;

	week->feeds += strstr(url, "/feeds/videos.xml") != NULL;
	return week->to.get(week->to.context, url, key, out, err);
}

static bool count_post(void *context, const char *url, const char *form, struct http_response *out, struct error *err)
{
	struct week *week = context;

	week->posts++;
	return week->to.post(week->to.context, url, form, out, err);
}

static int set_up(void **state)
{
	struct week *week = calloc(1, sizeof(*week));
	struct world_options options = {.seed = 11,
	                                .rate_per_day = 120,
	                                .fate = {.gone_share = 0.05, .renamed_share = 0.1, .late_share = 0.1}};
	struct error err;
	void *flow = NULL;

	assert_non_null(week);
	week->stage = stage_make(&options, START);
	week->stage->youtube->sim.hub = &week->hub;
	week->hub.duplicates = 0.2;
	stage_add_key(week->stage, "key-of-project-one-0001", "111", -1, -1);
	stage_add_query(week->stage, "solar eclipse");
	week->to = week->stage->cycle.youtube.transport;
	week->stage->cycle.youtube.transport = (struct transport){.get = count_get, .post = count_post, .context = week};
	assert_true(text_copy("http://127.0.0.1/subscribe", &week->stage->config.hub_url, &err));
	assert_true(text_copy("http://127.0.0.1/feeds/videos.xml", &week->stage->config.rss_url, &err));
	week->stage->cycle.push_base = BASE;
	week->stage->config.interval_s = 600;
	week->stage->config.units_per_day = 600; /* thousands of lists a day would take minutes */

	assert_int_equal(flow_set_up_without_record(&flow), 0);
	week->flow = flow;
	week->flow->shared.databases.served.path = week->stage->path;
	week->flow->shared.clock = week->stage->cycle.clock;
	*state = week;
	return 0;
}

static int tear_down(void **state)
{
	struct week *week = *state;
	void *flow = week->flow;

	flow_tear_down(&flow);
	free(week->stage->config.hub_url);
	free(week->stage->config.rss_url);
	hub_clear(&week->hub);
	stage_close(&week->stage);
	free(week);
	return 0;
}

/* ---- the hub at work ---- */

static int send(struct week *week, const struct hub_post *post, const char *url)
{
	char signature[64] = "sha1=";

	assert_int_equal(strncmp(url, BASE "/push/", strlen(BASE "/push/")), 0);
	if (post->verify)
		return flow_get(week->flow, url + strlen(BASE));
	crypto_hmac_sha1(post->lease.secret, post->body, strlen(post->body), signature + 5);
	flow_set(week->flow, "HTTP_X_HUB_SIGNATURE", signature);
	return flow_request_as(week->flow, "POST", url + strlen(BASE), post->body, "application/atom+xml");
}

/* Everything that is due now. */
static void deliver(struct week *week)
{
	int64_t now = stage_now(week->stage);
	struct error err;
	int index;

	for (;;) {
		AUTO(buf_clear) struct buf url = BUF(4096);

		assert_true(hub_next(&week->hub, week->stage->world, now, &index, &err));
		if (index < 0)
			return;
		hub_url(&week->hub.posts[index], &url);
		int status = send(week, &week->hub.posts[index], buf_text(&url));
		week->delivered += status < 300;
		hub_done(&week->hub, index, status, flow_body(week->flow), now);
	}
}

static void live(struct week *week, int64_t seconds)
{
	for (int64_t end = stage_now(week->stage) + seconds; stage_now(week->stage) < end;) {
		week->failures += stage_run(week->stage);
		deliver(week);
	}
}

/* For the next COUNT requests the hub, or feeds, are out of order. */
static void break_down(struct week *week, enum sim_method method, enum fault fault, int count)
{
	struct fault_step step = {.fault = fault, .method = method, .count = count};

	assert_true(faults_add(&week->stage->youtube->sim.faults, &step));
}

static int64_t number(struct week *week, const char *sql)
{
	return stage_number(week->stage, sql, NULL);
}

static int64_t count_leases(const struct week *week)
{
	int64_t count = 0;

	for (size_t i = 0; i < week->hub.lease_count; i++)
		count += week->hub.leases[i].until > stage_now(week->stage);
	return count;
}

#define FOUND_BY_PUSH "SELECT count(*) FROM match WHERE how = 2"
#define FOUND_BY_RSS "SELECT count(*) FROM match WHERE how = 4"

/* ---- tests ---- */

/* That status says what push brought of the matches of its week, which begins with a day. */
static void assert_share(struct week *week)
{
	int64_t since = stage_now(week->stage) / SECONDS_PER_DAY * SECONDS_PER_DAY - 6 * SECONDS_PER_DAY;
	char sql[120], words[60];

	/* Matches of videos that went since count too. */
	snprintf(sql, sizeof(sql), "SELECT sum(matches) FROM found_count WHERE how = 2 AND day >= %lld", (long long)since);
	int64_t pushed = number(week, sql);
	snprintf(sql, sizeof(sql), "SELECT sum(matches) FROM found_count WHERE day >= %lld", (long long)since);
	int64_t all = number(week, sql);
	assert_true(pushed > 0 && pushed < all);
	assert_int_equal(flow_get(week->flow, "/api/status"), 200);
	snprintf(words, sizeof(words), "\"push\":%lld,", (long long)pushed);
	assert_non_null(strstr(flow_body(week->flow), words));
	assert_int_equal(flow_get(week->flow, "/status"), 200);
	snprintf(words, sizeof(words), ", %lld %% of new videos", (long long)((pushed * 100 + all / 2) / all));
	assert_non_null(strstr(flow_body(week->flow), words));
}

/* The hub at its worst, short of being silent. */
static void a_week_with_push_brings_videos_early_and_loses_none(void **state)
{
	struct week *week = *state;
	int64_t followed;
	struct error err;

	week->hub.lost = week->hub.delayed = 0.2;
	week->hub.lapsed = week->hub.hub_spells = 0.3;
	week->hub.denied = 0.05;
	live(week, 7 * SECONDS_PER_DAY);
	assert_int_equal(week->failures, 0);
	assert_true(store_followed_count(week->stage->store, &followed, &err));
	assert_true(followed > 3);
	/* Most followed channels have a lease, also after the first ones have ended. */
	assert_in_range(count_leases(week), followed / 3, followed + 1);
	assert_true(number(week, FOUND_BY_PUSH) > 50);
	assert_share(week);
	/* Where the hub tells at once, a run looks the video up ten minutes later at most; four fifths come without delay. */
	assert_true(
	    number(week,
	           "SELECT count(*) FILTER (WHERE m.found_at - v.published_at < 1500) * 100 / count(*) FROM match m JOIN video v"
	           " ON v.seq = m.seq WHERE m.how = 2 AND v.scheduled_at = 0") >= 75);
	/* What the hub lost, polls and lists have. */
	stage_assert_claims(week->stage);
	stage_assert_lists(week->stage, START);
	assert_int_equal(number(week,
	                        "SELECT count(*) FROM noted_video WHERE noted_at < (SELECT max(started_at) FROM run) - 7200"),
	                 0);
	assert_int_equal(number(week, "SELECT matches > 0 FROM found_count WHERE how = 2 ORDER BY day DESC LIMIT 1"), 1);
	assert_true(number(week, "SELECT count(*) FROM gone") > 0);
	stage_assert_sound(week->stage);
}

static void a_hub_that_fails_for_days_does_no_harm(void **state)
{
	struct week *week = *state;

	live(week, 2 * SECONDS_PER_DAY);
	assert_true(count_leases(week) > 0);
	int64_t leases = count_leases(week);
	int posts = week->posts;
	break_down(week, SIM_HUB, FAULT_503, INT32_MAX);
	live(week, 3 * SECONDS_PER_DAY);
	/* Some tries a day, however many channels wait, and those that it has go on. */
	assert_in_range(week->posts - posts, 3, 40);
	assert_true(count_leases(week) > 0 && count_leases(week) <= leases);
	live(week, 2 * SECONDS_PER_DAY);
	assert_int_equal(count_leases(week), 0);
	assert_int_equal(week->failures, 0);
	struct host_pause pause;
	struct error err;
	assert_true(store_host_get(week->stage->store, HOST_HUB, &pause, &err));
	assert_true(pause.failures > 5);
	assert_string_equal(pause.error, "status 503");

	/* It is back: within a day every channel has its lease again. */
	week->stage->youtube->sim.faults = (struct faults){.rng = rng_from(3)};
	live(week, SECONDS_PER_DAY);
	assert_true(count_leases(week) >= leases);
	assert_true(store_host_get(week->stage->store, HOST_HUB, &pause, &err));
	assert_int_equal(pause.failures, 0);
	stage_assert_sound(week->stage);
}

static void the_hub_is_asked_again_when_it_says(void **state)
{
	struct week *week = *state;
	int posts;

	while (week->posts == 0) {
		break_down(week, SIM_HUB, FAULT_503, 1);
		live(week, 600);
	}
	posts = week->posts;
	assert_int_equal(posts, 1);
	/* Retry-After was two minutes: one run later it is over. */
	live(week, 600);
	assert_true(week->posts > posts);
	assert_int_equal(week->failures, 0);
}

static void a_cut_connection_is_a_failure_of_the_hub(void **state)
{
	struct week *week = *state;

	while (week->posts == 0) {
		break_down(week, SIM_HUB, FAULT_CUT, 1);
		live(week, 600);
	}
	live(week, SECONDS_PER_HOUR);
	assert_true(count_leases(week) > 0);
	assert_int_equal(week->failures, 0);
}

static void what_is_not_followed_any_more_is_unsubscribed(void **state)
{
	struct week *week = *state;
	struct error err;

	live(week, 2 * SECONDS_PER_DAY);
	assert_true(count_leases(week) > 0);
	assert_true(store_query_set_follow_channels(week->stage->store, 1, false, &err));
	live(week, SECONDS_PER_DAY);
	assert_int_equal(count_leases(week), 0);
	assert_int_equal(number(week, "SELECT count(*) FROM push_subscription"), 0);
}

static void without_an_address_nobody_is_asked(void **state)
{
	struct week *week = *state;

	week->stage->cycle.push_base = NULL;
	live(week, 2 * SECONDS_PER_DAY);
	assert_int_equal(week->posts, 0);
	assert_int_equal(week->feeds, 0);
}

static void feeds_bring_videos_without_a_hub(void **state)
{
	struct week *week = *state;
	int64_t followed;
	struct error err;

	week->stage->cycle.push_base = NULL;
	week->stage->config.rss = 1;
	week->stage->youtube->sim.feed_spells = 0.2;
	live(week, 3 * SECONDS_PER_DAY);
	assert_int_equal(week->posts, 0);
	assert_int_equal(week->failures, 0);
	assert_true(number(week, FOUND_BY_RSS) > 20);
	assert_true(store_followed_count(week->stage->store, &followed, &err));
	/* Not faster than every quarter of an hour; no 404 ends anything. */
	assert_in_range(week->feeds, 100, followed * 3 * 96);
	assert_int_equal(number(week, "SELECT count(*) FROM channel_feed"), followed);
	/* What is older than two days when a feed is first read is left to searches. */
	assert_int_equal(number(week, "SELECT count(*) FROM match m JOIN video v ON v.seq = m.seq WHERE m.how = 4"
	                              " AND v.published_at < m.found_at - 3 * 86400"),
	                 0);
	stage_assert_sound(week->stage);
}

static void feeds_that_fail_are_left_alone(void **state)
{
	struct week *week = *state;

	week->stage->cycle.push_base = NULL;
	week->stage->config.rss = 1;
	week->stage->youtube->sim.feed_spells = 1;
	live(week, 2 * SECONDS_PER_DAY);
	assert_in_range(week->feeds, 3, 60);
	assert_int_equal(week->failures, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_week_with_push_brings_videos_early_and_loses_none),
	    CASE(a_hub_that_fails_for_days_does_no_harm),
	    CASE(the_hub_is_asked_again_when_it_says),
	    CASE(a_cut_connection_is_a_failure_of_the_hub),
	    CASE(what_is_not_followed_any_more_is_unsubscribed),
	    CASE(without_an_address_nobody_is_asked),
	    CASE(feeds_bring_videos_without_a_hub),
	    CASE(feeds_that_fail_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
