#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text_list.h"
#include "store/coverage.h"
#include "store/queries.h"
#include "store/tracking/settings.h"
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

static void get(struct store *store, int64_t id, struct query *out)
{
	struct error err;

	query_clear(out);
	assert_true(store_query_get(store, id, FIXTURE_NOW, out, &err));
}

static void a_query_has_the_settings_that_were_set_last(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "rocket launch");
	char label[] = "Launches";
	char group[] = "Space";
	AUTO(query_clear) struct query query = {0};
	struct error err;

	get(store, id, &query);
	assert_null(query.settings.label);
	assert_null(query.settings.group);
	assert_string_equal(query_name(&query), "rocket launch");
	int64_t generation;
	int64_t later;
	assert_true(store_generation(store, &generation, &err));
	assert_true(
	    store_query_set_settings(store, id, &(struct query_settings){.label = label, .group = group}, FIXTURE_NOW, &err));
	assert_true(store_generation(store, &later, &err));
	assert_true(later > generation);
	get(store, id, &query);
	assert_string_equal(query_name(&query), "Launches");
	assert_string_equal(query.settings.group, "Space");
	assert_true(store_query_set_settings(store, id, &(struct query_settings){.group = group}, FIXTURE_NOW, &err));
	get(store, id, &query);
	assert_null(query.settings.label);
}

static void what_no_reader_sees_has_none(void **state)
{
	struct store *store = *state;
	const struct query_settings none = {0};
	int64_t id = fixture_query(store, "rocket launch");
	int64_t visitors;
	enum query_added added;
	struct error err;

	assert_true(store_query_add(store, "cats", ORIGIN_VISITOR, 5, FIXTURE_NOW, &visitors, &added, &err));
	assert_true(store_query_set_state(store, id, ENTRY_REMOVED, &err));
	assert_false(store_query_set_settings(store, id, &none, FIXTURE_NOW, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_false(store_query_set_settings(store, visitors, &none, FIXTURE_NOW, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

/* ---- the text ---- */

static bool set_text(struct store *store, int64_t id, const char *text, enum query_coverage coverage, struct error *err)
{
	return store_query_set_text(store, id, text, coverage, err);
}

static void cover(struct store *store, int64_t id)
{
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct interval read = {.since = FIXTURE_NOW - 86400, .until = FIXTURE_NOW, .read_at = FIXTURE_NOW};
	struct error err;

	assert_true(coverage_set(&coverage, &read, &err) && store_coverage_write(store, id, &coverage, FIXTURE_NOW, &err));
}

static void another_text_covers_nothing_yet_unless_it_is_said(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "rocket launch");
	AUTO(query_clear) struct query query = {0};
	struct error err;

	fixture_match(store, id, fixture_save(store, "abcdefghijA", "a", "", NULL, FIXTURE_NOW, SOURCE_SEARCH));
	cover(store, id);
	assert_true(set_text(store, id, "  Rocket   LAUNCH ", COVERAGE_ANEW, &err));
	get(store, id, &query);
	assert_string_equal(query.text, "Rocket LAUNCH");
	assert_int_equal(query.covered_until, FIXTURE_NOW);
	assert_true(set_text(store, id, "rocket launches", COVERAGE_KEPT, &err));
	get(store, id, &query);
	assert_int_equal(query.covered_until, FIXTURE_NOW);
	assert_true(set_text(store, id, "moon", COVERAGE_ANEW, &err));
	get(store, id, &query);
	assert_string_equal(query.text, "moon");
	assert_int_equal(query.covered_until, 0);
	assert_int_equal(query.videos, 1);
	/* The old text is free again. */
	assert_true(fixture_query(store, "rocket launches") != id);
	fixture_check(store);
}

static void a_text_that_is_taken_is_refused(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "rocket launch");
	int64_t other = fixture_query(store, "Moon");
	struct error err;

	assert_false(set_text(store, id, "MOON", COVERAGE_ANEW, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.text, "query=Moon: the query 2 is the same");
	assert_true(store_query_set_state(store, other, ENTRY_REMOVED, &err));
	assert_false(set_text(store, id, "moon", COVERAGE_ANEW, &err));
	assert_string_equal(err.text, "query=Moon: the removed query 2 is the same");
	assert_false(set_text(store, id, "@NASA", COVERAGE_ANEW, &err));
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_false(set_text(store, other, "sun", COVERAGE_ANEW, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	int64_t channel = fixture_query(store, "@NASA");
	assert_false(set_text(store, channel, "nasa", COVERAGE_ANEW, &err));
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
}

static void what_the_variable_names_is_changed_there(void **state)
{
	struct store *store = *state;
	AUTO(text_list_clear) struct text_list texts = {0};
	const struct text_list none = {0};
	AUTO(query_clear) struct query query = {0};
	struct error err;

	assert_true(text_list_add(&texts, "moon", &err));
	assert_true(store_queries_follow_variable(store, &texts, "rocket launch", FIXTURE_NOW, &err));
	assert_false(set_text(store, 1, "sun", COVERAGE_ANEW, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	/* What has left it is the owner's with another text. */
	assert_true(store_queries_follow_variable(store, &none, "rocket launch", FIXTURE_NOW, &err));
	assert_true(set_text(store, 1, "sun", COVERAGE_ANEW, &err));
	get(store, 1, &query);
	assert_int_equal(query.origin, ORIGIN_OWNER);
}

/* ---- time ---- */

static size_t polled(struct store *store)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	struct error err;

	assert_true(store_queries_list(store, QUERIES_ACTIVE, FIXTURE_NOW, &queries, &err));
	return queries.count;
}

static void a_query_is_polled_in_its_time_only(void **state)
{
	struct store *store = *state;
	int64_t id = fixture_query(store, "rocket launch");
	struct query_settings settings = {.starts_at = FIXTURE_NOW + 60, .ends_at = FIXTURE_NOW + 120};
	AUTO(query_clear) struct query query = {0};
	int64_t generation, later;
	struct error err;

	assert_int_equal(polled(store), 1);
	assert_true(store_query_set_settings(store, id, &settings, FIXTURE_NOW, &err));
	assert_int_equal(polled(store), 0);
	get(store, id, &query);
	assert_int_equal(query.period, PERIOD_BEFORE);
	assert_false(query_is_polled(&query));
	assert_true(store_queries_keep_time(store, FIXTURE_NOW + 59, &err));
	assert_int_equal(polled(store), 0);
	assert_true(store_generation(store, &generation, &err));
	assert_true(store_queries_keep_time(store, FIXTURE_NOW + 60, &err));
	assert_int_equal(polled(store), 1);
	assert_true(store_generation(store, &later, &err) && later > generation);
	assert_true(store_queries_keep_time(store, FIXTURE_NOW + 119, &err));
	assert_int_equal(polled(store), 1);
	assert_true(store_generation(store, &generation, &err) && later == generation);
	assert_true(store_queries_keep_time(store, FIXTURE_NOW + 120, &err));
	assert_int_equal(polled(store), 0);
	assert_true(store_query_set_settings(store, id, &(struct query_settings){0}, FIXTURE_NOW + 121, &err));
	assert_int_equal(polled(store), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_query_has_the_settings_that_were_set_last, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_no_reader_sees_has_none, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(another_text_covers_nothing_yet_unless_it_is_said, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_text_that_is_taken_is_refused, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_the_variable_names_is_changed_there, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_query_is_polled_in_its_time_only, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
