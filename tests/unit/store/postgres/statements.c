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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_statement_can_be_prepared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
