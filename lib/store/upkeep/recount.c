#include "store/upkeep/recount.h"

#include "store/internal.h"

enum { ALONG_S = 900 };

enum recount_statement { RECOUNT_DUE, RECOUNT_COUNT, RECOUNT_NEXT, RECOUNT_POSTPONE };

#define NEXT "SELECT id FROM video WHERE recount_at > 0 AND recount_at <= ?1 ORDER BY recount_at LIMIT ?2"

static const char *const sql[] = {
    [RECOUNT_DUE] = "SELECT EXISTS (SELECT 1 FROM video WHERE recount_at > 0 AND recount_at <= ?1)",
    [RECOUNT_COUNT] = "SELECT count(*) FROM (" NEXT ") due",
    [RECOUNT_NEXT] = NEXT,
    [RECOUNT_POSTPONE] = "UPDATE video SET recount_at = ?2 WHERE id = ?1 AND recount_at > 0",
};

const struct statements recount_statements = STATEMENTS(sql);

static bool any_due(struct store *store, int64_t now, bool *out, struct error *err)
{
	struct statement *due = statement_use(store, sql[RECOUNT_DUE]);
	int64_t any;

	bind_int(due, 1, now);
	if (!statement_number(due, &any, err))
		return false;
	*out = any != 0;
	return true;
}

bool store_recount_count(struct store *store, int64_t now, int64_t limit, int64_t *out, struct error *err)
{
	bool due;

	if (!any_due(store, now, &due, err))
		return false;
	if (!due) {
		*out = 0;
		return true;
	}
	struct statement *count = statement_use(store, sql[RECOUNT_COUNT]);
	bind_ints(count, INTS(now + ALONG_S, limit));
	return statement_number(count, out, err);
}

static bool add_ids(struct store *store, int64_t now, int64_t limit, struct text_list *ids, struct error *err)
{
	AUTO(statement_done) struct statement *next = statement_use(store, sql[RECOUNT_NEXT]);
	bool row = true;

	bind_ints(next, INTS(now + ALONG_S, limit));
	while (row)
		if (!statement_step(next, &row, err) || (row && !text_list_add(ids, column_text(next, 0), err)))
			return false;
	return true;
}

bool store_recount_next(struct store *store, int64_t now, int64_t limit, struct text_list *out, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	bool due;

	if (!any_due(store, now, &due, err) || (due && !add_ids(store, now, limit, &ids, err)))
		return false;
	*out = ids;
	ids = (struct text_list){0};
	return true;
}

static bool postpone(struct store *store, const struct text_list *ids, int64_t until, struct error *err)
{
	for (size_t i = 0; i < ids->count; i++) {
		struct statement *statement = statement_use(store, sql[RECOUNT_POSTPONE]);

		bind_text(statement, 1, ids->items[i]);
		bind_int(statement, 2, until);
		if (!statement_run(statement, err))
			return false;
	}
	return true;
}

bool store_recount_postpone(struct store *store, const struct text_list *ids, int64_t until, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, postpone(store, ids, until, err), err);
}
