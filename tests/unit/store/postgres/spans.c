/* Searches look through spans of time of three lengths (lib/store/postgres/search/scan.c): made-up videos lie on the spans' edges, a second before and behind
 * them, and what is found is compared with a look at all. SPANS_SEED chooses other ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/timestamp.h"
#include "store/search/video_counts.h"
#include "store/statement.h"
#include "store/video_search.h"
#include "tests/support/store_fixture.h"

enum {
	SHORT_S = 1 << 16, /* of the spans: 18 hours, 6 days, 50 days */
	MIDDLE_S = 1 << 19,
	LONG_S = 1 << 22,
	SHORT_EDGES = 1200, /* that have videos, one after the other */
	MIDDLE_EDGES = 150,
	LONG_EDGES = 90,
	FIRST = 1108339200, /* the oldest time that a video can have, 2005-02-14; the newest one is a day ahead */
	MAX_VIDEOS = 8000,  /* more than 4,004 have both frequent words: then matches behind a page are only counted */
	WAITING = 700,
	REQUESTS = 800,
	PAGES = 4, /* of a list, at most */
	TITLE_SIZE = 64
};

/* In how many of a hundred videos a word is. */
static const struct frequency {
	const char *text;
	int percent;
} words[] = {{"often", 90}, {"mostly", 95}, {"half", 50}, {"some", 12}, {"seldom", 3}, {"hardly", 1}};

enum { WORDS = sizeof(words) / sizeof(words[0]) };

struct made {
	char id[VIDEO_ID_SIZE];
	int64_t seq, published_at;
	bool has[WORDS];
};

struct record {
	struct store *store;
	struct made videos[MAX_VIDEOS];
	int count;
};

static bool one_of(int n)
{
	return rand() % n == 0;
}

/* ---- the videos ---- */

static void add(struct record *record, int64_t published_at)
{
	AUTO(buf_clear) struct buf title = BUF(TITLE_SIZE);
	struct made *video = &record->videos[record->count];

	assert_true(record->count < MAX_VIDEOS);
	*video = (struct made){.published_at = published_at};
	snprintf(video->id, sizeof(video->id), "video%05dA", record->count);
	for (int i = 0; i < WORDS; i++) {
		video->has[i] = rand() % 100 < words[i].percent;
		buf_printf(&title, "%s ", video->has[i] ? words[i].text : "");
	}
	video->seq = fixture_save(record->store, video->id, buf_text(&title), "", NULL, published_at, SOURCE_SEARCH);
	fixture_commit_some(record->store, ++record->count);
}

/* On so many edges from one at FIRST on, LENGTH_S apart; now and then two videos have the same time. */
static int64_t add_edges(struct record *record, int64_t first, int64_t length_s, int edges)
{
	int64_t edge = first - first % length_s;

	for (int i = 0; i < edges; i++, edge += length_s)
		for (int64_t at = edge - 1; at <= edge + 1; at++) {
			add(record, at);
			if (one_of(8))
				add(record, at);
		}
	return edge;
}

static int by_key(const void *a, const void *b)
{
	const struct made *x = a, *y = b;

	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Stretches of three densities, so that windows of a number of videos are of all lengths, and the ends of time. */
static void fill(struct record *record)
{
	struct error err = {0};
	int64_t left;

	assert_true(store_begin(record->store, &err));
	add(record, FIRST);
	int64_t end = add_edges(record, FIRST + LONG_S, LONG_S, LONG_EDGES);
	end = add_edges(record, end, MIDDLE_S, MIDDLE_EDGES);
	end = add_edges(record, end, SHORT_S, SHORT_EDGES);
	add_edges(record, end + 9 * LONG_S, LONG_S, 3);
	add(record, FIXTURE_NOW + SECONDS_PER_DAY);
	if (!store_commit(record->store, &err) || !store_upkeep(record->store, MAX_VIDEOS, &left, &err))
		fail_msg("%s", err.text);
	assert_int_equal(left, 0);
	qsort(record->videos, (size_t)record->count, sizeof(record->videos[0]), by_key);
}

/* ---- the requests ---- */

/* What a list is to have: all videos with the words WITH (numbers), and without the word WITHOUT; -1 = none. */
struct wanted {
	int with[2], without;
	struct video_request request;
	char text[TITLE_SIZE];
};

static int64_t any_time(const struct record *record)
{
	return record->videos[rand() % record->count].published_at + rand() % 3 - 1;
}

static void choose(const struct record *record, struct wanted *out)
{
	static const int64_t lengths[] = {1, 2, SHORT_S, 5 * SHORT_S, MIDDLE_S, 7 * MIDDLE_S, LONG_S, 70 * (int64_t)LONG_S};

	*out = (struct wanted){.with = {rand() % WORDS, one_of(3) ? rand() % WORDS : -1},
	                       .without = one_of(4) ? rand() % WORDS : -1};
	snprintf(out->text, sizeof(out->text), "%s %s %s%s ", words[out->with[0]].text,
	         out->with[1] >= 0 ? words[out->with[1]].text : "", out->without >= 0 ? "-" : "",
	         out->without >= 0 ? words[out->without].text : "");
	out->request = (struct video_request){.filter = {.words = out->text},
	                                      .sort = one_of(2) ? SORT_NEWEST : SORT_OLDEST,
	                                      .page_number = one_of(3) ? 1 + rand() % 9 : 1,
	                                      .page_size = 1 + rand() % (one_of(3) ? 40 : 6),
	                                      .counting = one_of(2) ? COUNT_EXACTLY : COUNT_CHEAPLY};
	if (one_of(3))
		out->request.filter.published_after = any_time(record);
	if (one_of(3))
		out->request.filter.published_before = out->request.filter.published_after && one_of(2)
		                                           ? out->request.filter.published_after + lengths[rand() % 8]
		                                           : any_time(record);
}

static bool passes(const struct wanted *wanted, const struct made *video)
{
	const struct video_filter *filter = &wanted->request.filter;

	if (filter->published_after && video->published_at < filter->published_after)
		return false;
	if (filter->published_before && video->published_at >= filter->published_before)
		return false;
	return video->has[wanted->with[0]] && (wanted->with[1] < 0 || video->has[wanted->with[1]]) &&
	       (wanted->without < 0 || !video->has[wanted->without]);
}

/* The videos that pass, in order; their number. */
static int look_at_all(const struct record *record, const struct wanted *wanted, const struct made *out[MAX_VIDEOS])
{
	bool oldest = wanted->request.sort == SORT_OLDEST;
	int count = 0;

	for (int i = 0; i < record->count; i++) {
		const struct made *video = &record->videos[oldest ? i : record->count - 1 - i];

		if (passes(wanted, video))
			out[count++] = video;
	}
	return count;
}

static void fail_page(const struct wanted *wanted, int64_t begin, const char *what)
{
	const struct video_filter *f = &wanted->request.filter;

	fail_msg("'%s' %lld-%lld %s, %lld videos behind %lld: %s", wanted->text, (long long)f->published_after,
	         (long long)f->published_before, video_sort_name(wanted->request.sort), (long long)wanted->request.page_size,
	         (long long)begin, what);
}

/* Cheaply, a thousand or more may be all that is said. */
static bool is_counted(const struct wanted *wanted, const struct video_page *page, int count)
{
	if (wanted->request.counting == COUNT_CHEAPLY && count > COUNT_MAX && !page->count_is_exact)
		return page->count == COUNT_MAX;
	return page->count_is_exact && page->count == count;
}

/* The page that begins behind so many videos. Returns the AFTER of the next one. */
static int64_t compare_page(const struct record *record, const struct wanted *wanted, const struct made *const *all, int count,
                            int64_t begin)
{
	AUTO(video_page_clear) struct video_page page = {0};
	struct error err = {0};
	int64_t size = wanted->request.page_size, left = begin < count ? count - begin : 0;

	if (!store_videos_page(record->store, &wanted->request, &page, &err))
		fail_page(wanted, begin, err.text);
	if (!is_counted(wanted, &page, count))
		fail_page(wanted, begin, "another count");
	if ((int64_t)page.videos.count != (left < size ? left : size) || page.more != (left > size))
		fail_page(wanted, begin, "another number of videos");
	for (size_t i = 0; i < page.videos.count; i++)
		if (strcmp(page.videos.items[i].id, all[begin + (int64_t)i]->id) != 0)
			fail_page(wanted, begin, "another video");
	return page.next_after;
}

static void compare(const struct record *record, struct wanted *wanted, int *found)
{
	const struct made *all[MAX_VIDEOS];
	int count = look_at_all(record, wanted, all);
	int64_t begin = (wanted->request.page_number - 1) * wanted->request.page_size;

	*found += begin < count;
	for (int page = 0; page < PAGES; page++, begin += wanted->request.page_size) {
		wanted->request.after = compare_page(record, wanted, all, count, begin);
		if (!wanted->request.after)
			return;
	}
}

static void searches_find_what_lies_on_edges(void **state)
{
	const char *given = getenv("SPANS_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : 20261130;
	struct record *record = calloc(1, sizeof(*record));
	int found = 0;

	(void)state;
	assert_non_null(record);
	print_message("SPANS_SEED=%u\n", seed);
	srand(seed);
	record->store = fixture_store();
	fill(record);
	fixture_check(record->store);
	for (int i = 0; i < REQUESTS; i++) {
		struct wanted wanted;

		choose(record, &wanted);
		compare(record, &wanted, &found);
	}
	print_message("%d videos, %d of %d lists had some\n", record->count, found, REQUESTS);
	assert_true(found > REQUESTS / 3);
	store_close(&record->store);
	free(record);
}

/* The index is being filled anew, and the statistics of words with it: a tracked query tells of its videos meanwhile. */
static void what_is_not_indexed_yet_is_found_by_its_query(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	int64_t query_id = fixture_query(store, "launch");
	struct error err = {0};

	(void)state;
	assert_true(store_begin(store, &err));
	for (int i = 0; i < WAITING; i++) {
		char id[VIDEO_ID_SIZE];

		snprintf(id, sizeof(id), "video%05dA", i);
		fixture_match(store, query_id,
		              fixture_save(store, id, "a launch", "", NULL, FIXTURE_NOW - i * SECONDS_PER_DAY, SOURCE_SEARCH));
	}
	assert_true(store_commit(store, &err));
	assert_true(store_begin(store, &err) && index_empty(store, &err) && store_commit(store, &err));
	for (int sort = 0; sort < 2; sort++) {
		AUTO(video_page_clear) struct video_page page = {0};
		struct video_request request = {.filter = {.words = "launch "},
		                                .sort = sort ? SORT_OLDEST : SORT_NEWEST,
		                                .page_number = 1,
		                                .page_size = 20};

		if (!store_videos_page(store, &request, &page, &err))
			fail_msg("%s", err.text);
		assert_int_equal(page.count, WAITING);
		assert_int_equal(page.videos.count, 20);
		assert_true(page.more);
		assert_string_equal(page.videos.items[0].id, sort ? "video00699A" : "video00000A");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(searches_find_what_lies_on_edges),
	    cmocka_unit_test(what_is_not_indexed_yet_is_found_by_its_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
