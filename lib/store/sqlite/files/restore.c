#include "store/files/backup.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/files/backup_log.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/files/copy.h"

/* Migrates the copy, while it is still nobody's, and leaves a single file. */
static bool prepare(const char *path, int64_t now, struct error *err)
{
	AUTO(store_close) struct store *store = NULL;

	return store_open(path, STORE_CREATE, &store, err) && store_backup_log_restored(store, now, err) &&
	       db_run_text(store, "PRAGMA journal_mode = DELETE", err);
}

static bool copy_and_prepare(const char *path, const char *draft, int64_t now, const struct backup_progress *progress,
                             struct error *err)
{
	AUTO(store_close) struct store *store = NULL;

	return copy_open_source(path, &store, err) &&
	       (copy_verified(store, draft, progress, err) || error_wrap(err, "%s", path)) && prepare(draft, now, err);
}

/* The WAL of the database at LOCATION, which belongs to it alone, goes with it; an empty one is of no use. */
static bool move_wal(const char *location, const char *to, struct error *err)
{
	char wal[COPY_PATH_SIZE], wal_there[COPY_PATH_SIZE], shared[COPY_PATH_SIZE];
	struct stat file;

	if (!copy_path(location, "-wal", wal, err) || !copy_path(to, "-wal", wal_there, err) ||
	    !copy_path(location, "-shm", shared, err))
		return false;
	bool empty = stat(wal, &file) == 0 && file.st_size == 0;
	if ((empty ? unlink(wal) : rename(wal, wal_there)) != 0 && errno != ENOENT)
		return file_error(err, wal_there, errno);
	return unlink(shared) == 0 || errno == ENOENT || file_error(err, shared, errno);
}

/* Until another one comes, the database before keeps its name too. */
static bool take_place(const char *draft, const char *location, const char *aside, bool *kept, struct error *err)
{
	struct error ignored;

	*kept = link(location, aside) == 0;
	if (!*kept && errno != ENOENT)
		return file_error(err, aside, errno);
	if (move_wal(location, aside, err) && file_replace(draft, location, err))
		return true;
	if (move_wal(aside, location, &ignored) && *kept)
		unlink(aside);
	return false;
}

bool store_restore(const char *path, const char *location, const char *aside, int64_t now, const struct backup_progress *progress,
                   bool *kept, struct error *err)
{
	AUTO(store_close) struct store *store = NULL;
	char draft[COPY_PATH_SIZE];

	if (!copy_path(location, ".restore", draft, err))
		return false;
	bool done = copy_and_prepare(path, draft, now, progress, err) && file_is_unused(location, err) &&
	            take_place(draft, location, aside, kept, err);
	copy_remove(draft); /* or what SQLite has left beside it */
	return done && store_open(location, STORE_CREATE, &store, err);
}
