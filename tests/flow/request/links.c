#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/support/flow.h"

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

static void links_keep_every_filter(void **state)
{
	struct flow *flow = *state;

	flow_add_videos(flow, 45, 60, flow_add_query(flow, "rocket launch"));
	assert_int_equal(
	    flow_get(flow, "/api/videos?page_size=5&kind=video&published_after=2026-11-22&published_before=2027-01-01&query="
	                   "flight+%26+more%7Cx&sort=oldest&count=exact&page=2&tracked=1"),
	    200);
	assert_true(flow_body_has(flow, "\"previous\":\"/api/videos?query=flight+%26+more%7Cx&tracked=1&published_after="
	                                "2026-11-22T00:00:00Z&published_before=2027-01-01T00:00:00Z&kind=video&sort=oldest"
	                                "&page_size=5&count=exact\""));
	assert_int_equal(flow_get(flow, "/api/videos?within=week&page_size=40"), 200);
	assert_true(flow_body_has(flow, "\"next\":\"/api/videos?within=week&page_number=2&page_size=40\""));
}

static void links_begin_with_the_public_url(void **state)
{
	struct flow *flow = *state;
	struct error err;

	flow_add_videos(flow, 45, 60, flow_add_query(flow, "rocket launch"));
	assert_true(text_replace(&flow->config.public_url, "https://example.org/news", &err));
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "\"next\":\"https://example.org/news/api/videos?page_number=2\""));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(links_lie_below_the_base),
	    CASE(links_keep_every_filter),
	    CASE(links_begin_with_the_public_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
