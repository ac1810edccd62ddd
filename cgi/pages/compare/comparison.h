/* What /compare shows: which series, of which time, and the charts of them, for the page and as files. */
#pragma once

#include "cgi/pages/widgets/chart_parts.h"
#include "cgi/request/context.h"
#include "cgi/request/figures.h"
#include "store/queries.h"

struct comparison {
	struct app *app;
	struct query_list queries;                    /* that there are */
	const struct query *chosen[CHART_SERIES_MAX]; /* a series each; of none, all that the list has is one */
	size_t chosen_count;
	struct video_query list;   /* the filter; published in whole intervals, SINCE to before UNTIL */
	const char *within;        /* "week" … as it was asked for; NULL = by dates */
	enum volume_bucket bucket; /* of what is counted: the one that was asked for, or the next one that is not too fine */
	bool coarser;              /* it is another one */
	bool bucket_asked;
	int64_t since, until;
	bool shares; /* of all recorded videos, in place of numbers */
	bool dark;
	enum figure figure; /* of a file */
	int64_t now;
};

void comparison_clear(struct comparison *comparison);

/* Reads compare_parameters: those that filter, `queries`, `bucket`, `scale`, `chart`, `theme`. Without a time the past 30 days are taken. OUT has app, and is the caller's to
 * clear. Errors: ERR_INVALID naming the parameter, and as store.h. */
MUST_USE bool comparison_read(const struct request *req, struct comparison *out, struct error *err);

/* Writes the chart of FIGURE as the member NAME; as the members of an object, NAMES, in each size there is a name for. Errors: as store.h, ERR_BUSY. */
struct chart_names {
	const char *of_size[CHART_SIZE_COUNT]; /* NULL = not in this one */
};
MUST_USE bool comparison_write_chart(const struct comparison *comparison, enum figure figure, const struct chart_names *names,
                                     struct writer *w, struct error *err);

/* Appends "rocket launch and lofi beats", what the list is called without queries ("falcon"), or "all videos". */
void comparison_name(const struct comparison *comparison, struct buf *out);

/* Appends the URL of the comparison at PATH ("/compare", "/compare.svg"); of a file that of FIGURE. */
void comparison_link(const struct comparison *comparison, const char *path, enum figure figure, struct buf *out);

/* Appends that of the same figures from /api/stats, ending with EXTENSION ("" or ".csv"). */
void comparison_link_figures(const struct comparison *comparison, enum figure figure, const char *extension, struct buf *out);
