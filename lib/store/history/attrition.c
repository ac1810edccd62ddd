#include "store/history/attrition.h"

#include "base/list.h"
#include "store/internal.h"

enum attrition_statement { ATTRITION_SUM, ATTRITION_DAYS, ATTRITION_LIST };

#define ATTRITION_ROW(FIRST, NEXT)                                                                                               \
	FIRST(ATTRITION_COL_DAY, "day")                                                                                          \
	NEXT(ATTRITION_COL_AGE, "age")                                                                                           \
	NEXT(ATTRITION_COL_THERE, "there")                                                                                       \
	NEXT(ATTRITION_COL_GONE, "gone")                                                                                         \
	NEXT(ATTRITION_COL_UNDATED, "undated")

enum { POSITIONS(ATTRITION_ROW) };

#define ATTRITION_COLUMNS COLUMNS(ATTRITION_ROW)

/* Of age 0 `there` counts all. */
#define DAYS "FROM attrition WHERE query = ?1 AND age = 0 AND there > 0"

static const char *const sql[] = {
    [ATTRITION_SUM] = "SELECT " ATTRITION_COLUMNS " FROM (SELECT 0 AS day, age, sum(there) AS there, sum(gone) AS gone,"
		      " sum(undated) AS undated FROM attrition WHERE query = ?1 GROUP BY age) sums ORDER BY age",
    [ATTRITION_DAYS] = "SELECT count(*) " DAYS,
    [ATTRITION_LIST] = "SELECT " ATTRITION_COLUMNS " FROM attrition WHERE query = ?1 AND day IN"
		       " (SELECT day " DAYS " ORDER BY day DESC LIMIT ?2 OFFSET ?3) ORDER BY day DESC, age",
};

const struct statements attrition_statements = STATEMENTS(sql);

static void read_count(struct attrition *attrition, struct statement *row)
{
	int64_t age = column_int(row, ATTRITION_COL_AGE);

	if (age == 0)
		attrition->found = column_int(row, ATTRITION_COL_THERE);
	for (size_t i = 0; i < ATTRITION_AGES; i++)
		if (attrition_ages[i] == age)
			attrition->after[i] = (struct attrition_count){.there = column_int(row, ATTRITION_COL_THERE),
			                                               .gone = column_int(row, ATTRITION_COL_GONE),
			                                               .undated = column_int(row, ATTRITION_COL_UNDATED)};
}

/* A day begins with its row of age 0. */
static bool add_row(struct attrition_list *list, struct statement *row, struct error *err)
{
	int64_t day = column_int(row, ATTRITION_COL_DAY);

	if (list->count == 0 || list->items[list->count - 1].day != day) {
		if (!list_grow(&list->items, list->count, sizeof(*list->items)))
			return error_no_memory(err);
		list->items[list->count++] = (struct attrition){.day = day};
	}
	read_count(&list->items[list->count - 1], row);
	return true;
}

static bool read_rows(struct statement *list, struct attrition_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *ends = list;
	bool row = true;

	while (row)
		if (!statement_step(list, &row, err) || (row && !add_row(out, list, err)))
			return false;
	return true;
}

bool store_attrition_sum(struct store *store, int64_t query_id, struct attrition *out, struct error *err)
{
	AUTO(attrition_list_clear) struct attrition_list list = {0};
	struct statement *sum = statement_use(store, sql[ATTRITION_SUM]);

	bind_int(sum, 1, query_id);
	if (!read_rows(sum, &list, err))
		return false;
	*out = list.count ? list.items[0] : (struct attrition){0};
	return true;
}

bool store_attrition_days(struct store *store, int64_t query_id, int64_t *out, struct error *err)
{
	struct statement *count = statement_use(store, sql[ATTRITION_DAYS]);

	bind_int(count, 1, query_id);
	return statement_number(count, out, err);
}

bool store_attrition_list(struct store *store, int64_t query_id, int64_t limit, int64_t offset, struct attrition_list *out,
                          struct error *err)
{
	AUTO(attrition_list_clear) struct attrition_list list = {0};
	struct statement *days = statement_use(store, sql[ATTRITION_LIST]);

	bind_ints(days, INTS(query_id, limit, offset));
	if (!read_rows(days, &list, err))
		return false;
	*out = list;
	list = (struct attrition_list){0};
	return true;
}
