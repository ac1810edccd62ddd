#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/support/flow.h"

static void texts_are_taken_line_by_line(void **state)
{
	struct flow *flow = *state;

	flow_add_query(flow, "moon");
	assert_int_equal(flow_request(flow, "POST", "/api/queries/import",
	                              "lines=solar+eclipse%0D%0A%0D%0A++MOON%0A%40NASA%0Ahttps://youtu.be/abcdefghijA%0Asun",
	                              FLOW_TOKEN),
	                 200);
	assert_true(flow_body_has(flow, "{\"added\":3,\"known\":1,\"failed\":[{\"line\":5,"));
	assert_true(flow_body_has(flow, "address of a video"));
	assert_int_equal(flow_get(flow, "/api/queries.txt"), 200);
	assert_string_equal(flow_body(flow), "moon\nsolar eclipse\n@NASA\nsun\n");
	assert_true(flow_header_has(flow, "Content-Type: text/plain; charset=utf-8"));
	assert_int_equal(flow_request(flow, "POST", "/api/queries/import", "lines=+%0A", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "POST", "/api/queries/import", "query=x", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "POST", "/api/queries/import", "lines=x", NULL), 401);
}

static void a_line_that_is_wrong_says_what(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request_as(flow, "POST", "/queries/import", "lines=x", "application/x-www-form-urlencoded"), 401);
	assert_int_equal(flow_request(flow, "POST", "/api/queries/import",
	                              "lines={\"query\":\"a\",\"priority\":\"urgent\"}%0A{\"query\":\"b\",\"id\":7}%0A{\"label\":"
	                              "\"c\"}%0A{oops%0A{\"query\":\"d\"}",
	                              FLOW_TOKEN),
	                 200);
	assert_true(flow_body_has(flow, "{\"added\":1,\"known\":0,"));
	assert_true(flow_body_has(flow, "{\"line\":1,\"detail\":\"priority=urgent: low, normal or high is allowed\"}"));
	assert_true(flow_body_has(flow, "{\"line\":2,\"detail\":\"there is no member 'id'"));
	assert_true(flow_body_has(flow, "{\"line\":3,\"detail\":\"query: the search to track is missing\"}"));
	assert_true(flow_body_has(flow, "{\"line\":4,"));
	assert_int_equal(flow_get(flow, "/api/queries.txt"), 200);
	assert_string_equal(flow_body(flow), "d\n");
}

/* Into an empty database. */
static void what_was_exported_comes_back_the_same(void **state)
{
	struct flow *flow = *state;
	struct flow *other;
	void *other_state = NULL;
	char body[4096] = "lines=";

	flow_add_query(flow, "rocket launch");
	flow_add_query(flow, "@NASA");
	flow_add_query(flow, "a \"b\" | -c");
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1",
	                              "label=Launches&group=Space&priority=high&starts_at=2026-11-23&ends_at=2026-12-24T06:00:"
	                              "00Z&follow_channels=false",
	                              FLOW_TOKEN),
	                 200);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/3", "state=paused&priority=low", FLOW_TOKEN), 200);
	assert_int_equal(flow_get(flow, "/api/queries.ndjson"), 200);
	AUTO(text_free) char *exported = NULL;
	struct error err;
	assert_true(text_copy(flow_body(flow), &exported, &err));
	for (const char *at = exported; *at; at++)
		snprintf(body + strlen(body), sizeof(body) - strlen(body), "%%%02X", (unsigned char)*at);
	assert_int_equal(flow_set_up(&other_state), 0);
	other = other_state;
	assert_int_equal(flow_request(other, "POST", "/api/queries/import", body, FLOW_TOKEN), 200);
	assert_string_equal(flow_body(other), "{\"added\":3,\"known\":0,\"failed\":[]}");
	assert_int_equal(flow_get(other, "/api/queries.ndjson"), 200);
	assert_string_equal(flow_body(other), exported);
	assert_int_equal(flow_request(other, "POST", "/api/queries/import", body, FLOW_TOKEN), 200);
	assert_string_equal(flow_body(other), "{\"added\":1,\"known\":2,\"failed\":[]}");
	assert_int_equal(flow_get(other, "/api/queries.ndjson"), 200);
	assert_string_equal(flow_body(other), exported);
	flow_tear_down(&other_state);
}

static void the_page_says_what_came_of_it(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	assert_int_equal(flow_get(flow, "/queries/import"), 401);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/queries/import"), 200);
	assert_true(flow_body_has(flow, "href=\"/api/queries.ndjson\""));
	assert_int_equal(flow_submit(flow, &browser, "/queries/import", "lines=moon%0A%3Cb%3E%01"), 200);
	assert_true(flow_body_has(flow, "1 query added, 0 queries known before."));
	assert_true(flow_body_has(flow, "<li>Line 2: "));
	assert_true(flow_body_has(flow, ">moon\n&lt;b&gt;"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/import", "lines="), 400);
	assert_true(flow_body_has(flow, "role=\"alert\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(texts_are_taken_line_by_line, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_line_that_is_wrong_says_what, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(what_was_exported_comes_back_the_same, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(the_page_says_what_came_of_it, flow_set_up, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
