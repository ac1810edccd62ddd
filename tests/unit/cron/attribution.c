#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "cron/attribution.h"
#include "store/matches.h"
#include "store/private/visitors.h"
#include "store/queries.h"
#include "tests/support/run_fixture.h"
#include "tests/support/store_fixture.h"

#define ID "aaaaaaaaaaA"
#define OTHER "aaaaaaaaaaE"

/* Whether it is wanted. */
static bool attribute(struct run_fixture *f, const char *id, const char *title, int64_t age)
{
	char text[100], channel[] = "NASA";
	struct video video = {.channel_id = "UC0123456789012345678901",
	                      .title = text,
	                      .channel_title = channel,
	                      .published_at = FIXTURE_NOW - age};
	struct error err;
	bool wanted;

	snprintf(video.id, sizeof(video.id), "%s", id);
	snprintf(text, sizeof(text), "%s", title);
	assert_true(attribution_save(&f->run, &video, SOURCE_IMPORT, FOUND_CHANNEL, &wanted, &err));
	fixture_check(f->store);
	return wanted;
}

static void a_title_belongs_to_every_query_that_it_matches(void **state)
{
	struct run_fixture *f = *state;
	int64_t launch = fixture_query(f->store, "rocket launch");
	int64_t nasa = fixture_query(f->store, "nasa rocket -museum");
	int64_t cats = fixture_query(f->store, "cats");

	assert_true(attribute(f, ID, "Rocket launch, live", 60));
	assert_int_equal(fixture_count(f->store, NULL, launch), 1);
	assert_int_equal(fixture_count(f->store, NULL, nasa), 1);
	assert_int_equal(fixture_count(f->store, NULL, cats), 0);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM match WHERE how = 1"), 2);
	assert_int_equal(f->result.added, 1);
}

static void what_nothing_matches_is_not_saved(void **state)
{
	struct run_fixture *f = *state;

	fixture_query(f->store, "rocket launch");
	assert_false(attribute(f, ID, "A walk in the park", 60));
	assert_int_equal(fixture_count(f->store, NULL, 0), 0);
}

static void what_is_known_is_left_alone(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = fixture_query(f->store, "rocket");

	fixture_match(f->store, query, fixture_save(f->store, ID, "Rocket", "", "NASA", FIXTURE_NOW - 60, SOURCE_SEARCH));
	assert_true(attribute(f, ID, "Another rocket", 60));
	assert_int_equal(f->result.updated, 0);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM match WHERE how = 0"), 1);
}

static void visitors_paused_and_unwilling_queries_get_nothing(void **state)
{
	struct run_fixture *f = *state;
	enum query_added added;
	struct error err;
	int64_t id;

	assert_true(store_query_add(f->store, "rocket", ORIGIN_VISITOR, 5, FIXTURE_NOW, &id, &added, &err));
	assert_true(store_query_set_state(f->store, fixture_query(f->store, "rocket launch"), ENTRY_PAUSED_BY_OWNER, &err));
	assert_true(store_query_set_follow_channels(f->store, fixture_query(f->store, "launch"), false, &err));
	assert_false(attribute(f, ID, "Rocket launch", 60));
	assert_int_equal(fixture_count(f->store, NULL, 0), 0);
}

/* What videos.list tells of a video that a visitor's request found first, and a hub named for the owner's query. */
static void a_visitor_s_find_becomes_public_by_a_pushed_match(void **state)
{
	static char title[] = "Rocket launch", channel[] = "NASA";
	struct video video = {.id = ID,
	                      .channel_id = "UC0123456789012345678901",
	                      .title = title,
	                      .channel_title = channel,
	                      .published_at = FIXTURE_NOW - 60};
	struct run_fixture *f = *state;
	enum query_added query_added;
	struct error err;
	bool added, wanted;
	int64_t visitors;

	int64_t query = fixture_query(f->store, "rocket");
	assert_true(store_query_add(f->store, "launch", ORIGIN_VISITOR, 5, FIXTURE_NOW, &visitors, &query_added, &err));
	assert_true(store_visitors_save(f->store, visitors, &video, FIXTURE_NOW, &added, &err));
	assert_int_equal(fixture_count(f->store, NULL, 0), 0);
	assert_true(attribution_save(&f->run, &video, SOURCE_DETAILS, FOUND_PUSH, &wanted, &err));
	assert_int_equal(fixture_count(f->store, NULL, query), 1);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM visitor_video"), 0);
	/* Also one that a look-up for the visitor waits for. */
	snprintf(video.id, sizeof(video.id), OTHER);
	assert_true(store_lookup_request(f->store, visitors, video.id, false, FIXTURE_NOW, &err));
	assert_true(attribution_save(&f->run, &video, SOURCE_DETAILS, FOUND_PUSH, &wanted, &err));
	assert_int_equal(fixture_count(f->store, NULL, query), 2);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM visitor_video"), 0);
	assert_int_equal(f->result.added, 2);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM match WHERE query = 1 AND how = 2"), 2);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM video WHERE checked_at > 0"), 2);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM pending_lookup"), 0);
	fixture_check(f->store);
}

static void a_query_is_not_given_videos_from_before_its_time(void **state)
{
	struct run_fixture *f = *state;

	int64_t query = fixture_query(f->store, "rocket");

	assert_true(attribute(f, ID, "Rocket", 8 * SECONDS_PER_DAY));
	assert_int_equal(fixture_count(f->store, NULL, query), 0);
	assert_true(attribute(f, OTHER, "Rocket", 6 * SECONDS_PER_DAY));
	assert_int_equal(fixture_count(f->store, NULL, query), 1);
}

/* Search shows a video that a channel's list gave before: that is news of it, and no second match. */
static void search_finds_it_once_more(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = fixture_query(f->store, "rocket");
	int64_t first, seq;
	struct error err;
	bool added, doubted;

	assert_true(attribute(f, ID, "Rocket", 60));
	/* An empty answer of a search is no fault: it never showed this one. */
	assert_true(store_match_doubt(f->store, query, FIXTURE_NOW - 100, FIXTURE_NOW, FIXTURE_NOW, &doubted, &err));
	assert_false(doubted);
	assert_true(store_match_first_since(f->store, query, 0, &first, &err));
	assert_int_equal(first, 0);
	seq = fixture_number(f->store, "SELECT seq FROM match");
	assert_true(store_match_save(f->store, query, seq, FOUND_SEARCH, FIXTURE_NOW, &added, &err));
	assert_true(added);
	assert_true(store_match_save(f->store, query, seq, FOUND_SEARCH, FIXTURE_NOW, &added, &err));
	assert_false(added);
	assert_true(store_match_doubt(f->store, query, FIXTURE_NOW - 100, FIXTURE_NOW, FIXTURE_NOW, &doubted, &err));
	assert_true(doubted);
	assert_int_equal(fixture_number(f->store, "SELECT how FROM match"), FOUND_CHANNEL);
	assert_int_equal(fixture_count(f->store, NULL, query), 1);
	fixture_check(f->store);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, run_fixture_set_up, run_fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_title_belongs_to_every_query_that_it_matches),
	    CASE(what_nothing_matches_is_not_saved),
	    CASE(what_is_known_is_left_alone),
	    CASE(visitors_paused_and_unwilling_queries_get_nothing),
	    CASE(a_visitor_s_find_becomes_public_by_a_pushed_match),
	    CASE(a_query_is_not_given_videos_from_before_its_time),
	    CASE(search_finds_it_once_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
