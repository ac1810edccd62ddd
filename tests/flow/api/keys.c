#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/keys.h"
#include "tests/support/flow.h"

#define KEY "AIzaThisIsNoKeyOfAnybody0123456789-_x4Qk"

static void assert_no_key_shows(const struct flow *flow)
{
	assert_false(flow_body_has(flow, KEY));
	assert_false(flow_header_has(flow, KEY));
	assert_false(flow_body_has(flow, "NoKeyOfAnybody"));
}

static void everything_about_keys_needs_the_token(void **state)
{
	static const struct {
		const char *method;
		const char *url;
	} cases[] = {{"GET", "/api/api_key"},
	             {"POST", "/api/api_key"},
	             {"GET", "/api/api_key/1"},
	             {"PATCH", "/api/api_key/1"},
	             {"DELETE", "/api/api_key/1"}};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_request(flow, cases[i].method, cases[i].url, NULL, NULL), 401);
		assert_int_equal(flow_request(flow, cases[i].method, cases[i].url, NULL, "wrong-token"), 401);
		flow->time.now += 60; /* more at once are too many */
		assert_int_equal(flow_request(flow, cases[i].method, cases[i].url, NULL, ""), 401);
	}
}

static void a_key_is_added_once_and_shown_masked(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=" KEY "&label=spare", FLOW_TOKEN), 201);
	assert_true(flow_header_has(flow, "Location: /api/api_key/1\r\n"));
	assert_true(flow_body_has(flow, "\"key\":\"AIza…x4Qk\",\"label\":\"spare\",\"state\":\"new\",\"reason\":null"));
	assert_true(flow_body_has(flow, "\"searches\":{\"used\":0,\"limit\":100},\"units\":{\"used\":0,\"limit\":10000},\"resets_"
	                                "at\":\"2026-11-23T08:00:00Z\""));
	assert_no_key_shows(flow);
	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "{\"key\":\"" KEY "\"}", FLOW_TOKEN), 409);
	assert_no_key_shows(flow);
	assert_int_equal(flow_request(flow, "GET", "/api/api_key", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,\"results\":[{\"id\":1,"));
	assert_no_key_shows(flow);
}

static void what_cannot_be_a_key_is_refused(void **state)
{
	static const char *const bodies[] = {"key=short", "key=AIza%20with%20blanks%20in%20it%20000000", "key=" KEY KEY KEY KEY};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		assert_int_equal(flow_request(flow, "POST", "/api/api_key", bodies[i], FLOW_TOKEN), 422);
		assert_false(flow_body_has(flow, strchr(bodies[i], '=') + 1));
	}
	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "label=x", FLOW_TOKEN), 400);
}

static void a_removed_key_is_gone_and_can_come_back(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=" KEY, FLOW_TOKEN), 201);
	assert_int_equal(flow_request(flow, "DELETE", "/api/api_key/1", NULL, FLOW_TOKEN), 204);
	assert_int_equal(flow_request(flow, "GET", "/api/api_key/1", NULL, FLOW_TOKEN), 404);
	assert_int_equal(flow_request(flow, "DELETE", "/api/api_key/1", NULL, FLOW_TOKEN), 404);
	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=" KEY, FLOW_TOKEN), 201);
	assert_true(flow_body_has(flow, "\"id\":1,"));
}

static void a_spent_key_says_so(void **state)
{
	struct flow *flow = *state;
	struct error err;

	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=" KEY, FLOW_TOKEN), 201);
	struct store *store = flow_open(flow);
	assert_true(store_quota_spent(store, 1, BUCKET_SEARCHES, "4711", 50, FLOW_NOW, &err));
	store_close(&store);
	assert_int_equal(flow_request(flow, "GET", "/api/api_key/1", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"state\":\"spent\",\"reason\":\"searches used up for "
	                                "today\",\"project\":\"4711\",\"searches\":{\"used\":50,\"limit\":50}"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/api_key/1", "state=paused", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"state\":\"paused\""));
}

static void the_owner_changes_a_key(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=" KEY "&label=spare", FLOW_TOKEN), 201);
	assert_int_equal(flow_request(flow, "PATCH", "/api/api_key/1",
	                              "{\"state\":\"paused\",\"label\":\"main\",\"searches_per_day\":250,\"units_per_day\":5}",
	                              FLOW_TOKEN),
	                 200);
	assert_true(flow_body_has(flow, "\"label\":\"main\",\"state\":\"paused\""));
	assert_true(flow_body_has(flow, "\"searches\":{\"used\":0,\"limit\":250},\"units\":{\"used\":0,\"limit\":5}"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/api_key/1", "state=active", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"label\":\"main\",\"state\":\"new\""));
	assert_true(flow_body_has(flow, "\"limit\":250"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/api_key/1", "{\"label\":null,\"searches_per_day\":null}", FLOW_TOKEN),
	                 200);
	assert_true(flow_body_has(flow, "\"label\":null,"));
	assert_true(flow_body_has(flow, "\"limit\":100},\"units\":{\"used\":0,\"limit\":5}"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/api_key/1", "units_per_day=&label=", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"limit\":10000}"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/api_key/2", "label=x", FLOW_TOKEN), 404);
}

static void a_wrong_change_is_refused_by_its_name(void **state)
{
	static const struct {
		const char *body;
		const char *named;
	} cases[] = {
	    {"{}", "nothing to change"},
	    {"state=fast", "state: 'active' or 'paused'"},
	    {"{\"state\":null}", "state: "},
	    {"searches_per_day=-1", "searches_per_day: "},
	    {"{\"searches_per_day\":1.5}", "searches_per_day: "},
	    {"{\"searches_per_day\":true}", "searches_per_day: "},
	    {"{\"searches_per_day\":[]}", "searches_per_day: "},
	    {"searches_per_day=1000001", "0 to 1000000"},
	    {"units_per_day=many", "units_per_day: "},
	    {"label=%01", "label: "},
	    {"key=" KEY, "key"},
	    {"{\"limit\":null}", "limit"},
	};
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=" KEY, FLOW_TOKEN), 201);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s\n", cases[i].body);
		assert_int_equal(flow_request(flow, "PATCH", "/api/api_key/1", cases[i].body, FLOW_TOKEN), 400);
		assert_true(flow_body_has(flow, cases[i].named));
		assert_no_key_shows(flow);
	}
	/* Nothing of a change is made when a part of it is wrong. */
	assert_int_equal(flow_request(flow, "PATCH", "/api/api_key/1", "label=x&units_per_day=x", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "GET", "/api/api_key/1", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"label\":null,"));
}

static void a_key_has_exactly_its_members(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=" KEY, FLOW_TOKEN), 201);
	assert_string_equal(flow_body(flow),
	                    "{\"id\":1,\"key\":\"AIza…x4Qk\",\"label\":null,\"state\":\"new\",\"reason\":null,\"project\":null,"
	                    "\"searches\":{\"used\":0,\"limit\":100},\"units\":{\"used\":0,\"limit\":10000},"
	                    "\"resets_at\":\"2026-11-23T08:00:00Z\",\"last_used_at\":null}");
}

static void in_the_demo_keys_go_to_the_real_record(void **state)
{
	struct flow *flow = *state;
	AUTO(store_close) struct store *shown = NULL;
	AUTO(store_close) struct store *real = NULL;
	struct error err;
	bool exist;

	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=" KEY, FLOW_TOKEN), 201);
	assert_true(store_open(flow->live_path, STORE_READ, &real, &err));
	assert_true(store_keys_exist(real, &exist, &err));
	assert_true(exist);
	assert_true(store_open(flow->served_path, STORE_READ, &shown, &err));
	assert_true(store_keys_exist(shown, &exist, &err));
	assert_false(exist);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(everything_about_keys_needs_the_token),
	    CASE(a_key_is_added_once_and_shown_masked),
	    CASE(what_cannot_be_a_key_is_refused),
	    CASE(a_removed_key_is_gone_and_can_come_back),
	    CASE(a_spent_key_says_so),
	    CASE(the_owner_changes_a_key),
	    CASE(a_wrong_change_is_refused_by_its_name),
	    CASE(a_key_has_exactly_its_members),
	    cmocka_unit_test_setup_teardown(in_the_demo_keys_go_to_the_real_record, flow_set_up_demo, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
