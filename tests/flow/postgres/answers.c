/* Both engines hold the same real videos, with the same changes, and answer 2,000 made-up requests for lists alike: the same videos in the same order,
 * with the same counts. ANSWERS_SEED chooses other ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "store/matches.h"
#include "store/queries.h"
#include "store/upkeep/refresh.h"
#include "store/video_search.h"
#include "tests/sim/world/corpus.h"
#include "tests/support/database.h"
#include "tests/support/store_fixture.h"

#define CORPUS "../shared/youtube/corpus.ndjson.gz"

enum { VIDEOS = 20000, CHANGES = 2000, REQUESTS = 2000, QUERIES = 4, ENGINES = 2, WORDS_SIZE = 400, SHOWN_SIZE = 1500 };

/* Tracked queries: what the first ones find is in their videos' texts, the last one finds two thirds of all. */
static const char *const queries[QUERIES] = {"minecraft", "official video", "live", "everything"};

struct both {
	struct corpus *corpus;
	struct store *stores[ENGINES];
	int64_t now;
};

static bool one_of(int n)
{
	return rand() % n == 0;
}

/* ---- the videos ---- */

static const struct corpus_video *source(const struct both *both, int number)
{
	return corpus_at(both->corpus, (size_t)number * corpus_count(both->corpus) / VIDEOS);
}

/* With numbers and a kind of its own; the texts are of another one when it is a CHANGE. */
static void fill(const struct both *both, int number, bool change, struct video *out)
{
	static const char *const languages[] = {"", "en", "en-GB", "ja", "zh-Hans-CN"};
	const struct corpus_video *from = source(both, number);
	const struct corpus_video *texts = change && one_of(2) ? source(both, rand() % VIDEOS) : from;
	struct error err;

	*out = (struct video){.kind = one_of(5) ? (enum video_kind)(rand() % VIDEO_KIND_COUNT) : VIDEO_NORMAL,
	                      .published_at = from->published_at + (change && one_of(3) ? rand() % 100000 : 0),
	                      .duration_s = one_of(4) ? VIDEO_UNKNOWN : rand() % 4000,
	                      .views = one_of(5) ? VIDEO_UNKNOWN : rand() % 3000,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN};
	memcpy(out->id, from->id, sizeof(out->id));
	memcpy(out->channel_id, from->channel_id, sizeof(out->channel_id));
	snprintf(out->details.language, sizeof(out->details.language), "%s", languages[rand() % 5]);
	assert_true(text_copy(texts->title, &out->title, &err) && text_copy(texts->description, &out->description, &err) &&
	            text_copy(change && one_of(20) ? texts->channel_title : from->channel_title, &out->channel_title, &err));
}

static void save_in(struct store *store, const struct both *both, const struct video *video, const bool found[QUERIES])
{
	enum video_saved saved;
	struct error err = {0};
	int64_t seq;
	bool added;

	if (!store_video_save(store, video, SOURCE_DETAILS, both->now, &saved, &seq, &err))
		fail_msg("%s: %s", video->id, err.text);
	for (int i = 0; i < QUERIES && saved != VIDEO_WAS_GONE; i++)
		if (found[i])
			assert_true(store_match_save(store, i + 1, seq, FOUND_SEARCH, both->now, &added, &err));
}

static void save(struct both *both, int number, bool change)
{
	AUTO(video_clear) struct video video = {0};
	bool found[QUERIES];

	fill(both, number, change, &video);
	for (int i = 0; i < QUERIES; i++)
		found[i] = i == QUERIES - 1 ? !one_of(3) : corpus_matches(source(both, number), queries[i]);
	for (int i = 0; i < ENGINES; i++)
		save_in(both->stores[i], both, &video, found);
	both->now += one_of(10);
}

static void lose(struct both *both, int number)
{
	const char *id = source(both, number)->id;
	struct error err;
	bool gone;

	for (int i = 0; i < ENGINES; i++)
		assert_true(store_video_missing(both->stores[i], id, both->now, &gone, &err) &&
		            store_video_missing(both->stores[i], id, both->now + SECONDS_PER_DAY, &gone, &err));
}

static void change(struct both *both)
{
	if (one_of(10))
		lose(both, rand() % VIDEOS);
	else
		save(both, rand() % VIDEOS, true);
}

static void commit_some(struct both *both, int done)
{
	for (int i = 0; i < ENGINES; i++)
		fixture_commit_some(both->stores[i], done);
}

static void seed(struct both *both)
{
	struct error err;
	int64_t left;

	for (int i = 0; i < ENGINES; i++)
		for (int q = 0; q < QUERIES; q++)
			assert_int_equal(fixture_query(both->stores[i], queries[q]), q + 1);
	for (int i = 0; i < ENGINES; i++)
		assert_true(store_begin(both->stores[i], &err));
	for (int i = 0; i < VIDEOS; i++) {
		save(both, i, false);
		commit_some(both, i + 1);
	}
	for (int i = 0; i < CHANGES; i++) {
		change(both);
		commit_some(both, i + 1);
	}
	for (int i = 0; i < ENGINES; i++) {
		assert_true(store_commit(both->stores[i], &err));
		assert_true(store_upkeep(both->stores[i], VIDEOS, &left, &err));
		assert_int_equal(left, 0);
		fixture_check(both->stores[i]);
	}
}

/* ---- the requests ---- */

/* Some words that follow each other in a title, the last one perhaps cut. */
static void add_words(const struct both *both, int most, struct buf *out)
{
	const char *title = source(both, rand() % VIDEOS)->title;
	size_t start = (size_t)rand() % strlen(title);
	size_t len = 0;

	while (start > 0 && title[start - 1] != ' ')
		start--;
	for (int words = 1 + rand() % most; words > 0 && title[start + len]; words--)
		len += strcspn(title + start + len, " ") + (words > 1 && strchr(title + start + len, ' '));
	if (one_of(4) && len > 4)
		len -= (size_t)rand() % 3;
	while (len > 0 && (title[start + len] & 0xC0) == 0x80)
		len--;
	buf_add(out, title + start, len);
}

static void write_words(const struct both *both, struct buf *out)
{
	switch (rand() % 8) {
	case 0: /* a frequent one, and perhaps a query's text */
		buf_add_text(out, (const char *[]){"the", "official", "live", "minecraft", "video", "de", "official video",
		                                   "2026"}[rand() % 8]);
		break;
	case 1:
		buf_add_text(out, "\"");
		add_words(both, 3, out);
		buf_add_text(out, one_of(3) ? "\" -" : "\" ");
		add_words(both, 1, out);
		break;
	case 2:
		add_words(both, 1, out);
		buf_add_text(out, " OR ");
		add_words(both, 2, out);
		break;
	case 3:
		add_words(both, 2, out);
		buf_add_text(out, " -");
		add_words(both, 1, out);
		break;
	default:
		add_words(both, 3, out);
	}
	if (one_of(2))
		buf_add_text(out, " "); /* the last word is whole */
}

/* Points into what lives as long as the corpus, and WORDS. */
static void write_request(const struct both *both, struct buf *words, struct video_request *out)
{
	static const char *const tags[] = {"en", "ja", "zh"};
	int64_t from = source(both, rand() % VIDEOS)->published_at;

	*out = (struct video_request){.sort = (enum video_sort)(rand() % SORT_COUNT),
	                              .rising_since = both->now - SECONDS_PER_DAY,
	                              .page_number = one_of(2) ? 1 : 1 + rand() % 30,
	                              .page_size = 1 + rand() % 50,
	                              .counting = (enum count_effort)(rand() % 3)};
	if (!one_of(3)) {
		write_words(both, words);
		out->filter.words = buf_text(words);
	} else if (out->sort == SORT_RELEVANCE)
		out->sort = SORT_NEWEST;
	if (one_of(3))
		out->filter.query_id = 1 + rand() % QUERIES;
	if (one_of(6))
		out->filter.channel_id = source(both, rand() % VIDEOS)->channel_id;
	if (one_of(8))
		out->filter.excluded_channels = source(both, rand() % VIDEOS)->channel_id;
	if (one_of(4))
		out->filter.published_after = from;
	if (one_of(4))
		out->filter.published_before = from + (one_of(2) ? SECONDS_PER_DAY : 100 * SECONDS_PER_DAY);
	if (one_of(8))
		out->filter.recorded_after = FIXTURE_NOW + rand() % 2000;
	if (one_of(8))
		out->filter.recorded_before = FIXTURE_NOW + rand() % 2000;
	if (one_of(8)) {
		out->filter.one_kind = true;
		out->filter.kind = (enum video_kind)(rand() % VIDEO_KIND_COUNT);
	}
	if (one_of(8))
		out->filter.min_duration_s = rand() % 3000;
	if (one_of(8))
		out->filter.max_duration_s = 1 + rand() % 3000;
	if (one_of(10))
		out->filter.language = tags[rand() % 3];
}

/* ---- the answers ---- */

static void show(const struct video_request *request, char text[SHOWN_SIZE])
{
	const struct video_filter *f = &request->filter;

	snprintf(text, SHOWN_SIZE,
	         "words '%s' query %lld channel %s but %s published %lld-%lld recorded %lld-%lld kind %d duration %lld-%lld"
	         " language %s; %s, page %lld of %lld, after %lld, counting %d",
	         f->words ? f->words : "", (long long)f->query_id, f->channel_id ? f->channel_id : "-",
	         f->excluded_channels ? f->excluded_channels : "-", (long long)f->published_after, (long long)f->published_before,
	         (long long)f->recorded_after, (long long)f->recorded_before, f->one_kind ? (int)f->kind : -1,
	         (long long)f->min_duration_s, (long long)f->max_duration_s, f->language ? f->language : "-",
	         video_sort_name(request->sort), (long long)request->page_number, (long long)request->page_size,
	         (long long)request->after, request->counting);
}

static void expect_same(const struct video_request *request, const struct video_page *one, const struct video_page *other)
{
	char text[SHOWN_SIZE];

	show(request, text);
	if (one->count != other->count || one->count_is_exact != other->count_is_exact)
		fail_msg("%s: count %lld%s, and %lld%s", text, (long long)one->count, one->count_is_exact ? "" : "+",
		         (long long)other->count, other->count_is_exact ? "" : "+");
	if (one->videos.count != other->videos.count)
		fail_msg("%s: %zu videos, and %zu", text, one->videos.count, other->videos.count);
	for (size_t i = 0; i < one->videos.count; i++) {
		const struct video *a = &one->videos.items[i], *b = &other->videos.items[i];

		if (strcmp(a->id, b->id) != 0 || a->seq != b->seq || a->recorded != b->recorded ||
		    strcmp(a->title, b->title) != 0 || a->found_count != b->found_count || a->views != b->views)
			fail_msg("%s: at %zu %s '%s', and %s '%s'", text, i, a->id, a->title, b->id, b->title);
	}
	if (one->more != other->more || one->next_after != other->next_after || one->last_recorded != other->last_recorded ||
	    one->ranked_within != other->ranked_within || one->scanned_within != other->scanned_within)
		fail_msg("%s: it goes on in another way", text);
}

/* Returns the request's AFTER of the next page. */
static int64_t compare(const struct both *both, const struct video_request *request, int64_t *found)
{
	AUTO(video_page_clear) struct video_page one = {0};
	AUTO(video_page_clear) struct video_page other = {0};
	struct error errors[ENGINES] = {0};
	bool answered = store_videos_page(both->stores[0], request, &one, &errors[0]);
	bool same = store_videos_page(both->stores[1], request, &other, &errors[1]) == answered;
	char text[SHOWN_SIZE];

	show(request, text);
	if (!same || (!answered && errors[0].code != errors[1].code))
		fail_msg("%s: '%s', and '%s'", text, errors[0].text, errors[1].text);
	if (!answered)
		return 0;
	expect_same(request, &one, &other);
	*found += one.videos.count > 0;
	return one.next_after;
}

static void lists_are_the_same(void **state)
{
	const char *given = getenv("ANSWERS_SEED");
	unsigned number = given ? (unsigned)strtoul(given, NULL, 10) : 20261130;
	struct both both = {.now = FIXTURE_NOW};
	struct error err = {0};
	int64_t found = 0;

	(void)state;
	if (access(CORPUS, R_OK) != 0) {
		print_message("%s is not here\n", CORPUS);
		skip();
	}
	print_message("ANSWERS_SEED=%u\n", number);
	srand(number);
	assert_true(corpus_open(CORPUS, 0, &both.corpus, &err));
	if (!store_open(":memory:", STORE_CREATE, &both.stores[0], &err))
		fail_msg("%s", err.text);
	both.stores[1] = fixture_store();
	seed(&both);
	for (int i = 0; i < REQUESTS; i++) {
		AUTO(buf_clear) struct buf words = BUF(WORDS_SIZE);
		struct video_request request;

		write_request(&both, &words, &request);
		request.after = compare(&both, &request, &found);
		if (request.after)
			compare(&both, &request, &found);
	}
	print_message("%lld pages had videos\n", (long long)found);
	assert_true(found > REQUESTS / 4);
	for (int i = 0; i < ENGINES; i++)
		store_close(&both.stores[i]);
	corpus_close(&both.corpus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(lists_are_the_same)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
