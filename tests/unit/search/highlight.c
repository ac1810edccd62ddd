#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "search/highlight.h"

/* The text with [ ] around what is marked, and … where it is cut. */
static char *marked(const char *words, const char *text, size_t snippet_bytes)
{
	AUTO(highlight_close) struct highlight *highlight = NULL;
	AUTO(marked_text_clear) struct marked_text parts = {0};
	struct buf out = BUF(100000);
	struct error err;
	char *result = NULL;

	assert_true(highlight_open(words, &highlight, &err));
	assert_true(highlight_mark(highlight, text, snippet_bytes, &parts, &err));
	buf_add_text(&out, parts.cut_before ? "…" : "");
	for (size_t i = 0; i < parts.count; i++) {
		assert_true(parts.parts[i].len > 0);
		buf_add_text(&out, parts.parts[i].marked ? "[" : "");
		buf_add(&out, parts.parts[i].text, parts.parts[i].len);
		buf_add_text(&out, parts.parts[i].marked ? "]" : "");
	}
	buf_add_text(&out, parts.cut_after ? "…" : "");
	assert_true(buf_take(&out, &result, &err));
	return result;
}

static void what_the_search_finds_is_marked(void **state)
{
	static const struct {
		const char *words, *text, *expected;
	} cases[] = {
	    {"rocket", "A Rocket, a ROCKET!", "A [Rocket], a [ROCKET]!"},
	    {"pokemon", "Pokémon and pokemon", "[Pokémon] and [pokemon]"},
	    {"pokémon ", "Pokemon", "[Pokemon]"},
	    {"rock", "Rockets rock", "[Rockets] [rock]"}, /* the last word is a beginning */
	    {"rock ", "Rockets rock", "Rockets [rock]"},
	    {"rocket launch", "launch of a rocket", "[launch] of a [rocket]"},
	    {"\"rocket launch\"", "rocket launch, launch rocket", "[rocket launch], launch rocket"},
	    {"rocket -launch", "rocket launch", "[rocket] launch"},
	    {"moon OR mars", "moon, mars and sun", "[moon], [mars] and sun"},
	    {"ュージ", "オフィシャル ミュージックビデオ", "オフィシャル ミ[ュージ]ックビデオ"},
	    {"เพลง", "เพลงใหม่", "[เพลง]ใหม่"},
	    {"직뱅", "뮤직뱅크", "뮤[직뱅]크"},
	    {"<b>", "<b>bold</b> b", "<[b]>bold</[b]> [b]"},
	    {"AC/DC", "live: AC/DC in Rio", "live: [AC/DC] in Rio"},
	    /* The forms of a word, marked in the original text. */
	    {"한국", "\u1112\u1161\u11AB\u1100\u116E\u11A8 뉴스", "[\u1112\u1161\u11AB\u1100\u116E\u11A8] 뉴스"},
	    {"κοσμος ", "ο Κόσμος!", "ο [Κόσμος]!"},
	    {"strasse", "die Straße", "die [Straße]"},
	    {"محمد", "مُحَمَّد صلاح", "[مُحَمَّد] صلاح"},
	    {"שלום", "שָׁלוֹם עולם", "[שָׁלוֹם] עולם"},
	    {"live", "𝓛𝓲𝓿𝓮 𝓼𝓱𝓸𝔀", "[𝓛𝓲𝓿𝓮] 𝓼𝓱𝓸𝔀"},
	    {"12", "第１２回", "第[１２]回"},
	    {"fi ", "ﬁ ﬁlm", "[ﬁ] ﬁlm"},
	    {"飾区", "葛\U000E0100飾区", "葛\U000E0100[飾区]"},
	    {"葛", "葛\U000E0100飾区", "[葛\U000E0100飾]区"},
	    {"softhyphen", "a Soft\u00ADhyphen", "a [Soft\u00ADhyphen]"},
	    {"🚀", "to🚀day ❤\uFE0F", "to[🚀]day ❤\uFE0F"},
	    {"❤", "to🚀day ❤\uFE0F", "to🚀day [❤\uFE0F]"},
	    {"", "nothing", "nothing"},
	    {"!!!", "nothing!!!", "nothing!!!"},
	    {"x", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *result = marked(cases[i].words, cases[i].text, 0);

		if (strcmp(result, cases[i].expected) != 0)
			fail_msg("%s: '%s' instead of '%s'", cases[i].words, result, cases[i].expected);
		free(result);
	}
}

static void a_snippet_shows_the_first_match(void **state)
{
	struct buf text = BUF(10000);
	char *result;

	(void)state;
	for (int i = 0; i < 100; i++)
		buf_printf(&text, "filler%d ", i);
	buf_add_text(&text, "the rocket starts ");
	for (int i = 0; i < 100; i++)
		buf_printf(&text, "more%d ", i);
	result = marked("rocket", buf_text(&text), 200);
	assert_non_null(strstr(result, "the [rocket] starts"));
	assert_memory_equal(result, "…filler", sizeof("…filler") - 1);
	assert_true(strlen(result) < 220);
	assert_non_null(strstr(result + strlen(result) - sizeof(" …"), " …"));
	free(result);
	result = marked("", buf_text(&text), 200);
	assert_memory_equal(result, "filler0 filler1", 15);
	assert_true(strlen(result) <= 204);
	free(result);
	buf_clear(&text);
}

/* Random texts and searches: the parts are the text, never cut inside a character. */
/* Fills TEXT with up to COUNT pieces of text. */
static void fill_with_pieces(char *text, size_t size, int count)
{
	static const char *const pieces[] = {"rocket", " ",      "é", "e\xcc\x81", "日",     "本", "ン", "ไ",
	                                     "ท",      "🚀",      "-", "\"",        "OR",     "a",  "İ",  "ß",
	                                     "\u1112", "\u1161", "ﬁ", "\u064E",    "\u00AD", "½",  "🇩",  "\u3099"};
	size_t len = 0;

	for (int i = rand() % (count + 1); i > 0 && len < size; i--)
		len +=
		    (size_t)snprintf(text + len, size - len, "%s", pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))]);
}

static void the_parts_are_the_text(void **state)
{
	unsigned seed = 7;

	(void)state;
	print_message("seed %u\n", seed);
	srand(seed);
	for (int round = 0; round < 3000; round++) {
		AUTO(highlight_close) struct highlight *highlight = NULL;
		AUTO(marked_text_clear) struct marked_text parts = {0};
		char words[64] = "", text[600] = "";
		struct error err;
		size_t len = 0;

		fill_with_pieces(words, sizeof(words), 3);
		fill_with_pieces(text, sizeof(text), 59);
		size_t snippet = round % 2 ? (size_t)(rand() % 100) : 0;
		assert_true(highlight_open(words, &highlight, &err));
		assert_true(highlight_mark(highlight, text, snippet, &parts, &err));
		const char *at = parts.count ? parts.parts[0].text : text;
		if (!parts.cut_before && parts.count)
			assert_ptr_equal(at, text);
		for (size_t i = 0; i < parts.count; i++) {
			assert_ptr_equal(parts.parts[i].text, at);
			if (utf8_continues(*at))
				fail_msg("'%s' in '%s' (%d): cut inside a character", words, text, (int)snippet);
			at += parts.parts[i].len;
			len += parts.parts[i].len;
		}
		if (!parts.cut_after)
			assert_int_equal(*at, '\0');
		else
			assert_false(utf8_continues(*at));
		if (!snippet)
			assert_int_equal(len, strlen(text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_the_search_finds_is_marked),
	    cmocka_unit_test(a_snippet_shows_the_first_match),
	    cmocka_unit_test(the_parts_are_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
