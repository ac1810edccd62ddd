/*
 * New databases for tests. SQLite takes a tenth of a second and more to go through all migrations, since it reads the whole schema
 * again after each change of a table. Tests of other things than migrations are linked with __wrap_migrate() in the place of migrate()
 * (see the Makefile): only the first new database of a program goes through them, every other one becomes a copy of it.
 */
#include <pthread.h>
#include <stdlib.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/migrate.h"

MUST_USE bool __real_migrate(struct store *store, struct error *err);
MUST_USE bool __wrap_migrate(struct store *store, struct error *err);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite3 *template; /* in memory, as long as the program runs; NULL until there is one */

static bool copy(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");

	return backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE && sqlite3_backup_finish(backup) == SQLITE_OK;
}

static void keep_template(struct store *store)
{
	if (sqlite3_open(":memory:", &template) != SQLITE_OK || !copy(store->db, template))
		abort();
}

static bool migrate_or_copy(struct store *store, struct error *err)
{
	size_t version;

	if (!migrate_version(store, &version, err))
		return false;
	if (version == 0 && template)
		return copy(template, store->db) || db_error(store, err);
	if (!__real_migrate(store, err))
		return false;
	if (version == 0)
		keep_template(store);
	return true;
}

bool __wrap_migrate(struct store *store, struct error *err)
{
	pthread_mutex_lock(&lock);
	bool done = migrate_or_copy(store, err);
	pthread_mutex_unlock(&lock);
	return done;
}
