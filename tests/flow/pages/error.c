#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/flow.h"

static void errors_are_pages(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/?page_number=0"), 400);
	assert_true(flow_header_has(flow, "Content-Type: text/html; charset=utf-8\r\n"));
	assert_true(flow_body_has(flow, "page_number=0"));
	assert_int_equal(flow_get(flow, "/nothing"), 404);
	assert_true(flow_body_has(flow, "There is nothing at this address.") ||
	            flow_body_has(flow, "there is nothing at this address."));
}

static void without_a_record_the_page_asks_for_patience(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/"), 503);
	assert_true(flow_body_has(flow, "Reload the page"));
}

static void what_was_asked_for_is_text(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/?page_number=%3Cb%3E%22"), 400);
	assert_true(flow_body_has(flow, "page_number=&lt;b&gt;&quot;"));
	assert_true(flow_body_has(flow, "<main id=\"main\" class=\"error\">\n<h1>Bad Request</h1>"));
	assert_true(flow_body_has(flow, "<a href=\"/\">All videos</a>"));
}

static void each_kind_of_error_has_advice_of_its_own(void **state)
{
	static const struct {
		const char *method, *url;
		int status;
		const char *heading;
	} cases[] = {
	    {"GET", "/?page_number=0", 400, "<h1>Bad Request</h1>"},
	    {"POST", "/logout", 403, "<h1>Forbidden</h1>"},
	    {"GET", "/video/abcdefghijA", 404, "<h1>Not Found</h1>"},
	    {"DELETE", "/about", 405, "<h1>Method Not Allowed</h1>"},
	};
	struct flow *flow = *state;
	struct flow_browser browser;
	char last[256] = "", advice[256];

	flow_sign_in(flow, browser.cookie, browser.csrf);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_request(flow, cases[i].method, cases[i].url, NULL, NULL), cases[i].status);
		assert_true(flow_header_has(flow, "Cache-Control: no-store\r\n"));
		assert_true(flow_body_has(flow, cases[i].heading));
		const char *detail = strstr(flow_body(flow), "<p class=\"detail\"");
		const char *line = detail ? strchr(detail, '\n') : NULL;
		assert_non_null(line);
		snprintf(advice, sizeof(advice), "%.*s", line ? (int)strcspn(line + 1, "\n") : 0, line ? line + 1 : "");
		assert_string_not_equal(advice, last);
		memcpy(last, advice, sizeof(last));
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(errors_are_pages),
	    CASE(what_was_asked_for_is_text),
	    CASE(each_kind_of_error_has_advice_of_its_own),
	    cmocka_unit_test_setup_teardown(without_a_record_the_page_asks_for_patience, flow_set_up_without_record,
	                                    flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
