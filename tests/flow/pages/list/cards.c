#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/flow.h"

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

static void pictures_of_other_hosts_are_not_asked_for(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "no picture", FLOW_NOW, 0);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_false(flow_body_has(flow, "loading=\"lazy\""));
}

static void an_unknown_time_is_the_one_of_the_recording(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "dated 9999", INT64_C(253402300799), 0);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "<span>time unknown; recorded <time datetime=\"2026-11-22T10:00:00Z\""));
	assert_int_equal(flow_body_count(flow, "<span><time"), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(hostile_titles_are_text),
	    CASE(what_was_searched_for_is_marked),
	    CASE(an_unknown_time_is_the_one_of_the_recording),
	    CASE(pictures_of_other_hosts_are_not_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
