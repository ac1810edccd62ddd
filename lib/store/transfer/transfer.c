#include "store/transfer/transfer.h"

#include <string.h>

#include "base/utf8.h"
#include "store/transfer/table.h"
#include "store/transfer/table_list.h"

/* Rows are written together up to so many bytes; one row may be longer. */
enum { BATCH_BYTES = 1 << 18, KEY_BYTES_MAX = 200, TELL_ROWS = 1024 };

struct transfer {
	struct store *from, *to;
	const struct transfer_progress *progress;
	int64_t done, total; /* rows, of the part at hand */
};

static void tell(const struct transfer *transfer, const char *what)
{
	if (transfer->progress->tell)
		transfer->progress->tell(transfer->progress->context, what, transfer->done, transfer->total);
}

/* ---- before ---- */

static bool count_rows(struct store *store, const struct listed_table *listed, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, listed->count), out, err);
}

static bool count_all(struct transfer *transfer, struct error *err)
{
	int64_t rows;

	for (size_t i = 0; i < listed_tables_count; i++) {
		if (listed_tables[i].of_index)
			continue;
		if (!count_rows(transfer->from, &listed_tables[i], &rows, err))
			return false;
		transfer->total += rows;
	}
	return true;
}

static bool empty(struct store *to, struct error *err)
{
	int64_t rows = 0;

	for (size_t i = 0; i < listed_tables_count; i++) {
		const struct listed_table *listed = &listed_tables[i];

		if (listed->has_first_rows ? !statement_run(statement_use(to, listed->clear), err)
		                           : !count_rows(to, listed, &rows, err))
			return false;
		if (rows)
			return error_set(err, ERR_CONFLICT, "it has a record already (table %s: %lld rows), and has to be empty",
			                 listed->name, (long long)rows);
	}
	return true;
}

/* ---- copying ---- */

static bool wrap_row(const struct table *table, const char *line, struct error *err)
{
	AUTO(buf_clear) struct buf key = BUF(KEY_BYTES_MAX);

	table_write_key(table, line, &key);
	return error_wrap(err, "table %s, row %s", table->name, buf_text(&key));
}

static bool write_batch(struct transfer *transfer, const struct table *table, struct buf *batch, struct error *err)
{
	if (batch->len && !table_write(transfer->to, table, buf_text(batch), batch->len, err))
		return error_wrap(err, "table %s", table->name);
	buf_reset(batch);
	tell(transfer, "copy");
	return true;
}

static bool copy_rows(struct transfer *transfer, const struct table *table, struct error *err)
{
	AUTO(buf_clear) struct buf batch = BUF(BATCH_BYTES + TABLE_LINE_MAX);
	AUTO(buf_clear) struct buf line = BUF(TABLE_LINE_MAX);
	bool any = false;

	for (;;) {
		if (!table_read_line(transfer->from, &line, &any, err))
			return false;
		if (!any)
			return write_batch(transfer, table, &batch, err);
		if (!utf8_is_valid(buf_text(&line), line.len)) {
			error_set(err, ERR_INVALID, "its text is not UTF-8");
			return wrap_row(table, buf_text(&line), err);
		}
		buf_add(&batch, buf_text(&line), line.len);
		transfer->done++;
		if (!buf_ok(&batch, err) || (batch.len >= BATCH_BYTES && !write_batch(transfer, table, &batch, err)))
			return false;
	}
}

static bool copy_table(struct transfer *transfer, const struct table *table, struct error *err)
{
	if (!table_read_begin(transfer->from, table, err))
		return false;
	bool done = copy_rows(transfer, table, err);
	table_read_end(transfer->from);
	return done;
}

/* ---- comparing ---- */

static bool compare_lines(const struct table *table, const char *from, const char *to, struct error *err)
{
	int column = table_compare(table, from, to);

	if (column < 0)
		return true;
	error_set(err, ERR_INTERNAL, "its copy differs in %s", table->columns.items[column]);
	return wrap_row(table, from, err);
}

static bool compare_rows(struct transfer *transfer, const struct table *table, struct error *err)
{
	AUTO(buf_clear) struct buf from = BUF(TABLE_LINE_MAX);
	AUTO(buf_clear) struct buf to = BUF(TABLE_LINE_MAX);
	bool any = true, any_there = true;

	while (any && any_there) {
		if (!table_read_line(transfer->from, &from, &any, err) || !table_read_line(transfer->to, &to, &any_there, err) ||
		    (any && any_there && !compare_lines(table, buf_text(&from), buf_text(&to), err)))
			return false;
		transfer->done += any;
		if (!any || transfer->done % TELL_ROWS == 0)
			tell(transfer, "comparison");
	}
	return any == any_there ||
	       error_set(err, ERR_INTERNAL, "table %s: the copy has %s rows", table->name, any ? "fewer" : "more");
}

static bool compare_table(struct transfer *transfer, const struct table *table, struct error *err)
{
	bool done = table_read_begin(transfer->from, table, err) && table_read_begin(transfer->to, table, err) &&
	            compare_rows(transfer, table, err);

	table_read_end(transfer->from);
	table_read_end(transfer->to);
	return done;
}

/* ---- all tables ---- */

typedef bool table_work(struct transfer *transfer, const struct table *table, struct error *err);

static bool work_on(struct transfer *transfer, const char *name, table_work *work, struct error *err)
{
	AUTO(table_clear) struct table table = {0};
	AUTO(table_clear) struct table there = {0};

	if (!table_describe(transfer->from, name, &table, err) || !table_describe(transfer->to, name, &there, err))
		return false;
	if (strcmp(table.column_list, there.column_list) != 0)
		return error_set(err, ERR_INTERNAL, "table %s: the columns differ", name);
	return work(transfer, &table, err);
}

static bool work_on_all(struct transfer *transfer, table_work *work, struct error *err)
{
	transfer->done = 0;
	for (size_t i = 0; i < listed_tables_count; i++)
		if (!listed_tables[i].of_index && !work_on(transfer, listed_tables[i].name, work, err))
			return false;
	return true;
}

static bool copy_all(struct transfer *transfer, struct error *err)
{
	struct store *to = transfer->to;

	return empty(to, err) && tables_load_begin(to, err) && work_on_all(transfer, copy_table, err) &&
	       tables_load_end(to, err) && work_on_all(transfer, compare_table, err) && index_empty(to, err);
}

bool store_transfer(struct store *from, struct store *to, const struct transfer_progress *progress, int64_t *rows,
                    struct error *err)
{
	/* The one that keeps other writers out ends without effect. */
	AUTO(store_transaction_end) struct store *source = from;
	AUTO(store_transaction_end) struct store *target = to;
	struct transfer transfer = {.from = from, .to = to, .progress = progress};

	if (!store_begin(from, err) || !store_begin(to, err) || !count_all(&transfer, err) || !copy_all(&transfer, err) ||
	    !store_commit(to, err))
		return false;
	*rows = transfer.done;
	return true;
}
