#include "store/postgres/migrate.h"

#include <stdlib.h>

#include "base/embedded.h"
#include "store/postgres/connection.h"

enum migrate_statement { MIGRATE_STATE, MIGRATE_VERSION, MIGRATE_RAISE };

/* Of the schema that comes first in search_path: no table at all, ours, another program's. */
enum database_state { DATABASE_EMPTY, DATABASE_OURS, DATABASE_FOREIGN };

static const char *const sql[] = {
    [MIGRATE_STATE] = "SELECT CASE WHEN to_regclass('newsreel') IS NOT NULL THEN 1"
		      " WHEN EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema()) THEN 2 ELSE 0 END",
    [MIGRATE_VERSION] = "SELECT schema FROM newsreel",
    [MIGRATE_RAISE] = "UPDATE newsreel SET schema = ?1",
};

static const char make_table[] = "CREATE TABLE newsreel (schema bigint NOT NULL); INSERT INTO newsreel VALUES (0)";

static int64_t number_of(const struct embedded *migration)
{
	return strtoll(migration->name, NULL, 10);
}

static int64_t newest(void)
{
	return number_of(&embedded_postgres_migrations.items[embedded_postgres_migrations.count - 1]);
}

static bool check_not_newer(int64_t version, struct error *err)
{
	return version <= newest() ||
	       error_set(err, ERR_OUTDATED,
	                 "the schema (%lld) is newer than this program's (%lld): install the newer newsreel and restart it",
	                 (long long)version, (long long)newest());
}

/* *OUT is 0 in an empty database. */
static bool read_version(struct store *store, int64_t *out, struct error *err)
{
	int64_t state = DATABASE_OURS;
	int64_t version = 0;

	if (!store->has_tables && !statement_number(statement_use(store, sql[MIGRATE_STATE]), &state, err))
		return false;
	store->has_tables = state == DATABASE_OURS;
	if (state == DATABASE_FOREIGN)
		return error_set(
		    err, ERR_INVALID,
		    "this is another program's database: name an empty one in NEWSREEL_DATABASE, such as one made by createdb");
	if (state == DATABASE_OURS && !statement_number(statement_use(store, sql[MIGRATE_VERSION]), &version, err))
		return false;
	if (!check_not_newer(version, err))
		return false;
	*out = version;
	return true;
}

static bool apply_after(struct store *store, int64_t version, struct error *err)
{
	for (size_t i = 0; i < embedded_postgres_migrations.count; i++) {
		const struct embedded *migration = &embedded_postgres_migrations.items[i];
		if (number_of(migration) > version && !pg_run_text(store, migration->text, false, err))
			return error_wrap(err, "%s", migration->name);
	}
	return true;
}

/* In a transaction: reads the version again, since another process may have been faster. */
static bool bring_up_to_date(struct store *store, struct error *err)
{
	int64_t version;

	if (!read_version(store, &version, err))
		return false;
	if (version == 0 && !pg_run_text(store, make_table, false, err))
		return false;
	return version == newest() ||
	       (apply_after(store, version, err) && statement_run_ints(store, sql[MIGRATE_RAISE], INTS(newest()), err));
}

bool pg_migrate(struct store *store, struct error *err)
{
	int64_t version;

	if (!read_version(store, &version, err))
		return false;
	if (version == newest())
		return true;
	if (!pg_begin(store, err))
		return false;
	if (bring_up_to_date(store, err))
		return store_commit(store, err);
	store_rollback(store);
	return false;
}

bool store_check_schema(struct store *store, struct error *err)
{
	int64_t version = store->state.schema;
	bool is_read = store->readers > 0 ? check_not_newer(version, err) : read_version(store, &version, err);

	if (!is_read)
		return false;
	return version == newest() ||
	       error_set(err, ERR_BUSY, "its schema is not up to date yet: a run of newsreel-fetch sees to that");
}
