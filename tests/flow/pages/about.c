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

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_page_says_where_the_data_comes_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
