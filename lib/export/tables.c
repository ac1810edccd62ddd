#include "export/tables.h"

#include <math.h>

#include "export/csv.h"

#define TABLE(columns)                                                                                                           \
	{                                                                                                                        \
		columns, sizeof(columns) / sizeof((columns)[0])                                                                  \
	}

static const struct column query_columns[] = {
    {"id", "integer"},          {"query", "string"},        {"source", "string"},          {"state", "string"},
    {"created_at", "datetime"}, {"videos", "integer"},      {"covered_since", "datetime"}, {"covered_until", "datetime"},
    {"gaps", "integer"},        {"gap_seconds", "integer"}, {"unconfirmed", "integer"},
};
static const struct column gap_columns[] = {{"query_id", "integer"},
                                            {"from", "datetime"},
                                            {"to", "datetime"},
                                            {"reason", "string"}};
static const struct column gone_columns[] = {
    {"id", "string"},           {"first_seen_at", "datetime"}, {"last_seen_at", "datetime"},
    {"missing_at", "datetime"}, {"gone_at", "datetime"},       {"query_ids", "array"}};

const struct table table_queries = TABLE(query_columns);
const struct table table_gaps = TABLE(gap_columns);
const struct table table_gone = TABLE(gone_columns);

static void end_row(struct buf *out)
{
	buf_add_text(out, "\r\n");
}

void table_write_head(const struct table *table, struct buf *out)
{
	for (size_t i = 0; i < table->column_count; i++)
		buf_printf(out, "%s%s", i ? "," : "", table->columns[i].name);
	end_row(out);
}

static void add_number(struct buf *out, int64_t number)
{
	buf_add_char(out, ',');
	buf_add_int(out, number);
}

static void add_text(struct buf *out, const char *text)
{
	buf_add_char(out, ',');
	csv_write_text(out, text);
}

static void add_time(struct buf *out, int64_t time)
{
	buf_add_char(out, ',');
	csv_write_time(out, time);
}

void table_write_query(const struct query *query, struct buf *out)
{
	buf_add_int(out, query->id);
	add_text(out, query->text);
	add_text(out, query_source_name(query->source));
	add_text(out, query_state_name(query));
	add_time(out, query->created_at);
	add_number(out, query->videos);
	add_time(out, query->covered_since);
	add_time(out, query->covered_until);
	add_number(out, query->gaps_count);
	add_number(out, query->missing_s);
	add_number(out, llround(query->unconfirmed));
	end_row(out);
}

void table_write_gap(const struct query *query, const struct interval *gap, struct buf *out)
{
	buf_add_int(out, query->id);
	add_time(out, gap->since);
	add_time(out, gap->until);
	add_text(out, gap_reason_text(gap->reason));
	end_row(out);
}

/* Its queries as a JSON array. */
void table_write_gone(const struct gone_video *video, struct buf *out)
{
	csv_write_text(out, video->id);
	add_time(out, video->first_seen_at);
	add_time(out, video->checked_at);
	add_time(out, video->missing_at);
	add_time(out, video->gone_at);
	buf_add_text(out, ",\"[");
	for (size_t i = 0; i < video->query_count; i++)
		buf_printf(out, "%s%lld", i ? "," : "", (long long)video->queries[i].id);
	buf_add_text(out, "]\"");
	end_row(out);
}
