#include "store/tracking/settings.h"

#include <string.h>

#include "base/text.h"
#include "base/unicode.h"
#include "store/internal.h"

enum settings_statement { SETTINGS_SET, TEXT_GET, TEXT_FIND, TEXT_SET, PERIOD_FIND, PERIOD_SET };

/* As query_period_at() has it, ?1 being now. */
#define IS_IN_PERIOD "CASE WHEN starts_at <= ?1 AND (ends_at = 0 OR ends_at > ?1) THEN 1 ELSE 0 END"

static const char *const sql[] = {
    [SETTINGS_SET] = "UPDATE query AS q SET label = ?2, group_name = ?3, priority = ?4, starts_at = ?5, ends_at = ?6,"
		     " in_period = ?7, keep_days = ?8 WHERE q.id = ?1 AND " QUERY_IS_PUBLIC,
    [TEXT_GET] = "SELECT q.folded, q.in_config, q.source FROM query q WHERE q.id = ?1 AND " QUERY_IS_PUBLIC,
    [TEXT_FIND] = "SELECT id, text, entry_state FROM query WHERE folded = ?1 AND id <> ?2",
    [TEXT_SET] = "UPDATE query SET text = ?2, folded = ?3, origin = ?4 WHERE id = ?1",
    [PERIOD_FIND] = "SELECT id FROM query WHERE in_period <> " IS_IN_PERIOD " LIMIT 1",
    [PERIOD_SET] = "UPDATE query SET in_period = " IS_IN_PERIOD " WHERE in_period <> " IS_IN_PERIOD,
};

const struct statements settings_statements = STATEMENTS(sql);

/* ---- settings ---- */

static bool set(struct store *store, int64_t id, const struct query_settings *settings, int64_t now, struct error *err)
{
	struct statement *set = statement_use(store, sql[SETTINGS_SET]);

	bind_int(set, 1, id);
	bind_text(set, 2, settings->label);
	bind_text(set, 3, settings->group);
	bind_int(set, 4, settings->priority);
	bind_int(set, 5, settings->starts_at);
	bind_int(set, 6, settings->ends_at);
	bind_int(set, 7, query_period_at(settings, now) == PERIOD_WITHIN);
	bind_int(set, 8, settings->keep_days);
	if (!statement_run(set, err))
		return false;
	if (!changed_rows(store))
		return error_set(err, ERR_NOT_FOUND, "no such query");
	return query_change(store, id, err);
}

bool store_query_set_settings(struct store *store, int64_t id, const struct query_settings *settings, int64_t now,
                              struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, set(store, id, settings, now, err), err);
}

/* ---- the text ---- */

/* Errors: ERR_CONFLICT naming the query that is the same. */
static bool check_unique(struct store *store, int64_t id, const char *folded, struct error *err)
{
	AUTO(statement_done) struct statement *find = statement_use(store, sql[TEXT_FIND]);
	bool row = false;

	bind_text(find, 1, folded);
	bind_int(find, 2, id);
	if (!statement_step(find, &row, err))
		return false;
	return !row ||
	       error_set_value(err, ERR_CONFLICT, "query", column_text(find, 1), "%s query %lld is the same",
	                       column_int(find, 2) == ENTRY_REMOVED ? "the removed" : "the", (long long)column_int(find, 0));
}

/* *SAME tells whether the query has this text already. */
static bool check_text(struct store *store, int64_t id, const char *text, const char *folded, bool *same, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[TEXT_GET]);

	bind_int(get, 1, id);
	if (!statement_row(get, "such query", err))
		return false;
	*same = strcmp(column_text(get, 0), folded) == 0;
	enum query_source source = (enum query_source)column_int(get, 2);
	if (column_int(get, 1))
		return error_set_field(err, ERR_CONFLICT, "query", "NEWSREEL_QUERIES names this query: change it there");
	if (!*same && (source == QUERY_SOURCE_CHANNEL || query_source_of(text) != source))
		return error_set_field(err, ERR_UNPROCESSABLE, "query",
		                       "a search cannot become a channel, nor a channel another one: track it as a new query");
	return check_unique(store, id, folded, err);
}

static bool write_text_of(struct store *store, int64_t id, const char *text, const char *folded, struct error *err)
{
	struct statement *set = statement_use(store, sql[TEXT_SET]);

	bind_int(set, 1, id);
	bind_text(set, 2, text);
	bind_text(set, 3, folded);
	bind_int(set, 4, ORIGIN_OWNER); /* no variable has a say any more */
	return statement_run(set, err) && query_change(store, id, err);
}

static bool set_text(struct store *store, int64_t id, const char *text, const char *folded, enum query_coverage coverage,
                     struct error *err)
{
	bool same;

	return check_text(store, id, text, folded, &same, err) && write_text_of(store, id, text, folded, err) &&
	       (same || coverage == COVERAGE_KEPT || coverage_forget(store, id, err));
}

bool store_query_set_text(struct store *store, int64_t id, const char *text, enum query_coverage coverage, struct error *err)
{
	AUTO(text_free) char *tidy = NULL;
	AUTO(text_free) char *folded = NULL;

	return query_tidy(text, &tidy, err) && unicode_fold_text(tidy, &folded, err) && transaction_begin(store, err) &&
	       transaction_end(store, set_text(store, id, tidy, folded, coverage, err), err);
}

/* ---- time ---- */

static bool keep_time(struct store *store, int64_t now, struct error *err)
{
	public_change(store);
	return statement_run_ints(store, sql[PERIOD_SET], INTS(now), err);
}

bool store_queries_keep_time(struct store *store, int64_t now, struct error *err)
{
	AUTO(statement_done) struct statement *find = statement_use(store, sql[PERIOD_FIND]);
	bool row = false;

	bind_int(find, 1, now);
	if (!statement_step(find, &row, err))
		return false;
	return !row || (transaction_begin(store, err) && transaction_end(store, keep_time(store, now, err), err));
}
