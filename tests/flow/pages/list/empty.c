#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/queries.h"
#include "tests/support/flow.h"

static void empty_lists_say_why(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "No queries are tracked yet."));
	flow_add_query(flow, "rocket launch");
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "No videos yet."));
	flow_add_video(flow, "abcdefghijA", "Starship", FLOW_NOW, 1);
	assert_int_equal(flow_get(flow, "/?query=zeppelin"), 200);
	assert_true(flow_body_has(flow, "No recorded video matches this search."));
	assert_int_equal(flow_get(flow, "/?page_number=9"), 200);
	assert_true(flow_body_has(flow, "This list has fewer pages."));
}

static void a_page_says_how_far_it_looked_and_leads_on(void **state)
{
	struct flow *flow = *state;

	flow_add_videos(flow, 25, 60, 0);
	assert_int_equal(flow_get(flow, "/readyz"), 200); /* opens the database */
	store_set_scan_limit(flow->app.store, 10);
	assert_int_equal(flow_get(flow, "/?query=starship&min_duration=7"), 200);
	assert_true(flow_body_has(flow, "<b>no videos so far</b> · Newest first · looked through 10"));
	assert_true(flow_body_has(flow, "Nothing found yet."));
	assert_true(
	    flow_body_has(flow, "newsreel looked through the newest 10 videos that may match. <a href=\"/?query=starship"));
	assert_int_equal(flow_get(flow, "/?min_duration=7&cursor=n000001ac00000000"), 200);
}

static void a_search_that_is_not_followed_may_be(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/?query=zeppelin+%3Cb%3E"), 200);
	assert_true(flow_body_has(flow, "action=\"/queries\" method=\"post\""));
	assert_true(flow_body_has(flow, "name=\"query\" value=\"zeppelin &lt;b&gt;\""));
	/* Who asks sees the same address otherwise. */
	assert_true(flow_header_has(flow, "Cache-Control: no-store\r\n"));
	assert_false(flow_header_has(flow, "ETag: "));
	flow->config.visitor_queries = 0;
	assert_int_equal(flow_get(flow, "/?query=zeppelin"), 200);
	assert_true(flow_header_has(flow, "Cache-Control: max-age=1"));
	assert_false(flow_body_has(flow, "action=\"/queries\""));
}

static void what_a_visitor_asked_for_is_announced(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=zeppelin", NULL), 202);
	assert_int_equal(flow_get(flow, "/?query=Zeppelin"), 200);
	assert_true(flow_body_has(flow, "This search is queued. First poll <time "));
	assert_true(flow_body_has(flow, ">in 1\u00A0min</time> at the earliest"));
	assert_false(flow_body_has(flow, "action=\"/queries\""));
	assert_false(flow_body_has(flow, "All videos of this query"));
	assert_int_equal(flow_get(flow, "/?query=airship"), 200);
	assert_false(flow_body_has(flow, "This search is queued"));
}

static void what_a_visitors_query_found_matches_its_text(void **state)
{
	struct flow *flow = *state;
	struct store *store = flow_open(flow);
	AUTO(query_clear) struct query query = {0};
	struct error err;

	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=zeppelin", NULL), 202);
	assert_true(store_query_find(store, " ZEPPELIN ", FLOW_NOW, &query, &err));
	store_close(&store);
	flow_add_video(flow, "abcdefghijA", "Graf", FLOW_NOW, query.id);
	assert_int_equal(flow_get(flow, "/?query=zeppelin"), 200);
	assert_true(flow_body_has(flow, ">Graf</a>"));
	assert_false(flow_body_has(flow, "tracked="));
}

static void a_followed_search_leads_to_its_own_list(void **state)
{
	struct flow *flow = *state;

	flow_add_query(flow, "rocket launch");
	assert_int_equal(flow_get(flow, "/?query=Rocket++Launch"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/?tracked=1\">All videos of this query</a>"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(empty_lists_say_why),
	    CASE(a_page_says_how_far_it_looked_and_leads_on),
	    CASE(a_search_that_is_not_followed_may_be),
	    CASE(what_a_visitor_asked_for_is_announced),
	    CASE(what_a_visitors_query_found_matches_its_text),
	    CASE(a_followed_search_leads_to_its_own_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
