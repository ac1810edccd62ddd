#include "store/figures/breakdown.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "store/internal.h"
#include "store/search/search_scan.h"
#include "store/figures/stats.h"

enum { KEYS_BYTES = (COUNTED_MAX + 1) * 24, QUERIES_BYTES = (BREAKDOWN_MAX + 1) * 24 }; /* of keys and ids as text */

const struct length_span length_spans[LENGTH_SPAN_COUNT] = {{0, 180}, {181, 1200}, {1201, 3600}, {3601, 0}};

/* Of the keys in ?1, a JSON array: how many have each value of two traits. Groups come one after the other. */
#define SPLIT(group, parts, order)                                                                                               \
	"SELECT " group " AS g, " parts " AS p, count(*) AS videos FROM json_each(?1) k CROSS JOIN video v ON v.seq = k.value"   \
	" GROUP BY 1, 2 ORDER BY g NULLS FIRST, " order
/* The same by the queries in ?2, an array as well. The plus: few queries found a video, it need not be looked for under each. */
#define SPLIT_BY_QUERY(parts, order)                                                                                             \
	"SELECT m.query AS g, " parts " AS p, count(*) AS videos FROM json_each(?1) k CROSS JOIN match m ON m.seq = k.value"     \
	" CROSS JOIN video v ON v.seq = k.value WHERE +m.query IN (SELECT value FROM json_each(?2)) GROUP BY 1, 2 ORDER BY "     \
	"g NULLS FIRST, " order
#define MOST_FIRST "videos DESC, p NULLS FIRST"
#define LOWEST_FIRST "p NULLS FIRST"

/* As length_spans. */
#define LENGTH                                                                                                                   \
	"CASE WHEN v.duration_s <= 180 THEN 0 WHEN v.duration_s <= 1200 THEN 1 WHEN v.duration_s <= 3600 THEN 2"                 \
	" WHEN v.duration_s > 3600 THEN 3 END"
#define HOUR "v.seq / 1024 / 3600 * 3600"
_Static_assert(SEQ_PER_SECOND == 1024, "store/internal.h");

enum { BREAKDOWN_COL_GROUP, BREAKDOWN_COL_PART, BREAKDOWN_COL_VIDEOS };

enum breakdown_statement {
	CHANNELS,
	LANGUAGES,
	LENGTHS,
	HOURS,
	LANGUAGES_BY_CHANNEL,
	LENGTHS_BY_CHANNEL,
	HOURS_BY_CHANNEL,
	CHANNELS_BY_LANGUAGE,
	LENGTHS_BY_LANGUAGE,
	HOURS_BY_LANGUAGE,
	CHANNELS_BY_KIND,
	LANGUAGES_BY_KIND,
	LENGTHS_BY_KIND,
	HOURS_BY_KIND,
	CHANNELS_BY_QUERY,
	LANGUAGES_BY_QUERY,
	LENGTHS_BY_QUERY,
	HOURS_BY_QUERY,
	CHANNEL_OF_PART
};

static const char *const sql[] = {
    [CHANNELS] = SPLIT("NULL", "v.channel", MOST_FIRST),
    [LANGUAGES] = SPLIT("NULL", "v.language", MOST_FIRST),
    [LENGTHS] = SPLIT("NULL", LENGTH, LOWEST_FIRST),
    [HOURS] = SPLIT("NULL", HOUR, LOWEST_FIRST),
    [LANGUAGES_BY_CHANNEL] = SPLIT("v.channel", "v.language", MOST_FIRST),
    [LENGTHS_BY_CHANNEL] = SPLIT("v.channel", LENGTH, LOWEST_FIRST),
    [HOURS_BY_CHANNEL] = SPLIT("v.channel", HOUR, LOWEST_FIRST),
    [CHANNELS_BY_LANGUAGE] = SPLIT("v.language", "v.channel", MOST_FIRST),
    [LENGTHS_BY_LANGUAGE] = SPLIT("v.language", LENGTH, LOWEST_FIRST),
    [HOURS_BY_LANGUAGE] = SPLIT("v.language", HOUR, LOWEST_FIRST),
    [CHANNELS_BY_KIND] = SPLIT("v.kind", "v.channel", MOST_FIRST),
    [LANGUAGES_BY_KIND] = SPLIT("v.kind", "v.language", MOST_FIRST),
    [LENGTHS_BY_KIND] = SPLIT("v.kind", LENGTH, LOWEST_FIRST),
    [HOURS_BY_KIND] = SPLIT("v.kind", HOUR, LOWEST_FIRST),
    [CHANNELS_BY_QUERY] = SPLIT_BY_QUERY("v.channel", MOST_FIRST),
    [LANGUAGES_BY_QUERY] = SPLIT_BY_QUERY("v.language", MOST_FIRST),
    [LENGTHS_BY_QUERY] = SPLIT_BY_QUERY(LENGTH, LOWEST_FIRST),
    [HOURS_BY_QUERY] = SPLIT_BY_QUERY(HOUR, LOWEST_FIRST),
    [CHANNEL_OF_PART] = "SELECT youtube_id, title FROM channel WHERE id = ?1",
};

const struct statements breakdown_statements = STATEMENTS(sql);

static const char *sql_of(enum video_trait group, enum video_trait parts)
{
	static const enum breakdown_statement which[VIDEO_TRAIT_COUNT][VIDEO_TRAIT_COUNT] = {
	    [TRAIT_NONE] =
		{[TRAIT_CHANNEL] = CHANNELS, [TRAIT_LANGUAGE] = LANGUAGES, [TRAIT_LENGTH] = LENGTHS, [TRAIT_HOUR] = HOURS},
	    [TRAIT_CHANNEL] =
		{[TRAIT_LANGUAGE] = LANGUAGES_BY_CHANNEL, [TRAIT_LENGTH] = LENGTHS_BY_CHANNEL, [TRAIT_HOUR] = HOURS_BY_CHANNEL},
	    [TRAIT_LANGUAGE] =
		{[TRAIT_CHANNEL] = CHANNELS_BY_LANGUAGE, [TRAIT_LENGTH] = LENGTHS_BY_LANGUAGE, [TRAIT_HOUR] = HOURS_BY_LANGUAGE},
	    [TRAIT_KIND] = {[TRAIT_CHANNEL] = CHANNELS_BY_KIND,
	                    [TRAIT_LANGUAGE] = LANGUAGES_BY_KIND,
	                    [TRAIT_LENGTH] = LENGTHS_BY_KIND,
	                    [TRAIT_HOUR] = HOURS_BY_KIND},
	    [TRAIT_QUERY] = {[TRAIT_CHANNEL] = CHANNELS_BY_QUERY,
	                     [TRAIT_LANGUAGE] = LANGUAGES_BY_QUERY,
	                     [TRAIT_LENGTH] = LENGTHS_BY_QUERY,
	                     [TRAIT_HOUR] = HOURS_BY_QUERY},
	};

	assert(parts != group && parts != TRAIT_NONE && parts != TRAIT_KIND && parts != TRAIT_QUERY);
	return sql[which[group][parts]];
}

/* ---- owning ---- */

static void part_clear(struct breakdown_part *part)
{
	free(part->id);
	free(part->title);
	*part = (struct breakdown_part){0};
}

static void group_clear(struct breakdown_group *group)
{
	part_clear(&group->value);
	for (size_t i = 0; i < group->count; i++)
		part_clear(&group->parts[i]);
	free(group->parts);
	*group = (struct breakdown_group){0};
}

void breakdown_clear(struct breakdown *breakdown)
{
	for (size_t i = 0; i < breakdown->count; i++)
		group_clear(&breakdown->groups[i]);
	free(breakdown->groups);
	*breakdown = (struct breakdown){0};
}

/* ---- rows ---- */

/* The value of TRAIT in COLUMN, without its number of videos; of a channel it is our id, as number, until it is named. */
static bool read_part(struct statement *row, enum video_trait trait, int column, struct breakdown_part *out, struct error *err)
{
	out->number = trait == TRAIT_LENGTH ? column_int_or(row, column, -1) : column_int(row, column);
	if (trait == TRAIT_LANGUAGE)
		out->number = 0;
	return trait != TRAIT_LANGUAGE || column_copy(row, column, &out->id, err);
}

/* Groups being read, in the order of their values. */
struct reading {
	struct statement *rows;
	enum video_trait group, parts;
	char *key; /* of the group at hand, as text; NULL also before the first one */
	bool begun;
	struct breakdown_group at_hand;
	struct breakdown *out;
};

static void reading_clear(struct reading *reading)
{
	statement_done(&reading->rows);
	group_clear(&reading->at_hand);
	free(reading->key);
}

/* Puts the group at hand among those with most videos. */
static bool end_group(struct reading *reading, struct error *err)
{
	struct breakdown *out = reading->out;
	size_t at = out->count;

	if (!reading->begun)
		return true;
	out->values++;
	while (at > 0 && out->groups[at - 1].value.videos < reading->at_hand.value.videos)
		at--;
	if (at == BREAKDOWN_MAX)
		return true;
	if (out->count == BREAKDOWN_MAX)
		group_clear(&out->groups[--out->count]);
	else if (!list_grow(&out->groups, out->count, sizeof(*out->groups)))
		return error_no_memory(err);
	memmove(out->groups + at + 1, out->groups + at, (out->count - at) * sizeof(*out->groups));
	out->groups[at] = reading->at_hand;
	out->count++;
	reading->at_hand = (struct breakdown_group){0};
	return true;
}

static bool begin_group(struct reading *reading, struct error *err)
{
	free(reading->key);
	reading->key = NULL;
	group_clear(&reading->at_hand);
	reading->begun = true;
	return column_copy(reading->rows, BREAKDOWN_COL_GROUP, &reading->key, err) &&
	       read_part(reading->rows, reading->group, BREAKDOWN_COL_GROUP, &reading->at_hand.value, err);
}

static bool is_at_hand(const struct reading *reading)
{
	if (!reading->begun)
		return false;
	if (!reading->key || column_is_null(reading->rows, BREAKDOWN_COL_GROUP))
		return !reading->key && column_is_null(reading->rows, BREAKDOWN_COL_GROUP);
	return strcmp(reading->key, column_text(reading->rows, BREAKDOWN_COL_GROUP)) == 0;
}

static bool add_part(struct reading *reading, struct error *err)
{
	struct breakdown_group *group = &reading->at_hand;
	int64_t videos = column_int(reading->rows, BREAKDOWN_COL_VIDEOS);
	bool all = reading->parts == TRAIT_LENGTH || reading->parts == TRAIT_HOUR;

	group->value.videos += videos;
	group->values++;
	reading->out->videos += videos;
	if (!all && group->count == BREAKDOWN_MAX)
		return true;
	if (!list_grow(&group->parts, group->count, sizeof(*group->parts)))
		return error_no_memory(err);
	struct breakdown_part *part = &group->parts[group->count++];
	*part = (struct breakdown_part){.videos = videos};
	return read_part(reading->rows, reading->parts, BREAKDOWN_COL_PART, part, err);
}

static bool read_rows(struct reading *reading, struct error *err)
{
	bool row = false;

	for (;;) {
		if (!statement_step(reading->rows, &row, err))
			return false;
		if (!row)
			return end_group(reading, err);
		if (!is_at_hand(reading) && !(end_group(reading, err) && begin_group(reading, err)))
			return false;
		if (!add_part(reading, err))
			return false;
	}
}

/* ---- names of channels, of those alone that are told ---- */

static bool name_channel(struct store *store, struct breakdown_part *part, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[CHANNEL_OF_PART]);
	int64_t channel = part->number;

	part->number = 0;
	if (!channel)
		return true;
	bind_int(get, 1, channel);
	return statement_row(get, "channel", err) && column_copy(get, 0, &part->id, err) &&
	       column_copy(get, 1, &part->title, err);
}

static bool name_channels(struct store *store, enum video_trait group, enum video_trait parts, struct breakdown *out,
                          struct error *err)
{
	for (size_t g = 0; g < out->count; g++) {
		struct breakdown_group *at = &out->groups[g];

		if (group == TRAIT_CHANNEL && !name_channel(store, &at->value, err))
			return false;
		for (size_t i = 0; i < at->count && parts == TRAIT_CHANNEL; i++)
			if (!name_channel(store, &at->parts[i], err))
				return false;
	}
	return true;
}

/* What is to be taken apart, and how. */
struct request {
	const struct video_filter *filter;
	int64_t most;
	enum video_trait group, parts;
	const int64_t *queries; /* of TRAIT_QUERY */
	size_t query_count;
};

static void write_queries(const struct request *request, struct buf *out)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < request->query_count; i++) {
		buf_add_text(out, i ? "," : "");
		buf_add_int(out, request->queries[i]);
	}
	buf_add_char(out, ']');
}

static bool split(struct store *store, const struct scan_result *found, const struct request *request, struct breakdown *out,
                  struct error *err)
{
	enum video_trait group = request->group, parts = request->parts;
	AUTO(buf_clear) struct buf queries = BUF(QUERIES_BYTES);
	AUTO(buf_clear) struct buf keys = BUF(KEYS_BYTES);
	AUTO(reading_clear)
	struct reading reading = {.rows = statement_use(store, sql_of(group, parts)), .group = group, .parts = parts, .out = out};

	scan_result_write_keys(found, &keys);
	write_queries(request, &queries);
	if (!buf_ok(&keys, err) || !buf_ok(&queries, err))
		return false;
	bind_text(reading.rows, 1, buf_text(&keys));
	if (group == TRAIT_QUERY)
		bind_text(reading.rows, 2, buf_text(&queries));
	return read_rows(&reading, err) && name_channels(store, group, parts, out, err);
}

/* ---- the newest matches ---- */

static bool read_breakdown(struct store *store, const struct request *request, struct breakdown *out, struct error *err)
{
	int64_t most = request->most;
	AUTO(search_plan_clear) struct search_plan plan = {0};
	AUTO(scan_result_clear) struct scan_result found = {0};

	if (!search_plan_make(store, request->filter, PLAN_PUBLIC_ONLY, &plan, err))
		return false;
	if (plan.nothing)
		return true;
	if (!search_scan(store, &plan, LIST_NEWEST, plan.range, most + 1, &found, err))
		return false;
	out->scanned_within = found.cut ? found.looked_at : 0;
	if ((int64_t)found.count > most) {
		out->counted_within = most;
		found.count = (size_t)most;
	}
	return split(store, &found, request, out, err);
}

static bool read_at_once(struct store *store, const struct request *request, struct breakdown *out, struct error *err)
{
	AUTO(breakdown_clear) struct breakdown breakdown = {0};

	if (!store_read_begin(store, err))
		return false;
	bool done = read_breakdown(store, request, &breakdown, err);
	store_read_end(store);
	if (!done)
		return false;
	*out = breakdown;
	breakdown = (struct breakdown){0};
	return true;
}

bool store_breakdown(struct store *store, const struct video_filter *filter, int64_t most, enum video_trait group,
                     enum video_trait parts, struct breakdown *out, struct error *err)
{
	return read_at_once(store, &(struct request){.filter = filter, .most = most, .group = group, .parts = parts}, out, err);
}

bool store_breakdown_by_query(struct store *store, const struct video_filter *filter, int64_t most, const int64_t *queries,
                              size_t count, enum video_trait parts, struct breakdown *out, struct error *err)
{
	const struct request request = {
	    .filter = filter, .most = most, .group = TRAIT_QUERY, .parts = parts, .queries = queries, .query_count = count};

	return read_at_once(store, &request, out, err);
}
