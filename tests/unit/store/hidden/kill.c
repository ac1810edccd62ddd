/* A process that mutes a channel, judges by a rule and takes both back, killed at any step: what was noted holds, and the next one finishes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/hidden/hidden.h"
#include "store/hidden/query_rules.h"
#include "store/queries.h"
#include "tests/support/database.h"
#include "tests/support/place.h"
#include "tests/support/store_fixture.h"

enum { VIDEOS = 60, KILLS = 25, STEP = 5 };

#define CHANNEL "UC0123456789012345678901"

static char location[TEST_LOCATION_SIZE];

static struct store *open_store(void)
{
	struct store *store = NULL;
	struct error err = {0};

	if (!store_open(location, STORE_CREATE, &store, &err))
		fail_msg("%s", err.text);
	return store;
}

static int set_up(void **state)
{
	char id[VIDEO_ID_SIZE];

	place_set_up(state);
	test_database_in(((struct place *)*state)->folder, "newsreel.db", location);
	struct store *store = open_store();
	int64_t query = fixture_query(store, "rocket");
	for (int i = 0; i < VIDEOS; i++) {
		snprintf(id, sizeof(id), "video%06d", i);
		fixture_match(store, query,
		              fixture_save(store, id, i % 3 ? "rocket" : "fan edit", "", i % 2 ? "C" : NULL, FIXTURE_NOW + i,
		                           SOURCE_DETAILS));
	}
	store_close(&store);
	return 0;
}

static void set_rule(struct store *store, const char *words)
{
	struct query_rules rules = {0};
	struct error err;

	if (!query_rules_read_words("words", words, &rules.excluded_words, &err) ||
	    !store_query_rules_set(store, 1, &rules, &err))
		_exit(1);
	query_rules_clear(&rules);
}

/* Goes on for ever, with a byte for each step. */
static void work(int steps)
{
	struct store *store = open_store();
	struct error err;
	bool changed, left;

	for (bool on = true;; on = !on) {
		if (!(on ? store_channel_mute(store, CHANNEL, FIXTURE_NOW, &changed, &err)
		         : store_channel_unmute(store, CHANNEL, &changed, &err)))
			_exit(1);
		set_rule(store, on ? "fan edit" : "");
		for (left = true; left;)
			if (!store_hidden_work(store, STEP, &left, &err) || write(steps, "x", 1) != 1)
				_exit(1);
	}
}

static void kill_after(int steps)
{
	int ends[2];
	char byte;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		work(ends[1]);
	}
	close(ends[1]);
	while (steps-- > 0)
		assert_int_equal(read(ends[0], &byte, 1), 1);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(ends[0]);
}

static void finish(struct store *store)
{
	struct error err;
	bool left = true;

	while (left)
		assert_true(store_hidden_work(store, STEP, &left, &err));
	fixture_check(store);
}

static void the_next_one_finishes(void **state)
{
	const char *seed_text = getenv("NOISE_SEED");
	unsigned seed = seed_text ? (unsigned)strtoul(seed_text, NULL, 10) : (unsigned)time(NULL);

	(void)state;
	print_message("NOISE_SEED=%u\n", seed);
	srand(seed);
	for (int i = 0; i < (test_database_is_postgres() ? KILLS / 3 : KILLS); i++) {
		AUTO(hidden_item_clear) struct hidden_item channel = {0};
		struct query_rules rules = {0};
		struct error err;

		kill_after(1 + rand() % 60);
		struct store *store = open_store();
		finish(store);
		bool muted = store_hidden_get(store, MUTED_CHANNELS, CHANNEL, &channel, &err);
		assert_true(store_query_rules_get(store, 1, &rules, &err));
		bool rule = rules.excluded_words.count > 0;
		/* Every second one is of the channel, every third one a fan edit. */
		assert_int_equal(fixture_count(store, NULL, 0), VIDEOS * (muted ? 1 : 2) * (rule ? 2 : 3) / 6);
		query_rules_clear(&rules);
		store_close(&store);
	}
	struct store *store = open_store();
	struct error err;
	bool changed;
	assert_true(store_channel_unmute(store, CHANNEL, &changed, &err));
	set_rule(store, "");
	finish(store);
	assert_int_equal(fixture_count(store, NULL, 1), VIDEOS);
	store_close(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(the_next_one_finishes, set_up, place_tear_down)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
