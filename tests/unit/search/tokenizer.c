/* Tokens of texts, and that they are the same in every Unicode form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "search/tokenizer.h"

enum { TEXT_SIZE = 16 * 1024 };

/* Tokens as "folded(the original)", those at the place of the one before with a +; without TEXT only the folded. */
struct written {
	struct buf out;
	const char *text;
};

static bool is_the_same(void *context, const struct token *token)
{
	const struct token **expected = context;

	assert_non_null(*expected);
	assert_int_equal(token->len, (*expected)->len);
	assert_memory_equal(token->text, (*expected)->text, token->len);
	*expected = NULL;
	return true;
}

/* FTS5 makes tokens of the tokens that it is asked for. */
static void assert_stable(const struct token *token)
{
	const struct token *expected = token;

	assert_true(tokenize(TOKENS_OF_QUERY, token->text, token->len, is_the_same, &expected));
	assert_null(expected);
}

static bool write_token(void *context, const struct token *token)
{
	struct written *written = context;

	assert_true(token->len > 0 && utf8_is_valid(token->text, token->len));
	assert_stable(token);
	buf_add_text(&written->out, !written->out.len ? "" : token->colocated ? "+" : " ");
	buf_add(&written->out, token->text, token->len);
	if (!written->text)
		return true;
	buf_add_char(&written->out, '(');
	buf_add(&written->out, written->text + token->start, token->end - token->start);
	buf_add_char(&written->out, ')');
	return true;
}

static void assert_tokens(enum token_source source, const char *text, bool places, const char *expected)
{
	struct written written = {.out = BUF(TEXT_SIZE), .text = places ? text : NULL};

	assert_true(tokenize(source, text, strlen(text), write_token, &written));
	if (strcmp(buf_text(&written.out), expected) != 0)
		fail_msg("'%s': '%s' instead of '%s'", text, buf_text(&written.out), expected);
	buf_clear(&written.out);
}

static void scripts_without_spaces_are_cut_into_pairs(void **state)
{
	static const struct {
		enum token_source source;
		const char *text, *tokens;
	} cases[] = {
	    {TOKENS_OF_DOCUMENT, "A Rocket!", "a(A) rocket(Rocket)"},
	    {TOKENS_OF_DOCUMENT, "日本語 B", "日本(日本) 本語(本語)+語(語) b(B)"},
	    {TOKENS_OF_QUERY, "日本語 B", "日本(日本) 本語(本語) b(B)"},
	    {TOKENS_OF_DOCUMENT, "語", "語(語)"},
	    {TOKENS_OF_DOCUMENT, "日本Éa", "日本(日本)+本(本) ea(Éa)"},
	    {TOKENS_OF_QUERY, "เพลง", "เพ(เพ) พล(พล) ลง(ลง)"},
	    {TOKENS_OF_QUERY, "日本e\u0301", "日本(日本) e(e\u0301)"},
	    {TOKENS_OF_QUERY, "\u30B3\u3099\u30B7\u3099", "ゴジ(\u30B3\u3099\u30B7\u3099)"},
	    {TOKENS_OF_QUERY, "ｺﾞｼﾞ", "ゴジ(ｺﾞｼﾞ)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_tokens(cases[i].source, cases[i].text, true, cases[i].tokens);
}

static void what_makes_no_difference_is_folded(void **state)
{
	static const struct {
		const char *text, *tokens;
	} cases[] = {
	    {"Pokémon Poke\u0301mon", "pokemon pokemon"},
	    {"\u1112\u1161\u11AB\u1100\u116E\u11A8", "한국"},
	    {"ΚΟΣΜΟΣ κόσμος Ἀθήνᾳ", "κοσμοσ κοσμοσ αθηνα"},
	    {"Økland Paweł Łódź Đorđe", "okland pawel lodz dorde"},
	    {"Straße STRASSE ẞ", "strasse strasse ss"},
	    {"İstanbul ılık ILIK", "istanbul ilik ilik"},
	    {"cœur Þór", "coeur thor"},
	    {"مُحَمَّد مـحـمـد أخبار", "محمد محمد اخبار"},
	    {"שָׁלוֹם", "שלום"},
	    {"𝐁𝐑𝐄𝐀𝐊𝐈𝐍𝐆 𝓛𝓲𝓿𝓮 ﬁnal Ｎｅｗｓ Ⓛⓘⓥⓔ", "breaking live final news live"},
	    {"mc² 5㎏ 2½", "mc2 5kg 21 2"},
	    {"Soft\u00ADhyphen zero\u200Bwidth join\u200Der byte\uFEFForder", "softhyphen zerowidth joiner byteorder"},
	    {"葛\U000E0100飾", "葛飾"},
	    {"हिन्दी में ज़मीन", "हिन्दी में जमीन"}, /* vowels are no accents, the nukta is a point */
	    {"กู่", "กู ู่"},
	    {"\u0E01\u0E48\u0E39", "กู ู่"}, /* tone and vowel the other way round */
	    {"Brand™ Brand® © 2026", "brand brand 2026"},
	    {"snake_case don't AC/DC", "snake case don t ac dc"},
	    {"\u0301 \u064E \u00AD \uFE0F", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_tokens(TOKENS_OF_QUERY, cases[i].text, false, cases[i].tokens);
}

static void an_emoji_is_a_word_of_its_own(void **state)
{
	static const struct {
		const char *text, *tokens;
	} cases[] = {
	    {"to🚀day", "to(to) 🚀(🚀) day(day)"},
	    {"🚀🚀", "🚀(🚀) 🚀(🚀)"},
	    {"❤\uFE0F 👍🏽!", "❤(❤\uFE0F) 👍(👍🏽)"},
	    {"1\uFE0F\u20E3x", "1x(1\uFE0F\u20E3x)"},
	    {"🇩🇪🇫🇷 🇩", "🇩🇪(🇩🇪) 🇫🇷(🇫🇷) 🇩(🇩)"},
	    {"👩\u200D🚀", "👩(👩\u200D) 🚀(🚀)"},
	    {"━━━ § 日🚀", "日(日) 🚀(🚀)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_tokens(TOKENS_OF_DOCUMENT, cases[i].text, true, cases[i].tokens);
}

static void long_words_and_broken_bytes_are_read_too(void **state)
{
	struct buf text = BUF(TEXT_SIZE);
	struct buf folded = BUF(TEXT_SIZE);

	(void)state;
	for (int i = 0; i < 1000; i++) {
		buf_add_text(&text, i == 500 ? "Éx" : "Ab");
		buf_add_text(&folded, i == 500 ? "ex" : "ab");
	}
	assert_tokens(TOKENS_OF_DOCUMENT, buf_text(&text), false, buf_text(&folded));
	assert_tokens(TOKENS_OF_DOCUMENT, "moon\xFFmars \xE6\x97 x", true, "moon(moon) mars(mars) x(x)");
	buf_clear(&text);
	buf_clear(&folded);
}

/* ---- any text ---- */

/* A character of one of these ranges, or any: what folds in some way is more frequent than in nature. */
static uint32_t any_character(void)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {{' ', '~'},         {0xA0, 0x24F},      {0x300, 0x36F},   {0x370, 0x52F},   {0x590, 0x6FF},
	              {0x900, 0xDFF},     {0xE00, 0xEFF},     {0x1000, 0x10FF}, {0x1100, 0x11FF}, {0x1E00, 0x20FF},
	              {0x2100, 0x27BF},   {0x3000, 0x33FF},   {0x4E00, 0x4EFF}, {0xAC00, 0xACFF}, {0xF900, 0xFFEF},
	              {0x1D400, 0x1D7FF}, {0x1F100, 0x1F6FF}, {1, 0x2FFFF}};

	for (;;) {
		size_t range = (size_t)rand() % (sizeof(ranges) / sizeof(ranges[0]));
		uint32_t c = ranges[range].first + (uint32_t)rand() % (ranges[range].last - ranges[range].first + 1);

		/* A raised sign is no word, but its letters are. U+11A7 is lost where utf8proc composes it. */
		if ((c < 0xD800 || c > 0xDFFF) && c != 0x11A7 && !unicode_is_raised_sign(c))
			return c;
	}
}

static void normal_form(const char *text, utf8proc_option_t form, char out[TEXT_SIZE])
{
	utf8proc_uint8_t *result = NULL;

	assert_true(utf8proc_map((const utf8proc_uint8_t *)text, 0, &result, UTF8PROC_NULLTERM | form) >= 0);
	assert_true(strlen((char *)result) < TEXT_SIZE);
	memcpy(out, result, strlen((char *)result) + 1);
	free(result);
}

static void other_case(const char *text, utf8proc_int32_t (*change)(utf8proc_int32_t c), char out[TEXT_SIZE])
{
	size_t len = 0;
	uint32_t c;

	for (size_t step; *text && (step = utf8_decode(text, UTF8_MAX, &c)); text += step)
		/* The upper case of an iota subscript is a letter, and that of its letter is not. */
		len += utf8_encode(unicode_kind(c) == UNICODE_ACCENT ? c : (uint32_t)change((utf8proc_int32_t)c), out + len);
	out[len] = '\0';
}

static void a_text_has_the_same_tokens_in_every_form(void **state)
{
	static const utf8proc_option_t forms[] = {UTF8PROC_COMPOSE, UTF8PROC_DECOMPOSE, UTF8PROC_COMPOSE | UTF8PROC_COMPAT,
	                                          UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT};
	const char *given = getenv("SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);

	(void)state;
	print_message("SEED=%u\n", seed);
	srand(seed);
	for (int round = 0; round < 20000; round++) {
		char text[200], other[TEXT_SIZE];
		size_t len = 0;
		struct written written = {.out = BUF(TEXT_SIZE)};

		for (int left = rand() % 12; left; left--)
			len += utf8_encode(any_character(), text + len);
		text[len] = '\0';
		assert_true(tokenize(TOKENS_OF_DOCUMENT, text, len, write_token, &written));
		for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
			normal_form(text, forms[i], other);
			assert_tokens(TOKENS_OF_DOCUMENT, other, false, buf_text(&written.out));
		}
		other_case(text, utf8proc_toupper, other);
		assert_tokens(TOKENS_OF_DOCUMENT, other, false, buf_text(&written.out));
		other_case(text, utf8proc_tolower, other);
		assert_tokens(TOKENS_OF_DOCUMENT, other, false, buf_text(&written.out));
		buf_clear(&written.out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(scripts_without_spaces_are_cut_into_pairs),
	    cmocka_unit_test(what_makes_no_difference_is_folded),
	    cmocka_unit_test(an_emoji_is_a_word_of_its_own),
	    cmocka_unit_test(long_words_and_broken_bytes_are_read_too),
	    cmocka_unit_test(a_text_has_the_same_tokens_in_every_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
