#include "store/video_search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"
#include "store/sqlite/search_plan.h"

/*
 * Every list scans b-trees and stops after a page: nothing is sorted, nothing grows with the number of matches, but for the keys that
 * a deep page of a search skips, for a prefix of many words in many videos, and for what ranks the newest matches. A page deep in a list
 * with denormalised counters is found through them.
 */

enum {
	COUNT_MAX = 1000,    /* searches are counted up to here */
	SKIP_MAX = 100000,   /* and pages skip up to so many videos */
	SCAN_SKIP_MAX = 200, /* cheaper to skip than to look into the denormalised counters */
	KEY_BYTES = 24,      /* of a key as text */
	KEYS_MAX = COUNT_MAX + 1 > VIDEO_PAGE_MAX + 1 ? COUNT_MAX + 1 : VIDEO_PAGE_MAX + 1,
};

enum video_list_statement { LIST_VIDEOS, LIST_VISITORS };

/* The videos of a page in one go, in the order of the keys in ?1, a JSON array; once for each query that found a video, by its id. */
static const char *const sql[] = {
    [LIST_VIDEOS] = "SELECT " VIDEO_COLUMNS ", q.id, q.text FROM json_each(?1) k CROSS JOIN video v ON v.seq = k.value"
		    " LEFT JOIN channel c ON c.id = v.channel LEFT JOIN match m INDEXED BY match_by_video ON m.seq = v.seq"
		    " LEFT JOIN query q ON q.id = m.query AND q.origin <> 2 AND q.entry_state <> 3",
    /* Those of the page that only visitors' requests found. */
    [LIST_VISITORS] = "SELECT " VIDEO_COLUMNS ", NULL, NULL FROM json_each(?1) k CROSS JOIN visitor_video v ON v.seq = k.value"
		      " LEFT JOIN channel c ON c.id = v.channel",
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
	*page = (struct video_page){0};
}

/* ---- keys ---- */

/* The keys that a statement gave, at most KEYS_MAX. */
struct keys {
	int64_t items[KEYS_MAX];
	size_t count;
};

/* Reads up to LIMIT keys of the plan within RANGE after skipping OFFSET into ITEMS, and their number into COUNT. */
static bool read_items(struct store *store, const struct search_plan *plan, enum list_result result, struct key_range range,
                       int64_t limit, int64_t offset, int64_t *items, size_t *count, struct error *err)
{
	AUTO(statement_done) struct statement *statement = NULL;
	bool row = true;

	*count = 0;
	if (!search_plan_use(store, plan, result, range, limit, offset, &statement, err))
		return false;
	while (*count < (size_t)limit) {
		if (!statement_step(statement, &row, err))
			return false;
		if (!row)
			break;
		items[(*count)++] = column_int(statement, 0);
	}
	return true;
}

static bool read_keys(struct store *store, const struct search_plan *plan, enum list_result result, struct key_range range,
                      int64_t limit, int64_t offset, struct keys *keys, struct error *err)
{
	return read_items(store, plan, result, range, limit, offset, keys->items, &keys->count, err);
}

/* Counts the plan's videos up to LIMIT, -1 = all. */
static bool count_keys(struct store *store, const struct search_plan *plan, int64_t limit, int64_t *out, struct error *err)
{
	struct statement *statement = NULL;

	return search_plan_use(store, plan, LIST_COUNT, plan->range, limit, 0, &statement, err) &&
	       statement_number(statement, out, err);
}

/* ---- counts ---- */

static bool has_counter(const struct search_plan *plan)
{
	bool of_channel = plan->channel && !plan->has_words && !plan->checks_row && !plan->query_id;

	return search_plan_has_days(plan) || (of_channel && key_range_is_whole(plan->range));
}

/* The denormalised counter of a list that has one. */
static bool read_counter(struct store *store, const struct search_plan *plan, int64_t *out, struct error *err)
{
	int64_t after = 0, from = 0;

	if (!search_plan_has_days(plan)) {
		*out = plan->channel_videos;
		return true;
	}
	if (key_range_is_whole(plan->range))
		return plan->query_id ? search_query_videos(store, plan->query_id, out, err) : store_video_count(store, out, err);
	if (!volume_newer(store, plan->query_id, plan->range.low - 1, &from, err) ||
	    (plan->range.high != INT64_MAX && !volume_newer(store, plan->query_id, plan->range.high, &after, err)))
		return false;
	*out = from - after;
	return true;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Tells of FOUND videos, of which no more than one above the maximum was looked for. */
static void set_count(struct video_page *page, int64_t found)
{
	page->count = smaller(found, COUNT_MAX);
	page->count_is_exact = found <= COUNT_MAX;
}

/* The count, as far as it is asked for. */
static bool count_list(struct store *store, const struct search_plan *plan, enum count_effort effort, struct video_page *page,
                       struct error *err)
{
	int64_t found;

	if (effort == COUNT_NOT)
		return true;
	page->count_is_exact = true;
	if (has_counter(plan))
		return read_counter(store, plan, &page->count, err);
	if (effort == COUNT_EXACTLY)
		return count_keys(store, plan, -1, &page->count, err);
	if (!count_keys(store, plan, COUNT_MAX + 1, &found, err))
		return false;
	set_count(page, found);
	return true;
}

/* ---- the page of newest or oldest ---- */

/* What is read: where, and how much of it. */
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

/* A list without denormalised counters is skipped through, but not without end. After its end is an empty page, not an error. */
static bool check_depth(struct store *store, const struct search_plan *plan, const struct extent *extent, struct error *err)
{
	struct keys deeper;

	if (extent->offset <= SKIP_MAX)
		return true;
	if (!read_keys(store, plan, extent->result, extent->range, 1, SKIP_MAX, &deeper, err))
		return false;
	return !deeper.count ||
	       error_set_field(err, ERR_INVALID, "page_number",
	                       "pages of this list end at %d videos; go on with cursor, or add words or dates", SKIP_MAX);
}

/* Drops the first SKIPPED keys, and what is more than a page. */
static void take_page(struct keys *keys, size_t skipped, struct video_page *page, int64_t page_size)
{
	keys->count = keys->count > skipped ? keys->count - skipped : 0;
	memmove(keys->items, keys->items + skipped, keys->count * sizeof(keys->items[0]));
	page->more = keys->count > (size_t)page_size;
	keys->count = (size_t)smaller((int64_t)keys->count, page_size);
}

static bool read_counted(struct store *store, const struct search_plan *plan, struct extent *extent,
                         const struct video_request *request, struct keys *keys, struct video_page *page, struct error *err)
{
	keys->count = 0;
	if (page->count_is_exact && !request->after && extent->offset >= page->count)
		return true;
	bool through_counters = request->counting != COUNT_NOT && search_plan_has_days(plan) && extent->offset > SCAN_SKIP_MAX;
	if (through_counters ? !seek(store, plan, page->count, extent, err) : !check_depth(store, plan, extent, err))
		return false;
	if (!read_keys(store, plan, extent->result, extent->range, request->page_size + 1, extent->offset, keys, err))
		return false;
	take_page(keys, 0, page, request->page_size);
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

static bool read_in_order(struct store *store, const struct search_plan *plan, const struct video_request *request,
                          struct keys *keys, struct video_page *page, struct error *err)
{
	struct extent extent = extent_of(plan, request);
	bool counts = request->counting == COUNT_CHEAPLY && !request->after && !has_counter(plan);

	/* Near the beginning one scan both counts and gives the page. */
	if (counts && extent.offset + request->page_size <= COUNT_MAX) {
		if (!read_keys(store, plan, extent.result, extent.range, COUNT_MAX + 1, 0, keys, err))
			return false;
		set_count(page, (int64_t)keys->count);
		take_page(keys, (size_t)extent.offset, page, request->page_size);
		return true;
	}
	return count_list(store, plan, request->counting, page, err) &&
	       read_counted(store, plan, &extent, request, keys, page, err);
}

/* ---- the page of a ranked list ---- */

static const enum list_result ranked_results[SORT_COUNT] = {
    [SORT_VIEWS] = LIST_BY_VIEWS, [SORT_TITLE] = LIST_BY_TITLE, [SORT_RELEVANCE] = LIST_BY_RELEVANCE};

static bool read_ranked(struct store *store, const struct search_plan *plan, const struct video_request *request,
                        struct keys *keys, struct video_page *page, struct error *err)
{
	int64_t offset = (request->page_number - 1) * request->page_size;
	int64_t ranked = 0;

	if (!count_list(store, plan, request->counting, page, err))
		return false;
	ranked = page->count;
	if (!page->count_is_exact && !count_keys(store, plan, RANKED_MAX + 1, &ranked, err))
		return false;
	page->ranked_within = ranked > RANKED_MAX ? RANKED_MAX : 0;
	keys->count = 0;
	if (offset < RANKED_MAX &&
	    !read_keys(store, plan, ranked_results[request->sort], plan->range, request->page_size + 1, offset, keys, err))
		return false;
	take_page(keys, 0, page, request->page_size);
	return true;
}

/* ---- a prefix that stands for some of its words ---- */

static bool read_once(struct store *store, const struct search_plan *plan, const struct video_request *request, struct keys *keys,
                      struct video_page *page, struct error *err)
{
	if (request->sort != SORT_NEWEST && request->sort != SORT_OLDEST)
		return read_ranked(store, plan, request, keys, page, err);
	return read_in_order(store, plan, request, keys, page, err);
}

/* The most frequent words were searched for. When they gave more than is counted, the page is right as soon as every other word has its
 * newest video after the page's end; those that do not are added. Otherwise all words are searched for. */
static bool complete(struct store *store, struct search_plan *plan, const struct video_request *request, struct keys *keys,
                     struct video_page *page, struct error *err)
{
	struct video_request again = *request;
	int64_t counted = page->count;
	bool changed;

	if (page->count_is_exact || keys->count < (size_t)request->page_size)
		return search_plan_take_all_words(plan, err) && read_once(store, plan, request, keys, page, err);
	if (!search_plan_add_words(store, plan, keys->items[keys->count - 1], &changed, err))
		return false;
	again.counting = COUNT_NOT;
	if (changed && !read_once(store, plan, &again, keys, page, err))
		return false;
	page->count = counted;
	page->count_is_exact = false;
	return true;
}

/* ---- the videos ---- */

static void write_keys(const int64_t *keys, size_t count, struct buf *out)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add_char(out, ',');
		buf_add_int(out, keys[i]);
	}
	buf_add_char(out, ']');
}

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
	AUTO(buf_clear) struct buf array = BUF(KEYS_MAX * KEY_BYTES);
	AUTO(statement_done) struct statement *list = statement_use(store, sql[which]);
	bool row = true;

	write_keys(keys, count, &array);
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
static bool add_unlisted(struct store *store, const struct keys *keys, struct video_list *videos, struct error *err)
{
	size_t listed = videos->count;

	if (!add_videos(store, LIST_VISITORS, keys->items, keys->count, videos, err))
		return false;
	for (size_t i = listed; i < videos->count; i++)
		videos->items[i].unlisted = true;
	return true;
}

/* Puts as many videos as there are KEYS in the order of these. */
static void put_in_order(const struct keys *keys, struct video_list *videos)
{
	for (size_t i = 0; i < keys->count; i++) {
		size_t at = i;

		while (at + 1 < videos->count && videos->items[at].seq != keys->items[i])
			at++;
		struct video video = videos->items[at];
		videos->items[at] = videos->items[i];
		videos->items[i] = video;
	}
}

static bool read_videos(struct store *store, const struct search_plan *plan, const struct keys *keys, struct video_list *videos,
                        struct error *err)
{
	if (!add_videos(store, LIST_VIDEOS, keys->items, keys->count, videos, err) ||
	    (plan->third.path && !add_unlisted(store, keys, videos, err)))
		return false;
	if (videos->count != keys->count)
		return error_set(err, ERR_INTERNAL, "the database: a listed video is missing");
	if (plan->third.path)
		put_in_order(keys, videos);
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
	AUTO(search_plan_clear) struct search_plan plan = {0};
	struct keys keys = {.count = 0};

	if (!search_plan_make(store, &request->filter, plan_flags_of(request), &plan, err))
		return false;
	if (plan.nothing) {
		page->count_is_exact = request->counting != COUNT_NOT;
		return true;
	}
	if (!read_once(store, &plan, request, &keys, page, err) ||
	    (plan.some_words && !complete(store, &plan, request, &keys, page, err)))
		return false;
	return keys.count == 0 || read_videos(store, &plan, &keys, &page->videos, err);
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

static bool rank(struct store *store, const struct video_request *request, struct video_keys *keys, struct error *err)
{
	AUTO(search_plan_clear) struct search_plan plan = {0};

	if (!search_plan_make(store, &request->filter, plan_flags_of(request), &plan, err))
		return false;
	return plan.nothing ||
	       read_items(store, &plan, ranked_results[request->sort], plan.range, RANKED_MAX, 0, keys->items, &keys->count, err);
}

bool store_videos_rank(struct store *store, const struct video_request *request, struct video_keys *out, struct error *err)
{
	AUTO(video_keys_clear) struct video_keys keys = {.items = calloc(RANKED_MAX, sizeof(*keys.items))};

	assert(request->sort != SORT_NEWEST && request->sort != SORT_OLDEST);
	if (!keys.items)
		return error_no_memory(err);
	if (!store_read_begin(store, err))
		return false;
	bool done = rank(store, request, &keys, err);
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
