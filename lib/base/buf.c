#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void buf_clear(struct buf *b)
{
	free(b->data);
	*b = BUF(b->max);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = ERR_NONE;
	if (b->data)
		b->data[0] = '\0';
}

static bool grow(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : FIRST_CAPACITY;
	while (cap - b->len <= more)
		cap *= 2;
	char *data = realloc(b->data, cap);
	if (!data) {
		b->failed = ERR_NO_MEMORY;
		return false;
	}
	b->data = data;
	b->cap = cap;
	return true;
}

/* Makes room for MORE bytes and the final NUL. */
static bool buf_reserve(struct buf *b, size_t more)
{
	if (b->failed)
		return false;
	if (more > b->max - b->len) {
		b->failed = ERR_TOO_LARGE;
		return false;
	}
	return more < b->cap - b->len || grow(b, more);
}

char *buf_extend(struct buf *b, size_t len)
{
	if (!buf_reserve(b, len))
		return NULL;
	char *at = b->data + b->len;
	b->len += len;
	b->data[b->len] = '\0';
	return at;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
	char *at = buf_extend(b, len);

	if (at && len)
		memcpy(at, bytes, len);
}

void buf_add_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_add_char(struct buf *b, char c)
{
	if (b->failed || b->cap - b->len < 2 || b->len == b->max) {
		buf_add(b, &c, 1);
		return;
	}
	b->data[b->len++] = c;
	b->data[b->len] = '\0';
}

size_t int_text(int64_t value, char out[INT_TEXT_SIZE])
{
	char digits[INT_TEXT_SIZE];
	char *at = digits + sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	*--at = '\0';
	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		*--at = '-';
	size_t size = (size_t)(digits + sizeof(digits) - at);
	memcpy(out, at, size);
	return size - 1;
}

void buf_add_int(struct buf *b, int64_t value)
{
	char digits[INT_TEXT_SIZE];
	size_t len = int_text(value, digits);

	buf_add(b, digits, len);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list values;
	va_list again;

	if (!buf_reserve(b, 0))
		return;
	size_t room = b->cap - b->len;
	va_start(values, format);
	va_copy(again, values);
	int len = vsnprintf(b->data + b->len, room, format, values);
	va_end(values);
	if (len < 0)
		b->failed = ERR_NO_MEMORY; /* of what can be printed here, only that can fail */
	else if (buf_reserve(b, (size_t)len)) {
		if ((size_t)len >= room)
			vsnprintf(b->data + b->len, (size_t)len + 1, format, again);
		b->len += (size_t)len;
	}
	va_end(again);
	b->data[b->len] = '\0'; /* what found no room is not there at all */
}

bool buf_ok(const struct buf *b, struct error *err)
{
	if (b->failed == ERR_NO_MEMORY)
		return error_no_memory(err);
	if (b->failed)
		return error_set(err, ERR_TOO_LARGE, "more than %zu bytes", b->max);
	return true;
}

const char *buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}

bool buf_take(struct buf *b, char **out, struct error *err)
{
	buf_add(b, "", 0);
	if (!buf_ok(b, err))
		return false;
	*out = b->data;
	*b = BUF(b->max);
	return true;
}
