#include "delivery/news.h"

#include <string.h>

#include "base/utf8.h"

/* What could break a line, or turn the rest of it around. */
static bool is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

void message_add_line(struct buf *out, const char *text, size_t max, const struct escaping *escaping)
{
	size_t cut = utf8_cut(text, max);
	size_t len = 0;
	uint32_t c;

	for (size_t at = 0; at < cut; at += len) {
		len = utf8_decode(text + at, cut - at, &c);
		if (len == 0)
			break;
		bool special = c < 0x80 && !is_hidden(c) && strchr(escaping->special, (int)c);
		if (special)
			buf_add_text(out, escaping->before);
		if (is_hidden(c))
			buf_add_char(out, ' ');
		else
			buf_add(out, text + at, len);
		if (special)
			buf_add_text(out, escaping->after);
	}
	if (text[cut])
		buf_add_text(out, "…");
}
