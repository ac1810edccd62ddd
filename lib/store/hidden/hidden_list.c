#include "store/hidden/hidden_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "search/search_match.h"
#include "store/internal.h"

enum hidden_list_statement {
	LIST_NEWEST_FIRST,
	LIST_OLDEST_FIRST,
	LIST_QUERY_NEWEST_FIRST,
	LIST_QUERY_OLDEST_FIRST,
	LIST_FOUND,
};

/* The key of a hidden video is that of the first in its second, so that several have the same one. */
_Static_assert(SEQ_PER_SECOND == 1024 && HIDDEN_OVERDUE == 1 && HIDDEN_RULES == 8, "the texts below");

#define QUARANTINED "SELECT published_at * 1024 AS seq, number, reasons, " VIDEO_CONTENT " FROM quarantine"
/* A match that a rule hides of a video that another query shows is hidden in the list of the query. */
#define QUARANTINED_OF_QUERY                                                                                                     \
	QUARANTINED " WHERE number IN (SELECT number FROM quarantine_match WHERE query = ?3) UNION ALL"                          \
		    " SELECT seq, 0, 8, " VIDEO_CONTENT " FROM video WHERE seq IN"                                               \
		    " (SELECT seq FROM hidden_match WHERE query = ?3 AND seq BETWEEN ?1 AND ?2)"
#define ROWS(from, order)                                                                                                        \
	"SELECT " VIDEO_COLUMNS ", v.reasons, v.number FROM (" from ") v LEFT JOIN channel c ON c.id = v.channel"                \
	" WHERE v.published_at BETWEEN ?1 / 1024 AND ?2 / 1024 AND v.reasons & 1 = 0"                                            \
	" AND (?4 IS NULL OR c.youtube_id = ?4) AND (?5 < 0 OR v.kind = ?5)"                                                     \
	" AND (?6 = 0 OR v.duration_s >= ?6) AND (?7 = 0 OR v.duration_s <= ?7)"                                                 \
	" AND (?8 = 0 OR v.recorded >= ?8) AND (?9 = 0 OR v.recorded < ?9)"                                                      \
	" AND (?10 IS NULL OR " IS_IN_LANGUAGE("?10") ") ORDER BY " order

static const char *const sql[] = {
    [LIST_NEWEST_FIRST] = ROWS(QUARANTINED, "v.published_at DESC, v.number DESC"),
    [LIST_OLDEST_FIRST] = ROWS(QUARANTINED, "v.published_at, v.number"),
    [LIST_QUERY_NEWEST_FIRST] = ROWS(QUARANTINED_OF_QUERY, "v.seq DESC"),
    [LIST_QUERY_OLDEST_FIRST] = ROWS(QUARANTINED_OF_QUERY, "v.seq"),
    [LIST_FOUND] =
	"SELECT m.query, q.text, m.how, m.found_at FROM quarantine_match m JOIN query q ON q.id = m.query WHERE m.number = ?1"
	" AND " QUERY_IS_PUBLIC " ORDER BY m.query",
};

const struct statements hidden_list_statements = STATEMENTS(sql);

enum { ROW_COL_REASONS = VIDEO_COLUMN_COUNT, ROW_COL_NUMBER, TEXTS = 3 };

/* What is hidden, read in the order of a list. */
struct scan {
	struct store *store;
	const struct video_request *request;
	struct search_text search;
	bool oldest;
	int64_t low, high;       /* keys of the page: inclusive */
	struct video_list found; /* in these */
	int64_t count;           /* in the whole list */
	bool cut;                /* more were to be looked at */
};

static void scan_clear(struct scan *scan)
{
	search_text_clear(&scan->search);
	video_list_clear(&scan->found);
}

static bool has_words(const struct scan *scan)
{
	const char *words = scan->request->filter.words;

	return words && words[strspn(words, " \t\r\n")];
}

/* Whether ID is one of IDS, which have commas between, and may have blanks. */
static bool has_id(const char *ids, const char *id)
{
	size_t len = strlen(id);

	for (const char *at = strstr(ids, id); at && len; at = strstr(at + 1, id))
		if ((at == ids || strchr(", ", at[-1])) && strchr(", ", at[len])) /* or the end */
			return true;
	return false;
}

static bool is_match(const struct scan *scan, const struct video *video, bool *out, struct error *err)
{
	const char *texts[TEXTS] = {video->title, video->channel_title, video->description};
	struct text_tokens tokens[TEXTS] = {0};
	const char *excluded = scan->request->filter.excluded_channels;
	bool done = true;

	*out = !excluded || !has_id(excluded, video->channel_id);
	if (!*out || !has_words(scan))
		return true;
	for (int i = 0; i < TEXTS && done; i++)
		done = !texts[i] || text_tokens_read(texts[i], strlen(texts[i]), &tokens[i], err);
	*out = done && search_matches(&scan->search, tokens, TEXTS);
	for (int i = 0; i < TEXTS; i++)
		text_tokens_clear(&tokens[i]);
	return done;
}

static bool read_found(struct scan *scan, struct video *video, int64_t number, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(scan->store, sql[LIST_FOUND]);
	bool row = true;

	bind_int(list, 1, number);
	while (row)
		if (!statement_step(list, &row, err) || (row && !video_add_found(video, list, 0, err)))
			return false;
	return true;
}

static bool take(struct scan *scan, struct statement *row, struct error *err)
{
	AUTO(video_clear) struct video video = {0};
	bool match;

	if (!video_read(row, &video, err) || !is_match(scan, &video, &match, err))
		return false;
	scan->count += match;
	if (!match || video.seq < scan->low || video.seq > scan->high || scan->found.count >= VIDEO_PAGE_MAX)
		return true;
	if (!read_found(scan, &video, column_int(row, ROW_COL_NUMBER), err))
		return false;
	struct video *place = video_list_add(&scan->found);
	if (!place)
		return error_no_memory(err);
	video.hidden = (unsigned)column_int(row, ROW_COL_REASONS);
	*place = video;
	video = (struct video){0};
	return true;
}

static struct statement *use_rows(struct scan *scan)
{
	const struct video_filter *filter = &scan->request->filter;
	int which = filter->query_id ? LIST_QUERY_NEWEST_FIRST : LIST_NEWEST_FIRST;
	struct statement *rows = statement_use(scan->store, sql[which + scan->oldest]);

	int64_t low = filter->published_after * SEQ_PER_SECOND;
	int64_t high = filter->published_before ? filter->published_before * SEQ_PER_SECOND - 1 : INT64_MAX;

	/* Only who wants to know how many there are has all of them looked at. */
	bool count = scan->request->counting != COUNT_NOT;
	bind_int(rows, 1, count || low > scan->low ? low : scan->low);
	bind_int(rows, 2, count || high < scan->high ? high : scan->high);
	if (filter->query_id)
		bind_int(rows, 3, filter->query_id);
	bind_text(rows, 4, filter->channel_id);
	bind_int(rows, 5, filter->one_kind ? (int64_t)filter->kind : -1);
	bind_int(rows, 6, filter->min_duration_s);
	bind_int(rows, 7, filter->max_duration_s);
	bind_int(rows, 8, filter->recorded_after * RECORDED_PER_SECOND);
	bind_int(rows, 9, filter->recorded_before * RECORDED_PER_SECOND);
	bind_text(rows, 10, filter->language);
	return rows;
}

static bool read_rows(struct scan *scan, struct error *err)
{
	AUTO(statement_done) struct statement *rows = use_rows(scan);
	bool row = true;

	for (int looked_at = 0; looked_at < HIDDEN_SCANNED_MAX; looked_at++) {
		if (!statement_step(rows, &row, err))
			return false;
		if (!row)
			return true;
		if (!take(scan, rows, err))
			return false;
	}
	scan->cut = true;
	return true;
}

/* ---- the two lists as one ---- */

static bool comes_before(const struct scan *scan, const struct video *a, const struct video *b)
{
	return scan->oldest ? a->seq < b->seq : a->seq > b->seq;
}

/* Moves videos of both to OUT, in order, until it has the size of a page and the next one has another key. */
static bool merge(struct scan *scan, struct video_list *shown, struct video_list *out, bool *left, struct error *err)
{
	size_t s = 0, h = 0;

	while (s < shown->count || h < scan->found.count) {
		bool is_shown =
		    h == scan->found.count || (s < shown->count && !comes_before(scan, &scan->found.items[h], &shown->items[s]));
		struct video *next = is_shown ? &shown->items[s] : &scan->found.items[h];

		if ((int64_t)out->count >= scan->request->page_size && out->count && next->seq != out->items[out->count - 1].seq)
			break;
		struct video *place = video_list_add(out);
		if (!place)
			return error_no_memory(err);
		*place = *next;
		*next = (struct video){0};
		s += is_shown;
		h += !is_shown;
	}
	*left = s < shown->count || h < scan->found.count;
	return true;
}

/* Where the list goes on: PAGE is the shown one's. */
static int64_t next_after(const struct scan *scan, const struct video_page *page, const struct video_list *merged, bool left)
{
	if (left || page->more || (int64_t)scan->found.count == VIDEO_PAGE_MAX)
		return merged->count ? merged->items[merged->count - 1].seq : 0;
	return page->next_after;
}

/* Hidden ones belong to the page as far as the shown ones of it go. */
static void set_bounds(struct scan *scan, const struct video_page *page)
{
	int64_t after = scan->request->after;

	scan->low = scan->oldest && after ? after + 1 : 0;
	scan->high = !scan->oldest && after ? after - 1 : INT64_MAX;
	if (page->next_after && scan->oldest)
		scan->high = page->next_after;
	else if (page->next_after)
		scan->low = page->next_after;
}

static bool read_page(struct scan *scan, struct video_page *page, struct error *err)
{
	AUTO(video_list_clear) struct video_list merged = {0};
	bool left = false;

	set_bounds(scan, page);
	if (!search_text_read(scan->request->filter.words ? scan->request->filter.words : "", &scan->search, err) ||
	    !read_rows(scan, err) || !merge(scan, &page->videos, &merged, &left, err))
		return false;
	page->next_after = next_after(scan, page, &merged, left);
	page->more = page->next_after != 0;
	page->count += scan->count;
	page->count_is_exact = page->count_is_exact && !scan->cut;
	video_list_clear(&page->videos);
	page->videos = merged;
	merged = (struct video_list){0};
	return true;
}

bool store_videos_page_with_hidden(struct store *store, const struct video_request *request, struct video_page *out,
                                   struct error *err)
{
	struct video_request plain = *request;
	AUTO(scan_clear) struct scan scan = {.store = store, .request = request, .oldest = request->sort == SORT_OLDEST};
	AUTO(video_page_clear) struct video_page page = {0};

	plain.with_hidden = plain.with_times = false;
	if (request->sort != SORT_NEWEST && request->sort != SORT_OLDEST)
		return error_set_field(err, ERR_INVALID, "include", "hidden videos are in lists with sort=newest or oldest");
	if (!request->after && request->page_number != 1)
		return error_set_field(err, ERR_INVALID, "include",
		                       "lists with hidden videos go on with cursor, not with a page number");
	if (!store_videos_page(store, &plain, &page, err) || !read_page(&scan, &page, err))
		return false;
	*out = page;
	page = (struct video_page){0};
	return true;
}
