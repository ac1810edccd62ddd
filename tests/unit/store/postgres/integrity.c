/* Faults of the search index are found and mended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/store_fixture.h"

static int set_up(void **state)
{
	struct store *store = fixture_store();

	fixture_save(store, "aaaaaaaaaaA", "A launch", "of a rocket", "Channel", FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaE", "A landing", "of a rocket", "Channel", FIXTURE_NOW + 1, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaI", "", "", NULL, FIXTURE_NOW + 2, SOURCE_SEARCH);
	*state = store;
	return 0;
}

static int tear_down(void **state)
{
	struct store *store = *state;

	store_close(&store);
	return 0;
}

static void count(void *context, const char *fault)
{
	(void)fault;
	++*(int *)context;
}

static void assert_found_and_mended(struct store *store, const char *fault)
{
	struct error err = {0};
	int64_t rebuilt, left;
	int told = 0;

	assert_false(store_check(store, &err));
	if (!strstr(err.text, fault) || !strstr(err.text, "run newsreel-fetch --repair"))
		fail_msg("%s", err.text);
	assert_true(store_repair(store, count, &told, &rebuilt, &err) && store_upkeep(store, 1000, &left, &err));
	assert_int_equal(rebuilt, 1);
	assert_int_equal(told, 1);
	fixture_check(store);
	assert_int_equal(fixture_count(store, "rocket", 0), 2);
}

static void a_sound_index_has_no_faults(void **state)
{
	fixture_check(*state);
}

static void an_entry_that_is_missing(void **state)
{
	fixture_run(*state, "DELETE FROM video_search WHERE seq = (SELECT min(seq) FROM video)");
	assert_found_and_mended(*state, "video aaaaaaaaaaA: not in the search index");
}

static void an_entry_of_another_text(void **state)
{
	fixture_run(*state, "UPDATE video SET title = 'Another launch' WHERE id = 'aaaaaaaaaaA'");
	assert_found_and_mended(*state, "the search index does not agree with video ");
}

static void a_word_that_is_counted_wrong(void **state)
{
	fixture_run(*state, "UPDATE word SET videos = 3 WHERE term = 'rocket'");
	assert_found_and_mended(*state, "word rocket: 3 counted, 2 there");
}

static void a_video_that_waits_and_does_not(void **state)
{
	fixture_run(*state, "INSERT INTO unindexed SELECT seq FROM video WHERE id = 'aaaaaaaaaaA'");
	assert_found_and_mended(*state, "video aaaaaaaaaaA: in the search index, and waiting for it");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_sound_index_has_no_faults),  TEST(an_entry_that_is_missing),        TEST(an_entry_of_another_text),
	    TEST(a_word_that_is_counted_wrong), TEST(a_video_that_waits_and_does_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
