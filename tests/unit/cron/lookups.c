#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "cron/lookups.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted.h"
#include "tests/support/store_fixture.h"

#define ID "aaaaaaaaaaA"
#define FIRST_VIDEO "jNQXAC9IVRw"

static const char first_only[] =
    "{\"kind\":\"youtube#videoListResponse\",\"items\":[{\"kind\":\"youtube#video\",\"id\":\"" FIRST_VIDEO
    "\",\"snippet\":{\"title\":\"Me at the zoo\",\"publishedAt\":\"2005-04-24T03:31:52Z\"}}]}";
static const char none[] = "{\"kind\":\"youtube#videoListResponse\",\"items\":[]}";

struct fixture {
	struct store *store;
	struct fake_clock time;
	struct scripted answers;
	struct youtube youtube;
	struct config config;
	struct run result;
	uint64_t random;
	struct fetch_run run;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct error err;
	int64_t id;

	assert_non_null(f);
	assert_true(quota_day_open(&err));
	f->store = fixture_store();
	assert_true(store_key_add(f->store, "key-of-the-only-project-0", NULL, FIXTURE_NOW, &id, &err));
	f->time.now = FIXTURE_NOW;
	f->random = 42;
	f->config = (struct config){.refresh_days = 25};
	f->youtube = (struct youtube){.base_url = "http://127.0.0.1/youtube/v3", .transport = scripted_transport(&f->answers)};
	f->run = (struct fetch_run){.store = f->store,
	                            .config = &f->config,
	                            .clock = fake_clock(&f->time),
	                            .result = &f->result,
	                            .client = {.store = f->store,
	                                       .youtube = &f->youtube,
	                                       .clock = fake_clock(&f->time),
	                                       .quota = {.per_day = {[BUCKET_SEARCHES] = 100, [BUCKET_UNITS] = 10000}},
	                                       .deadline = FIXTURE_NOW + 10 * 86400,
	                                       .random = &f->random}};
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	run_clear(&f->result);
	free(f);
	return 0;
}

/* The lookups of another run, answered with BODY. */
static void look_up(struct fixture *f, const char *body)
{
	struct error err;

	f->answers.answers[0] = (struct scripted_answer){.status = 200, .body = body};
	f->answers.answer_count = 1;
	f->run.units_over = false;
	assert_true(lookups_make(&f->run, &err));
}

static void the_last_recorded_video_can_be_told_from_a_fault(void **state)
{
	struct fixture *f = *state;

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

static void an_answer_without_any_of_its_ids_is_a_fault(void **state)
{
	struct fixture *f = *state;

	fixture_save(f->store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	look_up(f, none);
	f->time.now += 86400;
	look_up(f, none);
	assert_int_equal(f->result.failures, 2);
	assert_int_equal(f->result.gone, 0);
	assert_int_equal(fixture_count(f->store, NULL, 0), 1);
}

static void a_known_video_is_the_better_canary(void **state)
{
	struct fixture *f = *state;

	fixture_save(f->store, ID, "cats", "", NULL, FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(f->store, "aaaaaaaaaaE", "known", "", NULL, FIXTURE_NOW, SOURCE_DETAILS);
	look_up(f, none);
	assert_non_null(strstr(f->answers.urls[0], "aaaaaaaaaaE"));
	assert_null(strstr(f->answers.urls[0], FIRST_VIDEO));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_last_recorded_video_can_be_told_from_a_fault),
	    CASE(an_answer_without_any_of_its_ids_is_a_fault),
	    CASE(a_known_video_is_the_better_canary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
