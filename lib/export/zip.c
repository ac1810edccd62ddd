#include "export/zip.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ZLIB_CONST /* what it reads it does not change */
#include <zlib.h>

enum {
	SIGNATURE_LOCAL = 0x04034b50,
	SIGNATURE_DESCRIPTOR = 0x08074b50,
	SIGNATURE_CENTRAL = 0x02014b50,
	SIGNATURE_END64 = 0x06064b50,
	SIGNATURE_LOCATOR64 = 0x07064b50,
	SIGNATURE_END = 0x06054b50,

	VERSION_ZIP64 = 45,
	MADE_BY_UNIX = 3 << 8 | VERSION_ZIP64,
	FLAGS = 1 << 3 | 1 << 11, /* the sizes follow; names are UTF-8 */
	METHOD_DEFLATE = 8,
	EXTRA_ZIP64 = 1,
	END64_BYTES = 44, /* behind its own two fields */
};

static const uint32_t mode_of_files = (uint32_t)0100644 << 16;

/* Behind these stands the truth, in 64 bits. */
static const uint32_t in_zip64 = 0xFFFFFFFF;
static const uint16_t in_zip64_short = 0xFFFF;

enum { RAW_DEFLATE = -MAX_WBITS, MEMORY_LEVEL = 8, PIECE_BYTES = 32 * 1024 };

struct entry {
	char name[ZIP_NAME_MAX_BYTES + 1];
	uint32_t crc;
	uint64_t packed, bytes;
	uint64_t offset;
};

struct zip {
	struct entry entries[ZIP_ENTRIES_MAX];
	size_t count;
	uint64_t written; /* of the archive so far */
	uint16_t date, time;
	z_stream stream;
};

/* ---- opening ---- */

static void set_time(struct zip *zip, int64_t seconds)
{
	const int64_t first = 315532800, last = 4354819198; /* 1980-01-01T00:00:00Z, 2107-12-31T23:59:58Z */
	time_t within = (time_t)(seconds < first ? first : seconds > last ? last : seconds);
	struct tm tm;

	gmtime_r(&within, &tm);
	zip->date = (uint16_t)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 | tm.tm_mday);
	zip->time = (uint16_t)(tm.tm_hour << 11 | tm.tm_min << 5 | tm.tm_sec / 2);
}

bool zip_open(int64_t time, struct zip **out, struct error *err)
{
	struct zip *zip = calloc(1, sizeof(*zip));

	if (!zip)
		return error_no_memory(err);
	if (deflateInit2(&zip->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, RAW_DEFLATE, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) !=
	    Z_OK) {
		free(zip);
		return error_no_memory(err);
	}
	set_time(zip, time);
	*out = zip;
	return true;
}

void zip_close(struct zip **zip)
{
	if (*zip)
		deflateEnd(&(*zip)->stream);
	free(*zip);
	*zip = NULL;
}

/* ---- numbers: the lowest byte first ---- */

static void add_number(struct zip *zip, struct buf *out, uint64_t number, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		buf_add_char(out, (char)(number >> 8 * i & 0xFF));
	zip->written += bytes;
}

static void add16(struct zip *zip, struct buf *out, uint16_t number)
{
	add_number(zip, out, number, 2);
}

static void add32(struct zip *zip, struct buf *out, uint32_t number)
{
	add_number(zip, out, number, 4);
}

static void add64(struct zip *zip, struct buf *out, uint64_t number)
{
	add_number(zip, out, number, 8);
}

static void add_bytes(struct zip *zip, struct buf *out, const void *bytes, size_t len)
{
	buf_add(out, bytes, len);
	zip->written += len;
}

/* ---- an entry ---- */

/* What its two headers have in common. */
static void add_head(struct zip *zip, struct buf *out, const struct entry *entry, size_t extra_len)
{
	add16(zip, out, VERSION_ZIP64);
	add16(zip, out, FLAGS);
	add16(zip, out, METHOD_DEFLATE);
	add16(zip, out, zip->time);
	add16(zip, out, zip->date);
	add32(zip, out, entry->crc);
	add32(zip, out, in_zip64);
	add32(zip, out, in_zip64);
	add16(zip, out, (uint16_t)strlen(entry->name));
	add16(zip, out, (uint16_t)extra_len);
}

static void add_extra(struct zip *zip, struct buf *out, const uint64_t *numbers, size_t count)
{
	add16(zip, out, EXTRA_ZIP64);
	add16(zip, out, (uint16_t)(count * sizeof(uint64_t)));
	for (size_t i = 0; i < count; i++)
		add64(zip, out, numbers[i]);
}

#define EXTRA_BYTES(numbers) (4 + sizeof(numbers))

bool zip_begin(struct zip *zip, const char *name, struct buf *out, struct error *err)
{
	struct entry *entry = &zip->entries[zip->count];
	const uint64_t unknown[] = {0, 0};

	assert(zip->count < ZIP_ENTRIES_MAX && strlen(name) <= ZIP_NAME_MAX_BYTES);
	*entry = (struct entry){.offset = zip->written};
	memcpy(entry->name, name, strlen(name) + 1);
	add32(zip, out, SIGNATURE_LOCAL);
	add_head(zip, out, entry, EXTRA_BYTES(unknown));
	add_bytes(zip, out, entry->name, strlen(entry->name));
	add_extra(zip, out, unknown, sizeof(unknown) / sizeof(unknown[0]));
	return buf_ok(out, err);
}

/* Compresses what the stream has been given, all of it. */
static bool pack(struct zip *zip, int flush, struct buf *out, struct error *err)
{
	struct entry *entry = &zip->entries[zip->count];
	unsigned char piece[PIECE_BYTES];

	do {
		zip->stream.next_out = piece;
		zip->stream.avail_out = sizeof(piece);
		deflate(&zip->stream, flush);
		size_t len = sizeof(piece) - zip->stream.avail_out;
		add_bytes(zip, out, piece, len);
		entry->packed += len;
	} while (zip->stream.avail_out == 0);
	return buf_ok(out, err);
}

bool zip_write(struct zip *zip, const void *bytes, size_t len, struct buf *out, struct error *err)
{
	struct entry *entry = &zip->entries[zip->count];

	assert(len <= UINT32_MAX);
	entry->crc = (uint32_t)crc32(entry->crc, bytes, (uInt)len);
	entry->bytes += len;
	zip->stream.next_in = bytes;
	zip->stream.avail_in = (uInt)len;
	return pack(zip, Z_NO_FLUSH, out, err);
}

bool zip_end(struct zip *zip, struct buf *out, struct error *err)
{
	const struct entry *entry = &zip->entries[zip->count];

	zip->stream.avail_in = 0;
	if (!pack(zip, Z_FINISH, out, err))
		return false;
	add32(zip, out, SIGNATURE_DESCRIPTOR);
	add32(zip, out, entry->crc);
	add64(zip, out, entry->packed);
	add64(zip, out, entry->bytes);
	deflateReset(&zip->stream);
	zip->count++;
	return buf_ok(out, err);
}

/* ---- the list of entries ---- */

static void add_central(struct zip *zip, struct buf *out, const struct entry *entry)
{
	const uint64_t numbers[] = {entry->bytes, entry->packed, entry->offset};

	add32(zip, out, SIGNATURE_CENTRAL);
	add16(zip, out, MADE_BY_UNIX);
	add_head(zip, out, entry, EXTRA_BYTES(numbers));
	add16(zip, out, 0); /* no comment */
	add16(zip, out, 0); /* the first disk */
	add16(zip, out, 0); /* no text, for all we know */
	add32(zip, out, mode_of_files);
	add32(zip, out, in_zip64);
	add_bytes(zip, out, entry->name, strlen(entry->name));
	add_extra(zip, out, numbers, sizeof(numbers) / sizeof(numbers[0]));
}

static void add_end64(struct zip *zip, struct buf *out, uint64_t list_at, uint64_t end_at)
{
	add32(zip, out, SIGNATURE_END64);
	add64(zip, out, END64_BYTES);
	add16(zip, out, MADE_BY_UNIX);
	add16(zip, out, VERSION_ZIP64);
	add32(zip, out, 0); /* this disk, and that of the list */
	add32(zip, out, 0);
	add64(zip, out, zip->count);
	add64(zip, out, zip->count);
	add64(zip, out, end_at - list_at);
	add64(zip, out, list_at);
	add32(zip, out, SIGNATURE_LOCATOR64);
	add32(zip, out, 0);
	add64(zip, out, end_at);
	add32(zip, out, 1); /* disk in all */
}

bool zip_finish(struct zip *zip, struct buf *out, struct error *err)
{
	uint64_t list_at = zip->written;

	for (size_t i = 0; i < zip->count; i++)
		add_central(zip, out, &zip->entries[i]);
	add_end64(zip, out, list_at, zip->written);
	add32(zip, out, SIGNATURE_END);
	add32(zip, out, 0); /* as above, in 16 bits each */
	add16(zip, out, in_zip64_short);
	add16(zip, out, in_zip64_short);
	add32(zip, out, in_zip64);
	add32(zip, out, in_zip64);
	add16(zip, out, 0); /* no comment */
	return buf_ok(out, err);
}
