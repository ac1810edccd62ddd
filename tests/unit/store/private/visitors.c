#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/coverage.h"
#include "store/matches.h"
#include "store/private/visitors.h"
#include "store/queries.h"
#include "store/upkeep/refresh.h"
#include "store/video_search.h"
#include "tests/support/store_fixture.h"

enum { DAY = 86400 };

#define ID "aaaaaaaaaaA"
#define OTHER "aaaaaaaaaaE"

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

/* ---- what happens ---- */

static int64_t request(struct store *store, const char *text)
{
	enum query_added added;
	struct error err;
	int64_t id;

	assert_true(store_query_add(store, text, ORIGIN_VISITOR, 10, FIXTURE_NOW, &id, &added, &err));
	return id;
}

static struct video make(const char *id, const char *title, int64_t published_at)
{
	struct video video = {.published_at = published_at,
	                      .duration_s = VIDEO_UNKNOWN,
	                      .views = VIDEO_UNKNOWN,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN,
	                      .description_cut = true};
	struct error err;

	snprintf(video.id, sizeof(video.id), "%s", id);
	snprintf(video.channel_id, sizeof(video.channel_id), "UCofTheVisitors");
	assert_true(text_copy(title, &video.title, &err) && text_copy("of the visitors", &video.channel_title, &err));
	return video;
}

/* A search for the visitor's query finds the video. */
static bool find(struct store *store, int64_t query_id, const char *id, const char *title, int64_t published_at)
{
	AUTO(video_clear) struct video video = make(id, title, published_at);
	struct error err;
	bool added;

	assert_true(store_visitors_save(store, query_id, &video, FIXTURE_NOW, &added, &err));
	return added;
}

/* videos.list gives the video, with a length and a number of views. */
static enum video_saved look_up(struct store *store, const char *id, const char *title, int64_t now)
{
	AUTO(video_clear) struct video video = make(id, title, FIXTURE_NOW);
	enum video_saved saved;
	struct error err;

	video.duration_s = 90;
	video.views = 5;
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, now, &saved, NULL, &err));
	return saved;
}

/* ---- what is seen ---- */

/* The ids of a list, with blanks between them. */
static const char *listed(struct store *store, struct video_filter filter, enum video_sort sort)
{
	static char ids[256];
	struct video_request request = {.filter = filter, .sort = sort, .page_number = 1, .page_size = 10};
	struct video_page page = {0};
	struct error err;

	assert_true(store_videos_page(store, &request, &page, &err));
	assert_int_equal(page.count, page.videos.count);
	ids[0] = '\0';
	for (size_t i = 0; i < page.videos.count; i++)
		snprintf(ids + strlen(ids), sizeof(ids) - strlen(ids), "%s%s", i ? " " : "", page.videos.items[i].id);
	video_page_clear(&page);
	return ids;
}

static const char *list(struct store *store, const char *words)
{
	return listed(store, (struct video_filter){.words = words}, SORT_NEWEST);
}

static int64_t generation(struct store *store)
{
	struct error err;
	int64_t value;

	assert_true(store_generation(store, &value, &err));
	return value;
}

static int64_t own_generation(struct store *store, const char *words)
{
	struct error err;
	int64_t value;

	assert_true(store_visitors_generation(store, words, &value, &err));
	return value;
}

/* ---- tests ---- */

static void finds_are_in_the_list_of_their_text_alone(void **state)
{
	struct store *store = *state;
	int64_t before, query = request(store, "airship");

	fixture_save(store, OTHER, "public airship", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	before = generation(store);
	assert_true(find(store, query, ID, "Graf Zeppelin", FIXTURE_NOW - 10));
	assert_false(find(store, query, ID, "Graf Zeppelin", FIXTURE_NOW - 10));
	assert_string_equal(list(store, NULL), OTHER);
	assert_string_equal(list(store, "zeppelin"), "");
	assert_string_equal(list(store, "air ship"), "");
	assert_string_equal(list(store, " AirShip "), OTHER " " ID);
	assert_string_equal(listed(store, (struct video_filter){.channel_id = "UCofTheVisitors"}, SORT_NEWEST), "");
	assert_int_equal(generation(store), before);
}

static void the_list_of_the_text_takes_every_order_and_filter(void **state)
{
	struct store *store = *state;
	int64_t query = request(store, "airship");
	struct video_filter filter = {.words = "airship"};

	fixture_save(store, OTHER, "b airship", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	find(store, query, ID, "a Zeppelin", FIXTURE_NOW - 10);
	assert_string_equal(listed(store, filter, SORT_OLDEST), ID " " OTHER);
	assert_string_equal(listed(store, filter, SORT_TITLE), ID " " OTHER);
	assert_string_equal(listed(store, filter, SORT_RELEVANCE), OTHER " " ID);
	assert_int_equal(look_up(store, ID, "a Zeppelin", FIXTURE_NOW), VIDEO_SAME);
	assert_string_equal(listed(store, filter, SORT_VIEWS), ID " " OTHER);
	filter.min_duration_s = 90;
	assert_string_equal(listed(store, filter, SORT_NEWEST), ID);
	filter.min_duration_s = 91;
	assert_string_equal(listed(store, filter, SORT_NEWEST), "");
	filter = (struct video_filter){.words = "airship", .max_duration_s = 180};
	assert_string_equal(listed(store, filter, SORT_NEWEST), ID);
	filter = (struct video_filter){.words = "airship", .channel_id = "UCofTheVisitors"};
	assert_string_equal(listed(store, filter, SORT_NEWEST), ID);
	filter = (struct video_filter){.words = "airship", .published_after = FIXTURE_NOW - 9};
	assert_string_equal(listed(store, filter, SORT_NEWEST), OTHER);
}

/* A scan that is cut goes on where it ended, in what is public and what is not. */
static void a_list_whose_scan_is_cut_has_its_finds_in_the_end(void **state)
{
	struct store *store = *state;
	int64_t query = request(store, "airship");
	struct video_request all = {.filter = {.words = "airship", .min_duration_s = 90}, .page_number = 1, .page_size = 10};
	char found[4 * sizeof(ID)] = "";
	struct error err;

	for (int i = 0; i < 20; i++) {
		char id[] = "publicvid0A";

		id[9] = (char)('a' + i);
		fixture_save(store, id, "airship", "", NULL, FIXTURE_NOW - 10 * i, SOURCE_SEARCH);
	}
	find(store, query, OTHER, "Graf", FIXTURE_NOW - 55);
	find(store, query, ID, "Zeppelin", FIXTURE_NOW - 155);
	assert_int_equal(look_up(store, OTHER, "Graf", FIXTURE_NOW), VIDEO_SAME);
	assert_int_equal(look_up(store, ID, "Zeppelin", FIXTURE_NOW), VIDEO_SAME);
	store_set_scan_limit(store, 4);
	do {
		struct video_page page = {0};

		assert_true(store_videos_page(store, &all, &page, &err));
		for (size_t i = 0; i < page.videos.count; i++) {
			assert_true(page.videos.items[i].unlisted);
			snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s ", page.videos.items[i].id);
		}
		all.after = page.next_after;
		video_page_clear(&page);
	} while (all.after);
	store_set_scan_limit(store, SCANNED_MAX);
	assert_string_equal(found, OTHER " " ID " ");
}

/* "!" has no word to search for: the request's text is all there is. */
static void a_text_without_words_has_its_finds_too(void **state)
{
	struct store *store = *state;

	find(store, request(store, "!"), ID, "Zeppelin", FIXTURE_NOW);
	assert_string_equal(list(store, "!"), ID);
}

static void what_a_query_of_the_owners_finds_too_becomes_public(void **state)
{
	struct store *store = *state;
	AUTO(video_clear) struct video video = make(ID, "Graf Zeppelin", FIXTURE_NOW);
	struct video_filter filter = {.query_id = fixture_query(store, "balloons")};
	enum video_saved saved;
	struct error err;
	int64_t seq;

	find(store, request(store, "airship"), ID, "Graf Zeppelin", FIXTURE_NOW);
	assert_true(store_video_save(store, &video, SOURCE_SEARCH, FIXTURE_NOW + 60, &saved, &seq, &err));
	assert_int_equal(saved, VIDEO_ADDED);
	fixture_match(store, filter.query_id, seq);
	assert_string_equal(list(store, NULL), ID);
	assert_string_equal(list(store, "zeppelin"), ID);
	assert_string_equal(list(store, "airship"), ID);
	assert_string_equal(listed(store, filter, SORT_NEWEST), ID);
	AUTO(video_clear) struct video stored = {0};
	assert_true(store_video_get(store, ID, &stored, &err));
	assert_int_equal(stored.first_seen_at, FIXTURE_NOW + 60);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM visitor_video"), 0);
}

static void what_is_public_is_matched_and_left_as_it_is(void **state)
{
	struct store *store = *state;
	int64_t query = request(store, "airship");

	fixture_save(store, ID, "public", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	int64_t before = generation(store);
	assert_true(find(store, query, ID, "another title", FIXTURE_NOW));
	assert_string_equal(list(store, "airship"), ID);
	assert_string_equal(list(store, "another"), "");
	assert_int_equal(generation(store), before);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM visitor_video"), 0);
}

static void what_the_owner_tracks_becomes_public_with_all_it_found(void **state)
{
	struct store *store = *state;
	int64_t again, query = request(store, "airship");
	enum query_added added;
	struct error err;

	find(store, query, ID, "Graf Zeppelin", FIXTURE_NOW);
	find(store, query, OTHER, "Hindenburg", FIXTURE_NOW - 1);
	assert_true(store_query_add(store, "Airship", ORIGIN_OWNER, 0, FIXTURE_NOW, &again, &added, &err));
	assert_int_equal(again, query);
	assert_string_equal(list(store, NULL), ID " " OTHER);
	assert_string_equal(listed(store, (struct video_filter){.query_id = query}, SORT_NEWEST), ID " " OTHER);
}

static void what_the_variable_names_becomes_public_too(void **state)
{
	struct store *store = *state;
	AUTO(text_list_clear) struct text_list named = {0};
	struct error err;

	find(store, request(store, "airship"), ID, "Graf Zeppelin", FIXTURE_NOW);
	assert_true(text_list_add(&named, "airship", &err));
	assert_true(store_queries_follow_variable(store, &named, "default", FIXTURE_NOW, &err));
	assert_string_equal(list(store, NULL), ID);
}

static void cover(struct store *store, int64_t query)
{
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct interval read = {.since = FIXTURE_NOW - DAY, .until = FIXTURE_NOW, .read_at = FIXTURE_NOW};
	struct error err;

	assert_true(coverage_set(&coverage, &read, &err));
	assert_true(store_coverage_write(store, query, &coverage, FIXTURE_NOW, &err));
}

static void nothing_is_left_of_a_dropped_request(void **state)
{
	struct store *store = *state;
	int64_t query = request(store, "airship");
	int64_t other = request(store, "balloon");
	struct error err;

	find(store, query, ID, "Graf Zeppelin", FIXTURE_NOW);
	find(store, query, OTHER, "Montgolfier", FIXTURE_NOW);
	find(store, other, OTHER, "Montgolfier", FIXTURE_NOW);
	cover(store, query);
	assert_true(store_query_drop(store, query, &err));
	assert_string_equal(list(store, "airship"), "");
	assert_string_equal(list(store, "balloon"), OTHER);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM visitor_video"), 1);
	/* Requested again, it begins anew. */
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM coverage"), 0);
	assert_int_equal(request(store, "airship"), query);
	assert_string_equal(list(store, "airship"), "");
	assert_true(store_queries_expire_visitors(store, FIXTURE_NOW + 1, &err));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM visitor_video"), 0);
}

/* What the owner deletes with its query is gone, although a request found it too. */
static void requests_keep_nothing_in_public(void **state)
{
	struct store *store = *state;
	int64_t owners = fixture_query(store, "balloons");
	struct error err;
	bool left;

	fixture_match(store, owners, fixture_save(store, ID, "Graf Zeppelin", "", NULL, FIXTURE_NOW, SOURCE_SEARCH));
	find(store, request(store, "airship"), ID, "Graf Zeppelin", FIXTURE_NOW);
	assert_true(store_query_set_state(store, owners, ENTRY_REMOVED, &err));
	assert_true(store_query_purge(store, owners, 100, &left, &err));
	assert_string_equal(list(store, NULL), "");
}

static void a_requester_is_forgotten_with_the_request(void **state)
{
	struct store *store = *state;
	AUTO(query_list_clear) struct query_list requests = {0};
	struct error err;
	bool taken;

	assert_true(store_visitors_request(store, "airship", "somebody", 4, FIXTURE_NOW, &taken, &err) && taken);
	assert_true(store_visitors_request(store, "balloon", "somebody", 4, FIXTURE_NOW, &taken, &err) && !taken);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM query WHERE requester = 'somebody'"), 1);
	assert_true(store_queries_list(store, QUERIES_VISITORS, FIXTURE_NOW, &requests, &err));
	assert_true(store_query_drop(store, requests.items[0].id, &err));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM query WHERE requester IS NOT NULL"), 0);
}

static void old_content_is_deleted(void **state)
{
	struct store *store = *state;
	struct error err;

	find(store, request(store, "airship"), ID, "Graf Zeppelin", FIXTURE_NOW);
	assert_true(store_visitors_purge(store, FIXTURE_NOW, &err));
	assert_string_equal(list(store, "airship"), ID);
	assert_true(store_visitors_purge(store, FIXTURE_NOW + 1, &err));
	assert_string_equal(list(store, "airship"), "");
}

/* ---- videos.list ---- */

static size_t due(struct store *store, int64_t now)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	struct error err;
	int64_t count;

	assert_true(store_refresh_next(store, now, now - 20 * DAY, 10, &ids, &err));
	assert_true(store_refresh_count(store, now, now - 20 * DAY, 10, &count, &err));
	assert_int_equal(count, ids.count);
	return ids.count;
}

static void finds_are_looked_up_and_looked_up_again(void **state)
{
	struct store *store = *state;
	bool wanted = true;
	struct error err;

	find(store, request(store, "airship"), ID, "Graf Zeppelin", FIXTURE_NOW);
	assert_int_equal(due(store, FIXTURE_NOW), 1);
	look_up(store, ID, "LZ 127", FIXTURE_NOW);
	assert_int_equal(fixture_number(store, "SELECT duration_s FROM visitor_video WHERE title = 'LZ 127'"), 90);
	assert_int_equal(due(store, FIXTURE_NOW + DAY), 0);
	assert_int_equal(due(store, FIXTURE_NOW + 21 * DAY), 1);
	assert_true(store_refresh_wanted(store, ID, &wanted, &err) && wanted);
	assert_true(store_refresh_wanted(store, OTHER, &wanted, &err) && !wanted);
}

static void what_youtube_no_longer_has_is_deleted_after_a_day(void **state)
{
	struct store *store = *state;
	struct error err;
	bool gone;

	find(store, request(store, "airship"), ID, "Graf Zeppelin", FIXTURE_NOW);
	assert_true(store_video_missing(store, ID, FIXTURE_NOW, &gone, &err));
	assert_int_equal(due(store, FIXTURE_NOW + 60), 0);
	assert_true(store_video_missing(store, ID, FIXTURE_NOW + 60, &gone, &err));
	assert_string_equal(list(store, "airship"), ID);
	assert_int_equal(due(store, FIXTURE_NOW + DAY), 1);
	assert_true(store_video_missing(store, ID, FIXTURE_NOW + DAY, &gone, &err));
	assert_string_equal(list(store, "airship"), "");
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM gone"), 0);
}

static void an_id_that_waits_for_its_content_is_a_find_too(void **state)
{
	struct store *store = *state;
	struct error err;

	assert_true(store_lookup_request(store, request(store, "airship"), ID, false, FIXTURE_NOW, &err));
	look_up(store, ID, "Graf Zeppelin", FIXTURE_NOW);
	assert_string_equal(list(store, NULL), "");
	assert_string_equal(list(store, "airship"), ID);
	/* One that a query of the owner's waits for as well is public. */
	assert_true(store_lookup_request(store, request(store, "airship"), OTHER, false, FIXTURE_NOW, &err));
	assert_true(store_lookup_request(store, fixture_query(store, "balloons"), OTHER, false, FIXTURE_NOW, &err));
	assert_int_equal(look_up(store, OTHER, "Montgolfier", FIXTURE_NOW), VIDEO_ADDED);
	assert_string_equal(list(store, NULL), OTHER);
}

/* ---- ETags ---- */

static void only_who_may_see_them_sees_them_change(void **state)
{
	struct store *store = *state;
	int64_t query = request(store, "airship");
	int64_t of_text = own_generation(store, "AIRSHIP");
	int64_t of_owner = own_generation(store, NULL);
	int64_t before = generation(store);

	find(store, query, ID, "Graf Zeppelin", FIXTURE_NOW);
	cover(store, query);
	assert_true(own_generation(store, "AIRSHIP") > of_text);
	assert_true(own_generation(store, NULL) > of_owner);
	assert_int_equal(own_generation(store, "zeppelin"), 0);
	assert_int_equal(own_generation(store, ""), 0);
	assert_int_equal(generation(store), before);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(finds_are_in_the_list_of_their_text_alone),
	    CASE(the_list_of_the_text_takes_every_order_and_filter),
	    CASE(a_list_whose_scan_is_cut_has_its_finds_in_the_end),
	    CASE(a_text_without_words_has_its_finds_too),
	    CASE(what_a_query_of_the_owners_finds_too_becomes_public),
	    CASE(what_is_public_is_matched_and_left_as_it_is),
	    CASE(what_the_owner_tracks_becomes_public_with_all_it_found),
	    CASE(what_the_variable_names_becomes_public_too),
	    CASE(nothing_is_left_of_a_dropped_request),
	    CASE(requests_keep_nothing_in_public),
	    CASE(a_requester_is_forgotten_with_the_request),
	    CASE(old_content_is_deleted),
	    CASE(finds_are_looked_up_and_looked_up_again),
	    CASE(what_youtube_no_longer_has_is_deleted_after_a_day),
	    CASE(an_id_that_waits_for_its_content_is_a_find_too),
	    CASE(only_who_may_see_them_sees_them_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
