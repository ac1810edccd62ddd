/* The parameters of lists of videos that are gone, read once for the page, the API and the export. */
#pragma once

#include "cgi/request/context.h"
#include "store/history/gone.h"

/* tracked, since, until, page_number, page, page_size; those that filter. Ended by NULL. */
extern const char *const gone_parameters[];
extern const char *const gone_csv_parameters[];

struct gone_params {
	struct video_query pages;  /* page and tracked query, for links */
	const char *since, *until; /* as they were asked for, borrowed from the request; else NULL */
	struct gone_filter filter;
};

/* Errors: ERR_INVALID naming the invalid parameter, its value and what is allowed. */
MUST_USE bool gone_params_read(struct app *app, const struct request *req, struct gone_params *out, struct error *err);

/* Appends PATH with since and until, which links to other pages do not carry by themselves. */
void gone_params_write_path(const struct gone_params *params, const char *path, struct buf *out);
