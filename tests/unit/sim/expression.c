/* Searches with operators, and how differently they can be taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/world/world.h"

enum { NOW = 1795341600 };

static bool matches(const char *query, enum operators operators, const char *title)
{
	return expression_matches(query, operators, title, "");
}

static void each_side_of_a_union_is_a_search(void **state)
{
	(void)state;
	assert_true(matches("red cat|blue dog", OPERATORS_UNION, "a dog in blue"));
	assert_true(matches("red cat|blue dog", OPERATORS_UNION, "the cat is red"));
	assert_false(matches("red cat|blue dog", OPERATORS_UNION, "a red dog"));
	assert_true(matches("cat -red|dog", OPERATORS_UNION, "a red dog"));
	assert_false(matches("cat -red|dog", OPERATORS_UNION, "a red cat"));
	assert_false(matches("-red", OPERATORS_UNION, "a blue cat"));
}

static void a_tight_bar_joins_two_words_and_a_minus_is_for_all(void **state)
{
	(void)state;
	assert_true(matches("red cat|blue dog", OPERATORS_TIGHT, "a dog in blue and red"));
	assert_false(matches("red cat|blue dog", OPERATORS_TIGHT, "a dog in blue"));
	assert_false(matches("cat -red|dog", OPERATORS_TIGHT, "a red dog"));
	assert_true(matches("cat|dog|bird", OPERATORS_TIGHT, "one bird"));
	assert_true(matches("\"red cat\"|\"blue dog\"", OPERATORS_TIGHT, "a blue dog"));
	assert_false(matches("\"red cat\"|\"blue dog\"", OPERATORS_TIGHT, "a dog in blue"));
}

static void of_few_only_two_sides_count(void **state)
{
	(void)state;
	assert_true(matches("cat|dog|bird", OPERATORS_FEW, "one dog"));
	assert_false(matches("cat|dog|bird", OPERATORS_FEW, "one bird"));
}

static void descriptions_count_as_titles_do(void **state)
{
	(void)state;
	assert_true(expression_matches("cat|dog", OPERATORS_UNION, "animals", "a dog"));
	assert_false(expression_matches("cat -dog", OPERATORS_TIGHT, "a cat", "and a dog"));
}

static size_t count(struct world *world, const char *query)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;

	assert_true(world_search(world, query, NOW - 86400, NOW, NOW, &hits, &err));
	return hits.count;
}

static void a_world_answers_them(void **state)
{
	struct world_options options = {.seed = 3, .rate_per_day = 100, .operators = OPERATORS_UNION};
	AUTO(world_close) struct world *world = NULL;
	struct error err;

	(void)state;
	assert_true(world_open(&options, &world, &err));
	size_t cats = count(world, "cats");
	size_t dogs = count(world, "big dogs");
	assert_true(cats > 50 && dogs > 50);
	assert_int_equal(count(world, "cats|\"big dogs\""), cats + dogs);
	assert_int_equal(count(world, "\"big dogs\""), dogs);
	assert_int_equal(count(world, "cats|big dogs|submarines"), cats + dogs);
	assert_in_range(count(world, "cats -berlin"), 1, cats - 1);
}

static void without_them_a_bar_is_a_character(void **state)
{
	struct world_options options = {.seed = 3, .rate_per_day = 100};
	AUTO(world_close) struct world *world = NULL;
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;

	(void)state;
	assert_true(world_open(&options, &world, &err));
	assert_true(world_search(world, "cats|dogs", NOW - 86400, NOW, NOW, &hits, &err));
	assert_true(hits.count > 50);
	assert_true(world_tell(world, NOW, &hits.items[0], &err));
	assert_non_null(strstr(hits.items[0].title, "|"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_side_of_a_union_is_a_search),
	    cmocka_unit_test(a_tight_bar_joins_two_words_and_a_minus_is_for_all),
	    cmocka_unit_test(of_few_only_two_sides_count),
	    cmocka_unit_test(descriptions_count_as_titles_do),
	    cmocka_unit_test(a_world_answers_them),
	    cmocka_unit_test(without_them_a_bar_is_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
