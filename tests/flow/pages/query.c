#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/coverage.h"
#include "tests/support/flow.h"

static void the_page_is_the_owners(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "rocket launch");
	assert_int_equal(flow_get(flow, "/queries/1"), 401);
	assert_false(flow_body_has(flow, "rocket launch"));
	assert_int_equal(flow_request(flow, "POST", "/queries/1/settings", "label=x", NULL), 401);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/queries/1"), 200);
	assert_true(flow_body_has(flow, "<h1><bdi lang=\"\">rocket launch</bdi></h1>"));
	assert_int_equal(flow_body_count(flow, "<bdi lang=\"\">rocket launch</bdi>"), 1);
	assert_true(flow_body_has(flow, "<h2><a href=\"/?tracked=1\">Its videos</a></h2>"));
	assert_true(flow_body_has(flow, "Waiting for the first poll"));
	assert_int_equal(flow_get(flow, "/queries/2"), 404);
	assert_int_equal(flow_submit(flow, &browser, "/queries/2/settings", "label=x"), 404);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/queries/1\">Settings<"));
}

static void a_query_is_called_by_its_label_and_listed_in_its_group(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "rocket launch");
	flow_add_query(flow, "moon");
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "label=+Launches+&group=Space"), 303);
	assert_true(flow_header_has(flow, "Location: /queries/1?done=change\r\n"));
	assert_int_equal(flow_get(flow, "/queries/1?done=change"), 200);
	assert_true(flow_body_has(flow, ">Saved.</p>"));
	assert_true(flow_body_has(flow, "name=\"label\" value=\"Launches\""));
	assert_true(flow_body_has(flow, "name=\"group\" value=\"Space\""));
	assert_true(flow_body_has(flow, "text: <bdi lang=\"\">rocket launch</bdi>"));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"follow_channels\":true,\"label\":\"Launches\",\"group\":\"Space\""));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, ">Launches<"));
	assert_int_equal(flow_get(flow, "/queries/2"), 200);
	assert_true(flow_body_has(flow, "<option value=\"Space\"></option>"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "label=+&group="), 303);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"label\":null,\"group\":null"));
}

static void the_owner_says_how_long_videos_are_kept(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "rocket launch");
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/queries/1"), 200);
	assert_true(flow_body_has(flow, "NEWSREEL_KEEP_DAYS holds: for ever."));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "keep_days=30"), 303);
	assert_int_equal(flow_get(flow, "/queries/1"), 200);
	assert_true(flow_body_has(flow, "name=\"keep_days\" value=\"30\""));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "keep_days=a+week"), 400);
	assert_true(flow_body_has(flow, "name=\"keep_days\" value=\"a week\""));
	assert_true(flow_body_has(flow, "1 to 36500 days are allowed, or 0: for ever"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "keep_days="), 303);
	assert_int_equal(flow_get(flow, "/queries/1"), 200);
	assert_true(flow_body_has(flow, "name=\"keep_days\" value=\"\""));
}

static void what_was_refused_stays_in_the_form(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "rocket launch");
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "group=a%01%22b&label=fine"), 400);
	assert_true(flow_body_has(flow, "control characters are not allowed"));
	assert_true(flow_body_has(flow, "name=\"label\" value=\"fine\""));
	assert_true(flow_body_has(flow, "aria-invalid=\"true\""));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "colour=red"), 400);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"label\":null,\"group\":null"));
}

static void cover(struct flow *flow, int64_t query)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct interval read = {.since = FLOW_NOW - 3 * 86400, .until = FLOW_NOW, .read_at = FLOW_NOW};
	struct poll poll = {.query_id = query, .at = FLOW_NOW, .rate = 60};
	struct error err;

	assert_true(coverage_set(&coverage, &read, &err) && store_coverage_write(store, query, &coverage, FLOW_NOW, &err));
	assert_true(store_query_polled(store, &poll, &err));
}

static void the_text_changes_and_coverage_begins_anew(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	cover(flow, flow_add_query(flow, "rocket launch"));
	flow_add_query(flow, "moon");
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "query=Moon&coverage=anew"), 409);
	assert_true(flow_body_has(flow, "the query 2 is the same"));
	assert_true(flow_body_has(flow, "name=\"query\" value=\"Moon\""));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "query=+"), 400);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "coverage=keep"), 400);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "query=x&coverage=none"), 400);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "query=rocket+launches&coverage=keep"), 303);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"query\":\"rocket launches\""));
	assert_true(flow_body_has(flow, "\"covered_until\":\"2026-11-22T10:00:00Z\""));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "{\"query\":\"Starship\"}", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"query\":\"Starship\""));
	assert_true(flow_body_has(flow, "\"covered_until\":null"));
	/* All or nothing. */
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "query=Falcon&priority=urgent", FLOW_TOKEN), 400);
	assert_true(flow_body_has(flow, "priority=urgent: low, normal or high is allowed"));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"query\":\"Starship\""));
}

static void priority_and_times_are_set_and_said(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "rocket launch");
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings",
	                             "priority=high&starts_at=2026-11-24&ends_at=2026-11-30T12:00:00Z"),
	                 303);
	assert_int_equal(flow_get(flow, "/queries/1"), 200);
	assert_true(flow_body_has(flow, "<option value=\"high\" selected>"));
	assert_true(flow_body_has(flow, "name=\"starts_at\" value=\"2026-11-24\""));
	assert_true(flow_body_has(flow, "name=\"ends_at\" value=\"2026-11-30T12:00:00Z\""));
	assert_true(flow_body_has(flow, "Begins 24 Nov 2026 UTC"));
	assert_true(flow_body_has(flow, "high priority"));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"priority\":\"high\",\"starts_at\":\"2026-11-24T00:00:00Z\","
	                                "\"ends_at\":\"2026-11-30T12:00:00Z\",\"keep_days\":null,\"period\":\"before\""));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "ends_at=2026-11-24"), 400);
	assert_true(flow_body_has(flow, "it must be later than starts_at"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "starts_at=soon"), 400);
	assert_true(flow_body_has(flow, "value=\"soon\""));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "starts_at=&ends_at=2026-11-22"), 303);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "Ended 22 Nov 2026 UTC"));
	assert_false(flow_body_has(flow, "next poll"));
}

static void a_backfill_is_estimated_before_it_begins(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "rocket launch");
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/backfill", "since=2026-10-01"), 409);
	assert_true(flow_body_has(flow, "not polled yet"));
	cover(flow, 1);
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=AIzaThisIsNoKeyOfAnybody0123456789-_x4Qk"), 303);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/backfill", "since=2026-10-01"), 200);
	assert_true(flow_body_has(flow, "about 50 searches of YouTube"));
	assert_true(flow_body_has(flow, "about 3 days with the quota that gaps have"));
	assert_true(flow_body_has(flow, "name=\"since\" value=\"2026-10-01T00:00:00Z\""));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"backfill\":null"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/backfill", "since=2026-10-01T00:00:00Z&confirm=true"), 303);
	assert_int_equal(flow_get(flow, "/queries/1?done=backfill"), 200);
	assert_true(flow_body_has(flow, "The backfill has begun."));
	assert_true(flow_body_has(flow, "aria-label=\"Backfill\"></progress> 0"));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"backfill\":{\"since\":\"2026-10-01T00:00:00Z\",\"until\":\"2026-11-19T10:00:00Z\","));
	/* Further back is the same backfill. */
	assert_int_equal(flow_request(flow, "POST", "/api/queries/1/backfill", "{\"since\":\"2026-09-01\",\"confirm\":true}",
	                              FLOW_TOKEN),
	                 200);
	assert_true(
	    flow_body_has(flow, "\"confirmed\":true,\"since\":\"2026-09-01T00:00:00Z\",\"until\":\"2026-10-01T00:00:00Z\""));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"backfill\":{\"since\":\"2026-09-01T00:00:00Z\",\"until\":\"2026-11-19T10:00:00Z\","));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/backfill", "cancel=1"), 303);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"backfill\":null"));
	assert_true(flow_body_has(flow, "\"covered_since\":\"2026-11-19T10:00:00Z\""));
}

static void a_backfill_is_limited(void **state)
{
	struct flow *flow = *state;

	cover(flow, flow_add_query(flow, "rocket launch"));
	flow_add_query(flow, "@NASA");
	assert_int_equal(flow_request(flow, "POST", "/api/queries/1/backfill", "since=2026-11-20", FLOW_TOKEN), 422);
	assert_true(flow_body_has(flow, "since: coverage begins at 2026-11-19T10:00:00Z already"));
	assert_int_equal(flow_request(flow, "POST", "/api/queries/1/backfill", "since=2005-04-22", FLOW_TOKEN), 422);
	assert_int_equal(flow_request(flow, "POST", "/api/queries/1/backfill", "since=2015-04-22", FLOW_TOKEN), 422);
	assert_true(flow_body_has(flow, "searches would be needed, allowed are 2000"));
	assert_int_equal(flow_request(flow, "POST", "/api/queries/1/backfill", "confirm=true", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "POST", "/api/queries/2/backfill", "since=2026-10-01", FLOW_TOKEN), 422);
	assert_int_equal(flow_request(flow, "POST", "/api/queries/3/backfill", "since=2026-10-01", FLOW_TOKEN), 404);
	assert_int_equal(flow_request(flow, "POST", "/api/queries/1/backfill", "since=2026-10-01", NULL), 401);
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries/1/backfill", NULL, NULL), 401);
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries/1/backfill", NULL, FLOW_TOKEN), 204);
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries/3/backfill", NULL, FLOW_TOKEN), 404);
	/* Without a key nobody knows how long it takes. */
	assert_int_equal(flow_request(flow, "POST", "/api/queries/1/backfill", "since=2026-10-01", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"days\":null"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_page_is_the_owners, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_query_is_called_by_its_label_and_listed_in_its_group, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(the_owner_says_how_long_videos_are_kept, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(what_was_refused_stays_in_the_form, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(the_text_changes_and_coverage_begins_anew, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(priority_and_times_are_set_and_said, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_backfill_is_estimated_before_it_begins, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_backfill_is_limited, flow_set_up, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
