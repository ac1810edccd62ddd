/*
 * A data set: the videos of a filter with their papers, as a ZIP archive that is made piece by piece while it is read, in constant memory.
 * The same database gives the same bytes. Errors as store.h says.
 */
#pragma once

#include "export/rows.h"
#include "listing/video_query.h"

/* What is asked for. */
struct dataset_request {
	struct video_query list; /* its filter; `within` is times by now. Its texts are borrowed from the request */
	enum rows_format format; /* of the videos */
	bool ids_only;           /* of them nothing but the ids */
};

/* filter_parameters, format and content. Ended by NULL. */
extern const char *const dataset_parameters[];

/* Reads them. Errors: ERR_INVALID naming the invalid parameter, its value and what is allowed. */
MUST_USE bool dataset_read(struct list_context in, const struct request *req, struct dataset_request *out, struct error *err);

struct dataset;

/* Begins one. STORE and the texts of REQUEST are borrowed until it is closed. NOW: UTC seconds. */
MUST_USE bool dataset_open(struct store *store, const struct dataset_request *request, int64_t now, struct dataset **out,
                           struct error *err);
void dataset_close(struct dataset **dataset); /* NULL is fine */

/* Reads a little and appends what is ready of the archive to OUT: sometimes nothing. *MORE is false when that was all. */
MUST_USE bool dataset_next(struct dataset *dataset, struct buf *out, bool *more, struct error *err);

/* How many videos it has so far. */
int64_t dataset_video_count(const struct dataset *dataset);
