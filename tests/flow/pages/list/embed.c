#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cgi/request/cache.h"
#include "tests/support/flow.h"

enum { HOUR = 3600 };

static void allow(struct flow *flow, const char *origins)
{
	struct error err;

	assert_true(text_list_split(origins, ',', &flow->config.embed_origins, &err));
}

static int set_up(void **state)
{
	if (flow_set_up(state))
		return -1;
	flow_add_videos(*state, 25, 12 * HOUR, flow_add_query(*state, "rocket launch"));
	return 0;
}

static void it_shows_the_list_and_its_chart(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/embed?tracked=1"), 200);
	assert_true(flow_body_has(flow, "<title>rocket launch · newsreel</title>"));
	assert_true(flow_body_has(flow, "<b>25 videos</b>"));
	assert_true(flow_body_has(flow, "<figure class=\"chart\">"));
	assert_int_equal(flow_body_count(flow, "<li class=\"card\">"), 10);
	assert_true(flow_body_has(flow, "Data from <a href=\"https://www.youtube.com/\""));
	assert_int_equal(flow_get(flow, "/embed?tracked=1&page_size=3&sort=oldest"), 200);
	assert_int_equal(flow_body_count(flow, "<li class=\"card\">"), 3);
	assert_true(flow_body_has(flow, "<h1 dir=\"auto\"><a href=\"/?tracked=1&amp;sort=oldest\""));
}

static void one_of_them_alone(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/embed?view=chart"), 200);
	assert_true(flow_body_has(flow, "<figure class=\"chart\">"));
	assert_false(flow_body_has(flow, "<li class=\"card\">"));
	assert_int_equal(flow_get(flow, "/embed?view=list"), 200);
	assert_false(flow_body_has(flow, "<figure class=\"chart\">"));
	assert_true(flow_body_has(flow, "<li class=\"card\">"));
	assert_int_equal(flow_get(flow, "/embed?view=table"), 400);
	assert_int_equal(flow_get(flow, "/embed?theme=pink"), 400);
}

static void it_is_light_or_dark_as_asked_for(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/embed"), 200);
	assert_true(flow_body_has(flow, "<html lang=\"en\">"));
	assert_int_equal(flow_get(flow, "/embed?theme=dark"), 200);
	assert_true(flow_body_has(flow, "<html lang=\"en\" data-theme=\"dark\">"));
}

static void every_link_opens_a_tab_of_its_own_and_there_is_no_script(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/embed"), 200);
	assert_int_equal(flow_body_count(flow, "<a href="), flow_body_count(flow, " target=\"_blank\" rel=\"noopener\""));
	assert_false(flow_body_has(flow, "<script"));
	assert_false(flow_body_has(flow, "<form"));
}

static void nobody_is_shown_more_than_all_are(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "PUT", "/api/hidden_videos/video00000A", NULL, FLOW_TOKEN), 201);
	assert_int_equal(flow_request(flow, "GET", "/embed?include=hidden", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "<b>24 videos</b>"));
	assert_false(flow_body_has(flow, "video00000A"));
}

static void only_sites_that_are_named_may_show_it(void **state)
{
	static const char policy[] = "Content-Security-Policy: frame-ancestors https://a.example http://b.example:8080\r\n";
	struct flow *flow = *state;
	char tag[ETAG_SIZE];

	assert_int_equal(flow_get(flow, "/embed"), 200);
	assert_false(flow_header_has(flow, "Content-Security-Policy"));
	allow(flow, "https://a.example,http://b.example:8080");
	assert_int_equal(flow_get(flow, "/embed"), 200);
	assert_true(flow_header_has(flow, policy));
	assert_int_equal(flow_get(flow, "/embed?view=table"), 400);
	assert_true(flow_header_has(flow, policy));
	/* A browser takes over what comes with a 304. */
	assert_int_equal(flow_get(flow, "/embed"), 200);
	flow_header(flow, "ETag", tag, sizeof(tag));
	flow_set(flow, "HTTP_IF_NONE_MATCH", tag);
	assert_int_equal(flow_get(flow, "/embed"), 304);
	assert_true(flow_header_has(flow, policy));
	flow_set(flow, "HTTP_IF_NONE_MATCH", NULL);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_false(flow_header_has(flow, "Content-Security-Policy"));
}

static void pages_of_lists_say_how_they_are_embedded(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/?query=starship"), 200);
	assert_false(flow_body_has(flow, "oembed"));
	assert_false(flow_body_has(flow, "/embed"));
	allow(flow, "https://a.example");
	assert_int_equal(flow_get(flow, "/?query=starship"), 200);
	assert_true(flow_body_has(flow, "<link rel=\"alternate\" type=\"application/json+oembed\""));
	assert_true(flow_body_has(flow, "/oembed?url=http"));
	assert_true(flow_body_has(flow, "%3Fquery%3Dstarship&amp;format=json"));
	assert_true(flow_body_has(flow, "<a href=\"/embed?query=starship\""));
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_false(flow_body_has(flow, "oembed"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(it_shows_the_list_and_its_chart),          CASE(one_of_them_alone),
	    CASE(it_is_light_or_dark_as_asked_for),         CASE(every_link_opens_a_tab_of_its_own_and_there_is_no_script),
	    CASE(nobody_is_shown_more_than_all_are),        CASE(only_sites_that_are_named_may_show_it),
	    CASE(pages_of_lists_say_how_they_are_embedded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
