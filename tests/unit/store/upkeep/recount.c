/* When new videos are asked for their numbers again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store/upkeep/recount.h"
#include "store/upkeep/refresh.h"
#include "store/videos.h"
#include "tests/support/store_fixture.h"

#define ID "aaaaaaaaaaA"
#define OTHER "aaaaaaaaaaE"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

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

static void tell(struct store *store, const char *id, enum video_kind kind, int64_t published_at, enum video_source source,
                 int64_t now)
{
	char title[] = "cats";
	struct video video = {.title = title, .published_at = published_at, .kind = kind, .views = 1};
	enum video_saved saved;
	struct error err;

	snprintf(video.id, sizeof(video.id), "%s", id);
	assert_true(store_video_save(store, &video, source, now, &saved, NULL, &err));
}

static void look_up(struct store *store, const char *id, int64_t now)
{
	tell(store, id, VIDEO_NORMAL, FIXTURE_NOW, SOURCE_DETAILS, now);
}

static int64_t count(struct store *store, int64_t now)
{
	struct error err;
	int64_t due;

	assert_true(store_recount_count(store, now, 100, &due, &err));
	AUTO(text_list_clear) struct text_list ids = {0};
	assert_true(store_recount_next(store, now, 100, &ids, &err));
	assert_int_equal(ids.count, due);
	return due;
}

/* Minutes from a look-up at NOW until the next recount; 0 = there is none. */
static int64_t pause_after(struct store *store, int64_t now)
{
	look_up(store, ID, now);
	for (int64_t minutes = 1; minutes < 24 * 60; minutes++)
		if (count(store, now + minutes * MINUTE))
			return minutes;
	return 0;
}

static void they_are_an_hour_apart_then_more_for_two_days(void **state)
{
	struct store *store = *state;

	tell(store, ID, VIDEO_NORMAL, FIXTURE_NOW, SOURCE_SEARCH, FIXTURE_NOW);
	assert_int_equal(count(store, FIXTURE_NOW + DAY), 0); /* its first look-up is none */
	assert_int_equal(pause_after(store, FIXTURE_NOW + MINUTE), 60);
	assert_int_equal(pause_after(store, FIXTURE_NOW + 8 * HOUR), 60);
	assert_int_equal(pause_after(store, FIXTURE_NOW + 16 * HOUR), 120);
	assert_int_equal(pause_after(store, FIXTURE_NOW + 40 * HOUR), 300);
	assert_int_equal(pause_after(store, FIXTURE_NOW + 44 * HOUR), 0);
	assert_int_equal(pause_after(store, FIXTURE_NOW + 20 * DAY), 0);
}

/* So that calls are full. */
static void what_is_nearly_due_is_taken_along(void **state)
{
	struct store *store = *state;

	look_up(store, ID, FIXTURE_NOW);
	look_up(store, OTHER, FIXTURE_NOW + 14 * MINUTE);
	assert_int_equal(count(store, FIXTURE_NOW + HOUR - 1), 0);
	assert_int_equal(count(store, FIXTURE_NOW + HOUR), 2);
}

static void an_announced_video_has_no_numbers_yet(void **state)
{
	struct store *store = *state;

	tell(store, ID, VIDEO_UPCOMING, FIXTURE_NOW, SOURCE_DETAILS, FIXTURE_NOW);
	assert_int_equal(count(store, FIXTURE_NOW + DAY), 0);
}

static void a_missing_video_is_left_to_its_look_up(void **state)
{
	struct store *store = *state;
	struct error err;
	bool gone;

	look_up(store, ID, FIXTURE_NOW);
	assert_true(store_video_missing(store, ID, FIXTURE_NOW + HOUR, &gone, &err));
	assert_int_equal(count(store, FIXTURE_NOW + DAY), 0);
}

static void what_failed_can_be_set_aside(void **state)
{
	struct store *store = *state;
	char id[] = ID;
	char *items[] = {id};
	struct text_list ids = {items, 1};
	struct error err;

	look_up(store, ID, FIXTURE_NOW);
	assert_true(store_recount_postpone(store, &ids, FIXTURE_NOW + 3 * HOUR, &err));
	assert_int_equal(count(store, FIXTURE_NOW + 2 * HOUR), 0);
	assert_int_equal(count(store, FIXTURE_NOW + 3 * HOUR), 1);
}

static int64_t waiting(struct store *store, int64_t now)
{
	struct error err;
	int64_t out;

	assert_true(store_refresh_count(store, now, 0, 10, &out, &err));
	return out;
}

/* What share is still there after a day is told by it. */
static void the_second_look_up_is_made_all_the_same(void **state)
{
	struct store *store = *state;

	look_up(store, ID, FIXTURE_NOW);
	for (int64_t hours = 1; hours < 24; hours += 3)
		look_up(store, ID, FIXTURE_NOW + hours * HOUR);
	assert_int_equal(waiting(store, FIXTURE_NOW + DAY - 1), 0);
	assert_int_equal(waiting(store, FIXTURE_NOW + DAY), 1);
	look_up(store, ID, FIXTURE_NOW + DAY);
	assert_int_equal(waiting(store, FIXTURE_NOW + 3 * DAY), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(they_are_an_hour_apart_then_more_for_two_days),
	    CASE(what_is_nearly_due_is_taken_along),
	    CASE(an_announced_video_has_no_numbers_yet),
	    CASE(a_missing_video_is_left_to_its_look_up),
	    CASE(what_failed_can_be_set_aside),
	    CASE(the_second_look_up_is_made_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
