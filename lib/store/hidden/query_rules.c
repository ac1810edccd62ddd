#include "store/hidden/query_rules.h"

#include <string.h>

#include "store/internal.h"

enum rules_statement { RULES_GET, RULES_SET, RULES_SET_PLACE, RULES_HIDDEN, RULES_JUDGING };

enum { POSITIONS(QUERY_RULES_ROW) };

#define IS_OWNERS "q.id = ?1 AND q.origin <> " SQL_VISITOR

static const char *const sql[] = {
    [RULES_GET] = "SELECT " COLUMNS(QUERY_RULES_ROW) " FROM query q WHERE " IS_OWNERS,
    [RULES_SET] = "UPDATE query SET excluded_words = ?2, excluded_channels = ?3, min_duration_s = ?4, max_duration_s = ?5,"
		  " hide_shorts = ?6, kinds = ?7, judge_seq = ?8, judge_number = ?8 WHERE id = ?1",
    [RULES_SET_PLACE] = "UPDATE query SET region = ?2, language = ?3 WHERE id = ?1",
    [RULES_HIDDEN] = "SELECT (SELECT count(*) FROM hidden_match WHERE query = ?1)"
		     " + (SELECT count(*) FROM quarantine_match WHERE query = ?1 AND hidden = 1)",
    [RULES_JUDGING] = "SELECT judge_seq > 0 OR judge_number > 0 FROM query WHERE id = ?1",
};

const struct statements query_rules_statements = STATEMENTS(sql);

bool rules_read(struct statement *row, int first, struct query_rules *out, struct error *err)
{
	AUTO(query_rules_clear)
	struct query_rules rules = {.min_duration_s = column_int(row, first + RULES_COL_MIN),
	                            .max_duration_s = column_int(row, first + RULES_COL_MAX),
	                            .hide_shorts = column_int(row, first + RULES_COL_SHORTS) != 0,
	                            .kinds = (unsigned)column_int(row, first + RULES_COL_KINDS)};

	strncpy(rules.region, column_text(row, first + RULES_COL_REGION), sizeof(rules.region) - 1);
	strncpy(rules.language, column_text(row, first + RULES_COL_LANGUAGE), sizeof(rules.language) - 1);
	if (!text_list_split(column_text(row, first + RULES_COL_WORDS), '\n', &rules.excluded_words, err) ||
	    !text_list_split(column_text(row, first + RULES_COL_CHANNELS), '\n', &rules.excluded_channels, err))
		return false;
	*out = rules;
	rules = (struct query_rules){0};
	return true;
}

bool store_query_rules_get(struct store *store, int64_t query_id, struct query_rules *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[RULES_GET]);

	bind_int(get, 1, query_id);
	return statement_row(get, "such query", err) && rules_read(get, 0, out, err);
}

static bool set_rules(struct store *store, int64_t query_id, const struct query_rules *rules, struct error *err)
{
	AUTO(buf_clear) struct buf words = BUF(RULES_LINES_MAX_BYTES);
	AUTO(buf_clear) struct buf channels = BUF(RULES_LINES_MAX_BYTES);

	query_rules_write_lines(&rules->excluded_words, &words);
	query_rules_write_lines(&rules->excluded_channels, &channels);
	if (!buf_ok(&words, err) || !buf_ok(&channels, err))
		return false;
	struct statement *set = statement_use(store, sql[RULES_SET]);
	bind_int(set, 1, query_id);
	bind_text(set, 2, buf_text(&words));
	bind_text(set, 3, buf_text(&channels));
	bind_int(set, 4, rules->min_duration_s);
	bind_int(set, 5, rules->max_duration_s);
	bind_int(set, 6, rules->hide_shorts);
	bind_int(set, 7, rules->kinds);
	bind_int(set, 8, INT64_MAX);
	return statement_run(set, err);
}

static bool set_place(struct store *store, int64_t query_id, const struct query_rules *rules, struct error *err)
{
	struct statement *set = statement_use(store, sql[RULES_SET_PLACE]);

	bind_int(set, 1, query_id);
	bind_text(set, 2, *rules->region ? rules->region : NULL);
	bind_text(set, 3, *rules->language ? rules->language : NULL);
	return statement_run(set, err);
}

static bool set(struct store *store, int64_t query_id, const struct query_rules *rules, struct error *err)
{
	AUTO(query_rules_clear) struct query_rules before = {0};

	return store_query_rules_get(store, query_id, &before, err) && set_rules(store, query_id, rules, err) &&
	       set_place(store, query_id, rules, err) && query_change(store, query_id, err);
}

bool store_query_rules_set(struct store *store, int64_t query_id, const struct query_rules *rules, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, set(store, query_id, rules, err), err);
}

bool store_query_rules_state(struct store *store, int64_t query_id, int64_t *hidden, bool *judging, struct error *err)
{
	struct statement *count = statement_use(store, sql[RULES_HIDDEN]);
	struct statement *waits = statement_use(store, sql[RULES_JUDGING]);
	int64_t left;

	bind_int(count, 1, query_id);
	bind_int(waits, 1, query_id);
	if (!statement_number(count, hidden, err) || !statement_number(waits, &left, err))
		return false;
	*judging = left != 0;
	return true;
}
