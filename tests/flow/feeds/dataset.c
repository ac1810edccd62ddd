/* The archive itself is read by tests/e2e/test_dataset.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cgi/request/costly.h"
#include "tests/support/flow.h"

enum { MANY = 210 }; /* more than are read at a time */

static int get(struct flow *flow, const char *url)
{
	return flow_request(flow, "GET", url, NULL, FLOW_TOKEN);
}

/* Whether the archive in the answer has an entry of this name. */
static bool has_entry(const struct flow *flow, const char *name)
{
	const char *body = flow->response.body.data;
	size_t len = strlen(name);

	for (size_t i = 0; i + len <= flow->response.body.len; i++)
		if (memcmp(body + i, name, len) == 0)
			return true;
	return false;
}

static void it_is_the_owners(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/api/dataset.zip"), 401);
	assert_int_equal(get(flow, "/api/dataset.zip"), 200);
	assert_true(flow_header_has(flow, "Content-Type: application/zip"));
	assert_true(flow_header_has(flow, "filename=\"videos-2026-11-22.zip\""));
	assert_true(flow_header_has(flow, "no-store"));
}

static void it_has_its_papers(void **state)
{
	static const char *const names[] = {"queries.csv", "gaps.csv",         "gone.csv",  "videos.ndjson",
	                                    "README.md",   "datapackage.json", "SHA256SUMS"};
	struct flow *flow = *state;

	flow_add_videos(flow, MANY, 60, flow_add_query(flow, "rocket launch"));
	assert_int_equal(get(flow, "/api/dataset.zip?tracked=1"), 200);
	assert_true(flow_header_has(flow, "videos-rocket launch-2026-11-22.zip"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_true(has_entry(flow, names[i]));
	assert_int_equal(get(flow, "/api/dataset.zip?format=csv"), 200);
	assert_true(has_entry(flow, "videos.csv"));
	assert_int_equal(get(flow, "/api/dataset.zip?content=ids&format=csv"), 200);
	assert_true(has_entry(flow, "ids.csv"));
	assert_false(has_entry(flow, "videos.csv"));
}

static void the_same_database_gives_the_same_bytes(void **state)
{
	struct flow *flow = *state;
	static const char url[] = "/api/dataset.zip?query=starship&within=day";

	flow_add_videos(flow, MANY, 60, flow_add_query(flow, "rocket launch"));
	assert_int_equal(get(flow, url), 200);
	size_t len = flow->response.body.len;
	char *first = malloc(len);
	assert_non_null(first);
	memcpy(first, flow->response.body.data, len);
	assert_int_equal(get(flow, url), 200);
	assert_int_equal(flow->response.body.len, len);
	assert_memory_equal(flow->response.body.data, first, len);
	free(first);
}

static void a_wrong_wish_is_an_error_that_names_it(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(get(flow, "/api/dataset.zip?format=xlsx"), 400);
	assert_true(flow_body_has(flow, "format=xlsx"));
	assert_int_equal(get(flow, "/api/dataset.zip?content=some"), 400);
	assert_int_equal(get(flow, "/api/dataset.zip?sort=oldest"), 400);
	assert_int_equal(get(flow, "/api/dataset.zip?tracked=9"), 400);
	assert_true(flow_body_has(flow, "tracked=9"));
}

static void two_are_made_at_a_time(void **state)
{
	struct flow *flow = *state;
	struct error err;

	flow->config.threads = 16;
	assert_true(costly_dataset_begin(&flow->shared, &err));
	assert_true(costly_dataset_begin(&flow->shared, &err));
	assert_int_equal(get(flow, "/api/dataset.zip"), 503);
	assert_true(flow_body_has(flow, "2 data sets are being sent"));
	costly_dataset_end(&flow->shared);
	costly_dataset_end(&flow->shared);
	assert_int_equal(get(flow, "/api/dataset.zip"), 200);
	assert_int_equal(flow_get(flow, "/ping"), 200); /* the answer before is closed */
	assert_int_equal(flow->shared.costly.running, 0);
}

static void the_list_links_to_it_for_its_owner(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_videos(flow, 3, 60, flow_add_query(flow, "rocket launch"));
	assert_int_equal(flow_get(flow, "/?tracked=1&sort=oldest"), 200);
	assert_false(flow_body_has(flow, "dataset.zip"));
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/?tracked=1&sort=oldest"), 200);
	assert_true(flow_body_has(flow, "href=\"/api/dataset.zip?tracked=1\""));
	assert_int_equal(flow_get(flow, "/api/dataset.zip?tracked=1"), 200);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(it_is_the_owners),
	    CASE(it_has_its_papers),
	    CASE(the_same_database_gives_the_same_bytes),
	    CASE(a_wrong_wish_is_an_error_that_names_it),
	    CASE(two_are_made_at_a_time),
	    CASE(the_list_links_to_it_for_its_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
