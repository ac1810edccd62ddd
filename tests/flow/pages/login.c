#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/flow.h"
#include "http/session.h"

enum { FORM_SIZE = 256 };

static void the_token_opens_a_session(void **state)
{
	struct flow *flow = *state;
	char cookie[FLOW_COOKIE_SIZE];

	assert_int_equal(flow_get(flow, "/login"), 200);
	assert_true(flow_body_has(flow, "action=\"/login\" method=\"post\""));
	assert_int_equal(flow_request(flow, "POST", "/login", "token=" FLOW_TOKEN, NULL), 303);
	assert_true(flow_header_has(flow, "Location: /\r\n"));
	flow_header(flow, "Set-Cookie", cookie, sizeof(cookie));
	assert_non_null(strstr(cookie, "newsreel_session="));
	assert_non_null(strstr(cookie, "; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"));
	assert_null(strstr(cookie, "Secure"));
	assert_true(flow_header_has(flow, "Cache-Control: no-store\r\n"));
}

static void over_https_the_cookie_is_secure(void **state)
{
	struct flow *flow = *state;
	char public_url[] = "https://example.org/newsreel";
	char *configured = flow->config.public_url;

	flow_set(flow, "REQUEST_SCHEME", "https");
	assert_int_equal(flow_request(flow, "POST", "/login", "token=" FLOW_TOKEN, NULL), 303);
	assert_true(flow_header_has(flow, "SameSite=Strict; Secure\r\n"));
	flow_set(flow, "REQUEST_SCHEME", NULL);
	flow->config.public_url = public_url;
	assert_int_equal(flow_request(flow, "POST", "/newsreel/login", "token=" FLOW_TOKEN, NULL), 303);
	assert_true(flow_header_has(flow, "Path=/newsreel; "));
	assert_true(flow_header_has(flow, "SameSite=Strict; Secure\r\n"));
	assert_true(flow_header_has(flow, "Location: https://example.org/newsreel/\r\n"));
	flow->config.public_url = configured;
}

static void a_wrong_token_opens_none(void **state)
{
	static const char *const bodies[] = {"token=wrong", "token=", "", "token=" FLOW_TOKEN "x"};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		assert_int_equal(flow_request(flow, "POST", "/login", bodies[i], NULL), 401);
		assert_true(flow_header_has(flow, "WWW-Authenticate: Bearer"));
		assert_false(flow_header_has(flow, "Set-Cookie"));
		assert_true(flow_body_has(flow, "role=\"alert\""));
	}
	assert_int_equal(flow_request(flow, "POST", "/login", "token=" FLOW_TOKEN "&next=x", NULL), 400);
}

static void signing_out_takes_the_cookie_away(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_request(flow, "POST", "/logout", NULL, NULL), 403);
	assert_int_equal(flow_submit(flow, &browser, "/logout", ""), 303);
	assert_true(flow_header_has(flow, "Set-Cookie: newsreel_session=; Path=/; Max-Age=0; "));
	assert_int_equal(flow_get(flow, "/logout"), 405);
}

static void the_page_says_who_is_signed_in(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "<a class=\"sign-in\" href=\"/login\">Sign in</a>"));
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "<a class=\"sign-in\" href=\"/login\">Signed in</a>"));
	assert_true(flow_header_has(flow, "Cache-Control: private, no-cache\r\n"));
}

static void signing_in_leads_on_to_a_page_of_ours_only(void **state)
{
	static const char *const strangers[] = {"//evil.example", "https://evil.example/", "/keys/../x", "/api/videos", ""};
	struct flow *flow = *state;
	char form[FORM_SIZE];

	assert_int_equal(flow_request(flow, "POST", "/login", "token=" FLOW_TOKEN "&next=/keys", NULL), 303);
	assert_true(flow_header_has(flow, "Location: /keys\r\n"));
	/* A wrong token does not lose the way. */
	assert_int_equal(flow_request(flow, "POST", "/login", "token=wrong&next=/keys", NULL), 401);
	assert_true(flow_body_has(flow, "name=\"next\" value=\"/keys\""));
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		snprintf(form, sizeof(form), "token=" FLOW_TOKEN "&next=%s", strangers[i]);
		assert_int_equal(flow_request(flow, "POST", "/login", form, NULL), 400);
		assert_false(flow_header_has(flow, "Set-Cookie"));
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_token_opens_a_session),      CASE(over_https_the_cookie_is_secure),
	    CASE(a_wrong_token_opens_none),       CASE(signing_out_takes_the_cookie_away),
	    CASE(the_page_says_who_is_signed_in), CASE(signing_in_leads_on_to_a_page_of_ours_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
