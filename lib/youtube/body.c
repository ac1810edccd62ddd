#include "youtube/body.h"

#include <string.h>

#include "base/encoding.h"
#include "base/text.h"

enum { ESCAPE_LEN = 6 }; /* of \uXXXX */

/* The number that an escape \uXXXX at AT gives, -1 when there is none. */
static int escaped_unit(const char *at)
{
	int value = 0;

	if (at[0] != '\\' || at[1] != 'u')
		return -1;
	for (int i = 2; i < ESCAPE_LEN; i++) {
		int digit = hex_value(at[i]);
		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* Overwrites, in place, escapes that give no character. RFC 8259 section 7: pairs of surrogates make one. */
static void mend_escapes(char *text)
{
	while ((text = strchr(text, '\\'))) {
		int unit = escaped_unit(text);

		if (unit < 0) {
			text += text[1] ? 2 : 1;
			continue;
		}
		if (unit >= 0xD800 && unit <= 0xDBFF) {
			int low = escaped_unit(text + ESCAPE_LEN);
			if (low >= 0xDC00 && low <= 0xDFFF) {
				text += 2 * ESCAPE_LEN;
				continue;
			}
		}
		if (unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF))
			memcpy(text, "\\uFFFD", ESCAPE_LEN);
		text += ESCAPE_LEN;
	}
}

bool body_parse(const char *body, size_t len, cJSON **out, struct error *err)
{
	AUTO(text_free) char *text = NULL;

	if (!text_repair(body, len, &text, err))
		return false;
	mend_escapes(text);
	return json_parse(text, strlen(text), out, err);
}
