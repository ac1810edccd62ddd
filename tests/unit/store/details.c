/* What videos.list tells beside texts and numbers stays with a video wherever it goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/private/visitors.h"
#include "store/queries.h"
#include "store/upkeep/quarantine.h"
#include "store/video_search.h"
#include "tests/support/store_fixture.h"

#define ID "aaaaaaaaaaA"

enum { DAY = 86400 };

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

static void make(const char *title, struct video *out)
{
	struct error err;

	*out = (struct video){.id = ID,
	                      .published_at = FIXTURE_NOW - DAY,
	                      .duration_s = VIDEO_UNKNOWN,
	                      .views = VIDEO_UNKNOWN,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN};
	assert_true(text_copy(title, &out->title, &err));
}

static void make_full(struct video *out)
{
	struct error err;

	make("T", out);
	out->details = (struct video_details){.category = 28,
	                                      .language = "en",
	                                      .audio_language = "de-AT",
	                                      .definition = VIDEO_DEFINITION_HD,
	                                      .caption = VIDEO_CAPTION_NONE,
	                                      .licence = VIDEO_LICENCE_CREATIVE_COMMONS,
	                                      .started_at = FIXTURE_NOW - 200,
	                                      .ended_at = FIXTURE_NOW - 100};
	assert_true(text_copy("[\"a\",\"b\"]", &out->details.tags, &err));
}

static enum video_saved save(struct store *store, const struct video *video, enum video_source source)
{
	enum video_saved saved;
	struct error err;

	assert_true(store_video_save(store, video, source, FIXTURE_NOW, &saved, NULL, &err));
	return saved;
}

static void assert_stored(struct store *store, const struct video_details *expected)
{
	AUTO(video_clear) struct video video = {0};
	struct error err;

	assert_true(store_video_get(store, ID, &video, &err));
	assert_true(video_details_equal(&video.details, expected));
	assert_true(video_tags_equal(&video.details, expected));
	assert_int_equal(video.details.started_at, expected->started_at);
	assert_int_equal(video.details.ended_at, expected->ended_at);
}

static void they_are_stored_and_answers_without_them_leave_them(void **state)
{
	struct store *store = *state;
	AUTO(video_clear) struct video bare = {0};
	AUTO(video_clear) struct video full = {0};

	make("T", &bare);
	make_full(&full);
	save(store, &bare, SOURCE_SEARCH);
	assert_stored(store, &bare.details);
	assert_int_equal(save(store, &full, SOURCE_DETAILS), VIDEO_CHANGED);
	assert_stored(store, &full.details);
	assert_int_equal(save(store, &bare, SOURCE_SEARCH), VIDEO_SAME);
	assert_int_equal(save(store, &bare, SOURCE_DETAILS), VIDEO_SAME);
	assert_int_equal(save(store, &bare, SOURCE_IMPORT), VIDEO_SAME);
	assert_stored(store, &full.details);
}

static void another_value_of_youtube_replaces_and_one_of_an_import_only_adds(void **state)
{
	struct store *store = *state;
	AUTO(video_clear) struct video full = {0};
	AUTO(video_clear) struct video other = {0};

	make_full(&full);
	make_full(&other);
	full.details.audio_language[0] = '\0';
	save(store, &full, SOURCE_DETAILS);
	memcpy(other.details.language, "fr", 3);
	assert_int_equal(save(store, &other, SOURCE_IMPORT), VIDEO_CHANGED);
	memcpy(full.details.audio_language, other.details.audio_language, LANGUAGE_SIZE);
	assert_stored(store, &full.details);
	other.details.definition = VIDEO_DEFINITION_SD;
	other.details.tags[2] = 'z';
	assert_int_equal(save(store, &other, SOURCE_DETAILS), VIDEO_CHANGED);
	assert_stored(store, &other.details);
}

static void they_go_to_quarantine_and_back(void **state)
{
	struct store *store = *state;
	AUTO(video_clear) struct video bare = {0};
	AUTO(video_clear) struct video full = {0};
	struct error err;
	int64_t hidden;
	bool left;

	make("T", &bare);
	make_full(&full);
	save(store, &full, SOURCE_DETAILS);
	assert_true(store_quarantine_hide(store, FIXTURE_NOW + 1, 10, &hidden, &left, &err));
	assert_int_equal(hidden, 1);
	save(store, &bare, SOURCE_DETAILS);
	assert_stored(store, &full.details);
}

static void they_come_along_when_a_visitor_s_find_becomes_public(void **state)
{
	struct store *store = *state;
	AUTO(video_clear) struct video bare = {0};
	AUTO(video_clear) struct video full = {0};
	enum query_added added;
	struct error err;
	int64_t query;
	bool is_new;

	make("T", &bare);
	make_full(&full);
	assert_true(store_query_add(store, "ships", ORIGIN_VISITOR, 10, FIXTURE_NOW, &query, &added, &err));
	assert_true(store_visitors_save(store, query, &bare, FIXTURE_NOW, &is_new, &err));
	save(store, &full, SOURCE_DETAILS);
	save(store, &bare, SOURCE_DETAILS);
	assert_false(store_video_get(store, ID, &bare, &err));
	save(store, &bare, SOURCE_SEARCH);
	assert_stored(store, &full.details);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(they_are_stored_and_answers_without_them_leave_them),
	    CASE(another_value_of_youtube_replaces_and_one_of_an_import_only_adds),
	    CASE(they_go_to_quarantine_and_back),
	    CASE(they_come_along_when_a_visitor_s_find_becomes_public),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
