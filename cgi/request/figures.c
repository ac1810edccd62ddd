#include "cgi/request/figures.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/text_list.h"
#include "cgi/request/costly.h"
#include "http/params.h"

const char *figure_name(enum figure figure)
{
	static const char *const names[FIGURE_COUNT] = {[FIGURE_VOLUME] = "volume",
	                                                [FIGURE_CHANNELS] = "channels",
	                                                [FIGURE_LANGUAGES] = "languages",
	                                                [FIGURE_LENGTHS] = "lengths"};

	return names[figure];
}

const char *figure_group_name(enum figure_group group)
{
	static const char *const names[FIGURE_GROUP_COUNT] = {
	    [GROUP_QUERY] = "query", [GROUP_CHANNEL] = "channel", [GROUP_LANGUAGE] = "language", [GROUP_KIND] = "kind"};

	return names[group];
}

static const enum video_trait traits_of_figures[FIGURE_COUNT] = {[FIGURE_VOLUME] = TRAIT_HOUR,
                                                                 [FIGURE_CHANNELS] = TRAIT_CHANNEL,
                                                                 [FIGURE_LANGUAGES] = TRAIT_LANGUAGE,
                                                                 [FIGURE_LENGTHS] = TRAIT_LENGTH};

static const enum video_trait traits_of_groups[FIGURE_GROUP_COUNT] = {
    [GROUP_CHANNEL] = TRAIT_CHANNEL, [GROUP_LANGUAGE] = TRAIT_LANGUAGE, [GROUP_KIND] = TRAIT_KIND};

void figures_clear(struct figures *figures)
{
	for (size_t i = 0; i < figures->count; i++)
		volume_clear(&figures->groups[i].volume);
	for (size_t i = 0; i < figures->breakdown_count; i++)
		breakdown_clear(&figures->breakdowns[i]);
	*figures = (struct figures){0};
}

/* ---- parameters ---- */

bool figures_read_bucket(const struct request *req, enum volume_bucket *out, struct error *err)
{
	const char *names[VOLUME_BUCKET_COUNT];
	size_t bucket = *out;

	for (enum volume_bucket b = 0; b < VOLUME_BUCKET_COUNT; b++)
		names[b] = volume_bucket_name(b);
	if (!params_choose(req, "bucket", names, VOLUME_BUCKET_COUNT, &bucket, err))
		return false;
	*out = (enum volume_bucket)bucket;
	return true;
}

/* Adds the query with the id in TEXT, once. */
static bool add_query(const char *text, const struct query_list *queries, size_t max, const struct query *out[], size_t *count,
                      struct error *err)
{
	int64_t id = 0;
	const struct query *query = text_int(text, 1, INT64_MAX, &id) ? query_list_find(queries, id) : NULL;

	if (!query)
		return error_set_value(err, ERR_INVALID, "queries", text, "ids of tracked queries such as 1,2,3 are allowed");
	for (size_t i = 0; i < *count; i++)
		if (out[i] == query)
			return true;
	if (*count == max)
		return error_set_field(err, ERR_INVALID, "queries", "at most %zu ids are allowed", max);
	out[(*count)++] = query;
	return true;
}

bool figures_read_queries(const struct request *req, const struct query_list *queries, size_t max, const struct query *out[],
                          size_t *count, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	const char *text = fields_get(&req->query, "queries");

	*count = 0;
	if (!text)
		return true;
	if (!text_list_split(text, ',', &ids, err))
		return false;
	for (size_t i = 0; i < ids.count; i++)
		if (!add_query(ids.items[i], queries, max, out, count, err))
			return false;
	return ids.count || error_set_field(err, ERR_INVALID, "queries", "ids of tracked queries such as 1,2,3 are missing");
}

/* Puts QUERY among those with most videos. */
static void add_largest(const struct query *query, struct figures_request *out)
{
	size_t at = out->query_count;

	while (at > 0 && out->queries[at - 1]->videos < query->videos)
		at--;
	if (at == BREAKDOWN_MAX)
		return;
	if (out->query_count < BREAKDOWN_MAX)
		out->query_count++;
	for (size_t i = out->query_count - 1; i > at; i--)
		out->queries[i] = out->queries[i - 1];
	out->queries[at] = query;
}

static bool choose_queries(const struct request *req, const struct query_list *queries, struct figures_request *out,
                           struct error *err)
{
	if (out->group != GROUP_QUERY)
		return !fields_has(&req->query, "queries") ||
		       error_set_field(err, ERR_INVALID, "queries", "only with group=query");
	if (out->filter.query_id)
		return error_set_field(err, ERR_INVALID, "tracked", "not together with group=query; name the queries in queries");
	if (!figures_read_queries(req, queries, BREAKDOWN_MAX, out->queries, &out->query_count, err))
		return false;
	for (size_t i = 0; i < queries->count && !fields_has(&req->query, "queries"); i++)
		add_largest(&queries->items[i], out);
	return true;
}

bool figures_read_group(const struct request *req, const struct query_list *queries, struct figures_request *out,
                        struct error *err)
{
	const char *names[FIGURE_GROUP_COUNT - 1];
	size_t group = FIGURE_GROUP_COUNT - 1;

	for (enum figure_group g = GROUP_QUERY; g < FIGURE_GROUP_COUNT; g++)
		names[g - GROUP_QUERY] = figure_group_name(g);
	if (!params_choose(req, "group", names, FIGURE_GROUP_COUNT - 1, &group, err))
		return false;
	out->group = group < FIGURE_GROUP_COUNT - 1 ? (enum figure_group)(group + GROUP_QUERY) : GROUP_NONE;
	if (out->group != GROUP_NONE && traits_of_groups[out->group] == traits_of_figures[out->figure])
		return error_set_value(err, ERR_INVALID, "group", names[group], "not of %s", figure_name(out->figure));
	return choose_queries(req, queries, out, err);
}

/* ---- reading ---- */

static void count_volume(struct figures_group *group)
{
	for (size_t i = 0; i < group->volume.count; i++)
		group->videos += group->volume.points[i].count;
	group->counted_within = group->volume.counted_within;
	group->scanned_within = group->volume.scanned_within;
}

/* Adds a breakdown to take parts from. */
static bool read_breakdown(struct app *app, const struct video_filter *filter, const struct figures_request *request,
                           struct figures *out, struct error *err)
{
	struct breakdown *breakdown = &out->breakdowns[out->breakdown_count];
	int64_t most = COUNTED_MAX / (request->query_count ? (int64_t)request->query_count : 1);

	if (!costly_breakdown(app, filter, most, traits_of_groups[request->group], traits_of_figures[request->figure], breakdown,
	                      err))
		return false;
	out->breakdown_count++;
	return true;
}

static bool take_group(const struct breakdown_group *from, const struct figures_request *request, struct figures_group *to,
                       struct error *err)
{
	to->value = &from->value;
	to->videos = from->value.videos;
	to->values = from->values;
	if (request->figure == FIGURE_VOLUME)
		return volume_of_hours(from->parts, from->count, request->bucket, &to->volume, err);
	to->parts = from->parts;
	to->part_count = from->count;
	return true;
}

/* All of FILTER as one group. */
static bool read_whole(struct app *app, const struct video_filter *filter, const struct figures_request *request,
                       struct figures *out, struct error *err)
{
	struct figures_group *group = &out->groups[out->count++];

	if (request->figure == FIGURE_VOLUME) {
		if (!costly_volume(app, filter, request->bucket, &group->volume, err))
			return false;
		count_volume(group);
		return true;
	}
	if (!read_breakdown(app, filter, request, out, err))
		return false;
	const struct breakdown *breakdown = &out->breakdowns[out->breakdown_count - 1];
	if (breakdown->count && !take_group(&breakdown->groups[0], request, group, err))
		return false;
	group->value = NULL;
	group->counted_within = breakdown->counted_within;
	group->scanned_within = breakdown->scanned_within;
	return true;
}

/* Whether nothing but dates filters: then the videos of a query are read in order, and nothing is looked at in vain. */
static bool only_dates(const struct video_filter *filter)
{
	return !filter->words && !filter->channel_id && !filter->excluded_channels && !filter->one_kind &&
	       !filter->min_duration_s && !filter->max_duration_s && !filter->language;
}

/* The newest matches of the filter, whatever found them, and which of the queries did. */
static bool read_queries_at_once(struct app *app, const struct figures_request *request, struct figures *out, struct error *err)
{
	struct breakdown *breakdown = &out->breakdowns[0];
	int64_t ids[BREAKDOWN_MAX];

	for (size_t i = 0; i < request->query_count; i++)
		ids[i] = request->queries[i]->id;
	if (!costly_breakdown_by_query(app, &request->filter, COUNTED_MAX, ids, request->query_count,
	                               traits_of_figures[request->figure], breakdown, err))
		return false;
	out->breakdown_count = 1;
	out->counted_within = breakdown->counted_within;
	out->scanned_within = breakdown->scanned_within;
	out->videos = breakdown->videos;
	for (size_t i = 0; i < request->query_count; i++) {
		struct figures_group *group = &out->groups[out->count++];

		group->query = request->queries[i];
		for (size_t g = 0; g < breakdown->count; g++)
			if (breakdown->groups[g].value.number == ids[i] &&
			    !take_group(&breakdown->groups[g], request, group, err))
				return false;
	}
	out->values = (int64_t)out->count;
	return true;
}

static bool read_by_query(struct app *app, const struct figures_request *request, struct figures *out, struct error *err)
{
	for (size_t i = 0; i < request->query_count; i++) {
		struct video_filter filter = request->filter;

		filter.query_id = request->queries[i]->id;
		if (!read_whole(app, &filter, request, out, err))
			return false;
		out->groups[i].query = request->queries[i];
		out->videos += out->groups[i].videos;
	}
	out->values = (int64_t)out->count;
	return true;
}

static bool read_by_trait(struct app *app, const struct figures_request *request, struct figures *out, struct error *err)
{
	if (!read_breakdown(app, &request->filter, request, out, err))
		return false;
	const struct breakdown *breakdown = &out->breakdowns[0];
	out->videos = breakdown->videos;
	out->values = breakdown->values;
	out->counted_within = breakdown->counted_within;
	out->scanned_within = breakdown->scanned_within;
	for (size_t i = 0; i < breakdown->count; i++)
		if (!take_group(&breakdown->groups[i], request, &out->groups[out->count++], err))
			return false;
	return true;
}

static bool read_figures(struct app *app, const struct figures_request *request, struct figures *out, struct error *err)
{
	if (request->group == GROUP_QUERY)
		return only_dates(&request->filter) ? read_by_query(app, request, out, err)
		                                    : read_queries_at_once(app, request, out, err);
	if (request->group != GROUP_NONE)
		return read_by_trait(app, request, out, err);
	if (!read_whole(app, &request->filter, request, out, err))
		return false;
	out->videos = out->groups[0].videos;
	out->values = 1;
	return true;
}

bool figures_read(struct app *app, const struct figures_request *request, struct figures *out, struct error *err)
{
	struct figures figures = {0};

	if (!read_figures(app, request, &figures, err)) {
		figures_clear(&figures);
		return false;
	}
	*out = figures; /* its groups point into what its breakdowns own, which stays where it is */
	return true;
}
