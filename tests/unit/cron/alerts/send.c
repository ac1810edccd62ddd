/* Messages on their way to a receiver that refuses, hangs, is down for a day; and a sender that is killed at any moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/timestamp.h"
#include "cron/alerts/evaluate.h"
#include "cron/alerts/send.h"
#include "store/alerts/alerts.h"
#include "store/alerts/outbox.h"
#include "tests/support/alerts.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/receiver.h"
#include "tests/support/store_fixture.h"

enum {
	NOW = FIXTURE_NOW,
	MINUTE = 60,
	KILLS = 100,
	MATCHES = 10000,
	FEWER = 10, /* times, where everything takes so much longer */
	STEPS_MAX = 20000,
	TIMEOUT_S = 1,
};

static char nothing[] = "";

struct bench {
	struct store *store;
	struct config config;
	struct fake_clock time;
	struct receiver receiver;
	uint64_t random;
};

static void bench_open(struct bench *bench, struct store *store)
{
	*bench = (struct bench){.store = store, .time = {.now = NOW}, .random = 7};
	bench->config = (struct config){
	    .public_url = nothing, .smtp_url = nothing, .smtp_password = nothing, .mail_from = nothing, .alerts_private = 1};
	receiver_start(&bench->receiver, 11);
}

static void bench_close(struct bench *bench)
{
	receiver_stop(&bench->receiver);
	store_close(&bench->store);
}

/* Evaluates and sends as a run does. */
static struct sent run(struct bench *bench)
{
	struct clock clock = fake_clock(&bench->time);
	struct error err = {0};
	struct sent sent;
	int64_t made;

	if (!alerts_evaluate(bench->store, bench->time.now, &made, &err) ||
	    !alerts_send(bench->store, &bench->config, &clock, bench->time.now + 1, TIMEOUT_S, &bench->random, &sent, &err))
		fail_msg("%s", err.text);
	return sent;
}

static void get_rule(struct bench *bench, int64_t id, struct alert *out)
{
	struct error err;

	assert_true(store_alert_get(bench->store, id, out, &err));
}

static void a_match_is_delivered(void **state)
{
	AUTO(bench_close) struct bench bench;

	(void)state;
	bench_open(&bench, fixture_store());
	alerts_add_rule(bench.store, "", bench.receiver.port, NOW);
	alerts_record(bench.store, 1, 1, NOW);
	assert_int_equal(run(&bench).delivered, 1);
	assert_int_equal(receiver_count(&bench.receiver), 1);
	assert_memory_equal(bench.receiver.items[0].id, "msg_", 4);
	assert_non_null(strstr(bench.receiver.items[0].body, "v0000000001"));
	assert_int_equal(fixture_number(bench.store, "SELECT delivered_at FROM alert"), NOW);
	assert_int_equal(run(&bench).delivered, 0);
}

static void private_addresses_need_the_owners_word(void **state)
{
	AUTO(bench_close) struct bench bench;
	AUTO(alert_clear) struct alert rule = {0};

	(void)state;
	bench_open(&bench, fixture_store());
	bench.config.alerts_private = 0;
	int64_t id = alerts_add_rule(bench.store, "", bench.receiver.port, NOW);
	fixture_number(bench.store, "UPDATE alert SET url = replace(url, 'http:', 'https:') RETURNING 1");
	alerts_record(bench.store, 1, 1, NOW);
	assert_int_equal(run(&bench).failed, 1);
	assert_int_equal(bench.receiver.requests, 0);
	get_rule(&bench, id, &rule);
	assert_string_equal(rule.error, "refused: its address is private, which NEWSREEL_ALERTS_PRIVATE=1 allows");
}

static void link_local_addresses_are_refused_whatever_the_owner_says(void **state)
{
	static const char *const hosts[] = {"169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]", "0.0.0.0", "2852039166",
	                                    "0xA9FEA9FE"};

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		AUTO(bench_close) struct bench bench;
		AUTO(alert_clear) struct alert rule = {0};
		char sql[200];

		bench_open(&bench, fixture_store());
		int64_t id = alerts_add_rule(bench.store, "", 1, NOW);
		snprintf(sql, sizeof(sql), "UPDATE alert SET url = 'http://%s/latest/' RETURNING 1", hosts[i]);
		fixture_number(bench.store, sql);
		alerts_record(bench.store, 1, 1, NOW);
		assert_int_equal(run(&bench).failed, 1);
		get_rule(&bench, id, &rule);
		assert_string_equal(rule.error, "refused: its address is link-local, or no host's");
	}
}

static void redirects_are_not_followed(void **state)
{
	AUTO(bench_close) struct bench bench;
	AUTO(alert_clear) struct alert rule = {0};

	(void)state;
	bench_open(&bench, fixture_store());
	bench.receiver.mode = RECEIVER_ANSWERS;
	bench.receiver.status = 302;
	int64_t id = alerts_add_rule(bench.store, "", bench.receiver.port, NOW);
	alerts_record(bench.store, 1, 1, NOW);
	assert_int_equal(run(&bench).failed, 1);
	assert_int_equal(bench.receiver.requests, 1);
	get_rule(&bench, id, &rule);
	assert_string_equal(rule.error, "answer 302 from 127.0.0.1");
}

static void retry_after_is_kept_to(void **state)
{
	AUTO(bench_close) struct bench bench;

	(void)state;
	bench_open(&bench, fixture_store());
	bench.receiver.mode = RECEIVER_ANSWERS;
	bench.receiver.status = 429;
	bench.receiver.retry_after = 7200;
	alerts_add_rule(bench.store, "", bench.receiver.port, NOW);
	alerts_record(bench.store, 1, 1, NOW);
	assert_int_equal(run(&bench).failed, 1);
	bench.receiver.mode = RECEIVER_TAKES;
	bench.time.now += 7199;
	assert_int_equal(run(&bench).delivered, 0);
	bench.time.now += 722;
	assert_int_equal(run(&bench).delivered, 1);
}

static void gone_ends_the_rule_and_resuming_it_sends_what_could_not_be(void **state)
{
	AUTO(bench_close) struct bench bench;
	AUTO(alert_clear) struct alert ended = {0};
	struct error err;

	(void)state;
	bench_open(&bench, fixture_store());
	bench.receiver.mode = RECEIVER_ANSWERS;
	bench.receiver.status = 410;
	int64_t id = alerts_add_rule(bench.store, "", bench.receiver.port, NOW);
	alerts_record(bench.store, 1, 1, NOW);
	assert_int_equal(run(&bench).refused, 1);
	get_rule(&bench, id, &ended);
	assert_int_equal(ended.state, ALERT_ENDED);
	assert_string_equal(ended.error, "answer 410 from 127.0.0.1");
	alerts_record(bench.store, 2, 1, NOW);
	bench.time.now += SECONDS_PER_DAY;
	assert_int_equal(run(&bench).failed, 0);
	bench.receiver.mode = RECEIVER_TAKES;
	assert_true(store_alert_set_state(bench.store, id, ALERT_ACTIVE, bench.time.now, &err));
	assert_int_equal(run(&bench).delivered, 1);
	assert_non_null(strstr(bench.receiver.items[0].body, "v0000000001"));
	bench.time.now += MINUTE;
	assert_int_equal(run(&bench).delivered, 1);
	assert_non_null(strstr(bench.receiver.items[1].body, "v0000000002"));
}

static void after_a_week_the_rule_is_set_aside(void **state)
{
	AUTO(bench_close) struct bench bench;
	AUTO(alert_clear) struct alert rule = {0};
	int64_t tries = 0;

	(void)state;
	bench_open(&bench, fixture_store());
	bench.receiver.mode = RECEIVER_ANSWERS;
	bench.receiver.status = 500;
	int64_t id = alerts_add_rule(bench.store, "", bench.receiver.port, NOW);
	alerts_record(bench.store, 1, 1, NOW);
	for (int hour = 0; hour < 24 * 9; hour++, bench.time.now += SECONDS_PER_HOUR)
		tries += run(&bench).failed;
	get_rule(&bench, id, &rule);
	int64_t failing;
	struct error err;
	assert_true(store_alerts_count_failing(bench.store, bench.time.now, &failing, &err));
	assert_int_equal(failing, 1);
	assert_int_equal(rule.state, ALERT_SET_ASIDE);
	assert_in_range(tries, 8, 20);
	assert_in_range(rule.failing_since, NOW, NOW);
}

static void a_receiver_that_is_down_for_a_day_gets_all_in_order(void **state)
{
	AUTO(bench_close) struct bench bench;
	int number = 1;
	char id[VIDEO_ID_SIZE];

	(void)state;
	bench_open(&bench, fixture_store());
	bench.receiver.mode = RECEIVER_ANSWERS;
	bench.receiver.status = 503;
	alerts_add_rule(bench.store, "", bench.receiver.port, NOW);
	for (int minute = 0; minute < 24 * 60; minute += 5, bench.time.now += 5 * MINUTE) {
		alerts_record(bench.store, number++, 1, bench.time.now);
		assert_int_equal(run(&bench).delivered, 0);
	}
	bench.receiver.mode = RECEIVER_TAKES;
	for (int minute = 0; minute < 24 * 60; minute++, bench.time.now += MINUTE)
		run(&bench);
	const char *at = NULL;
	size_t message = 0;
	for (int i = 1; i < number; i++) {
		snprintf(id, sizeof(id), "v%010d", i);
		for (at = NULL; !at && message < bench.receiver.count; message += !at)
			at = strstr(bench.receiver.items[message].body, id);
		if (!at)
			fail_msg("%s is lost", id);
	}
	assert_int_equal(bench.receiver.count, (size_t)(1 + (number - 2 + 49) / 50));
}

static void one_that_hangs_holds_up_no_other(void **state)
{
	AUTO(bench_close) struct bench bench;
	struct receiver hangs;

	(void)state;
	bench_open(&bench, fixture_store());
	receiver_start(&hangs, 3);
	hangs.mode = RECEIVER_HANGS;
	for (int i = 0; i < 10; i++)
		alerts_add_rule(bench.store, "", hangs.port, NOW);
	alerts_add_rule(bench.store, "", bench.receiver.port, NOW);
	alerts_record(bench.store, 1, 1, NOW);
	struct sent sent = run(&bench);
	assert_int_equal(sent.delivered, 1);
	assert_int_equal(sent.failed, 10);
	receiver_stop(&hangs);
}

static void a_test_is_tried_once_and_means_nothing_for_the_rule(void **state)
{
	AUTO(bench_close) struct bench bench;
	AUTO(alert_clear) struct alert rule = {0};
	AUTO(delivery_clear) struct delivery test = {0};
	struct error err;
	int64_t delivery;

	(void)state;
	bench_open(&bench, fixture_store());
	bench.receiver.mode = RECEIVER_ANSWERS;
	bench.receiver.status = 500;
	int64_t id = alerts_add_rule(bench.store, "", bench.receiver.port, NOW);
	assert_true(store_delivery_add_test(bench.store, id, "", 0, NOW, &delivery, &err));
	assert_int_equal(run(&bench).failed, 1);
	assert_true(store_delivery_get(bench.store, id, delivery, &test, &err));
	assert_int_equal(test.state, DELIVERY_FAILED);
	assert_int_equal(test.status, 500);
	get_rule(&bench, id, &rule);
	assert_null(rule.error);
	bench.receiver.mode = RECEIVER_TAKES;
	assert_true(store_delivery_retry(bench.store, id, delivery, NOW, &err));
	assert_int_equal(run(&bench).delivered, 1);
	assert_string_equal(bench.receiver.items[0].id, test.message_id);
	assert_non_null(strstr(bench.receiver.items[0].body, "\"type\":\"test\""));
}

/* ---- killed ---- */

/* SIGKILL to ourselves after so many microseconds. */
static void set_bomb(int64_t microseconds)
{
	struct sigevent bang = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	struct itimerspec when = {.it_value = {.tv_nsec = microseconds * 1000 + 1}};
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &bang, &timer) != 0 || timer_settime(timer, 0, &when, NULL) != 0)
		_exit(2);
}

static void run_and_exit(struct bench *bench, const char *path, int64_t microseconds)
{
	struct clock clock = fake_clock(&bench->time);
	struct error err;
	struct sent sent;
	int64_t made;

	if (microseconds)
		set_bomb(microseconds);
	if (!store_open(path, STORE_WRITE, &bench->store, &err) || !alerts_evaluate(bench->store, bench->time.now, &made, &err) ||
	    !alerts_send(bench->store, &bench->config, &clock, bench->time.now + 1, TIMEOUT_S * 10, &bench->random, &sent, &err))
		_exit(3);
	store_close(&bench->store);
	_exit(0);
}

static bool run_in_child(struct bench *bench, const char *path, int64_t microseconds)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		run_and_exit(bench, path, microseconds);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		fail_msg("the sender ended with status %d", WEXITSTATUS(status));
	bench->time.now += MINUTE;
	return WIFSIGNALED(status);
}

/* How often each match came, by messages of another id. */
static void count_matches(struct receiver *receiver, int *times)
{
	for (size_t i = 0; i < receiver->count; i++) {
		AUTO(json_free) cJSON *json = NULL;
		const cJSON *video;
		struct error err;
		bool again = false;

		for (size_t before = 0; before < i && !again; before++)
			again = strcmp(receiver->items[before].id, receiver->items[i].id) == 0;
		assert_true(json_parse(receiver->items[i].body, strlen(receiver->items[i].body), &json, &err));
		cJSON_ArrayForEach(video, json_array(json_object(json, "data"), "videos")) if (!again)
		    times[strtol(json_text(video, "id") + 1, NULL, 10)]++;
	}
}

static bool is_waiting(const char *path)
{
	struct store *store = NULL;
	struct error err;

	assert_true(store_open(path, STORE_WRITE, &store, &err));
	bool waiting = fixture_number(store, "SELECT (SELECT count(*) FROM alert_delivery WHERE state = 0)"
	                                     " + (SELECT count(*) FROM alert, meta WHERE alert.cursor < meta.recorded)") > 0;
	store_close(&store);
	return waiting;
}

static void nothing_is_lost_however_often_the_sender_is_killed(void **state)
{
	char folder[] = "/tmp/newsreel-send-XXXXXX";
	char path[TEST_LOCATION_SIZE], file[100];
	struct bench bench;
	struct error err;
#ifdef __SANITIZE_ADDRESS__
	int share = FEWER;
#else
	int share = test_database_is_postgres() ? FEWER : 1;
#endif
	int wanted = KILLS / share, matches = MATCHES / share;
	int *times = calloc((size_t)matches + 1, sizeof(*times));
	uint64_t seed = (uint64_t)getpid() * 2654435761U;
	int kills = 0, steps = 0;

	(void)state;
	print_message("seed %llu\n", (unsigned long long)seed);
	assert_non_null(times);
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/newsreel.db", folder);
	test_database_in(folder, "newsreel.db", path);
	bench_open(&bench, NULL);
	bench.receiver.mode = RECEIVER_TAKES_HALF;
	bench.receiver.random = seed | 1;
	assert_true(store_open(path, STORE_CREATE, &bench.store, &err));
	alerts_add_rule(bench.store, "query=moon", bench.receiver.port, NOW);
	alerts_record(bench.store, 1, matches, NOW);
	store_close(&bench.store);
	for (; steps < STEPS_MAX && is_waiting(path); steps++) {
		seed = seed * 6364136223846793005U + 1442695040888963407U;
		bench.random = (seed >> 16) | 1;
		kills += run_in_child(&bench, path, kills < wanted && steps % 3 ? 1 + (int64_t)(seed >> 33) % 12000 * share : 0);
	}
	bool done = !is_waiting(path);
	count_matches(&bench.receiver, times);
	for (int i = 1; i <= matches; i++)
		if (times[i] != 1)
			fail_msg("match %d came in %d messages", i, times[i]);
	print_message("%d kills, %zu messages, %d runs\n", kills, bench.receiver.count, steps);
	assert_true(done);
	assert_int_equal(kills, wanted);
	receiver_stop(&bench.receiver);
	free(times);
	fixture_remove(file);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_match_is_delivered),
	    cmocka_unit_test(private_addresses_need_the_owners_word),
	    cmocka_unit_test(link_local_addresses_are_refused_whatever_the_owner_says),
	    cmocka_unit_test(redirects_are_not_followed),
	    cmocka_unit_test(retry_after_is_kept_to),
	    cmocka_unit_test(gone_ends_the_rule_and_resuming_it_sends_what_could_not_be),
	    cmocka_unit_test(after_a_week_the_rule_is_set_aside),
	    cmocka_unit_test(a_receiver_that_is_down_for_a_day_gets_all_in_order),
	    cmocka_unit_test(one_that_hangs_holds_up_no_other),
	    cmocka_unit_test(a_test_is_tried_once_and_means_nothing_for_the_rule),
	    cmocka_unit_test(nothing_is_lost_however_often_the_sender_is_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
