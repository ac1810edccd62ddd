#include "search/highlight.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "search/search_text.h"
#include "search/text_tokens.h"

enum {
	MARKS_MAX = 200,   /* of one text */
	LEAD_BYTES = 60,   /* of a snippet before its first match */
	BLANK_WITHIN = 30, /* a cut goes to a blank as near as this */
};

struct highlight {
	struct search_text search;
};

void marked_text_clear(struct marked_text *marked)
{
	free(marked->parts);
	*marked = (struct marked_text){0};
}

bool highlight_open(const char *words, struct highlight **out, struct error *err)
{
	AUTO(highlight_close) struct highlight *highlight = calloc(1, sizeof(*highlight));

	if (!highlight)
		return error_no_memory(err);
	if (!search_text_read(words ? words : "", &highlight->search, err))
		return false;
	*out = highlight;
	highlight = NULL;
	return true;
}

void highlight_close(struct highlight **highlight)
{
	if (*highlight)
		search_text_clear(&(*highlight)->search);
	free(*highlight);
	*highlight = NULL;
}

/* ---- matching ---- */

struct mark {
	size_t start, end;
};

struct marks {
	struct mark items[MARKS_MAX];
	size_t count;
};

/* Marks come with growing starts; those that touch or overlap become one. */
static void add_mark(struct marks *marks, size_t start, size_t end)
{
	struct mark *last = marks->count ? &marks->items[marks->count - 1] : NULL;

	if (last && start <= last->end)
		last->end = end > last->end ? end : last->end;
	else if (marks->count < MARKS_MAX)
		marks->items[marks->count++] = (struct mark){start, end};
}

static void find_marks(const struct search_text *search, const struct text_tokens *tokens, struct marks *marks)
{
	for (size_t at = 0; at < tokens->count; at = text_tokens_next(tokens, at))
		for (size_t i = 0; i < search->count; i++) {
			size_t end;

			if (!search->terms[i].negative &&
			    text_tokens_match(tokens, at, search->tokens.data, &search->terms[i], &end))
				add_mark(marks, tokens->items[at].start, end);
		}
}

static bool mark_text(const struct highlight *highlight, const char *text, size_t len, struct marks *marks, struct error *err)
{
	AUTO(text_tokens_clear) struct text_tokens tokens = {0};

	if (highlight->search.count == 0)
		return true;
	if (!text_tokens_read(text, len, &tokens, err))
		return false;
	find_marks(&highlight->search, &tokens, marks);
	return true;
}

/* ---- parts ---- */

static bool is_blank_at(const char *text, size_t at)
{
	return text[at] == ' ' || text[at] == '\n';
}

/* Moves a cut back to after a blank that is near, else to the border of a character. */
static size_t nice_cut(const char *text, size_t at, size_t not_before)
{
	while (at > not_before && utf8_continues(text[at]))
		at--;
	while (utf8_continues(text[at])) /* less than a character was asked for */
		at++;
	for (size_t near = at; near > not_before && at - near < BLANK_WITHIN; near--)
		if (is_blank_at(text, near - 1))
			return near;
	return at;
}

static void choose_snippet(const char *text, size_t len, size_t snippet_bytes, const struct marks *marks, size_t *from,
                           size_t *to)
{
	size_t first = marks->count ? marks->items[0].start : 0;

	*from = 0;
	*to = len;
	if (snippet_bytes == 0 || len <= snippet_bytes)
		return;
	if (first > snippet_bytes / 2)
		*from = nice_cut(text, first - (first < LEAD_BYTES ? first : LEAD_BYTES), 0);
	if (*from + snippet_bytes < len)
		*to = nice_cut(text, *from + snippet_bytes, *from + 1);
}

static void add_part(struct marked_text *out, const char *text, size_t start, size_t end, bool marked)
{
	if (start < end)
		out->parts[out->count++] = (struct text_part){text + start, end - start, marked};
}

bool highlight_mark(const struct highlight *highlight, const char *text, size_t snippet_bytes, struct marked_text *out,
                    struct error *err)
{
	struct marks marks = {.count = 0};
	size_t len = strlen(text);
	size_t at, to;

	if (!mark_text(highlight, text, len, &marks, err))
		return false;
	struct text_part *parts = malloc((2 * marks.count + 1) * sizeof(*parts));
	if (!parts)
		return error_no_memory(err);
	choose_snippet(text, len, snippet_bytes, &marks, &at, &to);
	*out = (struct marked_text){.parts = parts, .cut_before = at > 0, .cut_after = to < len};
	for (size_t i = 0; i < marks.count && marks.items[i].start < to; i++) {
		size_t end = marks.items[i].end < to ? marks.items[i].end : to;

		if (end <= at)
			continue;
		add_part(out, text, at, marks.items[i].start > at ? marks.items[i].start : at, false);
		add_part(out, text, marks.items[i].start > at ? marks.items[i].start : at, end, true);
		at = end;
	}
	add_part(out, text, at, to, false);
	return true;
}
