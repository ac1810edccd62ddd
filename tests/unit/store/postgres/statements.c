/* The nouns' statements on PostgreSQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "store/postgres/connection.h"
#include "tests/support/statements.h"
#include "tests/support/store_fixture.h"

/* Of parameters whose types the binding tells. */
static bool is_known_later(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	/* indeterminate_datatype, ambiguous_parameter */
	return state && (strcmp(state, "42P18") == 0 || strcmp(state, "42P08") == 0);
}

static void every_statement_can_be_prepared(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	int faults = 0;

	(void)state;
	for (size_t noun = 0; noun < NOUN_STATEMENTS_COUNT; noun++)
		for (size_t i = 0; i < noun_statements[noun]->count; i++) {
			struct statement *statement = statement_use(store, noun_statements[noun]->sql[i]);
			PGresult *result = PQprepare(store->db, "", statement->text, 0, NULL);

			if (PQresultStatus(result) != PGRES_COMMAND_OK && !is_known_later(result)) {
				print_error("%s%s\n", PQresultErrorMessage(result), statement->text);
				faults++;
			}
			PQclear(result);
		}
	assert_int_equal(faults, 0);
}

/* Of columns that triggers check in place of the table. */
static void what_a_column_cannot_hold_is_refused(void **state)
{
	static const char *const wrong[] = {
	    "UPDATE meta SET id = 2",
	    "UPDATE query SET origin = 4",
	    "UPDATE query SET entry_state = -1",
	    "UPDATE query SET in_config = 2",
	    "UPDATE query SET follow_channels = 2",
	    "UPDATE query SET source = 2",
	    "UPDATE query SET priority = 3",
	    "UPDATE query SET in_period = 2",
	    "UPDATE query SET hide_shorts = 2",
	    "UPDATE video SET kind = 4",
	    "UPDATE video SET description_cut = 2",
	    "INSERT INTO query (text, folded, origin, entry_state, in_config, created_at) VALUES ('a', 'a', 4, 0, 0, 0)",
	};
	AUTO(store_close) struct store *store = fixture_store();

	(void)state;
	fixture_query(store, "rocket");
	fixture_save(store, "aaaaaaaaaaA", "A launch", "of a rocket", "Channel", FIXTURE_NOW, SOURCE_SEARCH);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error err = {0};

		assert_false(statement_run(statement_use(store, wrong[i]), &err));
		if (!strstr(err.text, "violates"))
			fail_msg("%s: %s", wrong[i], err.text);
	}
	fixture_run(store, "UPDATE query SET origin = 3, entry_state = 3, priority = 2, hide_shorts = 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_statement_can_be_prepared),
	    cmocka_unit_test(what_a_column_cannot_hold_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
