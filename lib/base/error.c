#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Puts a question mark for each byte that belongs to no character: what was quoted may have been cut, or broken before. */
static void repair(char *text)
{
	for (char *at = text; *at;) {
		unsigned char lead = (unsigned char)*at;
		size_t len = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

		if (!text_is_utf8(at, len)) {
			*at = '?';
			len = 1;
		}
		at += len;
	}
}

/* Copies what fits of FROM, at a character's border, after the first USED bytes. */
static void put(struct error *err, size_t used, const char *from)
{
	size_t room = sizeof(err->text) - 1 - used;
	size_t len = strlen(from);

	if (len > room) {
		len = room;
		while (len && ((unsigned char)from[len] & 0xC0) == 0x80)
			len--;
	}
	memcpy(err->text + used, from, len);
	err->text[used + len] = '\0';
	repair(err->text + used);
}

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
	char text[2 * sizeof(err->text)];
	va_list values;

	va_start(values, format);
	vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	put(err, 0, text);
	err->code = code;
	return false;
}

bool error_wrap(struct error *err, const char *format, ...)
{
	char before[sizeof(err->text)];
	char context[2 * sizeof(err->text)]; /* longer, so that put() finds the character's border */
	va_list values;

	memcpy(before, err->text, sizeof(before));
	va_start(values, format);
	vsnprintf(context, sizeof(context), format, values);
	va_end(values);
	put(err, 0, context);
	put(err, strlen(err->text), ": ");
	put(err, strlen(err->text), before);
	return false;
}

bool error_no_memory(struct error *err)
{
	return error_set(err, ERR_NO_MEMORY, "out of memory");
}
