#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/flow.h"

static void the_page_is_the_owners(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "rocket launch");
	assert_int_equal(flow_get(flow, "/queries/1"), 401);
	assert_false(flow_body_has(flow, "rocket launch"));
	assert_int_equal(flow_request(flow, "POST", "/queries/1/settings", "label=x", NULL), 401);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/queries/1"), 200);
	assert_true(flow_body_has(flow, "<h1><bdi lang=\"\">rocket launch</bdi></h1>"));
	assert_true(flow_body_has(flow, "Waiting for the first poll"));
	assert_int_equal(flow_get(flow, "/queries/2"), 404);
	assert_int_equal(flow_submit(flow, &browser, "/queries/2/settings", "label=x"), 404);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/queries/1\">Settings<"));
}

static void a_query_is_called_by_its_label_and_listed_in_its_group(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "rocket launch");
	flow_add_query(flow, "moon");
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "label=+Launches+&group=Space"), 303);
	assert_true(flow_header_has(flow, "Location: /queries/1?done=change\r\n"));
	assert_int_equal(flow_get(flow, "/queries/1?done=change"), 200);
	assert_true(flow_body_has(flow, ">Saved.</p>"));
	assert_true(flow_body_has(flow, "name=\"label\" value=\"Launches\""));
	assert_true(flow_body_has(flow, "name=\"group\" value=\"Space\""));
	assert_true(flow_body_has(flow, "text: <bdi lang=\"\">rocket launch</bdi>"));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"follow_channels\":true,\"label\":\"Launches\",\"group\":\"Space\""));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, ">Launches<"));
	assert_int_equal(flow_get(flow, "/queries/2"), 200);
	assert_true(flow_body_has(flow, "<option value=\"Space\"></option>"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "label=+&group="), 303);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"label\":null,\"group\":null"));
}

static void what_was_refused_stays_in_the_form(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "rocket launch");
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "group=a%01%22b&label=fine"), 400);
	assert_true(flow_body_has(flow, "control characters are not allowed"));
	assert_true(flow_body_has(flow, "name=\"label\" value=\"fine\""));
	assert_true(flow_body_has(flow, "aria-invalid=\"true\""));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "colour=red"), 400);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"label\":null,\"group\":null"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_page_is_the_owners, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_query_is_called_by_its_label_and_listed_in_its_group, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(what_was_refused_stays_in_the_form, flow_set_up, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
