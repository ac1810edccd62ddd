#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/figures/breakdown.h"
#include "store/figures/stats.h"
#include "tests/support/store_fixture.h"

enum { HOUR = 3600 };

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

static int64_t save(struct store *store, int number, const char *channel, const char *language, int64_t duration_s,
                    enum video_kind kind)
{
	AUTO(video_clear)
	struct video video = {.published_at = FIXTURE_NOW - number * HOUR,
	                      .duration_s = duration_s,
	                      .kind = kind,
	                      .views = VIDEO_UNKNOWN,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN};
	struct error err;
	enum video_saved saved;
	int64_t seq = 0;

	snprintf(video.id, sizeof(video.id), "video%05dA", number);
	snprintf(video.channel_id, sizeof(video.channel_id), "%s", channel);
	assert_true(text_copy("Title", &video.title, &err) && text_copy(channel, &video.channel_title, &err));
	snprintf(video.details.language, sizeof(video.details.language), "%s", language ? language : "");
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FIXTURE_NOW, &saved, &seq, &err));
	return seq;
}

/* Of channel UC-a five in English, of UC-b two in German, one of no known channel, language or length. */
static int64_t fill(struct store *store)
{
	int64_t query = fixture_query(store, "rocket launch");

	for (int i = 0; i < 5; i++) {
		int64_t seq = save(store, i, "UC-a", "en", i < 3 ? 180 : 181, VIDEO_NORMAL);

		if (i % 2)
			fixture_match(store, query, seq);
	}
	for (int i = 5; i < 7; i++)
		fixture_match(store, query, save(store, i, "UC-b", "de", 3601, VIDEO_LIVE));
	save(store, 7, "", NULL, VIDEO_UNKNOWN, VIDEO_NORMAL);
	return query;
}

static void take(struct store *store, const struct video_filter *filter, enum video_trait group, enum video_trait parts,
                 struct breakdown *out)
{
	struct error err;

	if (!store_breakdown(store, filter, COUNTED_MAX, group, parts, out, &err))
		fail_msg("%s", err.text);
}

static void assert_part(const struct breakdown_part *part, const char *id, int64_t number, int64_t videos)
{
	if (id)
		assert_string_equal(part->id, id);
	else
		assert_null(part->id);
	assert_int_equal(part->number, number);
	assert_int_equal(part->videos, videos);
}

static void a_list_has_its_channels_languages_and_lengths(void **state)
{
	static const struct video_filter all = {0};
	AUTO(breakdown_clear) struct breakdown channels = {0};
	AUTO(breakdown_clear) struct breakdown languages = {0};
	AUTO(breakdown_clear) struct breakdown lengths = {0};

	fill(*state);
	take(*state, &all, TRAIT_NONE, TRAIT_CHANNEL, &channels);
	assert_int_equal(channels.count, 1);
	assert_int_equal(channels.videos, 8);
	assert_int_equal(channels.counted_within, 0);
	assert_int_equal(channels.groups[0].values, 3);
	assert_part(&channels.groups[0].parts[0], "UC-a", 0, 5);
	assert_string_equal(channels.groups[0].parts[0].title, "UC-a");
	assert_part(&channels.groups[0].parts[1], "UC-b", 0, 2);
	assert_part(&channels.groups[0].parts[2], NULL, 0, 1);

	take(*state, &all, TRAIT_NONE, TRAIT_LANGUAGE, &languages);
	assert_part(&languages.groups[0].parts[0], "en", 0, 5);
	assert_part(&languages.groups[0].parts[1], "de", 0, 2);
	assert_part(&languages.groups[0].parts[2], NULL, 0, 1);

	take(*state, &all, TRAIT_NONE, TRAIT_LENGTH, &lengths);
	assert_part(&lengths.groups[0].parts[0], NULL, -1, 1);
	assert_part(&lengths.groups[0].parts[1], NULL, 0, 3);
	assert_part(&lengths.groups[0].parts[2], NULL, 1, 2);
	assert_part(&lengths.groups[0].parts[3], NULL, 3, 2);
}

static void groups_are_apart_and_begin_with_most_videos(void **state)
{
	AUTO(breakdown_clear) struct breakdown hours = {0};
	AUTO(breakdown_clear) struct breakdown kinds = {0};
	const struct video_filter filter = {.query_id = fill(*state)};

	take(*state, &filter, TRAIT_CHANNEL, TRAIT_HOUR, &hours);
	assert_int_equal(hours.count, 2);
	assert_int_equal(hours.values, 2);
	assert_int_equal(hours.videos, 4);
	assert_part(&hours.groups[0].value, "UC-a", 0, 2);
	assert_part(&hours.groups[0].parts[0], NULL, FIXTURE_NOW - 3 * HOUR, 1);
	assert_part(&hours.groups[0].parts[1], NULL, FIXTURE_NOW - HOUR, 1);

	take(*state, &filter, TRAIT_KIND, TRAIT_LANGUAGE, &kinds);
	assert_int_equal(kinds.count, 2);
	assert_int_equal(kinds.groups[0].value.number + kinds.groups[1].value.number, VIDEO_NORMAL + VIDEO_LIVE);
	assert_int_equal(kinds.groups[0].count, 1);
}

static void the_rest_of_many_is_left_out_but_counted(void **state)
{
	static const struct video_filter all = {0};
	AUTO(breakdown_clear) struct breakdown channels = {0};
	AUTO(breakdown_clear) struct breakdown groups = {0};

	for (int i = 0; i < 30; i++) {
		char channel[16];

		snprintf(channel, sizeof(channel), "UC-%02d", i < 20 ? i : 19);
		save(*state, i, channel, "en", 60, VIDEO_NORMAL);
	}
	take(*state, &all, TRAIT_NONE, TRAIT_CHANNEL, &channels);
	assert_int_equal(channels.groups[0].count, BREAKDOWN_MAX);
	assert_int_equal(channels.groups[0].values, 20);
	assert_part(&channels.groups[0].parts[0], "UC-19", 0, 11);
	take(*state, &all, TRAIT_CHANNEL, TRAIT_HOUR, &groups);
	assert_int_equal(groups.count, BREAKDOWN_MAX);
	assert_int_equal(groups.values, 20);
	assert_int_equal(groups.videos, 30);
	assert_part(&groups.groups[0].value, "UC-19", 0, 11);
	assert_int_equal(groups.groups[0].count, 11);
}

static void only_the_newest_are_counted_where_there_are_more(void **state)
{
	static const struct video_filter all = {0};
	AUTO(breakdown_clear) struct breakdown languages = {0};
	struct error err;

	fill(*state);
	assert_true(store_breakdown(*state, &all, 6, TRAIT_NONE, TRAIT_LANGUAGE, &languages, &err));
	assert_int_equal(languages.counted_within, 6);
	assert_int_equal(languages.videos, 6);
	assert_part(&languages.groups[0].parts[0], "en", 0, 5);
	assert_part(&languages.groups[0].parts[1], "de", 0, 1);
}

/* A video is in the group of each query that found it; of queries that were not named none is told. */
static void groups_of_queries_may_share_videos(void **state)
{
	struct store *store = *state;
	int64_t first = fill(store);
	int64_t second = fixture_query(store, "falcon");
	int64_t third = fixture_query(store, "not named");
	const struct video_filter live = {.one_kind = true, .kind = VIDEO_LIVE}, all = {0};
	AUTO(breakdown_clear) struct breakdown of_live = {0}, newest = {0};
	int64_t ids[] = {second, first};
	struct error err;

	int64_t seq = save(store, 8, "UC-c", "fr", 60, VIDEO_LIVE);
	fixture_match(store, second, seq);
	fixture_match(store, first, seq);
	fixture_match(store, third, seq);
	assert_true(store_breakdown_by_query(store, &live, COUNTED_MAX, ids, 2, TRAIT_LANGUAGE, &of_live, &err));
	assert_int_equal(of_live.count, 2);
	assert_int_equal(of_live.videos, 4);
	assert_int_equal(of_live.counted_within, 0);
	assert_int_equal(of_live.groups[0].value.number, first);
	assert_int_equal(of_live.groups[0].value.videos, 3);
	assert_int_equal(of_live.groups[0].count, 2);
	assert_part(&of_live.groups[0].parts[0], "de", 0, 2);
	assert_part(&of_live.groups[0].parts[1], "fr", 0, 1);
	assert_int_equal(of_live.groups[1].value.number, second);
	assert_part(&of_live.groups[1].parts[0], "fr", 0, 1);
	/* Of the newest two videos, 0 and 1, the query found one. */
	assert_true(store_breakdown_by_query(store, &all, 2, ids, 2, TRAIT_HOUR, &newest, &err));
	assert_int_equal(newest.counted_within, 2);
	assert_int_equal(newest.count, 1);
	assert_int_equal(newest.groups[0].value.videos, 1);
}

static void a_list_without_videos_has_no_groups(void **state)
{
	static const struct video_filter nothing = {.words = "nothing"};
	AUTO(breakdown_clear) struct breakdown channels = {0};

	fill(*state);
	take(*state, &nothing, TRAIT_NONE, TRAIT_CHANNEL, &channels);
	assert_int_equal(channels.count, 0);
	assert_int_equal(channels.videos, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_list_has_its_channels_languages_and_lengths), CASE(groups_are_apart_and_begin_with_most_videos),
	    CASE(the_rest_of_many_is_left_out_but_counted),      CASE(only_the_newest_are_counted_where_there_are_more),
	    CASE(a_list_without_videos_has_no_groups),           CASE(groups_of_queries_may_share_videos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
