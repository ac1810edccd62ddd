#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/utf8.h"
#include "store/video_search.h"
#include "tests/support/database.h"
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

static int64_t generation(struct store *store)
{
	struct error err;
	int64_t number;

	assert_true(store_generation(store, &number, &err));
	return number;
}

static struct video get(struct store *store, const char *id)
{
	struct video video = {0};
	struct error err;

	assert_true(store_video_get(store, id, &video, &err));
	return video;
}

static void the_same_video_again_changes_nothing(void **state)
{
	struct store *store = *state;
	int64_t seq = fixture_save(store, "aaaaaaaaaaA", "T", "D", "C", FIXTURE_NOW, SOURCE_SEARCH);
	int64_t before = generation(store);

	assert_int_equal(fixture_save(store, "aaaaaaaaaaA", "T", "D", "C", FIXTURE_NOW, SOURCE_SEARCH), seq);
	assert_int_equal(generation(store), before);
	assert_int_equal(fixture_count(store, NULL, 0), 1);
	fixture_check(store);
}

static void ids_differ_by_case_alone(void **state)
{
	struct store *store = *state;

	fixture_save(store, "aaaaaaaaaaA", "upper", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "AaaaaaaaaaA", "lower", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_int_equal(fixture_count(store, NULL, 0), 2);
}

static void details_win_over_search_and_import(void **state)
{
	struct store *store = *state;
	AUTO(video_clear) struct video video = {0};

	fixture_save(store, "aaaaaaaaaaA", "From search", "short ...", "C", FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaA", "From details", "the whole text", "C", FIXTURE_NOW, SOURCE_DETAILS);
	fixture_save(store, "aaaaaaaaaaA", "From search", "short ...", "C", FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaA", "From import", "other", "C", FIXTURE_NOW - 5, SOURCE_IMPORT);
	video = get(store, "aaaaaaaaaaA");
	assert_string_equal(video.title, "From details");
	assert_string_equal(video.description, "the whole text");
	assert_int_equal(video.published_at, FIXTURE_NOW);
	assert_int_equal(fixture_count(store, "whole", 0), 1);
	assert_int_equal(fixture_count(store, "short", 0), 0);
	fixture_check(store);
}

static void an_emptied_description_is_empty(void **state)
{
	struct store *store = *state;
	AUTO(video_clear) struct video video = {0};

	fixture_save(store, "aaaaaaaaaaA", "T", "secret words", "C", FIXTURE_NOW, SOURCE_DETAILS);
	fixture_save(store, "aaaaaaaaaaA", "T", "", "C", FIXTURE_NOW, SOURCE_IMPORT);
	assert_int_equal(fixture_count(store, "secret", 0), 1);
	fixture_save(store, "aaaaaaaaaaA", "T", "", "C", FIXTURE_NOW, SOURCE_DETAILS);
	assert_int_equal(fixture_count(store, "secret", 0), 0);
	video = get(store, "aaaaaaaaaaA");
	assert_string_equal(video.description, "");
	fixture_check(store);
}

static void a_changed_title_is_found_under_its_new_words(void **state)
{
	struct store *store = *state;

	fixture_save(store, "aaaaaaaaaaA", "zeppelin", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaA", "airship", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_int_equal(fixture_count(store, "zeppelin", 0), 0);
	assert_int_equal(fixture_count(store, "airship", 0), 1);
	fixture_check(store);
}

static void a_moved_publication_takes_everything_along(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "ships");
	int64_t seq = fixture_save(store, "aaaaaaaaaaA", "zeppelin", "", "C", FIXTURE_NOW, SOURCE_SEARCH);

	fixture_match(store, query, seq);
	int64_t moved = fixture_save(store, "aaaaaaaaaaA", "zeppelin", "", "C", FIXTURE_NOW - 40 * 86400, SOURCE_DETAILS);
	assert_int_equal(moved >> 10, FIXTURE_NOW - 40 * 86400);
	assert_int_equal(fixture_count(store, "zeppelin", query), 1);
	AUTO(video_clear) struct video video = get(store, "aaaaaaaaaaA");
	assert_int_equal(video.found_count, 1);
	assert_int_equal(video.seq, moved);
	fixture_check(store);
}

static void a_renamed_channel_is_found_under_its_new_name(void **state)
{
	struct store *store = *state;

	fixture_save(store, "aaaaaaaaaaA", "one", "", "Oldname", FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaE", "two", "", "Oldname", FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaE", "two", "", "Searchname", FIXTURE_NOW, SOURCE_SEARCH); /* search may lag behind */
	assert_int_equal(fixture_count(store, "oldname", 0), 2);
	fixture_save(store, "aaaaaaaaaaE", "two", "", "Newname", FIXTURE_NOW, SOURCE_DETAILS);
	assert_int_equal(fixture_count(store, "oldname", 0), 0);
	assert_int_equal(fixture_count(store, "newname", 0), 2);
	fixture_check(store);
}

static void a_full_second_spills_into_its_neighbours(void **state)
{
	struct store *store = *state;
	struct error err;

	assert_true(store_begin(store, &err));
	for (int i = 0; i < 1030; i++) {
		char id[24];

		snprintf(id, sizeof(id), "video%05dA", i);
		int64_t seq = fixture_save(store, id, "T", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
		assert_int_equal(seq >> 10, i < 1024 ? FIXTURE_NOW : FIXTURE_NOW + 1);
	}
	assert_true(store_commit(store, &err));
	AUTO(video_clear) struct video video = get(store, "video01029A");
	assert_int_equal(video.published_at, FIXTURE_NOW);
	assert_int_equal(fixture_count(store, NULL, 0), 1030);
	fixture_check(store);
}

static void long_and_ill_formed_texts_are_mended(void **state)
{
	struct store *store = *state;
	char title[VIDEO_TITLE_MAX_BYTES + 50];

	memset(title, 'x', sizeof(title));
	memcpy(title + VIDEO_TITLE_MAX_BYTES - 1, "é", 2);
	title[sizeof(title) - 1] = '\0';
	fixture_save(store, "aaaaaaaaaaA", title, "a\xff", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	AUTO(video_clear) struct video video = get(store, "aaaaaaaaaaA");
	assert_int_equal(strlen(video.title), VIDEO_TITLE_MAX_BYTES - 1);
	assert_string_equal(video.description, "a\xEF\xBF\xBD");
	memset(title, '\xff', sizeof(title) - 1); /* mending makes it three times as long */
	fixture_save(store, "aaaaaaaaaaE", title, "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	AUTO(video_clear) struct video mended = get(store, "aaaaaaaaaaE");
	assert_int_equal(strlen(mended.title), VIDEO_TITLE_MAX_BYTES / 3 * 3);
	assert_true(utf8_is_valid(mended.title, strlen(mended.title)));
}

static void odd_videos_are_kept_as_far_as_they_go(void **state)
{
	static const int64_t odd[] = {0, 1, 1108339199, FIXTURE_NOW + 2 * 86400, 253402300799, INT64_MAX, INT64_MIN};
	struct store *store = *state;
	enum video_saved saved;
	struct error err;
	char title[] = "T";
	struct video no_id = {.title = title, .published_at = FIXTURE_NOW};

	assert_false(store_video_save(store, &no_id, SOURCE_SEARCH, FIXTURE_NOW, &saved, NULL, &err));
	assert_int_equal(err.code, ERR_INVALID);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct video one = {.id = "aaaaaaaaaaA", .published_at = odd[i]};

		snprintf(one.id, sizeof(one.id), "aaaaaaaaa%zuA", i);
		assert_true(store_video_save(store, &one, SOURCE_SEARCH, FIXTURE_NOW, &saved, NULL, &err));
		AUTO(video_clear) struct video kept = get(store, one.id);
		assert_string_equal(kept.title, "");
		assert_int_equal(kept.published_at, FIXTURE_NOW);
		assert_true(kept.published_unknown);
	}
	fixture_check(store);
}

static void an_unknown_time_becomes_known_and_stays_so(void **state)
{
	struct store *store = *state;

	fixture_save(store, "aaaaaaaaaaA", "T", "", NULL, 0, SOURCE_DETAILS);
	fixture_save(store, "aaaaaaaaaaA", "T", "", NULL, FIXTURE_NOW - 86400, SOURCE_SEARCH);
	AUTO(video_clear) struct video known = get(store, "aaaaaaaaaaA");
	assert_int_equal(known.published_at, FIXTURE_NOW - 86400);
	assert_false(known.published_unknown);
	fixture_save(store, "aaaaaaaaaaA", "", "", NULL, 253402300799, SOURCE_DETAILS);
	AUTO(video_clear) struct video still = get(store, "aaaaaaaaaaA");
	assert_int_equal(still.published_at, FIXTURE_NOW - 86400);
	assert_false(still.published_unknown);
	assert_string_equal(still.title, "T"); /* an empty title tells nothing */
	fixture_check(store);
}

static bool read_page(struct store *store, const struct video_filter *filter, int64_t number, int64_t size,
                      struct video_page *out, struct error *err)
{
	struct video_request request = {.filter = *filter, .page_number = number, .page_size = size};

	return store_videos_page(store, &request, out, err);
}

/* The page of FILTER is the one of KEYS, newest first. */
static void expect_page(struct store *store, const struct video_filter *filter, int64_t number, const int64_t *keys, size_t count)
{
	enum { PAGE = 20 };
	AUTO(video_page_clear) struct video_page page = {0};
	size_t first = (size_t)(number - 1) * PAGE;
	size_t expected = first >= count ? 0 : count - first < PAGE ? count - first : PAGE;
	struct error err = {0};

	if (!read_page(store, filter, number, PAGE, &page, &err))
		fail_msg("%s", err.text);
	assert_int_equal(page.count, count);
	assert_true(page.count_is_exact);
	assert_int_equal(page.videos.count, expected);
	for (size_t i = 0; i < expected; i++)
		assert_int_equal(page.videos.items[i].seq, keys[first + i]);
}

/* Thousands of videos over months: any page is the one that counting from the newest leads to. */
static void every_page_is_where_it_should_be(void **state)
{
	enum { VIDEOS = 20000, PAGE = 20 };
	struct store *store = *state;
	int64_t query = fixture_query(store, "half");
	static int64_t all[VIDEOS], half[VIDEOS];
	int videos = test_database_is_postgres() ? VIDEOS / 5 : VIDEOS; /* it saves fewer in the same time */
	size_t halves = 0;
	unsigned seed = 4;
	struct error err;

	print_message("seed %u\n", seed);
	srand(seed);
	assert_true(store_begin(store, &err));
	for (int i = 0; i < videos; i++) {
		char id[24];

		snprintf(id, sizeof(id), "video%05dA", i);
		all[i] = fixture_save(store, id, i % 3 ? "even odd" : "third", "", NULL, FIXTURE_NOW - (int64_t)i * 3153,
		                      SOURCE_SEARCH);
		if (rand() % 2) {
			fixture_match(store, query, all[i]);
			half[halves++] = all[i];
		}
		fixture_commit_some(store, i + 1);
	}
	assert_true(store_commit(store, &err));
	fixture_check(store);
	for (int round = 0; round < 300; round++) {
		bool tracked = round % 2;
		const int64_t *keys = tracked ? half : all;
		size_t count = tracked ? halves : (size_t)videos;
		int64_t number = 1 + rand() % (int)(count / PAGE + 2);
		struct video_filter filter = {.query_id = tracked ? query : 0};

		expect_page(store, &filter, number, keys, count);
	}
	AUTO(video_page_clear) struct video_page words = {0};
	assert_true(read_page(store, &(struct video_filter){.words = "third"}, 50, PAGE, &words, &err));
	assert_int_equal(words.count, 1000);
	assert_false(words.count_is_exact);
	assert_int_equal(words.videos.items[0].seq, all[3 * 49 * PAGE]);
}

/* A filter of words, a tracked query and the query of the same words, with few and with many matches, against plain counting. */
static void words_within_a_query_are_found_however_large_it_is(void **state)
{
	enum { VIDEOS = 6000, PAGE = 20 };
	struct store *store = *state;
	int64_t large = fixture_query(store, "large");
	int64_t small = fixture_query(store, "small");
	int64_t airships = fixture_query(store, "airship");
	static int64_t in_large[VIDEOS], in_small[VIDEOS];
	size_t large_count = 0, small_count = 0;
	struct error err;

	assert_true(store_begin(store, &err));
	for (int i = 0; i < VIDEOS; i++) {
		char id[24];
		bool named = i % 30 == 0, found = i % 21 == 0;

		snprintf(id, sizeof(id), "video%05dA", i);
		int64_t seq = fixture_save(store, id, named ? "an airship" : "a boat", "", NULL, FIXTURE_NOW - (int64_t)i * 60,
		                           SOURCE_SEARCH);
		if (i % 10 != 9)
			fixture_match(store, large, seq);
		if (i % 2)
			fixture_match(store, small, seq);
		if (found)
			fixture_match(store, airships, seq);
		if ((named || found) && i % 10 != 9)
			in_large[large_count++] = seq;
		if ((named || found) && i % 2)
			in_small[small_count++] = seq;
		fixture_commit_some(store, i + 1);
	}
	assert_true(store_commit(store, &err));
	for (int64_t number = 1; number <= (int64_t)large_count / PAGE + 2; number++) {
		expect_page(store, &(struct video_filter){.words = "airship", .query_id = large}, number, in_large, large_count);
		expect_page(store, &(struct video_filter){.words = "Airship ", .query_id = small}, number, in_small, small_count);
	}
	assert_int_equal(fixture_count(store, "an airship", large), 200);
	assert_int_equal(fixture_count(store, "an airship", small), 0);
}

/* A search is not walked without end; a page after its end is empty however far. */
static void a_page_far_behind_the_end_of_a_search_is_empty(void **state)
{
	struct store *store = *state;
	AUTO(video_page_clear) struct video_page page = {0};
	struct video_filter filter = {.words = "boat"};
	struct error err;

	assert_true(store_begin(store, &err));
	for (int i = 0; i < 1100; i++) {
		char id[24];

		snprintf(id, sizeof(id), "video%05dA", i);
		fixture_save(store, id, "a boat", "", NULL, FIXTURE_NOW - i, SOURCE_SEARCH);
	}
	assert_true(store_commit(store, &err));
	assert_true(read_page(store, &filter, 1000000, 100, &page, &err));
	assert_int_equal(page.videos.count, 0);
	assert_int_equal(page.count, 1000);
	assert_false(page.count_is_exact);
}

static void a_planted_fault_is_found_and_mended(void **state)
{
	static const char *const faults[] = {
	    "UPDATE meta SET videos = videos + 1",
	    "UPDATE volume SET videos = videos + 1 WHERE bucket = 0",
	    "UPDATE query SET videos = 7",
	    "UPDATE query SET found_by_push = 7",
	    "UPDATE query SET missing_s = 7",
	    "DELETE FROM volume",
	    "UPDATE video SET changed = 0",
	    "UPDATE meta SET recorded = 1",
	    "INSERT INTO removed (changed, id) SELECT 7, id FROM video",
	    "UPDATE channel SET videos = 7",
	    "UPDATE attrition SET there = there + 1",
	};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		AUTO(store_close) struct store *store = fixture_store();
		struct error err;

		fixture_match(store, fixture_query(store, "q"),
		              fixture_save(store, "aaaaaaaaaaA", "T", "", "C", FIXTURE_NOW, SOURCE_SEARCH));
		fixture_check(store);
		fixture_run(store, faults[i]);
		assert_false(store_check(store, &err));
		assert_non_null(strstr(err.text, "damaged"));
		assert_non_null(strstr(err.text, ": run newsreel-fetch --repair"));
		fixture_repair(store);
	}
	(void)state;
}

static void rolled_back_work_leaves_no_trace(void **state)
{
	struct store *store = *state;
	struct error err;
	int64_t before = generation(store);

	assert_true(store_begin(store, &err));
	fixture_save(store, "aaaaaaaaaaA", "T", "", "C", FIXTURE_NOW, SOURCE_SEARCH);
	store_rollback(store);
	assert_int_equal(fixture_count(store, NULL, 0), 0);
	assert_int_equal(generation(store), before);
	fixture_check(store);
}

/* The texts and lists of the video that is saved stay its owner's. */
static void a_video_with_its_history_can_be_saved_again(void **state)
{
	struct store *store = *state;
	enum video_saved saved;
	struct error err = {0};

	fixture_match(store, fixture_query(store, "q"),
	              fixture_save(store, "aaaaaaaaaaA", "before", "", "C", FIXTURE_NOW, SOURCE_DETAILS));
	fixture_save(store, "aaaaaaaaaaA", "after", "", "C", FIXTURE_NOW, SOURCE_DETAILS);
	AUTO(video_clear) struct video video = get(store, "aaaaaaaaaaA");
	assert_int_equal(video.found_count, 1);
	assert_int_equal(video.revision_count, 1);
	assert_true(text_replace(&video.title, "last", &err));
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FIXTURE_NOW, &saved, NULL, &err));
	assert_int_equal(saved, VIDEO_CHANGED);
	assert_string_equal(video.title, "last");
	assert_string_equal(video.found[0].query, "q");
	assert_string_equal(video.revisions[0].title, "before");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_same_video_again_changes_nothing),
	    CASE(ids_differ_by_case_alone),
	    CASE(details_win_over_search_and_import),
	    CASE(an_emptied_description_is_empty),
	    CASE(a_changed_title_is_found_under_its_new_words),
	    CASE(a_moved_publication_takes_everything_along),
	    CASE(a_renamed_channel_is_found_under_its_new_name),
	    CASE(a_full_second_spills_into_its_neighbours),
	    CASE(long_and_ill_formed_texts_are_mended),
	    CASE(odd_videos_are_kept_as_far_as_they_go),
	    CASE(an_unknown_time_becomes_known_and_stays_so),
	    CASE(every_page_is_where_it_should_be),
	    CASE(words_within_a_query_are_found_however_large_it_is),
	    CASE(a_page_far_behind_the_end_of_a_search_is_empty),
	    CASE(a_planted_fault_is_found_and_mended),
	    CASE(rolled_back_work_leaves_no_trace),
	    CASE(a_video_with_its_history_can_be_saved_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
