/* The small tables beside exported videos, as CSV: tracked queries with their coverage, their gaps, and videos that are gone. */
#pragma once

#include "base/buf.h"
#include "model/video/gone.h"
#include "model/query.h"

/* A column, and its type as csv_column_type() says. */
struct column {
	const char *name;
	const char *type;
};

struct table {
	const struct column *columns;
	size_t column_count;
};

extern const struct table table_queries, table_gaps, table_gone;

/* Appends the row of names. */
void table_write_head(const struct table *table, struct buf *out);

/* Appends a row each. */
void table_write_query(const struct query *query, struct buf *out);
void table_write_gap(const struct query *query, const struct interval *gap, struct buf *out);
void table_write_gone(const struct gone_video *video, struct buf *out);
