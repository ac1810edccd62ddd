#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/fts_search.h"
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

static void expect_plan(struct store *store, const struct statement_shape *shape)
{
	AUTO(buf_clear) struct buf sql = BUF(16 * 1024);
	sqlite3_stmt *plan = NULL;
	int steps = 0;

	buf_add_text(&sql, "EXPLAIN QUERY PLAN ");
	search_statement_write(shape, &fts_dialect, &sql);
	if (sqlite3_prepare_v2(store->db, buf_text(&sql), -1, &plan, NULL) != SQLITE_OK)
		fail_msg("%s: %s", buf_text(&sql), sqlite3_errmsg(store->db));
	for (; sqlite3_step(plan) == SQLITE_ROW; steps++) {
		const char *step = (const char *)sqlite3_column_text(plan, 3);
		bool scan = strncmp(step, "SCAN ", 5) == 0 && !strstr(step, "VIRTUAL TABLE") && strcmp(step, "SCAN k") != 0 &&
		            !strstr(step, "CONSTANT");

		if (scan || strstr(step, "TEMP B-TREE"))
			fail_msg("%s\n%s", buf_text(&sql), step);
	}
	assert_true(steps > 0);
	sqlite3_finalize(plan);
}

/* No list sorts, and none reads a whole table to find its page: every combination that filters, orders and counts can lead to. */
static void every_list_scans_in_order(void **state)
{
	struct store *store = *state;
	int shapes = 0;

	for (int by_match = 0; by_match < 2; by_match++)
		for (unsigned predicates = 0; predicates < 1024; predicates++) {
			struct statement_shape shape = {.result = predicates % 2 ? LIST_NEWEST : LIST_OLDEST,
			                                .first = {by_match ? PATH_QUERY_RECORDED : PATH_RECORDED,
			                                          predicates & ~(unsigned)PREDICATE_PHRASES},
			                                .length = 1 + predicates % (LENGTH_COUNT - 1)};

			expect_plan(store, &shape);
		}
	for (enum list_result result = 0; result < LIST_RESULT_COUNT; result++)
		for (enum access_path first = PATH_ALL; first <= PATH_MATCHES; first++)
			for (unsigned predicates = 0; predicates < 256; predicates++)
				for (enum access_path second = PATH_NONE; second < PATH_MATCHES; second++) {
					struct statement_shape shape = {
					    .result = result,
					    .first = {first, predicates | (predicates % 3 ? 0 : (unsigned)PREDICATE_RECORDED)},
					    .second = {second, predicates & ~(unsigned)(PREDICATE_MATCH | PREDICATE_PHRASES)},
					    .of_query = predicates % 2,
					    .excludes_channels = predicates % 3 == 1,
					    .of_language = predicates % 5 == 1,
					    .length = 1 + predicates % (LENGTH_COUNT - 1)};

					if (result == LIST_COUNT)
						shape.first.predicates = predicates;
					if (((result == LIST_WEIGHTED || predicates & PREDICATE_PHRASES) &&
					     first != PATH_MATCHES) ||
					    (result == LIST_COUNT && predicates))
						continue;
					if (second == PATH_SAME_TEXT) /* of a visitor request */
						shape.third = (struct scan){PATH_VISITORS, predicates & PREDICATE_ROW};
					expect_plan(store, &shape);
					shape.bounded = true;
					expect_plan(store, &shape);
					shapes += 2;
				}
	assert_true(shapes > 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(every_list_scans_in_order, set_up, tear_down)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
