/*
 * A ZIP archive that is written from its beginning to its end, in constant memory: nothing is known of an entry before its last byte, so its
 * sizes follow it, and all of them are those of ZIP64 (PKWARE's APPNOTE.TXT 4.3.9.2), whatever they are. The same entries give the same
 * bytes. zip.c alone knows zlib.
 *
 *	AUTO(zip_close) struct zip *zip = NULL;
 *	zip_open(time, &zip, &err) &&
 *	zip_begin(zip, "a.txt", &out, &err) && zip_write(zip, bytes, len, &out, &err) && … && zip_end(zip, &out, &err) && … &&
 *	zip_finish(zip, &out, &err)
 *
 * Each appends what is ready to OUT, which may be another one each time, or emptied in between. Errors: ERR_NO_MEMORY, and those of OUT.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

struct zip;

enum { ZIP_NAME_MAX_BYTES = 255, ZIP_ENTRIES_MAX = 64 };

/* All entries bear TIME, UTC seconds: the nearest that a ZIP archive can tell, 1980 to 2107, in even seconds. */
MUST_USE bool zip_open(int64_t time, struct zip **out, struct error *err);
void zip_close(struct zip **zip); /* NULL is fine */

/* An entry: its beginning with its NAME in UTF-8 (ZIP_NAME_MAX_BYTES at most), its content, its end. ZIP_ENTRIES_MAX at most. */
MUST_USE bool zip_begin(struct zip *zip, const char *name, struct buf *out, struct error *err);
MUST_USE bool zip_write(struct zip *zip, const void *bytes, size_t len, struct buf *out, struct error *err);
MUST_USE bool zip_end(struct zip *zip, struct buf *out, struct error *err);

/* The end of the archive: its list of entries. */
MUST_USE bool zip_finish(struct zip *zip, struct buf *out, struct error *err);
