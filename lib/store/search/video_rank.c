#include "store/search/video_rank.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/unicode.h"
#include "store/internal.h"
#include "store/search/video_counts.h"

enum { KEYS_BYTES = (RANKED_MAX + 1) * 24 }; /* of keys as text */

enum video_rank_statement { RANK_BY_VIEWS, RANK_BY_RISING, RANK_BY_TITLE, RANK_BY_RECORDED, RANK_BY_MATCH };

/* Keys in the order of a column of their videos, which may be those that only visitors' requests found. */
#define RANK "SELECT k.value FROM json_each(?1) k LEFT JOIN video v ON v.seq = k.value ORDER BY "
#define VALUE(column) "coalesce(v." column ", (SELECT p." column " FROM visitor_video p WHERE p.seq = k.value))"

/* Keys and their numbers of recording, up to ?7, behind the number ?4 (0 = all) where ?5 is 1, before it and downwards where it is -1. */
#define RANK_NUMBERS(number, from)                                                                                               \
	"SELECT value, number FROM (SELECT k.value AS value, " number " AS number FROM json_each(?1) k" from ") n"               \
	" WHERE (?4 = 0 OR (number - ?4) * ?5 > 0) AND number <= ?7 ORDER BY number * ?5 LIMIT ?2 OFFSET ?3"
/* What only visitors' requests found has no such number. */
#define NUMBER_OF_VISITORS "(SELECT p.first_seen_at * 1048576 + p.seq % 1024 FROM visitor_video p WHERE p.seq = k.value)"

static const char *const sql[] = {
    [RANK_BY_VIEWS] = RANK VALUE("views") " DESC NULLS LAST, k.value DESC LIMIT ?2 OFFSET ?3",
    [RANK_BY_RISING] =
	"SELECT k.value FROM json_each(?1) k ORDER BY " SQL_VIEWS_PER_HOUR("k.value", "?4") " DESC NULLS LAST, k.value DESC"
											    " LIMIT ?2 OFFSET ?3",
    [RANK_BY_TITLE] = "SELECT k.value, " VALUE("title") " FROM json_each(?1) k LEFT JOIN video v ON v.seq = k.value",
    [RANK_BY_RECORDED] = RANK_NUMBERS("coalesce(v.recorded, " NUMBER_OF_VISITORS ")", " LEFT JOIN video v ON v.seq = k.value"),
    [RANK_BY_MATCH] = RANK_NUMBERS("m.recorded", " JOIN match m ON m.query = ?6 AND m.seq = k.value"),
};

const struct statements video_rank_statements = STATEMENTS(sql);

/* Of what was found in the order of the list, up to LIMIT keys after OFFSET of them. */
struct ranked {
	int64_t offset, limit;
	int64_t *keys;
	size_t count;
};

static int by_weight(const void *a, const void *b)
{
	const struct found_key *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return x->seq < y->seq ? 1 : -1;
}

static void rank_by_weight(struct scan_result *found, struct ranked *out)
{
	qsort(found->keys, found->count, sizeof(*found->keys), by_weight);
	for (int64_t at = out->offset; at < (int64_t)found->count && (int64_t)out->count < out->limit; at++)
		out->keys[out->count++] = found->keys[at].seq;
}

static bool rank_by_column(const struct list *list, enum video_rank_statement which, struct ranked *out, struct error *err)
{
	AUTO(buf_clear) struct buf array = BUF(KEYS_BYTES);
	AUTO(statement_done) struct statement *rank = statement_use(list->store, sql[which]);
	bool row = true;

	scan_result_write_keys(&list->found, &array);
	if (!buf_ok(&array, err))
		return false;
	bind_text(rank, 1, buf_text(&array));
	bind_int(rank, 2, out->limit);
	bind_int(rank, 3, out->offset);
	if (which == RANK_BY_RISING)
		bind_int(rank, 4, list->request->rising_since);
	while (row) {
		if (!statement_step(rank, &row, err))
			return false;
		if (row)
			out->keys[out->count++] = column_int(rank, 0);
	}
	return true;
}

/* A title as titles are compared, without regard to case. */
struct folded_title {
	int64_t seq;
	char *text;
};

struct folded_titles {
	struct folded_title *items;
	size_t count;
};

static void folded_titles_clear(struct folded_titles *titles)
{
	for (size_t i = 0; i < titles->count; i++)
		free(titles->items[i].text);
	free(titles->items);
}

static int by_title(const void *a, const void *b)
{
	const struct folded_title *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : (x->seq < y->seq) - (x->seq > y->seq);
}

static bool read_titles(const struct list *list, struct folded_titles *out, struct error *err)
{
	AUTO(buf_clear) struct buf array = BUF(KEYS_BYTES);
	AUTO(statement_done) struct statement *titles = statement_use(list->store, sql[RANK_BY_TITLE]);
	bool row = false;

	scan_result_write_keys(&list->found, &array);
	if (!buf_ok(&array, err))
		return false;
	bind_text(titles, 1, buf_text(&array));
	for (;;) {
		struct folded_title title = {0};

		if (!statement_step(titles, &row, err))
			return false;
		if (!row)
			return true;
		title.seq = column_int(titles, 0);
		if (!list_grow(&out->items, out->count, sizeof(*out->items)))
			return error_no_memory(err);
		if (!unicode_fold_text(column_text(titles, 1), &title.text, err))
			return false;
		out->items[out->count++] = title;
	}
}

static bool rank_by_title(const struct list *list, struct ranked *out, struct error *err)
{
	AUTO(folded_titles_clear) struct folded_titles titles = {0};

	if (!read_titles(list, &titles, err))
		return false;
	qsort(titles.items, titles.count, sizeof(*titles.items), by_title);
	for (int64_t at = out->offset; at < (int64_t)titles.count && (int64_t)out->count < out->limit; at++)
		out->keys[out->count++] = titles.items[at].seq;
	return true;
}

static struct statement *use_recorded(const struct list *list, struct buf *array)
{
	const struct video_request *request = list->request;
	int64_t query_id = request->filter.query_id;
	struct statement *rank = statement_use(list->store, sql[query_id ? RANK_BY_MATCH : RANK_BY_RECORDED]);

	bind_text(rank, 1, buf_text(array));
	bind_int(rank, 2, request->page_size + 1);
	bind_int(rank, 3, request->after ? 0 : (request->page_number - 1) * request->page_size);
	bind_int(rank, 4, request->after);
	bind_int(rank, 5, request->sort == SORT_RECORDED ? -1 : 1);
	if (query_id)
		bind_int(rank, 6, query_id);
	bind_int(rank, 7, request->until ? request->until : INT64_MAX);
	return rank;
}

/* The page out of what was found. */
static bool sort_by_recorded(struct list *list, struct video_page *page, struct error *err)
{
	AUTO(buf_clear) struct buf array = BUF(KEYS_BYTES);
	int64_t last = 0;
	bool row = false;

	scan_result_write_keys(&list->found, &array);
	if (!buf_ok(&array, err))
		return false;
	AUTO(statement_done) struct statement *rank = use_recorded(list, &array);
	for (;;) {
		if (!statement_step(rank, &row, err))
			return false;
		if (!row)
			return true;
		page->more = (int64_t)list->count == list->request->page_size;
		if (page->more) {
			page->next_after = last;
			return true;
		}
		list->keys[list->count++] = column_int(rank, 0);
		last = column_int(rank, 1);
	}
}

bool rank_few_by_recorded(struct list *list, struct video_page *page, int64_t most, bool *few, struct error *err)
{
	if (!search_scan(list->store, &list->plan, LIST_NEWEST, list->plan.range, most + 1, &list->found, err))
		return false;
	*few = !list->found.cut && (int64_t)list->found.count <= most;
	if (!*few)
		return true;
	page->count_is_exact = list->request->counting != COUNT_NOT;
	page->count = page->count_is_exact ? (int64_t)list->found.count : 0;
	return sort_by_recorded(list, page, err);
}

static enum video_rank_statement statement_of(enum video_sort sort)
{
	return sort == SORT_RISING ? RANK_BY_RISING : RANK_BY_VIEWS;
}

static bool rank(struct list *list, struct ranked *out, struct error *err)
{
	if (list->found.count == 0)
		return true;
	if (list->request->sort == SORT_TITLE)
		return rank_by_title(list, out, err);
	if (list->request->sort != SORT_RELEVANCE)
		return rank_by_column(list, statement_of(list->request->sort), out, err);
	rank_by_weight(&list->found, out);
	return true;
}

/* Finds what is to be ranked, the newest matches, and what else comes of the scan. PAGE tells how far it went. */
static bool find_to_rank(struct list *list, struct video_page *page, struct error *err)
{
	enum list_result result = list->request->sort == SORT_RELEVANCE ? LIST_WEIGHTED : LIST_NEWEST;
	int64_t wanted = counts_keys_wanted(list, RANKED_MAX + 1);

	if (!search_scan(list->store, &list->plan, result, list->plan.range, wanted, &list->found, err) ||
	    !counts_of_scan(list, page, err))
		return false;
	if (list->found.cut)
		page->scanned_within = list->found.looked_at;
	if (list->found.count > RANKED_MAX) {
		page->ranked_within = RANKED_MAX;
		list->found.count = RANKED_MAX;
	}
	return true;
}

bool rank_newest_by_recorded(struct list *list, struct video_page *page, struct error *err)
{
	return counts_apart(list, page, err) && find_to_rank(list, page, err) && sort_by_recorded(list, page, err);
}

bool rank_page(struct list *list, struct video_page *page, struct error *err)
{
	const struct video_request *request = list->request;
	int64_t offset = (request->page_number - 1) * request->page_size;
	struct ranked ranked = {.offset = offset < RANKED_MAX ? offset : RANKED_MAX,
	                        .limit = request->page_size + 1,
	                        .keys = list->keys};

	if (!counts_apart(list, page, err) || !find_to_rank(list, page, err) || !rank(list, &ranked, err))
		return false;
	page->more = (int64_t)ranked.count > request->page_size;
	list->count = ranked.count - page->more;
	return true;
}

/* ---- a whole list ---- */

void video_keys_clear(struct video_keys *keys)
{
	free(keys->items);
	*keys = (struct video_keys){0};
}

static bool rank_all(struct store *store, const struct video_request *request, struct video_keys *keys, struct error *err)
{
	AUTO(list_clear) struct list list = {.store = store, .request = request};
	AUTO(video_page_clear) struct video_page page = {0};
	struct ranked ranked = {.limit = RANKED_MAX, .keys = keys->items};

	if (!list_plan(&list, err))
		return false;
	if (!list.plan.nothing && (!find_to_rank(&list, &page, err) || !rank(&list, &ranked, err)))
		return false;
	keys->count = ranked.count;
	keys->ranked_within = page.ranked_within;
	keys->scanned_within = page.scanned_within;
	return true;
}

bool store_videos_rank(struct store *store, const struct video_request *request, struct video_keys *out, struct error *err)
{
	AUTO(video_keys_clear) struct video_keys keys = {.items = calloc(RANKED_MAX, sizeof(*keys.items))};

	assert(video_sort_ranks(request->sort));
	if (!keys.items)
		return error_no_memory(err);
	if (!store_read_begin(store, err))
		return false;
	bool done = rank_all(store, request, &keys, err);
	store_read_end(store);
	if (!done)
		return false;
	*out = keys;
	keys = (struct video_keys){0};
	return true;
}
