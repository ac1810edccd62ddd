#include "base/utf8.h"

#include <string.h>

size_t utf8_decode(const char *bytes, size_t len, uint32_t *code_point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char lead = len ? (unsigned char)bytes[0] : 0xFF;
	size_t need = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;

	if (!need || need > len)
		return 0;
	if (need == 1) {
		*code_point = lead;
		return 1;
	}
	uint32_t value = lead & (0xFFU >> (need + 1));
	for (size_t i = 1; i < need; i++) {
		if (!utf8_continues(bytes[i]))
			return 0;
		value = value << 6 | ((unsigned char)bytes[i] & 0x3FU);
	}
	if (value < least[need] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*code_point = value;
	return need;
}

size_t utf8_encode(uint32_t code_point, char out[UTF8_MAX])
{
	static const uint32_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	size_t len = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;

	for (size_t i = len - 1; i > 0; i--, code_point >>= 6)
		out[i] = (char)(0x80 | (code_point & 0x3F));
	out[0] = (char)(lead[len] | code_point);
	return len;
}

/* Whether the eight bytes at AT are all ASCII and none is NUL: most text, most of the time. */
static bool eight_are_ascii(const char *at)
{
	const uint64_t ones = UINT64_MAX / 0xFF;
	uint64_t eight;

	memcpy(&eight, at, sizeof(eight));
	return !((eight | (eight - ones)) & (ones << 7));
}

bool utf8_is_valid(const char *bytes, size_t len)
{
	while (len) {
		uint32_t code_point = 1;
		size_t step = len >= 8 && eight_are_ascii(bytes) ? 8 : utf8_decode(bytes, len, &code_point);

		if (!step || !code_point)
			return false;
		bytes += step;
		len -= step;
	}
	return true;
}

bool utf8_continues(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

size_t utf8_length(const char *text)
{
	size_t length = 0;

	for (; *text; text++)
		length += !utf8_continues(*text);
	return length;
}

size_t utf8_cut(const char *text, size_t max)
{
	size_t len = strnlen(text, max);

	while (len && utf8_continues(text[len]))
		len--;
	return len;
}

bool utf8_has_control(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (*at < 0x20 || *at == 0x7F || (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0))
			return true;
	return false;
}

bool utf8_is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}
