#include "tests/sim/escape.h"

void escape_text(const char *text, struct buf *out)
{
	static const struct {
		char c;
		const char *text;
	} escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};

	for (; *text; text++) {
		const char *escaped = NULL;

		for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
			escaped = escapes[i].c == *text ? escapes[i].text : escaped;
		if (escaped)
			buf_add_text(out, escaped);
		else
			buf_add_char(out, *text);
	}
}
