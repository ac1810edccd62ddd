/* What statements of every engine have, made of what an engine does. */
#include "store/statement.h"

#include "base/text.h"

void bind_ints(struct statement *statement, struct ints values)
{
	for (size_t i = 0; i < values.count; i++)
		bind_int(statement, (int)i + 1, values.items[i]);
}

bool statement_row(struct statement *statement, const char *name, struct error *err)
{
	bool row = false;

	return statement_step(statement, &row, err) && (row || error_set(err, ERR_NOT_FOUND, "no %s", name));
}

/* To its end: a constraint of an INSERT may fail after its row. */
bool statement_number(struct statement *statement, int64_t *out, struct error *err)
{
	int64_t number = 0;
	bool row = true;
	bool done = true;

	while (done && row) {
		done = statement_step(statement, &row, err);
		if (done && row)
			number = column_int(statement, 0);
	}
	statement_done(&statement);
	if (done)
		*out = number;
	return done;
}

bool statement_run(struct statement *statement, struct error *err)
{
	bool row = false;
	bool done = statement_step(statement, &row, err);

	statement_done(&statement);
	return done;
}

bool statement_run_ints(struct store *store, const char *sql, struct ints values, struct error *err)
{
	struct statement *statement = statement_use(store, sql);

	bind_ints(statement, values);
	return statement_run(statement, err);
}

int64_t column_int_or(struct statement *row, int column, int64_t if_null)
{
	return column_is_null(row, column) ? if_null : column_int(row, column);
}

bool column_copy(struct statement *row, int column, char **out, struct error *err)
{
	return text_copy(column_is_null(row, column) ? NULL : column_text(row, column), out, err);
}
