#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/push/subscriptions.h"
#include "tests/support/store_fixture.h"

#define BASE "https://example.org"
#define DAY INT64_C(86400)

/* The store has no function that makes channels without videos. */
static void follow_channels(struct store *store, int count)
{
	struct error err;
	char sql[400];

	int64_t query = fixture_query(store, "cats");
	assert_true(store_begin(store, &err));
	for (int i = 1; i <= count; i++) {
		snprintf(sql, sizeof(sql), "INSERT INTO channel (id, youtube_id, title) VALUES (%d, 'UC%022d', '') RETURNING 1",
		         i, i);
		fixture_number(store, sql);
		snprintf(sql, sizeof(sql), "INSERT INTO followed_channel (channel, since) VALUES (%d, 1) RETURNING 1", i);
		fixture_number(store, sql);
		snprintf(sql, sizeof(sql), "INSERT INTO following (channel, query) VALUES (%d, %d) RETURNING 1", i, (int)query);
		fixture_number(store, sql);
	}
	assert_true(store_commit(store, &err));
}

static void follow(struct store *store, const char *base, int64_t now)
{
	struct error err;

	assert_true(store_subscriptions_follow(store, base, 3, now, &err));
}

static struct subscription_list due(struct store *store, int64_t now)
{
	struct subscription_list list = {0};
	struct error err;

	assert_true(store_subscriptions_due(store, now, 100, &list, &err));
	return list;
}

static void assert_counts(struct store *store, int64_t now, int64_t wanted, int64_t alive)
{
	int64_t is_wanted, is_alive;
	struct error err;

	assert_true(store_subscriptions_count(store, now, &is_wanted, &is_alive, &err));
	assert_int_equal(is_wanted, wanted);
	assert_int_equal(is_alive, alive);
}

static void a_few_channels_at_a_time_get_one(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();

	(void)state;
	follow_channels(store, 5);
	follow(store, BASE, FIXTURE_NOW);
	AUTO(subscription_list_clear) struct subscription_list first = due(store, FIXTURE_NOW);
	assert_int_equal(first.count, 3);
	assert_true(first.items[0].wanted);
	assert_string_equal(first.items[0].channel_id, "UC0000000000000000000001");
	assert_int_equal(strlen(first.items[0].token), 32);
	assert_int_equal(strlen(first.items[0].secret), 32);
	assert_string_not_equal(first.items[0].token, first.items[1].token);
	assert_string_not_equal(first.items[0].token, first.items[0].secret);
	follow(store, BASE, FIXTURE_NOW);
	AUTO(subscription_list_clear) struct subscription_list all = due(store, FIXTURE_NOW);
	assert_int_equal(all.count, 5);
	assert_counts(store, FIXTURE_NOW, 5, 0);
}

static void a_lease_is_asked_for_verified_and_renewed(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct subscription found;
	struct error err;

	(void)state;
	follow_channels(store, 1);
	follow(store, BASE, FIXTURE_NOW);
	AUTO(subscription_list_clear) struct subscription_list list = due(store, FIXTURE_NOW);
	assert_true(store_subscription_asked(store, 1, FIXTURE_NOW, FIXTURE_NOW + 3600, &err));
	assert_true(store_subscription_find(store, list.items[0].token, &found, &err));
	assert_int_equal(found.failures, 1);
	assert_int_equal(found.asked_at, FIXTURE_NOW);
	AUTO(subscription_list_clear) struct subscription_list none = due(store, FIXTURE_NOW + 3599);
	assert_int_equal(none.count, 0);
	assert_true(store_subscription_verified(store, 1, FIXTURE_NOW + 5 * DAY, FIXTURE_NOW + 4 * DAY, &err));
	assert_counts(store, FIXTURE_NOW + 5 * DAY - 1, 1, 1);
	assert_counts(store, FIXTURE_NOW + 5 * DAY, 1, 0);
	AUTO(subscription_list_clear) struct subscription_list renewal = due(store, FIXTURE_NOW + 4 * DAY);
	assert_int_equal(renewal.count, 1);
	assert_int_equal(renewal.items[0].failures, 0);
	assert_false(store_subscription_find(store, "nonsense", &found, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void a_switch_forgets_all_of_them(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err;

	(void)state;
	follow_channels(store, 2);
	follow(store, BASE, FIXTURE_NOW);
	assert_true(store_subscription_verified(store, 1, FIXTURE_NOW + 5 * DAY, FIXTURE_NOW + 4 * DAY, &err));
	assert_true(store_subscriptions_forget(store, &err));
	assert_counts(store, FIXTURE_NOW, 0, 0);
	follow(store, BASE, FIXTURE_NOW);
	assert_counts(store, FIXTURE_NOW, 2, 0);
}

static void a_hub_that_was_not_there_is_no_attempt(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err;

	(void)state;
	follow_channels(store, 1);
	follow(store, BASE, FIXTURE_NOW);
	assert_true(store_subscription_asked(store, 1, FIXTURE_NOW, FIXTURE_NOW + 3600, &err));
	assert_true(store_subscription_unasked(store, 1, FIXTURE_NOW + 120, &err));
	AUTO(subscription_list_clear) struct subscription_list list = due(store, FIXTURE_NOW + 120);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].failures, 0);
}

static void a_channel_that_is_not_followed_any_more_is_unsubscribed(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err;

	(void)state;
	follow_channels(store, 2);
	follow(store, BASE, FIXTURE_NOW);
	for (int64_t channel = 1; channel <= 2; channel++)
		assert_true(store_subscription_asked(store, channel, FIXTURE_NOW, FIXTURE_NOW + 3600, &err));
	assert_true(store_subscription_verified(store, 1, FIXTURE_NOW + 5 * DAY, FIXTURE_NOW + 4 * DAY, &err));
	fixture_number(store, "UPDATE query SET follow_channels = 0 RETURNING 1");
	follow(store, BASE, FIXTURE_NOW + 60);
	/* The second has no lease: there is nothing to end. */
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM push_subscription"), 1);
	AUTO(subscription_list_clear) struct subscription_list list = due(store, FIXTURE_NOW + 60);
	assert_int_equal(list.count, 1);
	assert_false(list.items[0].wanted);
	assert_counts(store, FIXTURE_NOW + 60, 0, 0);

	fixture_number(store, "UPDATE query SET follow_channels = 1 RETURNING 1");
	follow(store, BASE, FIXTURE_NOW + 120);
	AUTO(subscription_list_clear) struct subscription_list again = due(store, FIXTURE_NOW + 120);
	assert_int_equal(again.count, 2);
	assert_true(again.items[0].wanted && again.items[1].wanted);

	fixture_number(store, "UPDATE query SET follow_channels = 0 RETURNING 1");
	follow(store, BASE, FIXTURE_NOW + 180);
	assert_true(store_subscription_end(store, 1, &err));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM push_subscription"), 0);
}

static void a_lease_that_ends_is_forgotten_when_nobody_wants_it(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err;

	(void)state;
	follow_channels(store, 1);
	follow(store, BASE, FIXTURE_NOW);
	assert_true(store_subscription_verified(store, 1, FIXTURE_NOW + DAY, FIXTURE_NOW + DAY, &err));
	fixture_number(store, "UPDATE query SET follow_channels = 0 RETURNING 1");
	follow(store, BASE, FIXTURE_NOW + DAY - 1);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM push_subscription"), 1);
	follow(store, BASE, FIXTURE_NOW + DAY);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM push_subscription"), 0);
}

static void another_address_is_told_anew(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err;

	(void)state;
	follow_channels(store, 1);
	follow(store, BASE, FIXTURE_NOW);
	assert_true(store_subscription_asked(store, 1, FIXTURE_NOW, FIXTURE_NOW + 3600, &err));
	assert_true(store_subscription_verified(store, 1, FIXTURE_NOW + 5 * DAY, FIXTURE_NOW + 4 * DAY, &err));
	follow(store, "https://example.net", FIXTURE_NOW + 60);
	assert_counts(store, FIXTURE_NOW + 60, 1, 0);
	AUTO(subscription_list_clear) struct subscription_list list = due(store, FIXTURE_NOW + 60);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].asked_at, 0);
}

static void a_clock_that_was_ahead_keeps_nothing_waiting(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err;

	(void)state;
	follow_channels(store, 1);
	follow(store, BASE, FIXTURE_NOW + 400 * DAY);
	assert_true(store_subscription_verified(store, 1, FIXTURE_NOW + 405 * DAY, FIXTURE_NOW + 404 * DAY, &err));
	follow(store, BASE, FIXTURE_NOW);
	assert_counts(store, FIXTURE_NOW, 1, 0);
	AUTO(subscription_list_clear) struct subscription_list list = due(store, FIXTURE_NOW);
	assert_int_equal(list.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_few_channels_at_a_time_get_one),
	    cmocka_unit_test(a_lease_is_asked_for_verified_and_renewed),
	    cmocka_unit_test(a_hub_that_was_not_there_is_no_attempt),
	    cmocka_unit_test(a_switch_forgets_all_of_them),
	    cmocka_unit_test(a_channel_that_is_not_followed_any_more_is_unsubscribed),
	    cmocka_unit_test(a_lease_that_ends_is_forgotten_when_nobody_wants_it),
	    cmocka_unit_test(another_address_is_told_anew),
	    cmocka_unit_test(a_clock_that_was_ahead_keeps_nothing_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
