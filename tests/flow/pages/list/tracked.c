#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/flow.h"

enum { SHOWN = 5 };

static void add_queries(struct flow *flow, int count)
{
	char text[24];

	for (int i = 1; i <= count; i++) {
		snprintf(text, sizeof(text), "query %02d", i);
		flow_add_query(flow, text);
	}
}

static void each_query_leads_to_its_list_and_keeps_the_filters(void **state)
{
	struct flow *flow = *state;

	add_queries(flow, 2);
	flow_add_video(flow, "abcdefghijA", "Starship", FLOW_NOW, 2);
	assert_int_equal(flow_get(flow, "/?kind=live&tracked=2"), 200);
	assert_true(flow_body_has(flow, "<li><a href=\"/?kind=live\"><span>All videos</span> <b>1</b></a></li>"));
	assert_true(flow_body_has(flow, "<a href=\"/?tracked=1&amp;kind=live\" title=\"query 01\">"));
	assert_true(flow_body_has(flow, "<a href=\"/?tracked=2&amp;kind=live\" title=\"query 02\" aria-current=\"true\">"));
	assert_false(flow_body_has(flow, "<details>\n<summary>1 more"));
}

static void a_paused_query_is_told_from_others(void **state)
{
	struct flow *flow = *state;

	add_queries(flow, 1);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "state=paused", FLOW_TOKEN), 200);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "title=\"paused\""));
}

/* Whether the list of those beyond the first is there, and unfolded. */
static void assert_folded(struct flow *flow, const char *url, bool folded)
{
	assert_int_equal(flow_get(flow, url), 200);
	assert_true(flow_body_has(flow, folded ? "<details data-group=\"more\">\n<summary>2 more</summary>"
	                                       : "<details data-group=\"more\" open>\n<summary>2 more</summary>"));
}

static void many_queries_are_folded_unless_one_of_them_is_shown(void **state)
{
	struct flow *flow = *state;
	char url[32];

	add_queries(flow, SHOWN + 2);
	assert_folded(flow, "/", true);
	assert_folded(flow, "/?tracked=1", true);
	snprintf(url, sizeof(url), "/?tracked=%d", SHOWN + 1);
	assert_folded(flow, url, false);
}

static void queries_of_a_group_unfold_together(void **state)
{
	struct flow *flow = *state;

	add_queries(flow, 4);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries", "ids=2,4&group=Space", FLOW_TOKEN), 200);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/3", "group=Cats+%26+dogs", FLOW_TOKEN), 200);
	assert_int_equal(flow_get(flow, "/?tracked=4"), 200);
	assert_true(flow_body_has(flow, "<li><details data-group=\"tracked: Cats &amp; dogs\">\n"
	                                "<summary><bdi lang=\"\">Cats &amp; dogs</bdi> (1)</summary>"));
	assert_true(flow_body_has(flow, "<details data-group=\"tracked: Space\" open>\n"
	                                "<summary><bdi lang=\"\">Space</bdi> (2)</summary>\n<ul>\n"
	                                "<li><a href=\"/?tracked=2\""));
	assert_true(flow_body_has(flow, "</details></li>\n<li><a href=\"/?tracked=1\""));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(each_query_leads_to_its_list_and_keeps_the_filters),
	    CASE(a_paused_query_is_told_from_others),
	    CASE(queries_of_a_group_unfold_together),
	    CASE(many_queries_are_folded_unless_one_of_them_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
