/* The frame that all pages share: title, menu, search box, demo banner, freshness. */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/context.h"
#include "listing/video_query.h"
#include "template/values.h"

/* A page being written: AUTO(page_clear) struct page page = {0}; */
struct page {
	struct tree tree;
	struct writer w; /* into the tree */
};

void page_clear(struct page *page);

/* What the frame shows besides what it finds out itself. */
struct page_frame {
	const char *title;   /* of the view, for the window, search engines and shared links; NULL or "" = all videos */
	int64_t page_number; /* of a list; told from 2 on */
	const struct video_query *params; /* what the search box holds; NULL = nothing */
	const struct video_query *feed;   /* the list that feeds of this page have; NULL = that of PARAMS */
	const struct request *req;        /* who is signed in; NULL = not known */
	bool with_freshness;              /* false: the database may not be there */
};

/* Opens the outermost object and writes what html/_begin.html and html/_end.html need. The page adds its own members to PAGE->w.
 * Errors: as store.h. */
MUST_USE bool page_begin(struct app *app, const struct page_frame *frame, struct page *page, struct error *err);

/* Ends the outermost object and renders template NAME from it as the answer with STATUS. */
MUST_USE bool page_render(struct app *app, const char *name, struct page *page, int status, struct response *res,
                          struct error *err);

/* Sends the browser on to PATH: 303, after a form was taken. */
MUST_USE bool page_redirect(struct app *app, const char *path, struct response *res, struct error *err);
