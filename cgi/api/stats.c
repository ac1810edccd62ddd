/* Figures of a list of videos, as JSON and as a table. */

#include "base/timestamp.h"
#include "export/csv.h"
#include "cgi/feeds/file_name.h"
#include "cgi/handlers.h"
#include "cgi/request/figures.h"
#include "store/queries.h"

enum { HEADER_BYTES = 2048 };

#define STATS_PARAMETERS FILTER_PARAMETERS, "group", "queries"

const char *const stats_parameters[] = {STATS_PARAMETERS, NULL};
const char *const stats_csv_parameters[] = {STATS_PARAMETERS, "flavor", NULL};
const char *const volume_parameters[] = {STATS_PARAMETERS, "bucket", NULL};
const char *const volume_csv_parameters[] = {STATS_PARAMETERS, "bucket", "flavor", NULL};

/* What was asked for, and the figures. */
struct stats {
	struct query_list queries;
	struct video_query list;
	struct figures_request request;
	struct figures figures;
};

static void stats_clear(struct stats *stats)
{
	figures_clear(&stats->figures);
	query_list_clear(&stats->queries);
}

static bool read_stats(struct app *app, const struct request *req, enum figure figure, struct stats *stats, struct error *err)
{
	stats->request.figure = figure;
	stats->request.bucket = BUCKET_OF_DAY;
	if (!video_query_read_filter(app_lists(app), req, &stats->list, err) ||
	    !figures_read_bucket(req, &stats->request.bucket, err) ||
	    !store_queries_list(app->store, QUERIES_PUBLIC, app_now(app), &stats->queries, err))
		return false;
	stats->request.filter = stats->list.request.filter;
	return figures_read_group(req, &stats->queries, &stats->request, err) &&
	       figures_read(app, &stats->request, &stats->figures, err);
}

/* ---- JSON ---- */

static void write_within(struct writer *w, int64_t counted_within, int64_t scanned_within)
{
	if (counted_within)
		write_int(w, "counted_within", counted_within);
	if (scanned_within)
		write_int(w, "scanned_within", scanned_within);
}

static void write_points(struct writer *w, const struct volume *volume)
{
	write_array(w, "points");
	for (size_t i = 0; i < volume->count; i++) {
		write_object(w, NULL);
		write_time(w, "from", volume->points[i].from);
		write_int(w, "count", volume->points[i].count);
		write_end(w);
	}
	write_end(w);
}

static void write_channel(struct writer *w, const struct breakdown_part *channel)
{
	if (!channel->id) {
		write_null(w, "channel");
		return;
	}
	write_object(w, "channel");
	write_text(w, "id", channel->id);
	write_text(w, "title", channel->title);
	write_end(w);
}

static void write_seconds(struct writer *w, const char *name, int64_t seconds, bool known)
{
	if (known)
		write_int(w, name, seconds);
	else
		write_null(w, name);
}

static void write_length(struct writer *w, int64_t span)
{
	const struct length_span *length = &length_spans[span < 0 ? 0 : span];

	write_seconds(w, "min_seconds", length->min_s, span >= 0);
	write_seconds(w, "max_seconds", length->max_s, span >= 0 && length->max_s);
}

static void write_part(struct writer *w, enum figure figure, const struct breakdown_part *part)
{
	write_object(w, NULL);
	if (figure == FIGURE_CHANNELS)
		write_channel(w, part);
	else if (figure == FIGURE_LANGUAGES)
		write_text(w, "language", part->id);
	else
		write_length(w, part->number);
	write_int(w, "count", part->videos);
	write_end(w);
}

/* The members of one group that are its figures. */
static void write_figures(struct writer *w, const struct stats *stats, const struct figures_group *group)
{
	write_within(w, group->counted_within, group->scanned_within);
	if (stats->request.figure == FIGURE_VOLUME) {
		write_points(w, &group->volume);
		return;
	}
	write_int(w, "distinct", group->values);
	write_array(w, "results");
	for (size_t i = 0; i < group->part_count; i++)
		write_part(w, stats->request.figure, &group->parts[i]);
	write_end(w);
}

static void write_query(struct writer *w, const struct query *query)
{
	write_object(w, "query");
	write_int(w, "id", query->id);
	write_text(w, "query", query->text);
	write_end(w);
}

static void write_group(struct writer *w, const struct stats *stats, const struct figures_group *group)
{
	write_object(w, NULL);
	if (stats->request.group == GROUP_QUERY)
		write_query(w, group->query);
	else if (stats->request.group == GROUP_CHANNEL)
		write_channel(w, group->value);
	else if (stats->request.group == GROUP_LANGUAGE)
		write_text(w, "language", group->value->id);
	else
		write_text(w, "kind", video_kind_name((enum video_kind)group->value->number));
	write_int(w, "count", group->videos);
	write_figures(w, stats, group);
	write_end(w);
}

static void write_groups(struct writer *w, const struct stats *stats)
{
	const struct figures *figures = &stats->figures;

	write_text(w, "group", figure_group_name(stats->request.group));
	write_int(w, "groups_count", figures->values);
	write_within(w, figures->counted_within, figures->scanned_within);
	write_array(w, "groups");
	for (size_t i = 0; i < figures->count; i++)
		write_group(w, stats, &figures->groups[i]);
	write_end(w);
}

static bool answer_json(struct app *app, const struct request *req, enum figure figure, struct response *res, struct error *err)
{
	AUTO(stats_clear) struct stats stats = {0};

	if (!read_stats(app, req, figure, &stats, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	if (figure == FIGURE_VOLUME)
		write_text(&w, "bucket", volume_bucket_name(stats.request.bucket));
	else if (stats.request.group != GROUP_QUERY) /* a video may be of several queries */
		write_int(&w, "count", stats.figures.videos);
	if (stats.request.group == GROUP_NONE)
		write_figures(&w, &stats, &stats.figures.groups[0]);
	else
		write_groups(&w, &stats);
	write_end(&w);
	return true;
}

/* ---- CSV: a row for each point of each group ---- */

struct table {
	const struct stats *stats;
	bool for_spreadsheet;
	struct buf *out;
};

static void add_head(const struct table *table)
{
	static const char *const of_groups[FIGURE_GROUP_COUNT] = {[GROUP_NONE] = "",
	                                                          [GROUP_QUERY] = "query_id,query,",
	                                                          [GROUP_CHANNEL] = "channel_id,channel,",
	                                                          [GROUP_LANGUAGE] = "language,",
	                                                          [GROUP_KIND] = "kind,"};
	static const char *const of_figures[FIGURE_COUNT] = {[FIGURE_VOLUME] = "from,",
	                                                     [FIGURE_CHANNELS] = "channel_id,channel,",
	                                                     [FIGURE_LANGUAGES] = "language,",
	                                                     [FIGURE_LENGTHS] = "min_seconds,max_seconds,"};

	csv_begin(table->for_spreadsheet, table->out);
	buf_printf(table->out, "%s%scount,counted_within,scanned_within\r\n", of_groups[table->stats->request.group],
	           of_figures[table->stats->request.figure]);
}

static void add_cell(const struct table *table, const char *text)
{
	if (text)
		csv_add_text(table->for_spreadsheet, table->out, text);
	buf_add_char(table->out, ',');
}

/* Nothing, where it is not known or there is none. */
static void add_number(const struct table *table, int64_t number, bool known)
{
	if (known)
		buf_add_int(table->out, number);
	buf_add_char(table->out, ',');
}

static void add_channel(const struct table *table, const struct breakdown_part *channel)
{
	add_cell(table, channel->id);
	add_cell(table, channel->title);
}

static void add_group(const struct table *table, const struct figures_group *group)
{
	switch (table->stats->request.group) {
	case GROUP_QUERY:
		add_number(table, group->query->id, true);
		add_cell(table, group->query->text);
		break;
	case GROUP_CHANNEL:
		add_channel(table, group->value);
		break;
	case GROUP_LANGUAGE:
		add_cell(table, group->value->id);
		break;
	case GROUP_KIND:
		buf_printf(table->out, "%s,", video_kind_name((enum video_kind)group->value->number));
		break;
	case GROUP_NONE:
	case FIGURE_GROUP_COUNT:
		break;
	}
}

static void end_row(const struct table *table, const struct figures_group *group, int64_t count)
{
	const struct figures *figures = &table->stats->figures;
	int64_t counted = group->counted_within ? group->counted_within : figures->counted_within;
	int64_t scanned = group->scanned_within ? group->scanned_within : figures->scanned_within;

	add_number(table, count, true);
	add_number(table, counted, counted);
	if (scanned)
		buf_add_int(table->out, scanned);
	buf_add_text(table->out, "\r\n");
}

static void add_points(const struct table *table, const struct figures_group *group)
{
	char from[TIMESTAMP_SIZE];

	for (size_t i = 0; i < group->volume.count; i++) {
		add_group(table, group);
		timestamp_format(group->volume.points[i].from, from);
		buf_printf(table->out, "%s,", from);
		end_row(table, group, group->volume.points[i].count);
	}
}

static void add_length(const struct table *table, int64_t span)
{
	const struct length_span *length = &length_spans[span < 0 ? 0 : span];

	add_number(table, length->min_s, span >= 0);
	add_number(table, length->max_s, span >= 0 && length->max_s);
}

static void add_parts(const struct table *table, const struct figures_group *group)
{
	for (size_t i = 0; i < group->part_count; i++) {
		const struct breakdown_part *part = &group->parts[i];

		add_group(table, group);
		if (table->stats->request.figure == FIGURE_CHANNELS)
			add_channel(table, part);
		else if (table->stats->request.figure == FIGURE_LANGUAGES)
			add_cell(table, part->id);
		else
			add_length(table, part->number);
		end_row(table, group, part->videos);
	}
}

static bool answer_csv(struct app *app, const struct request *req, enum figure figure, struct response *res, struct error *err)
{
	AUTO(stats_clear) struct stats stats = {0};
	AUTO(buf_clear) struct buf header = BUF(HEADER_BYTES);
	struct table table = {.stats = &stats, .out = &res->body};

	if (!csv_read_flavor(req, &table.for_spreadsheet, err) || !read_stats(app, req, figure, &stats, err))
		return false;
	const struct query *query = query_list_find(&stats.queries, stats.request.filter.query_id);
	file_name_write(&header, figure_name(figure), query ? query->text : NULL, stats.request.filter.words, app_now(app),
	                "csv");
	response_header(res, "Content-Type", "text/csv; charset=utf-8; header=present");
	response_header(res, "Content-Disposition", buf_text(&header));
	add_head(&table);
	for (size_t i = 0; i < stats.figures.count; i++) {
		const struct figures_group *group = &stats.figures.groups[i];

		if (figure == FIGURE_VOLUME)
			add_points(&table, group);
		else
			add_parts(&table, group);
	}
	return buf_ok(&header, err);
}

/* ---- the handlers ---- */

bool api_stats_volume(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_json(app, req, FIGURE_VOLUME, res, err);
}

bool api_stats_channels(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_json(app, req, FIGURE_CHANNELS, res, err);
}

bool api_stats_languages(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_json(app, req, FIGURE_LANGUAGES, res, err);
}

bool api_stats_lengths(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_json(app, req, FIGURE_LENGTHS, res, err);
}

bool api_stats_volume_csv(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_csv(app, req, FIGURE_VOLUME, res, err);
}

bool api_stats_channels_csv(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_csv(app, req, FIGURE_CHANNELS, res, err);
}

bool api_stats_languages_csv(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_csv(app, req, FIGURE_LANGUAGES, res, err);
}

bool api_stats_lengths_csv(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_csv(app, req, FIGURE_LENGTHS, res, err);
}
