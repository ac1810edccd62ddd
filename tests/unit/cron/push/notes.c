/* What the hub or a feed named, looked up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cron/push/notes.h"
#include "store/alerts/outbox.h"
#include "store/channels/followed.h"
#include "store/push/notes.h"
#include "tests/support/alerts.h"
#include "tests/support/run_fixture.h"
#include "tests/support/store_fixture.h"

#define CHANNEL "UC0123456789012345678901"
#define KNOWN "videoAAAAAE"
#define NEW "newAAAAAAAA"
#define OTHER "newAAAAAAAE"

#define ITEM(id, title)                                                                                                          \
	"{\"kind\":\"youtube#video\",\"id\":\"" id "\",\"snippet\":{\"title\":\"" title                                          \
	"\",\"publishedAt\":\"2026-11-22T09:59:00Z\",\"channelId\":\"" CHANNEL "\",\"channelTitle\":\"Channel\"}}"
#define ANSWER(items) "{\"kind\":\"youtube#videoListResponse\",\"items\":[" items "]}"

static int set_up(void **state)
{
	struct error err;

	run_fixture_set_up(state);
	struct run_fixture *f = *state;
	int64_t query = fixture_query(f->store, "cats");
	for (int i = 0; i < 2; i++) {
		int64_t seq =
		    fixture_save(f->store, i ? "videoAAAAAA" : KNOWN, "cats", "", "Channel", FIXTURE_NOW - i, SOURCE_DETAILS);

		fixture_match(f->store, query, seq);
		assert_true(store_follow(f->store, query, seq, FIXTURE_NOW, &err));
	}
	return 0;
}

static void note(struct run_fixture *f, const char *id)
{
	struct error err;

	assert_true(store_push_note(f->store, id, CHANNEL, FIXTURE_NOW, &err));
}

static void look_up(struct run_fixture *f, int status, const char *body)
{
	struct error err;

	f->answers.answers[0] = (struct scripted_answer){.status = status, .body = body};
	f->answers.answer_count = 1;
	assert_true(notes_look_up(&f->run, &err));
	assert_int_equal(f->result.failures, 0);
	fixture_check(f->store);
}

static int64_t waiting(struct run_fixture *f)
{
	return fixture_number(f->store, "SELECT count(*) FROM noted_video");
}

static void what_matches_is_recorded_and_what_does_not_is_forgotten(void **state)
{
	struct run_fixture *f = *state;
	struct error err;

	note(f, NEW);
	assert_true(store_feed_note(f->store, OTHER, CHANNEL, false, FIXTURE_NOW, &err));
	note(f, "newAAAAAAAI");
	look_up(f, 200, ANSWER(ITEM(NEW, "More cats") "," ITEM(OTHER, "Cats again") "," ITEM("newAAAAAAAI", "dogs")));
	assert_int_equal(f->answers.calls, 1);
	assert_int_equal(f->result.added, 2);
	assert_int_equal(waiting(f), 0);
	assert_int_equal(fixture_number(f->store,
	                                "SELECT m.how FROM match m JOIN video v ON v.seq = m.seq WHERE v.id = '" NEW "'"),
	                 FOUND_PUSH);
	assert_int_equal(fixture_number(f->store,
	                                "SELECT m.how FROM match m JOIN video v ON v.seq = m.seq WHERE v.id = '" OTHER "'"),
	                 FOUND_RSS);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM video WHERE checked_at > 0"), 4);
	/* Nothing more to ask for. */
	look_up(f, 200, ANSWER(""));
	assert_int_equal(f->answers.calls, 1);
}

/* What a feed had before its channel was followed: alerts do not tell it. */
static void what_is_no_news_is_noted_as_backfill(void **state)
{
	struct run_fixture *f = *state;
	AUTO(recordings_list_clear) struct recordings_list news = {0};
	int64_t before, horizon;
	struct error err;

	alerts_add_rule(f->store, "", 1, FIXTURE_NOW);
	assert_true(store_recorded_last(f->store, &before, &err));
	note(f, NEW);
	assert_true(store_feed_note(f->store, OTHER, CHANNEL, true, FIXTURE_NOW, &err));
	look_up(f, 200, ANSWER(ITEM(NEW, "More cats") "," ITEM(OTHER, "Cats again")));
	assert_true(store_news(f->store, before, false, FIXTURE_NOW, &news, &horizon, &err));
	assert_int_equal(news.count, 1);
	assert_true(news.items[0].until < fixture_number(f->store, "SELECT recorded FROM video WHERE id = '" OTHER "'"));
	assert_true(news.items[0].until >= fixture_number(f->store, "SELECT recorded FROM video WHERE id = '" NEW "'"));
}

/* The hub tells of a new title, too. */
static void a_known_video_is_brought_up_to_date(void **state)
{
	struct run_fixture *f = *state;

	note(f, KNOWN);
	look_up(f, 200, ANSWER(ITEM(KNOWN, "dogs")));
	assert_int_equal(waiting(f), 0);
	assert_int_equal(f->result.updated, 1);
	assert_int_equal(fixture_count(f->store, "dogs", 0), 1);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM match"), 2);
}

static void a_video_that_is_not_there_yet_is_asked_for_again(void **state)
{
	struct run_fixture *f = *state;

	note(f, NEW);
	look_up(f, 200, ANSWER(""));
	assert_int_equal(waiting(f), 1);
	look_up(f, 200, ANSWER(ITEM(NEW, "More cats")));
	assert_int_equal(f->answers.calls, 1);
	f->time.now += 120;
	look_up(f, 200, ANSWER(ITEM(NEW, "More cats")));
	assert_int_equal(f->result.added, 1);
	for (int i = 0; i < 4; i++) {
		note(f, OTHER);
		look_up(f, 200, ANSWER(""));
		f->time.now += 7200;
	}
	assert_int_equal(waiting(f), 0);
}

/* That the answer lacks it is for a look-up with others beside it to judge. */
static void a_known_video_that_is_missing_is_not_deleted(void **state)
{
	struct run_fixture *f = *state;

	note(f, KNOWN);
	look_up(f, 200, ANSWER(""));
	assert_int_equal(waiting(f), 0);
	assert_int_equal(fixture_number(f->store, "SELECT missing_at FROM video WHERE id = '" KNOWN "'"), 0);
	assert_int_equal(fixture_number(f->store, "SELECT recheck_at FROM video WHERE id = '" KNOWN "'"), FIXTURE_NOW);
}

static void a_failure_is_a_warning_and_the_videos_wait(void **state)
{
	struct run_fixture *f = *state;

	note(f, NEW);
	look_up(f, 400, "{}");
	assert_int_equal(f->answers.calls, 1);
	look_up(f, 200, ANSWER(ITEM(NEW, "More cats")));
	assert_int_equal(f->answers.calls, 1);
	f->time.now += 300;
	look_up(f, 200, ANSWER(ITEM(NEW, "More cats")));
	assert_int_equal(f->result.added, 1);
}

static void without_quota_they_wait(void **state)
{
	struct run_fixture *f = *state;

	note(f, NEW);
	f->run.client.quota.per_day[BUCKET_UNITS] = 0;
	look_up(f, 200, ANSWER(""));
	assert_int_equal(f->answers.calls, 0);
	assert_int_equal(waiting(f), 1);
}

static void many_are_looked_up_in_several_calls(void **state)
{
	struct run_fixture *f = *state;
	char id[VIDEO_ID_SIZE];

	for (int i = 0; i < 250; i++) {
		snprintf(id, sizeof(id), "n%09dA", i);
		note(f, id);
	}
	look_up(f, 200, ANSWER(""));
	assert_int_equal(f->answers.calls, 4);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, run_fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(what_matches_is_recorded_and_what_does_not_is_forgotten),
	    CASE(what_is_no_news_is_noted_as_backfill),
	    CASE(a_known_video_is_brought_up_to_date),
	    CASE(a_video_that_is_not_there_yet_is_asked_for_again),
	    CASE(a_known_video_that_is_missing_is_not_deleted),
	    CASE(a_failure_is_a_warning_and_the_videos_wait),
	    CASE(without_quota_they_wait),
	    CASE(many_are_looked_up_in_several_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
