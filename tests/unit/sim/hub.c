/* The WebSub hub: subscriptions, verification, what it tells and how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "tests/sim/api/api.h"

enum { NOW = 1795341600 };

#define CALLBACK "http%3A%2F%2F127.0.0.1%3A9%2Fpush%3Fa%3D1"
#define TOPIC "https%3A%2F%2Fwww.youtube.com%2Fxml%2Ffeeds%2Fvideos.xml%3Fchannel_id%3D"

struct fixture {
	struct world *world;
	struct hub hub;
	struct sim sim;
	char channel_id[CHANNEL_ID_SIZE];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct world_options options = {.seed = 3,
	                                .rate_per_day = 100,
	                                .fate = {.gone_share = 0.3, .back_share = 0.5, .renamed_share = 0.5}};
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;

	assert_non_null(f);
	assert_true(quota_day_open(&err) && world_open(&options, &f->world, &err));
	f->sim = (struct sim){.world = f->world, .hub = &f->hub, .faults = {.rng = rng_from(1)}, .pictures = ""};
	assert_true(world_search(f->world, "cats", NOW - 86400, NOW, NOW, &hits, &err));
	memcpy(f->channel_id, hits.items[0].channel_id, sizeof(f->channel_id));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	hub_clear(&f->hub);
	world_close(&f->world);
	free(f);
	return 0;
}

/* The status of a request; *RETRY_AFTER the header, or -1. */
static int request(struct fixture *f, const char *mode, const char *callback, int64_t now, int *retry_after)
{
	AUTO(sim_response_clear) struct sim_response answer = {0};
	char form[512];
	struct sim_request wanted = {.path = "/subscribe", .query = "", .form = form};
	struct error err;

	snprintf(form, sizeof(form), "hub.mode=%s&hub.callback=%s&hub.topic=%s%s&hub.lease_seconds=432000", mode, callback, TOPIC,
	         f->channel_id);
	assert_true(sim_answer(&f->sim, &wanted, now, &answer, &err));
	const char *header = sim_response_header(&answer, "Retry-After");
	*retry_after = header ? (int)strtol(header, NULL, 10) : -1;
	return answer.status;
}

static int next(struct fixture *f, int64_t now)
{
	struct error err;
	int index;

	assert_true(hub_next(&f->hub, f->world, now, &index, &err));
	return index;
}

static void verify(struct fixture *f, const char *mode, int64_t now)
{
	int retry_after;

	assert_int_equal(request(f, mode, CALLBACK, now, &retry_after), 202);
	int index = next(f, now);
	assert_true(index >= 0 && f->hub.posts[index].verify);
	char challenge[33];
	memcpy(challenge, f->hub.posts[index].challenge, sizeof(challenge));
	hub_done(&f->hub, index, 200, challenge, now);
}

/* Takes all messages up to UNTIL, every quarter of an hour; counts those that hold PART. */
static int take_all(struct fixture *f, int64_t from, int64_t until, const char *part, int *all)
{
	int count = 0;

	*all = 0;
	for (int64_t now = from; now <= until; now += 900) {
		for (int index; (index = next(f, now)) >= 0; ++*all) {
			count += strstr(f->hub.posts[index].body, part) != NULL;
			hub_done(&f->hub, index, 204, "", now);
		}
	}
	return count;
}

static void a_subscription_is_verified_with_a_challenge(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_clear) struct buf url = BUF(4096);
	int retry_after;

	assert_int_equal(request(f, "subscribe", CALLBACK, NOW, &retry_after), 202);
	int index = next(f, NOW);
	assert_int_equal(index, 0);
	hub_url(&f->hub.posts[0], &url);
	assert_non_null(strstr(buf_text(&url), "http://127.0.0.1:9/push?a=1&hub.topic=https%3A%2F%2Fwww.youtube.com"));
	assert_non_null(strstr(buf_text(&url), "&hub.mode=subscribe&hub.lease_seconds=432000"));
	assert_non_null(strstr(buf_text(&url), f->hub.posts[0].challenge));
	hub_done(&f->hub, index, 200, "something else", NOW);
	assert_null(hub_lease_of(&f->hub, f->channel_id, NOW));
	verify(f, "subscribe", NOW + 1);
	assert_int_equal(hub_lease_of(&f->hub, f->channel_id, NOW)->until, NOW + 1 + 432000);
	verify(f, "unsubscribe", NOW + 2);
	assert_null(hub_lease_of(&f->hub, f->channel_id, NOW));
}

static void uploads_changes_and_goings_are_told(void **state)
{
	struct fixture *f = *state;
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;
	int64_t until = NOW + 3 * 86400;
	int expected = 0;
	int gone = 0;
	int all;

	verify(f, "subscribe", NOW);
	assert_true(world_uploads(f->world, f->channel_id, until - 900, &hits, &err));
	for (size_t i = 0; i < hits.count; i++) {
		const struct fate *fate = &hits.items[i].fate;
		const int64_t times[] = {fate->announced_at, fate->renamed_at, fate->back_at, fate->gone_at};

		for (int k = 0; k < 4; k++) {
			bool told = times[k] > NOW && times[k] <= until - 900;

			expected += told;
			gone += told && k == 3;
		}
	}
	assert_true(gone > 0 && expected > gone);
	int tombstones = take_all(f, NOW, until, "at:deleted-entry", &all);
	assert_in_range(tombstones, gone, gone + 2);
	assert_in_range(all, expected, expected + 5);
}

static void some_come_twice_and_failures_again(void **state)
{
	struct fixture *f = *state;
	int all;

	f->hub.duplicates = 1;
	verify(f, "subscribe", NOW);
	int64_t now = NOW;
	int index;
	do {
		now += 300;
		index = next(f, now);
	} while (index < 0);
	char id[64];
	snprintf(id, sizeof(id), "%.11s", strstr(f->hub.posts[index].body, "yt:video:") + 9);
	hub_done(&f->hub, index, 500, "", now);
	assert_int_equal(take_all(f, now, now + 1800, id, &all), 2);
}

static void a_lease_ends(void **state)
{
	struct fixture *f = *state;
	int all;

	verify(f, "subscribe", NOW);
	take_all(f, NOW + 432000, NOW + 432000 + 3600, "", &all);
	assert_int_equal(all, 0);
	assert_null(hub_lease_of(&f->hub, f->channel_id, NOW));
}

static void the_hub_is_down_and_says_when_to_come_again(void **state)
{
	struct fixture *f = *state;
	struct fault_step down = {.fault = FAULT_503, .method = SIM_HUB, .count = 1};
	int retry_after;

	assert_true(faults_add(&f->sim.faults, &down));
	assert_int_equal(request(f, "subscribe", CALLBACK, NOW, &retry_after), 503);
	assert_int_equal(retry_after, 120);
	assert_int_equal(request(f, "subscribe", CALLBACK, NOW, &retry_after), 202);
	assert_int_equal(retry_after, -1);
}

static void for_hours_it_takes_no_subscription(void **state)
{
	struct fixture *f = *state;
	int down = 0;

	f->hub.hub_spells = 0.3;
	for (int spell = 0; spell < 40; spell++) {
		int64_t now = NOW + spell * (int64_t)21600;
		int retry_after;
		int status = request(f, "subscribe", CALLBACK, now, &retry_after);

		assert_int_equal(retry_after, status == 503 ? 120 : -1);
		assert_int_equal(request(f, "subscribe", CALLBACK, now + 60, &retry_after), status);
		down += status == 503;
	}
	assert_in_range(down, 4, 22);
}

static void notifications_are_lost(void **state)
{
	struct fixture *f = *state;
	int all;

	f->hub.lost = 1;
	verify(f, "subscribe", NOW);
	take_all(f, NOW, NOW + 2 * 86400, "", &all);
	assert_int_equal(all, 0);
}

/* Half of the delayed ones come after more than forty minutes, all on the same day. */
static void notifications_are_delayed(void **state)
{
	struct fixture *f = *state;
	int late = 0;

	f->hub.delayed = 1;
	for (int i = 0; i < 200; i++) {
		char id[VIDEO_ID_SIZE];

		snprintf(id, sizeof(id), "video%05dA", i);
		struct hub_delivery delivery = hub_deliver(&f->hub, id, NOW);
		assert_int_equal(delivery.copies, 1);
		assert_true(delivery.due_at > NOW && delivery.due_at <= NOW + 12 * 3600 + 10);
		late += delivery.due_at > NOW + 40 * 60;
	}
	assert_in_range(late, 75, 125);
}

static void only_loopback_is_called_back(void **state)
{
	static const char *const others[] = {"http%3A%2F%2Fexample.com%2F", "http%3A%2F%2F127.0.0.1.example.com%2F",
	                                     "https%3A%2F%2F127.0.0.1%3A9%2F", "http%3A%2F%2F127.0.0.1%40example.com%2F"};
	struct fixture *f = *state;
	int retry_after;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(request(f, "subscribe", others[i], NOW, &retry_after), 400);
	assert_int_equal(f->hub.post_count, 0);
	f->hub.carried = true;
	assert_int_equal(request(f, "subscribe", others[0], NOW, &retry_after), 202);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_subscription_is_verified_with_a_challenge),
	    CASE(uploads_changes_and_goings_are_told),
	    CASE(some_come_twice_and_failures_again),
	    CASE(a_lease_ends),
	    CASE(the_hub_is_down_and_says_when_to_come_again),
	    CASE(only_loopback_is_called_back),
	    CASE(for_hours_it_takes_no_subscription),
	    CASE(notifications_are_lost),
	    CASE(notifications_are_delayed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
