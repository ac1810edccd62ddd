#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/flow.h"

#define SITE "http://127.0.0.1:8080"

static void opml_names_the_feed_of_each_query(void **state)
{
	struct flow *flow = *state;

	flow_add_query(flow, "rocket & launch");
	flow_add_query(flow, "lofi \"beats\" <live>");
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a visitor's", NULL), 202);
	assert_int_equal(flow_get(flow, "/feeds/queries.opml"), 200);
	assert_true(flow_header_has(flow, "Content-Type: text/x-opml; charset=utf-8\r\n"));
	assert_true(flow_body_has(flow, "<opml version=\"2.0\">\n<head><title>newsreel</title></head>\n<body>\n"));
	assert_int_equal(flow_body_count(flow, "<outline "), 2);
	assert_true(
	    flow_body_has(flow, "<outline type=\"rss\" text=\"rocket &amp; launch\" title=\"rocket &amp; launch\" xmlUrl=\"" SITE
	                        "/feeds/videos.atom?tracked=1\" htmlUrl=\"" SITE "/?tracked=1\"/>\n"));
	assert_true(flow_body_has(flow, "<outline type=\"rss\" text=\"lofi &quot;beats&quot; &lt;live&gt;\""));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(opml_names_the_feed_of_each_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
