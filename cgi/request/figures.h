/*
 * Figures of a list of videos: how many were published when, and which channels, languages and lengths they have; in all, or apart for each
 * query, channel, language or kind. /api/stats and the charts have them from here.
 */
#pragma once

#include "cgi/request/context.h"
#include "model/query.h"
#include "store/figures/breakdown.h"
#include "store/figures/stats.h"

enum figure { FIGURE_VOLUME, FIGURE_CHANNELS, FIGURE_LANGUAGES, FIGURE_LENGTHS, FIGURE_COUNT };

/* "volume", "channels", "languages", "lengths" */
const char *figure_name(enum figure figure);

enum figure_group { GROUP_NONE, GROUP_QUERY, GROUP_CHANNEL, GROUP_LANGUAGE, GROUP_KIND, FIGURE_GROUP_COUNT };

/* "query", "channel", "language", "kind"; NULL for GROUP_NONE */
const char *figure_group_name(enum figure_group group);

/* What is asked for. */
struct figures_request {
	struct video_filter filter; /* its texts are borrowed */
	enum figure figure;
	enum volume_bucket bucket; /* of FIGURE_VOLUME */
	enum figure_group group;
	const struct query *queries[BREAKDOWN_MAX]; /* of GROUP_QUERY: a group each; borrowed */
	size_t query_count;
};

/* One group, or all there is. */
struct figures_group {
	const struct query *query;          /* of GROUP_QUERY; borrowed */
	const struct breakdown_part *value; /* of GROUP_CHANNEL and the like, ours */
	int64_t videos;                     /* that were counted */
	int64_t values;                     /* of channels or the like, that there are */
	struct volume
	    volume; /* of FIGURE_VOLUME; it says how many were counted of this group, where that is not the same of all */
	const struct breakdown_part *parts; /* of all other figures, ours */
	size_t part_count;
	int64_t counted_within, scanned_within; /* as in struct volume; 0 where the whole says it */
};

struct figures {
	struct figures_group groups[BREAKDOWN_MAX];
	size_t count;                               /* of GROUP_NONE 1 */
	int64_t counted_within, scanned_within;     /* of what was taken apart into groups; 0 where each group says it */
	int64_t videos;                             /* that were counted, also in groups that are left out */
	int64_t values;                             /* of the groups' trait, that there are */
	struct breakdown breakdowns[BREAKDOWN_MAX]; /* what GROUPS points into */
	size_t breakdown_count;
};

void figures_clear(struct figures *figures);

/* Reads them: by denormalised counters where only a tracked query and dates filter and buckets are days or longer, else of the newest
 * COUNTED_MAX matches (store/stats.h); of several queries of so many of all of them together, where more than dates filters of the newest
 * COUNTED_MAX of the filter. Takes a place among the costly
 * requests (costly.h) where it has to. Errors: ERR_BUSY, and as store.h. */
MUST_USE bool figures_read(struct app *app, const struct figures_request *request, struct figures *out, struct error *err);

/* The parameters `group` and `queries` of a list whose filter has been read into OUT->filter; of GROUP_QUERY without `queries` the
 * BREAKDOWN_MAX queries with most videos are taken. QUERIES are all public ones. Errors: ERR_INVALID naming the parameter. */
MUST_USE bool figures_read_group(const struct request *req, const struct query_list *queries, struct figures_request *out,
                                 struct error *err);

/* The parameter `queries`, ids of MAX of QUERIES at most; *COUNT is 0 without it. Errors: ERR_INVALID. */
MUST_USE bool figures_read_queries(const struct request *req, const struct query_list *queries, size_t max,
                                   const struct query *out[], size_t *count, struct error *err);

/* The parameter `bucket`; *OUT stays when it is missing. Errors: ERR_INVALID. */
MUST_USE bool figures_read_bucket(const struct request *req, enum volume_bucket *out, struct error *err);
