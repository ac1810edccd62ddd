#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store/channels/followed.h"
#include "store/push/notes.h"
#include "tests/support/store_fixture.h"

#define CHANNEL "UC0123456789012345678901"

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

static void note(struct store *store, const char *id, const char *channel)
{
	struct error err;

	assert_true(store_push_note(store, id, channel, FIXTURE_NOW, &err));
}

static int64_t count(struct store *store)
{
	return fixture_number(store, "SELECT count(*) FROM noted_video");
}

static void assert_due(struct store *store, int64_t now, size_t expected)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	struct error err;

	assert_true(store_notes_due(store, now, NOTES_MAX, &ids, &err));
	assert_int_equal(ids.count, expected);
}

static void an_id_is_noted_once(void **state)
{
	AUTO(store_close) struct store *store = make();
	enum found_how how;
	bool backfill;
	struct error err;

	(void)state;
	note(store, "newAAAAAAAA", CHANNEL);
	note(store, "newAAAAAAAA", CHANNEL);
	assert_true(store_feed_note(store, "newAAAAAAAA", CHANNEL, false, FIXTURE_NOW, &err));
	assert_int_equal(count(store), 1);
	assert_true(store_note_get(store, "newAAAAAAAA", &how, &backfill, &err));
	assert_true(how == FOUND_PUSH && !backfill);
	assert_true(store_feed_note(store, "newAAAAAAAE", CHANNEL, true, FIXTURE_NOW, &err));
	assert_true(store_note_get(store, "newAAAAAAAE", &how, &backfill, &err));
	assert_true(how == FOUND_RSS && backfill);
	assert_true(store_note_forget(store, "newAAAAAAAA", &err));
	assert_due(store, FIXTURE_NOW, 1);
}

static void channels_that_are_not_followed_are_dropped(void **state)
{
	AUTO(store_close) struct store *store = make();
	struct error err;

	(void)state;
	note(store, "newAAAAAAAA", "UCzzzzzzzzzzzzzzzzzzzzzz");
	note(store, "newAAAAAAAA", "");
	assert_int_equal(count(store), 0);
	assert_true(store_followed_end(store, fixture_number(store, "SELECT channel FROM followed_channel"), &err));
	note(store, "newAAAAAAAA", CHANNEL);
	assert_int_equal(count(store), 0);
}

static void a_flood_fills_so_many_places(void **state)
{
	AUTO(store_close) struct store *store = make();
	struct error err;
	char id[VIDEO_ID_SIZE];

	(void)state;
	assert_true(store_begin(store, &err));
	for (int i = 0; i < NOTES_MAX + 50; i++) {
		snprintf(id, sizeof(id), "n%09dA", i);
		note(store, id, CHANNEL);
	}
	assert_true(store_commit(store, &err));
	assert_int_equal(count(store), NOTES_MAX);
}

static void what_is_missing_waits_and_is_forgotten(void **state)
{
	AUTO(store_close) struct store *store = make();
	int64_t now = FIXTURE_NOW;
	struct error err;
	int tries = 0;

	(void)state;
	note(store, "newAAAAAAAA", CHANNEL);
	while (count(store)) {
		assert_true(store_note_missed(store, "newAAAAAAAA", now, &err));
		if (count(store))
			assert_due(store, now, 0);
		now += 3600 * 2;
		tries++;
	}
	assert_in_range(tries, 3, 6);
}

static void what_could_not_be_looked_up_waits(void **state)
{
	AUTO(store_close) struct store *store = make();
	AUTO(text_list_clear) struct text_list ids = {0};
	struct error err;

	(void)state;
	note(store, "newAAAAAAAA", CHANNEL);
	assert_true(store_notes_due(store, FIXTURE_NOW, 1, &ids, &err));
	assert_true(store_notes_postpone(store, &ids, FIXTURE_NOW + 300, &err));
	assert_due(store, FIXTURE_NOW + 299, 0);
	assert_due(store, FIXTURE_NOW + 300, 1);
	assert_due(store, FIXTURE_NOW - 30 * 86400, 1); /* the clock was ahead */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_id_is_noted_once),
	    cmocka_unit_test(channels_that_are_not_followed_are_dropped),
	    cmocka_unit_test(a_flood_fills_so_many_places),
	    cmocka_unit_test(what_is_missing_waits_and_is_forgotten),
	    cmocka_unit_test(what_could_not_be_looked_up_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
