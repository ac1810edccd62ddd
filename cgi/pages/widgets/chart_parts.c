#include "cgi/pages/widgets/chart_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum { PLACE_SIZE = 32, LINE_BYTES = 2048, TITLE_LINES = 3, FOOT_LINES = 4 };

/* After Okabe and Ito's colours, moved until each two also differ for people who see no red, no green or no blue (CIE76 distance of 17 at least as Machado
 * et al. simulate it), and each from its background (contrast of 3.6). Dashes and marks tell the series apart without any. html/style/charts.css has the
 * same for pages. */
static const struct {
	const char *light, *dark, *dash;
} looks[CHART_SERIES_MAX] = {
    {"#0072b2", "#56b4e9", "none"}, {"#cd6c13", "#e15c00", "7 4"},     {"#009b4f", "#22fbb4", "2 4"},
    {"#aa457b", "#a58591", "11 4"}, {"#824b00", "#ffdb67", "9 3 2 3"}, {"#3a352f", "#cdefff", "4 2"},
};

int chart_width(enum chart_size size)
{
	return size == CHART_NARROW ? 360 : 640;
}

void chart_write_place(struct writer *w, const char *name, double place)
{
	char text[PLACE_SIZE];

	snprintf(text, sizeof(text), "%.1f", place);
	write_text(w, name, text);
}

/* ---- text ---- */

/* Of a character, in ems of a usual font without serifs. */
static double em_width(uint32_t c)
{
	if (c == ' ' || (c < 0x80 && strchr("ijl.,:;'!|I()[]", (int)c)))
		return 0.3;
	if (c < 0x80 && strchr("mwMW@%", (int)c))
		return 0.86;
	if (c >= 'A' && c <= 'Z')
		return 0.68;
	return c >= 0x1100 ? 1.05 : 0.59;
}

/* How many bytes of TEXT fit into WIDTH. */
static size_t fitting(const char *text, double width, double px)
{
	size_t at = 0;
	uint32_t c = 0;

	for (size_t len; (len = utf8_decode(text + at, UTF8_MAX, &c)) && c; at += len) {
		width -= em_width(c) * px;
		if (width < 0)
			break;
	}
	return at;
}

static void add_cut(struct buf *out, const char *text, double width, double px)
{
	size_t len = fitting(text, width, px);

	if (text[len]) {
		buf_add(out, text, fitting(text, width - px, px));
		buf_add_text(out, "…");
	} else {
		buf_add_text(out, text);
	}
}

void chart_write_cut(struct writer *w, const char *name, const char *text, double width, double px)
{
	AUTO(buf_clear) struct buf cut = BUF(strlen(text) + sizeof("…"));

	add_cut(&cut, text, width, px);
	write_buf(w, name, &cut);
}

/* How many bytes of TEXT make a line: up to a blank, if there is one. */
static size_t line_length(const char *text, double width, double px)
{
	size_t len = fitting(text, width, px);

	if (!text[len])
		return len;
	for (size_t blank = len; blank > 0; blank--)
		if (text[blank] == ' ')
			return blank;
	return len ? len : strlen(text);
}

static void add_line(struct writer *w, double x, double y, const char *text, size_t len)
{
	AUTO(buf_clear) struct buf line = BUF(len);

	buf_add(&line, text, len);
	write_object(w, NULL);
	chart_write_place(w, "x", x);
	chart_write_place(w, "y", y);
	write_buf(w, "text", &line);
	write_end(w);
}

double chart_add_lines(struct writer *w, const char *text, double x, double y, double width, double px, int lines_max)
{
	AUTO(buf_clear) struct buf last = BUF(LINE_BYTES);

	for (int line = 1; *text; line++) {
		size_t len = line_length(text, width, px);

		if (line == lines_max && text[len]) {
			add_cut(&last, text, width, px);
			add_line(w, x, y, buf_text(&last), last.len);
			return y + px * 1.4;
		}
		add_line(w, x, y, text, len);
		y += px * 1.4;
		text += len;
		text += strspn(text, " ");
	}
	return y;
}

/* ---- head and foot ---- */

double chart_write_head(struct writer *w, const struct chart_frame *frame, const char *label)
{
	double width = chart_width(frame->size) - 2 * CHART_MARGIN;
	double y = CHART_MARGIN + CHART_TITLE_PX * 0.8;

	write_int(w, "width", chart_width(frame->size));
	write_text(w, "size", frame->size == CHART_NARROW ? "narrow" : "wide");
	write_text(w, "ink", frame->dark ? "#f1ede8" : "#1d1a17");
	write_text(w, "paper", frame->dark ? "#151312" : "#ffffff");
	write_text(w, "label", label);
	write_array(w, "title");
	y = chart_add_lines(w, frame->title, CHART_MARGIN, y, width, CHART_TITLE_PX, TITLE_LINES);
	write_end(w);
	write_array(w, "period");
	y = chart_add_lines(w, frame->period, CHART_MARGIN, y, width, CHART_TEXT_PX, TITLE_LINES);
	write_end(w);
	return y;
}

void chart_write_foot(struct writer *w, const struct chart_frame *frame, double y)
{
	double width = chart_width(frame->size) - 2 * CHART_MARGIN;

	write_array(w, "foot");
	if (frame->note)
		y = chart_add_lines(w, frame->note, CHART_MARGIN, y, width, CHART_TEXT_PX, FOOT_LINES);
	y = chart_add_lines(w, frame->source, CHART_MARGIN, y, width, CHART_TEXT_PX, FOOT_LINES);
	write_end(w);
	write_int(w, "height", (int64_t)y + CHART_MARGIN - CHART_TEXT_PX / 2);
}

/* ---- series ---- */

void chart_write_series(struct writer *w, int number, bool dark)
{
	write_int(w, "number", number + 1);
	write_text(w, "colour", dark ? looks[number].dark : looks[number].light);
	write_text(w, "dash", looks[number].dash);
}

void chart_add_mark(struct buf *path, int number, double x, double y)
{
	/* From the centre: a circle, a square, a triangle, a diamond, a cross, an upside-down triangle. */
	static const char *const shapes[CHART_SERIES_MAX] = {"m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
	                                                     "m-3.2 -3.2h6.4v6.4h-6.4z",
	                                                     "m0 -4.4l4.2 7.2h-8.4z",
	                                                     "m0 -4.6l4.6 4.6l-4.6 4.6l-4.6 -4.6z",
	                                                     "m-1.3 -4.2h2.6v2.9h2.9v2.6h-2.9v2.9h-2.6v-2.9h-2.9v-2.6h2.9z",
	                                                     "m0 4.4l4.2 -7.2h-8.4z"};

	buf_printf(path, "M%.1f %.1f%s", x, y, shapes[number]);
}
