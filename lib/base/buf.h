/*
 * Bytes that grow up to a maximum given at birth.
 *
 * Appending never reports a failure; the buffer remembers it, later appends do nothing, and buf_ok() tells once at the
 * end. The content always ends with a NUL that does not count into `len`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct buf {
	char *data; /* owned; NULL while empty */
	size_t len;
	size_t cap;
	size_t max;             /* bytes of content at most */
	enum error_code failed; /* ERR_NONE, ERR_TOO_LARGE or ERR_NO_MEMORY */
};

/* struct buf b = BUF(64 * 1024); */
#define BUF(maximum) ((struct buf){.max = (maximum)})

/* Releases the memory; the maximum stays, so the buffer can be used again. */
void buf_clear(struct buf *b);

/* Forgets the content and a failure, keeps the memory. */
void buf_reset(struct buf *b);

/* Appending: bytes, a C string, a byte, a number in decimal. */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_add_text(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_add_int(struct buf *b, int64_t value);

/* A number in decimal, and how many characters that is. Where pages have hundreds of them, printf() takes a noticeable share of the time. */
enum { INT_TEXT_SIZE = sizeof("-9223372036854775808") };
size_t int_text(int64_t value, char out[INT_TEXT_SIZE]);

/* Makes the content LEN bytes longer and returns where to write them, all of them; NULL when there is no room. */
char *buf_extend(struct buf *b, size_t len);

/* Appends formatted text. */
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* Whether everything appended is there. Errors: ERR_TOO_LARGE, ERR_NO_MEMORY. */
MUST_USE bool buf_ok(const struct buf *b, struct error *err);

/* The content as a C string, "" when empty. Borrowed: valid until the next append. */
const char *buf_text(const struct buf *b);

/* Hands the content over as a C string, to be released with free(); the buffer is empty then. Errors: as buf_ok(). */
MUST_USE bool buf_take(struct buf *b, char **out, struct error *err);
