#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vsnprintf(err->text, sizeof(err->text), format, values);
	va_end(values);
	err->code = code;
	return false;
}

bool error_wrap(struct error *err, const char *format, ...)
{
	char before[sizeof(err->text)];
	char context[sizeof(err->text) / 2];
	va_list values;

	memcpy(before, err->text, sizeof(before));
	va_start(values, format);
	vsnprintf(context, sizeof(context), format, values);
	va_end(values);

	int used = snprintf(err->text, sizeof(err->text), "%s: ", context);
	snprintf(err->text + used, sizeof(err->text) - (size_t)used, "%s", before);
	return false;
}

bool error_no_memory(struct error *err)
{
	return error_set(err, ERR_NO_MEMORY, "out of memory");
}
