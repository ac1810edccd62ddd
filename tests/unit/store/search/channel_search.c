/* Searches within a channel, and the token that stands for it in the full-text index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "store/upkeep/refresh.h"
#include "store/internal.h"
#include "store/search/indexing.h"
#include "store/upkeep/quarantine.h"
#include "store/search/term_stats.h"
#include "store/video_search.h"
#include "tests/support/database.h"
#include "tests/support/store_fixture.h"

enum { VIDEOS = 240, CHANNELS = 5, PAGE = 7, TEXT_SIZE = 160 };

/* What is known of a video, kept beside the record. */
struct known {
	bool here;
	int64_t seq, published_at;
	int channel; /* CHANNELS = none */
	bool found;  /* by the query of the text "red" */
	char title[TEXT_SIZE], description[TEXT_SIZE];
};

struct fixture {
	struct store *store;
	int64_t now; /* grows with every change */
	int64_t red; /* a tracked query of that text */
	struct known videos[VIDEOS];
	char titles[CHANNELS][TEXT_SIZE];
};

static const char *const words[] = {"red", "blue", "rocket", "rockets", "rock", "the", "日本語", "本日"};

static bool chance(int of)
{
	return rand() % of == 0;
}

static void random_text(char text[TEXT_SIZE])
{
	size_t len = 0;

	for (int i = 1 + rand() % 5; i > 0; i--)
		len += (size_t)snprintf(text + len, TEXT_SIZE - len, "%s%s", len ? " " : "",
		                        words[(size_t)rand() % (sizeof(words) / sizeof(words[0]))]);
}

static void name_video(int i, char id[24])
{
	snprintf(id, 24, "video%05dA", i);
}

static void save(struct fixture *f, int i, enum video_source source)
{
	struct known *known = &f->videos[i];
	bool has_channel = known->channel < CHANNELS;
	struct video video = {.kind = VIDEO_NORMAL,
	                      .published_at = known->published_at,
	                      .duration_s = VIDEO_UNKNOWN,
	                      .views = VIDEO_UNKNOWN,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN,
	                      .title = known->title,
	                      .description = known->description,
	                      .channel_title = has_channel ? f->titles[known->channel] : NULL};
	enum video_saved saved;
	struct error err;
	char id[24];

	name_video(i, id);
	memcpy(video.id, id, sizeof(video.id));
	if (has_channel)
		snprintf(video.channel_id, sizeof(video.channel_id), "UC%d", known->channel);
	assert_true(store_video_save(f->store, &video, source, f->now, &saved, &known->seq, &err));
	known->here = saved != VIDEO_WAS_GONE;
	if (known->here && chance(6)) {
		fixture_match(f->store, f->red, known->seq);
		known->found = true;
	}
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->store = fixture_store();
	f->now = FIXTURE_NOW;
	f->red = fixture_query(f->store, "red");
	for (int i = 0; i < CHANNELS; i++)
		random_text(f->titles[i]);
	for (int i = 0; i < VIDEOS; i++)
		f->videos[i].channel = CHANNELS;
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

/* ---- what happens to videos ---- */

/* A new one, or another text, time or channel; one whose channel is known keeps one. */
static void change(struct fixture *f)
{
	int i = rand() % VIDEOS;
	struct known *known = &f->videos[i];

	if (known->channel == CHANNELS || chance(4))
		known->channel = chance(3) ? 0 : rand() % (known->channel == CHANNELS ? CHANNELS + 1 : CHANNELS);
	if (!known->published_at || chance(3))
		known->published_at = FIXTURE_NOW - rand() % 300; /* many in a second */
	random_text(known->title);
	if (chance(2))
		random_text(known->description);
	save(f, i, SOURCE_DETAILS);
}

static void finish_upkeep(struct store *store)
{
	int64_t left = 1;
	struct error err;

	while (left)
		assert_true(store_upkeep(store, 2, &left, &err));
}

static void rename_channel(struct fixture *f)
{
	int i = rand() % VIDEOS;
	struct known *known = &f->videos[i];

	if (!known->here || known->channel == CHANNELS)
		return;
	random_text(f->titles[known->channel]);
	index_state_of(f->store)->rename_step = 1 + rand() % 3;
	save(f, i, SOURCE_DETAILS);
	/* What happens to videos meanwhile, indexed under one title or the other. */
	for (int round = rand() % 5; round > 0; round--)
		change(f);
	finish_upkeep(f->store);
}

static void delete_video(struct fixture *f)
{
	int i = rand() % VIDEOS;
	struct error err;
	bool gone;
	char id[24];

	name_video(i, id);
	if (!f->videos[i].here)
		return;
	assert_true(store_video_missing(f->store, id, f->now, &gone, &err));
	assert_true(store_video_missing(f->store, id, f->now + SECONDS_PER_DAY, &gone, &err));
	assert_true(gone);
	/* Should it come back, the query has found it as before. */
	f->videos[i] = (struct known){.channel = CHANNELS, .found = f->videos[i].found};
}

/* Some are hidden, and all of them come back, at other places. */
static void hide_and_restore(struct fixture *f)
{
	struct error err;
	int64_t hidden;
	bool left;

	assert_true(store_quarantine_hide(f->store, f->now, 1 + rand() % 8, &hidden, &left, &err));
	for (int i = 0; i < VIDEOS; i++) {
		bool holds;
		char id[24];

		name_video(i, id);
		assert_true(quarantine_has(f->store, id, &holds, &err));
		if (holds)
			save(f, i, SOURCE_DETAILS);
	}
}

/* New ones whose texts wait, and change while they do. */
static void import_some(struct fixture *f)
{
	struct error err;
	int64_t left = 1;

	assert_true(store_bulk_begin(f->store, &err));
	for (int i = 0; i < 6; i++)
		change(f);
	assert_true(store_bulk_end(f->store, &err));
	change(f);
	rename_channel(f);
	delete_video(f);
	while (left)
		assert_true(store_upkeep(f->store, 3, &left, &err));
}

static void take_back(struct fixture *f)
{
	struct fixture before = *f;
	struct error err;

	assert_true(store_begin(f->store, &err));
	change(f);
	rename_channel(f);
	store_rollback(f->store);
	*f = before;
}

static void anything(struct fixture *f)
{
	f->now++;
	switch (rand() % 16) {
	case 0:
		rename_channel(f);
		break;
	case 1:
	case 2:
		delete_video(f);
		break;
	case 3:
		hide_and_restore(f);
		break;
	case 4:
		import_some(f);
		break;
	case 5:
		take_back(f);
		break;
	default:
		change(f);
		break;
	}
}

/* ---- what a search gives, by plain looking ---- */

/* The parts a search text is made of: what must be there, as it stands in " title | description | channel ", or must not. */
struct search {
	const char *text;
	const char *has[2];
	const char *has_not;
	bool either; /* one of the two is enough */
};

static const struct search searches[] = {
    {"the ", {" the ", NULL}, NULL, false},
    {"red", {" red ", NULL}, NULL, false}, /* the query's videos too */
    {"blue", {" blue ", NULL}, NULL, false},
    {"red blue ", {" red ", " blue "}, NULL, false},
    {"\"red blue\"", {" red blue ", NULL}, NULL, false},
    {"the -blue", {" the ", NULL}, " blue ", false},
    {"blue OR rocket ", {" blue ", " rocket "}, NULL, true},
    {"the rock", {" the ", " rock"}, NULL, false},
    {"rock", {" rock", NULL}, NULL, false},
    {"本語", {"本語", NULL}, NULL, false},
    {"日本語", {"日本語", NULL}, NULL, false},
    {"日", {"日", NULL}, NULL, false},
};

static bool matches(const struct fixture *f, const struct known *known, const struct search *search)
{
	char text[4 * TEXT_SIZE];

	if (strcmp(search->text, "red") == 0 && known->found)
		return true;
	snprintf(text, sizeof(text), " %s | %s | %s ", known->title, known->description, f->titles[known->channel]);
	bool first = strstr(text, search->has[0]);
	bool second = !search->has[1] || strstr(text, search->has[1]);
	return (search->either ? first || second : first && second) && !(search->has_not && strstr(text, search->has_not));
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The keys of a channel's videos that match, oldest first. */
static size_t expected_keys(const struct fixture *f, const struct video_filter *filter, const struct search *search,
                            int64_t keys[VIDEOS])
{
	size_t count = 0;

	for (int i = 0; i < VIDEOS; i++) {
		const struct known *known = &f->videos[i];
		int64_t time = known->seq / 1024;

		if (known->here && known->channel == filter->channel_id[2] - '0' && matches(f, known, search) &&
		    time >= filter->published_after && (!filter->published_before || time < filter->published_before))
			keys[count++] = known->seq;
	}
	qsort(keys, count, sizeof(keys[0]), by_number);
	return count;
}

static void expect_keys(const struct video_page *page, enum video_sort sort, const int64_t *keys, size_t count, const char *text)
{
	for (size_t i = 0; i < page->videos.count; i++) {
		int64_t expected = keys[sort == SORT_OLDEST ? i : count - 1 - i];
		int64_t seq = page->videos.items[i].seq;

		if (sort <= SORT_OLDEST ? seq != expected : !bsearch(&seq, keys, count, sizeof(keys[0]), by_number))
			fail_msg("%s, %s: another video at %d", text, video_sort_name(sort), (int)i);
	}
}

static void expect_answer(struct fixture *f, const struct search *search, enum video_sort sort, enum count_effort effort)
{
	AUTO(video_page_clear) struct video_page page = {0};
	char channel[] = {'U', 'C', (char)('0' + rand() % CHANNELS), '\0'};
	struct video_request request = {.filter = {.words = search->text, .channel_id = channel},
	                                .sort = sort,
	                                .page_number = 1,
	                                .page_size = chance(2) ? PAGE : VIDEO_PAGE_MAX,
	                                .counting = effort};
	int64_t keys[VIDEOS];
	struct error err;

	if (chance(3))
		request.filter.published_after = FIXTURE_NOW - rand() % 300;
	if (chance(3))
		request.filter.published_before = FIXTURE_NOW - rand() % 300;
	size_t count = expected_keys(f, &request.filter, search, keys);
	assert_true(store_videos_page(f->store, &request, &page, &err));
	if (page.count != (int64_t)count || !page.count_is_exact)
		fail_msg("%s, %s: count %d instead of %d", search->text, video_sort_name(sort), (int)page.count, (int)count);
	assert_int_equal(page.videos.count, count < (size_t)request.page_size ? count : (size_t)request.page_size);
	expect_keys(&page, sort, keys, count, search->text);
}

static void a_search_within_a_channel_finds_what_there_is_whatever_happened(void **state)
{
	struct fixture *f = *state;
	unsigned seed = 20261126;
	int rounds = test_database_is_postgres() ? 40 : 150;

	print_message("seed %u\n", seed);
	srand(seed);
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < 10; i++)
			anything(f);
		fixture_check(f->store);
		for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++)
			expect_answer(f, &searches[i], (enum video_sort)(rand() % SORT_COUNT),
			              chance(2) ? COUNT_CHEAPLY : COUNT_EXACTLY);
	}
}

/* ---- the token of a channel ---- */

static void save_titled(struct fixture *f, int i, int channel, const char *title)
{
	f->videos[i].channel = channel;
	f->videos[i].published_at = FIXTURE_NOW + i;
	snprintf(f->videos[i].title, TEXT_SIZE, "%s", title);
	save(f, i, SOURCE_DETAILS);
}

static int64_t count_in_channel(struct fixture *f, const char *text, const char *channel)
{
	AUTO(video_page_clear) struct video_page page = {0};
	struct video_request request = {.filter = {.words = text, .channel_id = channel}, .page_number = 1, .page_size = PAGE};
	struct error err;

	assert_true(store_videos_page(f->store, &request, &page, &err));
	return page.count;
}

/* A channel is a token of the index, but no word: neither its number nor what stands for it in the index finds anything, and texts that look
 * alike are of no channel. */
static void no_text_stands_for_a_channel(void **state)
{
	static const char *const texts[] = {"7",
	                                    "\xff"
	                                    "7",
	                                    "\"\xff"
	                                    "7\"",
	                                    "channel_id:7",
	                                    "\xff",
	                                    "-\xff"
	                                    "7",
	                                    "\xff"
	                                    "7 OR none"};
	struct fixture *f = *state;
	struct error err;
	int64_t videos;

	fixture_run(f->store, "INSERT INTO channel (id, youtube_id, title) VALUES (7, 'UC0', ''), (8, 'UC1', '')");
	snprintf(f->titles[0], TEXT_SIZE, "red");
	snprintf(f->titles[1], TEXT_SIZE, "blue");
	save_titled(f, 0, 0, "rocket");
	save_titled(f, 1, 1,
	            "\xff"
	            "8");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(fixture_count(f->store, texts[i], 0), 0);
	assert_int_equal(fixture_count(f->store, "8", 0), 1); /* the title, mended */
	assert_int_equal(count_in_channel(f, "rocket", "UC0"), 1);
	assert_int_equal(count_in_channel(f, "rocket", "UC1"), 0);
	assert_true(word_videos(f->store, "8", 1, &videos, &err));
	assert_int_equal(videos, 1);
	if (test_database_is_postgres()) /* which takes no such text */
		videos = 0;
	else
		assert_true(word_videos(f->store,
		                        "\xff"
		                        "7",
		                        2, &videos, &err));
	assert_int_equal(videos, 0);
	fixture_check(f->store);
}

/* ---- a channel's new title ---- */

/* However many videos a channel has, each is found under the old title or the new one at any time. */
static void a_rename_goes_in_steps_and_hides_no_video(void **state)
{
	enum { MANY = 10, STEP = 3 };
	struct fixture *f = *state;
	struct error err;
	char id[24];
	int64_t left = 1;

	for (int i = 0; i < MANY; i++) {
		name_video(i, id);
		fixture_save(f->store, id, "T", "", "Oldname", FIXTURE_NOW - i, SOURCE_SEARCH);
	}
	index_state_of(f->store)->rename_step = STEP;
	fixture_save(f->store, id, "T", "", "Newname", FIXTURE_NOW - MANY + 1, SOURCE_DETAILS);
	assert_int_equal(fixture_count(f->store, "newname", 0), STEP);
	/* Another change has to wait for this one. */
	fixture_save(f->store, id, "T", "", "Othername", FIXTURE_NOW - MANY + 1, SOURCE_DETAILS);
	for (int steps = 0; left; steps++) {
		assert_int_equal(fixture_count(f->store, "oldname OR newname", 0), MANY);
		assert_int_equal(fixture_count(f->store, "othername", 0), 0);
		fixture_check(f->store);
		assert_true(store_upkeep(f->store, 1, &left, &err));
		assert_true(steps < MANY);
	}
	assert_int_equal(fixture_count(f->store, "oldname", 0), 0);
	assert_int_equal(fixture_count(f->store, "newname", 0), MANY);
	fixture_save(f->store, id, "T", "", "Othername", FIXTURE_NOW - MANY + 1, SOURCE_DETAILS);
	assert_true(store_upkeep(f->store, MANY, &left, &err));
	assert_int_equal(fixture_count(f->store, "othername", 0), MANY);
	fixture_check(f->store);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_search_within_a_channel_finds_what_there_is_whatever_happened),
	    CASE(no_text_stands_for_a_channel),
	    CASE(a_rename_goes_in_steps_and_hides_no_video),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
