#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cgi/request/costly.h"
#include "tests/support/flow.h"

/* Half of the threads are at work on costly requests, and as many wait as may. */
static void all_places_are_taken(struct flow *flow)
{
	struct error err;

	flow->config.threads = 8;
	for (int i = 0; i < 4; i++)
		assert_true(costly_begin(&flow->shared, &err));
	flow->shared.costly.waiting = 2;
}

static void costly_requests_leave_half_of_the_threads_to_others(void **state)
{
	static const char *const costly[] = {
	    "/api/videos?count=exact&query=a",
	    "/api/videos?sort=views",
	    "/?sort=title",
	    "/?query=a&sort=relevance",
	    "/api/videos?query=a&page_number=51",
	    "/?min_duration=7",
	    "/?query=%22to+be%22",
	    "/api/videos?query=a+-b",
	    "/api/stats/volume?query=a+-b",
	    "/api/stats/volume?query=one+two+three+four+five+six+seven+eight+nine+ten+eleven+twelve",
	    "/feeds/videos.atom?kind=video",
	    "/api/stats/volume?min_duration=7",
	    "/api/videos.csv"};
	static const char *const cheap[] = {
	    "/",       "/api/videos?query=a", "/api/videos?page_number=51", "/feeds/videos.json?query=a", "/api/stats/volume",
	    "/queries"};
	struct flow *flow = *state;
	char retry[16];

	flow_add_query(flow, "a");
	all_places_are_taken(flow);
	for (size_t i = 0; i < sizeof(costly) / sizeof(costly[0]); i++) {
		if (flow_get(flow, costly[i]) != 503)
			fail_msg("%s: %d", costly[i], flow->response.status);
		flow_header(flow, "Retry-After", retry, sizeof(retry));
		assert_string_equal(retry, "2");
	}
	for (size_t i = 0; i < sizeof(cheap) / sizeof(cheap[0]); i++)
		if (flow_get(flow, cheap[i]) != 200)
			fail_msg("%s: %d", cheap[i], flow->response.status);
	costly_end(&flow->shared);
	for (size_t i = 0; i < sizeof(costly) / sizeof(costly[0]); i++)
		if (flow_get(flow, costly[i]) != 200)
			fail_msg("%s: %d", costly[i], flow->response.status);
	assert_int_equal(flow_get(flow, "/"), 200); /* ends the export */
	assert_int_equal(flow->shared.costly.running, 3);
}

static void a_place_is_given_back_whatever_happens(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/api/videos?query=a&sort=views&page_number=100000000"), 200);
	assert_int_equal(flow_get(flow, "/api/videos?query=a&page_number=1&count=exact&kind=video"), 200);
	assert_int_equal(flow_get(flow, "/api/videos?sort=relevance"), 400);
	assert_int_equal(flow->shared.costly.running, 0);
	assert_int_equal(flow->shared.costly.waiting, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(costly_requests_leave_half_of_the_threads_to_others),
	    CASE(a_place_is_given_back_whatever_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
