#include "cgi/feeds/file_name.h"

#include <string.h>

#include "base/encoding.h"
#include "base/timestamp.h"
#include "base/utf8.h"

enum { PART_MAX_BYTES = 80, NAME_BYTES = 512, DATE_LENGTH = 10 };

/* What no file system, shell or browser takes for more than a character of a name. */
static bool is_safe(unsigned char byte)
{
	return byte > ' ' && byte != 0x7F && !strchr("/\\:*?\"<>|'%;~", byte);
}

/* Appends "-" and TEXT, at most PART_MAX_BYTES of it; what is not safe is a blank, several are one. */
static void add_part(struct buf *name, const char *text)
{
	size_t len = utf8_cut(text, PART_MAX_BYTES);
	char last = '-';

	buf_add_char(name, '-');
	for (size_t i = 0; i < len; i++) {
		char c = is_safe((unsigned char)text[i]) ? text[i] : ' ';

		if (c != ' ' || (last != ' ' && last != '-'))
			buf_add_char(name, c);
		last = c;
	}
}

/* Appends NAME in ASCII: of other characters an underscore stands for each. */
static void add_ascii(struct buf *out, const char *name)
{
	for (; *name; name++) {
		unsigned char byte = (unsigned char)*name;

		if (byte < 0x80)
			buf_add_char(out, (char)byte);
		else if (byte >= 0xC0)
			buf_add_char(out, '_');
	}
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

void file_name_write(struct buf *out, const char *what, const char *query, const char *words, int64_t now, const char *extension)
{
	AUTO(buf_clear) struct buf name = BUF(NAME_BYTES);
	char date[TIMESTAMP_SIZE];

	timestamp_format(now, date);
	buf_add_text(&name, what);
	if (query)
		add_part(&name, query);
	if (words)
		add_part(&name, words);
	buf_printf(&name, "-%.*s.%s", DATE_LENGTH, date, extension);
	if (name.failed)
		out->failed = name.failed;
	buf_add_text(out, "attachment; filename=\"");
	add_ascii(out, buf_text(&name));
	buf_add_char(out, '"');
	if (is_ascii(buf_text(&name)))
		return;
	buf_add_text(out, "; filename*=UTF-8''");
	percent_encode(out, buf_text(&name));
}
