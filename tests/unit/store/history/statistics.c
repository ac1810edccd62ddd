#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/hidden/hidden.h"
#include "store/history/statistics.h"
#include "store/upkeep/quarantine.h"
#include "store/upkeep/refresh.h"
#include "store/video_search.h"
#include "tests/support/store_fixture.h"

#define ID "aaaaaaaaaaA"

enum { HOUR = 3600, DAY = 24 * HOUR };

static int set_up(void **state)
{
	*state = fixture_store();
	return 0;
}

static int tear_down(void **state)
{
	struct store *store = *state;

	fixture_check(store);
	store_close(&store);
	return 0;
}

/* The video ID, published at TIME, as SOURCE tells it at NOW; returns its key. */
static int64_t tell(struct store *store, const char *id, int64_t views, int64_t time, enum video_source source, int64_t now)
{
	AUTO(video_clear)
	struct video video = {
	    .published_at = time, .duration_s = VIDEO_UNKNOWN, .views = views, .likes = VIDEO_UNKNOWN, .comments = VIDEO_UNKNOWN};
	enum video_saved saved;
	struct error err;
	int64_t seq;

	snprintf(video.id, sizeof(video.id), "%s", id);
	assert_true(text_copy("T", &video.title, &err));
	assert_true(store_video_save(store, &video, source, now, &saved, &seq, &err));
	return seq;
}

static int64_t look_up(struct store *store, int64_t views, int64_t now)
{
	return tell(store, ID, views, FIXTURE_NOW, SOURCE_DETAILS, now);
}

/* What is kept of SEQ, as "100@0 … 60/h": views, hours after FIXTURE_NOW, and the rate. */
static const char *kept(struct store *store, int64_t seq, int64_t now)
{
	static char text[400];
	AUTO(statistics_clear) struct statistics statistics = {0};
	struct error err;
	size_t len = 0;

	assert_true(store_statistics_get(store, seq, now, &statistics, &err));
	text[0] = '\0';
	for (size_t i = 0; i < statistics.count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%lld@%lld ", (long long)statistics.points[i].views,
		                        (long long)(statistics.points[i].at - FIXTURE_NOW) / HOUR);
	if (statistics.rate_known)
		snprintf(text + len, sizeof(text) - len, "%lld/h", (long long)statistics.views_per_hour);
	return text;
}

static void each_look_up_is_a_point(void **state)
{
	struct store *store = *state;
	int64_t seq = look_up(store, 100, FIXTURE_NOW);

	assert_string_equal(kept(store, seq, FIXTURE_NOW), "100@0 ");
	look_up(store, 160, FIXTURE_NOW + HOUR);
	look_up(store, 160, FIXTURE_NOW + 2 * HOUR); /* nothing changed, which is worth knowing too */
	look_up(store, VIDEO_UNKNOWN, FIXTURE_NOW + 3 * HOUR);
	assert_string_equal(kept(store, seq, FIXTURE_NOW + 3 * HOUR), "100@0 160@1 160@2 30/h");
}

static void searches_and_imports_are_none(void **state)
{
	struct store *store = *state;
	int64_t seq = tell(store, ID, 7, FIXTURE_NOW, SOURCE_SEARCH, FIXTURE_NOW);

	tell(store, ID, 9, FIXTURE_NOW, SOURCE_IMPORT, FIXTURE_NOW + HOUR);
	assert_string_equal(kept(store, seq, FIXTURE_NOW + HOUR), "");
}

static void the_rate_is_that_of_the_last_day(void **state)
{
	struct store *store = *state;
	int64_t seq = look_up(store, 0, FIXTURE_NOW);

	look_up(store, 2400, FIXTURE_NOW + 2 * DAY);
	assert_string_equal(kept(store, seq, FIXTURE_NOW + 2 * DAY), "0@0 2400@48 50/h"); /* the last one before the day */
	look_up(store, 3400, FIXTURE_NOW + 2 * DAY + 10 * HOUR);
	assert_string_equal(kept(store, seq, FIXTURE_NOW + 2 * DAY + 10 * HOUR), "0@0 2400@48 3400@58 59/h");
	assert_string_equal(kept(store, seq, FIXTURE_NOW + 3 * DAY + HOUR), "0@0 2400@48 3400@58 100/h");
	assert_string_equal(kept(store, seq, FIXTURE_NOW + 4 * DAY), "0@0 2400@48 3400@58 "); /* none of the last day */
}

static void points_are_kept_for_thirty_days(void **state)
{
	struct store *store = *state;
	int64_t seq = look_up(store, 1, FIXTURE_NOW);

	look_up(store, 2, FIXTURE_NOW + 20 * DAY);
	assert_string_equal(kept(store, seq, FIXTURE_NOW + 31 * DAY), "2@480 ");
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM video_statistics"), 2);
	look_up(store, 3, FIXTURE_NOW + 31 * DAY);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM video_statistics"), 2);
}

static void they_move_with_the_video_into_hiding_and_back(void **state)
{
	struct store *store = *state;
	int64_t seq = look_up(store, 1, FIXTURE_NOW);
	struct error err;
	int64_t hidden;
	bool left;

	int64_t moved = tell(store, ID, 2, FIXTURE_NOW - DAY, SOURCE_DETAILS, FIXTURE_NOW + HOUR);
	assert_int_not_equal(seq, moved);
	assert_string_equal(kept(store, moved, FIXTURE_NOW + HOUR), "1@0 2@1 1/h");
	assert_true(store_quarantine_hide(store, FIXTURE_NOW + 2 * HOUR, 10, &hidden, &left, &err));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM video_statistics"), 0);
	seq = look_up(store, 3, FIXTURE_NOW + 2 * HOUR);
	assert_string_equal(kept(store, seq, FIXTURE_NOW + 2 * HOUR), "1@0 2@1 3@2 1/h");
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM quarantine_statistics"), 0);
}

static void a_hidden_video_has_points_too(void **state)
{
	struct store *store = *state;
	struct error err;
	bool changed;

	look_up(store, 1, FIXTURE_NOW);
	assert_true(store_video_hide(store, ID, FIXTURE_NOW, &changed, &err));
	look_up(store, 2, FIXTURE_NOW + HOUR);
	look_up(store, 3, FIXTURE_NOW + 20 * DAY);
	assert_true(store_revisions_prune(store, FIXTURE_NOW + HOUR, &err));
	assert_true(store_video_unhide(store, ID, &changed, &err));
	int64_t seq = fixture_number(store, "SELECT seq FROM video");
	assert_string_equal(kept(store, seq, FIXTURE_NOW + 20 * DAY), "2@1 3@480 0/h");
}

static void the_order_is_that_of_the_rate_unknown_ones_last(void **state)
{
	struct store *store = *state;
	struct video_request request = {.sort = SORT_RISING,
	                                .rising_since = FIXTURE_NOW - DAY,
	                                .page_number = 1,
	                                .page_size = 10};
	AUTO(video_page_clear) struct video_page page = {0};
	AUTO(video_keys_clear) struct video_keys keys = {0};
	struct error err;
	static const struct {
		const char *id;
		int64_t before, now;
	} videos[] = {{"slow0000000", 1000, 1012}, {"fast0000000", 10, 1000}, {"falling0000", 50, 40}, {"still000000", 5, 5}};

	for (size_t i = 0; i < 4; i++) {
		tell(store, videos[i].id, videos[i].before, FIXTURE_NOW - DAY, SOURCE_DETAILS, FIXTURE_NOW - 12 * HOUR);
		tell(store, videos[i].id, videos[i].now, FIXTURE_NOW - DAY, SOURCE_DETAILS, FIXTURE_NOW);
	}
	tell(store, "unknown0000", 99999, FIXTURE_NOW - DAY, SOURCE_DETAILS, FIXTURE_NOW);
	assert_true(store_videos_page(store, &request, &page, &err));
	static const char *const expected[] = {"fast0000000", "slow0000000", "still000000", "falling0000", "unknown0000"};
	assert_int_equal(page.videos.count, 5);
	assert_true(store_videos_rank(store, &request, &keys, &err));
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(page.videos.items[i].id, expected[i]);
		assert_int_equal(page.videos.items[i].seq, keys.items[i]);
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(each_look_up_is_a_point),
	    CASE(searches_and_imports_are_none),
	    CASE(the_rate_is_that_of_the_last_day),
	    CASE(points_are_kept_for_thirty_days),
	    CASE(they_move_with_the_video_into_hiding_and_back),
	    CASE(a_hidden_video_has_points_too),
	    CASE(the_order_is_that_of_the_rate_unknown_ones_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
