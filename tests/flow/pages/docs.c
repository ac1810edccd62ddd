#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cgi/routes.h"
#include "cgi/api/openapi.h"
#include "tests/support/flow.h"

enum { PATH_SIZE = 128 };

static cJSON *load(const struct flow *flow)
{
	struct error err;
	cJSON *document = NULL;

	assert_true(openapi_load(&flow->app, &document, &err));
	return document;
}

static void the_page_shows_all_of_it(void **state)
{
	struct flow *flow = *state;
	AUTO(json_free) cJSON *document = load(flow);
	const cJSON *path, *schema;
	char text[PATH_SIZE];

	assert_int_equal(flow_get(flow, "/api/docs"), 200);
	cJSON_ArrayForEach(path, json_object(document, "paths"))
	{
		snprintf(text, sizeof(text), "<code>%s</code>", path->string);
		assert_true(flow_body_has(flow, text));
	}
	cJSON_ArrayForEach(schema, json_object(json_object(document, "components"), "schemas"))
	{
		snprintf(text, sizeof(text), "<h3 id=\"%s\">", schema->string);
		assert_true(flow_body_has(flow, text));
	}
	assert_true(flow_body_has(flow, "<b>PATCH</b> <code>/api/queries/{id}</code>"));
	assert_true(flow_body_has(flow, "<i>integer, from 1, to 100</i>"));
	assert_true(flow_body_has(flow, "string: hour, day, week, month"));
	assert_true(flow_body_has(flow, "<i>list of Video</i>"));
	assert_true(flow_body_has(flow, "href=\"/api/openapi.json\""));
	assert_true(flow_body_has(flow, "<i>string or null: sd, hd</i>"));
	assert_true(flow_body_has(flow, "<a href=\"#VideoRow\">VideoRow</a> <i>text/csv</i>"));
	assert_true(flow_body_has(flow, "<code>import pandas as pd\n"));
	assert_false(flow_body_has(flow, "<script>"));
}

static void requests_can_be_tried_without_a_script(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/api/docs"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/api/videos?query=falcon&amp;page_size=2\" rel=\"nofollow\">"));
	assert_true(flow_body_has(flow, "<a href=\"/api/videos/dQw4w9WgXcQ/statistics\" rel=\"nofollow\">"));
	assert_true(flow_body_has(flow, "<form class=\"plain try\" hidden>"));
	assert_true(flow_body_has(flow, "-d '{&quot;query&quot;:&quot;solar eclipse&quot;}' 'http://"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_page_shows_all_of_it),
	    CASE(requests_can_be_tried_without_a_script),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
