#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/query_rules.h"

static void what_no_rule_excludes_is_shown(void **state)
{
	const struct query_rules none = {0};
	const struct video video = {.duration_s = 5, .kind = VIDEO_LIVE};

	(void)state;
	assert_true(query_rules_shows(&none, &video, false));
	assert_false(query_rules_shows(&none, &video, true));
}

static void possible_shorts_are_videos_of_up_to_three_minutes(void **state)
{
	const struct query_rules rules = {.hide_shorts = true};

	(void)state;
	assert_false(query_rules_shows(&rules, &(struct video){.duration_s = 1}, false));
	assert_false(query_rules_shows(&rules, &(struct video){.duration_s = SHORTS_MAX_S}, false));
	assert_true(query_rules_shows(&rules, &(struct video){.duration_s = SHORTS_MAX_S + 1}, false));
	/* Nothing is known yet, or it cannot be one. */
	assert_true(query_rules_shows(&rules, &(struct video){.duration_s = VIDEO_UNKNOWN}, false));
	assert_true(query_rules_shows(&rules, &(struct video){.duration_s = 0, .kind = VIDEO_UPCOMING}, false));
	assert_true(query_rules_shows(&rules, &(struct video){.duration_s = 100, .kind = VIDEO_WAS_LIVE}, false));
}

static void lengths_and_kinds_are_inclusive(void **state)
{
	const struct query_rules lengths = {.min_duration_s = 60, .max_duration_s = 100};
	const struct query_rules kinds = {.kinds = 1U << VIDEO_NORMAL | 1U << VIDEO_WAS_LIVE};

	(void)state;
	for (int64_t s = 1; s <= 200; s++)
		assert_true(query_rules_shows(&lengths, &(struct video){.duration_s = s}, false) == (s >= 60 && s <= 100));
	assert_true(query_rules_shows(&lengths, &(struct video){.duration_s = VIDEO_UNKNOWN}, false));
	for (enum video_kind kind = VIDEO_NORMAL; kind < VIDEO_KIND_COUNT; kind++)
		assert_true(query_rules_shows(&kinds, &(struct video){.kind = kind}, false) ==
		            (kind == VIDEO_NORMAL || kind == VIDEO_WAS_LIVE));
}

static void channels_are_excluded_by_their_ids(void **state)
{
	struct query_rules rules = {0};
	struct error err;

	(void)state;
	assert_true(query_rules_read_channels("c",
	                                      "UCaaaaaaaaaaaaaaaaaaaaaa, UCbbbbbbbbbbbbbbbbbbbbbb\n\nUCaaaaaaaaaaaaaaaaaaaaaa",
	                                      &rules.excluded_channels, &err));
	assert_int_equal(rules.excluded_channels.count, 2);
	assert_false(query_rules_shows(&rules, &(struct video){.channel_id = "UCbbbbbbbbbbbbbbbbbbbbbb"}, false));
	assert_true(query_rules_shows(&rules, &(struct video){.channel_id = "UCBbbbbbbbbbbbbbbbbbbbbb"}, false));
	assert_true(query_rules_shows(&rules, &(struct video){.channel_id = ""}, false));
	query_rules_clear(&rules);
}

static void what_cannot_be_is_refused_by_name(void **state)
{
	struct query_rules rules = {0};
	struct error err;

	(void)state;
	assert_false(query_rules_read_channels("channels", "UCaaaaaaaaaaaaaaaaaaaaaa,ü", &rules.excluded_channels, &err));
	assert_string_equal(err.field, "channels");
	assert_false(query_rules_read_channels("channels", "UCbad", &rules.excluded_channels, &err));
	assert_non_null(strstr(err.text, "channels=UCbad: ids of channels"));
	assert_false(query_rules_read_kinds("kinds", "video,film", &rules.kinds, &err));
	assert_non_null(strstr(err.text, "kinds=film"));
	assert_true(query_rules_read_kinds("kinds", "video,live,upcoming,was_live", &rules.kinds, &err));
	assert_int_equal(rules.kinds, 0);
	assert_false(query_rules_read_region("region", "D1", rules.region, &err));
	assert_true(query_rules_read_region("region", "us", rules.region, &err));
	assert_string_equal(rules.region, "US");
	assert_true(query_rules_read_region("region", NULL, rules.region, &err));
	assert_string_equal(rules.region, "");
	assert_false(query_rules_read_language("language", "DE", rules.language, &err));
	assert_true(query_rules_read_language("language", "zh-Hant", rules.language, &err));
	assert_true(query_rules_read_words("words", " fan edit ,\r\n trailer\n", &rules.excluded_words, &err));
	assert_int_equal(rules.excluded_words.count, 2);
	assert_string_equal(rules.excluded_words.items[0], "fan edit");
	query_rules_clear(&rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_no_rule_excludes_is_shown),
	    cmocka_unit_test(possible_shorts_are_videos_of_up_to_three_minutes),
	    cmocka_unit_test(lengths_and_kinds_are_inclusive),
	    cmocka_unit_test(channels_are_excluded_by_their_ids),
	    cmocka_unit_test(what_cannot_be_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
