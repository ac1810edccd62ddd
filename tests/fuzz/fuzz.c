#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

_Noreturn void fuzz_broken(const char *promise, const char *file, int line)
{
	fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, promise);
	abort();
}

void fuzz_promise_text(const char *text)
{
	PROMISE(text != NULL);
	PROMISE(utf8_is_valid(text, strlen(text)));
}

void fuzz_promise_error(const struct error *err, const enum error_code allowed[])
{
	while (*allowed != ERR_NONE && *allowed != err->code)
		allowed++;
	if (*allowed == ERR_NONE)
		fprintf(stderr, "code %d: %s\n", (int)err->code, err->text);
	PROMISE(*allowed != ERR_NONE);
	PROMISE(err->text[0] != '\0');
	fuzz_promise_text(err->text);
}

char *fuzz_take_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	PROMISE(text != NULL);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

char *fuzz_take_line(const uint8_t **data, size_t *size)
{
	const uint8_t *end = *size ? memchr(*data, '\n', *size) : NULL;
	size_t len = end ? (size_t)(end - *data) : *size;
	char *line = fuzz_take_text(*data, len);

	*data += end ? len + 1 : len;
	*size -= end ? len + 1 : len;
	return line;
}
