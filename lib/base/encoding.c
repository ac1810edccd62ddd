#include "base/encoding.h"

#include <string.h>

#include "base/text.h"

int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void hex_write(const void *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[at[i] >> 4];
		*out++ = digits[at[i] & 15];
	}
	*out = '\0';
}

/* RFC 3986, section 2.3 */
static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

static void encode(struct buf *out, const char *text, bool readable)
{
	static const char digits[] = "0123456789ABCDEF";

	for (;;) {
		const char *plain = text;

		while (is_unreserved(*text) || (readable && *text == ':'))
			text++;
		buf_add(out, plain, (size_t)(text - plain));
		unsigned char c = (unsigned char)*text++;
		if (!c)
			return;
		if (readable && c == ' ')
			buf_add_char(out, '+');
		else
			buf_add(out, (char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
	}
}

void percent_encode(struct buf *out, const char *text)
{
	encode(out, text, false);
}

void percent_encode_readable(struct buf *out, const char *text)
{
	encode(out, text, true);
}

bool percent_decode(struct buf *out, const char *text, size_t len, bool plus_is_blank)
{
	bool well_formed = true;

	for (size_t i = 0; i < len; i++) {
		bool encoded = text[i] == '%' && len - i > 2 && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;

		if (encoded) {
			buf_add_char(out, (char)(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2])));
			i += 2;
		} else {
			buf_add_char(out, text[i] == '+' && plus_is_blank ? ' ' : text[i]);
			well_formed = well_formed && text[i] != '%';
		}
	}
	return well_formed;
}

static const char base64[] = TEXT_ALPHANUMERIC "+/";

void base64_encode(struct buf *out, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i += 3) {
		unsigned group = (unsigned)at[i] << 16 | (i + 1 < len ? at[i + 1] : 0U) << 8 | (i + 2 < len ? at[i + 2] : 0U);

		buf_add_char(out, base64[group >> 18]);
		buf_add_char(out, base64[group >> 12 & 63]);
		buf_add_char(out, i + 1 < len ? base64[group >> 6 & 63] : '=');
		buf_add_char(out, i + 2 < len ? base64[group & 63] : '=');
	}
}

bool base64_decode(struct buf *out, const char *text)
{
	size_t len = strlen(text);
	size_t digits = strspn(text, base64);
	unsigned group = 0;

	if (len % 4 || len - digits > 2 || strspn(text + digits, "=") != len - digits)
		return false;
	for (size_t i = 0; i < len; i++) {
		group = group << 6 | (i < digits ? (unsigned)(strchr(base64, text[i]) - base64) : 0);
		if (i % 4 != 3)
			continue;
		for (size_t byte = 0; byte < 3 && i - 3 + byte + 1 < digits; byte++)
			buf_add_char(out, (char)(group >> (16 - 8 * byte)));
		group = 0;
	}
	return true;
}
