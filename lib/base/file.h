/* Small files: read whole, written whole or not at all; folders, and whose they are. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* The error that the system call on PATH failed for WHY, an errno: "PATH: " and the system's words; where permission is denied, whose the
 * folder is, and what to type. Its code is ERR_NOT_FOUND for ENOENT, else ERR_INTERNAL. Returns false. */
bool file_error(struct error *err, const char *path, int why);

/* Appends the bytes of the file at PATH to OUT, whose maximum bounds them. Errors: ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_NO_MEMORY,
 * ERR_INTERNAL with the system's message. */
MUST_USE bool file_read(const char *path, struct buf *out, struct error *err);

/* Creates PATH with exactly TEXT, mode 0600. Errors: ERR_CONFLICT if it exists already, ERR_NOT_FOUND without its folder,
 * ERR_INVALID for a path that is too long, ERR_INTERNAL. */
MUST_USE bool file_create_secret(const char *path, const char *text, struct error *err);

/* A file is written beside, under its name with this behind, until it is whole. What has such a name is ours, and may be replaced. */
#define FILE_PART ".newsreel-part"

/* Puts the file FROM in the place of TO, in the same folder, when all of it is on the disk: after a power failure too there is the one or the
 * other. Errors: ERR_NOT_FOUND, ERR_INTERNAL. */
MUST_USE bool file_replace(const char *from, const char *to, struct error *err);

/* Whether no other process has a lock on bytes of the file at PATH (fcntl(2)), as one that has a database open; or there is no such file.
 * Errors: ERR_BUSY naming the process, ERR_INTERNAL. To ask ends the locks that this process has on the file. */
MUST_USE bool file_is_unused(const char *path, struct error *err);

/* Makes the folder PATH and those above it where they are missing; new ones get mode 0700. Errors: ERR_INVALID for a
 * path that is too long or a file, ERR_INTERNAL. */
MUST_USE bool folder_make(const char *path, struct error *err);

/* Run by root, the process becomes the owner of the folder PATH, or, where that is missing, of the nearest one above it, with its group
 * and no other: the files it makes then belong to whom the others belong to. For another user, and in root's folders, nothing changes.
 * Errors: ERR_INVALID for a path that is too long, ERR_INTERNAL. */
MUST_USE bool folder_become_owner(const char *path, struct error *err);

/* How many bytes the file system that PATH lies on has free for this user; 0 when it is read-only, INT64_MAX when it does not
 * tell. Errors: ERR_NOT_FOUND, ERR_INTERNAL. */
MUST_USE bool file_room(const char *path, int64_t *out, struct error *err);

/* Takes an exclusive lock on PATH (made when missing) that ends with the process, or when *FD is closed: the caller's to close.
 * Errors: ERR_BUSY when another process holds it, ERR_NOT_FOUND without its folder, ERR_INTERNAL. */
MUST_USE bool file_lock(const char *path, int *fd, struct error *err);

/* The same on a disk that is full or read-only, where PATH has to be there. */
MUST_USE bool file_lock_existing(const char *path, int *fd, struct error *err);

/* close() for AUTO; -1 is none. */
void file_close(int *fd);
