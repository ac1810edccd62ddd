#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

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

static const char *const every_page[] = {
    "/",      "/video/abcdefghijA", "/queries", "/channels", "/compare", "/status", "/about", "/keys",
    "/login", "/api/docs",          "/nothing"};
enum { PAGES = sizeof(every_page) / sizeof(every_page[0]) };

static void fill(struct flow *flow)
{
	int64_t query = flow_add_query(flow, "rocket launch");

	flow_add_video(flow, "abcdefghijA", "Starship", FLOW_NOW, query);
	assert_int_equal(flow_request(flow, "POST", "/api/api_key", "key=AIzaThisIsNoKeyOfAnybody0123456789-_x4Qk", FLOW_TOKEN),
	                 201);
}

/* The first id that the page has twice; "" when there is none. */
static const char *id_given_twice(const struct flow *flow, char out[64])
{
	static const char attribute[] = " id=\"";

	for (const char *at = flow_body(flow); (at = strstr(at, attribute)); at += strlen(attribute)) {
		size_t len = strlen(attribute) + strcspn(at + strlen(attribute), "\"") + 1;

		snprintf(out, 64, "%.*s", (int)len, at);
		if (strstr(at + len, out))
			return out;
	}
	return "";
}

static void a_page_has_each_id_once(void **state)
{
	struct flow *flow = *state;
	char id[64];

	fill(flow);
	for (size_t i = 0; i < PAGES; i++) {
		flow_get(flow, every_page[i]);
		assert_string_equal(id_given_twice(flow, id), "");
		flow_request(flow, "GET", every_page[i], NULL, FLOW_TOKEN);
		assert_string_equal(id_given_twice(flow, id), "");
	}
}

static void visitors_see_no_path_of_the_machine(void **state)
{
	struct flow *flow = *state;

	fill(flow);
	for (size_t i = 0; i < PAGES; i++) {
		flow_get(flow, every_page[i]);
		assert_false(flow_body_has(flow, flow->config.data));
	}
	assert_int_equal(flow_get(flow, "/login"), 200);
	assert_true(flow_body_has(flow, "<code>admin-token</code> in the data folder"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_page_says_where_the_data_comes_from),
	    CASE(a_page_has_each_id_once),
	    CASE(visitors_see_no_path_of_the_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
