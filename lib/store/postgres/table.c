/* Whole tables, as lines of text: COPY. */
#include "store/transfer/table.h"

#include <limits.h>

#include "store/postgres/connection.h"

enum { SQL_BYTES_MAX = 16 * 1024 };

static const char columns_sql[] =
    "SELECT a.attname, a.atttypid = 'double precision'::regtype,"
    " coalesce((SELECT k.place FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)"
    " WHERE i.indrelid = a.attrelid AND i.indisprimary AND k.attnum = a.attnum), 0)"
    " FROM pg_attribute a WHERE a.attrelid = to_regclass(?1) AND a.attnum > 0 AND NOT a.attisdropped"
    " ORDER BY a.attname COLLATE \"C\"";

struct statement *table_columns(struct store *store, const char *name)
{
	struct statement *columns = statement_use(store, columns_sql);

	bind_text(columns, 1, name);
	return columns;
}

/* Whether the statement SQL has brought the connection to STATUS, in which rows go in or come out. */
static bool begin_copy(struct store *store, const struct buf *sql, ExecStatusType status, struct error *err)
{
	if (!buf_ok(sql, err))
		return false;
	PGresult *result = PQexec(store->db, buf_text(sql));
	bool begun = PQresultStatus(result) == status || pg_error(store, result, err);
	PQclear(result);
	return begun;
}

static bool end_copy(struct store *store, struct error *err)
{
	PGresult *result = pg_answer(store, false, err);

	PQclear(result);
	return result;
}

/* ---- reading ---- */

bool table_read_begin(struct store *store, const struct table *table, struct error *err)
{
	AUTO(buf_clear) struct buf sql = BUF(SQL_BYTES_MAX);

	buf_printf(&sql, "COPY (SELECT %s FROM \"%s\" ORDER BY %s) TO STDOUT", table->column_list, table->name, table->key_list);
	store->copies_out = begin_copy(store, &sql, PGRES_COPY_OUT, err);
	return store->copies_out;
}

bool table_read_line(struct store *store, struct buf *line, bool *any, struct error *err)
{
	char *row = NULL;
	int len = PQgetCopyData(store->db, &row, 0);

	buf_reset(line);
	*any = len > 0;
	if (*any) {
		buf_add(line, row, (size_t)len);
		PQfreemem(row);
		return buf_ok(line, err);
	}
	store->copies_out = false;
	return end_copy(store, err);
}

/* The rest of the rows is of no use, but on its way. */
void table_read_end(struct store *store)
{
	AUTO(buf_clear) struct buf line = BUF(TABLE_LINE_MAX);
	struct error ignored;
	bool any;

	while (store->copies_out)
		if (!table_read_line(store, &line, &any, &ignored))
			break;
}

/* ---- writing ---- */

bool table_write(struct store *store, const struct table *table, const char *lines, size_t len, struct error *err)
{
	AUTO(buf_clear) struct buf sql = BUF(SQL_BYTES_MAX);

	if (len > INT_MAX)
		return error_set(err, ERR_TOO_LARGE, "a row is too large");
	buf_printf(&sql, "COPY \"%s\" (%s) FROM STDIN", table->name, table->column_list);
	return begin_copy(store, &sql, PGRES_COPY_IN, err) &&
	       ((PQputCopyData(store->db, lines, (int)len) == 1 && PQputCopyEnd(store->db, NULL) == 1) ||
	        pg_error(store, NULL, err)) &&
	       end_copy(store, err);
}

/* ---- triggers, and what follows from the rows ---- */

#define FOR_EACH_TABLE(what)                                                                                                     \
	"DO $$ DECLARE name text; BEGIN"                                                                                         \
	" FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP EXECUTE format('" what            \
	"', name); END LOOP; END $$"

bool tables_load_begin(struct store *store, struct error *err)
{
	return pg_run_text(store, FOR_EACH_TABLE("ALTER TABLE %I DISABLE TRIGGER USER"), false, err);
}

/* Numbers that are given out follow those that are there; the planner knows the new tables. */
bool tables_load_end(struct store *store, struct error *err)
{
	static const char follow[] =
	    "DO $$ DECLARE identity record; BEGIN"
	    " FOR identity IN SELECT table_name AS of_table, column_name AS of_column FROM information_schema.columns"
	    " WHERE table_schema = current_schema() AND is_identity = 'YES' LOOP"
	    " EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) FROM %I',"
	    " quote_ident(identity.of_table), identity.of_column, identity.of_column, identity.of_table); END LOOP; END $$";

	return pg_run_text(store, FOR_EACH_TABLE("ALTER TABLE %I ENABLE TRIGGER USER"), false, err) &&
	       pg_run_text(store, follow, false, err) && pg_run_text(store, "ANALYZE", false, err);
}
