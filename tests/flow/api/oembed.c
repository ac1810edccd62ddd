#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/flow.h"

static int set_up(void **state)
{
	struct error err;

	if (flow_set_up(state))
		return -1;
	struct flow *flow = *state;
	flow_add_query(flow, "rocket launch");
	flow_set(flow, "HTTP_HOST", "news.example");
	return text_list_split("https://a.example", ',', &flow->config.embed_origins, &err) ? 0 : -1;
}

static void a_list_has_a_frame(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow,
	                          "/oembed?url=http://news.example/%3Ftracked%3D1%26within%3Dweek&format=json&maxwidth=400"),
	                 200);
	assert_true(
	    flow_body_has(flow, "{\"version\":\"1.0\",\"type\":\"rich\",\"title\":\"rocket launch · past 7 days · newsreel\""));
	assert_true(flow_body_has(flow, "\"provider_url\":\"http://news.example/\""));
	assert_true(flow_body_has(flow, "\"width\":400,\"height\":640"));
	assert_true(flow_body_has(flow, "<iframe src=\\\"http://news.example/embed?tracked=1&amp;within=week\\\""));
	assert_true(flow_body_has(flow, "title=\\\"rocket launch · past 7 days · newsreel\\\" width=\\\"400\\\""));
}

static void a_frame_s_own_url_has_it_too(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow,
	                          "/oembed?url=http://news.example/embed%3Fview%3Dchart%26theme%3Ddark&maxheight=100&fbclid=1"),
	                 200);
	assert_true(flow_body_has(flow, "/embed?view=chart&amp;theme=dark"));
	assert_true(flow_body_has(flow, "\"width\":640,\"height\":100"));
}

static void texts_are_escaped(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/oembed?url=http://news.example/%3Fquery%3D%2522%253E%253Cscript%253E"), 200);
	assert_true(flow_body_has(flow, "title=\\\"&quot;&gt;&lt;script&gt; · newsreel\\\""));
}

static void other_urls_have_none(void **state)
{
	static const char *const urls[] = {"http://other.example/",        "http://news.example/video/dQw4w9WgXcQ",
	                                   "http://news.example.other/",   "/",
	                                   "http://news.example/embedded", "https://news.example/"};
	struct flow *flow = *state;
	char request[128];

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		snprintf(request, sizeof(request), "/oembed?url=%s", urls[i]);
		assert_int_equal(flow_get(flow, request), 404);
	}
	assert_int_equal(flow_get(flow, "/oembed"), 400);
	assert_int_equal(flow_get(flow, "/oembed?url=http://news.example/&format=xml"), 400);
	assert_int_equal(flow_get(flow, "/oembed?url=http://news.example/&maxwidth=0"), 400);
	assert_int_equal(flow_get(flow, "/oembed?url=http://news.example/%3Fkind%3Dnone"), 400);
}

static void there_is_none_where_no_site_may_show_it(void **state)
{
	struct flow *flow = *state;

	text_list_clear(&flow->config.embed_origins);
	assert_int_equal(flow_get(flow, "/oembed?url=http://news.example/"), 404);
	assert_true(flow_body_has(flow, "NEWSREEL_EMBED_ORIGINS names none"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_list_has_a_frame),
	    CASE(a_frame_s_own_url_has_it_too),
	    CASE(texts_are_escaped),
	    CASE(other_urls_have_none),
	    CASE(there_is_none_where_no_site_may_show_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
