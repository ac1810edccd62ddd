#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"
#include "base/text_list.h"
#include "store/queries.h"
#include "tests/support/store_fixture.h"

static int set_up(void **state)
{
	*state = fixture_store();
	return 0;
}

static int tear_down(void **state)
{
	struct store *store = *state;

	store_close(&store);
	return 0;
}

static struct query_list list(struct store *store, enum query_scope scope)
{
	struct query_list queries = {0};
	struct error err;

	assert_true(store_queries_list(store, scope, FIXTURE_NOW, &queries, &err));
	return queries;
}

/* A look at a variable that names these texts, separated by ';'. */
static void follow(struct store *store, const char *variable)
{
	AUTO(text_list_clear) struct text_list texts = {0};
	struct error err;

	assert_true(text_list_split(variable, ';', &texts, &err));
	assert_true(store_queries_follow_variable(store, &texts, "rocket launch", FIXTURE_NOW, &err));
}

/* "text:state:origin …" of the public queries */
static void assert_queries(struct store *store, const char *expected)
{
	AUTO(query_list_clear) struct query_list queries = list(store, QUERIES_PUBLIC);
	char shown[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < queries.count; i++)
		len += (size_t)snprintf(shown + len, sizeof(shown) - len, "%s%s:%s:%s", i ? " " : "", queries.items[i].text,
		                        query_state_name(&queries.items[i]), origin_name(queries.items[i].origin));
	assert_string_equal(shown, expected);
}

static enum query_added add(struct store *store, const char *text, enum origin origin, int64_t *id)
{
	enum query_added added;
	struct error err;

	assert_true(store_query_add(store, text, origin, 5, FIXTURE_NOW, id, &added, &err));
	return added;
}

static void remove_query(struct store *store, int64_t id)
{
	struct error err;

	assert_true(store_query_set_state(store, id, ENTRY_REMOVED, &err));
}

static void the_variable_is_taken_over_once(void **state)
{
	struct store *store = *state;

	follow(store, "cats; Dogs ;CATS");
	assert_queries(store, "cats:active:environment Dogs:active:environment");
	remove_query(store, 1);
	follow(store, "cats;dogs");
	assert_queries(store, "Dogs:active:environment"); /* removed stays removed */
	follow(store, "dogs");
	follow(store, "dogs;cats");
	assert_queries(store, "cats:active:environment Dogs:active:environment"); /* it left and came back */
}

static void what_left_the_variable_is_paused(void **state)
{
	struct store *store = *state;
	int64_t id;

	follow(store, "cats;dogs");
	follow(store, "dogs");
	assert_queries(store, "cats:paused:environment dogs:active:environment");
	follow(store, "cats;dogs");
	assert_queries(store, "cats:active:environment dogs:active:environment");
	/* What the owner added by hand does not depend on the variable. */
	add(store, "birds", ORIGIN_OWNER, &id);
	follow(store, "birds");
	follow(store, "");
	assert_queries(store, "cats:paused:environment dogs:paused:environment birds:active:owner");
}

static void the_default_is_there_until_the_variable_names_others(void **state)
{
	struct store *store = *state;
	int64_t id;

	follow(store, "");
	assert_queries(store, "rocket launch:active:default");
	add(store, "cats", ORIGIN_OWNER, &id);
	follow(store, "");
	assert_queries(store, "rocket launch:active:default cats:active:owner");
	follow(store, "dogs");
	assert_queries(store, "rocket launch:paused:default cats:active:owner dogs:active:environment");
}

static void a_removed_default_stays_removed(void **state)
{
	struct store *store = *state;

	follow(store, "");
	remove_query(store, 1);
	follow(store, "");
	assert_queries(store, "");
}

static void the_same_text_is_the_same_query(void **state)
{
	struct store *store = *state;
	int64_t first, again;

	assert_int_equal(add(store, "  Solar   Eclipse ", ORIGIN_OWNER, &first), QUERY_ADDED);
	assert_int_equal(add(store, "solar eclipse", ORIGIN_OWNER, &again), QUERY_KNOWN);
	assert_int_equal(first, again);
	assert_int_equal(add(store, "ÉCLAIR", ORIGIN_OWNER, &first), QUERY_ADDED);
	assert_int_equal(add(store, "éclair", ORIGIN_OWNER, &again), QUERY_KNOWN);
	assert_int_equal(first, again);
	assert_int_equal(add(store, "e\u0301clair", ORIGIN_OWNER, &again), QUERY_KNOWN);
	assert_int_equal(first, again);
	assert_int_equal(add(store, "Eclair\u200B", ORIGIN_OWNER, &again), QUERY_KNOWN);
	assert_int_equal(first, again);
	assert_queries(store, "Solar Eclipse:active:owner ÉCLAIR:active:owner");
	/* Strokes and points tell queries apart, and so do the signs that YouTube reads. */
	assert_int_equal(add(store, "dor", ORIGIN_OWNER, &first), QUERY_ADDED);
	assert_int_equal(add(store, "đor", ORIGIN_OWNER, &again), QUERY_ADDED);
	assert_int_equal(add(store, "-dor", ORIGIN_OWNER, &again), QUERY_ADDED);
}

static void visitors_are_limited_and_forgotten(void **state)
{
	struct store *store = *state;
	enum query_added added;
	struct error err;
	int64_t id;

	for (int i = 0; i < 5; i++) {
		char text[32];

		snprintf(text, sizeof(text), "visitor %d", i);
		assert_int_equal(add(store, text, ORIGIN_VISITOR, &id), QUERY_ADDED);
	}
	assert_false(store_query_add(store, "one more", ORIGIN_VISITOR, 5, FIXTURE_NOW, &id, &added, &err));
	assert_int_equal(err.code, ERR_TOO_MANY);
	assert_queries(store, "");
	AUTO(query_list_clear) struct query_list active = list(store, QUERIES_ACTIVE);
	assert_int_equal(active.count, 5);
	/* The one that somebody posts again lives on. */
	assert_true(store_query_add(store, "visitor 3", ORIGIN_VISITOR, 5, FIXTURE_NOW + 100, &id, &added, &err));
	assert_true(store_queries_expire_visitors(store, FIXTURE_NOW + 50, &err));
	AUTO(query_list_clear) struct query_list left = list(store, QUERIES_ACTIVE);
	assert_int_equal(left.count, 1);
	assert_string_equal(left.items[0].text, "visitor 3");
}

static void there_is_a_limit_to_queries(void **state)
{
	struct store *store = *state;
	enum query_added added;
	struct error err;
	int64_t id;

	assert_true(store_begin(store, &err));
	for (int i = 0; i < QUERY_COUNT_MAX; i++) {
		char text[32];

		snprintf(text, sizeof(text), "query %d", i);
		add(store, text, ORIGIN_OWNER, &id);
	}
	assert_true(store_commit(store, &err));
	assert_false(store_query_add(store, "one more", ORIGIN_OWNER, 5, FIXTURE_NOW, &id, &added, &err));
	assert_int_equal(err.code, ERR_TOO_MANY);
}

static void videos_of_today_are_counted(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "cats");
	AUTO(query_clear) struct query query = {0};
	struct error err;

	fixture_match(store, id, fixture_save(store, "aaaaaaaaaaA", "today", "", NULL, FIXTURE_NOW, SOURCE_SEARCH));
	fixture_match(store, id, fixture_save(store, "aaaaaaaaaaE", "yesterday", "", NULL, FIXTURE_NOW - 86400, SOURCE_SEARCH));
	assert_true(store_query_get(store, id, FIXTURE_NOW, &query, &err));
	assert_int_equal(query.videos, 2);
	assert_int_equal(query.videos_today, 1);
	assert_int_equal(query.newest_at, FIXTURE_NOW);
}

static void the_owner_sees_and_drops_what_visitors_asked_for(void **state)
{
	struct store *store = *state;
	AUTO(query_clear) struct query query = {0};
	int64_t cats, dogs, mine;
	struct error err;

	add(store, "mine", ORIGIN_OWNER, &mine);
	add(store, "cats", ORIGIN_VISITOR, &cats);
	add(store, "dogs", ORIGIN_VISITOR, &dogs);
	AUTO(query_list_clear) struct query_list visitors = list(store, QUERIES_VISITORS);
	assert_int_equal(visitors.count, 2);
	assert_string_equal(visitors.items[0].text, "dogs");
	assert_int_equal(visitors.items[0].posted_at, FIXTURE_NOW);
	assert_true(store_query_drop(store, dogs, &err));
	assert_false(store_query_drop(store, dogs, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_false(store_query_drop(store, mine, &err));
	AUTO(query_list_clear) struct query_list left = list(store, QUERIES_VISITORS);
	assert_int_equal(left.count, 1);
	/* A removed one is found by its id, and listed only while it has videos. */
	assert_true(store_query_get_any(store, dogs, FIXTURE_NOW, &query, &err));
	assert_int_equal(query.entry_state, ENTRY_REMOVED);
	AUTO(query_list_clear) struct query_list removed = list(store, QUERIES_REMOVED);
	assert_int_equal(removed.count, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_variable_is_taken_over_once),
	    CASE(what_left_the_variable_is_paused),
	    CASE(the_default_is_there_until_the_variable_names_others),
	    CASE(a_removed_default_stays_removed),
	    CASE(the_same_text_is_the_same_query),
	    CASE(visitors_are_limited_and_forgotten),
	    CASE(there_is_a_limit_to_queries),
	    CASE(videos_of_today_are_counted),
	    CASE(the_owner_sees_and_drops_what_visitors_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
