#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/alerts/alerts.h"
#include "tests/support/flow.h"

#define HOOK "destination.kind=slack&destination.url=https%3A%2F%2Fhooks.slack.com%2Fservices%2FT0%2Fsecret"

static void visitors_are_asked_to_sign_in(void **state)
{
	static const char *const urls[] = {"/alerts", "/alerts/new", "/alerts/1"};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_int_equal(flow_get(flow, urls[i]), 401);
		assert_true(flow_body_has(flow, "name=\"next\" value=\"/alerts\""));
	}
	assert_int_equal(flow_request(flow, "POST", "/alerts", HOOK, NULL), 401);
	assert_int_equal(flow_request(flow, "POST", "/alerts/1", "action=remove", NULL), 401);
	assert_int_equal(flow_get(flow, "/?query=moon"), 200);
	assert_false(flow_body_has(flow, "Alert me"));
}

/* From a list to an alert, as its owner does it. */
static void a_list_becomes_an_alert(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/?query=moon+landing&kind=live"), 200);
	assert_true(
	    flow_body_has(flow, "<a href=\"/alerts/new?query=moon+landing&amp;kind=live\" rel=\"nofollow\">Alert me</a>"));
	assert_int_equal(flow_get(flow, "/alerts/new?query=moon+landing&kind=live"), 200);
	assert_true(flow_body_has(flow, "value=\"whsec_"));
	assert_true(flow_body_has(flow, "<a href=\"/alerts/new?query=moon+landing&amp;kind=live&amp;to=slack\">Slack</a>"));
	assert_int_equal(flow_get(flow, "/alerts/new?query=moon+landing&kind=live&to=slack"), 200);
	assert_true(flow_body_has(flow, "name=\"filter\" value=\"query=moon+landing&amp;kind=live\""));
	assert_false(flow_body_has(flow, "whsec_"));
	assert_int_equal(flow_submit(flow, &browser, "/alerts",
	                             "filter=query%3Dmoon%2Blanding%26kind%3Dlive&label=Moon&action=change&" HOOK),
	                 303);
	assert_true(flow_header_has(flow, "Location: /alerts/1?done=add\r\n"));
	assert_int_equal(flow_get(flow, "/alerts/1?done=add"), 200);
	assert_true(flow_body_has(flow, "Added. New videos are told from now on."));
	assert_true(flow_body_has(flow, "<bdi lang=\"\">moon landing · live now</bdi>"));
	assert_false(flow_body_has(flow, "T0"));
	assert_int_equal(flow_get(flow, "/alerts"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/alerts/1\"><bdi lang=\"\">Moon</bdi></a>"));
	assert_true(flow_body_has(flow, "Slack <bdi lang=\"\">https://hooks.slack.com/…</bdi>"));
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(
	    flow_body_has(flow, "<a href=\"/?query=moon+landing&amp;kind=live\"><span dir=\"auto\" lang=\"\">Moon</span></a>"));
}

static void its_buttons_test_pause_change_and_remove_it(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/alerts", "label=Moon&" HOOK), 303);
	assert_int_equal(flow_submit(flow, &browser, "/alerts/1", "action=test"), 303);
	assert_int_equal(flow_get(flow, "/alerts/1?done=test"), 200);
	assert_true(flow_body_has(flow, "<b>test</b>"));
	assert_int_equal(flow_submit(flow, &browser, "/alerts/1", "action=retry&delivery=1"), 303);
	assert_int_equal(flow_submit(flow, &browser, "/alerts/1", "action=pause"), 303);
	assert_int_equal(flow_get(flow, "/alerts/1"), 200);
	assert_true(flow_body_has(flow, "value=\"resume\""));
	assert_int_equal(flow_submit(flow, &browser, "/alerts/1",
	                             "action=change&label=Sun&schedule=daily&at=09:15&timezone=Europe%2FParis&backfill=true"),
	                 303);
	assert_int_equal(flow_get(flow, "/alerts"), 200);
	assert_true(flow_body_has(flow, "daily, 09:15 Europe/Paris"));
	assert_int_equal(flow_submit(flow, &browser, "/alerts/1", "action=remove"), 303);
	assert_int_equal(flow_get(flow, "/alerts"), 200);
	assert_true(flow_body_has(flow, "There are no alerts yet."));
}

static void what_is_refused_is_shown_again_without_secrets(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/alerts",
	                             "label=%3Cb%3E&destination.kind=telegram&destination.token=T0%20secret&destination.chat=77"),
	                 400);
	assert_true(flow_body_has(flow, "role=\"alert\""));
	assert_true(flow_body_has(flow, "name=\"label\" value=\"&lt;b&gt;\""));
	assert_true(flow_body_has(flow, "name=\"destination.chat\" value=\"77\""));
	assert_false(flow_body_has(flow, "T0"));
	assert_int_equal(flow_submit(flow, &browser, "/alerts", HOOK "&schedule=daily&timezone=Mars%2FBase"), 400);
	assert_true(flow_body_has(flow, "value=\"Mars/Base\""));
}

static void the_reader_of_an_e_mail_can_stop_it(void **state)
{
	static char smtp[] = "smtp://127.0.0.1:2525", from[] = "news@example.org";
	struct flow *flow = *state;
	AUTO(alert_clear) struct alert alert = {0};
	struct error err;
	char url[200];
	char *smtp_before = flow->config.smtp_url, *from_before = flow->config.mail_from;

	flow->config.smtp_url = smtp;
	flow->config.mail_from = from;
	assert_int_equal(flow_request(flow, "POST", "/api/alerts",
	                              "label=Moon&destination.kind=email&destination.to=a%40example.org", FLOW_TOKEN),
	                 201);
	flow->config.smtp_url = smtp_before;
	flow->config.mail_from = from_before;
	AUTO(store_close) struct store *store = flow_open(flow);
	assert_true(store_alert_get(store, 1, &alert, &err));
	snprintf(url, sizeof(url), "/alerts/unsubscribe/%s", alert.unsubscribe);
	assert_int_equal(flow_get(flow, "/alerts/unsubscribe/0123456789abcdef0123456789abcdef"), 404);
	assert_int_equal(flow_get(flow, url), 200);
	assert_true(flow_body_has(flow, "E-mails of <bdi lang=\"\">Moon</bdi> go to <bdi lang=\"\">a@example.org</bdi>."));
	assert_int_equal(flow_request(flow, "POST", url, "List-Unsubscribe=One-Click", NULL), 200);
	assert_true(flow_body_has(flow, "Stopped."));
	alert_clear(&alert);
	assert_true(store_alert_get(store, 1, &alert, &err));
	assert_int_equal(alert.state, ALERT_PAUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(visitors_are_asked_to_sign_in, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_list_becomes_an_alert, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(its_buttons_test_pause_change_and_remove_it, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(what_is_refused_is_shown_again_without_secrets, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(the_reader_of_an_e_mail_can_stop_it, flow_set_up, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
