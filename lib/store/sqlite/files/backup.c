#include "store/files/backup.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/file.h"
#include "store/sqlite/files/copy.h"

/* What is at PATH may be replaced: nothing, or a backup of newsreel's that is not the database itself. */
static bool may_replace(const char *location, const char *path, struct error *err)
{
	AUTO(store_close) struct store *store = NULL;
	struct stat database, there;
	struct error why;

	if (stat(location, &database) != 0)
		return file_error(err, location, errno);
	if (stat(path, &there) != 0)
		return errno == ENOENT || file_error(err, path, errno);
	if (database.st_dev == there.st_dev && database.st_ino == there.st_ino)
		return error_set(err, ERR_CONFLICT, "%s is the database itself: choose another name", path);
	return copy_open_source(path, &store, &why) ||
	       error_set(err, ERR_CONFLICT, "%s exists and is no backup of this version: choose another name", path);
}

bool store_backup(const char *location, const char *path, const struct backup_progress *progress, struct error *err)
{
	AUTO(store_close) struct store *store = NULL;
	char draft[COPY_PATH_SIZE];

	if (!copy_path(path, FILE_PART, draft, err) || !may_replace(location, path, err) ||
	    !copy_open_source(location, &store, err))
		return false;
	if (!copy_verified(store, draft, progress, err))
		return error_wrap(err, "%s", path);
	return file_replace(draft, path, err);
}
