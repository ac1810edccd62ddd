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

/* Copies what fits of FROM, up to the end of a character, after the first USED bytes of the SIZE at TEXT. */
static void put(char *text, size_t size, size_t used, const char *from)
{
	size_t len = utf8_cut(from, size - 1 - used);

	memcpy(text + used, from, len);
	text[used + len] = '\0';
	repair(text + used);
}

static void set(struct error *err, enum error_code code, const char *format, va_list values) PRINTF_LIKE(3, 0);

static void set(struct error *err, enum error_code code, const char *format, va_list values)
{
	char text[2 * sizeof(err->text)]; /* longer, so that put() finds the end of a character */

	vsnprintf(text, sizeof(text), format, values);
	put(err->text, sizeof(err->text), 0, text);
	err->code = code;
	err->field[0] = '\0';
	err->reason = 0;
}

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	set(err, code, format, values);
	va_end(values);
	return false;
}

bool error_set_field(struct error *err, enum error_code code, const char *field, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	set(err, code, format, values);
	va_end(values);
	return error_wrap(err, "%.60s", field) || error_about(err, field);
}

bool error_set_value(struct error *err, enum error_code code, const char *field, const char *value, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	set(err, code, format, values);
	va_end(values);
	return error_wrap(err, "%s=%.40s", field, value) || error_about(err, field);
}

bool error_about(struct error *err, const char *field)
{
	put(err->field, sizeof(err->field), 0, field);
	return false;
}

const char *error_reason(const struct error *err)
{
	return err->text + err->reason;
}

bool error_wrap(struct error *err, const char *format, ...)
{
	char before[sizeof(err->text)];
	char context[2 * sizeof(err->text)];
	va_list values;

	memcpy(before, err->text, sizeof(before));
	va_start(values, format);
	vsnprintf(context, sizeof(context), format, values);
	va_end(values);
	put(err->text, sizeof(err->text), 0, context);
	put(err->text, sizeof(err->text), strlen(err->text), ": ");
	err->reason += strlen(err->text);
	put(err->text, sizeof(err->text), strlen(err->text), before);
	if (err->reason > strlen(err->text))
		err->reason = strlen(err->text);
	return false;
}

bool error_no_memory(struct error *err)
{
	return error_set(err, ERR_NO_MEMORY, "out of memory");
}
