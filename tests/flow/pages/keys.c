#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/keys.h"
#include "tests/support/flow.h"

#define KEY "AIzaThisIsNoKeyOfAnybody0123456789-_x4Qk"
#define OTHER "AIzaThisIsAnotherOneOfNobody0123456-_z9Wp"

static void assert_no_key_shows(const struct flow *flow)
{
	assert_false(flow_body_has(flow, KEY));
	assert_false(flow_body_has(flow, "NoKeyOfAnybody"));
	assert_false(flow_header_has(flow, "NoKeyOfAnybody"));
}

static void visitors_are_asked_to_sign_in(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	assert_int_equal(flow_get(flow, "/keys"), 401);
	assert_true(flow_header_has(flow, "WWW-Authenticate: Bearer"));
	assert_true(flow_header_has(flow, "Cache-Control: no-store\r\n"));
	assert_true(flow_body_has(flow, "action=\"/login\" method=\"post\""));
	assert_true(flow_body_has(flow, "name=\"next\" value=\"/keys\""));
	assert_int_equal(flow_request(flow, "POST", "/keys", "key=" KEY, NULL), 401);
	assert_no_key_shows(flow);
	assert_int_equal(flow_request(flow, "POST", "/keys/1", "action=remove", NULL), 401);
	assert_int_equal(flow_request(flow, "GET", "/keys", NULL, "wrong"), 401);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/keys"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/keys\" aria-current=\"page\">Keys</a>"));
	assert_int_equal(flow_request(flow, "POST", "/keys", "key=" KEY, NULL), 403);
	assert_no_key_shows(flow);
}

static void a_key_is_added_and_shown_masked(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/keys"), 200);
	assert_true(flow_body_has(flow, "Add your first API key"));
	assert_true(flow_body_has(flow, "YouTube allows one Google Cloud project"));
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=" KEY "&label=%3Cb%3Espare"), 303);
	assert_true(flow_header_has(flow, "Location: /keys?done=add\r\n"));
	assert_int_equal(flow_get(flow, "/keys?done=add"), 200);
	assert_true(flow_body_has(flow, "<code>AIza…x4Qk</code> <bdi lang=\"\">&lt;b&gt;spare</bdi>"));
	assert_true(flow_body_has(flow, "<span class=\"state new\">not tested yet</span>"));
	assert_true(flow_body_has(flow, "tests it with one call of one unit"));
	assert_true(
	    flow_body_has(flow, "<meter min=\"0\" max=\"100\" value=\"0\" aria-label=\"Searches today\">0 of 100</meter>"));
	assert_true(flow_body_has(flow, "0 of 10,000"));
	assert_true(flow_body_has(flow, "<time datetime=\"2026-11-23T08:00:00Z\""));
	assert_no_key_shows(flow);
}

static void what_is_refused_shows_no_key(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=NoKeyOfAnybody&label=spare"), 422);
	assert_true(flow_body_has(flow, "role=\"alert\" id=\"refused\">a key has 20 to 128 characters"));
	assert_true(flow_body_has(flow, "name=\"label\" value=\"spare\""));
	assert_no_key_shows(flow);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "label=spare"), 400);
	assert_true(flow_body_has(flow, "the key is missing."));
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=" KEY "&label=%01"), 400);
	assert_true(flow_body_has(flow, "label: at most 100 characters"));
	assert_no_key_shows(flow);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=" KEY), 303);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=" KEY), 409);
	assert_true(flow_body_has(flow, "role=\"alert\" id=\"refused\""));
	assert_no_key_shows(flow);
}

static void a_spent_key_and_a_bad_one_say_what_to_do(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;
	struct error err;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=" KEY), 303);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=" OTHER), 303);
	struct store *store = flow_open(flow);
	assert_true(store_quota_spent(store, 1, BUCKET_SEARCHES, "4711", 50, FLOW_NOW, &err));
	assert_true(store_key_set_health(store, 2, KEY_INVALID, "<i>bad</i> key", FLOW_NOW, &err));
	store_close(&store);
	assert_int_equal(flow_get(flow, "/keys"), 200);
	assert_true(flow_body_has(flow, "<span class=\"state spent\">quota used up</span> <span>project 4711</span>"));
	assert_true(flow_body_has(flow, "searches used up for today"));
	assert_true(flow_body_has(flow, "uses it again after the reset"));
	assert_true(flow_body_has(flow, "<p class=\"meter spent\">"));
	assert_true(flow_body_has(flow, "50 of 50"));
	assert_true(flow_body_has(flow, "unknown to YouTube"));
	assert_true(flow_body_has(flow, "&lt;i&gt;bad&lt;/i&gt; key"));
	assert_true(flow_body_has(flow, "Copy it again from the Google Cloud console"));
}

static void a_key_is_paused_changed_and_removed(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=" KEY), 303);
	assert_int_equal(flow_submit(flow, &browser, "/keys/1", "action=pause"), 303);
	assert_int_equal(flow_get(flow, "/keys?done=pause"), 200);
	assert_true(flow_body_has(flow, "<span class=\"state paused\">paused</span>"));
	assert_true(flow_body_has(flow, "value=\"resume\">Resume"));
	assert_int_equal(flow_submit(flow, &browser, "/keys/1", "action=resume"), 303);
	assert_int_equal(flow_submit(flow, &browser, "/keys/1",
	                             "action=change&label=main&searches_per_day=250&units_per_day=10000"),
	                 303);
	assert_int_equal(flow_get(flow, "/keys"), 200);
	assert_true(flow_body_has(flow, "<bdi lang=\"\">main</bdi>"));
	assert_true(flow_body_has(flow, "0 of 250"));
	/* A limit that nobody touched still follows the configuration. */
	flow->config.units_per_day = 20000;
	assert_int_equal(flow_get(flow, "/keys"), 200);
	assert_true(flow_body_has(flow, "0 of 20,000"));
	assert_int_equal(flow_submit(flow, &browser, "/keys/1", "action=change&searches_per_day="), 303);
	assert_int_equal(flow_get(flow, "/keys"), 200);
	assert_true(flow_body_has(flow, "0 of 100<"));
	assert_int_equal(flow_submit(flow, &browser, "/keys/1", "action=remove"), 303);
	assert_int_equal(flow_get(flow, "/keys"), 200);
	assert_true(flow_body_has(flow, "Add your first API key"));
	assert_int_equal(flow_submit(flow, &browser, "/keys/1", "action=pause"), 404);
	assert_int_equal(flow_submit(flow, &browser, "/keys/x", "action=pause"), 404);
}

static void a_wrong_change_stays_in_its_form(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=" KEY), 303);
	assert_int_equal(flow_submit(flow, &browser, "/keys/1", "action=change&label=main&searches_per_day=many"), 400);
	assert_true(flow_body_has(flow, "<details open>"));
	assert_true(flow_body_has(flow, "Searches per day: a whole number from 0 to 1,000,000, or empty."));
	assert_true(
	    flow_body_has(flow,
	                  "name=\"searches_per_day\" value=\"many\" inputmode=\"numeric\" autocomplete=\"off\" aria-invalid"));
	assert_true(flow_body_has(flow, "name=\"label\" value=\"main\""));
	assert_true(flow_body_has(flow, "name=\"units_per_day\" value=\"10000\" inputmode=\"numeric\" autocomplete=\"off\">"));
	assert_int_equal(flow_submit(flow, &browser, "/keys/1", "action=pause&label=x"), 400);
	assert_int_equal(flow_submit(flow, &browser, "/keys/1", "label=x"), 400);
	assert_int_equal(flow_submit(flow, &browser, "/keys/1", "action=change&key=" KEY), 400);
	assert_no_key_shows(flow);
	assert_int_equal(flow_get(flow, "/keys"), 200);
	assert_false(flow_body_has(flow, "<bdi lang=\"\">main</bdi>"));
}

static void in_the_demo_keys_go_to_the_real_record(void **state)
{
	struct flow *flow = *state;
	AUTO(store_close) struct store *real = NULL;
	struct flow_browser browser;
	struct error err;
	bool exist;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=" KEY), 303);
	assert_true(store_open(flow->live_path, STORE_READ, &real, &err));
	assert_true(store_keys_exist(real, &exist, &err));
	assert_true(exist);
	assert_int_equal(flow_get(flow, "/keys"), 200);
	assert_true(flow_body_has(flow, "AIza…x4Qk"));
	assert_true(flow_body_has(flow, "Add a key, and newsreel switches to live data"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(visitors_are_asked_to_sign_in),
	    CASE(a_key_is_added_and_shown_masked),
	    CASE(what_is_refused_shows_no_key),
	    CASE(a_spent_key_and_a_bad_one_say_what_to_do),
	    CASE(a_key_is_paused_changed_and_removed),
	    CASE(a_wrong_change_stays_in_its_form),
	    cmocka_unit_test_setup_teardown(in_the_demo_keys_go_to_the_real_record, flow_set_up_demo, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
