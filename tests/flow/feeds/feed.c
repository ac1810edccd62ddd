#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/flow.h"

enum { VALUE_SIZE = 512 };

static void an_empty_feed_is_a_feed(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_true(flow_body_has(flow, "<updated>1970-01-01T00:00:00Z</updated>"));
	assert_int_equal(flow_get(flow, "/feeds/videos.json"), 200);
	assert_true(flow_body_has(flow, "\"items\":[]"));
	assert_int_equal(flow_get(flow, "/feeds/queries.opml"), 200);
	assert_true(flow_body_has(flow, "<body>\n</body>"));
}

static void feeds_take_the_parameters_of_the_list(void **state)
{
	static const char *const feeds[] = {"/feeds/videos.atom", "/feeds/videos.json"};
	struct flow *flow = *state;
	char url[VALUE_SIZE];

	for (size_t i = 0; i < sizeof(feeds) / sizeof(feeds[0]); i++) {
		snprintf(url, sizeof(url), "%s?page_size=101", feeds[i]);
		assert_int_equal(flow_get(flow, url), 400);
		assert_true(flow_body_has(flow, "page_size=101"));
		assert_true(flow_header_has(flow, "Content-Type: application/problem+json\r\n"));
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(an_empty_feed_is_a_feed),
	    CASE(feeds_take_the_parameters_of_the_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
