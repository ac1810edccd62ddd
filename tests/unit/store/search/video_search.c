#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "store/statement.h"
#include "store/video_search.h"
#include "tests/support/store_fixture.h"

enum { VIDEOS = 2500, CHANNELS = 7, PAGE = 20 };

static const char *const channels[CHANNELS] = {"UC0", "UC1", "UC2", "UC3", "UC4", "UC5", NULL};

enum { LANGUAGES = 6 };
static const char *const languages[LANGUAGES] = {"", "", "en", "en-GB", "ENG", "zh-Hans-CN"};

/* What a video of the test is made of, kept beside the record. */
struct known {
	int64_t seq, published_at, duration_s, views;
	int64_t recorded, match_recorded; /* seconds, each its own */
	enum video_kind kind;
	const char *channel;
	const char *language, *audio_language;
	bool red, blue;           /* words of its title */
	bool large, small, blues; /* queries that found it */
	char title[64];
};

struct fixture {
	struct store *store;
	struct known videos[VIDEOS]; /* oldest first */
	int64_t large, small, blues;
};

static void save(struct store *store, int i, struct known *known)
{
	struct video video = {.kind = known->kind,
	                      .published_at = known->published_at,
	                      .duration_s = known->duration_s,
	                      .views = known->views,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN,
	                      .title = known->title};
	enum video_saved saved;
	struct error err;

	char id[24];

	snprintf(id, sizeof(id), "video%05dA", i);
	memcpy(video.id, id, sizeof(video.id));
	snprintf(video.channel_id, sizeof(video.channel_id), "%s", known->channel ? known->channel : "");
	/* One channel's title has no word, one's words are in other titles too. */
	char title[] = "The red channel 0";
	title[sizeof(title) - 2] = known->channel ? known->channel[2] : '-';
	snprintf(video.details.language, sizeof(video.details.language), "%s", known->language);
	snprintf(video.details.audio_language, sizeof(video.details.audio_language), "%s", known->audio_language);
	char wordless[] = "!!!";
	video.channel_title = known->channel && known->channel[2] == '5' ? wordless : title;
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FIXTURE_NOW, &saved, &known->seq, &err));
	assert_int_equal(saved, VIDEO_ADDED);
}

static bool chance(int of)
{
	return rand() % of == 0;
}

/* In an order of their own, and the matches in another one. */
static void record(struct store *store, int i, struct known *known)
{
	struct error err;

	known->recorded = FIXTURE_NOW + i * 1009 % VIDEOS;
	known->match_recorded = FIXTURE_NOW + i * 2003 % VIDEOS;
	assert_true(statement_run_ints(store, "UPDATE video SET recorded = ?2 WHERE seq = ?1",
	                               INTS(known->seq, known->recorded * RECORDED_PER_SECOND), &err));
	assert_true(statement_run_ints(store, "UPDATE match SET recorded = ?2 WHERE seq = ?1",
	                               INTS(known->seq, known->match_recorded * RECORDED_PER_SECOND), &err));
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct error err;
	unsigned seed = 20261125;

	assert_non_null(f);
	print_message("seed %u\n", seed);
	srand(seed);
	f->store = fixture_store();
	f->large = fixture_query(f->store, "large");
	f->small = fixture_query(f->store, "small");
	f->blues = fixture_query(f->store, "blue");
	assert_true(store_begin(f->store, &err));
	for (int i = 0; i < VIDEOS; i++) {
		struct known *v = &f->videos[i];

		*v = (struct known){.published_at = FIXTURE_NOW - (int64_t)(VIDEOS - i) * 3600,
		                    .duration_s = chance(4) ? VIDEO_UNKNOWN : rand() % 2000,
		                    .views = chance(5) ? VIDEO_UNKNOWN : rand() % 300,
		                    .kind = chance(5) ? (enum video_kind)(rand() % VIDEO_KIND_COUNT) : VIDEO_NORMAL,
		                    .channel = channels[chance(3) ? 0 : rand() % CHANNELS],
		                    .language = languages[rand() % LANGUAGES],
		                    .audio_language = languages[rand() % LANGUAGES],
		                    .red = chance(2),
		                    .blue = chance(8),
		                    .large = !chance(4),
		                    .small = chance(40),
		                    .blues = chance(6)};
		snprintf(v->title, sizeof(v->title), "%s%s number%d", v->red ? "Red" : "none", v->blue ? " BLUE" : "",
		         rand() % 1000);
		save(f->store, i, v);
		if (v->large)
			fixture_match(f->store, f->large, v->seq);
		if (v->small)
			fixture_match(f->store, f->small, v->seq);
		if (v->blues)
			fixture_match(f->store, f->blues, v->seq);
		record(f->store, i, v);
	}
	assert_true(store_commit(f->store, &err));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	free(f);
	return 0;
}

/* ---- any filter, against plain counting ---- */

/* The titles of the channels but one begin with "The red channel". */
static bool has_words(const struct known *v, const char *words)
{
	bool red = v->red || (v->channel && v->channel[2] != '5');
	bool blue = v->blue;

	if (!words)
		return true;
	if (strcmp(words, "red") == 0 || strcmp(words, "red ") == 0 || strcmp(words, "re") == 0)
		return red;
	if (strcmp(words, "large") == 0) /* no title has it */
		return v->large;
	if (strcmp(words, "blue") == 0) /* a query has the same text */
		return blue || v->blues;
	if (strcmp(words, "red -blue") == 0)
		return red && !blue;
	if (strcmp(words, "blue OR none") == 0 || strcmp(words, "blue OR none ") == 0)
		return blue || !v->red;
	if (strcmp(words, "\"red blue\"") == 0 || strcmp(words, "\"red blue\" numb") == 0)
		return v->red && blue;
	if (strcmp(words, "\"blue red\" OR \"red blue\" OR \"none blue\" numb") == 0)
		return blue;
	if (strcmp(words, "\"blue red\" OR none \"the red channel\"") == 0)
		return !v->red && v->channel && v->channel[2] != '5';
	if (strcmp(words, "\"the red channel\"") == 0)
		return v->channel && v->channel[2] != '5';
	if (strcmp(words, "\"blue red\"") == 0 || strcmp(words, "\"red the channel\"") == 0)
		return false;
	assert_string_equal(words, "numb");
	return true;
}

static int64_t recorded_at(const struct video_filter *filter, const struct known *v)
{
	return filter->query_id ? v->match_recorded : v->recorded;
}

static bool is_in(const char *language, const char *tag)
{
	size_t len = strlen(tag);

	return strncasecmp(language, tag, len) == 0 && (!language[len] || language[len] == '-');
}

static bool row_passes(const struct video_filter *filter, const struct known *v)
{
	return (!filter->excluded_channels || !v->channel || !strstr(filter->excluded_channels, v->channel)) &&
	       (!filter->language || is_in(v->language, filter->language) || is_in(v->audio_language, filter->language));
}

static bool lets_through(const struct fixture *f, const struct video_filter *filter, const struct known *v)
{
	return has_words(v, filter->words) && row_passes(filter, v) &&
	       (!filter->query_id || (filter->query_id == f->large   ? v->large
	                              : filter->query_id == f->small ? v->small
	                                                             : v->blues)) &&
	       (!filter->channel_id || (v->channel && strcmp(v->channel, filter->channel_id) == 0)) &&
	       v->published_at >= filter->published_after &&
	       (!filter->published_before || v->published_at < filter->published_before) &&
	       recorded_at(filter, v) >= filter->recorded_after &&
	       (!filter->recorded_before || recorded_at(filter, v) < filter->recorded_before) &&
	       (!filter->one_kind || v->kind == filter->kind) &&
	       (!filter->min_duration_s || v->duration_s >= filter->min_duration_s) &&
	       (!filter->max_duration_s || (v->duration_s != VIDEO_UNKNOWN && v->duration_s <= filter->max_duration_s));
}

static struct video_filter random_filter(const struct fixture *f)
{
	static const char *const words[] = {NULL,
	                                    NULL,
	                                    "red",
	                                    "red ",
	                                    "re",
	                                    "large",
	                                    "blue",
	                                    "red -blue",
	                                    "blue OR none",
	                                    "numb",
	                                    "\"red blue\"",
	                                    "\"red blue\" numb",
	                                    "\"blue red\"",
	                                    "\"the red channel\"",
	                                    "\"red the channel\"",
	                                    "\"blue red\" OR \"red blue\" OR \"none blue\" numb",
	                                    "\"blue red\" OR none \"the red channel\""};
	static const char *const excluded[] = {NULL, NULL, NULL, NULL, "UC0", "UC1, UC0,UCnone", "UCnone"};
	static const char *const tags[] = {NULL, NULL, NULL, NULL, "en", "EN-gb", "zh-Hans", "de"};
	const int64_t queries[] = {0, 0, f->large, f->small, f->blues};
	struct video_filter filter = {
	    .words = words[(size_t)rand() % (sizeof(words) / sizeof(words[0]))],
	    .query_id = queries[(size_t)rand() % (sizeof(queries) / sizeof(queries[0]))],
	    .channel_id = chance(3) ? chance(10) ? "UCnone" : channels[rand() % (CHANNELS - 1)] : NULL,
	    .published_after = chance(3) ? FIXTURE_NOW - rand() % (VIDEOS * 3600) : 0,
	    .recorded_after = chance(4) ? FIXTURE_NOW + rand() % VIDEOS : 0,
	    .one_kind = chance(4),
	    .kind = (enum video_kind)(rand() % VIDEO_KIND_COUNT),
	    .min_duration_s = chance(4) ? rand() % 500 : 0,
	    .max_duration_s = chance(4) ? 500 + rand() % 500 : 0,
	    .excluded_channels = excluded[(size_t)rand() % (sizeof(excluded) / sizeof(excluded[0]))],
	    .language = tags[(size_t)rand() % (sizeof(tags) / sizeof(tags[0]))],
	};

	if (chance(4)) { /* what has an index of its own, and what nearly has */
		static const int64_t lengths[][2] = {{0, 180},    {0, 239},   {0, 240},  {0, 241},
		                                     {240, 1200}, {300, 500}, {1200, 0}, {1201, 0}};
		const int64_t *length = lengths[(size_t)rand() % (sizeof(lengths) / sizeof(lengths[0]))];

		filter.min_duration_s = length[0];
		filter.max_duration_s = length[1];
	}
	if (chance(3))
		filter.published_before = (filter.published_after ? filter.published_after : FIXTURE_NOW - VIDEOS * 3600) + 1 +
		                          rand() % (VIDEOS * 1800);
	if (chance(4))
		filter.recorded_before = (filter.recorded_after ? filter.recorded_after : FIXTURE_NOW) + 1 + rand() % VIDEOS;
	return filter;
}

static const char *describe(const struct video_filter *filter, char text[300])
{
	snprintf(text, 300,
	         "words=%s query=%d channel=%s without=%s language=%s after=%lld before=%lld recorded=%lld-%lld kind=%d "
	         "duration=%d-%d",
	         filter->words ? filter->words : "", (int)filter->query_id, filter->channel_id ? filter->channel_id : "",
	         filter->excluded_channels ? filter->excluded_channels : "", filter->language ? filter->language : "",
	         (long long)filter->published_after, (long long)filter->published_before, (long long)filter->recorded_after,
	         (long long)filter->recorded_before, filter->one_kind ? (int)filter->kind : -1, (int)filter->min_duration_s,
	         (int)filter->max_duration_s);
	return text;
}

/* The keys that the filter lets through, in order, and their places in it. */
static size_t expected_list(const struct fixture *f, const struct video_filter *filter, enum video_sort sort,
                            int64_t keys[VIDEOS], int64_t places[VIDEOS])
{
	const struct known *in_order[VIDEOS] = {NULL};
	bool oldest = sort == SORT_OLDEST || sort == SORT_RECORDED_OLDEST;
	bool recorded = video_sort_is_recorded(sort);
	size_t count = 0;

	for (int i = 0; i < VIDEOS; i++) {
		int64_t place = recorded ? recorded_at(filter, &f->videos[i]) - FIXTURE_NOW : i;

		in_order[oldest ? place : VIDEOS - 1 - place] = &f->videos[i];
	}
	for (int i = 0; i < VIDEOS; i++) {
		if (!lets_through(f, filter, in_order[i]))
			continue;
		places[count] = recorded ? recorded_at(filter, in_order[i]) * RECORDED_PER_SECOND : in_order[i]->seq;
		keys[count++] = in_order[i]->seq;
	}
	return count;
}

static size_t expected_keys(const struct fixture *f, const struct video_filter *filter, enum video_sort sort,
                            int64_t keys[VIDEOS])
{
	static int64_t places[VIDEOS];

	return expected_list(f, filter, sort, keys, places);
}

static enum video_sort random_order(void)
{
	static const enum video_sort orders[] = {SORT_NEWEST, SORT_OLDEST, SORT_RECORDED, SORT_RECORDED_OLDEST};

	return orders[(size_t)rand() % (sizeof(orders) / sizeof(orders[0]))];
}

/* Whether a count may be told for so many. */
static bool is_right_count(const struct video_page *page, enum count_effort effort, size_t count)
{
	if (page->count_is_exact)
		return page->count == (int64_t)count;
	return effort == COUNT_CHEAPLY && page->count == 1000 && count > 1000;
}

static void expect_page(const struct fixture *f, const struct video_request *request, const int64_t *keys, size_t count,
                        size_t first)
{
	AUTO(video_page_clear) struct video_page page = {0};
	size_t left = first < count ? count - first : 0;
	size_t expected = left < (size_t)request->page_size ? left : (size_t)request->page_size;
	char text[300];
	struct error err = {0};

	describe(&request->filter, text);
	if (!store_videos_page(f->store, request, &page, &err))
		fail_msg("%s: %s", text, err.text);
	if (!is_right_count(&page, request->counting, count))
		fail_msg("%s: count %d instead of %d", text, (int)page.count, (int)count);
	if (page.videos.count != expected || page.more != (left > expected))
		fail_msg("%s, %s from %d: %d of %d videos", text, video_sort_name(request->sort), (int)first,
		         (int)page.videos.count, (int)expected);
	for (size_t i = 0; i < expected; i++)
		if (page.videos.items[i].seq != keys[first + i])
			fail_msg("%s, %s: another video at %d", text, video_sort_name(request->sort), (int)(first + i));
}

static void every_filter_gives_what_it_lets_through(void **state)
{
	const struct fixture *f = *state;
	static int64_t keys[VIDEOS], places[VIDEOS];

	for (int round = 0; round < 1800; round++) {
		struct video_request request = {.filter = random_filter(f),
		                                .sort = random_order(),
		                                .page_size = PAGE,
		                                .counting = chance(3) ? COUNT_EXACTLY : COUNT_CHEAPLY};
		size_t count = expected_list(f, &request.filter, request.sort, keys, places);
		size_t page = (size_t)rand() % (count / PAGE + 2);

		request.page_number = (int64_t)page + 1;
		expect_page(f, &request, keys, count, page * PAGE);
		if (count == 0)
			continue;
		size_t after = (size_t)rand() % count;
		request.page_number = 0;
		request.after = places[after];
		expect_page(f, &request, keys, count, after + 1);
	}
}

/* ---- scans that are cut ---- */

/* Goes through a list as its readers do, each request from where the one before it stopped. */
static size_t read_all(const struct fixture *f, struct video_request request, int64_t keys[VIDEOS])
{
	size_t count = 0;
	struct error err = {0};
	char text[300];

	do {
		AUTO(video_page_clear) struct video_page page = {0};

		if (!store_videos_page(f->store, &request, &page, &err))
			fail_msg("%s: %s", describe(&request.filter, text), err.text);
		if (page.scanned_within > VIDEOS || (page.next_after && page.next_after == request.after))
			fail_msg("%s: %d rows, on after %d", describe(&request.filter, text), (int)page.scanned_within,
			         (int)page.next_after);
		for (size_t i = 0; i < page.videos.count && count < VIDEOS; i++)
			keys[count++] = page.videos.items[i].seq;
		request.after = page.next_after;
	} while (request.after);
	return count;
}

static void a_list_whose_scans_are_cut_is_whole_in_the_end(void **state)
{
	const struct fixture *f = *state;
	static int64_t expected[VIDEOS], keys[VIDEOS];
	char text[300];

	for (int round = 0; round < 300; round++) {
		int64_t limit = 20 + rand() % 500;
		struct video_request request = {.filter = random_filter(f),
		                                .sort = random_order(),
		                                .page_number = 1,
		                                .page_size = PAGE,
		                                .counting = COUNT_NOT};
		if (video_sort_is_recorded(request.sort) && request.filter.words && strstr(request.filter.words, "numb"))
			request.filter.words = "blue OR none "; /* what takes long, takes many requests */
		size_t count = expected_keys(f, &request.filter, request.sort, expected);

		store_set_scan_limit(f->store, limit);
		size_t found = read_all(f, request, keys);
		if (found != count || memcmp(keys, expected, count * sizeof(keys[0])) != 0)
			fail_msg("%s: %d instead of %d", describe(&request.filter, text), (int)found, (int)count);
	}
	store_set_scan_limit(f->store, SCANNED_MAX);
}

/* Phrases of frequent words are looked for word by word: with so small a limit, all. */
static void phrases_of_frequent_words_are_found(void **state)
{
	static const char *const texts[] = {"\"red blue\"", "\"red blue\" numb", "\"blue red\"",
	                                    "\"blue red\" OR \"red blue\" OR \"none blue\" numb",
	                                    "\"blue red\" OR none \"the red channel\""};
	const struct fixture *f = *state;
	static const enum video_sort orders[] = {SORT_NEWEST, SORT_OLDEST, SORT_RECORDED, SORT_RECORDED_OLDEST};
	static int64_t expected[VIDEOS], keys[VIDEOS];

	for (int round = 0; round < 20; round++) {
		store_set_scan_limit(f->store, round % 4 > 1 ? 100 : 1);
		if (round % 4 > 1 && strstr(texts[round / 4], "numb"))
			continue; /* a thousand words for each video, one at a time */
		struct video_request request = {.filter = {.words = texts[round / 4]},
		                                .sort = orders[round % 4],
		                                .page_number = 1,
		                                .page_size = PAGE,
		                                .counting = COUNT_NOT};
		size_t count = expected_keys(f, &request.filter, request.sort, expected);

		assert_int_equal(read_all(f, request, keys), count);
		assert_memory_equal(keys, expected, count * sizeof(keys[0]));
	}
	store_set_scan_limit(f->store, SCANNED_MAX);
}

static void a_scan_that_is_cut_says_so_and_claims_no_count(void **state)
{
	const struct fixture *f = *state;
	struct error err;

	store_set_scan_limit(f->store, 100);
	for (enum video_sort sort = 0; sort < SORT_COUNT; sort++)
		for (enum count_effort effort = COUNT_CHEAPLY; effort <= COUNT_EXACTLY; effort++) {
			AUTO(video_page_clear) struct video_page page = {0};
			struct video_request request = {.filter = {.words = "red", .min_duration_s = 5000},
			                                .sort = sort,
			                                .page_number = 1,
			                                .page_size = PAGE,
			                                .counting = effort};

			assert_true(store_videos_page(f->store, &request, &page, &err));
			assert_int_equal(page.videos.count, 0);
			assert_int_equal(page.count, 0);
			assert_false(page.count_is_exact);
			/* Looking a word up for each video takes longer. */
			assert_true(page.scanned_within == 100 || (video_sort_is_recorded(sort) && page.scanned_within));
			assert_true((page.next_after != 0) == !video_sort_ranks(sort));
		}
	store_set_scan_limit(f->store, SCANNED_MAX);
}

/* Without another scan, where there are no counters. */
static void a_page_has_the_times_of_its_list(void **state)
{
	const struct fixture *f = *state;
	static int64_t keys[VIDEOS];
	struct error err;

	for (int round = 0; round < 200; round++) {
		AUTO(video_page_clear) struct video_page page = {0};
		struct video_request request = {.filter = random_filter(f),
		                                .sort = chance(2) ? SORT_VIEWS : SORT_NEWEST,
		                                .page_number = 1 + rand() % 3,
		                                .page_size = PAGE,
		                                .counting = chance(2) ? COUNT_CHEAPLY : COUNT_EXACTLY,
		                                .with_times = true};
		size_t count = expected_keys(f, &request.filter, SORT_NEWEST, keys);

		assert_true(store_videos_page(f->store, &request, &page, &err));
		if (!page.times) {
			assert_false(count > 0 && request.filter.words && request.sort == SORT_NEWEST);
			continue;
		}
		assert_int_equal(page.times_count, count);
		assert_true(page.times_are_all);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(page.times[i], keys[i] / 1024);
	}
}

/* ---- ranked ---- */

static void ranked_lists_are_in_order(void **state)
{
	const struct fixture *f = *state;
	struct error err;

	for (int number = 1; number <= 3; number++) {
		AUTO(video_page_clear) struct video_page views = {0};
		AUTO(video_page_clear) struct video_page titles = {0};
		struct video_request request = {.filter = {.words = "red"},
		                                .sort = SORT_VIEWS,
		                                .page_number = number,
		                                .page_size = 100};

		assert_true(store_videos_page(f->store, &request, &views, &err));
		request.sort = SORT_TITLE;
		assert_true(store_videos_page(f->store, &request, &titles, &err));
		assert_int_equal(views.videos.count, 100);
		assert_true(views.more && views.ranked_within == 0);
		for (size_t i = 1; i < 100; i++) {
			assert_true(views.videos.items[i - 1].views >= views.videos.items[i].views);
			assert_true(strcasecmp(titles.videos.items[i - 1].title, titles.videos.items[i].title) <= 0);
		}
	}
}

static void relevance_prefers_the_title_to_the_channel_to_the_description(void **state)
{
	struct store *store = fixture_store();
	AUTO(video_page_clear) struct video_page page = {0};
	struct error err;
	int64_t query = fixture_query(store, "rocket");
	const int64_t described =
	    fixture_save(store, "aaaaaaaaaaA", "A", "rocket rocket rocket", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	const int64_t by_channel = fixture_save(store, "aaaaaaaaaaE", "B", "", "Rocket TV", FIXTURE_NOW - 1, SOURCE_SEARCH);
	const int64_t titled = fixture_save(store, "aaaaaaaaaaI", "A rocket", "", NULL, FIXTURE_NOW - 2, SOURCE_SEARCH);
	const int64_t found = fixture_save(store, "aaaaaaaaaaM", "C", "", NULL, FIXTURE_NOW + 1, SOURCE_SEARCH);
	struct video_request request = {.filter = {.words = "rocket"},
	                                .sort = SORT_RELEVANCE,
	                                .page_number = 1,
	                                .page_size = PAGE};

	(void)state;
	fixture_match(store, query, found);
	fixture_match(store, query, titled);
	assert_true(store_videos_page(store, &request, &page, &err));
	assert_int_equal(page.videos.count, 4);
	assert_int_equal(page.videos.items[0].seq, titled);
	assert_int_equal(page.videos.items[1].seq, by_channel);
	assert_int_equal(page.videos.items[2].seq, described);
	assert_int_equal(page.videos.items[3].seq, found);
	store_close(&store);
}

static void a_ranked_list_of_more_than_it_ranks_says_so(void **state)
{
	enum { MANY = RANKED_MAX + 50 };
	struct store *store = fixture_store();
	AUTO(video_page_clear) struct video_page page = {0};
	AUTO(video_page_clear) struct video_page after = {0};
	struct video_request request = {.sort = SORT_TITLE, .page_number = 1, .page_size = PAGE};
	struct error err;

	(void)state;
	assert_true(store_begin(store, &err));
	for (int i = 0; i < MANY; i++) {
		char id[24];

		/* The oldest would be the first by title. */
		snprintf(id, sizeof(id), "video%05dA", i);
		fixture_save(store, id, i == 0 ? "a" : "b", "", NULL, FIXTURE_NOW - MANY + i, SOURCE_SEARCH);
	}
	assert_true(store_commit(store, &err));
	assert_true(store_videos_page(store, &request, &page, &err));
	assert_int_equal(page.count, MANY);
	assert_int_equal(page.ranked_within, RANKED_MAX);
	assert_string_equal(page.videos.items[0].title, "b");
	request.page_number = RANKED_MAX / PAGE + 1;
	assert_true(store_videos_page(store, &request, &after, &err));
	assert_int_equal(after.videos.count, 0);
	request.after = 7;
	assert_false(store_videos_page(store, &request, &after, &err));
	assert_int_equal(err.code, ERR_INVALID);
	store_close(&store);
}

/* ---- prefixes ---- */

/* Many words begin alike: the most frequent ones are looked for first, and what is missing is found anyway. */
static void a_prefix_finds_all_of_its_words(void **state)
{
	enum { MANY = 6900 }; /* more than the index itself goes over */
	struct store *store = fixture_store();
	static int64_t keys[MANY];
	struct fixture f = {.store = store};
	struct error err;

	(void)state;
	assert_true(store_begin(store, &err));
	for (int i = 0; i < MANY; i++) {
		char id[24], title[64];

		/* Some words are frequent, others are in one video each. */
		snprintf(id, sizeof(id), "video%05dA", i);
		if (i % 7 == 0)
			snprintf(title, sizeof(title), "sample rare%dword", i);
		else
			snprintf(title, sizeof(title), "rar%c example", 'a' + i % 5);
		keys[MANY - 1 - i] = fixture_save(store, id, title, "", NULL, FIXTURE_NOW + i, SOURCE_SEARCH);
	}
	assert_true(store_commit(store, &err));
	for (int number = 1; number <= 60; number++) {
		struct video_request request = {.filter = {.words = "rar"}, .page_number = number, .page_size = PAGE};

		expect_page(&f, &request, keys, MANY, (size_t)(number - 1) * PAGE);
		request.filter.words = "samp rar";
		expect_page(&f, &request, keys, 0, 0);
	}
	assert_int_equal(fixture_count(store, "sample rar", 0), (MANY + 6) / 7);
	assert_int_equal(fixture_count(store, "example rar", 0), 1000);
	assert_int_equal(fixture_count(store, "sample -rar", 0), (MANY + 6) / 7);
	fixture_check(store);
	store_close(&store);
}

#define CASE(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_filter_gives_what_it_lets_through),
	    CASE(a_list_whose_scans_are_cut_is_whole_in_the_end),
	    CASE(phrases_of_frequent_words_are_found),
	    CASE(a_scan_that_is_cut_says_so_and_claims_no_count),
	    CASE(a_page_has_the_times_of_its_list),
	    CASE(ranked_lists_are_in_order),
	    CASE(relevance_prefers_the_title_to_the_channel_to_the_description),
	    CASE(a_ranked_list_of_more_than_it_ranks_says_so),
	    CASE(a_prefix_finds_all_of_its_words),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
