#include "store/sqlite/migrate.h"

#include <stdio.h>

#include "base/embedded.h"
#include "store/sqlite/connection.h"

static bool read_version(struct store *store, size_t *out, struct error *err)
{
	sqlite3_stmt *get = NULL;
	bool done =
	    sqlite3_prepare_v2(store->db, "PRAGMA user_version", -1, &get, NULL) == SQLITE_OK && sqlite3_step(get) == SQLITE_ROW;

	if (done)
		*out = (size_t)sqlite3_column_int64(get, 0);
	else
		db_error(store, err);
	sqlite3_finalize(get);
	if (done && *out > embedded_migrations.count)
		return error_set(err, ERR_INVALID, "its schema (%zu) is newer than this program's (%zu): update newsreel", *out,
		                 embedded_migrations.count);
	return done;
}

/* In a transaction: reads the version again, since another process may have been faster, and applies the next migration. */
static bool apply_next(struct store *store, size_t *version, struct error *err)
{
	char set_version[64];

	if (!read_version(store, version, err))
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
	size_t version;

	if (!read_version(store, &version, err))
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
	return true;
}

bool migrate_check(struct store *store, struct error *err)
{
	size_t version;

	if (!read_version(store, &version, err))
		return false;
	return version == embedded_migrations.count || error_set(err, ERR_BUSY, "its schema is not up to date yet");
}
