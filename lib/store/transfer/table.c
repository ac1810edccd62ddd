#include "store/transfer/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { LIST_BYTES_MAX = 8 * 1024 };

void table_clear(struct table *table)
{
	text_list_clear(&table->columns);
	free(table->column_list);
	free(table->key_list);
	*table = (struct table){0};
}

/* ---- what a table has ---- */

static bool add_column(struct table *table, struct statement *row, struct error *err)
{
	size_t at = table->columns.count;
	int64_t place = column_int(row, 2);

	if (at >= TABLE_COLUMNS_MAX || place > TABLE_COLUMNS_MAX)
		return error_set(err, ERR_TOO_LARGE, "table %s: too many columns", table->name);
	table->is_real[at] = column_int(row, 1) != 0;
	if (place > 0) {
		table->key[place - 1] = (int)at;
		table->key_columns++;
	}
	return text_list_add(&table->columns, column_text(row, 0), err);
}

static bool read_columns(struct store *store, struct table *table, struct error *err)
{
	AUTO(statement_done) struct statement *rows = table_columns(store, table->name);
	bool row = true;

	while (row)
		if (!statement_step(rows, &row, err) || (row && !add_column(table, rows, err)))
			return false;
	return table->key_columns > 0 || error_set(err, ERR_NOT_FOUND, "no table %s with a key", table->name);
}

static void add_name(struct buf *list, const char *name)
{
	buf_printf(list, "%s\"%s\"", list->len ? ", " : "", name);
}

static bool write_lists(struct table *table, struct error *err)
{
	AUTO(buf_clear) struct buf columns = BUF(LIST_BYTES_MAX);
	AUTO(buf_clear) struct buf key = BUF(LIST_BYTES_MAX);

	for (size_t i = 0; i < table->columns.count; i++)
		add_name(&columns, table->columns.items[i]);
	for (int i = 0; i < table->key_columns; i++)
		add_name(&key, table->columns.items[table->key[i]]);
	return buf_take(&columns, &table->column_list, err) && buf_take(&key, &table->key_list, err);
}

bool table_describe(struct store *store, const char *name, struct table *out, struct error *err)
{
	AUTO(table_clear) struct table table = {.name = name};

	if (!read_columns(store, &table, err) || !write_lists(&table, err))
		return false;
	*out = table;
	table = (struct table){0};
	return true;
}

/* ---- lines ---- */

size_t table_value_length(const char *line)
{
	return strcspn(line, "\t\n");
}

static const char *skip_value(const char *line)
{
	line += table_value_length(line);
	return *line ? line + 1 : line;
}

void table_write_key(const struct table *table, const char *line, struct buf *out)
{
	for (int i = 0; i < table->key_columns; i++) {
		const char *value = line;

		for (int column = 0; column < table->key[i]; column++)
			value = skip_value(value);
		buf_add_text(out, i ? ", " : "");
		buf_add(out, value, table_value_length(value));
	}
}

static bool is_same(const char *a, const char *b, bool is_real)
{
	size_t len = table_value_length(a);

	if (len == table_value_length(b) && memcmp(a, b, len) == 0)
		return true;
	return is_real && *a != '\\' && *b != '\\' && strtod(a, NULL) == strtod(b, NULL);
}

int table_compare(const struct table *table, const char *a, const char *b)
{
	for (size_t i = 0; i < table->columns.count; i++) {
		if (!is_same(a, b, table->is_real[i]))
			return (int)i;
		a = skip_value(a);
		b = skip_value(b);
	}
	return -1;
}
