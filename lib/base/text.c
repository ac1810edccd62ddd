#include "base/text.h"

#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/buf.h"

enum { TEXT_MAX = 1024 * 1024 };

void text_free(char **text)
{
	free(*text);
	*text = NULL;
}

bool text_copy(const char *text, char **out, struct error *err)
{
	char *copy = NULL;

	if (text) {
		copy = strdup(text);
		if (!copy)
			return error_no_memory(err);
	}
	*out = copy;
	return true;
}

bool text_replace(char **slot, const char *text, struct error *err)
{
	char *copy = NULL;

	if (!text_copy(text, &copy, err))
		return false;
	free(*slot);
	*slot = copy;
	return true;
}

bool text_int(const char *text, int64_t min, int64_t max, int64_t *out)
{
	bool negative = *text == '-';
	const char *digit = text + negative;
	int64_t value = 0;

	if (!*digit)
		return false;
	for (; *digit; digit++) {
		if (*digit < '0' || *digit > '9')
			return false;
		int step = *digit - '0';
		/* Counts downwards: INT64_MIN has no positive counterpart. */
		if (value < (INT64_MIN + step) / 10)
			return false;
		value = value * 10 - step;
	}
	if (!negative) {
		if (value == INT64_MIN)
			return false;
		value = -value;
	}
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}

/* The length of the well-formed sequence at BYTES and its code point; 0 when there is none. RFC 3629, section 4. */
static size_t utf8_decode(const unsigned char *bytes, size_t len, uint32_t *code_point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t need = bytes[0] < 0x80   ? 1
	              : bytes[0] < 0xC2 ? 0
	              : bytes[0] < 0xE0 ? 2
	              : bytes[0] < 0xF0 ? 3
	              : bytes[0] < 0xF5 ? 4
	                                : 0;

	if (!need || need > len)
		return 0;
	if (need == 1) {
		*code_point = bytes[0];
		return 1;
	}
	uint32_t value = bytes[0] & (0xFFU >> (need + 1));
	for (size_t i = 1; i < need; i++) {
		if ((bytes[i] & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3FU);
	}
	if (value < least[need] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*code_point = value;
	return need;
}

static void utf8_encode(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_add_char(out, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_add_char(out, (char)(0xC0 | c >> 6));
	} else if (c < 0x10000) {
		buf_add_char(out, (char)(0xE0 | c >> 12));
		buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
	} else {
		buf_add_char(out, (char)(0xF0 | c >> 18));
		buf_add_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
		buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
	}
	buf_add_char(out, (char)(0x80 | (c & 0x3F)));
}

/* Whether the eight bytes at AT are all ASCII and none is NUL: most text, most of the time. */
static bool eight_are_ascii(const unsigned char *at)
{
	const uint64_t ones = UINT64_MAX / 0xFF;
	uint64_t eight;

	memcpy(&eight, at, sizeof(eight));
	return !((eight | (eight - ones)) & (ones << 7));
}

bool text_is_utf8(const char *bytes, size_t len)
{
	const unsigned char *at = (const unsigned char *)bytes;

	while (len) {
		uint32_t code_point = 1;
		size_t step = len >= 8 && eight_are_ascii(at) ? 8 : utf8_decode(at, len, &code_point);

		if (!step || !code_point)
			return false;
		at += step;
		len -= step;
	}
	return true;
}

size_t text_length(const char *text)
{
	size_t length = 0;

	for (; *text; text++)
		length += ((unsigned char)*text & 0xC0) != 0x80;
	return length;
}

bool text_has_control(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (*at < 0x20 || *at == 0x7F || (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0))
			return true;
	return false;
}

bool text_repair_utf8(const char *bytes, size_t len, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf repaired = BUF(SIZE_MAX / 4);
	const unsigned char *at = (const unsigned char *)bytes;

	if (text_is_utf8(bytes, len)) { /* as a rule there is nothing to repair */
		buf_add(&repaired, bytes, len);
		len = 0;
	}
	while (len) {
		uint32_t code_point;
		size_t step = utf8_decode(at, len, &code_point);

		if (step && code_point) {
			buf_add(&repaired, at, step);
		} else {
			utf8_encode(&repaired, 0xFFFD);
			step = 1;
		}
		at += step;
		len -= step;
	}
	return buf_take(&repaired, out, err);
}

/* Unicode's case tables come with glibc's built-in C.UTF-8 locale (since 2.35); the process's own locale stays "C". */
static locale_t unicode_locale(void)
{
	static locale_t locale;
	locale_t known = __atomic_load_n(&locale, __ATOMIC_ACQUIRE);

	if (known)
		return known;
	locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!made)
		return (locale_t)0;
	if (__atomic_compare_exchange_n(&locale, &known, made, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	freelocale(made);
	return known;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* By way of the upper case, which the forms of one letter have in common (final sigma, long s, the micro sign). This is the
 * simple case folding of Unicode's CaseFolding.txt, which keeps the dotless i apart. */
static uint32_t fold(uint32_t c, locale_t locale)
{
	const uint32_t dotless_i = 0x131;

	return c == dotless_i ? c : (uint32_t)towlower_l(towupper_l((wint_t)c, locale), locale);
}

/* Squeezes LEN bytes; folds their case too when LOCALE is given. */
static bool squeeze(const char *text, size_t len, locale_t locale, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf squeezed = BUF(TEXT_MAX);
	const unsigned char *at = (const unsigned char *)text;
	bool space = false;

	while (len) {
		uint32_t c = at[0];
		size_t step = utf8_decode(at, len, &c);
		bool valid = step > 0;

		step = valid ? step : 1;
		if (valid && is_space(c)) {
			space = squeezed.len > 0;
		} else {
			if (space)
				buf_add_char(&squeezed, ' ');
			space = false;
			if (valid)
				utf8_encode(&squeezed, locale ? fold(c, locale) : c);
			else
				buf_add(&squeezed, at, 1);
		}
		at += step;
		len -= step;
	}
	return buf_take(&squeezed, out, err);
}

bool text_squeeze(const char *text, char **out, struct error *err)
{
	return squeeze(text, strlen(text), (locale_t)0, out, err);
}

bool text_fold(const char *text, char **out, struct error *err)
{
	locale_t locale = unicode_locale();

	if (!locale)
		return error_set(err, ERR_INTERNAL, "the C.UTF-8 locale is missing (glibc 2.35 or later has it built in)");
	return squeeze(text, strlen(text), locale, out, err);
}

void text_list_clear(struct text_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct text_list){0};
}

/* Takes ITEM over, also on failure. */
static bool text_list_take(struct text_list *list, char *item, struct error *err)
{
	char **items = realloc(list->items, (list->count + 1) * sizeof(*items));

	if (!items) {
		free(item);
		return error_no_memory(err);
	}
	list->items = items;
	list->items[list->count++] = item;
	return true;
}

bool text_list_add(struct text_list *list, const char *text, struct error *err)
{
	char *copy = NULL;

	return text_copy(text, &copy, err) && text_list_take(list, copy, err);
}

/* The LEN bytes without white space at their ends; the caller's to free. */
static char *trimmed(const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t from = len;
	size_t to = len;

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;
		size_t step = utf8_decode(at + i, len - i, &c);
		bool space = step > 0 && is_space(c);

		step = step ? step : 1;
		if (!space && from == len)
			from = i;
		if (!space)
			to = i + step;
		i += step;
	}
	return strndup(text + from, to - from);
}

bool text_list_has(const struct text_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return true;
	return false;
}

bool text_list_split(const char *text, char separator, struct text_list *out, struct error *err)
{
	AUTO(text_list_clear) struct text_list parts = {0};

	while (*text) {
		const char *end = strchr(text, separator);
		size_t len = end ? (size_t)(end - text) : strlen(text);
		char *part = trimmed(text, len);

		if (!part)
			return error_no_memory(err);
		if (!*part)
			free(part);
		else if (!text_list_take(&parts, part, err))
			return false;
		text += len + (end != NULL);
	}
	*out = parts;
	parts = (struct text_list){0};
	return true;
}
