#include "store/sqlite/files/copy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/migrate.h"

enum { STEP_PAGES = 4096 };

/* ---- files ---- */

bool copy_path(const char *path, const char *suffix, char out[COPY_PATH_SIZE], struct error *err)
{
	int len = snprintf(out, COPY_PATH_SIZE, "%s%s", path, suffix);

	return (len >= 0 && len < COPY_PATH_SIZE) || error_set(err, ERR_INVALID, "path too long");
}

void copy_remove(const char *path)
{
	static const char *const suffixes[] = {"", "-journal", "-wal", "-shm"};
	char beside[COPY_PATH_SIZE];
	struct error ignored;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (copy_path(path, suffixes[i], beside, &ignored))
			unlink(beside);
}

/* ---- what the file is ---- */

static bool check_kind(struct store *store, struct error *err)
{
	size_t version;

	if (!migrate_check_owner(store, err))
		return err->code == ERR_INVALID ? error_set(err, ERR_INVALID, "another program's database, not newsreel's")
		                                : false;
	return migrate_version(store, &version, err) &&
	       (version > 0 || error_set(err, ERR_INVALID, "not a database of newsreel's"));
}

bool copy_open_source(const char *path, struct store **out, struct error *err)
{
	AUTO(store_close) struct store *store = NULL;

	if (access(path, F_OK) != 0)
		return file_error(err, path, errno);
	if (!connection_open(path, STORE_READ, &store, err))
		return false;
	if (!check_kind(store, err))
		return error_wrap(err, "%s", path);
	*out = store;
	store = NULL;
	return true;
}

/* ---- copying ---- */

static void tell(const struct backup_progress *progress, sqlite3_backup *copy)
{
	int total = sqlite3_backup_pagecount(copy);

	if (progress->tell)
		progress->tell(progress->context, total - sqlite3_backup_remaining(copy), total);
}

static bool copy_pages(struct store *from, struct store *to, const struct backup_progress *progress, struct error *err)
{
	sqlite3_backup *copy = sqlite3_backup_init(to->db, "main", from->db, "main");
	int code = copy ? SQLITE_OK : SQLITE_ERROR;

	while (code == SQLITE_OK) {
		code = sqlite3_backup_step(copy, STEP_PAGES);
		tell(progress, copy);
	}
	/* Gives the connection the error of the steps. */
	sqlite3_backup_finish(copy);
	return code == SQLITE_DONE || db_error(to, err);
}

/* The reader's transaction keeps what is copied as it was when it began: others write on, into the WAL, and no step has to begin anew. The
 * new file is nobody's yet: it needs no journal, and is synced when it is whole. */
static bool fill(struct store *from, const char *path, const struct backup_progress *progress, struct error *err)
{
	AUTO(store_close) struct store *to = NULL;

	if (!connection_open(path, STORE_CREATE, &to, err) ||
	    !db_run_text(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", err) ||
	    !db_run_text(from, "BEGIN; SELECT count(*) FROM sqlite_schema", err))
		return false;
	bool done = copy_pages(from, to, progress, err);
	sqlite3_exec(from->db, "ROLLBACK", NULL, NULL, NULL);
	return done;
}

/* ---- verifying ---- */

static bool check_pages(struct store *store, struct error *err)
{
	sqlite3_stmt *check = NULL;
	int code = sqlite3_prepare_v2(store->db, "SELECT quick_check FROM pragma_quick_check(1)", -1, &check, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(check);
	const char *found = code == SQLITE_ROW ? (const char *)sqlite3_column_text(check, 0) : NULL;
	bool sound = found && strcmp(found, "ok") == 0;
	if (found && !sound)
		error_set(err, ERR_INTERNAL, "damaged: %s", found);
	else if (!sound)
		db_error(store, err);
	sqlite3_finalize(check);
	return sound;
}

/* The copy says that it has a WAL, as its source; without one it is a single file, and may be read where nothing can be written. */
static bool verify(const char *path, struct error *err)
{
	AUTO(store_close) struct store *store = NULL;

	return connection_open(path, STORE_WRITE, &store, err) &&
	       db_run_text(store,
	                   "PRAGMA locking_mode = EXCLUSIVE; SELECT count(*) FROM sqlite_schema; PRAGMA journal_mode = DELETE",
	                   err) &&
	       check_kind(store, err) && check_pages(store, err);
}

bool copy_verified(struct store *from, const char *path, const struct backup_progress *progress, struct error *err)
{
	copy_remove(path);
	if (fill(from, path, progress, err) && verify(path, err))
		return true;
	copy_remove(path);
	return false;
}
