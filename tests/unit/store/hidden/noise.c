/* Random hiding, muting and rules, among random finds and changes: what is shown is what a naive filter shows, at all times, and with all of
 * it undone the database is one that never had any. NOISE_SEED and NOISE_STEPS choose another history, and a longer one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"
#include "store/channels/channels.h"
#include "store/hidden/hidden.h"
#include "store/hidden/query_rules.h"
#include "store/matches.h"
#include "store/queries.h"
#include "store/statement.h"
#include "store/upkeep/quarantine.h"
#include "store/video_search.h"
#include "tests/support/store_fixture.h"

enum {
	VIDEOS = 30,
	CHANNELS = 4,
	QUERIES = 3,
	WORDS = 6,
	STEPS = 1500,
	CHECK_EVERY = 25,
	TEXT_SIZE = 200,
	LINES_MAX_BYTES = 1 << 20
};

static const char *const words[WORDS] = {"rocket", "falcon", "minecraft", "moon", "starship", "fan edit"};

/* What the test knows of a video. */
struct known {
	bool there;
	unsigned title; /* bits: which of the words */
	bool in_description;
	int channel;
	int64_t published_at, duration_s;
	enum video_kind kind;
	bool found[QUERIES];
	bool hidden;
};

struct rules {
	unsigned words;
	unsigned channels;
	int64_t min_s, max_s;
	bool shorts;
	unsigned kinds;
};

struct noise {
	struct store *store, *twin; /* the twin has the same finds, and nothing that hides them */
	struct known videos[VIDEOS];
	struct rules rules[QUERIES];
	bool muted[CHANNELS];
	int64_t now;
};

static void video_id(int which, char out[VIDEO_ID_SIZE])
{
	snprintf(out, VIDEO_ID_SIZE, "video%06d", which);
}

static void channel_id(int which, char out[CHANNEL_ID_SIZE])
{
	snprintf(out, CHANNEL_ID_SIZE, "UC%022d", which);
}

static void write_words(unsigned bits, char out[TEXT_SIZE], const char *separator)
{
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; i < WORDS; i++)
		if (bits & 1U << i)
			len += (size_t)snprintf(out + len, TEXT_SIZE - len, "%s%s", len ? separator : "", words[i]);
}

static bool one_of(int n)
{
	return rand() % n == 0;
}

/* ---- the naive filter ---- */

static bool rules_show(const struct rules *rules, const struct known *video)
{
	bool is_short = video->duration_s > 0 && video->duration_s <= SHORTS_MAX_S && video->kind == VIDEO_NORMAL;
	bool too_short = video->duration_s > 0 && video->duration_s < rules->min_s;
	bool too_long = video->duration_s > 0 && rules->max_s && video->duration_s > rules->max_s;

	return !(rules->words & video->title) && !(rules->channels & 1U << video->channel) && !(rules->shorts && is_short) &&
	       !too_short && !too_long && (!rules->kinds || rules->kinds & 1U << video->kind);
}

/* With QUERY, or -1 in the list of all. */
static bool is_shown(const struct noise *n, const struct known *video, int query)
{
	bool found = false, shown = false;

	if (!video->there || video->hidden || n->muted[video->channel])
		return false;
	for (int i = 0; i < QUERIES; i++) {
		found |= video->found[i];
		shown |= video->found[i] && rules_show(&n->rules[i], video);
	}
	if (query < 0)
		return !found || shown;
	return video->found[query] && rules_show(&n->rules[query], video);
}

static void check_list(const struct noise *n, int query, int channel)
{
	AUTO(video_page_clear) struct video_page page = {0};
	char id[CHANNEL_ID_SIZE];
	struct video_request request = {.filter = {.query_id = query + 1}, .page_number = 1, .page_size = VIDEOS};
	struct error err = {0};
	size_t expected = 0;

	channel_id(channel, id);
	request.filter.channel_id = channel < 0 ? NULL : id;
	assert_true(store_videos_page(n->store, &request, &page, &err));
	for (int i = 0; i < VIDEOS; i++) {
		const struct known *video = &n->videos[i];
		bool shown = is_shown(n, video, query) && (channel < 0 || video->channel == channel);
		bool listed = false;
		char video_name[VIDEO_ID_SIZE];

		video_id(i, video_name);
		for (size_t k = 0; k < page.videos.count; k++)
			listed |= strcmp(page.videos.items[k].id, video_name) == 0;
		if (listed != shown) {
			char get[TEXT_SIZE];

			snprintf(get, sizeof(get), "SELECT coalesce((SELECT reasons FROM quarantine WHERE id = '%s'), 0)",
			         video_name);
			fail_msg("video %d is %s with query %d; reasons %lld", i, listed ? "listed" : "not listed", query + 1,
			         (long long)fixture_number(n->store, get));
		}
		expected += shown;
	}
	assert_int_equal(page.videos.count, expected);
	assert_int_equal(page.count, expected);
	assert_true(page.count_is_exact);
}

/* With what is hidden, page by page: each video once, in order, and marked if it is not shown. */
static void check_with_hidden(const struct noise *n, int query, enum video_sort sort)
{
	struct video_request request = {
	    .filter = {.query_id = query + 1}, .sort = sort, .with_hidden = true, .page_number = 1, .page_size = 1 + rand() % 5};
	int seen[VIDEOS] = {0}, expected = 0;
	int64_t last = 0;
	struct error err = {0};

	for (int i = 0; i < VIDEOS; i++)
		expected += n->videos[i].there && (query < 0 || n->videos[i].found[query]);
	do {
		AUTO(video_page_clear) struct video_page page = {0};

		assert_true(store_videos_page(n->store, &request, &page, &err));
		assert_int_equal(page.count, expected);
		for (size_t k = 0; k < page.videos.count; k++) {
			const struct video *video = &page.videos.items[k];
			long which = strtol(video->id + strlen("video"), NULL, 10);

			seen[which]++;
			assert_true((video->hidden == 0) == is_shown(n, &n->videos[which], query));
			for (size_t f = 0; f < video->found_count; f++)
				assert_in_range(video->found[f].found_at, FIXTURE_NOW, n->now);
			assert_true(!last || (sort == SORT_NEWEST ? video->published_at <= last : video->published_at >= last));
			last = video->published_at;
		}
		request.after = page.next_after;
	} while (request.after);
	for (int i = 0; i < VIDEOS; i++)
		if (seen[i] != (n->videos[i].there && (query < 0 || n->videos[i].found[query])))
			fail_msg("with what is hidden, video %d comes %d times with query %d", i, seen[i], query + 1);
}

static void check(const struct noise *n)
{
	struct error err = {0};
	bool left = true;

	while (left)
		assert_true(store_hidden_work(n->store, 7, &left, &err));
	for (int query = -1; query < QUERIES; query++)
		check_list(n, query, -1);
	for (int query = -1; query < QUERIES; query++)
		check_with_hidden(n, query, rand() % 2 ? SORT_NEWEST : SORT_OLDEST);
	for (int channel = 0; channel < CHANNELS; channel++)
		check_list(n, -1, channel);
	fixture_check(n->store);
}

/* ---- what happens ---- */

static void save_in(const struct noise *n, struct store *store, int which, enum video_source source, int query,
                    enum found_how how)
{
	const struct known *known = &n->videos[which];
	struct video video = {.published_at = known->published_at,
	                      .duration_s = known->duration_s,
	                      .kind = known->kind,
	                      .views = VIDEO_UNKNOWN,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN};
	char text[TEXT_SIZE], channel[TEXT_SIZE];
	enum video_saved saved;
	struct error err = {0};
	int64_t seq;
	bool added;

	video_id(which, video.id);
	channel_id(known->channel, video.channel_id);
	/* An empty title would tell nothing, and change none. */
	write_words(known->title, text, " ");
	if (!known->title)
		snprintf(text, sizeof(text), "film");
	snprintf(channel, sizeof(channel), "channel %d", known->channel);
	assert_true(text_copy(known->in_description ? "untitled" : text, &video.title, &err) &&
	            text_copy(known->in_description ? text : "", &video.description, &err) &&
	            text_copy(channel, &video.channel_title, &err));
	if (!store_video_save(store, &video, source, n->now, &saved, &seq, &err))
		fail_msg("%s", err.text);
	if (query >= 0 && saved == VIDEO_HIDDEN)
		assert_true(store_match_save_hidden(store, query + 1, video.id, how, n->now, &added, &err));
	else if (query >= 0)
		assert_true(store_match_save(store, query + 1, seq, how, n->now, &added, &err));
	video_clear(&video);
}

static void save(const struct noise *n, int which, enum video_source source, int query)
{
	enum found_how how = one_of(2) ? FOUND_SEARCH : FOUND_CHANNEL;

	save_in(n, n->store, which, source, query, how);
	save_in(n, n->twin, which, source, query, how);
}

/* YouTube tells other things of a video than before; its channel stays. */
static void change(struct known *video)
{
	video->title = (unsigned)rand() % (1U << WORDS);
	video->in_description = one_of(3);
	video->duration_s = one_of(4) ? VIDEO_UNKNOWN : 30 + rand() % 400;
	video->kind = one_of(3) ? (enum video_kind)(rand() % VIDEO_KIND_COUNT) : VIDEO_NORMAL;
	video->published_at = FIXTURE_NOW - rand() % 20;
}

static void find(struct noise *n)
{
	int which = rand() % VIDEOS, query = rand() % QUERIES;
	struct known *video = &n->videos[which];

	if (!video->there) {
		change(video);
		video->channel = rand() % CHANNELS;
		video->there = true;
	}
	if (one_of(8)) {
		save(n, which, SOURCE_IMPORT, -1);
		return;
	}
	video->found[query] = true;
	save(n, which, one_of(2) ? SOURCE_SEARCH : SOURCE_DETAILS, query);
}

static void look_up(struct noise *n)
{
	int which = rand() % VIDEOS;
	struct known *video = &n->videos[which];

	if (!video->there)
		return;
	int64_t duration_s = video->duration_s;
	if (!one_of(3))
		change(video);
	/* What is not told stays as it is. */
	if (video->duration_s == VIDEO_UNKNOWN)
		video->duration_s = duration_s;
	save(n, which, SOURCE_DETAILS, -1);
}

static void set_rules(struct noise *n, int query, struct rules rules)
{
	struct query_rules filter = {.min_duration_s = rules.min_s,
	                             .max_duration_s = rules.max_s,
	                             .hide_shorts = rules.shorts,
	                             .kinds = rules.kinds};
	char text[TEXT_SIZE], id[CHANNEL_ID_SIZE];
	struct error err = {0};

	write_words(rules.words, text, ",");
	assert_true(query_rules_read_words("excluded_words", text, &filter.excluded_words, &err));
	for (int i = 0; i < CHANNELS; i++) {
		channel_id(i, id);
		if (rules.channels & 1U << i)
			assert_true(text_list_add(&filter.excluded_channels, id, &err));
	}
	n->rules[query] = rules;
	assert_true(store_query_rules_set(n->store, query + 1, &filter, &err));
	query_rules_clear(&filter);
}

static void change_rules(struct noise *n)
{
	struct rules rules = {0};

	if (!one_of(3)) {
		rules.words = one_of(2) ? 1U << rand() % WORDS : 0;
		rules.words |= rules.words ? 1U << rand() % WORDS : 0;
		rules.channels = one_of(4) ? 1U << rand() % CHANNELS : 0;
		rules.min_s = one_of(4) ? 60 : 0;
		rules.max_s = one_of(4) ? 300 : 0;
		rules.shorts = one_of(3);
		rules.kinds = one_of(4) ? 1U << VIDEO_NORMAL : 0;
	}
	set_rules(n, rand() % QUERIES, rules);
}

static void hide(struct noise *n, int which, bool hidden)
{
	char id[VIDEO_ID_SIZE];
	struct error err = {0};
	bool changed;

	video_id(which, id);
	assert_true(hidden ? store_video_hide(n->store, id, n->now, &changed, &err)
	                   : store_video_unhide(n->store, id, &changed, &err));
	assert_true(changed == (n->videos[which].hidden != hidden));
	n->videos[which].hidden = hidden;
}

static void mute(struct noise *n, int which, bool muted)
{
	char id[CHANNEL_ID_SIZE];
	struct error err = {0};
	bool changed;

	channel_id(which, id);
	assert_true(muted ? store_channel_mute(n->store, id, n->now, &changed, &err)
	                  : store_channel_unmute(n->store, id, &changed, &err));
	assert_true(changed == (n->muted[which] != muted));
	n->muted[which] = muted;
}

/* So long without a re-check that content is out of sight; then everything is looked up. */
static void oversleep(struct noise *n)
{
	struct error err = {0};
	int64_t hidden;
	bool left = true;

	while (left)
		assert_true(store_quarantine_hide(n->store, n->now + 1, 5, &hidden, &left, &err));
	assert_int_equal(fixture_number(n->store, "SELECT count(*) FROM video"), 0);
	fixture_check(n->store);
	for (int i = 0; i < VIDEOS; i++)
		if (n->videos[i].there)
			save(n, i, SOURCE_DETAILS, -1);
}

static void happen(struct noise *n)
{
	struct error err = {0};
	bool left;

	n->now += rand() % 3;
	switch (rand() % 12) {
	case 0:
	case 1:
		change_rules(n);
		break;
	case 2:
		hide(n, rand() % VIDEOS, !one_of(3));
		break;
	case 3:
		mute(n, rand() % CHANNELS, one_of(3));
		break;
	case 4:
	case 5:
	case 6:
		look_up(n);
		break;
	case 7:
		if (one_of(20))
			oversleep(n);
		break;
	case 8:
		/* A part of what is to be done, as before a kill. */
		assert_true(store_hidden_work(n->store, 1 + rand() % 5, &left, &err));
		break;
	default:
		find(n);
	}
}

static void undo_all(struct noise *n)
{
	for (int i = 0; i < VIDEOS; i++)
		hide(n, i, false);
	for (int i = 0; i < CHANNELS; i++)
		mute(n, i, false);
	for (int i = 0; i < QUERIES; i++)
		set_rules(n, i, (struct rules){0});
}

/* ---- the whole database as a text ---- */

/* The rows of one column, a line for each. */
static void read_lines(struct store *store, const char *lines, struct buf *out)
{
	AUTO(statement_done) struct statement *rows = statement_use(store, lines);
	struct error err;
	bool row = true;

	while (row) {
		if (!statement_step(rows, &row, &err))
			fail_msg("%s: %s", lines, err.text);
		if (row)
			buf_printf(out, "%s\n", column_text(rows, 0));
	}
}

static void same(const struct noise *n, const char *what, const char *lines)
{
	AUTO(buf_clear) struct buf hidden = BUF(LINES_MAX_BYTES);
	AUTO(buf_clear) struct buf plain = BUF(LINES_MAX_BYTES);

	read_lines(n->store, lines, &hidden);
	read_lines(n->twin, lines, &plain);
	if (strcmp(buf_text(&hidden), buf_text(&plain)) != 0)
		fail_msg("%s differ:\n%s\nwithout any hiding:\n%s", what, buf_text(&hidden), buf_text(&plain));
}

static void everything_is_back(void **state)
{
	const char *seed_text = getenv("NOISE_SEED"), *steps_text = getenv("NOISE_STEPS");
	unsigned seed = seed_text ? (unsigned)strtoul(seed_text, NULL, 10) : (unsigned)time(NULL);
	long steps = steps_text ? strtol(steps_text, NULL, 10) : STEPS;
	struct noise n = {.store = fixture_store(), .twin = fixture_store(), .now = FIXTURE_NOW};

	(void)state;
	print_message("NOISE_SEED=%u\n", seed);
	srand(seed);
	for (int i = 0; i < QUERIES; i++) {
		char text[TEXT_SIZE];

		snprintf(text, sizeof(text), "query %d", i);
		assert_int_equal(fixture_query(n.store, text), i + 1);
		assert_int_equal(fixture_query(n.twin, text), i + 1);
	}
	for (long i = 1; i <= steps; i++) {
		happen(&n);
		if (i % CHECK_EVERY == 0)
			check(&n);
	}
	undo_all(&n);
	check(&n);
	assert_int_equal(fixture_number(n.store, "SELECT count(*) FROM quarantine"), 0);
	assert_int_equal(fixture_number(n.store, "SELECT count(*) FROM hidden_match"), 0);
	/* Hiding takes numbers of recording, for who keeps a copy: second and order stay. */
	same(&n, "videos",
	     "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', id, channel, published_at, title, description, kind, duration_s, "
	     "first_seen_at, missing_at, recorded >> 20, rank() OVER (ORDER BY recorded))"
	     " AS line FROM video ORDER BY id");
	same(&n, "matches",
	     "SELECT format('%s|%s|%s|%s|%s|%s|%s', m.query, v.id, m.found_at, m.how, m.in_search, m.recorded >> 20,"
	     " rank() OVER (ORDER BY m.recorded)) AS line FROM match m"
	     " JOIN video v ON v.seq = m.seq ORDER BY m.query, v.id");
	same(&n, "revisions",
	     "SELECT format('%s|%s|%s|%s', v.id, r.replaced_at, r.title, r.description) AS line FROM revision r"
	     " JOIN video v ON v.seq = r.seq ORDER BY v.id, r.id");
	same(&n, "counts of queries",
	     "SELECT format('%s|%s|%s|%s|%s', id, videos, found_by_search, found_by_channel, found_by_import) AS line FROM query "
	     "ORDER BY id");
	same(&n, "counts of channels", "SELECT format('%s|%s', youtube_id, videos) AS line FROM channel ORDER BY youtube_id");
	same(&n, "volumes",
	     "SELECT format('%s|%s|%s|%s', query, bucket, start, videos) AS line FROM volume WHERE videos > 0"
	     " ORDER BY query, bucket, start");
	same(&n, "ways",
	     "SELECT format('%s|%s|%s', day, how, matches) AS line FROM found_count WHERE matches > 0 ORDER BY day, how");
	store_close(&n.store);
	store_close(&n.twin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(everything_is_back)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
