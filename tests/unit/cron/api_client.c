#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "cron/api_client.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted.h"

enum { NOW = 1795341600 };

#define KEY_A "key-a-of-project-one-00"
#define KEY_B "key-b-of-project-two-00"
#define KEY_C "key-c-of-project-one-00"

static const char good[] = "{\"kind\":\"youtube#searchListResponse\",\"items\":[]}";
static const char spent[] =
    "{\"error\":{\"code\":429,\"message\":\"Quota exceeded\",\"errors\":[{\"message\":\"m\",\"domain\":\"global\","
    "\"reason\":\"rateLimitExceeded\"}],\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":"
    "\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"RATE_LIMIT_EXCEEDED\",\"domain\":\"googleapis.com\",\"metadata\":{"
    "\"quota_limit\":\"defaultSearchListPerDayPerProject\",\"quota_limit_value\":\"100\",\"consumer\":\"projects/111\"}}]}}";
static const char burst[] =
    "{\"error\":{\"code\":429,\"message\":\"Quota exceeded\",\"errors\":[{\"reason\":\"rateLimitExceeded\"}],\"details\":[{"
    "\"reason\":\"RATE_LIMIT_EXCEEDED\",\"metadata\":{\"quota_limit\":\"defaultPerMinutePerProject\"}}]}}";
static const char invalid[] =
    "{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\",\"errors\":[{\"reason\":"
    "\"badRequest\"}],\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}";
static const char bare_403[] =
    "{\"error\":{\"code\":403,\"message\":\"Forbidden\",\"errors\":[{\"domain\":\"global\",\"reason\":\"forbidden\"}]}}";
static const char bad_request[] =
    "{\"error\":{\"code\":400,\"message\":\"bad\",\"errors\":[{\"domain\":\"global\",\"reason\":\"invalidParameter\"}]}}";
static const char html[] = "<!DOCTYPE html><title>502</title><h1>Bad gateway</h1>";

struct fixture {
	struct store *store;
	struct fake_clock time;
	struct scripted youtube_answers;
	struct youtube youtube;
	struct api_client client;
	uint64_t random;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct error err;
	int64_t id;

	assert_non_null(f);
	assert_true(quota_day_open(&err));
	assert_true(store_open(":memory:", STORE_CREATE, &f->store, &err));
	assert_true(store_key_add(f->store, KEY_A, NULL, NOW, &id, &err));
	assert_true(store_key_add(f->store, KEY_B, NULL, NOW, &id, &err));
	f->time.now = NOW;
	f->random = 42;
	f->youtube =
	    (struct youtube){.base_url = "http://127.0.0.1/youtube/v3", .transport = scripted_transport(&f->youtube_answers)};
	f->client = (struct api_client){.store = f->store,
	                                .youtube = &f->youtube,
	                                .clock = fake_clock(&f->time),
	                                .quota = {.per_day = {[BUCKET_SEARCHES] = 100, [BUCKET_UNITS] = 10000}},
	                                .deadline = NOW + 48,
	                                .random = &f->random};
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

static void answer(struct fixture *f, int status, const char *body)
{
	f->youtube_answers.answers[f->youtube_answers.answer_count++] = (struct scripted_answer){.status = status, .body = body};
}

static enum call_result search(struct fixture *f, struct error *err)
{
	AUTO(search_answer_clear) struct search_answer out = {0};
	struct search_request request = {.text = "x", .published_after = NOW - 100, .published_before = NOW};
	enum call_result result = CALL_FAILED;
	int64_t at;

	assert_true(api_client_search(&f->client, &request, &out, &at, &result, err));
	return result;
}

static void load_key(struct fixture *f, int64_t id, struct key *out)
{
	struct error err;

	assert_true(store_key_get(f->store, id, &f->client.quota, f->time.now, out, &err));
}

static void assert_state(struct fixture *f, int64_t id, const char *state, int64_t searches_used)
{
	AUTO(key_clear) struct key key = {0};

	load_key(f, id, &key);
	assert_string_equal(key_state_name(&key, f->time.now), state);
	assert_int_equal(key.project.quota[BUCKET_SEARCHES].used, searches_used);
}

static void a_good_answer_costs_one_search_of_the_first_key(void **state)
{
	struct fixture *f = *state;
	struct error err;

	answer(f, 200, good);
	assert_int_equal(search(f, &err), CALL_OK);
	assert_string_equal(f->youtube_answers.keys[0], KEY_A);
	assert_null(strstr(f->youtube_answers.urls[0], KEY_A));
	assert_state(f, 1, "ok", 1);
	assert_state(f, 2, "new", 0);
}

static void a_spent_project_hands_over_in_the_same_run(void **state)
{
	struct fixture *f = *state;
	struct error err;

	answer(f, 429, spent);
	answer(f, 200, good);
	assert_int_equal(search(f, &err), CALL_OK);
	assert_string_equal(f->youtube_answers.keys[1], KEY_B);
	assert_state(f, 1, "spent", 100);
	/* The next search does not ask the spent one again, and it comes back after the reset. */
	assert_int_equal(search(f, &err), CALL_OK);
	assert_string_equal(f->youtube_answers.keys[2], KEY_B);
	f->time.now = quota_day_end(NOW);
	assert_state(f, 1, "new", 0);
}

static void keys_that_turn_out_to_share_a_project_are_spent_together(void **state)
{
	struct fixture *f = *state;
	struct error err;
	int64_t id;

	assert_true(store_key_add(f->store, KEY_C, NULL, NOW, &id, &err));
	answer(f, 429, spent); /* A: project 111 */
	answer(f, 429, spent); /* B: also project 111 */
	answer(f, 200, good);  /* C */
	assert_int_equal(search(f, &err), CALL_OK);
	AUTO(key_clear) struct key a = {0};
	AUTO(key_clear) struct key b = {0};
	load_key(f, 1, &a);
	load_key(f, 2, &b);
	assert_int_equal(a.project.id, b.project.id);
	assert_string_equal(a.project.number, "111");
	assert_string_equal(f->youtube_answers.keys[2], KEY_C);
}

static void without_any_quota_left_nothing_is_asked(void **state)
{
	struct fixture *f = *state;
	struct error err;

	answer(f, 429, spent);
	assert_int_equal(search(f, &err), CALL_NO_QUOTA);
	assert_int_equal(f->youtube_answers.calls, 2);
	assert_int_equal(search(f, &err), CALL_NO_QUOTA);
	assert_int_equal(f->youtube_answers.calls, 2);
	assert_non_null(strstr(err.text, "searches"));
}

static void a_bad_key_is_disabled_with_its_reason(void **state)
{
	struct fixture *f = *state;
	struct error err;

	answer(f, 400, invalid);
	answer(f, 200, good);
	assert_int_equal(search(f, &err), CALL_OK);
	assert_string_equal(f->youtube_answers.keys[1], KEY_B);
	AUTO(key_clear) struct key key = {0};
	load_key(f, 1, &key);
	assert_string_equal(key_state_name(&key, NOW), "invalid");
	assert_non_null(key.reason);
	assert_null(strstr(key.reason, KEY_A));
}

/* The same answer once, then a good one: one more try with the same key, after a pause. */
static void assert_tried_again(struct fixture *f, int status, const char *body)
{
	struct error err;

	answer(f, status, body);
	answer(f, 200, good);
	assert_int_equal(search(f, &err), CALL_OK);
	assert_int_equal(f->youtube_answers.calls, 2);
	assert_string_equal(f->youtube_answers.keys[1], KEY_A);
	assert_in_range(f->time.slept_ms, 500, 1000);
	assert_state(f, 1, "ok", 2); /* both were charged before they went out */
}

static void a_503_is_tried_again(void **state)
{
	assert_tried_again(*state, 503, "");
}

static void a_cut_connection_is_tried_again(void **state)
{
	assert_tried_again(*state, 0, NULL);
}

static void an_html_error_page_is_tried_again(void **state)
{
	assert_tried_again(*state, 502, html);
}

static void html_in_place_of_an_answer_is_tried_again(void **state)
{
	assert_tried_again(*state, 200, html);
}

static void a_burst_limit_is_tried_again_and_spends_nothing(void **state)
{
	assert_tried_again(*state, 429, burst);
}

static void gives_up_after_four_tries_with_growing_pauses(void **state)
{
	struct fixture *f = *state;
	struct error err;

	answer(f, 503, "");
	assert_int_equal(search(f, &err), CALL_FAILED);
	assert_int_equal(f->youtube_answers.calls, 4);
	assert_in_range(f->time.slept_ms, 3500, 7000);
	assert_state(f, 1, "new", 4);
	assert_state(f, 2, "new", 0);
}

static void honours_retry_after_within_the_run(void **state)
{
	struct fixture *f = *state;
	struct error err;

	answer(f, 503, "");
	f->youtube_answers.answers[0].retry_after = 20;
	answer(f, 503, "");
	f->youtube_answers.answers[1].retry_after = 40; /* beyond the deadline */
	assert_int_equal(search(f, &err), CALL_FAILED);
	assert_int_equal(f->youtube_answers.calls, 2);
	assert_int_equal(f->time.slept_ms, 20000);
}

static void a_bare_403_disables_nobody(void **state)
{
	struct fixture *f = *state;
	struct error err;

	answer(f, 403, bare_403);
	answer(f, 403, bare_403);
	answer(f, 200, good);
	assert_int_equal(search(f, &err), CALL_OK);
	assert_string_equal(f->youtube_answers.keys[1], KEY_A);
	assert_string_equal(f->youtube_answers.keys[2], KEY_B);
	assert_state(f, 1, "new", 2);
}

static void our_own_mistake_burns_no_other_key(void **state)
{
	struct fixture *f = *state;
	struct error err;

	answer(f, 400, bad_request);
	assert_int_equal(search(f, &err), CALL_FAILED);
	assert_int_equal(f->youtube_answers.calls, 1);
	assert_state(f, 1, "new", 1);
}

static enum call_result search_for(struct fixture *f, const char *text)
{
	AUTO(search_answer_clear) struct search_answer out = {0};
	struct search_request request = {.text = text, .published_after = NOW - 100, .published_before = NOW};
	enum call_result result = CALL_FAILED;
	struct error err;
	int64_t at;

	f->client.skipped_count = 0; /* another run */
	f->client.deadline = f->time.now + 48;
	assert_true(api_client_search(&f->client, &request, &out, &at, &result, &err));
	return result;
}

static void a_key_that_is_forbidden_everything_is_disabled_in_the_end(void **state)
{
	struct fixture *f = *state;
	struct error err;

	assert_true(store_key_set_state(f->store, 2, ENTRY_PAUSED_BY_OWNER, &err));
	answer(f, 403, bare_403);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(search_for(f, i % 2 ? "cats" : "dogs"), CALL_FAILED);
		f->time.now += i < 5 ? 600 : 0;
	}
	assert_int_equal(f->client.keys_disabled, 0); /* not yet for an hour */
	f->time.now += 900;
	assert_int_equal(search_for(f, "birds"), CALL_FAILED);
	assert_int_equal(f->client.keys_disabled, 1);
	AUTO(key_clear) struct key key = {0};
	load_key(f, 1, &key);
	assert_string_equal(key_state_name(&key, f->time.now), "restricted");
	assert_non_null(strstr(key.reason, "no reason"));
}

static void one_good_answer_clears_the_refusals_of_a_key(void **state)
{
	struct fixture *f = *state;
	struct error err;

	assert_true(store_key_set_state(f->store, 2, ENTRY_PAUSED_BY_OWNER, &err));
	for (int i = 0; i < 8; i++)
		answer(f, 403, bare_403); /* each is tried twice */
	answer(f, 200, good);
	answer(f, 403, bare_403);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(search_for(f, i % 2 ? "cats" : "dogs"), CALL_FAILED);
		f->time.now += 1800;
	}
	assert_int_equal(search_for(f, "cats"), CALL_OK);
	assert_int_equal(search_for(f, "dogs"), CALL_FAILED);
	assert_int_equal(f->client.keys_disabled, 0);
	assert_state(f, 1, "ok", 11);
}

static void an_empty_403_is_no_sign_against_a_key(void **state)
{
	struct fixture *f = *state;

	answer(f, 403, "");
	for (int i = 0; i < 8; i++) {
		assert_int_equal(search_for(f, i % 2 ? "cats" : "dogs"), CALL_FAILED);
		f->time.now += 1800;
	}
	assert_int_equal(f->client.keys_disabled, 0);
}

/* An answer that takes two seconds. */
static bool slow_get(void *context, const char *url, const char *key, struct http_response *out, struct error *err)
{
	struct fixture *f = context;
	struct transport quick = scripted_transport(&f->youtube_answers);

	f->time.now += 2;
	return quick.get(quick.context, url, key, out, err);
}

static void a_refusal_across_the_reset_belongs_to_the_day_of_its_charge(void **state)
{
	struct fixture *f = *state;
	struct error err;

	f->youtube.transport = (struct transport){.get = slow_get, .context = f};
	f->time.now = quota_day_end(NOW) - 1;
	f->client.deadline = f->time.now + 48;
	answer(f, 429, spent);
	answer(f, 200, good);
	assert_int_equal(search(f, &err), CALL_OK);
	assert_string_equal(f->youtube_answers.keys[1], KEY_A); /* it has a new day's searches */
	assert_state(f, 1, "ok", 1);
	f->time.now = quota_day_end(NOW) - 1;
	assert_state(f, 1, "spent", 100);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void what_never_went_out_costs_nothing(void **state)
{
	struct fixture *f = *state;
	struct error err;

	answer(f, -1, NULL);
	assert_int_equal(search(f, &err), CALL_UNREACHED);
	assert_non_null(strstr(err.text, "no network"));
	assert_int_equal(f->youtube_answers.calls, 2); /* once more might have helped, four times not */
	assert_int_equal(f->client.made[BUCKET_SEARCHES], 0);
	assert_state(f, 1, "new", 0);
	assert_state(f, 2, "new", 0);
}

static void a_network_that_comes_back_at_once_costs_one_call(void **state)
{
	struct fixture *f = *state;
	struct error err;

	answer(f, -1, NULL);
	answer(f, 200, good);
	assert_int_equal(search(f, &err), CALL_OK);
	assert_state(f, 1, "ok", 1);
}

/* The only call that a refused project may make is the probe: without a network it is still to be made. */
static void a_probe_that_never_went_out_is_still_due(void **state)
{
	struct fixture *f = *state;
	AUTO(key_clear) struct key key = {0};
	struct error err;

	answer(f, 429, spent);
	answer(f, 200, good);
	assert_int_equal(search(f, &err), CALL_OK); /* by the other project */
	load_key(f, 1, &key);
	f->time.now = key.project.quota[BUCKET_SEARCHES].probe_at;
	f->client.deadline = f->time.now + 48;
	assert_true(f->time.now > NOW && key_is_usable(&key, BUCKET_SEARCHES, f->time.now));
	f->youtube_answers.answer_count = 0;
	f->youtube_answers.calls = 0;
	answer(f, -1, NULL);
	assert_int_equal(search(f, &err), CALL_UNREACHED);
	key_clear(&key);
	load_key(f, 1, &key);
	assert_true(key_is_usable(&key, BUCKET_SEARCHES, f->time.now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_good_answer_costs_one_search_of_the_first_key),
	    CASE(a_spent_project_hands_over_in_the_same_run),
	    CASE(keys_that_turn_out_to_share_a_project_are_spent_together),
	    CASE(without_any_quota_left_nothing_is_asked),
	    CASE(a_bad_key_is_disabled_with_its_reason),
	    CASE(a_503_is_tried_again),
	    CASE(a_cut_connection_is_tried_again),
	    CASE(an_html_error_page_is_tried_again),
	    CASE(html_in_place_of_an_answer_is_tried_again),
	    CASE(a_burst_limit_is_tried_again_and_spends_nothing),
	    CASE(gives_up_after_four_tries_with_growing_pauses),
	    CASE(honours_retry_after_within_the_run),
	    CASE(a_bare_403_disables_nobody),
	    CASE(our_own_mistake_burns_no_other_key),
	    CASE(a_key_that_is_forbidden_everything_is_disabled_in_the_end),
	    CASE(one_good_answer_clears_the_refusals_of_a_key),
	    CASE(an_empty_403_is_no_sign_against_a_key),
	    CASE(a_refusal_across_the_reset_belongs_to_the_day_of_its_charge),
	    CASE(what_never_went_out_costs_nothing),
	    CASE(a_network_that_comes_back_at_once_costs_one_call),
	    CASE(a_probe_that_never_went_out_is_still_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
