#include "config/dotenv.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "base/utf8.h"

enum { FILE_MAX_BYTES = 256 * 1024 };

/* Cuts blanks at both ends, in place. */
static char *trim(char *text)
{
	text += strspn(text, " \t");
	size_t len = strlen(text);
	while (len && strchr(" \t\r", text[len - 1]))
		text[--len] = '\0';
	return text;
}

/* Takes one pair of quotes around the whole off, in place; quotes of parts stay, as in "moon landing";"mars". */
static char *unquote(char *text)
{
	size_t len = strlen(text);

	if (len < 2 || !strchr("\"'", *text) || strchr(text + 1, *text) != text + len - 1)
		return text;
	text[len - 1] = '\0';
	return text + 1;
}

/* "export NAME" and a byte order mark are no names: they would hide the variable. */
static bool is_name(const char *text)
{
	static const char allowed[] = TEXT_ALPHANUMERIC "_";

	return *text && !text[strspn(text, allowed)];
}

static bool add(struct dotenv *dotenv, const char *name, const char *value, int line, struct error *err)
{
	if (!list_grow(&dotenv->entries, dotenv->count, sizeof(*dotenv->entries)))
		return error_no_memory(err);
	struct dotenv_entry *entry = &dotenv->entries[dotenv->count++];
	*entry = (struct dotenv_entry){.line = line};
	return text_copy(name, &entry->name, err) && text_copy(value, &entry->value, err);
}

static bool read_line(struct dotenv *dotenv, char *text, int line, struct error *err)
{
	text = trim(text);
	if (!*text || *text == '#')
		return true;
	char *equals = strchr(text, '=');
	if (equals)
		*equals = '\0';
	char *name = trim(text);
	if (!equals || !is_name(name))
		return error_set(err, ERR_INVALID, "NAME=value is allowed, or a line that begins with #");
	return add(dotenv, name, unquote(trim(equals + 1)), line, err);
}

bool dotenv_read(const char *path, struct dotenv *out, struct error *err)
{
	AUTO(dotenv_clear) struct dotenv dotenv = {0};
	AUTO(buf_clear) struct buf content = BUF(FILE_MAX_BYTES);
	int number = 0;

	if (!file_read(path, &content, err) && err->code != ERR_NOT_FOUND)
		return false;
	if (!utf8_is_valid(buf_text(&content), content.len))
		return error_set(err, ERR_INVALID, "%s: not a text in UTF-8", path);
	for (char *line = content.data; line && *line;) {
		char *end = line + strcspn(line, "\n");
		char *next = *end ? end + 1 : end;

		*end = '\0';
		if (!read_line(&dotenv, line, ++number, err))
			return error_wrap(err, "%s, line %d", path, number);
		line = next;
	}
	*out = dotenv;
	dotenv = (struct dotenv){0};
	return true;
}

void dotenv_clear(struct dotenv *dotenv)
{
	for (size_t i = 0; i < dotenv->count; i++) {
		free(dotenv->entries[i].name);
		free(dotenv->entries[i].value);
	}
	free(dotenv->entries);
	*dotenv = (struct dotenv){0};
}

const char *dotenv_get(const struct dotenv *dotenv, const char *name)
{
	for (size_t i = dotenv->count; i > 0; i--)
		if (strcmp(dotenv->entries[i - 1].name, name) == 0)
			return dotenv->entries[i - 1].value;
	return NULL;
}
