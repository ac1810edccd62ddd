#include "store/sqlite/connection.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* ---- errors ---- */

/* The operating system's word says more than SQLite's "disk I/O error". */
static bool io_error(struct store *store, struct error *err)
{
	int reason = sqlite3_system_errno(store->db);

	if (reason == ENOSPC || reason == EDQUOT)
		return error_set(err, ERR_INTERNAL, "the disk is full");
	return error_set(err, ERR_INTERNAL, "the database: %s", reason ? strerror(reason) : sqlite3_errmsg(store->db));
}

bool db_error(struct store *store, struct error *err)
{
	int code = sqlite3_extended_errcode(store->db);

	switch (code & 0xFF) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(err, ERR_BUSY, "the database is busy");
	case SQLITE_INTERRUPT:
		return error_set(err, ERR_BUSY, "took too long");
	case SQLITE_NOMEM:
		return error_no_memory(err);
	case SQLITE_CONSTRAINT:
		return error_set(err, ERR_CONFLICT, "the database refuses it: %s", sqlite3_errmsg(store->db));
	case SQLITE_FULL:
		return error_set(err, ERR_INTERNAL, "the disk is full");
	case SQLITE_IOERR:
		return io_error(store, err);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return error_set(err, ERR_INTERNAL, "the database is damaged: %s", sqlite3_errmsg(store->db));
	case SQLITE_READONLY:
		return error_set(err, ERR_INTERNAL, "the database cannot be written: %s", sqlite3_errmsg(store->db));
	default:
		return error_set(err, ERR_INTERNAL, "the database: %s", sqlite3_errmsg(store->db));
	}
}

/* ---- SQLite's statements ---- */

bool db_run_text(struct store *store, const char *text, struct error *err)
{
	return sqlite3_exec(store->db, text, NULL, NULL, NULL) == SQLITE_OK || db_error(store, err);
}

/* ---- statements ---- */

/* The place of a text, or the free one for it. */
static struct statement *find(struct store *store, const char *sql)
{
	size_t at = (size_t)((uint64_t)(uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15) >> 32) % STATEMENTS_MAX;

	while (store->statements[at].sql && store->statements[at].sql != sql)
		at = (at + 1) % STATEMENTS_MAX;
	return &store->statements[at];
}

void statement_ready(struct statement *statement)
{
	if (statement->handle) {
		sqlite3_reset(statement->handle);
		sqlite3_clear_bindings(statement->handle);
	}
}

struct statement *statement_use(struct store *store, const char *sql)
{
	struct statement *statement = find(store, sql);

	if (!statement->sql) {
		assert(store->statement_count < STATEMENTS_MAX - 1);
		store->statement_count++;
		*statement = (struct statement){.engine = ENGINE_SQLITE, .sql = sql, .store = store};
	}
	statement_ready(statement);
	if (!statement->handle) /* if it stays NULL, the step tells why */
		(void)sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle, NULL);
	return statement;
}

void statement_done(struct statement **statement)
{
	if (*statement)
		sqlite3_reset((*statement)->handle);
}

void bind_int(struct statement *statement, int at, int64_t value)
{
	sqlite3_bind_int64(statement->handle, at, value);
}

void bind_int_or_null(struct statement *statement, int at, int64_t value, int64_t null)
{
	if (value != null)
		bind_int(statement, at, value);
}

void bind_real(struct statement *statement, int at, double value)
{
	sqlite3_bind_double(statement->handle, at, value);
}

void bind_text(struct statement *statement, int at, const char *text)
{
	sqlite3_bind_text(statement->handle, at, text, -1, SQLITE_STATIC);
}

bool statement_step(struct statement *statement, bool *row, struct error *err)
{
	int code = statement->handle ? sqlite3_step(statement->handle) : SQLITE_ERROR;

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return db_error(statement->store, err);
	*row = code == SQLITE_ROW;
	return true;
}

int64_t changed_rows(struct store *store)
{
	return sqlite3_changes(store->db);
}

/* ---- columns ---- */

int64_t column_int(struct statement *row, int column)
{
	return sqlite3_column_int64(row->handle, column);
}

double column_real(struct statement *row, int column)
{
	return sqlite3_column_double(row->handle, column);
}

const char *column_text(struct statement *row, int column)
{
	const unsigned char *text = sqlite3_column_text(row->handle, column);

	return text ? (const char *)text : "";
}

bool column_is_null(struct statement *row, int column)
{
	return sqlite3_column_type(row->handle, column) == SQLITE_NULL;
}
