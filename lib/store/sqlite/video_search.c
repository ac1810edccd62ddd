#include "store/video_search.h"

#include <string.h>

#include "store/sqlite/query_plan.h"
#include "store/internal.h"

/*
 * Every list walks b-trees and stops after a page: nothing is sorted, nothing grows with the number of matches, but for the keys that
 * a deep page of a search steps over, and for what ranks the newest matches. A page deep in a list with kept counts is found through
 * them.
 */

enum {
	COUNT_MAX = 1000,    /* searches are counted up to here */
	SKIP_MAX = 100000,   /* and stepped over up to here */
	WALK_SKIP_MAX = 200, /* cheaper to step over than to look into the kept counts */
	KEY_BYTES = 24,      /* of a key as text */
	KEYS_MAX = COUNT_MAX + 1 > VIDEO_PAGE_MAX + 1 ? COUNT_MAX + 1 : VIDEO_PAGE_MAX + 1,
};

enum video_list_statement { LIST_VIDEOS };

/* The videos of a page in one go, in the order of the keys in ?1, a JSON array; once for each query that found a video, by its id. */
static const char *const sql[] = {
    [LIST_VIDEOS] = "SELECT " VIDEO_COLUMNS ", q.id, q.text FROM json_each(?1) k CROSS JOIN video v ON v.seq = k.value"
		    " LEFT JOIN channel c ON c.id = v.channel LEFT JOIN match m INDEXED BY match_by_video ON m.seq = v.seq"
		    " LEFT JOIN query q ON q.id = m.query AND q.origin <> 2 AND q.entry_state <> 3",
};

const struct statements video_list_statements = {sql, sizeof(sql) / sizeof(sql[0])};

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

/* Reads up to LIMIT keys of the list between LOW and HIGH, stepping over OFFSET. */
static bool read_keys(struct store *store, const struct list *list, enum list_use use, struct key_range range, int64_t limit,
                      int64_t offset, struct keys *keys, struct error *err)
{
	sqlite3_stmt *statement = NULL;
	bool row = true;
	bool done = list_use(store, list, use, range, limit, offset, &statement, err);

	keys->count = 0;
	while (done && keys->count < (size_t)limit) {
		done = db_step(store, statement, &row, err);
		if (!done || !row)
			break;
		keys->items[keys->count++] = sqlite3_column_int64(statement, 0);
	}
	sqlite3_reset(statement);
	return done;
}

/* Counts the list's videos up to LIMIT, -1 = all. */
static bool count_keys(struct store *store, const struct list *list, int64_t limit, int64_t *out, struct error *err)
{
	sqlite3_stmt *statement = NULL;
	bool done =
	    list_use(store, list, LIST_COUNT, list->range, limit, 0, &statement, err) && db_row(store, statement, "count", err);

	if (done)
		*out = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return done;
}

/* ---- kept counts ---- */

/* The kept count of a list, if there is one. */
static bool kept_count(struct store *store, const struct list *list, bool *kept, int64_t *out, struct error *err)
{
	int64_t after = 0, from = 0;

	*kept = true;
	if (list_has_days(list) && !key_range_is_whole(list->range)) {
		bool open = list->range.high == INT64_MAX;

		if (!volume_newer(store, list->query_id, list->range.low - 1, &from, err) ||
		    (!open && !volume_newer(store, list->query_id, list->range.high, &after, err)))
			return false;
		*out = from - after;
		return true;
	}
	if (list_has_days(list))
		return list->query_id ? list_query_videos(store, list->query_id, out, err) : store_video_count(store, out, err);
	*kept = !list->has_words && !list->checks_row && !list->query_id && key_range_is_whole(list->range);
	*out = list->channel_videos;
	return true;
}

/* ---- the page of newest or oldest ---- */

/* What is read: where, and how much of it. */
struct reading {
	const struct video_request *request;
	enum list_use use;
	struct key_range range;
	int64_t offset;
};

/* Turns an offset into a key to begin at, through the kept counts. */
static bool seek(struct store *store, const struct list *list, int64_t count, struct reading *reading, struct error *err)
{
	bool newest = reading->use == LIST_NEWEST;
	int64_t position = newest ? reading->offset : count - 1 - reading->offset;
	int64_t before = 0, seq = 0;

	if ((list->range.high != INT64_MAX && !volume_newer(store, list->query_id, list->range.high, &before, err)) ||
	    !volume_find(store, list->query_id, before + position, &seq, err))
		return false;
	reading->offset = 0;
	if (newest)
		reading->range.high = seq;
	else
		reading->range.low = seq;
	return true;
}

/* A list without kept counts is walked, but not without end. Behind its end is an empty page, not an error. */
static bool check_depth(struct store *store, const struct list *list, const struct reading *reading, struct error *err)
{
	struct keys deeper;

	if (reading->offset <= SKIP_MAX)
		return true;
	if (!read_keys(store, list, reading->use, reading->range, 1, SKIP_MAX, &deeper, err))
		return false;
	return !deeper.count ||
	       error_set(err, ERR_INVALID,
	                 "page_number: pages of this list end at %d videos; go on with cursor, or add words or dates", SKIP_MAX);
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Drops the first SKIPPED keys, and what is more than a page. */
static void take_page(struct keys *keys, size_t skipped, struct video_page *page, int64_t page_size)
{
	keys->count = keys->count > skipped ? keys->count - skipped : 0;
	memmove(keys->items, keys->items + skipped, keys->count * sizeof(keys->items[0]));
	page->more = keys->count > (size_t)page_size;
	keys->count = (size_t)smaller((int64_t)keys->count, page_size);
}

/* Near the beginning one walk both counts and gives the page. */
static bool read_and_count(struct store *store, const struct list *list, const struct reading *reading, struct keys *keys,
                           struct video_page *page, struct error *err)
{
	if (!read_keys(store, list, reading->use, reading->range, COUNT_MAX + 1, 0, keys, err))
		return false;
	page->count = smaller((int64_t)keys->count, COUNT_MAX);
	page->count_is_exact = keys->count <= COUNT_MAX;
	take_page(keys, (size_t)reading->offset, page, reading->request->page_size);
	return true;
}

static bool read_counted(struct store *store, const struct list *list, struct reading *reading, bool kept, struct keys *keys,
                         struct video_page *page, struct error *err)
{
	int64_t page_size = reading->request->page_size;

	if (page->count_is_exact && !reading->request->after && reading->offset >= page->count) {
		keys->count = 0;
		return true;
	}
	if (kept && list_has_days(list) && reading->offset > WALK_SKIP_MAX ? !seek(store, list, page->count, reading, err)
	                                                                   : !check_depth(store, list, reading, err))
		return false;
	if (!read_keys(store, list, reading->use, reading->range, page_size + 1, reading->offset, keys, err))
		return false;
	take_page(keys, 0, page, page_size);
	return true;
}

static void reverse(struct keys *keys)
{
	for (size_t i = 0; i < keys->count / 2; i++) {
		int64_t key = keys->items[i];

		keys->items[i] = keys->items[keys->count - 1 - i];
		keys->items[keys->count - 1 - i] = key;
	}
}

/* Of few matches all keys are read, upwards: the full-text index takes up to twice as long downwards. The page is a part of them. So
 * it is with a channel: it mostly has fewer than it might, and in an index of many parts a walk has to find its beginning in each. */
static bool read_few(struct store *store, const struct list *list, struct reading *reading, struct keys *keys,
                     struct video_page *page, struct error *err)
{
	if (!read_keys(store, list, LIST_OLDEST, list->range, COUNT_MAX + 1, 0, keys, err))
		return false;
	page->count = smaller((int64_t)keys->count, COUNT_MAX);
	page->count_is_exact = keys->count <= COUNT_MAX;
	if (!page->count_is_exact)
		return read_counted(store, list, reading, false, keys, page, err);
	if (reading->use == LIST_NEWEST)
		reverse(keys);
	take_page(keys, (size_t)smaller(reading->offset, COUNT_MAX), page, reading->request->page_size);
	return true;
}

/* The count, as far as it is asked for. */
static bool count_list(struct store *store, const struct list *list, enum count_effort effort, bool *kept,
                       struct video_page *page, struct error *err)
{
	bool exactly = effort == COUNT_EXACTLY;

	*kept = false;
	if (effort == COUNT_NOT)
		return true;
	if (!kept_count(store, list, kept, &page->count, err))
		return false;
	page->count_is_exact = true;
	if (*kept)
		return true;
	if (!exactly && list->least > COUNT_MAX) {
		page->count = COUNT_MAX;
		page->count_is_exact = false;
		return true;
	}
	if (!count_keys(store, list, exactly ? -1 : COUNT_MAX + 1, &page->count, err))
		return false;
	page->count_is_exact = exactly || page->count <= COUNT_MAX;
	page->count = page->count_is_exact ? page->count : COUNT_MAX;
	return true;
}

static bool read_walked(struct store *store, const struct list *list, const struct video_request *request, struct keys *keys,
                        struct video_page *page, struct error *err)
{
	struct reading reading = {.request = request,
	                          .use = request->sort == SORT_OLDEST ? LIST_OLDEST : LIST_NEWEST,
	                          .range = list->range,
	                          .offset = request->after ? 0 : (request->page_number - 1) * request->page_size};
	bool cheaply = !request->after && request->counting == COUNT_CHEAPLY;
	bool walked =
	    !list->has_words && (list->checks_row || (list->channel && (list->query_id || !key_range_is_whole(list->range))));
	bool kept;

	if (request->after && reading.use == LIST_NEWEST)
		reading.range.high = smaller(reading.range.high, request->after - 1);
	else if (request->after && request->after >= reading.range.low)
		reading.range.low = request->after + 1;
	if (cheaply && walked && reading.offset + request->page_size <= COUNT_MAX)
		return read_and_count(store, list, &reading, keys, page, err);
	if (cheaply && list->has_words && (list->matches <= COUNT_MAX || list->first.drive == DRIVE_CHANNEL_WORDS))
		return read_few(store, list, &reading, keys, page, err);
	/* Other lists of words are counted by themselves: that is less work than to read all keys. */
	return count_list(store, list, request->counting, &kept, page, err) &&
	       read_counted(store, list, &reading, kept, keys, page, err);
}

/* ---- the page of a ranked list ---- */

static bool read_ranked(struct store *store, const struct list *list, const struct video_request *request, struct keys *keys,
                        struct video_page *page, struct error *err)
{
	static const enum list_use uses[SORT_COUNT] = {
	    [SORT_VIEWS] = LIST_BY_VIEWS, [SORT_TITLE] = LIST_BY_TITLE, [SORT_RELEVANCE] = LIST_BY_RELEVANCE};
	int64_t offset = (request->page_number - 1) * request->page_size;
	int64_t ranked = 0;
	bool kept;

	if (!count_list(store, list, request->counting, &kept, page, err))
		return false;
	ranked = page->count;
	if (!page->count_is_exact && !count_keys(store, list, RANKED_MAX + 1, &ranked, err))
		return false;
	page->ranked_within = ranked > RANKED_MAX ? RANKED_MAX : 0;
	keys->count = 0;
	if (offset < RANKED_MAX &&
	    !read_keys(store, list, uses[request->sort], list->range, request->page_size + 1, offset, keys, err))
		return false;
	take_page(keys, 0, page, request->page_size);
	return true;
}

/* ---- the last word as a beginning ---- */

static bool read_once(struct store *store, const struct list *list, const struct video_request *request, struct keys *keys,
                      struct video_page *page, struct error *err)
{
	if (request->sort != SORT_NEWEST && request->sort != SORT_OLDEST)
		return read_ranked(store, list, request, keys, page, err);
	return read_walked(store, list, request, keys, page, err);
}

/* Some of the words were looked for, the most frequent ones, and gave more than is counted. A page is right when every other word has
 * its newest video after the page's end; those that do not are added. */
static bool complete(struct store *store, struct list *list, const struct video_request *request, struct keys *keys,
                     struct video_page *page, struct error *err)
{
	struct video_request again = *request; /* more than is counted was found already */
	int64_t counted = page->count;
	bool changed;

	if (page->count_is_exact || keys->count < (size_t)request->page_size)
		return list_take_all_words(store, list, err) && read_once(store, list, request, keys, page, err);
	if (!list_add_words(store, list, keys->items[keys->count - 1], &changed, err))
		return false;
	again.counting = COUNT_NOT;
	if (changed && !read_once(store, list, &again, keys, page, err))
		return false;
	page->count = counted;
	page->count_is_exact = false;
	return true;
}

static bool read_page_keys(struct store *store, struct list *list, const struct video_request *request, struct keys *keys,
                           struct video_page *page, struct error *err)
{
	bool top = request->sort == SORT_NEWEST && request->counting == COUNT_CHEAPLY && !request->after &&
	           list->range.high == INT64_MAX && request->page_number * request->page_size <= COUNT_MAX;

	if (!list_take_words(store, list, top, err) || !read_once(store, list, request, keys, page, err))
		return false;
	return list->all_words || complete(store, list, request, keys, page, err);
}

/* ---- the videos ---- */

static void write_keys(const struct keys *keys, struct buf *out)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < keys->count; i++) {
		if (i)
			buf_add_char(out, ',');
		buf_add_int(out, keys->items[i]);
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

static bool read_videos(struct store *store, const struct keys *keys, struct video_list *videos, struct error *err)
{
	AUTO(buf_clear) struct buf array = BUF(KEYS_MAX * KEY_BYTES);
	AUTO(statement_done) struct statement *list = statement_use(store, sql[LIST_VIDEOS]);
	bool row = true;

	write_keys(keys, &array);
	if (!buf_ok(&array, err))
		return false;
	bind_text(list, 1, buf_text(&array));
	while (row) {
		if (!statement_step(list, &row, err) || (row && !take_row(list, videos, err)))
			return false;
	}
	return videos->count == keys->count || error_set(err, ERR_INTERNAL, "the record: a listed video is missing");
}

static bool read_page(struct store *store, const struct video_request *request, struct video_page *page, struct error *err)
{
	AUTO(list_clear) struct list list = {0};
	struct keys keys = {.count = 0};

	if (!list_plan(store, &request->filter, request->sort == SORT_RELEVANCE, &list, err))
		return false;
	if (list.nothing) {
		page->count_is_exact = request->counting != COUNT_NOT;
		return true;
	}
	if (!read_page_keys(store, &list, request, &keys, page, err))
		return false;
	return keys.count == 0 || read_videos(store, &keys, &page->videos, err);
}

static bool check_request(const struct video_request *request, struct error *err)
{
	bool ranked = request->sort != SORT_NEWEST && request->sort != SORT_OLDEST;

	if (request->page_size < 1 || request->page_size > VIDEO_PAGE_MAX)
		return error_set(err, ERR_INVALID, "page_size: 1 to %d are allowed", VIDEO_PAGE_MAX);
	if (!request->after && (request->page_number < 1 || request->page_number > INT64_MAX / VIDEO_PAGE_MAX))
		return error_set(err, ERR_INVALID, "page_number: there is no such page");
	return !(ranked && request->after) || error_set(err, ERR_INVALID, "cursor: not for a ranked list");
}

bool store_videos_page(struct store *store, const struct video_request *request, struct video_page *out, struct error *err)
{
	AUTO(video_page_clear) struct video_page page = {0};
	bool own = false;

	if (!check_request(request, err) || !db_read_begin(store, &own, err))
		return false;
	bool done = read_page(store, request, &page, err);
	db_read_end(store, own);
	if (!done)
		return false;
	*out = page;
	page = (struct video_page){0};
	return true;
}
