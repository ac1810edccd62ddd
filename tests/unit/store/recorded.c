/* The order of recording, and reading on in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "store/matches.h"
#include "store/upkeep/quarantine.h"
#include "store/upkeep/refresh.h"
#include "store/video_search.h"
#include "tests/support/database.h"
#include "tests/support/store_fixture.h"

enum { CHANGES = 20000, VIDEOS_MAX = CHANGES, BATCH = 200, PAGE = 37 };

/* A reader that goes on where it was, and how often it got each video. */
struct reader {
	struct video_filter filter;
	int64_t at;
	int got[VIDEOS_MAX];
};

struct fixture {
	struct store *store;
	struct reader all, tracked;
	int64_t query, now;
	int videos;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->store = fixture_store();
	f->query = fixture_query(f->store, "tracked");
	f->tracked.filter.query_id = f->query;
	f->now = FIXTURE_NOW;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	free(f);
	return 0;
}

static void id_of(int number, char id[VIDEO_ID_SIZE])
{
	char text[24];

	snprintf(text, sizeof(text), "v%09dA", number);
	memcpy(id, text, VIDEO_ID_SIZE);
}

/* Saves the video as SOURCE, published at another time each time. */
static int64_t save(struct fixture *f, int number, enum video_source source, enum video_saved *saved)
{
	char title[] = "t";
	struct video video = {.title = title,
	                      .published_at = FIXTURE_NOW - rand() % 1000000,
	                      .duration_s = VIDEO_UNKNOWN,
	                      .views = VIDEO_UNKNOWN,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN};
	int64_t seq = 0;
	struct error err;

	id_of(number, video.id);
	if (source == SOURCE_IMPORT)
		video.first_seen_at = FIXTURE_NOW - SECONDS_PER_DAY;
	assert_true(store_video_save(f->store, &video, source, f->now, saved, &seq, &err));
	return seq;
}

/* New ones, also of an import, each found at once or later. */
static void add(struct fixture *f)
{
	enum video_saved saved;
	int64_t seq = save(f, f->videos++, rand() % 3 ? SOURCE_SEARCH : SOURCE_IMPORT, &saved);

	assert_int_equal(saved, VIDEO_ADDED);
	fixture_match(f->store, f->query, seq);
}

/* What is there moves, what is not comes back. */
static void bring(struct fixture *f, int number)
{
	enum video_saved saved;

	save(f, number, SOURCE_DETAILS, &saved);
}

static void lose(struct fixture *f, int number)
{
	char id[VIDEO_ID_SIZE];
	struct error err;
	bool gone;

	id_of(number, id);
	assert_true(store_video_missing(f->store, id, f->now, &gone, &err));
	assert_true(store_video_missing(f->store, id, f->now + SECONDS_PER_DAY, &gone, &err));
}

static void hide(struct fixture *f)
{
	int64_t hidden;
	bool left;
	struct error err;

	assert_true(store_quarantine_hide(f->store, f->now + 1, 1, &hidden, &left, &err));
}

static int number_of(const struct video *video)
{
	return (int)strtol(video->id + 1, NULL, 10);
}

/* Reads on until there is no more. */
static void read_on(struct fixture *f, struct reader *reader)
{
	bool more = true;
	struct error err;

	while (more) {
		AUTO(video_page_clear) struct video_page page = {0};
		struct video_request request = {.filter = reader->filter,
		                                .sort = SORT_RECORDED_OLDEST,
		                                .after = reader->at,
		                                .page_number = 1,
		                                .page_size = PAGE,
		                                .counting = COUNT_NOT};

		if (!store_videos_page(f->store, &request, &page, &err))
			fail_msg("%s", err.text);
		for (size_t i = 0; i < page.videos.count; i++)
			reader->got[number_of(&page.videos.items[i])]++;
		more = page.next_after != 0;
		if (more)
			reader->at = page.next_after;
		else if (page.last_recorded > reader->at)
			reader->at = page.last_recorded;
	}
}

static void change(struct fixture *f)
{
	int what = rand() % 100;

	f->now += rand() % 4 == 0;
	if (what < 40 || f->videos == 0)
		add(f);
	else
		bring(f, rand() % f->videos);
}

static void expect_each_once(const struct fixture *f, const struct reader *reader)
{
	for (int i = 0; i < f->videos; i++)
		if (reader->got[i] != 1)
			fail_msg("video %d of %d: %d times", i, f->videos, reader->got[i]);
}

/* Nothing goes within a day of being recorded, so a reader that comes once a day has had it. */
static void a_reader_gets_each_match_once_and_misses_none(void **state)
{
	struct fixture *f = *state;
	unsigned seed = 20261129;
	int changes = test_database_is_postgres() ? CHANGES / 10 : CHANGES;
	struct error err;

	print_message("seed %u\n", seed);
	srand(seed);
	for (int done = 0; done < changes; done += BATCH) {
		assert_true(store_begin(f->store, &err));
		for (int i = 0; i < BATCH; i++)
			change(f);
		assert_true(store_commit(f->store, &err));
		read_on(f, &f->all);
		read_on(f, &f->tracked);
		assert_true(store_begin(f->store, &err));
		for (int i = 0; i < BATCH / 20; i++) {
			lose(f, rand() % f->videos);
			hide(f);
		}
		assert_true(store_commit(f->store, &err));
	}
	for (int i = 0; i < f->videos; i++)
		bring(f, i);
	read_on(f, &f->all);
	read_on(f, &f->tracked);
	expect_each_once(f, &f->all);
	expect_each_once(f, &f->tracked);
	fixture_check(f->store);
}

static int64_t recorded(const struct fixture *f, int number)
{
	AUTO(video_clear) struct video video = {0};
	char id[VIDEO_ID_SIZE];
	struct error err;

	id_of(number, id);
	assert_true(store_video_get(f->store, id, &video, &err));
	return video.recorded;
}

static void numbers_grow_within_a_second_and_when_the_clock_goes_back(void **state)
{
	struct fixture *f = *state;

	add(f);
	add(f);
	f->now -= SECONDS_PER_DAY;
	add(f);
	assert_int_equal(recorded(f, 0) / RECORDED_PER_SECOND, FIXTURE_NOW);
	assert_true(recorded(f, 0) < recorded(f, 1) && recorded(f, 1) < recorded(f, 2));
	f->now += 2 * SECONDS_PER_DAY;
	add(f);
	assert_int_equal(recorded(f, 3), f->now * RECORDED_PER_SECOND);
}

static void a_number_is_not_given_twice_though_its_video_goes(void **state)
{
	struct fixture *f = *state;
	enum video_saved saved;

	save(f, 0, SOURCE_SEARCH, &saved);
	int64_t first = recorded(f, 0);
	lose(f, 0);
	save(f, 1, SOURCE_SEARCH, &saved);
	assert_true(recorded(f, 1) > first);
	bring(f, 0);
	assert_int_equal(recorded(f, 0), first);
}

/* A video that was there before a query found it is new to that query's readers. */
static void a_match_is_recorded_when_it_is_found(void **state)
{
	struct fixture *f = *state;
	enum video_saved saved;
	int64_t seq = save(f, f->videos++, SOURCE_SEARCH, &saved);

	read_on(f, &f->all);
	read_on(f, &f->tracked);
	assert_int_equal(f->tracked.got[0], 0);
	f->now += 3600;
	fixture_match(f->store, f->query, seq);
	read_on(f, &f->all);
	read_on(f, &f->tracked);
	assert_int_equal(f->all.got[0], 1);
	assert_int_equal(f->tracked.got[0], 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_reader_gets_each_match_once_and_misses_none),
	    CASE(numbers_grow_within_a_second_and_when_the_clock_goes_back),
	    CASE(a_number_is_not_given_twice_though_its_video_goes),
	    CASE(a_match_is_recorded_when_it_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
