/* Whether what follows from other data does. The server looks after its own files: pg_amcheck. */
#include <stdio.h>

#include "store/postgres/statement.h"
#include "store/upkeep/checks.h"

enum { FINDING_SIZE = 131, QUERY_SIZE = 4096 };

/* The first fault, "" without one. */
static bool find(struct store *store, const struct check *check, char found[FINDING_SIZE], struct error *err)
{
	char query[QUERY_SIZE];
	bool row = false;

	snprintf(query, sizeof(query), "%s LIMIT 1", check->fault);
	AUTO(statement_done) struct statement *statement = statement_use_text(store, query);
	if (!statement_step(statement, &row, err))
		return false;
	snprintf(found, FINDING_SIZE, "%s", row ? column_text(statement, 0) : "");
	return true;
}

static bool check_all(struct store *store, struct error *err)
{
	for (int i = 0; i < TABLE_CHECKS; i++) {
		char found[FINDING_SIZE];

		if (!find(store, &table_checks[i], found, err))
			return false;
		if (*found)
			return error_set(err, ERR_INTERNAL, "damaged: %s: %s", found,
			                 table_checks[i].mend ? "run newsreel-fetch --repair" : "restore a backup");
	}
	return true;
}

bool store_check(struct store *store, struct error *err)
{
	if (!store_read_begin(store, err))
		return false;
	bool sound = check_all(store, err);
	store_read_end(store);
	return sound;
}

static bool mend(struct store *store, const struct check *check, struct error *err)
{
	public_change(store);
	return pg_run_text(store, check->mend, true, err);
}

bool store_repair(struct store *store, void (*tell)(void *context, const char *fault), void *context, int64_t *rebuilt,
                  struct error *err)
{
	*rebuilt = 0;
	for (int i = 0; i < TABLE_CHECKS; i++) {
		const struct check *check = &table_checks[i];
		char found[FINDING_SIZE];

		if (!find(store, check, found, err))
			return false;
		if (!*found || !check->mend)
			continue;
		if (!transaction_begin(store, err) || !transaction_end(store, mend(store, check, err), err))
			return error_wrap(err, "cannot rebuild (%s): restore a backup", found);
		tell(context, found);
		++*rebuilt;
	}
	return true;
}
