#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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
	assert_true(store_query_set_settings(store, id, &(struct query_settings){.label = label, .group = group}, &err));
	assert_true(store_generation(store, &later, &err));
	assert_true(later > generation);
	get(store, id, &query);
	assert_string_equal(query_name(&query), "Launches");
	assert_string_equal(query.settings.group, "Space");
	assert_true(store_query_set_settings(store, id, &(struct query_settings){.group = group}, &err));
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
	assert_false(store_query_set_settings(store, id, &none, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_false(store_query_set_settings(store, visitors, &none, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_query_has_the_settings_that_were_set_last, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_no_reader_sees_has_none, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
