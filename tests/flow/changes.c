/* Copies kept by /api/changes alone, for a month of runs, and through random changes: at any moment they are what /api/videos has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "store/changes/changes.h"
#include "store/hidden/hidden.h"
#include "store/hidden/query_rules.h"
#include "store/matches.h"
#include "store/private/visitors.h"
#include "store/queries.h"
#include "store/upkeep/quarantine.h"
#include "store/upkeep/refresh.h"
#include "tests/support/copy.h"
#include "tests/support/stage.h"
#include "tests/support/store_fixture.h"

enum { START = 1795341600, REFRESH_DAYS = 3, COPIES = 3, MARKED_MAX = 100000 };

/* Prints the seed; SEED in the environment is that of an earlier run. */
static void seed(void)
{
	const char *given = getenv("SEED");
	unsigned number = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);

	print_message("SEED=%u\n", number);
	srand(number);
}

/* ---- a month ---- */

struct month {
	struct stage *stage;
	struct flow *flow;
	struct copy copies[COPIES]; /* from the first day on; begun anew later; made from the list later */
	char page[256];             /* of the list, for the last */
};

static int set_up_month(void **state)
{
	struct month *month = calloc(1, sizeof(*month));
	struct world_options options = {.seed = 5, .rate_per_day = 30, .fate = fate_defaults()};
	void *flow = NULL;

	assert_non_null(month);
	options.fate.gone_share = 0.06;
	options.fate.back_share = 0.4;
	options.fate.renamed_share = 0.1;
	month->stage = stage_make(&options, START);
	month->stage->config.refresh_days = REFRESH_DAYS;
	month->stage->config.interval_s = 1800;
	stage_add_key(month->stage, "key-of-project-one-0001", "111", -1, -1);
	stage_add_query(month->stage, "solar eclipse");
	stage_add_query(month->stage, "rocket launch");
	stage_run(month->stage);
	assert_int_equal(flow_set_up_without_record(&flow), 0);
	month->flow = flow;
	month->flow->shared.databases.served.path = month->stage->path;
	month->flow->shared.clock = month->stage->cycle.clock;
	for (int i = 0; i < COPIES; i++)
		month->copies[i].flow = month->flow;
	*state = month;
	return 0;
}

static int tear_down_month(void **state)
{
	struct month *month = *state;
	void *flow = month->flow;

	for (int i = 0; i < COPIES; i++)
		copy_clear(&month->copies[i]);
	flow_tear_down(&flow);
	stage_close(&month->stage);
	free(month);
	return 0;
}

/* The first one reads a few pages now and then, the others as far as they have begun. */
static void read_some(struct month *month, int64_t day)
{
	if (rand() % 4 == 0)
		copy_read(&month->copies[0], 1 + rand() % 100);
	if (day >= 9)
		copy_read(&month->copies[1], 1 + rand() % 30);
	if (day == 10 && !*month->copies[2].cursor) {
		copy_note_cursor(&month->copies[2]);
		snprintf(month->page, sizeof(month->page), "/api/videos?page_size=20&include=tags,found");
	}
	if (*month->page)
		copy_take_page(&month->copies[2], month->page, sizeof(month->page));
	else if (*month->copies[2].cursor)
		copy_read(&month->copies[2], 1 + rand() % 100);
}

static void compare(struct month *month, int64_t day)
{
	copy_assert_true(&month->copies[0]);
	for (int i = 1; i < COPIES && day >= 12; i++)
		copy_assert_true(&month->copies[i]);
}

/* What the owner does, and a machine that is off for longer than content may go without a re-check. */
static void happen(struct month *month, int64_t day)
{
	struct store *store = month->stage->store;
	enum query_added added;
	bool left = true;
	int64_t id;
	struct error err;

	if (day == 16)
		assert_true(store_query_set_state(store, 2, ENTRY_REMOVED, &err));
	if (day == 18)
		assert_true(store_query_add(store, "rocket launch", ORIGIN_OWNER, 0, stage_now(month->stage), &id, &added, &err));
	if (day == 20)
		month->stage->youtube->time.now += 9 * SECONDS_PER_DAY;
	while (day == 29 && left)
		assert_true(store_query_purge(store, 2, 50, &left, &err));
}

static void a_copy_is_true_for_a_month(void **state)
{
	struct month *month = *state;
	int64_t happened = 0;

	seed();
	while (stage_now(month->stage) < START + 31 * SECONDS_PER_DAY) {
		int64_t day = (stage_now(month->stage) - START) / SECONDS_PER_DAY;

		while (happened < day)
			happen(month, ++happened);
		stage_run(month->stage);
		read_some(month, day);
		if (rand() % 12 == 0)
			compare(month, day);
	}
	compare(month, 31);
	for (int kind = 0; kind < COPY_KINDS; kind++)
		assert_true(month->copies[0].told[kind] > 0);
	fixture_check(month->stage->store);
}

/* ---- random changes ---- */

enum { CHANGES = 20000, CHANNELS = 12, QUERIES = 3, BATCH = 100 };

struct random_fixture {
	struct flow *flow;
	struct store *store;
	struct copy copies[2];
	int64_t queries[QUERIES], now;
	int videos;
};

static int set_up_random(void **state)
{
	struct random_fixture *f = calloc(1, sizeof(*f));
	static const char *const texts[QUERIES] = {"cats", "dogs", "birds"};
	void *flow = NULL;

	assert_non_null(f);
	assert_int_equal(flow_set_up(&flow), 0);
	f->flow = flow;
	f->store = flow_open(f->flow);
	for (int i = 0; i < QUERIES; i++)
		f->queries[i] = flow_add_query(f->flow, texts[i]);
	f->now = FLOW_NOW;
	f->copies[0].flow = f->copies[1].flow = f->flow;
	*state = f;
	return 0;
}

static int tear_down_random(void **state)
{
	struct random_fixture *f = *state;
	void *flow = f->flow;

	copy_clear(&f->copies[0]);
	copy_clear(&f->copies[1]);
	store_close(&f->store);
	flow_tear_down(&flow);
	free(f);
	return 0;
}

static void id_of(int number, char id[VIDEO_ID_SIZE])
{
	char text[24];

	snprintf(text, sizeof(text), "v%09dA", number);
	memcpy(id, text, VIDEO_ID_SIZE);
}

static int any_video(const struct random_fixture *f)
{
	return f->videos ? rand() % f->videos : 0;
}

/* Saves it with some other content each time; a channel's title is another one now and then. */
static int64_t save(struct random_fixture *f, int number, enum video_source source)
{
	char title[32], description[32], url[32], channel_title[32];
	int channel = number % CHANNELS;
	struct video video = {.title = title,
	                      .description = description,
	                      .thumbnail_url = url,
	                      .channel_title = channel_title,
	                      .published_at = FIXTURE_NOW - rand() % 4 * 1000 - number,
	                      .kind = (enum video_kind)(rand() % 20 ? VIDEO_NORMAL : VIDEO_WAS_LIVE),
	                      .duration_s = rand() % 10 ? 100 : 200,
	                      .views = rand() % 1000,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN};
	enum video_saved saved;
	int64_t seq = 0;
	struct error err;

	id_of(number, video.id);
	snprintf(title, sizeof(title), "title %d", rand() % 3);
	snprintf(description, sizeof(description), "text %d", rand() % 3);
	snprintf(url, sizeof(url), "https://i.ytimg.com/%d.jpg", rand() % 3);
	snprintf(video.channel_id, sizeof(video.channel_id), "UC%022d", channel);
	snprintf(channel_title, sizeof(channel_title), "channel %d", rand() % 40 ? channel : rand());
	if (source == SOURCE_IMPORT)
		video.first_seen_at = FIXTURE_NOW - rand() % 3 * SECONDS_PER_DAY;
	if (!store_video_save(f->store, &video, source, f->now, &saved, &seq, &err))
		fail_msg("%s", err.text);
	return saved == VIDEO_WAS_GONE || saved == VIDEO_HIDDEN ? 0 : seq;
}

static void match(struct random_fixture *f, int64_t seq)
{
	bool added;
	struct error err;

	if (seq && !store_match_save(f->store, f->queries[rand() % QUERIES], seq, FOUND_SEARCH, f->now, &added, &err))
		fail_msg("%s", err.text);
}

/* A query finds what is there, which stays as it is. */
static void match_known(struct random_fixture *f, int number)
{
	AUTO(video_clear) struct video video = {0};
	char id[VIDEO_ID_SIZE];
	bool added;
	struct error err;

	id_of(number, id);
	if (store_video_get(f->store, id, &video, &err))
		match(f, video.seq);
	else if (store_video_get_hidden(f->store, id, &video, &err))
		assert_true(
		    store_match_save_hidden(f->store, f->queries[rand() % QUERIES], id, FOUND_SEARCH, f->now, &added, &err));
}

static void lose(struct random_fixture *f, int number)
{
	char id[VIDEO_ID_SIZE];
	struct error err;
	bool gone;

	id_of(number, id);
	assert_true(store_video_missing(f->store, id, f->now, &gone, &err));
	assert_true(store_video_missing(f->store, id, f->now + SECONDS_PER_DAY, &gone, &err));
}

static void hide(struct random_fixture *f)
{
	int64_t hidden;
	bool left;
	struct error err;

	assert_true(store_quarantine_hide(f->store, f->now + 1, 1 + rand() % 3, &hidden, &left, &err));
}

/* ---- what the owner does not want to see ---- */

static void hide_one(struct random_fixture *f, int number)
{
	char id[VIDEO_ID_SIZE];
	bool changed;
	struct error err;

	id_of(number, id);
	assert_true(rand() % 2 ? store_video_hide(f->store, id, f->now, &changed, &err)
	                       : store_video_unhide(f->store, id, &changed, &err));
}

static void mute(struct random_fixture *f)
{
	char id[CHANNEL_ID_SIZE];
	bool changed;
	struct error err;

	snprintf(id, sizeof(id), "UC%022d", rand() % CHANNELS);
	assert_true(rand() % 3 == 0 ? store_channel_mute(f->store, id, f->now, &changed, &err)
	                            : store_channel_unmute(f->store, id, &changed, &err));
}

/* Rules hide videos by their length and kind, or none. */
static void set_rules(struct random_fixture *f)
{
	const struct query_rules rules = {.max_duration_s = rand() % 2 ? 150 : 0, .kinds = rand() % 3 ? 0 : 1U << VIDEO_WAS_LIVE};
	struct error err;

	assert_true(store_query_rules_set(f->store, f->queries[rand() % QUERIES], &rules, &err));
}

static void judge(struct random_fixture *f)
{
	bool left;
	struct error err;

	assert_true(store_hidden_work(f->store, 1 + rand() % HIDDEN_STEP, &left, &err));
}

/* A query comes or goes, at times with all that it alone found. */
static void change_query(struct random_fixture *f)
{
	static const char *const texts[QUERIES] = {"cats", "dogs", "birds"};
	int which = rand() % QUERIES;
	int64_t id = f->queries[which];
	enum query_added added;
	bool left = rand() % 3 == 0;
	struct error err;

	if (store_query_set_state(f->store, id, ENTRY_REMOVED, &err)) {
		while (left)
			assert_true(store_query_purge(f->store, id, 20, &left, &err));
		return;
	}
	assert_true(store_query_add(f->store, texts[which], ORIGIN_OWNER, 0, f->now, &id, &added, &err));
	assert_int_equal(id, f->queries[which]);
}

static void change(struct random_fixture *f)
{
	int what = rand() % 1000;

	if (what < 300)
		match(f, save(f, f->videos++, rand() % 3 ? SOURCE_SEARCH : SOURCE_IMPORT));
	else if (what < 600 && f->videos)
		save(f, any_video(f), rand() % 2 ? SOURCE_DETAILS : SOURCE_IMPORT);
	else if (what < 670 && f->videos)
		match(f, save(f, any_video(f), SOURCE_DETAILS));
	else if (what < 795 && f->videos)
		match_known(f, any_video(f));
	else if (what < 895 && f->videos)
		lose(f, any_video(f));
	else if (what < 945)
		hide(f);
	else if (what < 965 && f->videos)
		hide_one(f, any_video(f));
	else if (what < 980)
		judge(f);
	else if (what < 983)
		mute(f);
	else if (what < 990)
		set_rules(f);
	else
		change_query(f);
}

/* Some changes in one transaction, others by themselves. */
static void change_some(struct random_fixture *f)
{
	bool together = rand() % 2;
	int count = 1 + rand() % BATCH;
	struct error err;

	f->now += rand() % 60;
	assert_true(!together || store_begin(f->store, &err));
	for (int i = 0; i < count; i++)
		change(f);
	assert_true(!together || store_commit(f->store, &err));
}

static void mark(struct random_fixture *f)
{
	bool left;
	struct error err;

	assert_true(store_changes_upkeep(f->store, MARKED_MAX, f->now, &left, &err));
	assert_false(left);
}

/* One copy from the first change on, one that begins anew again and again. */
static void random_changes_are_all_told(void **state)
{
	struct random_fixture *f = *state;

	seed();
	for (int i = 0; i * BATCH / 2 < CHANGES; i++) {
		change_some(f);
		copy_read(&f->copies[0], 1 + rand() % 40);
		copy_read(&f->copies[1], 1 + rand() % 100);
		if (rand() % 8)
			continue;
		mark(f);
		copy_assert_true(&f->copies[0]);
		copy_assert_true(&f->copies[1]);
		copy_clear(&f->copies[1]);
		*f->copies[1].cursor = '\0';
	}
	for (int kind = 0; kind < COPY_KINDS; kind++)
		assert_true(f->copies[0].told[kind] > 0);
	fixture_check(f->store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_copy_is_true_for_a_month, set_up_month, tear_down_month),
	    cmocka_unit_test_setup_teardown(random_changes_are_all_told, set_up_random, tear_down_random),
	};

	return cmocka_run_group_tests_name("cgi: copies kept by changes", tests, NULL, NULL);
}
