#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/flow.h"
#include "http/session.h"

#define KEY_BODY "key=AIzaSyA0123456789012345678901234567"

static void a_session_reads_and_with_its_form_token_writes(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/api/api_key"), 200);
	assert_int_equal(flow_request(flow, "POST", "/api/api_key", KEY_BODY, NULL), 403);
	assert_true(flow_body_has(flow, "\"type\":\"/problems/forbidden\""));
	assert_true(flow_body_has(flow, "csrf_token"));
	assert_int_equal(flow_submit(flow, &browser, "/api/api_key", KEY_BODY), 201);
	flow_set(flow, "HTTP_X_CSRF_TOKEN", browser.csrf);
	assert_int_equal(flow_request(flow, "DELETE", "/api/api_key/1", NULL, NULL), 204);
	flow_set(flow, "HTTP_X_CSRF_TOKEN", "0000");
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a", NULL), 403);
	/* The token in a header needs none of this. */
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a", FLOW_TOKEN), 201);
}

static void other_sites_pages_change_nothing(void **state)
{
	static const struct {
		const char *origin, *site;
		int status;
	} cases[] = {
	    {"http://127.0.0.1:8080", NULL, 201},
	    {"http://evil.example", NULL, 403},
	    {"null", NULL, 403},
	    {"http://127.0.0.1:80801", NULL, 403},
	    {NULL, "cross-site", 403},
	    {NULL, "same-site", 403},
	    {NULL, "same-origin", 200},
	    {"https://127.0.0.1:8080", "same-origin", 200},
	};
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	flow_set(flow, "HTTP_X_CSRF_TOKEN", browser.csrf);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		flow_set(flow, "HTTP_ORIGIN", cases[i].origin);
		flow_set(flow, "HTTP_SEC_FETCH_SITE", cases[i].site);
		assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a", NULL), cases[i].status);
	}
	flow_set(flow, "HTTP_SEC_FETCH_SITE", NULL);
	flow_set(flow, "HTTP_ORIGIN", "http://evil.example");
	assert_int_equal(flow_request(flow, "POST", "/login", "token=" FLOW_TOKEN, NULL), 403);
	/* Or a proxy hides the host that was asked for: loading the page again would not help. */
	assert_true(flow_body_has(flow, "another site, http://evil.example; if that is the address of this one"));
	assert_true(flow_body_has(flow, "set NEWSREEL_PUBLIC_URL to it."));
	assert_false(flow_body_has(flow, "Load the page again"));
}

static void behind_another_server_its_name_is_ours(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;
	char public_url[] = "https://example.org/newsreel";
	char *configured = flow->config.public_url;

	flow->config.public_url = public_url;
	flow_sign_in(flow, browser.cookie, browser.csrf);
	flow_set(flow, "HTTP_X_CSRF_TOKEN", browser.csrf);
	flow_set(flow, "HTTP_ORIGIN", "https://example.org");
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a", NULL), 201);
	flow_set(flow, "HTTP_ORIGIN", "https://example.org.evil.example");
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a", NULL), 403);
	flow->config.public_url = configured;
}

static void a_session_ends_with_time_and_with_the_token(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	flow->shared.admin_token = "another-token-0123456789";
	assert_int_equal(flow_get(flow, "/api/api_key"), 401);
	flow->shared.admin_token = FLOW_TOKEN;
	flow->time.now += SESSION_LIFE_S - 1;
	assert_int_equal(flow_get(flow, "/api/api_key"), 200);
	flow->time.now += 1;
	assert_int_equal(flow_get(flow, "/api/api_key"), 401);
}

static void forged_cookies_open_nothing(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser = {0};
	char forged[2048 + 3 * FLOW_COOKIE_SIZE];

	flow_sign_in(flow, browser.cookie, browser.csrf);
	for (size_t i = strlen("newsreel_session="); browser.cookie[i]; i++) {
		snprintf(forged, sizeof(forged), "%s", browser.cookie);
		forged[i] = forged[i] == '1' ? '2' : '1';
		flow_set(flow, "HTTP_COOKIE", forged);
		assert_int_equal(flow_get(flow, "/api/api_key"), 401);
	}
	/* A neighbour's cookie of the same name does not lock us out. */
	snprintf(forged, sizeof(forged), "a=b; newsreel_session=1.x; newsreel_session=%01000d; x%s; %s", 7, browser.cookie,
	         browser.cookie);
	flow_set(flow, "HTTP_COOKIE", forged);
	assert_int_equal(flow_get(flow, "/api/api_key"), 200);
	flow_set(flow, "HTTP_COOKIE", "newsreel_session=");
	assert_int_equal(flow_get(flow, "/api/api_key"), 401);
	flow_set(flow, "HTTP_COOKIE", ";; newsreel_session");
	assert_int_equal(flow_get(flow, "/api/api_key"), 401);
}

/* What a browser kept from its last session has forms with the last session's token. */
static void another_session_gets_pages_of_its_own(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;
	char tag[FLOW_COOKIE_SIZE];

	assert_int_equal(flow_request(flow, "POST", "/api/api_key", KEY_BODY, FLOW_TOKEN),
	                 201); /* without any, nothing is kept */
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	flow_header(flow, "ETag", tag, sizeof(tag));
	flow_set(flow, "HTTP_IF_NONE_MATCH", tag);
	assert_int_equal(flow_get(flow, "/queries"), 304);
	flow_set(flow, "HTTP_IF_NONE_MATCH", NULL);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	flow_set(flow, "HTTP_IF_NONE_MATCH", tag);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, browser.csrf));
}

static int attempt(struct flow *flow, const char *address, const char *url, const char *token)
{
	flow_set(flow, "REMOTE_ADDR", address);
	return flow_request(flow, "GET", url, NULL, token);
}

static void guessing_the_token_is_slow(void **state)
{
	struct flow *flow = *state;

	for (int i = 0; i < WRONG_TOKENS_AT_ONCE; i++)
		assert_int_equal(attempt(flow, "192.0.2.1", "/api/api_key", "wrong"), 401);
	assert_int_equal(attempt(flow, "192.0.2.1", "/api/api_key", "wrong"), 429);
	assert_true(flow_header_has(flow, "Retry-After: 60\r\n"));
	/* The right one is not told from a wrong one, not even where anybody may read. */
	assert_int_equal(attempt(flow, "192.0.2.1", "/api/api_key", FLOW_TOKEN), 429);
	assert_int_equal(attempt(flow, "192.0.2.1", "/api/videos", FLOW_TOKEN), 200);
	assert_false(flow_header_has(flow, "Cache-Control: private"));
	assert_int_equal(attempt(flow, "192.0.2.2", "/api/api_key", FLOW_TOKEN), 200);
	flow->time.now += WRONG_TOKENS_EVERY_S;
	assert_int_equal(attempt(flow, "192.0.2.1", "/api/api_key", FLOW_TOKEN), 200);
	assert_int_equal(attempt(flow, "192.0.2.1", "/api/videos", "wrong"), 200);
	assert_int_equal(attempt(flow, "192.0.2.1", "/api/api_key", "wrong"), 429);
}

static void passwords_of_a_proxy_are_no_guesses(void **state)
{
	struct flow *flow = *state;

	flow_set(flow, "HTTP_AUTHORIZATION", "Basic b3duZXI6c2VjcmV0");
	for (int i = 0; i < 20; i++) {
		const struct cgi_input input = cgi_params_input(&flow->params, NULL);

		flow_set(flow, "REQUEST_METHOD", "GET");
		flow_set(flow, "REQUEST_URI", "/api/videos");
		request_clear(&flow->request);
		response_clear(&flow->response);
		dispatch(&flow->app, &input, &flow->request, &flow->response);
		assert_int_equal(flow->response.status, 200);
	}
	assert_int_equal(flow_request(flow, "GET", "/api/api_key", NULL, FLOW_TOKEN), 200);
}

static void an_old_cookie_is_of_no_use(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/api/api_key"), 200);
	assert_int_equal(flow_submit(flow, &browser, "/logout", ""), 303);
	/* The browser should have forgotten it; somebody has not. */
	assert_int_equal(flow_get(flow, "/api/api_key"), 401);
	assert_int_equal(flow_submit(flow, &browser, "/api/api_key", KEY_BODY), 401);
	assert_int_equal(flow_get(flow, "/login"), 200);
	assert_true(flow_body_has(flow, "<h1>Sign in</h1>"));
}

static void every_browser_is_listed_and_can_be_signed_out(void **state)
{
	struct flow *flow = *state;
	struct flow_browser phone, laptop;

	flow_set(flow, "HTTP_USER_AGENT", "Phone/1 <b>");
	flow_sign_in(flow, phone.cookie, phone.csrf);
	flow_set(flow, "HTTP_COOKIE", NULL);
	flow_set(flow, "HTTP_USER_AGENT", NULL);
	flow->time.now += 600;
	flow_sign_in(flow, laptop.cookie, laptop.csrf);
	assert_int_equal(flow_get(flow, "/login"), 200);
	assert_true(flow_body_has(flow, "Phone/1 &lt;b&gt;</span> <span>since"));
	assert_true(flow_body_has(flow, "unknown browser</span> <b>this browser</b>"));
	assert_true(flow_body_has(flow, ">10\u00A0min ago</time>"));
	/* A session that is used says so after some minutes. */
	flow_set(flow, "HTTP_COOKIE", phone.cookie);
	assert_int_equal(flow_get(flow, "/keys"), 200);
	assert_int_equal(flow_get(flow, "/login"), 200);
	assert_true(flow_body_has(flow, "last used <time datetime=\"2026-11-22T10:10:00Z\""));
	assert_false(flow_body_has(flow, "last used <time datetime=\"2026-11-22T10:00:00Z\""));
	flow_set(flow, "HTTP_COOKIE", laptop.cookie);
	assert_int_equal(flow_submit(flow, &laptop, "/logout", "everywhere=2"), 400);
	assert_int_equal(flow_submit(flow, &laptop, "/logout", "everywhere=1"), 303);
	assert_int_equal(flow_get(flow, "/api/api_key"), 401);
	flow_set(flow, "HTTP_COOKIE", phone.cookie);
	assert_int_equal(flow_get(flow, "/api/api_key"), 401);
}

static void signing_out_everywhere_is_the_owners(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	flow_set(flow, "HTTP_COOKIE", NULL);
	assert_int_equal(flow_request(flow, "POST", "/logout", "everywhere=1", NULL), 401);
	flow_set(flow, "HTTP_COOKIE", browser.cookie);
	assert_int_equal(flow_get(flow, "/api/api_key"), 200);
	flow_set(flow, "HTTP_COOKIE", NULL);
	assert_int_equal(flow_request(flow, "POST", "/logout", "everywhere=1", FLOW_TOKEN), 303);
	flow_set(flow, "HTTP_COOKIE", browser.cookie);
	assert_int_equal(flow_get(flow, "/api/api_key"), 401);
}

/* With the first key the live database is shown in place of the demo's. */
static void a_session_of_the_demo_goes_on_after_it(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	app_close(&flow->app);
	databases_close(&flow->shared.databases);
	flow->shared.databases.served.path = flow->shared.databases.live.path;
	flow->shared.databases.live.path = NULL;
	assert_int_equal(flow_get(flow, "/api/api_key"), 200);
	assert_int_equal(flow_submit(flow, &browser, "/logout", ""), 303);
	assert_int_equal(flow_get(flow, "/api/api_key"), 401);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_session_reads_and_with_its_form_token_writes),
	    CASE(other_sites_pages_change_nothing),
	    CASE(behind_another_server_its_name_is_ours),
	    CASE(a_session_ends_with_time_and_with_the_token),
	    CASE(forged_cookies_open_nothing),
	    CASE(another_session_gets_pages_of_its_own),
	    CASE(guessing_the_token_is_slow),
	    CASE(passwords_of_a_proxy_are_no_guesses),
	    CASE(an_old_cookie_is_of_no_use),
	    CASE(every_browser_is_listed_and_can_be_signed_out),
	    CASE(signing_out_everywhere_is_the_owners),
	    cmocka_unit_test_setup_teardown(a_session_of_the_demo_goes_on_after_it, flow_set_up_demo, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
