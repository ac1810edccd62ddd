#include "store/files/django.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "store/sqlite/connection.h"

enum { SELECT_MAX_BYTES = 1000 };

enum django_table { TABLE_QUERY, TABLE_VIDEO, TABLE_KEY, TABLE_COUNT };

struct django {
	struct store *store;
	sqlite3_stmt *rows[TABLE_COUNT];
};

struct column {
	const char *name; /* NULL ends them */
	bool needed;      /* of others NULL is read where they are missing */
};

enum { COLUMNS_MAX = 7 };

static const struct table {
	const char *name;
	struct column columns[COLUMNS_MAX];
} tables[TABLE_COUNT] = {
    [TABLE_QUERY] = {.name = "FamPay_Task_searchquery", .columns = {{"id", true}, {"query", true}}},
    [TABLE_VIDEO] = {.name = "FamPay_Task_video",
                     .columns = {{"video_id", true},
                                 {"title", true},
                                 {"published_at", true},
                                 {"description", false},
                                 {"thumbnail_url", false},
                                 {"searchQuery_id", false}}},
    [TABLE_KEY] = {.name = "FamPay_Task_apikey", .columns = {{"key", true}}},
};

enum { QUERY_ID, QUERY_TEXT };
enum { VIDEO_ID, VIDEO_TITLE, VIDEO_PUBLISHED_AT, VIDEO_DESCRIPTION, VIDEO_THUMBNAIL_URL, VIDEO_QUERY };

static bool has_column(struct django *django, const char *table, const char *column, bool *out, struct error *err)
{
	static const char sql[] = "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2";
	AUTO(statement_done) struct statement *get = statement_use(django->store, sql);

	bind_text(get, 1, table);
	bind_text(get, 2, column);
	return statement_step(get, out, err);
}

static bool check_table(struct django *django, const char *table, struct error *err)
{
	static const char sql[] = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
	AUTO(statement_done) struct statement *get = statement_use(django->store, sql);
	bool there;

	bind_text(get, 1, table);
	return statement_step(get, &there, err) &&
	       (there || error_set(err, ERR_INVALID, "it has no table %s: not the database of that program", table));
}

/* Names stand in the program, not in the file. */
static bool write_select(struct django *django, const struct table *table, struct buf *out, struct error *err)
{
	buf_add_text(out, "SELECT ");
	for (const struct column *column = table->columns; column->name; column++) {
		bool there;

		if (!has_column(django, table->name, column->name, &there, err))
			return false;
		if (!there && column->needed)
			return error_set(err, ERR_INVALID, "table %s has no column %s", table->name, column->name);
		buf_printf(out, "%s%s", column == table->columns ? "" : ", ", there ? column->name : "NULL");
	}
	buf_printf(out, " FROM %s ORDER BY rowid", table->name);
	return buf_ok(out, err);
}

static bool prepare(struct django *django, enum django_table which, struct error *err)
{
	AUTO(buf_clear) struct buf select = BUF(SELECT_MAX_BYTES);

	return check_table(django, tables[which].name, err) && write_select(django, &tables[which], &select, err) &&
	       (sqlite3_prepare_v2(django->store->db, buf_text(&select), -1, &django->rows[which], NULL) == SQLITE_OK ||
	        db_error(django->store, err));
}

void django_close(struct django **django)
{
	struct django *closed = *django;

	*django = NULL;
	if (!closed)
		return;
	for (size_t i = 0; i < TABLE_COUNT; i++)
		sqlite3_finalize(closed->rows[i]);
	store_close(&closed->store);
	free(closed);
}

bool django_open(const char *path, struct django **out, struct error *err)
{
	if (access(path, R_OK) != 0)
		return file_error(err, path, errno);
	AUTO(django_close) struct django *django = calloc(1, sizeof(*django));
	if (!django)
		return error_no_memory(err);
	if (!connection_open(path, STORE_READ, &django->store, err))
		return false;
	for (enum django_table which = 0; which < TABLE_COUNT; which++)
		if (!prepare(django, which, err))
			return error_wrap(err, "%s", path);
	*out = django;
	django = NULL;
	return true;
}

/* ---- rows ---- */

static bool step(struct django *django, enum django_table which, bool *any, struct error *err)
{
	int code = sqlite3_step(django->rows[which]);

	*any = code == SQLITE_ROW;
	return *any || code == SQLITE_DONE || db_error(django->store, err);
}

static const char *text_of(struct django *django, enum django_table which, int column)
{
	return (const char *)sqlite3_column_text(django->rows[which], column);
}

bool django_next_query(struct django *django, struct django_query *out, bool *any, struct error *err)
{
	if (!step(django, TABLE_QUERY, any, err))
		return false;
	*out = (struct django_query){.id = sqlite3_column_int64(django->rows[TABLE_QUERY], QUERY_ID),
	                             .text = text_of(django, TABLE_QUERY, QUERY_TEXT)};
	return true;
}

bool django_next_video(struct django *django, struct django_video *out, bool *any, struct error *err)
{
	if (!step(django, TABLE_VIDEO, any, err))
		return false;
	*out = (struct django_video){.id = text_of(django, TABLE_VIDEO, VIDEO_ID),
	                             .title = text_of(django, TABLE_VIDEO, VIDEO_TITLE),
	                             .description = text_of(django, TABLE_VIDEO, VIDEO_DESCRIPTION),
	                             .published_at = text_of(django, TABLE_VIDEO, VIDEO_PUBLISHED_AT),
	                             .thumbnail_url = text_of(django, TABLE_VIDEO, VIDEO_THUMBNAIL_URL),
	                             .query = sqlite3_column_int64(django->rows[TABLE_VIDEO], VIDEO_QUERY)};
	return true;
}

bool django_next_key(struct django *django, const char **out, bool *any, struct error *err)
{
	if (!step(django, TABLE_KEY, any, err))
		return false;
	*out = text_of(django, TABLE_KEY, 0);
	return true;
}
