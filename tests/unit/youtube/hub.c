#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scripted.h"
#include "youtube/hub.h"

#define SECRET "a-secret-that-nobody-may-see"

static const struct hub_request request = {.subscribe = true,
                                           .callback = "https://example.org/push/token",
                                           .topic = "https://www.youtube.com/xml/feeds/videos.xml?channel_id=UCx",
                                           .secret = SECRET,
                                           .lease_s = 432000};

static struct hub_answer ask(struct scripted *scripted, const struct scripted_answer *answer, bool subscribe)
{
	struct transport transport = scripted_transport(scripted);
	struct hub_request wanted = request;
	struct hub_answer out;
	struct error err;

	scripted->answers[0] = *answer;
	scripted->answer_count = 1;
	wanted.subscribe = subscribe;
	assert_true(hub_ask(&transport, "https://hub.example.org/subscribe", &wanted, &out, &err));
	return out;
}

static void a_request_names_everything(void **state)
{
	struct scripted scripted = {0};

	(void)state;
	assert_int_equal(ask(&scripted, &(struct scripted_answer){.status = 202}, true).result, HUB_TAKEN);
	assert_string_equal(scripted.urls[0], "https://hub.example.org/subscribe");
	assert_string_equal(scripted.keys[0], "");
	assert_string_equal(
	    scripted.forms[0],
	    "hub.mode=subscribe&hub.verify=async&hub.lease_seconds=432000&hub.callback=https%3A%2F%2Fexample.org%2Fpush"
	    "%2Ftoken&hub.topic=https%3A%2F%2Fwww.youtube.com%2Fxml%2Ffeeds%2Fvideos.xml%3Fchannel_id%3DUCx&hub.secret=" SECRET);
	assert_int_equal(ask(&scripted, &(struct scripted_answer){.status = 204}, false).result, HUB_TAKEN);
	assert_non_null(strstr(scripted.forms[1], "hub.mode=unsubscribe&"));
}

static void an_answer_says_whether_another_request_would_fare_better(void **state)
{
	static const struct {
		struct scripted_answer answer;
		enum hub_result result;
	} cases[] = {
	    {{.status = 400}, HUB_REFUSED}, {{.status = 404}, HUB_REFUSED}, {{.status = 422}, HUB_REFUSED},
	    {{.status = 408}, HUB_DOWN},    {{.status = 429}, HUB_DOWN},    {{.status = 500}, HUB_DOWN},
	    {{.status = 503}, HUB_DOWN},    {{.status = 302}, HUB_DOWN},    {{.status = 0}, HUB_DOWN},
	    {{.status = -1}, HUB_DOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scripted scripted = {0};
		struct hub_answer answer = ask(&scripted, &cases[i].answer, true);

		assert_int_equal(answer.result, cases[i].result);
		assert_int_equal(answer.retry_after, -1);
		assert_true(answer.text[0] != '\0');
		assert_null(strstr(answer.text, SECRET));
	}
	struct scripted scripted = {0};
	assert_int_equal(ask(&scripted, &(struct scripted_answer){.status = 503, .retry_after = 120}, true).retry_after, 120);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_request_names_everything),
	    cmocka_unit_test(an_answer_says_whether_another_request_would_fare_better),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
