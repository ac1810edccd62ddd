#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/flow.h"

static void the_page_says_where_the_data_comes_from(void **state)
{
	static const char *const links[] = {"https://www.youtube.com/t/terms",
	                                    "https://policies.google.com/privacy",
	                                    "/api/docs",
	                                    "/api/openapi.json",
	                                    "/feeds/videos.atom",
	                                    "/feeds/videos.json",
	                                    "/feeds/queries.opml",
	                                    "/api/videos.csv"};
	struct flow *flow = *state;
	char link[128];

	assert_int_equal(flow_get(flow, "/about"), 200);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		snprintf(link, sizeof(link), "<a href=\"%s\"", links[i]);
		assert_true(flow_body_has(flow, link));
	}
	assert_true(flow_body_has(flow, "i.ytimg.com"));
	assert_true(flow_body_has(flow, "You can request a search of your own"));
	flow->config.visitor_queries = 0;
	assert_int_equal(flow_get(flow, "/about"), 200);
	assert_false(flow_body_has(flow, "You can request a search of your own"));
}

/* Pages below a base have all their links below it. */
static void links_lie_below_the_base(void **state)
{
	static const char *const pages[] = {"/newsreel/about", "/newsreel/queries", "/newsreel/status", "/newsreel/channels",
	                                    "/newsreel/keys"};
	struct flow *flow = *state;
	char public_url[] = "https://example.org/newsreel";
	char *configured = flow->config.public_url;

	flow_add_query(flow, "rocket launch");
	flow->config.public_url = public_url;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		flow_request(flow, "GET", pages[i], NULL, FLOW_TOKEN);
		assert_int_equal(flow->response.status, 200);
		assert_false(flow_body_has(flow, "href=\"/"));
		assert_false(flow_body_has(flow, "action=\"/"));
	}
	assert_int_equal(flow_request(flow, "POST", "/newsreel/queries/1", "action=pause", FLOW_TOKEN), 303);
	assert_true(flow_header_has(flow, "Location: https://example.org/newsreel/queries?done=pause\r\n"));
	flow->config.public_url = configured;
}

static void pages_without_a_record_ask_for_patience(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/about"), 200);
	assert_int_equal(flow_get(flow, "/queries"), 503);
	assert_int_equal(flow_get(flow, "/status"), 503);
	assert_int_equal(flow_get(flow, "/keys"), 503);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_page_says_where_the_data_comes_from),
	    CASE(links_lie_below_the_base),
	    cmocka_unit_test_setup_teardown(pages_without_a_record_ask_for_patience, flow_set_up_without_record, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
