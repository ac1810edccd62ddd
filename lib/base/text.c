#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

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

uint64_t text_hash(const char *bytes, size_t len)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

bool text_repair(const char *bytes, size_t len, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf repaired = BUF(SIZE_MAX / 4);

	if (utf8_is_valid(bytes, len)) { /* as a rule there is nothing to repair */
		buf_add(&repaired, bytes, len);
		len = 0;
	}
	while (len) {
		uint32_t code_point;
		size_t step = utf8_decode(bytes, len, &code_point);

		if (step && code_point) {
			buf_add(&repaired, bytes, step);
		} else {
			buf_add_text(&repaired, UTF8_REPLACEMENT);
			step = 1;
		}
		bytes += step;
		len -= step;
	}
	return buf_take(&repaired, out, err);
}

bool text_squeeze(const char *text, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf squeezed = BUF(TEXT_MAX);
	bool space = false;

	while (*text) {
		uint32_t c = 0;
		size_t step = utf8_decode(text, UTF8_MAX, &c);

		step = step ? step : 1;
		if (utf8_is_space(c)) {
			space = squeezed.len > 0;
		} else {
			if (space)
				buf_add_char(&squeezed, ' ');
			space = false;
			buf_add(&squeezed, text, step);
		}
		text += step;
	}
	return buf_take(&squeezed, out, err);
}

size_t text_distance(const char *a, const char *b)
{
	enum { LEN_MAX = 64 };
	size_t row[LEN_MAX + 1]; /* the distances of the beginning of A to all beginnings of B */
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > LEN_MAX || b_len > LEN_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
			size_t shorter = row[j] < row[j - 1] ? row[j] : row[j - 1];

			diagonal = row[j];
			row[j] = replaced < shorter + 1 ? replaced : shorter + 1;
		}
	}
	return row[b_len];
}
