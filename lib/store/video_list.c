#include <stdlib.h>

#include "base/text.h"
#include "store/search_text.h"
#include "store/video_list.h"
#include "store/videos_internal.h"

/*
 * Every list walks b-trees from the newest key down and stops after a page: nothing is sorted, nothing grows with the number of
 * matches, but for the keys that a deep page of a search steps over. A page deep in a list with kept counts is found through
 * them.
 */

enum {
	COUNT_MAX = 1000,        /* searches are counted up to here */
	SKIP_MAX = 100000,       /* and stepped over up to here */
	MATCH_BYTES_MAX = 16384, /* of a full-text expression: 500 characters, quoted */
	FEW_MATCHES = 5000,      /* of a query: cheaper to walk them than the full-text index */
	WALK_SKIP_MAX = 200,     /* cheaper to step over than to look into the kept counts */
};

#define SEQ_LAST INT64_MAX

/* The shapes that a list can have. Parameters: ?1 upper key, ?2 limit, ?3 offset, ?4 query, ?5 full-text expression, ?6 the query
 * whose text is the search text. */
enum shape {
	LIST_ALL,
	LIST_TRACKED,
	LIST_WORDS,
	LIST_WORDS_OR_QUERY,
	LIST_TRACKED_WORDS,
	LIST_WORDS_TRACKED,
	LIST_TRACKED_WORDS_OR_QUERY,
	LIST_WORDS_OR_QUERY_TRACKED,
	SHAPE_COUNT
};

enum list_statement {
	LIST_COUNT = SHAPE_COUNT, /* from here on the same shapes, counted up to ?2 */
	LIST_VIDEO = 2 * SHAPE_COUNT,
	LIST_QUERY_OF_TEXT,
	LIST_QUERY_VIDEOS,
	LIST_MONTHS,
	LIST_DAYS
};

#define PAGE " LIMIT ?2 OFFSET ?3"
#define FTS_HAS_MATCH "EXISTS (SELECT 1 FROM video_fts WHERE video_fts MATCH ?5 AND rowid = m.seq)"
#define WORDS_IN_TRACKED                                                                                                         \
	"SELECT f.rowid FROM video_fts f WHERE video_fts MATCH ?5 AND f.rowid <= ?1"                                             \
	" AND EXISTS (SELECT 1 FROM match WHERE query = ?4 AND seq = f.rowid)"
#define QUERY_IN_TRACKED                                                                                                         \
	"SELECT m.seq FROM match m WHERE m.query = ?6 AND m.seq <= ?1"                                                           \
	" AND EXISTS (SELECT 1 FROM match WHERE query = ?4 AND seq = m.seq)"
#define TRACKED "SELECT m.seq FROM match m WHERE m.query = ?4 AND m.seq <= ?1"

#define KEYS_ALL "SELECT seq FROM video WHERE seq <= ?1 ORDER BY seq DESC" PAGE
#define KEYS_TRACKED TRACKED " ORDER BY m.seq DESC" PAGE
#define KEYS_WORDS "SELECT rowid FROM video_fts WHERE video_fts MATCH ?5 AND rowid <= ?1 ORDER BY rowid DESC" PAGE
/* Never "IN … OR IN …": a union of two walks streams, that does not. */
#define KEYS_WORDS_OR_QUERY                                                                                                      \
	"SELECT rowid FROM video_fts WHERE video_fts MATCH ?5 AND rowid <= ?1"                                                   \
	" UNION SELECT seq FROM match WHERE query = ?6 AND seq <= ?1 ORDER BY 1 DESC" PAGE
/* Of a query with few videos, those are walked, each with a look into the index; of one with many the index is. */
#define KEYS_TRACKED_WORDS TRACKED " AND " FTS_HAS_MATCH " ORDER BY m.seq DESC" PAGE
#define KEYS_WORDS_TRACKED WORDS_IN_TRACKED " ORDER BY f.rowid DESC" PAGE
#define KEYS_TRACKED_WORDS_OR_QUERY                                                                                              \
	TRACKED " AND (EXISTS (SELECT 1 FROM match WHERE query = ?6 AND seq = m.seq) OR " FTS_HAS_MATCH ")"                      \
		" ORDER BY m.seq DESC" PAGE
#define KEYS_WORDS_OR_QUERY_TRACKED WORDS_IN_TRACKED " UNION " QUERY_IN_TRACKED " ORDER BY 1 DESC" PAGE

#define BOTH(shape, keys) [shape] = keys, [LIST_COUNT + (shape)] = "SELECT count(*) FROM (" keys ")"

static const char *const sql[] = {
    BOTH(LIST_ALL, KEYS_ALL),
    BOTH(LIST_TRACKED, KEYS_TRACKED),
    BOTH(LIST_WORDS, KEYS_WORDS),
    BOTH(LIST_WORDS_OR_QUERY, KEYS_WORDS_OR_QUERY),
    BOTH(LIST_TRACKED_WORDS, KEYS_TRACKED_WORDS),
    BOTH(LIST_WORDS_TRACKED, KEYS_WORDS_TRACKED),
    BOTH(LIST_TRACKED_WORDS_OR_QUERY, KEYS_TRACKED_WORDS_OR_QUERY),
    BOTH(LIST_WORDS_OR_QUERY_TRACKED, KEYS_WORDS_OR_QUERY_TRACKED),
    [LIST_VIDEO] = "SELECT " VIDEO_COLUMNS VIDEO_TABLES "WHERE v.seq = ?1",
    [LIST_QUERY_OF_TEXT] = "SELECT id FROM query WHERE folded = ?1 AND origin <> 2 AND presence <> 3",
    [LIST_QUERY_VIDEOS] = "SELECT videos FROM query WHERE id = ?1",
    [LIST_MONTHS] = "SELECT start, videos FROM volume WHERE query = ?1 AND bucket = 1 ORDER BY start DESC",
    [LIST_DAYS] = "SELECT start, videos FROM volume WHERE query = ?1 AND bucket = 0 AND start < ?2 ORDER BY start DESC",
};

const struct statements video_list_statements = {sql, sizeof(sql) / sizeof(sql[0])};

void video_page_clear(struct video_page *page)
{
	video_list_clear(&page->videos);
	*page = (struct video_page){0};
}

/* ---- which list ---- */

/* A filter, ready to be asked for. */
struct list {
	enum shape shape;
	int64_t query_id;
	int64_t same_query_id; /* the public query whose text the words are, 0 = none */
	struct buf match;
	bool nothing; /* words without a letter to search for */
};

static void list_clear(struct list *list)
{
	buf_clear(&list->match);
}

static sqlite3_stmt *use(struct store *store, int which)
{
	return db_use(store, NOUN_VIDEO_LIST, which);
}

/* The first column of the row that STATEMENT gives, OTHERWISE when there is none. */
static bool read_number(struct store *store, sqlite3_stmt *statement, int64_t otherwise, int64_t *out, struct error *err)
{
	bool row = false;
	bool done = db_step(store, statement, &row, err);

	if (done)
		*out = row ? sqlite3_column_int64(statement, 0) : otherwise;
	sqlite3_reset(statement);
	return done;
}

static bool find_query_of_text(struct store *store, const char *words, int64_t *id, struct error *err)
{
	AUTO(text_free) char *folded = NULL;

	if (!text_fold(words, &folded, err))
		return false;
	sqlite3_stmt *find = use(store, LIST_QUERY_OF_TEXT);
	db_bind_text(find, 1, folded);
	return read_number(store, find, 0, id, err);
}

static bool query_videos(struct store *store, int64_t id, int64_t *out, struct error *err)
{
	sqlite3_stmt *get = use(store, LIST_QUERY_VIDEOS);

	db_bind_int(get, 1, id);
	return read_number(store, get, 0, out, err);
}

static bool choose_among_words(struct store *store, struct list *list, struct error *err)
{
	int64_t matches = 0;

	if (!list->query_id) {
		list->shape = list->same_query_id ? LIST_WORDS_OR_QUERY : LIST_WORDS;
		return true;
	}
	if (!query_videos(store, list->query_id, &matches, err))
		return false;
	if (matches <= FEW_MATCHES)
		list->shape = list->same_query_id ? LIST_TRACKED_WORDS_OR_QUERY : LIST_TRACKED_WORDS;
	else
		list->shape = list->same_query_id ? LIST_WORDS_OR_QUERY_TRACKED : LIST_WORDS_TRACKED;
	return true;
}

static bool list_read(struct store *store, const struct video_filter *filter, struct list *out, struct error *err)
{
	out->query_id = filter->query_id;
	out->shape = filter->query_id ? LIST_TRACKED : LIST_ALL;
	if (!filter->words || !filter->words[0])
		return true;
	if (!search_text_compile(store, filter->words, &out->match, err) ||
	    !find_query_of_text(store, filter->words, &out->same_query_id, err))
		return false;
	if (out->same_query_id && out->same_query_id == out->query_id) /* all of its videos match */
		return true;
	if (out->match.len)
		return choose_among_words(store, out, err);
	/* Nothing to search for: what the query of this text found is left, if there is one. */
	out->nothing = !out->same_query_id || out->query_id;
	out->query_id = out->same_query_id;
	out->shape = LIST_TRACKED;
	return true;
}

static bool has_kept_counts(const struct list *list)
{
	return list->shape == LIST_ALL || list->shape == LIST_TRACKED;
}

static void bind_list(sqlite3_stmt *statement, const struct list *list, int64_t upper, int64_t limit, int64_t offset)
{
	db_bind_int(statement, 1, upper);
	db_bind_int(statement, 2, limit);
	db_bind_int(statement, 3, offset);
	if (list->query_id)
		db_bind_int(statement, 4, list->query_id);
	if (list->match.len)
		db_bind_text(statement, 5, buf_text(&list->match));
	if (list->same_query_id)
		db_bind_int(statement, 6, list->same_query_id);
}

/* ---- counting ---- */

static bool count(struct store *store, const struct list *list, struct video_page *page, struct error *err)
{
	page->count_is_exact = true;
	if (list->shape == LIST_ALL)
		return store_video_count(store, &page->count, err);
	if (list->shape == LIST_TRACKED)
		return query_videos(store, list->query_id, &page->count, err);
	sqlite3_stmt *statement = use(store, LIST_COUNT + (int)list->shape);
	bind_list(statement, list, SEQ_LAST, COUNT_MAX + 1, 0);
	if (!read_number(store, statement, 0, &page->count, err))
		return false;
	page->count_is_exact = page->count <= COUNT_MAX;
	page->count = page->count_is_exact ? page->count : COUNT_MAX;
	return true;
}

/* ---- deep pages ---- */

/* Walks buckets of kept counts from the newest until the one that holds the video OFFSET behind the newest; OFFSET becomes what
 * is left to step over in it, UPPER its end. */
static bool walk_buckets(struct store *store, sqlite3_stmt *buckets, int64_t *offset, int64_t *upper, struct error *err)
{
	for (;;) {
		bool row = false;

		if (!db_step(store, buckets, &row, err))
			return false;
		if (!row || *offset < sqlite3_column_int64(buckets, 1))
			return true;
		*offset -= sqlite3_column_int64(buckets, 1);
		*upper = sqlite3_column_int64(buckets, 0);
	}
}

/* Turns an offset into a key to begin at and a small rest: by months, then by the days of one month. */
static bool seek(struct store *store, const struct list *list, int64_t *offset, int64_t *upper_seq, struct error *err)
{
	int64_t upper = INT64_MAX;
	AUTO(db_done) sqlite3_stmt *months = use(store, LIST_MONTHS);

	db_bind_int(months, 1, list->query_id);
	if (!walk_buckets(store, months, offset, &upper, err))
		return false;
	AUTO(db_done) sqlite3_stmt *days = use(store, LIST_DAYS);
	db_bind_int(days, 1, list->query_id);
	db_bind_int(days, 2, upper);
	if (!walk_buckets(store, days, offset, &upper, err))
		return false;
	if (upper != INT64_MAX)
		*upper_seq = (upper << 10) - 1;
	return true;
}

/* ---- reading ---- */

/* The keys of the page first, the rows by key afterwards. */
static bool read_keys(struct store *store, const struct list *list, int64_t upper, int64_t limit, int64_t offset, int64_t *keys,
                      size_t *key_count, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *statement = use(store, (int)list->shape);

	bind_list(statement, list, upper, limit, offset);
	for (*key_count = 0; *key_count < (size_t)limit;) {
		bool row = false;

		if (!db_step(store, statement, &row, err))
			return false;
		if (!row)
			break;
		keys[(*key_count)++] = sqlite3_column_int64(statement, 0);
	}
	return true;
}

/* A list without kept counts is walked, but not without end. Behind its end is an empty page, not an error. */
static bool check_depth(struct store *store, const struct list *list, int64_t offset, struct error *err)
{
	int64_t key;
	size_t deeper = 0;

	if (offset <= SKIP_MAX)
		return true;
	if (!read_keys(store, list, SEQ_LAST, 1, SKIP_MAX, &key, &deeper, err))
		return false;
	return !deeper || error_set(err, ERR_INVALID,
	                            "page_number: pages of a search end at its newest %d videos; add words or dates", SKIP_MAX);
}

static bool find_start(struct store *store, const struct list *list, int64_t *offset, int64_t *upper, struct error *err)
{
	if (*offset <= WALK_SKIP_MAX)
		return true;
	if (has_kept_counts(list))
		return seek(store, list, offset, upper, err);
	return check_depth(store, list, *offset, err);
}

static bool read_video(struct store *store, int64_t seq, struct video_list *videos, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, LIST_VIDEO);

	db_bind_int(get, 1, seq);
	if (!db_row(store, get, "video", err))
		return false;
	struct video *video = video_list_add(videos);
	if (!video)
		return error_no_memory(err);
	return video_read(get, video, err) && video_read_found(store, video, err);
}

const char *video_sort_name(enum video_sort sort)
{
	static const char *const names[SORT_COUNT] = {[SORT_NEWEST] = "newest",
	                                              [SORT_OLDEST] = "oldest",
	                                              [SORT_VIEWS] = "views",
	                                              [SORT_TITLE] = "title",
	                                              [SORT_RELEVANCE] = "relevance"};

	return names[sort];
}

static bool read_page(struct store *store, const struct list *list, int64_t page_number, int64_t page_size,
                      struct video_page *page, struct error *err)
{
	int64_t keys[VIDEO_PAGE_MAX + 1];
	size_t key_count = 0;
	int64_t offset = (page_number - 1) * page_size;
	int64_t upper = SEQ_LAST;

	page->count_is_exact = true;
	if (list->nothing)
		return true;
	if (!count(store, list, page, err))
		return false;
	if (page->count_is_exact && offset >= page->count)
		return true;
	if (!find_start(store, list, &offset, &upper, err) ||
	    !read_keys(store, list, upper, page_size + 1, offset, keys, &key_count, err))
		return false;
	page->more = key_count > (size_t)page_size;
	for (size_t i = 0; i < key_count && i < (size_t)page_size; i++)
		if (!read_video(store, keys[i], &page->videos, err))
			return false;
	return true;
}

bool store_videos_page(struct store *store, const struct video_request *request, struct video_page *out, struct error *err)
{
	AUTO(list_clear) struct list list = {.match = BUF(MATCH_BYTES_MAX)};
	AUTO(video_page_clear) struct video_page page = {0};
	bool own = false;

	if (request->page_number < 1 || request->page_size < 1 || request->page_size > VIDEO_PAGE_MAX ||
	    request->page_number > INT64_MAX / VIDEO_PAGE_MAX)
		return error_set(err, ERR_INVALID, "no such page");
	if (!db_read_begin(store, &own, err))
		return false;
	bool done = list_read(store, &request->filter, &list, err) &&
	            read_page(store, &list, request->page_number, request->page_size, &page, err);
	db_read_end(store, own);
	if (!done)
		return false;
	*out = page;
	page = (struct video_page){0};
	return true;
}
