#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cron/lookups.h"
#include "tests/support/run_fixture.h"
#include "tests/support/store_fixture.h"

#define ID "aaaaaaaaaaA"
#define KNOWN "aaaaaaaaaaE"
#define FIRST_VIDEO "jNQXAC9IVRw"

static const char first_only[] =
    "{\"kind\":\"youtube#videoListResponse\",\"items\":[{\"kind\":\"youtube#video\",\"id\":\"" FIRST_VIDEO
    "\",\"snippet\":{\"title\":\"Me at the zoo\",\"publishedAt\":\"2005-04-24T03:31:52Z\"}}]}";
static const char none[] = "{\"kind\":\"youtube#videoListResponse\",\"items\":[]}";

/* The lookups of another run, answered with BODY. */
static void look_up(struct run_fixture *f, const char *body)
{
	struct error err;

	f->answers.answers[0] = (struct scripted_answer){.status = 200, .body = body};
	f->answers.answer_count = 1;
	f->run.units_over = false;
	assert_true(lookups_make(&f->run, &err));
}

static void the_last_recorded_video_can_be_told_from_a_fault(void **state)
{
	struct run_fixture *f = *state;

	fixture_save(f->store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	look_up(f, first_only);
	assert_non_null(strstr(f->answers.urls[0], ID));
	assert_non_null(strstr(f->answers.urls[0], FIRST_VIDEO));
	assert_int_equal(f->result.failures, 0);
	assert_int_equal(fixture_count(f->store, NULL, 0), 1); /* the canary is not saved */
	f->time.now += 86400;
	look_up(f, first_only);
	assert_int_equal(f->result.gone, 1);
	assert_int_equal(fixture_count(f->store, NULL, 0), 0);
	fixture_check(f->store);
}

static void a_new_video_that_went_before_its_look_up_is_no_failure(void **state)
{
	struct run_fixture *f = *state;

	fixture_save(f->store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	look_up(f, none);
	assert_int_equal(f->result.failures, 0);
	assert_int_equal(fixture_count(f->store, NULL, 0), 1);
	f->time.now += 60;
	look_up(f, none);
	assert_int_equal(f->answers.calls, 1); /* it is set aside */
	f->time.now += 3600;
	look_up(f, none);
	assert_int_equal(f->answers.calls, 2);
	assert_int_equal(f->result.failures, 0);
	fixture_check(f->store);
}

static void an_answer_without_even_a_known_video_is_a_fault(void **state)
{
	struct run_fixture *f = *state;

	fixture_save(f->store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(f->store, KNOWN, "known", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	look_up(f, none);
	assert_non_null(strstr(f->answers.urls[0], KNOWN));
	assert_non_null(strstr(f->answers.urls[0], FIRST_VIDEO));
	f->time.now += 86400;
	look_up(f, "{\"kind\":\"youtube#videoListResponse\",\"items\":[{\"id\":\"bbbbbbbbbbA\",\"snippet\":{\"title\":\"x\"}}]}");
	assert_int_equal(f->result.failures, 2);
	assert_int_equal(f->result.gone, 0);
	assert_int_equal(fixture_count(f->store, NULL, 0), 2); /* and what nobody asked for is not saved */
}

/* Sixty new ones that are gone, newer than one that lives. */
static void a_batch_that_is_gone_does_not_block_the_next(void **state)
{
	struct run_fixture *f = *state;
	char id[24];

	for (int i = 0; i < 60; i++) {
		snprintf(id, sizeof(id), "gone%06dA", i);
		fixture_save(f->store, id, "gone", "", NULL, FIXTURE_NOW - i, SOURCE_SEARCH);
	}
	fixture_save(f->store, ID, "cats", "", NULL, FIXTURE_NOW - 86400, SOURCE_SEARCH);
	look_up(f, none);
	assert_null(strstr(f->answers.urls[0], ID));
	f->time.now += 60;
	look_up(f, none);
	assert_non_null(strstr(f->answers.urls[1], ID));
	assert_int_equal(f->result.failures, 0);
}

static void an_odd_item_is_neither_missing_nor_in_the_way(void **state)
{
	static const char odd[] = "{\"kind\":\"youtube#videoListResponse\",\"items\":[{\"id\":\"" ID "\",\"snippet\":{}}]}";
	struct run_fixture *f = *state;

	fixture_save(f->store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	look_up(f, odd);
	f->time.now += 60;
	look_up(f, odd);
	assert_int_equal(f->answers.calls, 1);
	f->time.now += 2 * 86400;
	look_up(f, odd);
	assert_int_equal(f->answers.calls, 2);
	assert_int_equal(f->result.skipped, 2);
	assert_int_equal(f->result.gone + f->result.failures, 0);
	assert_int_equal(fixture_count(f->store, NULL, 0), 1);
}

/* Such faults are errors in the log, those of YouTube are warnings. */
static void a_full_disk_is_a_fault_of_this_machine(void **state)
{
	struct run_fixture *f = *state;
	char answer[VIDEO_DESCRIPTION_MAX_BYTES];

	fixture_save(f->store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(f->store, KNOWN, "known", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	look_up(f, none);
	assert_int_equal(f->result.failures, 1);
	assert_false(f->result.own_fault);
	f->time.now += 3600;
	fixture_fill_disk(f->store);
	int head = snprintf(answer, sizeof(answer),
	                    "{\"items\":[{\"id\":\"" ID "\",\"snippet\":{\"title\":\"cats\",\"publishedAt\":"
	                    "\"2026-11-22T10:00:00Z\",\"description\":\"");
	memset(answer + head, 'x', sizeof(answer) - (size_t)head);
	snprintf(answer + sizeof(answer) - 8, 8, "\"}}]}");
	look_up(f, answer);
	assert_int_equal(f->result.failures, 2);
	assert_string_equal(f->result.error, "the disk is full");
	assert_true(f->result.own_fault);
}

/* The numbers of a new video, an hour after its look-up. */
static void left_over_units_ask_for_numbers_again(void **state)
{
	static const char more[] = "{\"items\":[{\"id\":\"" ID "\",\"snippet\":{\"title\":\"cats\",\"publishedAt\":"
				   "\"2026-11-22T10:00:00Z\"},\"statistics\":{\"viewCount\":\"70\"}}]}";
	struct run_fixture *f = *state;
	struct error err;

	fixture_save(f->store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	f->answers.answers[0] = (struct scripted_answer){.status = 200, .body = more};
	f->answers.answer_count = 1;
	assert_true(lookups_recount(&f->run, &err));
	assert_int_equal(f->answers.calls, 0); /* not yet */
	f->time.now += 3600;
	assert_true(lookups_recount(&f->run, &err));
	assert_int_equal(f->answers.calls, 1);
	assert_int_equal(f->result.recount_units, 1);
	assert_int_equal(fixture_number(f->store, "SELECT views FROM video_statistics"), 70);
	assert_true(lookups_recount(&f->run, &err));
	assert_int_equal(f->answers.calls, 1); /* it has been asked */
}

/* Not every minute anew; the second look-up of a day later is where it was. */
static void a_recount_that_failed_is_set_aside(void **state)
{
	struct run_fixture *f = *state;
	struct error err;

	fixture_save(f->store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	int64_t second = fixture_number(f->store, "SELECT recheck_at FROM video");
	f->answers.answers[0] = (struct scripted_answer){.status = 200, .body = none};
	f->answers.answer_count = 1;
	f->time.now += 3600;
	assert_true(lookups_recount(&f->run, &err));
	assert_true(f->run.units_over);
	f->time.now += 60;
	assert_true(lookups_recount(&f->run, &err));
	assert_int_equal(f->answers.calls, 1);
	assert_int_equal(fixture_number(f->store, "SELECT recheck_at FROM video"), second);
	f->time.now += 3600;
	assert_true(lookups_recount(&f->run, &err));
	assert_int_equal(f->answers.calls, 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, run_fixture_set_up, run_fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_last_recorded_video_can_be_told_from_a_fault),
	    CASE(a_new_video_that_went_before_its_look_up_is_no_failure),
	    CASE(an_answer_without_even_a_known_video_is_a_fault),
	    CASE(a_batch_that_is_gone_does_not_block_the_next),
	    CASE(a_full_disk_is_a_fault_of_this_machine),
	    CASE(an_odd_item_is_neither_missing_nor_in_the_way),
	    CASE(left_over_units_ask_for_numbers_again),
	    CASE(a_recount_that_failed_is_set_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
