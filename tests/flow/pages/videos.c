#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/flow.h"
#include "tests/support/store_fixture.h"

static void the_page_shows_videos_and_tracked_queries(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket launch");

	for (int i = 0; i < 45; i++) {
		char id[24];
		snprintf(id, sizeof(id), "video%05dA", i);
		flow_add_video(flow, id, "Starship", FLOW_NOW - 60 * i, i % 2 ? query : 0);
	}
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_header_has(flow, "Content-Type: text/html; charset=utf-8\r\n"));
	assert_true(flow_body_has(flow, "href=\"https://www.youtube.com/watch?v=video00000A\" rel=\"noopener\">on YouTube"));
	assert_true(flow_body_has(flow, "<b>45 videos</b> · Newest first"));
	assert_true(flow_body_has(flow, "<span dir=\"auto\" lang=\"\">rocket launch</span> <b>22</b>"));
	assert_true(flow_body_has(flow, "href=\"/?page_number=2\" rel=\"next\""));
	assert_true(flow_body_has(flow, "href=\"/api/videos\">API</a>"));
	assert_true(
	    flow_body_has(flow,
	                  "<time datetime=\"2026-11-22T10:00:00Z\" title=\"Sun 22 Nov 2026, 10:00:00 UTC\">just now</time>"));
	assert_int_equal(flow_get(flow, "/?tracked=1&page_number=2"), 200);
	assert_true(flow_body_has(flow, "<b>22 videos</b> · Newest first"));
	assert_true(flow_body_has(flow, "href=\"/?tracked=1\" rel=\"prev\""));
}

static void the_demo_says_what_it_is_and_how_to_end_it(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "<strong>Demo.</strong>"));
	assert_true(flow_body_has(flow, "Bearer TOKEN\" -d key=YOUR_KEY http://127.0.0.1:8080/api/api_key"));
	assert_false(flow_body_has(flow, flow->folder));
	assert_false(flow_body_has(flow, FLOW_TOKEN));
}

static void titles_name_the_view(void **state)
{
	static const struct {
		const char *url, *name; /* as in HTML; "" = the list of all videos */
	} cases[] = {
	    {"/", ""},
	    {"/?sort=oldest", ""},
	    {"/?page_number=2", "page 2"},
	    {"/?tracked=1", "&lt;rocket&gt; launch"},
	    {"/?query=star&tracked=1&within=week", "star · &lt;rocket&gt; launch · past 7 days"},
	    {"/?query=star&tracked=1&within=week&page_size=10&page_number=2",
	     "star · &lt;rocket&gt; launch · past 7 days · page 2"},
	    {"/?published_after=2026-11-20&published_before=2026-11-22&kind=live", "20 Nov 2026 to 22 Nov 2026 UTC · live now"},
	    {"/?channel=UC-unknown&max_duration=60", "UC-unknown · up to 1:00"},
	    {"/queries", "Queries"},
	    {"/queries?page_number=2", "Queries · page 2"},
	    {"/channels?tracked=1&page_number=3", "Channels · &lt;rocket&gt; launch · page 3"},
	    {"/video/video00000A", "Starship"},
	};
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "<rocket> launch");
	char tag[256], id[24];

	for (int i = 0; i < 45; i++) {
		snprintf(id, sizeof(id), "video%05dA", i);
		flow_add_video(flow, id, "Starship", FLOW_NOW - 60 * i, query);
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *name = cases[i].name;

		assert_int_equal(flow_get(flow, cases[i].url), 200);
		snprintf(tag, sizeof(tag), "<title>%s%snewsreel</title>", name, *name ? " · " : "");
		assert_true(flow_body_has(flow, tag));
		snprintf(tag, sizeof(tag), "<meta property=\"og:title\" content=\"%s%snewsreel\">", name, *name ? " · " : "");
		assert_true(flow_body_has(flow, tag));
		snprintf(tag, sizeof(tag), "<meta name=\"description\" content=\"%s%s running, searchable record", name,
		         *name ? ": a" : "A");
		assert_true(flow_body_has(flow, tag));
		snprintf(tag, sizeof(tag), "<meta property=\"og:description\" content=\"%s%s running, searchable record", name,
		         *name ? ": a" : "A");
		assert_true(flow_body_has(flow, tag));
	}
}

static void what_cannot_be_seen_has_a_name(void **state)
{
	static const char *const titles[] = {" \t\n", "\u200B\u200D", "\u3164\u2800", "\u00A0\uFEFF"};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		flow_add_video(flow, "abcdefghijA", titles[i], FLOW_NOW, 0);
		assert_int_equal(flow_get(flow, "/"), 200);
		assert_true(flow_body_has(flow, "<a href=\"/video/abcdefghijA\">(no title)</a></h2>"));
		assert_int_equal(flow_get(flow, "/video/abcdefghijA"), 200);
		assert_true(flow_body_has(flow, "<title>(no title) · newsreel</title>"));
		assert_true(flow_body_has(flow, ">(no title)</h1>"));
		assert_true(flow_body_has(flow, "Play<span class=\"unseen\"> (no title)</span>"));
	}
}

/* Links are shared with parameters added; the answer is the one without them. */
static void parameters_that_nobody_knows_are_ignored_but_by_programs(void **state)
{
	static const char *const lenient[] = {
	    "/",      "/video/abcdefghijA", "/queries",           "/channels",          "/compare", "/status", "/about",
	    "/login", "/feeds/videos.atom", "/feeds/videos.json", "/feeds/queries.opml"};
	static const char *const strict[] = {"/api/videos",   "/api/videos.csv", "/api/videos.ndjson",
	                                     "/api/channels", "/compare.svg",    "/api/status"};
	struct flow *flow = *state;
	char url[64], tag[2][64];

	flow_add_video(flow, "abcdefghijA", "Starship", FLOW_NOW, 0);
	for (size_t i = 0; i < sizeof(lenient) / sizeof(lenient[0]); i++) {
		assert_int_equal(flow_get(flow, lenient[i]), 200);
		flow_header(flow, "ETag", tag[0], sizeof(tag[0]));
		snprintf(url, sizeof(url), "%s?fbclid=IwAR%%zz&utm_id=1&utm_id=2&_=3&%%", lenient[i]);
		assert_int_equal(flow_get(flow, url), 200);
		assert_false(flow_body_has(flow, "fbclid") || flow_body_has(flow, "utm_id"));
		flow_header(flow, "ETag", tag[1], sizeof(tag[1]));
		assert_string_equal(tag[0], tag[1]);
	}
	for (size_t i = 0; i < sizeof(strict) / sizeof(strict[0]); i++) {
		snprintf(url, sizeof(url), "%s?fbclid=IwAR", strict[i]);
		assert_int_equal(flow_get(flow, url), 400);
		assert_true(flow_body_has(flow, "there is no parameter 'fbclid'"));
	}
	assert_int_equal(flow_get(flow, "/?fbclid=IwAR&page_number=0"), 400);
}

static void a_search_tells_while_the_search_index_is_not_complete(void **state)
{
	struct flow *flow = *state;
	struct error err;
	int64_t left;

	flow_add_video(flow, "aaaaaaaaaaA", "cats", FLOW_NOW, 0);
	AUTO(store_close) struct store *store = flow_open(flow);
	assert_true(store_bulk_begin(store, &err)); /* an import, that ends early */
	fixture_save(store, "aaaaaaaaaaE", "more cats", "", NULL, FLOW_NOW, SOURCE_IMPORT);
	assert_true(store_bulk_end(store, &err));
	assert_int_equal(flow_get(flow, "/?query=cats"), 200);
	assert_true(flow_body_has(flow, "<b>1 video</b>"));
	assert_true(flow_body_has(flow, "The search index is being filled. Videos not found by words yet: 1."));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_false(flow_body_has(flow, "The search index"));
	assert_true(store_upkeep(store, 10, &left, &err));
	assert_int_equal(flow_get(flow, "/?query=cats"), 200);
	assert_true(flow_body_has(flow, "<b>2 videos</b>"));
	assert_false(flow_body_has(flow, "The search index"));
}

static void the_address_of_a_video_leads_to_its_page(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "Starship", FLOW_NOW, 0);
	assert_int_equal(flow_get(flow, "/?query=https%3A%2F%2Fyoutu.be%2FabcdefghijA%3Fsi%3D1"), 303);
	assert_true(flow_header_has(flow, "Location: /video/abcdefghijA\r\n"));
	assert_int_equal(flow_get(flow, "/?query=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DabcdefghijE"), 200);
	assert_true(flow_body_has(flow, "This video is not recorded"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_address_of_a_video_leads_to_its_page),
	    CASE(the_page_shows_videos_and_tracked_queries),
	    cmocka_unit_test_setup_teardown(the_demo_says_what_it_is_and_how_to_end_it, flow_set_up_demo, flow_tear_down),
	    CASE(titles_name_the_view),
	    CASE(what_cannot_be_seen_has_a_name),
	    CASE(parameters_that_nobody_knows_are_ignored_but_by_programs),
	    CASE(a_search_tells_while_the_search_index_is_not_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
