#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

static void only_whole_characters_are_decoded(void **state)
{
	static const struct {
		const char *bytes;
		size_t len, decoded;
		uint32_t code_point;
	} cases[] = {
	    {"a", 1, 1, 'a'},
	    {"\xc3\xa9x", 3, 2, 0xE9},
	    {"\xe6\x97\xa5", 3, 3, 0x65E5},
	    {"\xf0\x9f\x9a\x80", 4, 4, 0x1F680},
	    {"", 1, 1, 0},
	    {"a", 0, 0, 0},
	    {"\x80", 1, 0, 0},             /* begins nothing */
	    {"\xc3\xa9", 1, 0, 0},         /* cut */
	    {"\xe6\x97", UTF8_MAX, 0, 0},  /* cut by the end of the string */
	    {"\xc0\x80", 2, 0, 0},         /* overlong */
	    {"\xe0\x80\x80", 3, 0, 0},     /* overlong */
	    {"\xed\xa0\x80", 3, 0, 0},     /* a surrogate */
	    {"\xf4\x90\x80\x80", 4, 0, 0}, /* above U+10FFFF */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t code_point = 0;

		assert_int_equal(utf8_decode(cases[i].bytes, cases[i].len, &code_point), cases[i].decoded);
		assert_int_equal(code_point, cases[i].code_point);
	}
}

static void what_is_encoded_decodes_to_itself(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c += c < 0x1000 ? 1 : 0x3FF) {
		char bytes[UTF8_MAX];
		uint32_t decoded = 0;

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		size_t len = utf8_encode(c, bytes);
		assert_int_equal(utf8_decode(bytes, len, &decoded), len);
		assert_int_equal(decoded, c);
	}
}

static void text_is_valid_without_a_nul(void **state)
{
	(void)state;
	assert_true(utf8_is_valid("abc é 日 🚀", 15));
	assert_true(utf8_is_valid("", 0));
	assert_false(utf8_is_valid("a\0b", 3));
	assert_false(utf8_is_valid("eight or more a\0b", 17));
	assert_false(utf8_is_valid("eight or more \xff", 15));
	assert_int_equal(utf8_length("é日🚀a"), 4);
}

static void a_cut_leaves_whole_characters(void **state)
{
	(void)state;
	assert_int_equal(utf8_cut("aé日", 100), 6);
	assert_int_equal(utf8_cut("aé日", 6), 6);
	assert_int_equal(utf8_cut("aé日", 5), 3);
	assert_int_equal(utf8_cut("aé日", 3), 3);
	assert_int_equal(utf8_cut("aé日", 2), 1);
	assert_int_equal(utf8_cut("日", 2), 0);
	assert_int_equal(utf8_cut("", 2), 0);
}

static void control_characters_are_seen(void **state)
{
	(void)state;
	assert_true(utf8_has_control("a\n"));
	assert_true(utf8_has_control("\x7f"));
	assert_true(utf8_has_control("\xc2\x85"));
	assert_false(utf8_has_control("é\xc2\xa0 b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_whole_characters_are_decoded), cmocka_unit_test(what_is_encoded_decodes_to_itself),
	    cmocka_unit_test(text_is_valid_without_a_nul),       cmocka_unit_test(a_cut_leaves_whole_characters),
	    cmocka_unit_test(control_characters_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
