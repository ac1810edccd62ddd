#include "store/quota/calls.h"

#include <stdlib.h>

#include "base/list.h"
#include "store/statement.h"

enum call_statement { CALL_ADD, CALL_LIST };

enum { CALL_COL_PROJECT, CALL_COL_BUCKET, CALL_COL_RESULT, CALL_COL_CALLS };

static const char *const sql[] = {
    [CALL_ADD] = "INSERT INTO call_count (project, bucket, result, calls) SELECT project, ?2, ?3, 1 FROM api_key WHERE id = ?1"
		 " ON CONFLICT (project, bucket, result) DO UPDATE SET calls = call_count.calls + 1",
    [CALL_LIST] = "SELECT project, bucket, result, calls FROM call_count ORDER BY project, bucket, result",
};

const struct statements calls_statements = STATEMENTS(sql);

void call_count_list_clear(struct call_count_list *list)
{
	free(list->items);
	*list = (struct call_count_list){0};
}

bool store_call_add(struct store *store, int64_t key_id, enum bucket bucket, enum error_class result, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, statement_run_ints(store, sql[CALL_ADD], INTS(key_id, bucket, result), err), err);
}

static bool add_row(struct call_count_list *list, struct statement *row, struct error *err)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	list->items[list->count++] = (struct call_count){
	    .project = column_int(row, CALL_COL_PROJECT),
	    .bucket = (enum bucket)column_int(row, CALL_COL_BUCKET),
	    .result = (enum error_class)column_int(row, CALL_COL_RESULT),
	    .calls = column_int(row, CALL_COL_CALLS),
	};
	return true;
}

bool store_calls_list(struct store *store, struct call_count_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *rows = statement_use(store, sql[CALL_LIST]);
	AUTO(call_count_list_clear) struct call_count_list list = {0};
	bool row = false;

	for (;;) {
		if (!statement_step(rows, &row, err) || (row && !add_row(&list, rows, err)))
			return false;
		if (!row)
			break;
	}
	*out = list;
	list = (struct call_count_list){0};
	return true;
}
