#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Puts a question mark for each byte that belongs to no character: what was quoted may have been cut, or broken before. */
static void repair(char *text)
{
	while (*text) {
		uint32_t code_point;
		size_t len = utf8_decode(text, UTF8_MAX, &code_point);

		if (!len)
			*text = '?';
		text += len ? len : 1;
	}
}

/* Writes what fits of FROM, up to the end of a character, after the first USED bytes. */
static void put(struct error *err, size_t used, const char *from)
{
	size_t len = utf8_cut(from, sizeof(err->text) - 1 - used);

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
	char context[2 * sizeof(err->text)]; /* longer, so that put() finds the end of a character */
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
