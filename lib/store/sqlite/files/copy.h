/* Inside lib/store/sqlite/files only: a database file as a whole. */
#pragma once

#include "store/files/backup.h"

/* Opens the file at PATH to read, and makes sure that it is a database of newsreel's, of a schema that this program knows. Errors: as
 * store_restore(). */
MUST_USE bool copy_open_source(const char *path, struct store **out, struct error *err);

/* Copies what is in the database FROM, of one moment, to the new file PATH: verified, and without files beside it. What was at PATH goes. A
 * failure leaves nothing there. */
MUST_USE bool copy_verified(struct store *from, const char *path, const struct backup_progress *progress, struct error *err);

/* Writes PATH with SUFFIX. Errors: ERR_INVALID when it is too long. */
enum { COPY_PATH_SIZE = 4096 };
MUST_USE bool copy_path(const char *path, const char *suffix, char out[COPY_PATH_SIZE], struct error *err);

/* Removes the database file at PATH, with what SQLite keeps beside it. */
void copy_remove(const char *path);
