#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/utf8.h"

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

static void an_error_of_no_field_is_its_own_reason(void **state)
{
	struct error err;

	(void)state;
	assert_false(error_set(&err, ERR_CONFLICT, "this key is known already, as number %d", 7));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.field, "");
	assert_string_equal(err.text, "this key is known already, as number 7");
	assert_string_equal(error_reason(&err), err.text);
}

static void an_error_names_its_field_and_value_and_keeps_the_reason_apart(void **state)
{
	struct error err;

	(void)state;
	assert_false(error_set_field(&err, ERR_INVALID, "label", "at most %d characters are allowed", 100));
	assert_string_equal(err.field, "label");
	assert_string_equal(err.text, "label: at most 100 characters are allowed");
	assert_string_equal(error_reason(&err), "at most 100 characters are allowed");

	assert_false(error_set_value(&err, ERR_INVALID, "page_size", "0", "a whole number from 1 to %d is allowed", 100));
	assert_string_equal(err.field, "page_size");
	assert_string_equal(err.text, "page_size=0: a whole number from 1 to 100 is allowed");
	assert_string_equal(error_reason(&err), "a whole number from 1 to 100 is allowed");
}

static void contexts_stand_before_the_reason_and_leave_the_field(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERR_INVALID, "it has 201 characters");
	error_wrap(&err, "not a query");
	error_wrap(&err, "query");
	assert_false(error_about(&err, "query"));
	error_wrap(&err, "line %d", 3);
	assert_string_equal(err.text, "line 3: query: not a query: it has 201 characters");
	assert_string_equal(err.field, "query");
	assert_string_equal(error_reason(&err), "it has 201 characters");
}

static void the_next_error_forgets_the_field(void **state)
{
	struct error err;

	(void)state;
	error_set_field(&err, ERR_INVALID, "label", "too long");
	error_no_memory(&err);
	assert_string_equal(err.field, "");
	assert_string_equal(error_reason(&err), "out of memory");
}

/* Names and values come from strangers. */
static void what_is_too_long_is_cut_at_a_character(void **state)
{
	struct error err;
	char name[3 * 200 + 1] = "";

	(void)state;
	for (int i = 0; i < 200; i++)
		snprintf(name + (size_t)i * 3, sizeof("…"), "…");
	error_set_value(&err, ERR_INVALID, name, name, "no");
	error_wrap(&err, "%s", name);
	assert_true(utf8_is_valid(err.text, strlen(err.text)) && strlen(err.text) < sizeof(err.text));
	assert_true(utf8_is_valid(err.field, strlen(err.field)) && strlen(err.field) < sizeof(err.field));
	assert_int_equal(strncmp(err.field, name, strlen(err.field)), 0);
	assert_string_equal(error_reason(&err), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(errors_are_cut_at_a_character),
	    cmocka_unit_test(errors_quote_anything_as_text),
	    cmocka_unit_test(an_error_of_no_field_is_its_own_reason),
	    cmocka_unit_test(an_error_names_its_field_and_value_and_keeps_the_reason_apart),
	    cmocka_unit_test(contexts_stand_before_the_reason_and_leave_the_field),
	    cmocka_unit_test(the_next_error_forgets_the_field),
	    cmocka_unit_test(what_is_too_long_is_cut_at_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
