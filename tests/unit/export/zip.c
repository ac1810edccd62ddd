#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#define ZLIB_CONST
#include <zlib.h>

#include "export/zip.h"

enum { ARCHIVE_MAX = 16 * 1024 * 1024, PIECES = 2000, TIME = 1795341600 /* 2026-11-22T10:00:00Z */ };

#define PIECE "a line of which there are many, number "

static void write_lines(struct zip *zip, struct buf *out)
{
	struct error err;

	for (int i = 0; i < PIECES; i++) {
		char line[80];
		int len = snprintf(line, sizeof(line), PIECE "%d\n", i);

		assert_true(zip_write(zip, line, (size_t)len, out, &err));
	}
}

/* Two entries and an empty one, into OUT by way of a buffer that is emptied after each call. */
static void make(int64_t time, struct buf *out)
{
	AUTO(zip_close) struct zip *zip = NULL;
	AUTO(buf_clear) struct buf piece = BUF(ARCHIVE_MAX);
	struct error err;

	assert_true(zip_open(time, &zip, &err));
	assert_true(zip_begin(zip, "lines.txt", &piece, &err));
	write_lines(zip, &piece);
	buf_add(out, piece.data, piece.len);
	buf_reset(&piece);
	assert_true(zip_end(zip, &piece, &err));
	assert_true(zip_begin(zip, "ä/empty", &piece, &err));
	assert_true(zip_end(zip, &piece, &err));
	buf_add(out, piece.data, piece.len);
	buf_reset(&piece);
	assert_true(zip_begin(zip, "b", &piece, &err));
	assert_true(zip_write(zip, "b\0b", 3, &piece, &err));
	assert_true(zip_end(zip, &piece, &err));
	assert_true(zip_finish(zip, &piece, &err));
	buf_add(out, piece.data, piece.len);
}

static void the_same_entries_give_the_same_bytes(void **state)
{
	AUTO(buf_clear) struct buf first = BUF(ARCHIVE_MAX);
	AUTO(buf_clear) struct buf second = BUF(ARCHIVE_MAX);
	AUTO(buf_clear) struct buf later = BUF(ARCHIVE_MAX);

	(void)state;
	make(TIME, &first);
	make(TIME, &second);
	make(TIME + 2, &later);
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.data, second.data, first.len);
	assert_memory_not_equal(first.data, later.data, first.len);
	assert_true(first.len < strlen(PIECE) * PIECES / 4);
}

static uint64_t number_at(const struct buf *archive, size_t at, size_t bytes)
{
	uint64_t number = 0;

	for (size_t i = bytes; i-- > 0;)
		number = number << 8 | (unsigned char)archive->data[at + i];
	return number;
}

/* Unpacks the entry that begins at *AT into OUT, checks what follows it, and moves *AT behind that. */
static void read_entry(const struct buf *archive, size_t *at, const char *name, unsigned char *out, size_t size)
{
	size_t data = *at + 30 + strlen(name) + number_at(archive, *at + 28, 2);
	z_stream stream = {.next_in = (const unsigned char *)archive->data + data,
	                   .avail_in = (uInt)(archive->len - data),
	                   .next_out = out,
	                   .avail_out = (uInt)size};

	assert_int_equal(number_at(archive, *at, 4), 0x04034b50);
	assert_memory_equal(archive->data + *at + 30, name, strlen(name));
	assert_int_equal(inflateInit2(&stream, -MAX_WBITS), Z_OK);
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	size_t end = data + stream.total_in;
	assert_int_equal(number_at(archive, end, 4), 0x08074b50);
	assert_int_equal(number_at(archive, end + 4, 4), crc32(0, out, (uInt)stream.total_out));
	assert_int_equal(number_at(archive, end + 8, 8), stream.total_in);
	assert_int_equal(number_at(archive, end + 16, 8), stream.total_out);
	*at = end + 24;
	inflateEnd(&stream);
}

/* tests/e2e/test_dataset.py has other programs read one. */
static void an_entry_is_followed_by_its_sizes(void **state)
{
	static unsigned char out[PIECES * 80];
	AUTO(buf_clear) struct buf archive = BUF(ARCHIVE_MAX);
	size_t at = 0;

	(void)state;
	make(TIME, &archive);
	read_entry(&archive, &at, "lines.txt", out, sizeof(out));
	assert_memory_equal(out, PIECE "0\n" PIECE "1\n", strlen(PIECE "0\n" PIECE "1\n"));
	read_entry(&archive, &at, "ä/empty", out, sizeof(out));
	read_entry(&archive, &at, "b", out, sizeof(out));
	assert_memory_equal(out, "b\0b", 3);
	assert_int_equal(number_at(&archive, at, 4), 0x02014b50);
	assert_int_equal(number_at(&archive, archive.len - 22, 4), 0x06054b50);
	assert_int_equal(number_at(&archive, archive.len - 42, 4), 0x07064b50);
	size_t end64 = number_at(&archive, archive.len - 34, 8);
	assert_int_equal(number_at(&archive, end64, 4), 0x06064b50);
	assert_int_equal(number_at(&archive, end64 + 24, 8), 3);
	assert_int_equal(number_at(&archive, end64 + 48, 8), at);
}

static void a_time_that_it_cannot_tell_is_the_nearest(void **state)
{
	AUTO(buf_clear) struct buf early = BUF(ARCHIVE_MAX);
	AUTO(buf_clear) struct buf first = BUF(ARCHIVE_MAX);

	(void)state;
	make(0, &early);
	make(315532800, &first);
	assert_memory_equal(early.data, first.data, first.len);
}

static void an_archive_without_room_is_an_error(void **state)
{
	AUTO(zip_close) struct zip *zip = NULL;
	AUTO(buf_clear) struct buf out = BUF(20);
	struct error err = {0};

	(void)state;
	assert_true(zip_open(TIME, &zip, &err));
	assert_false(zip_begin(zip, "a", &out, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_entries_give_the_same_bytes),
	    cmocka_unit_test(an_entry_is_followed_by_its_sizes),
	    cmocka_unit_test(a_time_that_it_cannot_tell_is_the_nearest),
	    cmocka_unit_test(an_archive_without_room_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
