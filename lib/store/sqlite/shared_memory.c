#define _DEFAULT_SOURCE /* madvise() */

#include "store/sqlite/shared_memory.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

/*
 * SQLite makes the file longer by a byte in every 4 KiB, and so has room for the block of that byte. Where blocks are smaller, or are
 * copied when they are written, the first write to another one may find the disk full: SIGBUS. Writing all pages ahead shows it in time.
 * Kernels before 5.14 cannot (EINVAL); log_exit_on_bus_error() remains.
 */
static int map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
	const struct shared_memory *guard = (const void *)file->pMethods;
	int code = guard->system->xShmMap(file, region, size, extend, out);
	void *pages; /* *OUT, which is volatile */

	if (code != SQLITE_OK || !extend || !*out)
		return code;
	memcpy(&pages, out, sizeof(pages));
	return madvise(pages, (size_t)size, MADV_POPULATE_WRITE) != 0 && errno == EFAULT ? SQLITE_FULL : SQLITE_OK;
}

void shared_memory_guard(sqlite3 *db, struct shared_memory *guard)
{
	sqlite3_file *file = NULL;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file || !file->pMethods ||
	    file->pMethods->iVersion < 2 || !file->pMethods->xShmMap)
		return; /* in memory */
	*guard = (struct shared_memory){.methods = *file->pMethods, .system = file->pMethods};
	guard->methods.xShmMap = map;
	file->pMethods = &guard->methods;
}
