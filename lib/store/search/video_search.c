#include "store/video_search.h"

#include <stdlib.h>

#include "store/hidden/hidden_list.h"
#include "store/internal.h"
#include "store/search/video_counts.h"
#include "store/search/video_rank.h"

/*
 * Every list scans b-trees and stops after what is wanted of it, or after so many rows: nothing grows with the number of matches, but for
 * a prefix of many words in many videos and exact counts from an index. One scan gives the page, the count and the times for a chart. A
 * page deep in a list with denormalised counters is found through them.
 */

enum {
	SCAN_SKIP_MAX = 200, /* cheaper to skip than to look into the denormalised counters */
	GLANCE_FIRST = 128,  /* rows in the order of recording that are looked at first … */
	GLANCE_MAX = 10000,  /* … and at most, in all: some milliseconds */
	LOOKUPS_MAX = 50,    /* of those the newest matches do not tell of */
};

enum video_search_statement { LAST_RECORDED, LAST_RECORDED_OF_QUERY };

static const char *const sql[] = {
    [LAST_RECORDED] = "SELECT max(recorded) FROM video",
    [LAST_RECORDED_OF_QUERY] = "SELECT max(recorded) FROM match WHERE query = ?1",
};

const struct statements video_search_statements = STATEMENTS(sql);

const char *video_sort_name(enum video_sort sort)
{
	static const char *const names[SORT_COUNT] = {[SORT_NEWEST] = "newest",     [SORT_OLDEST] = "oldest",
	                                              [SORT_VIEWS] = "views",       [SORT_RISING] = "rising",
	                                              [SORT_TITLE] = "title",       [SORT_RELEVANCE] = "relevance",
	                                              [SORT_RECORDED] = "recorded", [SORT_RECORDED_OLDEST] = "recorded_oldest"};

	return names[sort];
}

bool video_sort_ranks(enum video_sort sort)
{
	return sort == SORT_VIEWS || sort == SORT_RISING || sort == SORT_TITLE || sort == SORT_RELEVANCE;
}

bool video_sort_is_recorded(enum video_sort sort)
{
	return sort == SORT_RECORDED || sort == SORT_RECORDED_OLDEST;
}

void video_page_clear(struct video_page *page)
{
	video_list_clear(&page->videos);
	free(page->times);
	*page = (struct video_page){0};
}

/* ---- the page of a list in the order of its scan ---- */

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
	bool oldest = request->sort == SORT_OLDEST || request->sort == SORT_RECORDED_OLDEST;
	bool recorded = video_sort_is_recorded(request->sort);
	struct extent extent = {.result = oldest ? LIST_OLDEST : LIST_NEWEST, .range = recorded ? plan->recorded : plan->range};

	if (recorded && request->until)
		extent.range.high = smaller(extent.range.high, request->until);
	if (!request->after)
		extent.offset = (request->page_number - 1) * request->page_size;
	else if (extent.result == LIST_NEWEST)
		extent.range.high = smaller(extent.range.high, request->after - 1);
	else if (request->after >= extent.range.low)
		extent.range.low = request->after + 1;
	return extent;
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
	page->next_after = page->more ? found->keys[(size_t)offset + list->count - 1].place : found->cut ? found->last : 0;
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
	bool recorded = video_sort_is_recorded(request->sort);

	if (!recorded && !counts_apart(list, page, err))
		return false;
	bool needs_times = request->with_times && page->count > 0 && !search_plan_has_days(&list->plan);
	if (page->count_is_exact && !request->after && extent.offset >= page->count && !needs_times)
		return counts_of_scan(list, page, err);
	if (!recorded && request->counting != COUNT_NOT && search_plan_has_days(&list->plan) && extent.offset > SCAN_SKIP_MAX &&
	    !seek(list->store, &list->plan, page->count, &extent, err))
		return false;
	list->wanted = counts_keys_wanted(list, extent.offset + request->page_size + 1);
	list->wanted = smaller(list->wanted, SCANNED_MAX + VIDEO_PAGE_MAX);
	if (!search_scan(list->store, &list->plan, extent.result, extent.range, list->wanted, &list->found, err) ||
	    !check_depth(list, extent.offset, err))
		return false;
	take_page(list, extent.offset, page);
	return counts_of_scan(list, page, err);
}

/* ---- the order of recording ---- */

static bool last_recorded(const struct list *list, int64_t *out, struct error *err)
{
	int64_t query_id = list->request->filter.query_id;
	struct statement *get = statement_use(list->store, sql[query_id ? LAST_RECORDED_OF_QUERY : LAST_RECORDED]);

	if (query_id)
		bind_int(get, 1, query_id);
	return statement_number(get, out, err);
}

/* Rows in the order of recording, compared with the newest matches. Most that were recorded last were published last too, so the matches
 * tell of nearly all of them whether they match; the few that are older than these are looked up. */
struct glance {
	struct list *list;
	int64_t told_from;  /* the matches in list->found are all that have this key or a higher one */
	struct list lookup; /* the same list, planned to look a row up; without a plan until one is needed */
	int lookups;
	bool too_many; /* of them */
};

static int by_seq_downwards(const void *a, const void *b)
{
	const struct found_key *x = a, *y = b;

	return (x->seq < y->seq) - (x->seq > y->seq);
}

static bool is_found(const struct scan_result *found, int64_t seq)
{
	const struct found_key key = {.seq = seq};

	return found->count && bsearch(&key, found->keys, found->count, sizeof(key), by_seq_downwards);
}

static bool look_up(struct glance *glance, int64_t place, bool *matches, struct error *err)
{
	AUTO(scan_result_clear) struct scan_result one = {0};
	struct list *lookup = &glance->lookup;
	bool possible = true;

	if (!lookup->request) {
		lookup->store = glance->list->store;
		lookup->request = glance->list->request;
		if (!list_plan(lookup, err) || !search_plan_by_recorded(lookup->store, &lookup->plan, &possible, err))
			return false;
	}
	glance->too_many = !possible || ++glance->lookups > LOOKUPS_MAX;
	if (glance->too_many)
		return true;
	if (!search_scan(lookup->store, &lookup->plan, LIST_NEWEST, (struct key_range){place, place}, 1, &one, err))
		return false;
	*matches = one.count > 0;
	return true;
}

static bool row_matches(struct glance *glance, const struct found_key *row, bool *out, struct error *err)
{
	const struct key_range *range = &glance->list->plan.range;

	*out = false;
	if (row->seq < range->low || row->seq > range->high)
		return true;
	*out = search_plan_has_days(&glance->list->plan);
	if (*out)
		return true;
	if (row->seq < glance->told_from)
		return look_up(glance, row->place, out, err);
	*out = is_found(&glance->list->found, row->seq);
	return true;
}

/* Puts those of ROWS that match on the page, after *SKIP of them, until it is full. */
static bool take_rows(struct glance *glance, const struct scan_result *rows, int64_t *skip, struct video_page *page,
                      struct error *err)
{
	struct list *list = glance->list;

	for (size_t i = 0; i < rows->count && !page->more; i++) {
		bool matches;

		if (!row_matches(glance, &rows->keys[i], &matches, err) || glance->too_many)
			return glance->too_many;
		if (!matches || (*skip)-- > 0)
			continue;
		page->more = (int64_t)list->count == list->request->page_size;
		if (page->more)
			return true;
		list->keys[list->count++] = rows->keys[i].seq;
		page->next_after = rows->keys[i].place;
	}
	return true;
}

/* Fills the page from the rows at the beginning of the list; *ENDED where they ended first. */
static bool fill_page(struct glance *glance, struct video_page *page, bool *ended, struct error *err)
{
	static const struct video_filter none = {0};
	struct list *list = glance->list;
	int64_t query_id = list->plan.query_id;
	const struct search_plan rows_plan = {.filter = &none,
	                                      .range = {0, INT64_MAX},
	                                      .recorded = {0, INT64_MAX},
	                                      .query_id = query_id,
	                                      .first = {.path = query_id ? PATH_QUERY_RECORDED : PATH_RECORDED}};
	struct extent extent = extent_of(&list->plan, list->request);
	int64_t seen = 0;

	for (int64_t step = GLANCE_FIRST; !page->more && !*ended && !glance->too_many && seen < GLANCE_MAX; step *= 2) {
		AUTO(scan_result_clear) struct scan_result rows = {0};

		if (!search_scan(list->store, &rows_plan, extent.result, extent.range, step, &rows, err) ||
		    !take_rows(glance, &rows, &extent.offset, page, err))
			return false;
		seen += (int64_t)rows.count;
		*ended = (int64_t)rows.count < step && !rows.cut;
		if (extent.result == LIST_NEWEST)
			extent.range.high = rows.last - 1;
		else
			extent.range.low = rows.last + 1;
	}
	return true;
}

static void glance_clear(struct glance *glance)
{
	list_clear(&glance->lookup);
}

/* The page, if it is full, or the list ends, within the first rows. Otherwise nothing is done. */
static bool read_at_a_glance(struct list *list, struct video_page *page, bool *done, struct error *err)
{
	AUTO(glance_clear) struct glance glance = {.list = list, .told_from = list->found.last};
	bool ended = false;

	if (!fill_page(&glance, page, &ended, err))
		return false;
	*done = !glance.too_many && (page->more || ended);
	if (!*done || !page->more)
		page->next_after = 0;
	if (*done)
		return counts_of_newest(list, page, err);
	page->more = false;
	list->count = 0;
	return true;
}

/* Whether the rows in the order of recording are the list: all videos, or a tracked query's. */
static bool all_rows_match(const struct search_plan *plan)
{
	return search_plan_has_days(plan) && key_range_is_whole(plan->range);
}

/* What needs no scan of all rows: matches that are few, which are sorted, and pages that are full soon. */
static bool read_few_or_soon(struct list *list, struct video_page *page, bool *done, struct error *err)
{
	*done = false;
	if (all_rows_match(&list->plan))
		return true;
	if (!search_plan_has_days(&list->plan) && !rank_few_by_recorded(list, page, COUNT_MAX, done, err))
		return false;
	if (!*done && !read_at_a_glance(list, page, done, err))
		return false;
	return *done || rank_few_by_recorded(list, page, RANKED_MAX, done, err);
}

/* Where there are many matches, their scan goes over few others. */
static bool read_by_recorded(struct list *list, struct video_page *page, struct error *err)
{
	bool done, possible;

	if (!read_few_or_soon(list, page, &done, err))
		return false;
	if (done)
		return true;
	if (!counts_apart(list, page, err) || !search_plan_by_recorded(list->store, &list->plan, &possible, err))
		return false;
	if (possible)
		return read_in_order(list, page, err);
	if (list->request->whole)
		return error_set_field(err, ERR_INVALID, "query",
		                       "too many words begin like its last one: add a blank to search for the word itself");
	return rank_newest_by_recorded(list, page, err);
}

/* ---- a prefix that stands for some of its words ---- */

static bool read_once(struct list *list, struct video_page *page, struct error *err)
{
	list->count = 0;
	if (video_sort_is_recorded(list->request->sort))
		return read_by_recorded(list, page, err);
	return video_sort_ranks(list->request->sort) ? rank_page(list, page, err) : read_in_order(list, page, err);
}

static bool read_again(struct list *list, struct video_page *page, struct error *err)
{
	video_page_clear(page);
	return read_once(list, page, err);
}

/* Whether more words would not change the count. */
static bool counts_enough(const struct list *list, const struct video_page *page)
{
	return list->request->counting == COUNT_NOT || (page->count == COUNT_MAX && !page->count_is_exact);
}

/* The most frequent words were searched for. When they gave as much as was wanted, what was found is right as soon as every other word has
 * its newest video after the last key that is of use; those that do not are added. Otherwise all words are searched for. */
static bool complete(struct list *list, struct video_page *page, struct error *err)
{
	const struct scan_result *found = &list->found;
	bool changed;

	if (found->cut || (int64_t)found->count < list->wanted || !counts_enough(list, page))
		return search_plan_take_all_words(list->store, &list->plan, err) && read_again(list, page, err);
	int64_t last = page->times ? found->keys[found->count - 1].seq : list->keys[list->count - 1];
	return search_plan_add_words(list->store, &list->plan, last, &changed, err) && (!changed || read_again(list, page, err));
}

/* ---- a page ---- */

static bool read_page(struct store *store, const struct video_request *request, struct video_page *page, struct error *err)
{
	AUTO(list_clear) struct list list = {.store = store, .request = request};

	if (!list_plan(&list, err) ||
	    ((video_sort_is_recorded(request->sort) || request->with_times) && !last_recorded(&list, &page->last_recorded, err)))
		return false;
	if (list.plan.nothing) {
		page->count_is_exact = request->counting != COUNT_NOT;
		return true;
	}
	if (!read_once(&list, page, err) || (list.plan.some_words && !complete(&list, page, err)))
		return false;
	return list_read_videos(&list, &page->videos, err);
}

static bool check_request(const struct video_request *request, struct error *err)
{
	if (request->page_size < 1 || request->page_size > VIDEO_PAGE_MAX)
		return error_set_field(err, ERR_INVALID, "page_size", "1 to %d are allowed", VIDEO_PAGE_MAX);
	if (!request->after && (request->page_number < 1 || request->page_number > INT64_MAX / VIDEO_PAGE_MAX))
		return error_set_field(err, ERR_INVALID, "page_number", "there is no such page");
	return !(video_sort_ranks(request->sort) && request->after) ||
	       error_set_field(err, ERR_INVALID, "cursor", "not for a ranked list");
}

bool store_videos_page(struct store *store, const struct video_request *request, struct video_page *out, struct error *err)
{
	AUTO(video_page_clear) struct video_page page = {0};

	if (!check_request(request, err))
		return false;
	if (request->with_hidden)
		return store_videos_page_with_hidden(store, request, out, err);
	if (!store_read_begin(store, err))
		return false;
	bool done = read_page(store, request, &page, err);
	store_read_end(store);
	if (!done)
		return false;
	*out = page;
	page = (struct video_page){0};
	return true;
}
