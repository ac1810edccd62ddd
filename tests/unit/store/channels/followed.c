#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/channels/followed.h"
#include "store/queries.h"
#include "tests/support/store_fixture.h"

static int set_up(void **state)
{
	*state = fixture_store();
	return 0;
}

static int tear_down(void **state)
{
	struct store *store = *state;

	store_close(&store);
	return 0;
}

static void find(struct store *store, int64_t query_id, const char *id, const char *channel)
{
	int64_t seq = fixture_save(store, id, "cats", "", channel, FIXTURE_NOW - 60, SOURCE_SEARCH);
	struct error err;

	fixture_match(store, query_id, seq);
	assert_true(store_follow(store, query_id, seq, FIXTURE_NOW, &err));
}

static int64_t count(struct store *store)
{
	struct error err;
	int64_t out;

	assert_true(store_followed_count(store, &out, &err));
	return out;
}

static struct followed_list list(struct store *store)
{
	struct followed_list channels = {0};
	struct error err;

	assert_true(store_followed_list(store, &channels, &err));
	assert_int_equal(channels.count, count(store));
	return channels;
}

static void a_channel_is_followed_from_its_second_match(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	int64_t dogs = fixture_query(store, "dogs");

	find(store, cats, "aaaaaaaaaaA", "Pets");
	find(store, dogs, "aaaaaaaaaaE", "Pets"); /* each query counts for itself */
	assert_int_equal(count(store), 0);
	find(store, cats, "aaaaaaaaaaI", "Pets");
	AUTO(followed_list_clear) struct followed_list channels = list(store);
	assert_int_equal(channels.count, 1);
	assert_string_equal(channels.items[0].channel_id, "UC0123456789012345678901");
	assert_int_equal(channels.items[0].query_id, cats);
	assert_int_equal(channels.items[0].since, FIXTURE_NOW);
	find(store, cats, "aaaaaaaaaaM", "Pets");
	assert_int_equal(count(store), 1);
}

static void videos_without_a_channel_are_no_channel(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");

	find(store, cats, "aaaaaaaaaaA", NULL);
	find(store, cats, "aaaaaaaaaaE", NULL);
	assert_int_equal(count(store), 0);
}

static void visitors_requests_follow_nothing(void **state)
{
	struct store *store = *state;
	enum query_added added;
	struct error err;
	int64_t id;

	assert_true(store_query_add(store, "cats", ORIGIN_VISITOR, 5, FIXTURE_NOW, &id, &added, &err));
	find(store, id, "aaaaaaaaaaA", "Pets");
	find(store, id, "aaaaaaaaaaE", "Pets");
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM followed_channel"), 0);
}

static void a_query_can_do_without(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	struct error err;

	find(store, cats, "aaaaaaaaaaA", "Pets");
	find(store, cats, "aaaaaaaaaaE", "Pets");
	assert_true(store_query_set_follow_channels(store, cats, false, &err));
	assert_int_equal(count(store), 0);
	assert_true(store_query_set_follow_channels(store, cats, true, &err));
	assert_int_equal(count(store), 1);
	assert_true(store_query_set_state(store, cats, ENTRY_PAUSED_BY_OWNER, &err));
	assert_int_equal(count(store), 0);
}

static void its_numbers_are_kept(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	const struct upload uploads[] = {{FIXTURE_NOW - 3600, true}, {FIXTURE_NOW - 7200, true}, {FIXTURE_NOW - 86400, true}};
	struct error err;

	find(store, cats, "aaaaaaaaaaA", "Pets");
	find(store, cats, "aaaaaaaaaaE", "Pets");
	AUTO(followed_list_clear) struct followed_list channels = list(store);
	struct followed_channel *channel = &channels.items[0];
	followed_channel_take(channel, uploads, 3, FIXTURE_NOW);
	channel->failures = 2;
	memcpy(channel->etag, "\"x\"", sizeof("\"x\""));
	assert_true(store_followed_write(store, channel, &err));
	AUTO(followed_list_clear) struct followed_list again = list(store);
	assert_string_equal(again.items[0].etag, "\"x\"");
	assert_int_equal(again.items[0].read_at, FIXTURE_NOW);
	assert_int_equal(again.items[0].failures, 2);
	assert_int_equal(again.items[0].newest_at, FIXTURE_NOW - 3600);
	assert_float_equal(followed_channel_rate(&again.items[0]), followed_channel_rate(channel), 1e-12);
	assert_float_equal(again.items[0].hours[9], channel->hours[9], 0.05);
}

static void it_ends_and_begins_anew(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	struct error err;

	find(store, cats, "aaaaaaaaaaA", "Pets");
	find(store, cats, "aaaaaaaaaaE", "Pets");
	assert_true(store_followed_end(store, fixture_number(store, "SELECT channel FROM followed_channel"), &err));
	assert_int_equal(count(store), 0);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM following"), 0);
	find(store, cats, "aaaaaaaaaaI", "Pets");
	assert_int_equal(count(store), 1);
	fixture_check(store);
}

/* ---- matches from before ---- */

/* A match that follows no channel by itself. */
static void find_before(struct store *store, int64_t query_id, const char *id, const char *channel, int64_t published_at)
{
	fixture_match(store, query_id, fixture_save(store, id, "cats", "", channel, published_at, SOURCE_SEARCH));
}

/* The number of steps in which all matches from before were looked through. */
static int follow_known(struct store *store)
{
	struct error err;
	bool more = true;
	int steps = -1;

	for (; more; steps++)
		assert_true(store_follow_known(store, FIXTURE_NOW, &more, &err));
	return steps;
}

static void a_query_that_follows_anew_takes_the_channels_of_its_matches(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	struct error err;

	assert_true(store_query_set_follow_channels(store, cats, false, &err));
	find(store, cats, "aaaaaaaaaaA", "Pets");
	find(store, cats, "aaaaaaaaaaE", "Pets");
	assert_int_equal(follow_known(store), 0);
	assert_int_equal(count(store), 0);
	assert_true(store_query_set_follow_channels(store, cats, true, &err));
	assert_int_equal(follow_known(store), 1);
	assert_int_equal(count(store), 1);
	assert_int_equal(follow_known(store), 0);
}

static void matches_from_before_are_looked_through_in_steps(void **state)
{
	enum { OTHERS = 1100 };
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	struct error err;
	char id[12];
	bool more;

	find_before(store, cats, "aaaaaaaaaaA", "Pets", FIXTURE_NOW - 7200);
	find_before(store, cats, "aaaaaaaaaaE", "Pets", FIXTURE_NOW - 7200);
	for (int i = 0; i < OTHERS; i++) {
		snprintf(id, sizeof(id), "b%09dA", i);
		find_before(store, cats, id, NULL, FIXTURE_NOW - 60);
	}
	assert_true(store_query_set_follow_channels(store, cats, true, &err));
	for (int i = 0; i < 2; i++) {
		assert_true(store_follow_known(store, FIXTURE_NOW, &more, &err));
		assert_true(more);
		assert_int_equal(count(store), 0);
	}
	assert_int_equal(follow_known(store), 1);
	assert_int_equal(count(store), 1);
}

static void a_channel_that_was_silent_for_long_is_left_alone(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	struct error err;

	find_before(store, cats, "aaaaaaaaaaA", "Pets", FIXTURE_NOW - 90 * 86400);
	find_before(store, cats, "aaaaaaaaaaE", "Pets", FIXTURE_NOW - 46 * 86400);
	assert_true(store_query_set_follow_channels(store, cats, true, &err));
	assert_int_equal(follow_known(store), 1);
	assert_int_equal(count(store), 0);
	/* One of the two is young. */
	find_before(store, cats, "aaaaaaaaaaI", "Pets", FIXTURE_NOW - 44 * 86400);
	assert_true(store_query_set_follow_channels(store, cats, true, &err));
	assert_int_equal(follow_known(store), 1);
	assert_int_equal(count(store), 1);
}

static void a_paused_query_is_looked_through_when_it_is_resumed(void **state)
{
	struct store *store = *state;
	int64_t cats = fixture_query(store, "cats");
	struct error err;

	find_before(store, cats, "aaaaaaaaaaA", "Pets", FIXTURE_NOW - 7200);
	find_before(store, cats, "aaaaaaaaaaE", "Pets", FIXTURE_NOW - 7200);
	assert_true(store_query_set_state(store, cats, ENTRY_PAUSED_BY_OWNER, &err));
	assert_int_equal(follow_known(store), 0);
	assert_true(store_query_set_state(store, cats, ENTRY_ACTIVE, &err));
	assert_int_equal(follow_known(store), 1);
	assert_int_equal(count(store), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_channel_is_followed_from_its_second_match, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(videos_without_a_channel_are_no_channel, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(visitors_requests_follow_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_query_can_do_without, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(its_numbers_are_kept, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(it_ends_and_begins_anew, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_query_that_follows_anew_takes_the_channels_of_its_matches, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(matches_from_before_are_looked_through_in_steps, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_channel_that_was_silent_for_long_is_left_alone, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_paused_query_is_looked_through_when_it_is_resumed, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
