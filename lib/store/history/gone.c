#include "store/history/gone.h"

#include <string.h>

#include "base/list.h"
#include "store/internal.h"

enum { GONE_QUERIES_MAX = 1000 };

enum gone_statement { GONE_COUNT, GONE_COUNT_OF_QUERY, GONE_LIST, GONE_LIST_OF_QUERY, GONE_QUERIES };

#define GONE_ROW(FIRST, NEXT)                                                                                                    \
	FIRST(GONE_COL_ID, "g.id")                                                                                               \
	NEXT(GONE_COL_PUBLISHED_AT, "g.published_at")                                                                            \
	NEXT(GONE_COL_FIRST_SEEN_AT, "g.first_seen_at")                                                                          \
	NEXT(GONE_COL_CHECKED_AT, "g.checked_at")                                                                                \
	NEXT(GONE_COL_MISSING_AT, "g.missing_at")                                                                                \
	NEXT(GONE_COL_GONE_AT, "g.gone_at")

enum { POSITIONS(GONE_ROW) };

#define GONE_COLUMNS COLUMNS(GONE_ROW)

/* Of `gone g`, ?1 to ?4 of a filter; and of `gone_match m`, with its query as ?5. */
#define OF_ALL                                                                                                                   \
	" FROM gone g WHERE g.gone_at >= ?1 AND g.gone_at < ?2 AND g.published_at >= ?3 AND g.published_at < ?4 AND g.hidden = " \
	"0"
#define OF_QUERY                                                                                                                 \
	" FROM gone_match m JOIN gone g ON g.id = m.id WHERE m.query = ?5 AND m.gone_at >= ?1 AND m.gone_at < ?2"                \
	" AND g.published_at >= ?3 AND g.published_at < ?4"
enum { PARAMETER_QUERY = 5, PARAMETER_PLACE };

static const char *const sql[] = {
    [GONE_COUNT] = "SELECT count(*)" OF_ALL,
    [GONE_COUNT_OF_QUERY] = "SELECT count(*)" OF_QUERY,
    [GONE_LIST] = "SELECT " GONE_COLUMNS OF_ALL " AND (g.gone_at, g.id) < (?6, ?7) ORDER BY g.gone_at DESC, g.id DESC"
		  " LIMIT ?8 OFFSET ?9",
    [GONE_LIST_OF_QUERY] = "SELECT " GONE_COLUMNS OF_QUERY " AND (m.gone_at, m.id) < (?6, ?7)"
			   " ORDER BY m.gone_at DESC, m.id DESC LIMIT ?8 OFFSET ?9",
    [GONE_QUERIES] = "SELECT q.id, q.text FROM gone_match m JOIN query q ON q.id = m.query WHERE m.id = ?1"
		     " AND " QUERY_IS_PUBLIC " ORDER BY q.id LIMIT ?2",
};

const struct statements gone_statements = STATEMENTS(sql);

static int64_t or_end(int64_t time)
{
	return time ? time : INT64_MAX;
}

static struct statement *use(struct store *store, const struct gone_filter *filter, enum gone_statement of_all,
                             enum gone_statement of_query)
{
	struct statement *statement = statement_use(store, sql[filter->query_id ? of_query : of_all]);

	bind_ints(statement,
	          INTS(filter->since, or_end(filter->until), filter->published_after, or_end(filter->published_before)));
	if (filter->query_id)
		bind_int(statement, PARAMETER_QUERY, filter->query_id);
	return statement;
}

bool store_gone_count(struct store *store, const struct gone_filter *filter, int64_t *out, struct error *err)
{
	return statement_number(use(store, filter, GONE_COUNT, GONE_COUNT_OF_QUERY), out, err);
}

/* ---- lists ---- */

struct gone_place gone_place_of(const struct gone_video *video)
{
	struct gone_place place = {.at = video->gone_at};

	memcpy(place.id, video->id, sizeof(place.id));
	return place;
}

static bool add_video(struct gone_list *list, struct statement *row, struct error *err)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	struct gone_video *video = &list->items[list->count++];
	*video = (struct gone_video){.published_at = column_int(row, GONE_COL_PUBLISHED_AT),
	                             .first_seen_at = column_int(row, GONE_COL_FIRST_SEEN_AT),
	                             .checked_at = column_int(row, GONE_COL_CHECKED_AT),
	                             .missing_at = column_int(row, GONE_COL_MISSING_AT),
	                             .gone_at = column_int(row, GONE_COL_GONE_AT)};
	strncpy(video->id, column_text(row, GONE_COL_ID), sizeof(video->id) - 1);
	return true;
}

static bool add_query(struct gone_video *video, struct statement *row, struct error *err)
{
	if (!list_grow(&video->queries, video->query_count, sizeof(*video->queries)))
		return error_no_memory(err);
	struct gone_query *query = &video->queries[video->query_count++];
	*query = (struct gone_query){.id = column_int(row, 0)};
	return column_copy(row, 1, &query->text, err);
}

static bool read_queries(struct store *store, struct gone_video *video, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[GONE_QUERIES]);
	bool row = true;

	bind_text(list, 1, video->id);
	bind_int(list, 2, GONE_QUERIES_MAX);
	while (row)
		if (!statement_step(list, &row, err) || (row && !add_query(video, list, err)))
			return false;
	return true;
}

static bool read_videos(struct store *store, const struct gone_filter *filter, const struct gone_place *after, int64_t limit,
                        int64_t offset, struct gone_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *list = use(store, filter, GONE_LIST, GONE_LIST_OF_QUERY);
	bool row = true;

	bind_int(list, PARAMETER_PLACE, after && after->at ? after->at : INT64_MAX);
	bind_text(list, PARAMETER_PLACE + 1, after ? after->id : "");
	bind_int(list, PARAMETER_PLACE + 2, limit < GONE_LIST_MAX ? limit : GONE_LIST_MAX);
	bind_int(list, PARAMETER_PLACE + 3, offset);
	while (row)
		if (!statement_step(list, &row, err) || (row && !add_video(out, list, err)))
			return false;
	return true;
}

bool store_gone_list(struct store *store, const struct gone_filter *filter, const struct gone_place *after, int64_t limit,
                     int64_t offset, struct gone_list *out, struct error *err)
{
	AUTO(gone_list_clear) struct gone_list list = {0};

	if (!read_videos(store, filter, after, limit, offset, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++)
		if (!read_queries(store, &list.items[i], err))
			return false;
	*out = list;
	list = (struct gone_list){0};
	return true;
}
