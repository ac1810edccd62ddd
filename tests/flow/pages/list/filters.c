#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/flow.h"

enum { HOUR = 3600 };

static void every_choice_is_a_link_that_keeps_the_others(void **state)
{
	struct flow *flow = *state;

	flow_add_videos(flow, 3, HOUR, 0);
	assert_int_equal(flow_get(flow, "/?query=star&kind=live&sort=relevance"), 200);
	assert_true(flow_body_has(flow, "href=\"/?query=star&amp;within=day&amp;kind=live&amp;sort=relevance\">Past 24 hours"));
	assert_true(flow_body_has(flow, "href=\"/?query=star&amp;kind=upcoming&amp;sort=relevance\">Upcoming"));
	assert_true(flow_body_has(
	    flow, "href=\"/?query=star&amp;kind=live&amp;min_duration=240&amp;max_duration=1200&amp;sort=relevance\">4 to 20"));
	assert_true(flow_body_has(flow, "href=\"/?query=star&amp;kind=live\">Newest first"));
	assert_true(flow_body_has(flow, "aria-current=\"true\">Best match"));
	assert_true(flow_body_has(flow, "aria-current=\"true\">Live now"));
	/* Without words there is nothing to be relevant to. */
	assert_true(flow_body_has(flow, "<li><a href=\"/?kind=live\"><span class=\"unseen\">Remove the filter </span>Words"));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_false(flow_body_has(flow, "Best match"));
}

/* Forms send fields that were left empty; addresses to share have none. */
static void empty_fields_of_a_form_have_no_place_in_the_address(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/?query=star&published_after=2026-11-20&published_before=&channel="), 303);
	assert_true(flow_header_has(flow, "Location: /?query=star&published_after=2026-11-20T00:00:00Z\r\n"));
	assert_int_equal(flow_get(flow, "/?query="), 303);
	assert_true(flow_header_has(flow, "Location: /\r\n"));
	assert_int_equal(flow_get(flow, "/?published_after=&page_number=0"), 400);
	assert_true(flow_body_has(flow, "page_number=0"));
	assert_int_equal(flow_get(flow, "/?nothing="), 200);
}

static void the_form_for_days_hands_on_the_other_filters(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/?query=%22a%26b%22&within=day&kind=live&page_size=10"), 200);
	assert_true(flow_body_has(flow, "<input type=\"hidden\" name=\"query\" value=\"&quot;a&amp;b&quot;\">\n"
	                                "<input type=\"hidden\" name=\"kind\" value=\"live\">\n"
	                                "<input type=\"hidden\" name=\"page_size\" value=\"10\">\n"
	                                "<label>From <input type=\"date\" name=\"published_after\" value=\"\">"));
	assert_int_equal(flow_get(flow, "/?published_after=2026-11-20"), 200);
	assert_true(flow_body_has(flow, "name=\"published_after\" value=\"2026-11-20\""));
}

static void channels_of_the_list_can_be_chosen(void **state)
{
	struct flow *flow = *state;

	flow_add_videos(flow, 2, HOUR, 0);
	assert_int_equal(flow_get(flow, "/?channel=UC-elsewhere"), 200);
	assert_true(flow_body_has(flow, "<option value=\"UC-elsewhere\" selected>UC-elsewhere</option>"));
	assert_true(flow_body_has(flow, "No recorded video matches these filters."));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_choice_is_a_link_that_keeps_the_others),
	    CASE(empty_fields_of_a_form_have_no_place_in_the_address),
	    CASE(the_form_for_days_hands_on_the_other_filters),
	    CASE(channels_of_the_list_can_be_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
