#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/crypto.h"
#include "base/case_fold.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/timestamp.h"

static void integers_are_strict(void **state)
{
	static const char *const bad[] = {
	    "", "-", "+1", " 1", "1 ", "1.0", "0x1", "1e3", "9223372036854775808", "-9223372036854775809", "٣"};
	int64_t number = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_int(bad[i], INT64_MIN, INT64_MAX, &number));
	assert_int_equal(number, 7);
	assert_true(text_int("9223372036854775807", INT64_MIN, INT64_MAX, &number));
	assert_true(number == INT64_MAX);
	assert_true(text_int("-9223372036854775808", INT64_MIN, INT64_MAX, &number));
	assert_true(number == INT64_MIN);
	assert_true(text_int("007", 1, 10, &number));
	assert_false(text_int("11", 1, 10, &number));
}

static void utf8_is_checked_and_repaired(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *repaired; /* NULL = fine as it is */
	} cases[] = {
	    {"abc é 日 🚀", 15, NULL},
	    {"\xff", 1, "\xEF\xBF\xBD"},
	    {"a\xc3", 2, "a\xEF\xBF\xBD"},
	    {"\xc0\x80", 2, "\xEF\xBF\xBD\xEF\xBF\xBD"},
	    {"\xed\xa0\x80", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
	    {"\xf4\x90\x80\x80", 4, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
	    {"a\0b", 3,
	     "a\xEF\xBF\xBD"
	     "b"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(text_free) char *repaired = NULL;
		struct error err;

		assert_int_equal(utf8_is_valid(cases[i].bytes, cases[i].len), cases[i].repaired == NULL);
		assert_true(text_repair(cases[i].bytes, cases[i].len, &repaired, &err));
		assert_string_equal(repaired, cases[i].repaired ? cases[i].repaired : cases[i].bytes);
		assert_true(utf8_is_valid(repaired, strlen(repaired)));
	}
}

static void folding_makes_equal_what_reads_equal(void **state)
{
	static const struct {
		const char *text, *folded;
	} cases[] = {{"  Rocket \t\n Launch ", "rocket launch"},
	             {"ÉCLAIR Ω Ж", "éclair ω ж"},
	             {"日本\u3000東京", "日本 東京"},
	             {"", ""},
	             {" \u00A0 ", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(text_free) char *folded = NULL;
		struct error err;

		assert_true(case_fold(cases[i].text, &folded, &err));
		assert_string_equal(folded, cases[i].folded);
	}
}

static void control_characters_are_seen(void **state)
{
	(void)state;
	assert_true(utf8_has_control("a\n"));
	assert_true(utf8_has_control("\x7f"));
	assert_true(utf8_has_control("\xc2\x85"));
	assert_false(utf8_has_control("é\xc2\xa0 b"));
	assert_int_equal(utf8_length("é日🚀a"), 4);
}

static void buffers_remember_their_failure(void **state)
{
	AUTO(buf_clear) struct buf b = BUF(10);
	struct error err;

	(void)state;
	buf_add_text(&b, "0123456789");
	assert_true(buf_ok(&b, &err));
	buf_add_char(&b, 'x');
	buf_add_text(&b, "");
	assert_false(buf_ok(&b, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_string_equal(buf_text(&b), "0123456789");
	buf_reset(&b);
	buf_printf(&b, "%d-%s", 42, "abc");
	buf_add_int(&b, -7);
	assert_true(buf_ok(&b, &err));
	assert_string_equal(buf_text(&b), "42-abc-7");
	AUTO(buf_clear) struct buf numbers = BUF(100);
	buf_add_int(&numbers, INT64_MIN);
	assert_string_equal(buf_text(&numbers), "-9223372036854775808");
}

static void errors_are_cut_at_a_character(void **state)
{
	struct error err;
	char text[400];

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "é", 2);
	text[sizeof(text) - 2] = '\0';
	assert_false(error_set(&err, ERR_BUSY, "%s", text));
	assert_true(utf8_is_valid(err.text, strlen(err.text)));
	assert_false(error_wrap(&err, "outer %d", 1));
	assert_int_equal(err.code, ERR_BUSY);
	assert_int_equal(strncmp(err.text, "outer 1: é", 11), 0);
	assert_true(utf8_is_valid(err.text, strlen(err.text)));
}

static void errors_quote_anything_as_text(void **state)
{
	struct error err;

	(void)state;
	assert_false(error_set(&err, ERR_INVALID, "'%s': %.3s is \xF0\x9F\x9A\x80, not \xE2\x82", "a\xFF\xC3xb", "éé"));
	assert_string_equal(err.text, "'a??xb': é? is \xF0\x9F\x9A\x80, not ??");
	assert_false(error_wrap(&err, "in %.1s", "é"));
	assert_int_equal(strncmp(err.text, "in ?: 'a??xb'", 13), 0);
}

static void json_from_outside_is_bounded(void **state)
{
	AUTO(buf_clear) struct buf deep = BUF(10000);
	AUTO(json_free) cJSON *json = NULL;
	struct error err;
	int64_t number;

	(void)state;
	for (int i = 0; i < 2000; i++)
		buf_add_char(&deep, '[');
	assert_false(json_parse(buf_text(&deep), deep.len, &json, &err));
	assert_non_null(strstr(err.text, "deep"));
	static const char text[] = "{\"a\": \"12\", \"b\": 12, \"c\": 1.5, \"d\": 1e300, \"e\": \"x\", \"f\": null, \"A\": 1}";
	assert_true(json_parse(text, strlen(text), &json, &err));
	assert_true(json_int(json, "a", &number) && number == 12);
	assert_true(json_int(json, "b", &number) && number == 12);
	assert_false(json_int(json, "c", &number));
	assert_false(json_int(json, "d", &number));
	assert_false(json_int(json, "e", &number));
	assert_false(json_int(json, "f", &number));
	assert_null(json_text(json, "b"));
	assert_null(json_text(NULL, "b"));
}

static void secrets_are_masked_and_compared_whole(void **state)
{
	char mask[CRYPTO_MASK_SIZE];
	char one[65], two[65];
	struct error err;

	(void)state;
	crypto_mask("AIzaSyA1234567890123456789x4Qk", mask);
	assert_string_equal(mask, "AIza…x4Qk");
	crypto_mask("short", mask);
	assert_string_equal(mask, "…");
	assert_true(crypto_equal("abc", "abc"));
	assert_false(crypto_equal("abc", "abcd"));
	assert_false(crypto_equal("abc", ""));
	assert_true(crypto_random_hex(32, one, &err) && crypto_random_hex(32, two, &err));
	assert_int_equal(strlen(one), 64);
	assert_string_not_equal(one, two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(integers_are_strict),
	    cmocka_unit_test(utf8_is_checked_and_repaired),
	    cmocka_unit_test(folding_makes_equal_what_reads_equal),
	    cmocka_unit_test(control_characters_are_seen),
	    cmocka_unit_test(buffers_remember_their_failure),
	    cmocka_unit_test(errors_are_cut_at_a_character),
	    cmocka_unit_test(errors_quote_anything_as_text),
	    cmocka_unit_test(json_from_outside_is_bounded),
	    cmocka_unit_test(secrets_are_masked_and_compared_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
