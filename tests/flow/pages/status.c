#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "store/coverage.h"
#include "store/keys.h"
#include "store/queries.h"
#include "store/runs.h"
#include "tests/support/flow.h"

#define KEY "AIzaThisIsNoKeyOfAnybody0123456789-_x4Qk"

static void add_key(struct flow *flow)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;
	int64_t id;

	assert_true(store_key_add(store, KEY, "spare", FLOW_NOW, &id, &err));
	assert_true(store_quota_charge(store, id, BUCKET_SEARCHES, FLOW_NOW, &err));
}

/* A tick that ended at TIME; ERROR may be NULL. */
static void add_run(struct flow *flow, int64_t time, const char *error)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	struct run run = {
	    .started_at = time - 3, .finished_at = time, .searches = 1, .units = 2, .added = 1234, .failures = error != NULL};
	char words[200];
	struct error err;

	assert_true(store_run_begin(store, run.started_at, &run.id, &err));
	snprintf(words, sizeof(words), "%s", error ? error : "");
	run.error = error ? words : NULL;
	assert_true(store_run_finish(store, &run, &err));
}

/* A search of the query that went well at TIME. */
static void poll(struct flow *flow, int64_t query, int64_t time)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct interval read = {.since = time - 3600, .until = time, .read_at = time};
	struct poll one = {.query_id = query, .at = time};
	struct error err;

	assert_true(coverage_set(&coverage, &read, &err) && store_coverage_write(store, query, &coverage, time, &err));
	assert_true(store_query_polled(store, &one, &err));
}

static void all_well(struct flow *flow)
{
	int64_t query = flow_add_query(flow, "rocket launch");

	add_key(flow);
	poll(flow, query, FLOW_NOW - 40);
	add_run(flow, FLOW_NOW - 40, NULL);
}

static void assert_standing(struct flow *flow, const char *words)
{
	char text[128];

	snprintf(text, sizeof(text), "<strong>%s.</strong>", words);
	print_message("%s\n", words);
	assert_int_equal(flow_get(flow, "/status"), 200);
	assert_true(flow_body_has(flow, text));
}

static void everything_well_is_said(void **state)
{
	struct flow *flow = *state;

	all_well(flow);
	assert_standing(flow, "Running normally");
	assert_false(flow_body_has(flow, "Warnings"));
	assert_true(flow_body_has(flow, "<dt>Last run</dt><dd><time datetime=\"2026-11-22T09:59:20Z\""));
	assert_true(flow_body_has(flow, "<dt>Next run</dt><dd><time datetime=\"2026-11-22T10:00:20Z\""));
	assert_true(flow_body_has(flow, "<td>1</td><td>2</td><td>1,234</td><td class=\"wide\" dir=\"auto\" lang=\"\"></td>"));
	assert_true(flow_body_has(flow, "<caption class=\"unseen\">"));
}

static void without_a_key_every_page_says_so(void **state)
{
	struct flow *flow = *state;

	assert_standing(flow, "There is no API key");
	assert_true(flow_body_has(flow, "add one on the page Keys"));
	add_run(flow, FLOW_NOW - 60, NULL);
	assert_standing(flow, "There is no API key");
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "no API key"));
	add_key(flow);
	assert_standing(flow, "No active query");
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_false(flow_body_has(flow, "no API key"));
}

static void each_trouble_with_a_key_has_its_words(void **state)
{
	struct flow *flow = *state;
	struct error err;

	add_key(flow);
	assert_standing(flow, "newsreel has just started");
	add_run(flow, FLOW_NOW - 40, NULL);
	assert_standing(flow, "No active query");
	flow_add_query(flow, "rocket launch");
	add_run(flow, FLOW_NOW - 20, "<b>no route</b> to www.googleapis.com");
	assert_standing(flow, "The last run failed");
	assert_true(flow_body_has(flow, "&lt;b&gt;no route&lt;/b&gt; to www.googleapis.com"));
	assert_false(flow_body_has(flow, "<b>no route"));
	poll(flow, 1, FLOW_NOW - 10);
	assert_standing(flow, "Running normally");
	struct store *store = flow_open(flow);
	assert_true(store_quota_spent(store, 1, BUCKET_SEARCHES, "4711", 50, FLOW_NOW, &err));
	store_close(&store);
	assert_standing(flow, "Today&#39;s search quota is used up");
	assert_true(flow_body_has(flow, "The quota resets <time datetime=\"2026-11-23T08:00:00Z\""));
	store = flow_open(flow);
	assert_true(store_key_set_health(store, 1, KEY_INVALID, "bad key", FLOW_NOW, &err));
	store_close(&store);
	assert_standing(flow, "No usable API key");
	flow->time.now += 3600;
	assert_standing(flow, "Polling has stopped");
}

static void the_owner_sees_quota_plan_and_keys(void **state)
{
	struct flow *flow = *state;
	struct schedule_table schedule = {0};
	struct run run = {.started_at = FLOW_NOW, .finished_at = FLOW_NOW, .recount_units = 1200};
	struct flow_browser browser;
	struct error err;

	all_well(flow);
	schedule.of[BUDGET_NEWEST].planned = 40;
	schedule.of[BUDGET_GAPS].planned = 1;
	struct store *store = flow_open(flow);
	assert_true(store_schedule_write(store, quota_day_start(FLOW_NOW), &schedule, &err));
	assert_true(store_run_begin(store, FLOW_NOW, &run.id, &err) && store_run_finish(store, &run, &err));
	store_close(&store);
	assert_int_equal(flow_get(flow, "/status"), 200);
	assert_false(flow_body_has(flow, "AIza"));
	assert_false(flow_body_has(flow, "Quota today"));
	assert_false(flow_body_has(flow, "Database size"));
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/status"), 200);
	assert_true(flow_body_has(flow, "Project of the key AIza…x4Qk"));
	assert_true(flow_body_has(flow, "aria-label=\"Searches\">1 of 100</meter>"));
	assert_true(flow_body_has(flow, "(Mon 23 Nov 2026, 08:00:00 UTC)"));
	assert_true(flow_body_has(flow, "99 searches and 10,000 units left."));
	assert_true(flow_body_has(flow, "1,200 units were left over for the numbers of new videos."));
	assert_true(flow_body_has(flow, "<li>40 searches for the newest videos</li>"));
	assert_true(flow_body_has(flow, "<li>1 search to close gaps</li>"));
	assert_false(flow_body_has(flow, "for visitor requests"));
	assert_true(flow_body_has(flow, "<code>AIza…x4Qk</code> <bdi lang=\"\">spare</bdi>: <span class=\"state new\">tested, "
	                                "no answer yet</span>"));
	assert_true(flow_body_has(flow, "Database size"));
	assert_false(flow_body_has(flow, KEY));
}

static void gaps_are_told_by_query(void **state)
{
	struct flow *flow = *state;
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct interval gap = {.since = FLOW_NOW - 2 * 86400, .until = FLOW_NOW - 86400, .reason = GAP_INTERRUPTED};
	struct interval read = {.since = FLOW_NOW - 86400, .until = FLOW_NOW, .read_at = FLOW_NOW};
	struct error err;

	all_well(flow);
	assert_int_equal(flow_get(flow, "/status"), 200);
	assert_false(flow_body_has(flow, "id=\"gaps\""));
	struct store *store = flow_open(flow);
	assert_true(coverage_set(&coverage, &gap, &err) && coverage_set(&coverage, &read, &err));
	assert_true(store_coverage_write(store, 1, &coverage, FLOW_NOW, &err));
	store_close(&store);
	assert_int_equal(flow_get(flow, "/status"), 200);
	assert_true(flow_body_has(flow, "<h3><bdi lang=\"\">rocket launch</bdi></h3>"));
	assert_true(flow_body_has(flow, "<progress max=\"100\" value=\"50\""));
	assert_true(flow_body_has(flow, "cut short by an error"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(everything_well_is_said),
	    CASE(without_a_key_every_page_says_so),
	    CASE(each_trouble_with_a_key_has_its_words),
	    CASE(the_owner_sees_quota_plan_and_keys),
	    CASE(gaps_are_told_by_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
