#include "store/video_search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"
#include "store/sqlite/search_scan.h"
#include "store/stats.h"

/*
 * Every list scans b-trees and stops after what is wanted of it, or after so many rows: nothing grows with the number of matches, but for
 * a prefix of many words in many videos and exact counts from an index. One scan gives the page, the count and the times for a chart. A
 * page deep in a list with denormalised counters is found through them.
 */

enum {
	COUNT_MAX = 1000,    /* searches are counted up to here */
	EXACT_MAX = 2000000, /* and, exactly, up to here where an index alone tells: some tenths of a second */
	SCAN_SKIP_MAX = 200, /* cheaper to skip than to look into the denormalised counters */
	KEY_BYTES = 24,      /* of a key as text */
};

enum video_list_statement { LIST_VIDEOS, LIST_VISITORS, RANK_BY_VIEWS, RANK_BY_TITLE, COUNT_UNUSUAL };

/* Keys in the order of a column of their videos, which may be those that only visitors' requests found. */
#define RANK "SELECT k.value FROM json_each(?1) k LEFT JOIN video v ON v.seq = k.value ORDER BY "
#define VALUE(column) "coalesce(v." column ", (SELECT p." column " FROM visitor_video p WHERE p.seq = k.value))"

static const char *const sql[] = {
    /* The videos of a page in one go, in the order of the keys in ?1, a JSON array; once for each query that found a video, by its id. */
    [LIST_VIDEOS] = "SELECT " VIDEO_COLUMNS ", q.id, q.text FROM json_each(?1) k CROSS JOIN video v ON v.seq = k.value"
		    " LEFT JOIN channel c ON c.id = v.channel LEFT JOIN match m INDEXED BY match_by_video ON m.seq = v.seq"
		    " LEFT JOIN query q ON q.id = m.query AND q.origin <> 2 AND q.entry_state <> 3",
    /* Those of the page that only visitors' requests found. */
    [LIST_VISITORS] = "SELECT " VIDEO_COLUMNS ", NULL, NULL FROM json_each(?1) k CROSS JOIN visitor_video v ON v.seq = k.value"
		      " LEFT JOIN channel c ON c.id = v.channel",
    [RANK_BY_VIEWS] = RANK VALUE("views") " DESC, k.value DESC LIMIT ?2 OFFSET ?3",
    [RANK_BY_TITLE] = RANK "folded(" VALUE("title") "), k.value DESC LIMIT ?2 OFFSET ?3",
    [COUNT_UNUSUAL] = ("SELECT count(*) FROM video INDEXED BY video_by_kind WHERE kind IN (1, 2, 3) AND kind <> 0"
                       " AND seq BETWEEN ?1 AND ?2"),
};

const struct statements video_list_statements = STATEMENTS(sql);

const char *video_sort_name(enum video_sort sort)
{
	static const char *const names[SORT_COUNT] = {[SORT_NEWEST] = "newest",
	                                              [SORT_OLDEST] = "oldest",
	                                              [SORT_VIEWS] = "views",
	                                              [SORT_TITLE] = "title",
	                                              [SORT_RELEVANCE] = "relevance"};

	return names[sort];
}

void video_page_clear(struct video_page *page)
{
	video_list_clear(&page->videos);
	free(page->times);
	*page = (struct video_page){0};
}

/* A list being read. */
struct list {
	struct store *store;
	const struct video_request *request;
	struct search_plan plan;
	struct scan_result found;
	int64_t keys[VIDEO_PAGE_MAX + 1]; /* of the page */
	size_t count;
};

static void list_clear(struct list *list)
{
	search_plan_clear(&list->plan);
	scan_result_clear(&list->found);
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* ---- counts ---- */

static bool has_counter(const struct search_plan *plan)
{
	bool of_channel = plan->channel && !plan->has_words && !plan->checks_row && !plan->query_id;

	return search_plan_has_days(plan) || (of_channel && key_range_is_whole(plan->range));
}

/* The denormalised counter of all videos, or a query's, in the range. */
static bool read_days(struct store *store, const struct search_plan *plan, int64_t *out, struct error *err)
{
	int64_t after = 0, from = 0;

	if (key_range_is_whole(plan->range))
		return plan->query_id ? search_query_videos(store, plan->query_id, out, err) : store_video_count(store, out, err);
	if (!volume_newer(store, plan->query_id, plan->range.low - 1, &from, err) ||
	    (plan->range.high != INT64_MAX && !volume_newer(store, plan->query_id, plan->range.high, &after, err)))
		return false;
	*out = from - after;
	return true;
}

/* The denormalised counter of a list that has one. */
static bool read_counter(struct store *store, const struct search_plan *plan, int64_t *out, struct error *err)
{
	if (search_plan_has_days(plan))
		return read_days(store, plan, out, err);
	*out = plan->channel_videos;
	return true;
}

/* Whether the usual kind is all that filters: then the others, which have a small index, are counted. */
static bool is_of_usual_kind(const struct search_plan *plan)
{
	const struct video_filter *filter = plan->filter;

	return filter->one_kind && filter->kind == VIDEO_NORMAL && !filter->min_duration_s && !filter->max_duration_s &&
	       !plan->has_words && !plan->channel && !plan->query_id;
}

static bool count_usual_kind(struct store *store, const struct search_plan *plan, int64_t *out, struct error *err)
{
	struct statement *unusual = statement_use(store, sql[COUNT_UNUSUAL]);
	int64_t all, others;

	bind_ints(unusual, INTS(plan->range.low, plan->range.high));
	if (!read_days(store, plan, &all, err) || !statement_number(unusual, &others, err))
		return false;
	*out = all - others;
	return true;
}

static void set_count(struct video_page *page, int64_t count, bool is_exact)
{
	page->count = count;
	page->count_is_exact = is_exact;
}

/* Counts what a scan finds, up to LIMIT. */
static bool count_by_scan(struct list *list, int64_t limit, struct video_page *page, struct error *err)
{
	AUTO(scan_result_clear) struct scan_result found = {0};

	if (!search_scan(list->store, &list->plan, LIST_NEWEST, list->plan.range, limit + 1, &found, err))
		return false;
	set_count(page, smaller((int64_t)found.count, limit), !found.cut && (int64_t)found.count <= limit);
	page->scanned_within = found.cut ? found.looked_at : 0;
	return true;
}

static bool count_in_index(struct list *list, struct video_page *page, struct error *err)
{
	struct statement *statement = NULL;
	int64_t count;

	if (!search_plan_use(list->store, &list->plan, LIST_COUNT, list->plan.range, EXACT_MAX + 1, &statement, err) ||
	    !statement_number(statement, &count, err))
		return false;
	set_count(page, smaller(count, EXACT_MAX), count <= EXACT_MAX);
	return true;
}

/* Whether an exact count needs no more than an index or counters. */
static bool counts_in_index(const struct search_plan *plan)
{
	return is_of_usual_kind(plan) || (search_plan_all_pass(plan) && !plan->window);
}

/* Whether the page's own scan has to count. */
static bool counts_with_scan(const struct list *list)
{
	enum count_effort effort = list->request->counting;

	return effort != COUNT_NOT && !list->request->after && !has_counter(&list->plan) &&
	       (effort == COUNT_CHEAPLY || !counts_in_index(&list->plan));
}

static int64_t most_counted(const struct list *list)
{
	return list->request->counting == COUNT_CHEAPLY ? COUNT_MAX : SCANNED_MAX;
}

static void count_with_scan(const struct list *list, struct video_page *page)
{
	int64_t found = (int64_t)list->found.count, most = most_counted(list);

	if (counts_with_scan(list))
		set_count(page, smaller(found, most), !list->found.cut && found <= most);
}

/* The count that does not come from the page's own scan, as far as it is asked for. */
static bool count_apart(struct list *list, struct video_page *page, struct error *err)
{
	const struct search_plan *plan = &list->plan;
	enum count_effort effort = list->request->counting;

	if (effort == COUNT_NOT || counts_with_scan(list))
		return true;
	page->count_is_exact = true;
	if (has_counter(plan))
		return read_counter(list->store, plan, &page->count, err);
	if (effort == COUNT_CHEAPLY || !counts_in_index(plan))
		return count_by_scan(list, most_counted(list), page, err);
	return is_of_usual_kind(plan) ? count_usual_kind(list->store, plan, &page->count, err) : count_in_index(list, page, err);
}

/* ---- times, for a chart ---- */

/* Whether the scan is of the newest, and there are no counters of days. */
static bool scans_times(const struct list *list)
{
	return list->request->with_times && list->request->sort != SORT_OLDEST && !list->request->after &&
	       !search_plan_has_days(&list->plan);
}

static bool take_times(const struct list *list, struct video_page *page, struct error *err)
{
	const struct scan_result *found = &list->found;

	if (!scans_times(list))
		return true;
	free(page->times);
	page->times_count = (size_t)smaller((int64_t)found->count, COUNTED_MAX);
	page->times = malloc((page->times_count + 1) * sizeof(*page->times));
	if (!page->times)
		return error_no_memory(err);
	for (size_t i = 0; i < page->times_count; i++)
		page->times[i] = found->keys[i].seq / SEQ_PER_SECOND;
	page->times_are_all = !found->cut && found->count <= COUNTED_MAX;
	return true;
}

/* ---- the page of newest or oldest ---- */

/* What is read: where, and how much of it is skipped. */
struct extent {
	enum list_result result;
	struct key_range range;
	int64_t offset;
};

/* Turns an offset into a key to begin at, through the denormalised counters. */
static bool seek(struct store *store, const struct search_plan *plan, int64_t count, struct extent *extent, struct error *err)
{
	bool newest = extent->result == LIST_NEWEST;
	int64_t position = newest ? extent->offset : count - 1 - extent->offset;
	int64_t before = 0, seq = 0;

	if ((plan->range.high != INT64_MAX && !volume_newer(store, plan->query_id, plan->range.high, &before, err)) ||
	    !volume_find(store, plan->query_id, before + position, &seq, err))
		return false;
	extent->offset = 0;
	if (newest)
		extent->range.high = seq;
	else
		extent->range.low = seq;
	return true;
}

static struct extent extent_of(const struct search_plan *plan, const struct video_request *request)
{
	struct extent extent = {.result = request->sort == SORT_OLDEST ? LIST_OLDEST : LIST_NEWEST, .range = plan->range};

	if (!request->after)
		extent.offset = (request->page_number - 1) * request->page_size;
	else if (extent.result == LIST_NEWEST)
		extent.range.high = smaller(extent.range.high, request->after - 1);
	else if (request->after >= extent.range.low)
		extent.range.low = request->after + 1;
	return extent;
}

/* How many keys the scan has to find for the page and what else comes of it. */
static int64_t keys_wanted(const struct list *list, int64_t offset)
{
	int64_t wanted = offset + list->request->page_size + 1;

	if (counts_with_scan(list))
		wanted = larger(wanted, most_counted(list) + 1);
	return scans_times(list) ? larger(wanted, COUNTED_MAX + 1) : wanted;
}

/* Takes the page out of what was found. Where the scan was cut before the page was full, the list goes on after the last row. */
static void take_page(struct list *list, int64_t offset, struct video_page *page)
{
	const struct scan_result *found = &list->found;
	int64_t left = larger((int64_t)found->count - offset, 0);

	list->count = (size_t)smaller(left, list->request->page_size);
	for (size_t i = 0; i < list->count; i++)
		list->keys[i] = found->keys[(size_t)offset + i].seq;
	page->more = left > list->request->page_size;
	page->next_after = page->more ? list->keys[list->count - 1] : found->cut ? found->last : 0;
	if (found->cut)
		page->scanned_within = found->looked_at;
}

/* A list without denormalised counters is skipped through, but no further than a scan goes. After its end is an empty page, not an
 * error. */
static bool check_depth(const struct list *list, int64_t offset, struct error *err)
{
	return offset < SCANNED_MAX || ((int64_t)list->found.count < SCANNED_MAX && !list->found.cut) ||
	       error_set_field(err, ERR_INVALID, "page_number",
	                       "pages of this list end at %d videos; go on with cursor, or add words or dates", SCANNED_MAX);
}

static bool read_in_order(struct list *list, struct video_page *page, struct error *err)
{
	const struct video_request *request = list->request;
	struct extent extent = extent_of(&list->plan, request);

	if (!count_apart(list, page, err))
		return false;
	if (page->count_is_exact && !request->after && extent.offset >= page->count)
		return true;
	if (request->counting != COUNT_NOT && search_plan_has_days(&list->plan) && extent.offset > SCAN_SKIP_MAX &&
	    !seek(list->store, &list->plan, page->count, &extent, err))
		return false;
	int64_t wanted = smaller(keys_wanted(list, extent.offset), SCANNED_MAX + VIDEO_PAGE_MAX);
	if (!search_scan(list->store, &list->plan, extent.result, extent.range, wanted, &list->found, err) ||
	    !check_depth(list, extent.offset, err))
		return false;
	count_with_scan(list, page);
	take_page(list, extent.offset, page);
	return take_times(list, page, err);
}

/* ---- the page of a ranked list ---- */

static void write_keys(const int64_t *keys, size_t count, size_t step, struct buf *out)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add_char(out, ',');
		buf_add_int(out, keys[i * step]);
	}
	buf_add_char(out, ']');
}

static int by_weight(const void *a, const void *b)
{
	const struct found_key *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return x->seq < y->seq ? 1 : -1;
}

/* Of what was found in the order of the list, up to LIMIT keys after OFFSET of them. */
struct ranked {
	int64_t offset, limit;
	int64_t *keys;
	size_t count;
};

static void rank_by_weight(struct scan_result *found, struct ranked *out)
{
	qsort(found->keys, found->count, sizeof(*found->keys), by_weight);
	for (int64_t at = out->offset; at < (int64_t)found->count && (int64_t)out->count < out->limit; at++)
		out->keys[out->count++] = found->keys[at].seq;
}

static bool rank_by_column(const struct list *list, enum video_list_statement which, struct ranked *out, struct error *err)
{
	AUTO(buf_clear) struct buf array = BUF((RANKED_MAX + 1) * KEY_BYTES);
	AUTO(statement_done) struct statement *rank = statement_use(list->store, sql[which]);
	bool row = true;

	write_keys(&list->found.keys[0].seq, list->found.count, sizeof(*list->found.keys) / sizeof(int64_t), &array);
	if (!buf_ok(&array, err))
		return false;
	bind_text(rank, 1, buf_text(&array));
	bind_int(rank, 2, out->limit);
	bind_int(rank, 3, out->offset);
	for (;;) {
		if (!statement_step(rank, &row, err))
			return false;
		if (!row)
			return true;
		out->keys[out->count++] = column_int(rank, 0);
	}
}

static bool rank(struct list *list, struct ranked *out, struct error *err)
{
	if (list->found.count == 0)
		return true;
	if (list->request->sort != SORT_RELEVANCE)
		return rank_by_column(list, list->request->sort == SORT_VIEWS ? RANK_BY_VIEWS : RANK_BY_TITLE, out, err);
	rank_by_weight(&list->found, out);
	return true;
}

/* Finds what is to be ranked: the newest WANTED. */
static bool find_to_rank(struct list *list, int64_t wanted, struct error *err)
{
	enum list_result result = list->request->sort == SORT_RELEVANCE ? LIST_WEIGHTED : LIST_NEWEST;

	return search_scan(list->store, &list->plan, result, list->plan.range, wanted, &list->found, err);
}

static bool read_ranked(struct list *list, struct video_page *page, struct error *err)
{
	const struct video_request *request = list->request;
	struct ranked ranked = {.offset = smaller((request->page_number - 1) * request->page_size, RANKED_MAX),
	                        .limit = request->page_size + 1,
	                        .keys = list->keys};
	int64_t wanted = larger(RANKED_MAX, counts_with_scan(list) ? most_counted(list) : 0) + 1;

	if (!count_apart(list, page, err) || !find_to_rank(list, wanted, err))
		return false;
	count_with_scan(list, page);
	if (!take_times(list, page, err))
		return false;
	if (list->found.cut)
		page->scanned_within = list->found.looked_at;
	if (list->found.count > RANKED_MAX) {
		page->ranked_within = RANKED_MAX;
		list->found.count = RANKED_MAX;
	}
	if (!rank(list, &ranked, err))
		return false;
	page->more = (int64_t)ranked.count > request->page_size;
	list->count = ranked.count - page->more;
	return true;
}

/* ---- a prefix that stands for some of its words ---- */

static bool read_once(struct list *list, struct video_page *page, struct error *err)
{
	list->count = 0;
	if (list->request->sort != SORT_NEWEST && list->request->sort != SORT_OLDEST)
		return read_ranked(list, page, err);
	return read_in_order(list, page, err);
}

static bool read_again(struct list *list, struct video_page *page, struct error *err)
{
	video_page_clear(page);
	return read_once(list, page, err);
}

/* The most frequent words were searched for. When they gave more than is counted, what was found is right as soon as every other word has
 * its newest video after the last key that is of use; those that do not are added. Otherwise all words are searched for. */
static bool complete(struct list *list, struct video_page *page, struct error *err)
{
	const struct scan_result *found = &list->found;
	bool changed;

	if (found->cut || found->count <= COUNT_MAX || (int64_t)list->count < list->request->page_size)
		return search_plan_take_all_words(&list->plan, err) && read_again(list, page, err);
	int64_t last = page->times ? found->keys[found->count - 1].seq : list->keys[list->count - 1];
	return search_plan_add_words(list->store, &list->plan, last, &changed, err) && (!changed || read_again(list, page, err));
}

/* ---- the videos ---- */

/* Takes a row: of the video that the row before was of, or of the next one. */
static bool take_row(struct statement *row, struct video_list *videos, struct error *err)
{
	struct video *video = videos->count ? &videos->items[videos->count - 1] : NULL;

	if (!video || video->seq != column_int(row, VIDEO_COL_SEQ)) {
		video = video_list_add(videos);
		if (!video)
			return error_no_memory(err);
		if (!video_read(row, video, err))
			return false;
	}
	return column_is_null(row, VIDEO_COLUMN_COUNT) || video_add_found(video, row, VIDEO_COLUMN_COUNT, err);
}

/* Appends those of WHICH, in the order of the keys. */
static bool add_videos(struct store *store, enum video_list_statement which, const int64_t *keys, size_t count,
                       struct video_list *videos, struct error *err)
{
	AUTO(buf_clear) struct buf array = BUF(VIDEO_PAGE_MAX * KEY_BYTES);
	AUTO(statement_done) struct statement *list = statement_use(store, sql[which]);
	bool row = true;

	write_keys(keys, count, 1, &array);
	if (!buf_ok(&array, err))
		return false;
	bind_text(list, 1, buf_text(&array));
	while (row) {
		if (!statement_step(list, &row, err) || (row && !take_row(list, videos, err)))
			return false;
	}
	return true;
}

/* Appends those that only visitors' requests found. */
static bool add_unlisted(const struct list *list, struct video_list *videos, struct error *err)
{
	size_t listed = videos->count;

	if (!add_videos(list->store, LIST_VISITORS, list->keys, list->count, videos, err))
		return false;
	for (size_t i = listed; i < videos->count; i++)
		videos->items[i].unlisted = true;
	return true;
}

/* Puts as many videos as the list has keys in the order of these. */
static void put_in_order(const struct list *list, struct video_list *videos)
{
	for (size_t i = 0; i < list->count; i++) {
		size_t at = i;

		while (at + 1 < videos->count && videos->items[at].seq != list->keys[i])
			at++;
		struct video video = videos->items[at];
		videos->items[at] = videos->items[i];
		videos->items[i] = video;
	}
}

static bool read_videos(const struct list *list, struct video_list *videos, struct error *err)
{
	if (!add_videos(list->store, LIST_VIDEOS, list->keys, list->count, videos, err) ||
	    (list->plan.third.path && !add_unlisted(list, videos, err)))
		return false;
	if (videos->count != list->count)
		return error_set(err, ERR_INTERNAL, "the database: a listed video is missing");
	if (list->plan.third.path)
		put_in_order(list, videos);
	return true;
}

static unsigned plan_flags_of(const struct video_request *request)
{
	if (request->sort == SORT_RELEVANCE)
		return PLAN_BY_RELEVANCE;
	return request->sort == SORT_NEWEST && request->counting != COUNT_EXACTLY ? PLAN_SOME_WORDS : 0;
}

static bool read_page(struct store *store, const struct video_request *request, struct video_page *page, struct error *err)
{
	AUTO(list_clear) struct list list = {.store = store, .request = request};

	if (!search_plan_make(store, &request->filter, plan_flags_of(request), &list.plan, err))
		return false;
	if (list.plan.nothing) {
		page->count_is_exact = request->counting != COUNT_NOT;
		return true;
	}
	if (!read_once(&list, page, err) || (list.plan.some_words && !complete(&list, page, err)))
		return false;
	return list.count == 0 || read_videos(&list, &page->videos, err);
}

static bool check_request(const struct video_request *request, struct error *err)
{
	bool ranked = request->sort != SORT_NEWEST && request->sort != SORT_OLDEST;

	if (request->page_size < 1 || request->page_size > VIDEO_PAGE_MAX)
		return error_set_field(err, ERR_INVALID, "page_size", "1 to %d are allowed", VIDEO_PAGE_MAX);
	if (!request->after && (request->page_number < 1 || request->page_number > INT64_MAX / VIDEO_PAGE_MAX))
		return error_set_field(err, ERR_INVALID, "page_number", "there is no such page");
	return !(ranked && request->after) || error_set_field(err, ERR_INVALID, "cursor", "not for a ranked list");
}

bool store_videos_page(struct store *store, const struct video_request *request, struct video_page *out, struct error *err)
{
	AUTO(video_page_clear) struct video_page page = {0};

	if (!check_request(request, err) || !store_read_begin(store, err))
		return false;
	bool done = read_page(store, request, &page, err);
	store_read_end(store);
	if (!done)
		return false;
	*out = page;
	page = (struct video_page){0};
	return true;
}

/* ---- a whole ranked list ---- */

void video_keys_clear(struct video_keys *keys)
{
	free(keys->items);
	*keys = (struct video_keys){0};
}

static bool rank_all(struct store *store, const struct video_request *request, struct video_keys *keys, struct error *err)
{
	AUTO(list_clear) struct list list = {.store = store, .request = request};
	struct ranked ranked = {.limit = RANKED_MAX, .keys = keys->items};

	if (!search_plan_make(store, &request->filter, plan_flags_of(request), &list.plan, err))
		return false;
	if (!list.plan.nothing && (!find_to_rank(&list, RANKED_MAX, err) || !rank(&list, &ranked, err)))
		return false;
	keys->count = ranked.count;
	return true;
}

bool store_videos_rank(struct store *store, const struct video_request *request, struct video_keys *out, struct error *err)
{
	AUTO(video_keys_clear) struct video_keys keys = {.items = calloc(RANKED_MAX, sizeof(*keys.items))};

	assert(request->sort != SORT_NEWEST && request->sort != SORT_OLDEST);
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

bool store_videos_by_keys(struct store *store, const int64_t *keys, size_t count, struct video_list *out, struct error *err)
{
	AUTO(video_list_clear) struct video_list videos = {0};

	assert(count <= VIDEO_PAGE_MAX);
	if (!store_read_begin(store, err))
		return false;
	bool done = add_videos(store, LIST_VIDEOS, keys, count, &videos, err);
	store_read_end(store);
	if (!done)
		return false;
	*out = videos;
	videos = (struct video_list){0};
	return true;
}
