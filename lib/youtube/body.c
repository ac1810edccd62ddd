#include "youtube/body.h"

#include <string.h>

#include "base/encoding.h"
#include "base/text.h"

enum {
	ESCAPE_LEN = 6,  /* of \uXXXX */
	DEPTH_MAX = 32,  /* an answer is nested 7 deep */
	NUMBER_MAX = 40, /* characters; cJSON reads up to 63 */
};

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

/* Behind the text that begins with the quote at AT. */
static char *skip_text(char *at)
{
	for (at++; *at && *at != '"'; at++)
		at += *at == '\\' && at[1];
	return *at ? at + 1 : at;
}

/* Behind the object or array that begins at AT; NULL when it does not end. */
static char *skip_nested(char *at)
{
	int64_t depth = 0;

	while (*at) {
		if (*at == '"') {
			at = skip_text(at);
			continue;
		}
		depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
		at++;
		if (depth == 0)
			return at;
	}
	return NULL;
}

/* Puts a 0 in the place of a value. */
static void blank(char *from, const char *to)
{
	memset(from, ' ', (size_t)(to - from));
	*from = '0';
}

/* Values that the parser refuses, with all of the answer: one item must not cost the others. */
static void mend_values(char *at)
{
	int64_t depth = 0;

	while (*at) {
		char *end = at + 1;

		if (*at == '"') {
			end = skip_text(at);
		} else if ((*at == '{' || *at == '[') && depth++ == DEPTH_MAX && skip_nested(at)) {
			end = skip_nested(at);
			blank(at, end);
			depth--;
		} else if (*at == '}' || *at == ']') {
			depth--;
		} else if (strchr("-0123456789", *at)) {
			end = at + strspn(at, "+-.0123456789eE");
			if (end - at > NUMBER_MAX)
				blank(at, end);
		}
		at = end;
	}
}

bool body_parse(const char *body, size_t len, cJSON **out, struct error *err)
{
	AUTO(text_free) char *text = NULL;

	if (!text_repair(body, len, &text, err))
		return false;
	mend_escapes(text);
	mend_values(text);
	return json_parse(text, strlen(text), out, err);
}
