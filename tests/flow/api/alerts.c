#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "store/alerts/alerts.h"
#include "store/alerts/outbox.h"
#include "tests/support/flow.h"

#define SLACK                                                                                                                    \
	"{\"filter\":{\"query\":\"falcon "                                                                                       \
	"heavy\"},\"destination\":{\"kind\":\"slack\",\"url\":\"https://hooks.slack.com/services/T0/B0/secret\"}}"

static int send(struct flow *flow, const char *method, const char *url, const char *body)
{
	return flow_request(flow, method, url, body, FLOW_TOKEN);
}

static void everything_about_alerts_needs_the_token(void **state)
{
	static const char *const requests[][2] = {{"GET", "/api/alerts"},
	                                          {"POST", "/api/alerts"},
	                                          {"GET", "/api/alerts/1"},
	                                          {"PATCH", "/api/alerts/1"},
	                                          {"DELETE", "/api/alerts/1"},
	                                          {"POST", "/api/alerts/1/test"},
	                                          {"GET", "/api/alerts/1/deliveries"},
	                                          {"POST", "/api/alerts/1/deliveries/1/retry"}};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		assert_int_equal(flow_request(flow, requests[i][0], requests[i][1], NULL, NULL), 401);
}

static void a_rule_is_added_and_its_secrets_are_masked(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(send(flow, "POST", "/api/alerts", SLACK), 201);
	assert_true(flow_header_has(flow, "Location: /api/alerts/1\r\n"));
	assert_string_equal(flow_body(flow),
	                    "{\"id\":1,\"label\":\"\",\"filter\":{\"query\":\"falcon "
	                    "heavy\"},\"destination\":{\"kind\":\"slack\",\"url\":\"https://hooks.slack.com/…\"},"
	                    "\"schedule\":\"now\",\"at\":null,\"timezone\":null,\"backfill\":false,\"state\":\"active\","
	                    "\"created_at\":\"2026-11-22T10:00:00Z\","
	                    "\"next_at\":null,\"delivered_at\":null,\"waiting\":0,\"failing_since\":null,\"error\":null}");
	assert_int_equal(send(flow, "GET", "/api/alerts", NULL), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,\"results\":[{\"id\":1,"));
	assert_false(flow_body_has(flow, "secret"));
	assert_false(flow_body_has(flow, "T0"));
}

static void a_webhook_gets_a_secret_that_is_shown_once(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(send(flow, "POST", "/api/alerts",
	                      "{\"destination\":{\"kind\":\"webhook\",\"url\":\"https://example.org/hook?k=1\"}}"),
	                 201);
	assert_true(flow_body_has(flow, "\"url\":\"https://example.org/…\",\"secret\":\"whsec_"));
	assert_int_equal(send(flow, "GET", "/api/alerts/1", NULL), 200);
	assert_true(flow_body_has(flow, "\"secret\":\"…\""));
	assert_false(flow_body_has(flow, "whsec_"));
	assert_int_equal(send(flow, "PATCH", "/api/alerts/1",
	                      "{\"destination\":{\"secret\":\"whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\"}}"),
	                 200);
	assert_false(flow_body_has(flow, "QUFB"));
	AUTO(store_close) struct store *store = flow_open(flow);
	AUTO(alert_clear) struct alert alert = {0};
	struct error err;
	assert_true(store_alert_get(store, 1, &alert, &err));
	assert_string_equal(alert.secret, "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=");
	assert_memory_equal(alert.old_secret, "whsec_", 6);
	assert_int_equal(alert.old_secret_until, FLOW_NOW + 86400);
	assert_string_equal(alert.url, "https://example.org/hook?k=1");
}

static void forms_name_members_with_a_dot(void **state)
{
	struct flow *flow = *state;

	flow_add_query(flow, "falcon");
	assert_int_equal(send(flow, "POST", "/api/alerts",
	                      "label=Mine&filter=tracked%3D1%26kind%3Dlive&destination.kind=ntfy&destination.url=https%3A%2F%"
	                      "2Fntfy.sh%2Fx&schedule=daily&at=07:30&timezone=Europe%2FBerlin"),
	                 201);
	assert_true(flow_body_has(flow, "\"label\":\"Mine\",\"filter\":{\"tracked\":\"1\",\"kind\":\"live\"},\"destination\":{"
	                                "\"kind\":\"ntfy\",\"url\":\"https://ntfy.sh/…\",\"token\":null},"
	                                "\"schedule\":\"daily\",\"at\":\"07:30\",\"timezone\":\"Europe/Berlin\""));
	assert_int_equal(send(flow, "PATCH", "/api/alerts/1",
	                      "{\"schedule\":\"now\",\"filter\":{},\"backfill\":true,\"state\":\"paused\"}"),
	                 200);
	assert_true(flow_body_has(flow, "\"filter\":{},"));
	assert_true(flow_body_has(flow, "\"backfill\":true,\"state\":\"paused\""));
	assert_int_equal(send(flow, "DELETE", "/api/alerts/1", NULL), 204);
	assert_int_equal(send(flow, "GET", "/api/alerts/1", NULL), 404);
	assert_int_equal(send(flow, "DELETE", "/api/alerts/1", NULL), 404);
}

static void what_is_wrong_is_named_without_secrets(void **state)
{
	static const struct {
		const char *body, *field;
	} cases[] = {
	    {"{\"filter\":{\"kind\":\"odd\"}}", "\"detail\":\"filter"},
	    {"{\"filter\":{\"sort\":\"newest\"}}", "\"detail\":\"filter.sort"},
	    {"{\"filter\":{\"tracked\":7}}", "there is no tracked query with this id"},
	    {"{\"destination\":{\"kind\":\"pigeon\"}}", "\"detail\":\"destination.kind"},
	    {"{\"destination\":{\"kind\":\"slack\"}}", "\"detail\":\"destination.url"},
	    {"{\"destination\":{\"kind\":\"slack\",\"url\":\"http://hooks.slack.com/T0secret\"}}", "NEWSREEL_ALERTS_PRIVATE"},
	    {"{\"destination\":{\"kind\":\"slack\",\"url\":\"https://u:T0secret@hooks.slack.com/\"}}",
	     "\"detail\":\"destination.url"},
	    {"{\"destination\":{\"kind\":\"slack\",\"url\":\"https://h/\",\"chat\":\"1\"}}", "slack has no such member"},
	    {"{\"destination\":{\"kind\":\"webhook\",\"url\":\"https://h/\",\"secret\":\"T0secret\"}}",
	     "\"detail\":\"destination.secret"},
	    {"{\"destination\":{\"kind\":\"email\",\"to\":\"a@example.org\"}}", "NEWSREEL_SMTP_URL"},
	    {"{\"destination\":{\"kind\":\"none\"},\"schedule\":\"daily\",\"timezone\":\"Mars/Base\"}", "\"detail\":\"timezone"},
	    {"{\"at\":\"25:00\"}", "\"detail\":\"at"},
	    {"{\"schedule\":\"sometimes\"}", "allowed: now, hourly, daily, weekly"},
	    {"{\"backfill\":\"maybe\"}", "\"detail\":\"backfill"},
	    {"{\"colour\":\"red\"}", "\"detail\":\"colour"},
	    {"{\"destination\":{\"kind\":\"slack\",\"urll\":\"https://h/\"}}",
	     "\"detail\":\"destination.urll: no such member; allowed: "},
	    {"{\"destination\":{\"kind\":{\"deep\":1}}}", "a text, a number or a boolean is allowed"},
	    {"{\"state\":\"paused\"}", "\"detail\":\"state"},
	};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (send(flow, "POST", "/api/alerts", cases[i].body) != 400 || !flow_body_has(flow, cases[i].field) ||
		    flow_body_has(flow, "T0secret"))
			fail_msg("%s: %s", cases[i].body, flow_body(flow));
	}
}

static void a_test_waits_for_the_next_run_and_is_in_the_log(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijk", "Falcon Heavy", FLOW_NOW, 0);
	assert_int_equal(send(flow, "POST", "/api/alerts", SLACK), 201);
	assert_int_equal(send(flow, "POST", "/api/alerts/1/test", NULL), 202);
	assert_true(flow_body_has(flow, "\"test\":true,\"state\":\"waiting\""));
	assert_true(flow_body_has(flow, "\"videos\":[\"abcdefghijk\"]}"));
	assert_int_equal(send(flow, "GET", "/api/alerts/1/deliveries", NULL), 200);
	assert_true(flow_body_has(flow, "{\"next_before\":null,\"results\":[{\"id\":1,\"message_id\":\"msg_"));
	assert_int_equal(send(flow, "POST", "/api/alerts/1/test", NULL), 202);
	assert_int_equal(send(flow, "GET", "/api/alerts/1/deliveries?page_size=1", NULL), 200);
	assert_true(flow_body_has(flow, "{\"next_before\":2,\"results\":[{\"id\":2,"));
	assert_int_equal(send(flow, "GET", "/api/alerts/1/deliveries?page_size=1&before=2", NULL), 200);
	assert_true(flow_body_has(flow, "{\"next_before\":null,\"results\":[{\"id\":1,"));
	assert_int_equal(send(flow, "POST", "/api/alerts/1/deliveries/1/retry", NULL), 202);
	assert_int_equal(send(flow, "POST", "/api/alerts/1/deliveries/9/retry", NULL), 404);
	assert_int_equal(send(flow, "POST", "/api/alerts/2/deliveries/1/retry", NULL), 404);
	assert_int_equal(send(flow, "POST", "/api/alerts/2/test", NULL), 404);
	assert_int_equal(send(flow, "POST", "/api/alerts", "label=saved"), 201);
	assert_int_equal(send(flow, "POST", "/api/alerts/2/test", NULL), 422);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(everything_about_alerts_needs_the_token, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_rule_is_added_and_its_secrets_are_masked, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_webhook_gets_a_secret_that_is_shown_once, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(forms_name_members_with_a_dot, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(what_is_wrong_is_named_without_secrets, flow_set_up, flow_tear_down),
	    cmocka_unit_test_setup_teardown(a_test_waits_for_the_next_run_and_is_in_the_log, flow_set_up, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
