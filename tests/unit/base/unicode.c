#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/unicode.h"

static void folding_makes_equal_what_reads_equal(void **state)
{
	static const struct {
		const char *text, *folded;
	} cases[] = {
	    {"  Rocket \t\n Launch ", "rocket launch"},
	    {"ÉCLAIR Ω Ж", "eclair ω ж"},
	    {"e\u0301clair", "eclair"},
	    {"日本\u3000東京", "日本 東京"},
	    {"Straße ΚΟΣΜΟΣ κόσμος", "strasse κοσμοσ κοσμοσ"},
	    {"\u1112\u1161\u11AB\u1100\u116E\u11A8 \u30B3\u3099\u30B7\u3099\u30E9", "한국 ゴジラ"}, /* decomposed */
	    {"Ｎｅｗｓ ｶﾞ \U0001D401 ﬁlm", "news ガ b film"},
	    {"soft\u00ADhyphen \u845B\U000E0100 \u2764\uFE0F", "softhyphen \u845B \u2764"},
	    {"a|b -c \"d e\"", "a|b -c \"d e\""}, /* what YouTube reads as operators */
	    {"øre", "øre"},                       /* strokes and points tell queries apart */
	    {"\u05E9\u05B8\u05DC", "\u05E9\u05B8\u05DC"},
	    {"", ""},
	    {" \u00A0 ", ""},
	    {"\u200B\u00AD", ""},
	    {"a\xFF", "a\uFFFD"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(text_free) char *folded = NULL;
		struct error err;

		assert_true(unicode_fold_text(cases[i].text, &folded, &err));
		assert_string_equal(folded, cases[i].folded);
	}
}

static void characters_are_of_a_kind(void **state)
{
	static const struct {
		uint32_t c;
		enum unicode_kind kind;
	} cases[] = {
	    {'a', UNICODE_LETTER},   {'7', UNICODE_LETTER},     {' ', UNICODE_OTHER},     {'_', UNICODE_OTHER},
	    {0xAE, UNICODE_OTHER},   {0x65E5, UNICODE_LETTER},  {0x301, UNICODE_ACCENT},  {0x20E3, UNICODE_ACCENT},
	    {0x338, UNICODE_ACCENT}, {0x5B8, UNICODE_POINT},    {0x64E, UNICODE_POINT},   {0x640, UNICODE_POINT},
	    {0x93C, UNICODE_POINT},  {0x3099, UNICODE_SIGN},    {0xE38, UNICODE_SIGN},    {0xE48, UNICODE_SIGN},
	    {0x93E, UNICODE_SIGN},   {0x94D, UNICODE_SIGN},     {0x1F680, UNICODE_EMOJI}, {0x1F1E9, UNICODE_REGIONAL},
	    {0x2500, UNICODE_OTHER}, {0x1F3FD, UNICODE_ACCENT}, {0xE000, UNICODE_LETTER}, {0xFFFD, UNICODE_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (unicode_kind(cases[i].c) != cases[i].kind)
			fail_msg("U+%04X: %d instead of %d", cases[i].c, unicode_kind(cases[i].c), cases[i].kind);
}

static void what_cannot_be_seen_is_told(void **state)
{
	static const char *const blank[] = {"", " ", "\u200B", "\u3164\u00A0\u2800", "\u00AD\u2060\uFE0F", "\u202E\u0301\u202C"};
	static const char *const visible[] = {"a", " \u200Ba", "|", "🚀", "日", "\u05E9\u05B8"};

	(void)state;
	for (size_t i = 0; i < sizeof(blank) / sizeof(blank[0]); i++)
		assert_false(unicode_is_visible(blank[i]));
	for (size_t i = 0; i < sizeof(visible) / sizeof(visible[0]); i++)
		assert_true(unicode_is_visible(visible[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(folding_makes_equal_what_reads_equal),
	    cmocka_unit_test(characters_are_of_a_kind),
	    cmocka_unit_test(what_cannot_be_seen_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
