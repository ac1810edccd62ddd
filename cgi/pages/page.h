/* The frame that all pages share: title, menu, search box, demo banner, freshness. */
#pragma once

#include "cgi/request/context.h"
#include "cgi/request/video_query.h"
#include "base/json_writer.h"
#include "template/values.h"

/* What the frame shows besides what it finds out itself. */
struct page_frame {
	const char *title;                /* of the window; "newsreel" is added */
	const struct video_query *params; /* what the search box holds; NULL = nothing */
	const struct request *req;        /* who is signed in; NULL = not known */
	bool with_record;                 /* false: the record may not be there; says nothing of freshness */
};

/* Opens the outermost object and writes what html/_begin.html and html/_end.html need. The page adds its own members and ends it
 * with write_end(). Errors: as store.h. */
MUST_USE bool page_begin(struct app *app, const struct page_frame *frame, struct writer *w, struct error *err);

/* Renders template NAME filled from TREE as the answer with STATUS. */
MUST_USE bool page_render(struct app *app, const char *name, const struct tree *tree, int status, struct response *res,
                          struct error *err);

/* Sends the browser on to PATH: 303, after a form was taken. */
MUST_USE bool page_redirect(struct app *app, const char *path, struct response *res, struct error *err);

/* A link as a member called NAME. */
MUST_USE bool page_link(struct app *app, struct writer *w, const char *name, const char *path, struct error *err);
