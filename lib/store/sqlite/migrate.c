#include "store/sqlite/migrate.h"

#include <stdio.h>

#include "base/embedded.h"
#include "store/sqlite/connection.h"

#define APPLICATION_ID "1853322084" /* 0x6E777364, "nwsd" */

enum migrate_statement { MIGRATE_VERSION, MIGRATE_ID, MIGRATE_OURS };

/* Databases from before the application_id had these tables under every schema. */
static const char *const sql[] = {
    [MIGRATE_VERSION] = "PRAGMA user_version",
    [MIGRATE_ID] = "PRAGMA application_id",
    [MIGRATE_OURS] = "SELECT CASE application_id WHEN " APPLICATION_ID " THEN 1"
		     " WHEN 0 THEN (SELECT count(*) FROM sqlite_schema) = 0"
		     " OR (SELECT count(*) FROM sqlite_schema WHERE name IN ('volume', 'video_fts')) = 2"
		     " ELSE 0 END FROM pragma_application_id",
};

const struct statements migrate_statements = STATEMENTS(sql);

bool migrate_version(struct store *store, size_t *out, struct error *err)
{
	int64_t version = 0;

	if (!statement_number(statement_use(store, sql[MIGRATE_VERSION]), &version, err))
		return false;
	if (version < 0 || (size_t)version > embedded_migrations.count)
		return error_set(
		    err, ERR_OUTDATED,
		    "the schema (%lld) is newer than this program's (%zu): install the newer newsreel and restart it",
		    (long long)version, embedded_migrations.count);
	*out = (size_t)version;
	return true;
}

bool migrate_check_owner(struct store *store, struct error *err)
{
	int64_t ours;

	return statement_number(statement_use(store, sql[MIGRATE_OURS]), &ours, err) &&
	       (ours ||
	        error_set(
		    err, ERR_INVALID,
		    "this is another program's database: set NEWSREEL_DATA to the folder of newsreel's, or move this file away"));
}

static bool mark_as_ours(struct store *store, struct error *err)
{
	int64_t id;

	return statement_number(statement_use(store, sql[MIGRATE_ID]), &id, err) &&
	       (id || db_run_text(store, "PRAGMA application_id = " APPLICATION_ID, err));
}

/* In a transaction: reads the version again, since another process may have been faster, and applies the next migration. */
static bool apply_next(struct store *store, size_t *version, struct error *err)
{
	char set_version[64];

	if (!migrate_version(store, version, err))
		return false;
	if (*version == embedded_migrations.count)
		return true;
	const struct embedded *migration = &embedded_migrations.items[*version];
	if (!db_run_text(store, migration->text, err))
		return error_wrap(err, "%s", migration->name);
	snprintf(set_version, sizeof(set_version), "PRAGMA user_version = %zu", *version + 1);
	++*version;
	return db_run_text(store, set_version, err);
}

bool migrate(struct store *store, struct error *err)
{
	size_t version = 0;

	if (!migrate_version(store, &version, err))
		return false;
	while (version < embedded_migrations.count) {
		if (!db_run_text(store, "BEGIN IMMEDIATE", err))
			return false;
		if (!apply_next(store, &version, err) || !db_run_text(store, "COMMIT", err)) {
			/* After some failures SQLite has rolled back by itself. */
			sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
			return false;
		}
	}
	return mark_as_ours(store, err);
}

bool store_check_schema(struct store *store, struct error *err)
{
	size_t version = 0;

	if (!migrate_version(store, &version, err))
		return false;
	return version == embedded_migrations.count ||
	       error_set(err, ERR_BUSY, "its schema is not up to date yet: a run of newsreel-fetch sees to that");
}
