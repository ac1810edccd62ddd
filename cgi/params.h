/* What a request asks for, read once for the API and the pages. */
#pragma once

#include "cgi/app.h"
#include "model/origin.h"
#include "store/videos.h"

enum { PAGE_SIZE_MAX = 100, SEARCH_LENGTH_MAX = 500 };

/* A page of the list of videos. */
struct list_params {
	struct video_filter filter; /* its texts are borrowed from the request */
	int64_t page_number;
	int64_t page_size;
	int64_t default_page_size; /* a link leaves page_size out when it is this */
};

/* The query parameters params_read_list() understands, ended by NULL. */
extern const char *const list_parameters[];

/* Reads `query`, `tracked`, `page_number` or `page`, `page_size`. Errors: ERR_INVALID naming the culprit, also for a `tracked`
 * that is no public query's id. */
MUST_USE bool params_read_list(struct app *app, const struct request *req, struct list_params *out, struct error *err);

/* The page of videos that PARAMS ask for. Errors: as store_videos_page(), but ERR_INVALID when the page lies too deep. */
MUST_USE bool params_load_page(struct app *app, const struct list_params *params, struct video_page *out, struct error *err);

/* The id in the path. Errors: ERR_NOT_FOUND "no WHAT with this id". */
MUST_USE bool params_read_id(const struct request *req, const char *what, int64_t *out, struct error *err);

/* Whether every member of the body is one of NAMES (ended by NULL). Errors: ERR_INVALID naming the stranger and what is
 * allowed. */
MUST_USE bool params_body_only(const struct request *req, const char *const names[], struct error *err);

/* The member `state` of a body that has no other: ACTIVE (the word for a query or key in use) or "paused". Errors: ERR_INVALID.
 */
MUST_USE bool params_read_state(const struct request *req, const char *active, enum presence *out, struct error *err);
