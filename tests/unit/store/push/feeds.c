#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store/channels/followed.h"
#include "store/push/feeds.h"
#include "tests/support/store_fixture.h"

/* A record with one followed channel. */
static struct store *make(void)
{
	struct store *store = fixture_store();
	int64_t query = fixture_query(store, "cats");
	struct error err;

	for (int i = 0; i < 2; i++) {
		int64_t seq =
		    fixture_save(store, i ? "videoAAAAAA" : "videoAAAAAE", "cats", "", "Channel", FIXTURE_NOW - i, SOURCE_SEARCH);

		fixture_match(store, query, seq);
		assert_true(store_follow(store, query, seq, FIXTURE_NOW, &err));
	}
	return store;
}

static void a_feed_is_due_until_it_was_read(void **state)
{
	AUTO(store_close) struct store *store = make();
	struct channel_feed feed = {0};
	struct error err;
	bool found;

	(void)state;
	assert_true(store_feed_next(store, FIXTURE_NOW, &feed, &found, &err));
	assert_true(found);
	assert_string_equal(feed.channel_id, "UC0123456789012345678901");
	assert_int_equal(feed.newest_at, 0);
	feed.newest_at = FIXTURE_NOW - 5;
	feed.failures = 2;
	assert_true(store_feed_read(store, &feed, FIXTURE_NOW + 900, &err));
	assert_true(store_feed_next(store, FIXTURE_NOW + 899, &feed, &found, &err));
	assert_false(found);
	assert_true(store_feed_next(store, FIXTURE_NOW + 900, &feed, &found, &err));
	assert_true(found);
	assert_int_equal(feed.newest_at, FIXTURE_NOW - 5);
	assert_int_equal(feed.failures, 2);
	/* The clock was ahead. */
	assert_true(store_feed_next(store, FIXTURE_NOW - 30 * 86400, &feed, &found, &err));
	assert_true(found);
	assert_true(store_followed_end(store, feed.channel, &err));
	assert_true(store_feed_next(store, FIXTURE_NOW + 900, &feed, &found, &err));
	assert_false(found);
}

static void a_host_fails_until_it_answers(void **state)
{
	AUTO(store_close) struct store *store = make();
	struct host_pause pause;
	struct error err;

	(void)state;
	assert_true(store_host_get(store, HOST_HUB, &pause, &err));
	assert_int_equal(pause.failures, 0);
	assert_true(store_host_failed(store, HOST_HUB, FIXTURE_NOW + 60, "status 503", &err));
	assert_true(store_host_failed(store, HOST_HUB, FIXTURE_NOW + 120, "no answer", &err));
	assert_true(store_host_get(store, HOST_HUB, &pause, &err));
	assert_int_equal(pause.failures, 2);
	assert_int_equal(pause.until, FIXTURE_NOW + 120);
	assert_string_equal(pause.error, "no answer");
	assert_true(store_host_get(store, HOST_FEED, &pause, &err));
	assert_int_equal(pause.failures, 0);
	assert_true(store_host_answered(store, HOST_HUB, &err));
	assert_true(store_host_get(store, HOST_HUB, &pause, &err));
	assert_int_equal(pause.failures, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_feed_is_due_until_it_was_read),
	    cmocka_unit_test(a_host_fails_until_it_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
