#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store/videos.h"
#include "tests/support/flow.h"
#include "tests/support/store_fixture.h"

#define CHANNEL "UC0123456789012345678901"

static void add_video(struct flow *flow)
{
	struct store *store = flow_open(flow);

	fixture_save(store, "abcdefghijA", "noisy <rocket>", "", "Noise & Co", FLOW_NOW, SOURCE_DETAILS);
	store_close(&store);
}

static void buttons_are_the_owners(void **state)
{
	static const char *const pages[] = {"/", "/video/abcdefghijA", "/channels"};
	struct flow *flow = *state;
	struct flow_browser browser;

	add_video(flow);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		assert_int_equal(flow_get(flow, pages[i]), 200);
		assert_false(flow_body_has(flow, "action=\"/hidden\""));
	}
	assert_int_equal(flow_get(flow, "/hidden"), 401);
	assert_int_equal(flow_get(flow, "/?include=hidden"), 401);
	assert_true(flow_body_has(flow, "name=\"next\" value=\"/hidden\""));
	assert_int_equal(flow_request(flow, "POST", "/hidden", "action=hide&video=abcdefghijA", NULL), 401);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		assert_int_equal(flow_get(flow, pages[i]), 200);
		assert_true(flow_body_has(flow, "action=\"/hidden\""));
		assert_true(flow_body_has(flow, "value=\"mute\">Mute channel<span class=\"unseen\">: Noise &amp; Co</span>"));
	}
	assert_int_equal(flow_submit(flow, &browser, "/hidden", "action=burn&video=abcdefghijA"), 400);
	assert_int_equal(flow_submit(flow, &browser, "/hidden", "action=hide"), 400);
	assert_int_equal(flow_submit(flow, &browser, "/hidden", "action=mute"), 400);
	assert_int_equal(flow_submit(flow, &browser, "/hidden", "action=hide&video=x"), 404);
}

static void a_button_leads_back_to_its_page_with_an_undo(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	add_video(flow);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/?sort=oldest&hidden=abcdefghijE"), 200);
	assert_true(flow_body_has(flow, "name=\"back\" value=\"/?sort=oldest\""));
	assert_int_equal(flow_submit(flow, &browser, "/hidden", "action=hide&video=abcdefghijA&back=/%3Fsort%3Doldest"), 303);
	assert_true(flow_header_has(flow, "Location: /?sort=oldest&hidden=abcdefghijA\r\n"));
	assert_int_equal(flow_get(flow, "/?sort=oldest&hidden=abcdefghijA"), 200);
	assert_false(flow_body_has(flow, "data-id=\"abcdefghijA\""));
	assert_true(flow_body_has(flow, "Hidden: <bdi lang=\"\">noisy &lt;rocket&gt;</bdi>."));
	assert_true(flow_body_has(flow, "value=\"show\">Undo</button>"));
	assert_int_equal(flow_get(flow, "/hidden"), 200);
	assert_true(flow_body_has(flow, "1 hidden video<"));
	assert_int_equal(flow_get(flow, "/video/abcdefghijA"), 200);
	assert_true(flow_body_has(flow, "Only you see this page: hidden by you."));
	assert_int_equal(flow_get(flow, "/?include=hidden"), 200);
	assert_true(flow_body_has(flow, "data-id=\"abcdefghijA\""));
	assert_true(flow_body_has(flow, "hidden by you</span>"));
	assert_true(flow_body_has(flow, "Also: <b dir=\"auto\" lang=\"\">hidden videos</b>"));
	assert_true(flow_body_has(flow, "href=\"/?sort=oldest&amp;include=hidden\""));
	assert_false(flow_body_has(flow, "sort=views"));
	assert_true(flow_body_has(flow, "value=\"show\">Show again"));
	assert_int_equal(flow_submit(flow, &browser, "/hidden", "action=show&video=abcdefghijA&back=/%3Fsort%3Doldest"), 303);
	assert_true(flow_header_has(flow, "Location: /?sort=oldest\r\n"));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "data-id=\"abcdefghijA\""));
	assert_false(flow_body_has(flow, ">Undo<"));
}

static void a_channel_is_muted_and_comes_back(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	add_video(flow);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/hidden",
	                             "action=mute&video=abcdefghijA&channel=" CHANNEL "&back=/channels"),
	                 303);
	assert_true(flow_header_has(flow, "Location: /channels?muted=" CHANNEL "\r\n"));
	assert_int_equal(flow_get(flow, "/channels?muted=" CHANNEL), 200);
	assert_true(flow_body_has(flow, "Muted: <bdi lang=\"\">Noise &amp; Co</bdi>."));
	assert_true(flow_body_has(flow, "No channels yet"));
	assert_int_equal(flow_get(flow, "/hidden"), 200);
	assert_true(flow_body_has(flow, "1 muted channel<"));
	assert_true(flow_body_has(flow, "<span>1 video hidden</span>"));
	assert_int_equal(flow_submit(flow, &browser, "/hidden", "action=unmute&channel=" CHANNEL "&back=/hidden"), 303);
	assert_int_equal(flow_get(flow, "/hidden"), 200);
	assert_true(flow_body_has(flow, "0 muted channels<"));
	assert_int_equal(flow_get(flow, "/channels"), 200);
	assert_false(flow_body_has(flow, "No channels yet"));
}

/* No other site's page, and nothing that is no path. */
static void it_leads_to_pages_of_ours_only(void **state)
{
	static const char *const elsewhere[] = {
	    "//evil.example/", "https://evil.example/", "/%5Cevil.example", "/a%0d%0ab", "", "x"};
	struct flow *flow = *state;
	struct flow_browser browser;
	char form[200];

	flow_sign_in(flow, browser.cookie, browser.csrf);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		snprintf(form, sizeof(form), "action=show&video=abcdefghijA&back=%s", elsewhere[i]);
		assert_int_equal(flow_submit(flow, &browser, "/hidden", form), 303);
		assert_true(flow_header_has(flow, "Location: /hidden\r\n"));
	}
}

static void a_query_s_rules_are_a_form(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;
	int64_t query = flow_add_query(flow, "rocket launch");

	flow_add_video(flow, "abcdefghijE", "a fan edit", FLOW_NOW, query);
	flow_add_video(flow, "abcdefghijI", "a launch", FLOW_NOW, query);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(
	    flow_submit(flow, &browser, "/queries/1/settings",
	                "excluded_words=fan+edit%0d%0atrailer&excluded_channels=&hide_shorts=true&kinds=&min_duration=&"
	                "max_duration=3600&region=&language="),
	    303);
	assert_int_equal(flow_get(flow, "/queries/1"), 200);
	assert_true(flow_body_has(flow, ">fan edit\ntrailer</textarea>"));
	assert_true(flow_body_has(flow, "<option value=\"true\" selected>hide possible Shorts</option>"));
	assert_true(flow_body_has(flow, "name=\"max_duration\" value=\"3600\""));
	assert_true(flow_body_has(flow, "<b>1 video hidden</b> now."));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_false(flow_body_has(flow, "abcdefghijE"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "excluded_words=&min_duration=soon"), 400);
	assert_true(flow_body_has(flow, "min_duration=soon: 0 to"));
	assert_true(flow_body_has(flow, "name=\"min_duration\" value=\"soon\""));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1/settings", "excluded_words="), 303);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "abcdefghijE"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(buttons_are_the_owners, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_button_leads_back_to_its_page_with_an_undo, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_channel_is_muted_and_comes_back, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(it_leads_to_pages_of_ours_only, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_query_s_rules_are_a_form, flow_set_up, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
