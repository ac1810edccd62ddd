#include "tests/sim/api/token.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

static const char digits[] = TEXT_ALPHANUMERIC "-_";

enum { FIELD_OFFSET = 0x08, FIELD_DIRECTION = 0x10, FIELD_TEXT = 0x1A, BYTES_MAX = 8, LIST_MAX = 20000 };

/* A varint of seven bits a byte, lowest first. */
static int write_varint(int64_t value, unsigned char *out)
{
	int len = 0;

	for (; value > 0x7F; value >>= 7)
		out[len++] = (unsigned char)(value & 0x7F) | 0x80;
	out[len++] = (unsigned char)value;
	return len;
}

void base64_write(const unsigned char *bytes, int len, char *out)
{
	for (int i = 0; i < len; i += 3) {
		unsigned group =
		    (unsigned)bytes[i] << 16 | (i + 1 < len ? (unsigned)bytes[i + 1] << 8 : 0) | (i + 2 < len ? bytes[i + 2] : 0);
		int letters = len - i >= 3 ? 4 : len - i + 1;

		for (int l = 0; l < letters; l++)
			*out++ = digits[group >> (18 - 6 * l) & 63];
	}
	*out = '\0';
}

void token_write(int64_t offset, bool backward, char out[TOKEN_SIZE])
{
	unsigned char bytes[BYTES_MAX] = {FIELD_OFFSET};
	int len = 1 + write_varint(offset, bytes + 1);

	bytes[len++] = FIELD_DIRECTION;
	bytes[len++] = backward;
	base64_write(bytes, len, out);
}

void token_write_list(int64_t offset, char out[TOKEN_SIZE])
{
	unsigned char inner[BYTES_MAX] = {FIELD_OFFSET};
	unsigned char bytes[TOKEN_SIZE] = {FIELD_DIRECTION, 0, FIELD_TEXT};
	char text[TOKEN_SIZE] = "PT:";
	size_t len;

	base64_write(inner, 1 + write_varint(offset, inner + 1), text + 3);
	len = strlen(text);
	bytes[3] = (unsigned char)len;
	for (size_t i = 0; i < len; i++)
		bytes[4 + i] = (unsigned char)text[i];
	base64_write(bytes, 4 + bytes[3], out);
}

bool token_read_list(const char *token, int64_t *offset)
{
	char own[TOKEN_SIZE];

	/* Lists are short: the offset whose token it is, or none. */
	for (*offset = 0; *offset <= LIST_MAX; ++*offset) {
		token_write_list(*offset, own);
		if (strcmp(own, token) == 0)
			return true;
	}
	return false;
}

bool token_read(const char *token, int64_t *offset, bool *backward)
{
	char again[TOKEN_SIZE];
	unsigned char bytes[BYTES_MAX] = {0};
	size_t len = 0;
	unsigned bits = 0;
	int held = 0;

	for (const char *at = token; *at; at++) {
		const char *digit = strchr(digits, *at);

		if (!digit || len == BYTES_MAX)
			return false;
		bits = bits << 6 | (unsigned)(digit - digits);
		held += 6;
		if (held >= 8) {
			held -= 8;
			bytes[len++] = (unsigned char)(bits >> held);
		}
	}
	*offset = 0;
	for (size_t i = 1, shift = 0; i < len; i++, shift += 7) {
		*offset |= (int64_t)(bytes[i] & 0x7F) << shift;
		if (!(bytes[i] & 0x80))
			break;
	}
	/* Only what we would have written ourselves is one. */
	*backward = len > 0 && bytes[len - 1] == 1;
	token_write(*offset, *backward, again);
	return strcmp(again, token) == 0;
}
