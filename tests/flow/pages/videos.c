#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cgi/request/format.h"
#include "tests/support/flow.h"

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

static void hostile_titles_are_text(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "<script>alert(1)</script> \"><img src=x onerror='x'> & {{title}}", FLOW_NOW, 0);
	assert_int_equal(flow_get(flow, "/?query=alert"), 200);
	assert_false(flow_body_has(flow, "<script>"));
	assert_false(flow_body_has(flow, "<img src=x"));
	assert_true(flow_body_has(flow, "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt; &quot;&gt;&lt;img src=x "
	                                "onerror=&#39;x&#39;&gt; &amp; {{title}}"));
	assert_int_equal(flow_get(flow, "/?query=%3Cscript%3E%22"), 200);
	assert_false(flow_body_has(flow, "<script>"));
}

static void what_was_searched_for_is_marked(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "Pokémon, and more <pokemon>", FLOW_NOW, 0);
	assert_int_equal(flow_get(flow, "/?query=POKEM"), 200);
	assert_true(flow_body_has(flow, "<mark>Pokémon</mark>, and more &lt;<mark>pokemon</mark>&gt;</a>"));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, ">Pokémon, and more &lt;pokemon&gt;</a>"));
}

static void empty_lists_say_why(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "No queries are tracked yet."));
	flow_add_query(flow, "rocket launch");
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "No videos yet."));
	flow_add_video(flow, "abcdefghijA", "Starship", FLOW_NOW, 1);
	assert_int_equal(flow_get(flow, "/?query=zeppelin"), 200);
	assert_true(flow_body_has(flow, "No recorded video matches this search."));
	assert_int_equal(flow_get(flow, "/?page_number=9"), 200);
	assert_true(flow_body_has(flow, "This list has fewer pages."));
}

static void a_page_says_how_far_it_looked_and_leads_on(void **state)
{
	struct flow *flow = *state;

	for (int i = 0; i < 25; i++) {
		char id[24];
		snprintf(id, sizeof(id), "video%05dA", i);
		flow_add_video(flow, id, "Starship", FLOW_NOW - 60 * i, 0);
	}
	assert_int_equal(flow_get(flow, "/readyz"), 200); /* opens the database */
	store_set_scan_limit(flow->app.store, 10);
	assert_int_equal(flow_get(flow, "/?query=starship&min_duration=7"), 200);
	assert_true(flow_body_has(flow, "<b>no videos so far</b> · Newest first · looked through 10"));
	assert_true(flow_body_has(flow, "Nothing found yet."));
	assert_true(
	    flow_body_has(flow, "newsreel looked through the newest 10 videos that may match. <a href=\"/?query=starship"));
	assert_int_equal(flow_get(flow, "/?min_duration=7&cursor=n000001ac00000000"), 200);
}

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

static void the_demo_says_what_it_is_and_how_to_end_it(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "<strong>Demo.</strong>"));
	assert_true(flow_body_has(flow, "/admin-token)\" -d key=YOUR_KEY http://127.0.0.1:8080/api/api_key"));
	assert_false(flow_body_has(flow, FLOW_TOKEN));
}

static void pictures_of_other_hosts_are_not_asked_for(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "no picture", FLOW_NOW, 0);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_false(flow_body_has(flow, "loading=\"lazy\""));
}

static void numbers_read_well(void **state)
{
	static const struct {
		int64_t number;
		const char *grouped, *rough;
	} cases[] = {{0, "0", "0"},
	             {999, "999", "999"},
	             {1000, "1,000", "1.0\u00A0k"},
	             {4711, "4,711", "4.7\u00A0k"},
	             {12345, "12,345", "12\u00A0k"},
	             {1234567, "1,234,567", "1.2\u00A0M"}};
	char text[FORMAT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		format_count(cases[i].number, text);
		assert_string_equal(text, cases[i].grouped);
		format_rough(cases[i].number, text);
		assert_string_equal(text, cases[i].rough);
	}
	format_duration(751, text);
	assert_string_equal(text, "12:31");
	format_duration(3723, text);
	assert_string_equal(text, "1:02:03");
}

static void times_read_well(void **state)
{
	static const struct {
		int64_t age;
		const char *words;
	} cases[] = {{0, "just now"},
	             {59, "just now"},
	             {-30, "in a moment"},
	             {60, "1\u00A0min ago"},
	             {7199, "1\u00A0h ago"},
	             {86400, "24\u00A0h ago"},
	             {3 * 86400, "3\u00A0days ago"},
	             {-7200, "in 2\u00A0h"},
	             {40 * 86400, "13 Oct 2026"}};
	char text[FORMAT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		format_ago(FLOW_NOW - cases[i].age, FLOW_NOW, text);
		assert_string_equal(text, cases[i].words);
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_page_shows_videos_and_tracked_queries),
	    CASE(hostile_titles_are_text),
	    CASE(what_was_searched_for_is_marked),
	    CASE(empty_lists_say_why),
	    CASE(errors_are_pages),
	    CASE(a_page_says_how_far_it_looked_and_leads_on),
	    cmocka_unit_test_setup_teardown(without_a_record_the_page_asks_for_patience, flow_set_up_without_record,
	                                    flow_tear_down),
	    cmocka_unit_test_setup_teardown(the_demo_says_what_it_is_and_how_to_end_it, flow_set_up_demo, flow_tear_down),
	    CASE(pictures_of_other_hosts_are_not_asked_for),
	    cmocka_unit_test(numbers_read_well),
	    cmocka_unit_test(times_read_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
