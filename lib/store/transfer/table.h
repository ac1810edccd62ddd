/*
 * Inside lib/store only: whole tables, for copies from one database to another, whatever engine either has (transfer.h).
 *
 * A row is a line as PostgreSQL's COPY has it (https://www.postgresql.org/docs/15/sql-copy.html): values with tabs between them, \N for NULL, a newline at the
 * end. Of the same row every engine makes the same line, but for the digits of a real number.
 */
#pragma once

#include "base/buf.h"
#include "base/text_list.h"
#include "store/statement.h"

enum { TABLE_COLUMNS_MAX = 100, TABLE_LINE_MAX = 1 << 26 };

/* Columns are in the order of their names. */
struct table {
	const char *name; /* borrowed */
	struct text_list columns;
	bool is_real[TABLE_COLUMNS_MAX];
	int key[TABLE_COLUMNS_MAX];   /* positions of the columns of the primary key, in its order … */
	int key_columns;              /* … and how many these are */
	char *column_list, *key_list; /* in SQL */
};

/* Reads what the table NAME has; OUT is the caller's to clear. Errors: ERR_NOT_FOUND without such a table. */
MUST_USE bool table_describe(struct store *store, const char *name, struct table *out, struct error *err);
void table_clear(struct table *table);

/* The length of the value that LINE begins with. */
size_t table_value_length(const char *line);

/* Appends the values of the key of a row, "5, 1843". */
void table_write_key(const struct table *table, const char *line, struct buf *out);

/* The first column in which the rows differ, -1 when they are the same. */
int table_compare(const struct table *table, const char *a, const char *b);

/* ---- of the engine ---- */

/* A row for each column of the table NAME, by name: the name, whether it holds real numbers, its place in the primary key from 1, or 0. */
struct statement *table_columns(struct store *store, const char *name);

/* Reads the rows in the order of the key, one table at a time and nothing else on this connection meanwhile. LINE is emptied first; *ANY is false after the
 * last. The end is harmless without a beginning. */
MUST_USE bool table_read_begin(struct store *store, const struct table *table, struct error *err);
MUST_USE bool table_read_line(struct store *store, struct buf *line, bool *any, struct error *err);
void table_read_end(struct store *store);

/* Inserts the rows LINES, LEN bytes. */
MUST_USE bool table_write(struct store *store, const struct table *table, const char *lines, size_t len, struct error *err);

/* Between both rows are inserted as they are: no trigger sees them. Within a transaction; when it fails, the store is of no use any more. */
MUST_USE bool tables_load_begin(struct store *store, struct error *err);
MUST_USE bool tables_load_end(struct store *store, struct error *err);
