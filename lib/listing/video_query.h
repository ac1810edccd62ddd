/* The parameters of a list of videos, read once for the pages, the API, the exports, the feeds and the alerts. */
#pragma once

#include "http/request.h"
#include "model/video/json.h"
#include "store/video_search.h"

enum { PAGE_SIZE_MAX = 100, SEARCH_LENGTH_MAX = 500, EXCLUDED_CHANNELS_MAX = 100 };

/* What the parameters are read in. */
struct list_context {
	struct store *store; /* borrowed; tells the tracked queries there are */
	int64_t now;
	int64_t page_size; /* where none is asked for */
};

/* A list as it was asked for. */
struct video_query {
	struct video_request request; /* its texts are borrowed from the request */
	const char *within;           /* "hour", "day" …: published_after follows from it and from now; else NULL */
	int64_t default_page_size;    /* a link leaves page_size out when it is this */
	enum video_sort default_sort; /* the same of sort */
	const char *include;          /* as it was asked for; else NULL */
	struct video_members members; /* of each video: those of lists, and the included ones; the API's list has these */
	bool forward;                 /* asked for with `after`: what was recorded since, first recorded first */
};

#define FILTER_PARAMETERS                                                                                                        \
	"query", "tracked", "channel", "exclude_channel", "published_after", "published_before", "recorded_after",               \
	    "recorded_before", "within", "kind", "min_duration", "max_duration", "language"
#define LIST_PARAMETERS FILTER_PARAMETERS, "sort", "page_number", "page", "page_size", "cursor", "after", "count", "include"

/* The parameters that filter: query, tracked, channel, exclude_channel, published_after, published_before, recorded_after,
 * recorded_before, within, kind, min_duration, max_duration, language. Ended by NULL. */
extern const char *const filter_parameters[];

/* These, sort, after, include and fields; these, and flavor. Ended by NULL. */
extern const char *const export_parameters[];
extern const char *const csv_parameters[];

/* filter_parameters, and sort, page_number, page, page_size, cursor, after, count, include. Ended by NULL. */
extern const char *const list_parameters[];

/* Reads those of filter_parameters; the rest of OUT is the first page, newest first, in the default size. An empty value, one that
 * cannot be, and values that contradict each other are errors; only an empty `query` is none, since the search form sends it.
 * Errors: ERR_INVALID naming the invalid field, its value and what is allowed; also for a `tracked` that is no public query's id. */
MUST_USE bool video_query_read_filter(struct list_context in, const struct request *req, struct video_query *out,
                                      struct error *err);

/* Reads those of export_parameters, as above. */
MUST_USE bool video_query_read_export(struct list_context in, const struct request *req, struct video_query *out,
                                      struct error *err);

/* Reads those of list_parameters, as above. */
MUST_USE bool video_query_read(struct list_context in, const struct request *req, struct video_query *out, struct error *err);

/* The same for a feed: without sort in the order of recording. */
MUST_USE bool video_query_read_feed(struct list_context in, const struct request *req, struct video_query *out,
                                    struct error *err);

/* A cursor that continues a list after the video with key SEQ: opaque to its readers, good for lists in the same order only. */
enum { CURSOR_SIZE = 24 };
void cursor_write(enum video_sort sort, int64_t seq, char out[CURSOR_SIZE]);

/* The number that a cursor has behind its letter, 16 digits; more may follow. False when there are none. */
MUST_USE bool cursor_read_number(const char *digits, int64_t *out);

/* A forward cursor, for `after`: RECORDED is a number of recording (model/video.h), or 0. Good for months, and with any filter. */
void cursor_write_forward(int64_t recorded, char out[CURSOR_SIZE]);
