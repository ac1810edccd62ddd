/* What charts have in common: sizes, colours, marks, and text that has to fit. Sizes are units of the SVG, of which a wide one has about as many as a page has
 * pixels; widths of texts are estimated, since only a reader's computer knows its fonts. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/json_writer.h"

/* So many colours there are, and dashes and marks with them. */
enum { CHART_SERIES_MAX = 6 };

/* Two of each chart are on a page, and the style sheet shows the one that fits. */
enum chart_size { CHART_WIDE, CHART_NARROW, CHART_SIZE_COUNT };

/* 640, 360 */
int chart_width(enum chart_size size);

enum { CHART_MARGIN = 16, CHART_TEXT_PX = 12, CHART_TITLE_PX = 16, CHART_LINE_HEIGHT = 18 };

/* What stands around the figures. */
struct chart_frame {
	enum chart_size size;
	bool dark;
	const char *title;
	const char *period; /* and what else narrows what is counted */
	const char *source; /* "newsreel record of …, read on …" */
	const char *note;   /* how to read it; NULL = nothing to say */
};

/* The members `width`, `size`, `ink`, `paper`, `label` (LABEL: the chart in words), `title` and `period` as lines {x, y, text}. Returns where the next thing may stand. */
double chart_write_head(struct writer *w, const struct chart_frame *frame, const char *label);

/* The members `foot` (note and source as lines, from Y on) and `height`. */
void chart_write_foot(struct writer *w, const struct chart_frame *frame, double y);

/* The members that draw series NUMBER (from 0): `number` (from 1, for the style sheet), `colour`, `dash`. */
void chart_write_series(struct writer *w, int number, bool dark);

/* Appends the mark of series NUMBER as a path, with its centre at X, Y. */
void chart_add_mark(struct buf *path, int number, double x, double y);

/* A number of tenths, as attributes have them. */
void chart_write_place(struct writer *w, const char *name, double place);

/* TEXT, cut with an ellipsis where it is wider than WIDTH in a font of PX. */
void chart_write_cut(struct writer *w, const char *name, const char *text, double width, double px);

/* Appends an item {x, y, text} for each line that TEXT needs within WIDTH, the first one at Y; LINES_MAX at most, the last one cut. Returns the
 * y after the last. */
double chart_add_lines(struct writer *w, const char *text, double x, double y, double width, double px, int lines_max);
