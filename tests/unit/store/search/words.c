#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/hidden/hidden.h"
#include "store/statement.h"
#include "store/status.h"
#include "store/video_search.h"
#include "tests/support/store_fixture.h"

static int set_up(void **state)
{
	struct store *store = fixture_store();

	fixture_save(store, "aaaaaaaaaaA", "Minecraft with friends: don't panic", "Building a C++ house & a café", "AC/DC Fan",
	             FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaE", "Pokémon オフィシャル ミュージックビデオ", "เพลงใหม่ล่าสุด 2026 뮤직뱅크", NULL,
	             FIXTURE_NOW - 1, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaI", "Minecraft without enemies", "NEAR the end, AND more", NULL, FIXTURE_NOW - 2,
	             SOURCE_SEARCH);
	*state = store;
	return 0;
}

static int tear_down(void **state)
{
	struct store *store = *state;

	store_close(&store);
	return 0;
}

static void words_match_as_the_contract_says(void **state)
{
	static const struct {
		const char *words;
		int64_t count;
	} cases[] = {
	    {"minecraft", 2},
	    {"MINECRAFT", 2},
	    {"minecraft friends", 1},
	    {"friends minecraft", 1},
	    {"minecr", 2},         /* the last word is a prefix too */
	    {"minecr friends", 0}, /* the others are not */
	    {"minecr ", 0},        /* and not when a blank ends it */
	    {"\"minecr\"", 0},
	    {"minecraft f", 0}, /* one letter is a word of its own */
	    {"pokemon", 1},
	    {"Pokémon", 1},
	    {"cafe", 1},
	    {"\"minecraft with\"", 1},
	    {"\"with minecraft\"", 0},
	    {"minecraft -friends", 1},
	    {"minecraft -\"with friends\"", 1},
	    {"friends OR enemies", 2},
	    {"pokemon OR enemies minecraft", 1},
	    {"minecraft friends OR enemies", 2},
	    {"AC/DC", 1},
	    {"c++", 1},
	    {"don't", 1},
	    {"&amp;", 0},
	    {"near", 1},
	    {"NEAR AND", 1},
	    {"OR", 0},
	    {"minecraft OR", 0},
	    {"-friends", 1}, /* nothing but -words is searched for */
	    {"\"minecraft", 2},
	    {"minecraft\" friends", 1},
	    {"title:minecraft", 0},
	    {"minecraft*", 2},
	    {"(minecraft)", 2},
	    {"^minecraft", 2},
	    {"オフィシャル", 1},
	    {"ュージ", 1},
	    {"ビデオ", 1},
	    {"オ", 1},
	    {"ヲ", 0},
	    {"เพลง", 1},
	    {"ล่าสุด", 1},
	    {"뮤직", 1},
	    {"직뱅", 1},
	    {"pokemon ミュージック", 1},
	    {"\"オフィシャル ミュージックビデオ\"", 1}, /* a phrase across runs, and into another script */
	    {"\"Pokémon オフィシャル\"", 1},
	    {"\"2026 뮤직뱅크\"", 1},
	    {"\"ミュージック オフィシャル\"", 0},
	    {"🚀", 0},
	    {"!!!", 0},
	    {" ", 3}, /* no text */
	    {"%_", 0},
	    {"\xcc\x81", 0}, /* an accent without a letter */
	    {"minecraft \xcc\x81", 2},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t count = fixture_count(*state, cases[i].words, 0);

		if (count != cases[i].count)
			fail_msg("%s: %d instead of %d", cases[i].words, (int)count, (int)cases[i].count);
	}
}

static void nothing_typed_is_ever_an_error(void **state)
{
	static const char *const pieces[] = {"\"",  "-",     "OR", " ",  "minecraft", "*", "(", ")", ":",  "^", "+",   "NOT",
	                                     "AND", "NEAR(", "é",  "日", "ไ",         "{", "}", ",", "\\", "'", "\xff"};
	unsigned seed = 20261122;

	print_message("seed %u\n", seed);
	srand(seed);
	for (int round = 0; round < 4000; round++) {
		char words[512] = "";
		size_t len = 0;

		for (int i = rand() % 40; i > 0; i--) {
			const char *piece = pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))];
			memcpy(words + len, piece, strlen(piece) + 1);
			len += strlen(piece);
		}
		fixture_count(*state, words, 0);
	}
}

static void a_query_of_the_same_text_adds_its_videos(void **state)
{
	struct store *store = *state;
	int64_t query = fixture_query(store, "Block  Games");
	int64_t other = fixture_query(store, "other");
	int64_t seq = fixture_save(store, "aaaaaaaaaaM", "Untitled", "", NULL, FIXTURE_NOW - 3, SOURCE_SEARCH);

	fixture_match(store, query, seq);
	fixture_match(store, other, seq);
	fixture_save(store, "aaaaaaaaaaQ", "games of block people", "", NULL, FIXTURE_NOW - 4, SOURCE_SEARCH);
	assert_int_equal(fixture_count(store, "block games", 0), 2);
	assert_int_equal(fixture_count(store, "block games", query), 1);
	assert_int_equal(fixture_count(store, "block games", other), 1);
	assert_int_equal(fixture_count(store, "untitled", other), 1);
	assert_int_equal(fixture_count(store, "games", other), 0);
	assert_int_equal(fixture_count(store, "!!", other), 0);
}

/* A text that is all accents is indexed as nothing. */
static void a_lone_accent_does_no_harm(void **state)
{
	struct store *store = *state;

	fixture_save(store, "aaaaaaaaaaU", "\xcc\x81 alone \xcc\x81", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	fixture_check(store);
	assert_int_equal(fixture_count(store, "alone", 0), 1);
	fixture_save(store, "aaaaaaaaaaU", "not \xcc\x81", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	fixture_check(store);
}

/* Texts as people and their machines write them, and how others look for them: either finds the other. */
static void every_form_of_a_word_is_found(void **state)
{
	static const struct {
		const char *title, *words;
	} cases[] = {
	    {"\u1103\u1162\u1112\u1161\u11AB\u1106\u1175\u11AB\u1100\u116E\u11A8", "대한민국"},
	    {"\u30D5\u309A\u30ED\u30AF\u3099\u30E9\u30E0", "プログラム"},
	    {"ﾊﾟﾝﾀﾞ", "パンダ"},
	    {"Ἑλλάδα ο άνθρωπος", "Ο ελλαδα ΑΝΘΡΩΠΟΣ"},
	    {"Ærø og Malmø, Łukasz, Đặng", "aero og malmo lukasz dang"},
	    {"Große Füße", "grosse FUSSE"},
	    {"كِتَابٌ جَدِيد", "كتاب جديد"},
	    {"رســـالة", "رسالة"},
	    {"בְּרֵאשִׁית", "בראשית"},
	    {"𝕳𝖊𝖑𝖑𝖔 𝟐𝟎𝟐𝟔", "hello 2026"},
	    {"ＦＵＬＬ　ＷＩＤＴＨ", "full width"},
	    {"eﬃcient ﬂow", "efficient flow"},
	    {"Go🎉🎊team", "go 🎉 🎊 team"},
	    {"super\u00ADcali zero\u200Dwidth", "supercali zerowidth"},
	    {"邉\U000E0101田", "邉田"},
	};
	struct store *store = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char id[] = "bbbbbbbb00A";

		id[8] = (char)('0' + i / 10);
		id[9] = (char)('0' + i % 10);
		for (int turned = 0; turned < 2; turned++) {
			fixture_save(store, id, turned ? cases[i].words : cases[i].title, "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
			if (fixture_count(store, turned ? cases[i].title : cases[i].words, 0) != 1)
				fail_msg("'%s', '%s' (%d): not found", cases[i].title, cases[i].words, turned);
		}
	}
	assert_int_equal(fixture_count(store, "🚀 OR enemies", 0), 1);
	fixture_check(store);
}

/* However many small transactions there were, a search looks at few segments of the index. */
static void the_index_stays_in_few_segments(void **state)
{
	struct store *store = *state;
	AUTO(status_clear) struct status status = {0};
	struct quota_defaults quota = {{100, 10000}};
	struct error err;

	for (int i = 0; i < 600; i++) {
		char id[40], title[64];

		assert_true(store_begin(store, &err));
		for (int n = 0; n < 5; n++) {
			snprintf(id, sizeof(id), "many%02d%04dA", n, i);
			snprintf(title, sizeof(title), "number%d of many%d", i * 5 + n, n);
			fixture_save(store, id, title, "", n % 2 ? "C" : NULL, FIXTURE_NOW + i * 5 + n, SOURCE_SEARCH);
		}
		assert_true(store_commit(store, &err));
	}
	assert_true(store_status_read(store, &quota, 60, 0, FIXTURE_NOW, &status, &err));
	assert_in_range(status.fts_segments, 1, 29);
	assert_int_equal(fixture_count(store, "number2999 many4", 0), 1);
	fixture_check(store);
}

/* Nothing is found where nothing is, with dates too. */
static void an_empty_record_is_searched(void **state)
{
	static const char *const texts[] = {"minecraft", "mine", "猫 -犬", "猫 OR cat ", "\"a b\"", "-friends"};
	struct store *store = fixture_store();
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		AUTO(video_page_clear) struct video_page page = {0};
		const struct video_request request = {.filter = {.words = texts[i], .published_after = FIXTURE_NOW - 86400},
		                                      .page_number = 1,
		                                      .page_size = 20};

		if (!store_videos_page(store, &request, &page, &err))
			fail_msg("%s: %s", texts[i], err.text);
		assert_int_equal(page.count, 0);
	}
	store_close(&store);
}

/* No word is kept of a video that is saved and hidden at once. */
static void words_end_with_their_last_video(void **state)
{
	struct store *store = *state;
	bool changed;
	struct error err;

	assert_true(store_begin(store, &err));
	fixture_save(store, "aaaaaaaaaaY", "unheard", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	assert_true(store_video_hide(store, "aaaaaaaaaaY", FIXTURE_NOW, &changed, &err));
	assert_true(store_commit(store, &err));
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM word WHERE videos <= 0"), 0);
	fixture_check(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(words_match_as_the_contract_says, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(nothing_typed_is_ever_an_error, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_query_of_the_same_text_adds_its_videos, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_lone_accent_does_no_harm, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(every_form_of_a_word_is_found, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_index_stays_in_few_segments, set_up, tear_down),
	    cmocka_unit_test(an_empty_record_is_searched),
	    cmocka_unit_test_setup_teardown(words_end_with_their_last_video, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
