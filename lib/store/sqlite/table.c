/* Whole tables, as lines of text. */
#include "store/transfer/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sqlite/connection.h"

enum { SQL_BYTES_MAX = 16 * 1024, REAL_SIZE = 32 };

/* PostgreSQL's COPY names these by a letter. */
static const char escaped[] = "\b\f\n\r\t\v\\";
static const char letters[] = "bfnrtv\\";

static const char columns_sql[] = "SELECT name, type = 'REAL', pk FROM pragma_table_info(?1) ORDER BY name";

struct statement *table_columns(struct store *store, const char *name)
{
	struct statement *columns = statement_use(store, columns_sql);

	bind_text(columns, 1, name);
	return columns;
}

static bool prepare(struct store *store, const struct buf *sql, sqlite3_stmt **out, struct error *err)
{
	return buf_ok(sql, err) &&
	       (sqlite3_prepare_v2(store->db, buf_text(sql), -1, out, NULL) == SQLITE_OK || db_error(store, err));
}

/* ---- reading ---- */

bool table_read_begin(struct store *store, const struct table *table, struct error *err)
{
	AUTO(buf_clear) struct buf sql = BUF(SQL_BYTES_MAX);

	buf_printf(&sql, "SELECT %s FROM \"%s\" ORDER BY %s", table->column_list, table->name, table->key_list);
	return prepare(store, &sql, &store->table_rows, err);
}

void table_read_end(struct store *store)
{
	sqlite3_finalize(store->table_rows);
	store->table_rows = NULL;
}

static void write_text(const char *text, struct buf *line)
{
	for (const char *at = text; *at;) {
		size_t plain = strcspn(at, escaped);

		buf_add(line, at, plain);
		at += plain;
		if (!*at)
			break;
		buf_add_char(line, '\\');
		buf_add_char(line, letters[strchr(escaped, *at++) - escaped]);
	}
}

/* The fewest digits that give the same number again. */
static void write_real(double value, struct buf *line)
{
	char text[REAL_SIZE];
	int digits = 15;

	do
		snprintf(text, sizeof(text), "%.*g", digits, value);
	while (strtod(text, NULL) != value && digits++ < 17);
	buf_add_text(line, text);
}

static void write_value(sqlite3_stmt *row, int column, struct buf *line)
{
	const char *text;

	switch (sqlite3_column_type(row, column)) {
	case SQLITE_NULL:
		buf_add_text(line, "\\N");
		break;
	case SQLITE_INTEGER:
		buf_add_int(line, sqlite3_column_int64(row, column));
		break;
	case SQLITE_FLOAT:
		write_real(sqlite3_column_double(row, column), line);
		break;
	default:
		text = (const char *)sqlite3_column_text(row, column);
		if (text)
			write_text(text, line);
		else
			line->failed = ERR_NO_MEMORY;
	}
}

bool table_read_line(struct store *store, struct buf *line, bool *any, struct error *err)
{
	int code = sqlite3_step(store->table_rows);

	buf_reset(line);
	*any = code == SQLITE_ROW;
	if (!*any)
		return code == SQLITE_DONE || db_error(store, err);
	for (int i = 0; i < sqlite3_column_count(store->table_rows); i++) {
		if (i)
			buf_add_char(line, '\t');
		write_value(store->table_rows, i, line);
	}
	buf_add_char(line, '\n');
	return buf_ok(line, err);
}

/* ---- writing ---- */

static void read_text(const char *value, size_t len, struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < len; i++) {
		const char *letter = value[i] == '\\' && i + 1 < len ? strchr(letters, value[i + 1]) : NULL;

		buf_add_char(out, letter ? escaped[letter - letters] : value[i]);
		i += letter != NULL;
	}
}

/* A number's text becomes a number, as the column wants it; SQLite's own way to real numbers is not exact. */
static bool bind_value(sqlite3_stmt *insert, int at, const char *value, bool is_real, struct buf *text)
{
	size_t len = table_value_length(value);

	if (len == 2 && memcmp(value, "\\N", 2) == 0)
		return sqlite3_bind_null(insert, at) == SQLITE_OK;
	if (is_real)
		return sqlite3_bind_double(insert, at, strtod(value, NULL)) == SQLITE_OK;
	read_text(value, len, text);
	return !text->failed && sqlite3_bind_text(insert, at, buf_text(text), (int)text->len, SQLITE_TRANSIENT) == SQLITE_OK;
}

/* *LINE becomes the next one. */
static bool insert_line(struct store *store, const struct table *table, sqlite3_stmt *insert, const char **line, struct buf *text,
                        struct error *err)
{
	for (size_t i = 0; i < table->columns.count; i++) {
		if (!bind_value(insert, (int)i + 1, *line, table->is_real[i], text))
			return error_no_memory(err);
		*line += table_value_length(*line);
		*line += **line != '\0';
	}
	bool done = sqlite3_step(insert) == SQLITE_DONE || db_error(store, err);
	sqlite3_reset(insert);
	return done;
}

bool table_write(struct store *store, const struct table *table, const char *lines, size_t len, struct error *err)
{
	AUTO(buf_clear) struct buf sql = BUF(SQL_BYTES_MAX);
	AUTO(buf_clear) struct buf text = BUF(TABLE_LINE_MAX);
	sqlite3_stmt *insert = NULL;
	bool done;

	buf_printf(&sql, "INSERT INTO \"%s\" (%s) VALUES (?", table->name, table->column_list);
	for (size_t i = 1; i < table->columns.count; i++)
		buf_add_text(&sql, ", ?");
	buf_add_char(&sql, ')');
	done = prepare(store, &sql, &insert, err);
	for (const char *line = lines; done && line < lines + len;)
		done = insert_line(store, table, insert, &line, &text, err);
	sqlite3_finalize(insert);
	return done;
}

/* ---- triggers ---- */

static bool allow_triggers(struct store *store, int on, struct error *err)
{
	return sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, on, NULL) == SQLITE_OK || db_error(store, err);
}

bool tables_load_begin(struct store *store, struct error *err)
{
	return allow_triggers(store, 0, err);
}

bool tables_load_end(struct store *store, struct error *err)
{
	return allow_triggers(store, 1, err);
}
